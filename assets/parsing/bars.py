"""Text with bars: which marks a region shows, and cutting its lines into cells.

Belongs here: what all bar layouts share. Does not: which lines make a row (the layouts, streams.py).

Bars after a row's last cell are padding up to the widest row of its table, and a blank last cell runs together with
them. So a row that shows too few cells cannot be told from a shifted one (layouts.md, b), unless the region pads
nowhere: two bars side by side are the mark of padding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from operator import contains

from assets.parsing.document import Block, PrintedCell, PrintedRow
from assets.parsing.placing.rows import is_label

END_OF_ROW = re.compile(r"\|[ \t]*(\|*)[ \t]*$")
# The line under the heads of a Markdown table.
RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
PADDING = " \t\u3000|"
# More cells on one line than any row of the form has (table 4: 15): the line is a table, not a row.
MOST_CELLS = 18


@dataclass(frozen=True)
class Marks:
    """What the bars of a region look like.

    `barred`: indexes of the lines with bars, Markdown rules left out. `giant`: a line holds a whole table.
    `inner`: lines with two or more cells. `closed`, `open`: lines of one cell with and without its bar at the end,
    between the first line with a bar and the last. `padded`: two bars stand side by side; `pads_alone`: so they do
    where a line begins, so that the padding has lines of its own.
    """

    barred: tuple[int, ...]
    giant: bool
    inner: int
    closed: int
    open: int
    padded: bool
    pads_alone: bool
    led_first: bool
    lone_first: bool
    led_labels: int
    unled_labels: int


def marks(region: Sequence[Block]) -> Marks | None:
    """Return the marks of a region without grids, or None where it has a grid or no bar."""
    texts = tuple([block.text for block in region if block.grid is None])
    if len(texts) < len(region) or not any(map(contains, texts, repeat("|"))):
        return None
    return _marks(texts)


@lru_cache(maxsize=64)
def _marks(texts: tuple[str, ...]) -> Marks | None:
    barred = tuple(i for i, text in enumerate(texts) if "|" in text and not RULE.fullmatch(text))
    if not barred:
        return None
    lines = [texts[i].strip() for i in barred]
    words = [line for line in lines if line.strip(PADDING)]
    single = [line for line in words if "|" not in line.strip(PADDING)]
    between = [text for text in texts[barred[0] : barred[-1]] if text.strip() and "|" not in text]
    led = [is_label(_first_cell(line)) for line in words if line.startswith("|")]
    unled = [is_label(_first_cell(line)) for line in words if not line.startswith("|")]
    return Marks(
        barred,
        any(len(_shown(line)) > MOST_CELLS for line in words),
        len(words) - len(single),
        sum(line.endswith("|") for line in single),
        sum(not line.endswith("|") for line in single) + len(between),
        any("||" in line for line in lines),
        any(line.startswith("||") for line in lines),
        lines[0].startswith("|"),
        lines[0] == "|",
        sum(led),
        sum(unled),
    )


def _first_cell(line: str) -> str:
    return line.strip(PADDING).partition("|")[0]


def _shown(line: str) -> list[str]:
    return [text for text in line.split("|") if text.strip()]


def cut(line: str, padded: bool = True) -> tuple[list[str], int]:
    """Return (cell texts, number of padding bars) of a line; a line without a bar at its end has no padding.

    Where the region is not padded every bar but the last closes or opens a cell, blank ones too.
    """
    if not padded:
        texts = [text.strip() for text in line.strip().split("|")]
        return (texts[:-1] if len(texts) > 1 and not texts[-1] else texts), 0
    end = END_OF_ROW.search(line)
    body, pads = (line[: end.start()], len(end.group(1))) if end else (line, 0)
    return [text.strip() for text in body.split("|")], pads


def row_of(line: str, place: str, padded: bool = True) -> PrintedRow:
    """Return a line as one printed row; every cell has the line's place."""
    texts, pads = cut(line, padded)
    return PrintedRow(tuple(PrintedCell(text, place) for text in texts), place, pads)
