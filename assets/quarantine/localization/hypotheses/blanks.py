"""Totals that were left blank, and a second copy that says otherwise.

Belongs here: numbers that follow from the rest of the table, or stand elsewhere. Does not: lines without any number
(emptied.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.hypotheses.proposal import Hypothesis, Proposal
from assets.quarantine.localization.matrix import Frame, Value, exact
from assets.quarantine.localization.words import bits


def _totals(frame: Frame, _: Facts) -> Iterator[Proposal]:
    blank = {cell for cell in frame.matrix.sums if frame.values[cell] is None}
    changes = frame.settled(blank) if blank else {}
    if frame.closes(changes):
        yield Proposal("total_blank", changes, bits("total_blank"), len(changes))


def _as_in_copy(frame: Frame, facts: Facts) -> Iterator[Proposal]:
    changes: dict[int, Value] = {}
    for code, number in facts.second_copy.items():
        cell, value = frame.matrix.number.get(code), exact(number)
        if cell is not None and value is not None and value != frame.values[cell]:
            changes[cell] = value
    if frame.broken and frame.closes(changes):
        yield Proposal("as_in_copy", changes, bits("as_in_copy"))


TOTALS = Hypothesis(("total_blank",), _totals)
COPY = Hypothesis(("as_in_copy",), _as_in_copy)
