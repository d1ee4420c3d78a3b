"""The numbers of a row stand one cell too far right or left, with or without its total; or those of all rows.

Belongs here: shifts within rows. Does not: lines that moved up or down (lost.py).

Where a row is shifted, one number falls off its end and a 0, or the number that fell off, stands at its beginning.
What fell off follows from the identity of the row; where it has none, only the turned row is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.hypotheses.proposal import Array, Hypothesis, Movement, Moves, Proposal
from assets.quarantine.localization.matrix import Frame, Matrix, Value
from assets.quarantine.localization.words import bits


@dataclass(frozen=True)
class _Ways:
    """Rows of one width, each from both ends.

    cells: those that are shifted, from where a number entered to where one fell off; rows: all cells of the row.
    closing: an identity of its line that gives what fell off, or -1.
    """

    cells: Array
    rows: Array
    closing: Array


@lru_cache(maxsize=32)
def _ways(matrix: Matrix, with_total: bool) -> tuple[_Ways, ...]:
    found: dict[tuple[int, int], list[tuple[list[int], tuple[int, ...], int]]] = {}
    for row, totals in zip(matrix.rows, matrix.row_totals, strict=True):
        cells = [cell for cell in row if with_total or cell not in totals]
        if len(cells) > 1:
            ways = [(order, row, _closing(matrix, order[-1])) for order in (cells, cells[::-1])]
            found.setdefault((len(cells), len(row)), []).extend(ways)
    return tuple(_Ways(*(np.array(part) for part in zip(*ways, strict=True))) for ways in found.values())


def _closing(matrix: Matrix, last: int) -> int:
    line = set(matrix.lines[matrix.line_of[last]])
    within = (index for index in matrix.member_of[last] if line.issuperset(matrix.equations[index]))
    return next(within, -1)


def _moved_back(frame: Frame, ways: _Ways) -> Iterator[Moves]:
    numbers = frame.whole[ways.rows]
    # Where the total is kept, a single number may have fallen off and left nothing but the total.
    fit = (numbers >= 0).all(axis=1) & numbers.any(axis=1)
    cells, closing = ways.cells[fit], ways.closing[fit]
    turned = np.roll(frame.whole[cells], -1, axis=1)
    yield cells, turned
    fallen = (turned[:, -1] == 0) & frame.judged[closing]
    cells, turned, equations = cells[fallen], turned[fallen], frame.matrix.dense[closing[fallen]]
    after = np.repeat(frame.whole[None, :-1], len(cells), axis=0)
    np.put_along_axis(after, cells, turned, axis=1)
    rest = (equations * after).sum(axis=1)
    by = np.take_along_axis(equations, cells[:, -1:], axis=1)[:, 0]
    turned[:, -1] = -rest // by
    given = (rest % by == 0) & (turned[:, -1] > 0)
    yield cells[given], turned[given]


def _shifted(kind: str, with_total: bool) -> Movement:
    def undo(frame: Frame) -> list[Moves]:
        return [moves for ways in _ways(frame.matrix, with_total) for moves in _moved_back(frame, ways)]

    return Movement(kind, undo)


def _all_rows(frame: Frame, _: Facts) -> Iterator[Proposal]:
    # What all columns have in common holds in turned columns only if it holds as printed.
    alike = frame.matrix.over_lines and not frame.matrix.within_lines.issuperset(frame.broken)
    if alike or any(value is None for value in frame.values):
        return
    for step in (1, -1):
        changes: dict[int, Value] = {}
        for row in frame.matrix.lines:
            turned = (*row[step:], *row[:step])
            changes |= {cell: frame.values[source] or 0 for cell, source in zip(row, turned, strict=True)
                        if frame.values[source] != frame.values[cell]}
        if frame.closes(changes):
            yield Proposal("columns_shifted", changes, bits("columns_shifted"))


TOTAL_KEPT = _shifted("row_shifted_total_kept", with_total=False)
WHOLE_ROW = _shifted("row_shifted", with_total=True)
ALL_ROWS = Hypothesis(("columns_shifted",), _all_rows)
