"""Lines of text to paragraphs: what the page's width broke is joined again.

Belongs here: deciding from places, and from how a line begins and ends, whether the next one goes on.
Does not: anything about what is said, beyond punctuation and enumerators.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.parsing.geometry.printed import TextLine
from assets.parsing.geometry.shapes import Region, around

ENUMERATED = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}[、.．,，:：]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d))"
)
PAGE_NUMBER = re.compile(r"[\s\-—–－·.]*(?:第?\s*\d{1,3}\s*页?)(?:\s*[/,，共]*\s*共?\s*\d{1,3}\s*页?)?[\s\-—–－·.]*")
FINISHED = re.compile(r"[。！？!?；;]\s*$")
# Shares of a line's height: how far from the margin a full line may end, how far apart lines of one paragraph stand.
RAGGED = 1.3
INDENT = 0.6
PITCH = 2.4


def paragraphs(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return lines with the broken ones joined; `lines` are those of one page between two tables, top to bottom."""
    if not lines:
        return []
    left, right = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    joined: list[list[TextLine]] = [[lines[0]]]
    for before, after in zip(lines, lines[1:], strict=False):
        if _goes_on(before, after, left, right):
            joined[-1].append(after)
        else:
            joined.append([after])
    return [_paragraph(run) for run in joined]


def _goes_on(before: TextLine, after: TextLine, left: float, right: float) -> bool:
    height = before.height
    full = right - before.box.x1 < RAGGED * height
    flush = after.box.x0 - left < INDENT * height
    near = 0 < after.box.y0 + after.box.y1 - before.box.y0 - before.box.y1 < 2 * PITCH * height
    same_size = 0.8 * height < after.height < 1.25 * height
    begins = ENUMERATED.match(after.text) is not None or FINISHED.search(before.text) is not None
    return full and flush and near and same_size and not begins


def _paragraph(run: Sequence[TextLine]) -> TextLine:
    if len(run) == 1:
        return run[0]
    box: Region = around([line.box for line in run])
    alternative = None
    if any(line.alternative is not None for line in run):
        alternative = "".join(line.text if line.alternative is None else line.alternative for line in run)
    text = "".join(line.text for line in run)
    return TextLine(text, box, run[0].height, min(line.confidence for line in run), alternative)
