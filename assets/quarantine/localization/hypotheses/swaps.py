"""Two neighbouring cells hold each other's number: side by side in a row, or one above the other in a column.

Belongs here: both swaps. Does not: more than two cells (shifts.py).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from assets.quarantine.localization.hypotheses.proposal import Array, Movement, Moves
from assets.quarantine.localization.matrix import Frame, Matrix


@lru_cache(maxsize=16)
def _in_row(matrix: Matrix) -> Array:
    """The pairs of cells side by side, each once."""
    pairs = {pair: None for row in matrix.rows for pair in zip(row, row[1:], strict=False)}
    return np.array(list(pairs), dtype=np.int64).reshape(-1, 2)


@lru_cache(maxsize=16)
def _in_column(matrix: Matrix) -> Array:
    """The pairs of cells one above the other."""
    pairs = [pair for upper, lower in zip(matrix.lines, matrix.lines[1:], strict=False) if len(upper) == len(lower)
             for pair in zip(upper, lower, strict=True)]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _swapped(frame: Frame, pairs: Array) -> list[Moves]:
    numbers = frame.whole[pairs]
    counts = (numbers >= 0).all(axis=1)
    return [(pairs[counts], numbers[counts, ::-1])]


IN_ROW = Movement("cells_swapped", lambda frame: _swapped(frame, _in_row(frame.matrix)))
IN_COLUMN = Movement("neighbour_line", lambda frame: _swapped(frame, _in_column(frame.matrix)))
