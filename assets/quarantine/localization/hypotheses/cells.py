"""One cell is wrong: a digit, two digits, the sign, the unit, or the whole number.

Belongs here: the one number per cell that makes all identities hold. Does not: naming the fault (edits.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.edits import edit
from assets.quarantine.localization.hypotheses.proposal import Hypothesis, Proposal
from assets.quarantine.localization.matrix import Frame


def _propose(frame: Frame, _: Facts) -> Iterator[Proposal]:
    if not frame.broken:
        return
    matrix, broken = frame.matrix, set(frame.broken)
    first = frame.broken[0]
    for cell, coefficient in matrix.equations[first].items():
        if broken.issubset(matrix.member_of[cell]):
            value = (frame.values[cell] or 0) - Fraction(frame.surplus[first], coefficient)
            changes = {cell: int(value) if value.denominator == 1 else value}
            if frame.closes(changes):
                yield Proposal(*_named(frame, cell, changes))


def _named(frame: Frame, cell: int, changes: dict[int, int | Fraction]) -> tuple[str, dict[int, int | Fraction], float]:
    kind, cost = edit(frame, cell, changes[cell])
    return kind, changes, cost


HYPOTHESIS = Hypothesis(
    ("digit_changed", "digits_transposed", "digit_dropped", "digit_added", "sign_slip", "unit_slip", "value_changed"),
    _propose,
)
