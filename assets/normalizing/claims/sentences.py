"""The sentences of a report, each with its section, its sub-heading and its place.

Belongs here: joining wrapped lines, cutting at full stops, leaving out names in 《》. Does not: any meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assets.form import cells as form
from assets.normalizing.prose import Prose
from assets.parsing.sections import section_of

ENDS = re.compile(r"(?<=[。!?！？])")
STOPS = "。;:!?！？"
# A line this long that ends in no stop goes on in the next block.
WRAPPED = 25
LONGEST_HEADING = 24
ENUMERATED = re.compile(r"^(?:\([一二三四五六七八九十\d]{1,2}\)|[一二三四五六七八九十]{1,2}[、是]|\d{1,2}[.、](?!\d))")
NAMES = re.compile(r"《[^《》]*》")


@dataclass(frozen=True)
class Sentence:
    """One sentence, folded, names in 《》 cut to 《》.

    section: 1 to 6 or None. heading: the numbered heading, or numbered sentence of its paragraph, that it stands under,
    "" if none. first: begins its paragraph.
    """

    text: str
    section: int | None
    heading: str
    place: str
    first: bool


def sentences_of(prose: Prose) -> Iterator[Sentence]:
    """Yield the sentences in reading order; headings of sections yield none."""
    for section, heading, text, place in _paragraphs(prose):
        pieces = [piece for piece in ENDS.split(NAMES.sub("《》", text)) if piece]
        under = heading
        for number, piece in enumerate(pieces):
            yield Sentence(piece, section, under, place, number == 0)
            under = piece if ENUMERATED.match(piece) else under


def _paragraphs(prose: Prose) -> Iterator[tuple[int | None, str, str, str]]:
    sections = form.vocabulary()["sections"]
    section, heading, waiting = None, "", ("", "")
    for paragraph in prose.paragraphs:
        headed = section_of(paragraph.printed)
        text, place = waiting[0] + paragraph.folded, waiting[1] or paragraph.place
        if headed or ENUMERATED.match(paragraph.folded):
            if waiting[0]:
                yield section, heading, *waiting
            text, place = paragraph.folded, paragraph.place
        waiting = ("", "")
        if headed:
            section, heading = int(sections[headed]["order"]), ""
        elif ENUMERATED.match(text) and len(text) <= LONGEST_HEADING:
            heading = text
            yield section, heading, text, place
        elif len(paragraph.folded) >= WRAPPED and text[-1] not in STOPS:
            waiting = (text, place)
        else:
            yield section, heading, text, place
    if waiting[0]:
        yield section, heading, *waiting
