"""Tables on paper: where cells stand, how wide columns are, how many rows a page still holds.

Belongs here: what PDF and scans share of setting a grid. Does not: fonts and pens (scans.py, layouts/pdf.py), spans and
cutting (grid.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assets.form import cells as form
from tests.typesetting.grid import Grid, GridCell


def placed(of: Grid) -> Iterator[tuple[int, int, GridCell]]:
    """Yield (row, column, cell) of every cell."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(of.rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            yield number, column, cell
            taken.update((number + r, column + c) for r in range(cell.row_span) for c in range(cell.column_span))


def column_widths(of: Grid, code: str, width: float, labels: tuple[float, ...]) -> tuple[float, ...]:
    """Return the widths of a table's columns, together `width`.

    The label columns of table 3 are as wide as `labels` says. Those of a damaged row that is too long go on, and all
    become narrower.
    """
    if code == form.REQUESTS:
        usual = (*labels, *((width - sum(labels)) / 7,) * 7)
    else:
        count = 4 if code == form.PROACTIVE else 15
        usual = (width / count,) * count
    most = max(column + cell.column_span for _, column, cell in placed(of))
    columns = (*usual, *usual[-1:] * (most - len(usual)))
    return tuple(one * width / sum(columns) for one in columns)


def fitting(heights: Sequence[float], room: float) -> int:
    """Return how many rows of these heights, from the first on, `room` holds."""
    total = 0.0
    for number, height in enumerate(heights):
        total += height
        if total > room:
            return number
    return len(heights)
