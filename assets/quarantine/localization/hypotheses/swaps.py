"""Two neighbouring cells hold each other's number: side by side in a row, or one above the other in a column.

Belongs here: both swaps. Does not: more than two cells (shifts.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.hypotheses.proposal import Hypothesis, Proposal
from assets.quarantine.localization.matrix import Frame
from assets.quarantine.localization.words import bits


def _swapped(frame: Frame, kind: str, pairs: Iterable[tuple[int, int]]) -> Iterator[Proposal]:
    for one, two in pairs:
        first, second = frame.values[one], frame.values[two]
        if first is not None and second is not None and first != second:
            yield Proposal(kind, {one: second, two: first}, bits(kind))


def _in_row(frame: Frame, _: Facts) -> Iterator[Proposal]:
    pairs = {pair: None for row in frame.matrix.rows for pair in zip(row, row[1:], strict=False)}
    return _swapped(frame, "cells_swapped", pairs)


def _in_column(frame: Frame, _: Facts) -> Iterator[Proposal]:
    lines = frame.matrix.lines
    pairs = (pair for upper, lower in zip(lines, lines[1:], strict=False) if len(upper) == len(lower)
             for pair in zip(upper, lower, strict=True))
    return _swapped(frame, "neighbour_line", pairs)


IN_ROW = Hypothesis(("cells_swapped",), _in_row, combines=True)
IN_COLUMN = Hypothesis(("neighbour_line",), _in_column, combines=True)
