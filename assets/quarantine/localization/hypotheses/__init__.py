"""Typed causes of broken identities, each undone wherever it may have struck.

To add one: a module with a `Hypothesis` or a `Movement`, its kind in ../words.yaml, its place below, and its
corruption in tests/unit/test_localization_hypotheses.py, which fails without it.
"""

from __future__ import annotations

from assets.quarantine.localization.hypotheses import blanks, cells, emptied, lost, shifts, swaps
from assets.quarantine.localization.hypotheses.proposal import Hypothesis, Movement, Proposal

HYPOTHESES: tuple[Hypothesis, ...] = (
    cells.HYPOTHESIS, blanks.TOTALS, blanks.COPY, shifts.ALL_ROWS, emptied.HYPOTHESIS, lost.HYPOTHESIS,
)
MOVEMENTS: tuple[Movement, ...] = (swaps.IN_ROW, swaps.IN_COLUMN, shifts.TOTAL_KEPT, shifts.WHOLE_ROW)

__all__ = ["HYPOTHESES", "MOVEMENTS", "Hypothesis", "Movement", "Proposal"]
