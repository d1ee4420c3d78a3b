"""A cell a line and a bar on the line after it: `规章` / `|` / `0` / `|`; also `| 规章` / `|` / `0` / `|`.

Belongs here: claiming and reading this setting. Does not: cells that end with a bar on their own line.
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import bars, streams
from assets.parsing.document import Block
from assets.parsing.layouts import Reading


class BarsBetweenCells:
    """Cells are lines of text next to lines of bars; a bar that follows a bar closes a blank cell."""

    name = "bars_between_cells"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions with one cell a line at most, most of which have their bar on a line of its own."""
        seen = bars.marks(region)
        return seen is not None and not seen.giant and seen.inner == 0 and seen.closed < seen.open

    def read(self, region: Sequence[Block]) -> Reading:
        """Take every text between the first and the last bar as a cell, and the line just before the first bar."""
        seen = bars.marks(region)
        if seen is None:
            return Reading((), frozenset())
        first = seen.barred[0]
        if first and not seen.led_first or first and seen.lone_first:
            first -= 1
        used = range(first, seen.barred[-1] + 1)
        cells = streams.cells_of(region, used, led_is_mark=True)
        rows = streams.rows_of(cells, keeps_blanks=not seen.padded)
        return Reading(rows, frozenset(used), exact=not seen.padded, unmarked=True)


LAYOUT = BarsBetweenCells()
