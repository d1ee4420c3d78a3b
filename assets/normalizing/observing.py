"""What is observed of a report as a whole, beside what it states: its headings, left-over words, the kind of its organ.

Belongs here: observations of document scope. Does not: facts (facts.py), verdicts (rules S01, D04 to D06, P02, P05).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.form import cells as form
from assets.normalizing import organ_kinds, organ_names, staleness
from assets.normalizing.prose import Prose
from assets.parsing.sections import section_of

# fact, scope, value
Observed = tuple[str, str, str]
DOCUMENT = "document"
# An amount of fees in the prose; 万 or 亿 before 元 tells that it is not in yuan.
FEES = re.compile(r"行政事业性收费[^。;]{0,20}?\d(?:[\d,.]*\d)?(?P<many>[万亿]?)元")
YUAN, TEN_THOUSAND, NOT_STATED = "yuan", "ten_thousand_yuan", "not_stated"


def observed(
    prose: Prose, organ: str | None, stated_organs: Sequence[tuple[str, str]], year: str | None
) -> list[Observed]:
    """Return what is observed; of a report without prose nothing of its wording.

    Args:
        prose: the report's prose.
        organ: the name taken for its organ, None where none or no certain one is stated.
        stated_organs: (source, name) of every name stated.
        year: the report year, None where it is not certain.
    """
    found = [("organ_named", source, name) for source, name in organ_names.one_name(stated_organs)]
    found += _of_organ(organ) if organ else []
    if prose.paragraphs:
        found += [*_headings(prose), *_left_over(prose, year), ("fees_stated_in", DOCUMENT, _unit_of_fees(prose))]
    return found


def _of_organ(organ: str) -> list[Observed]:
    kinds = {
        "organ_level": organ_kinds.level(organ),
        "deadline_kind": organ_kinds.deadline_kind(organ),
        "rule_power": organ_kinds.rule_power(organ),
    }
    return [(fact, DOCUMENT, value) for fact, value in kinds.items() if value is not None]


def _headings(prose: Prose) -> list[Observed]:
    """Return how many of the form's section headings stand in order, and each that is missing or out of order."""
    sections = sorted(form.vocabulary()["sections"], key=lambda code: int(form.vocabulary()["sections"][code]["order"]))
    found = [sections.index(code) for paragraph in prose.paragraphs if (code := section_of(paragraph.printed))]
    in_order = _longest_rising(found)
    misplaced = set(found) - set(in_order)
    missing = set(range(len(sections))) - set(found)
    return [
        ("headings_in_order", DOCUMENT, str(len(in_order))),
        *(("heading_missing", sections[number], "") for number in sorted(missing)),
        *(("heading_out_of_order", sections[number], "") for number in sorted(misplaced)),
    ]


def _longest_rising(numbers: Sequence[int]) -> tuple[int, ...]:
    """Return the longest strictly rising selection of the numbers, in their order; the first of several."""
    best: dict[int, tuple[int, ...]] = {}
    for number in numbers:
        before = max((rising for end, rising in best.items() if end < number), key=len, default=())
        if len(before) >= len(best.get(number, ())):
            best[number] = (*before, number)
    return max(best.values(), key=len, default=())


def _left_over(prose: Prose, year: str | None) -> list[Observed]:
    """Return each left-over word and their number; no number where none was found and years could not be looked for."""
    words = staleness.stale_words(prose, year)
    counted = [("left_over_words", DOCUMENT, str(len(words)))] if words or year else []
    return [*counted, *(("left_over_word", DOCUMENT, word) for word in words)]


def _unit_of_fees(prose: Prose) -> str:
    found = [match["many"] for paragraph in prose.paragraphs for match in FEES.finditer(paragraph.folded)]
    if not found:
        return NOT_STATED
    return YUAN if "" in found else TEN_THOUSAND
