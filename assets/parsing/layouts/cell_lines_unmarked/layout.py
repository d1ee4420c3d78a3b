"""One cell a line, each followed by a bar, and nothing that marks a row: `规章 |` / `0 |` / `0 |`.

Belongs here: claiming and reading this setting, with the padding on the last cell's line or on a line of its own, and
with the last cell's bar on the line after it. Does not: cells under row marks (cell_per_line).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import bars, streams
from assets.parsing.document import Block
from assets.parsing.layouts import Reading


class CellLinesUnmarked:
    """Cells are lines of one text and a bar; a bar alone closes a blank cell, several are padding."""

    name = "cell_lines_unmarked"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions with one cell a line at most, most of which end with their bar, that begin with a cell."""
        seen = bars.marks(region)
        return (
            seen is not None and not seen.giant and seen.inner == 0 and seen.closed >= max(1, seen.open)
            and not (seen.led_first and seen.open == 0)
        )

    def read(self, region: Sequence[Block]) -> Reading:
        """Cut the stream of cells where words follow figures."""
        seen = bars.marks(region)
        if seen is None:
            return Reading((), frozenset())
        used = range(max(0, seen.barred[0] - seen.lone_first), seen.barred[-1] + 1)
        exact = not seen.pads_alone
        cells = streams.cells_of(region, used, pads_behind=exact)
        rows = streams.rows_of(cells, keeps_blanks=exact)
        return Reading(rows, frozenset(used), exact=exact, unmarked=True)


LAYOUT = CellLinesUnmarked()
