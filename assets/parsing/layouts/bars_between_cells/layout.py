"""A cell a line and a bar on the line after it: `规章` / `|` / `0` / `|`; also `| 规章` / `|` / `0` / `|`.

Belongs here: claiming and reading this setting. Does not: cells that end with a bar on their own line.
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import streams
from assets.parsing.document import Block, PrintedCell
from assets.parsing.layouts import Reading

# At least every other cell has its bar on a line of its own.
LEAST_SHARE = 0.5


class BarsBetweenCells:
    """Cells are lines of text next to lines of bars."""

    name = "bars_between_cells"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions with lone bars in which few lines of text end with a bar."""
        lines = [block.text.strip() for block in region if block.text.strip()]
        lone = [line for line in lines if not line.strip("| \t")]
        ended = [line for line in lines if line.strip("| \t") and line.endswith("|")]
        inner = any("|" in line.strip("| \t") for line in lines)
        return not inner and len(lone) > 1 and len(ended) <= LEAST_SHARE * len(lone)

    def read(self, region: Sequence[Block]) -> Reading:
        """Take every text between the first and the last bar as a cell, and the line just before the first bar."""
        marked = [index for index, block in enumerate(region) if "|" in block.text]
        first = max(0, marked[0] - 1) if "|" not in region[marked[0]].text.strip("| \t") else marked[0]
        used = range(first, marked[-1] + 1)
        cells = (PrintedCell(region[i].text.strip("| \t\u3000"), region[i].place) for i in used)
        return Reading(streams.rows_of(cells), frozenset(used))


LAYOUT = BarsBetweenCells()
