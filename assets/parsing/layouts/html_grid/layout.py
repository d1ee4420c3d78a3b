"""Real table elements of a page: the reader has already made grids of them.

Belongs here: taking the grids of a region as rows, also when one table is split into several.
Does not: tables that were flattened to text.
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing.document import Block
from assets.parsing.layouts import Reading


class HtmlGrid:
    """Rows are the rows of all grids in the region, in reading order."""

    name = "html_grid"
    keeps_blanks = True

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions that hold a grid."""
        return any(block.grid for block in region)

    def read(self, region: Sequence[Block]) -> Reading:
        """Return the rows of every grid."""
        used = [index for index, block in enumerate(region) if block.grid is not None]
        rows = tuple(row for index in used for row in region[index].grid or ())
        return Reading(rows, frozenset(used))


LAYOUT = HtmlGrid()
