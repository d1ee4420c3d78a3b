"""A whole table on one line, every cell followed by a bar: what is left where line ends were lost.

Belongs here: claiming and reading this setting. Does not: finding the headings inside the line (parsing/unrolled.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import bars, streams
from assets.parsing.document import Block
from assets.parsing.layouts import Reading


class AllInOneLine:
    """Rows are cut where words follow figures."""

    name = "all_in_one_line"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions in which a line holds more cells than a row of the form."""
        seen = bars.marks(region)
        return seen is not None and seen.giant

    def read(self, region: Sequence[Block]) -> Reading:
        """Take the cells of all lines with bars as one stream."""
        seen = bars.marks(region)
        used = seen.barred if seen else ()
        padded = seen is not None and seen.padded
        rows = streams.rows_of(streams.cells_of(region, used), keeps_blanks=not padded)
        return Reading(rows, frozenset(used), exact=not padded, unmarked=True)


LAYOUT = AllInOneLine()
