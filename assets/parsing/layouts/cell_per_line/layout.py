"""One cell a line, each followed by a bar; a bar alone on a line opens a row.

Belongs here: claiming and reading this setting. Does not: cells without row marks (cell_lines_unmarked).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import bars, streams
from assets.parsing.document import Block
from assets.parsing.layouts import Reading


class CellPerLine:
    """A row is a lone bar and the lines after it; a lone bar that opens no row closes a blank cell.

    A row that a label opens is cut there; table 4's row of figures has a mark before it and no label.
    """

    name = "cell_per_line"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions that begin with a bar, with one cell a line at most, each with its bar at the end."""
        seen = bars.marks(region)
        return (
            seen is not None and not seen.giant and seen.inner == 0 and seen.closed > 0 and seen.open == 0
            and seen.led_first
        )

    def read(self, region: Sequence[Block]) -> Reading:
        """Cut the stream of cells where words follow figures; the bar before the words is the row's mark."""
        seen = bars.marks(region)
        if seen is None:
            return Reading((), frozenset())
        used = range(seen.barred[0], seen.barred[-1] + 1)
        exact = not seen.pads_alone
        cells = streams.cells_of(region, used, pads_behind=exact)
        rows = streams.rows_of(cells, keeps_blanks=exact, row_marks=True)
        return Reading(rows, frozenset(used), exact=exact, unmarked=True, row_marks=True)


LAYOUT = CellPerLine()
