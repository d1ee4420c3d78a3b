"""The numbers of a row stand one cell too far right or left, with or without its total; or those of all rows.

Belongs here: shifts within rows. Does not: lines that moved up or down (lost.py).

Where a row is shifted, one number falls off its end and a 0, or the number that fell off, stands at its beginning.
What fell off follows from the identity of the row; where it has none, only the turned row is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.hypotheses.proposal import Hypothesis, Proposal
from assets.quarantine.localization.matrix import Frame, Value
from assets.quarantine.localization.words import bits


def _propose(kind: str, with_total: bool) -> Hypothesis:
    def propose(frame: Frame, _: Facts) -> Iterator[Proposal]:
        for row, totals in zip(frame.matrix.rows, frame.matrix.row_totals, strict=True):
            cells = [cell for cell in row if with_total or cell not in totals]
            if any(frame.values[cell] is None for cell in row) or len(cells) < 2:
                continue
            for changes in _moved_back(frame, cells):
                yield Proposal(kind, changes, bits(kind))

    return Hypothesis((kind,), propose, combines=True)


def _moved_back(frame: Frame, cells: Sequence[int]) -> Iterator[dict[int, Value]]:
    for order in (cells, cells[::-1]):
        entered = frame.values[order[0]]
        if not any(frame.values[cell] for cell in order):
            continue
        given = {order[n]: frame.values[order[n + 1]] or 0 for n in range(len(order) - 1)}
        turned = {**given, order[-1]: entered or 0}
        for back in ([turned, _with_fallen(frame, given, order[-1])] if entered == 0 else [turned]):
            changes = {cell: value for cell, value in back.items() if value != frame.values[cell]}
            if changes and order[-1] in back and all(frame.allows(cell, value) for cell, value in changes.items()):
                yield changes


def _with_fallen(frame: Frame, given: dict[int, Value], last: int) -> dict[int, Value]:
    """Return the row with the number that fell off at `last`, if an identity within the row gives it."""
    line = set(frame.matrix.lines[frame.matrix.line_of[last]])
    for index in frame.matrix.member_of[last]:
        equation = frame.matrix.equations[index]
        if line.issuperset(equation) and index in frame.surplus:
            rest = sum(c * (given.get(cell, frame.values[cell]) or 0) for cell, c in equation.items() if cell != last)
            if rest % equation[last] == 0:
                return {**given, last: -rest // equation[last]}
    return given


def _all_rows(frame: Frame, _: Facts) -> Iterator[Proposal]:
    if any(value is None for value in frame.values):
        return
    for step in (1, -1):
        changes: dict[int, Value] = {}
        for row in frame.matrix.lines:
            turned = (*row[step:], *row[:step])
            changes |= {cell: frame.values[source] or 0 for cell, source in zip(row, turned, strict=True)
                        if frame.values[source] != frame.values[cell]}
        if frame.closes(changes):
            yield Proposal("columns_shifted", changes, bits("columns_shifted"))


TOTAL_KEPT = _propose("row_shifted_total_kept", with_total=False)
WHOLE_ROW = _propose("row_shifted", with_total=True)
ALL_ROWS = Hypothesis(("columns_shifted",), _all_rows)
