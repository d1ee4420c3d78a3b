"""One table row a line, cells parted by tabs: what a text dump of a PDF or Word table gives.

Belongs here: claiming and reading this setting. Does not: tabs inside lines with bars.
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing.document import Block, PrintedCell, PrintedRow
from assets.parsing.layouts import Reading

# A tab at the head of a line is an indent of prose unless other lines part cells by tabs too.
FEWEST_ROWS = 2


def _is_row(line: str) -> bool:
    return "\t" in line and bool(line.strip())


class TabRows:
    """Rows are lines with a tab; a blank cell stays as two tabs in a row."""

    name = "tab_rows"
    keeps_blanks = True

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions without bars in which at least two lines part two or more cells by tabs."""
        if any("|" in block.text for block in region):
            return False
        parted = [block for block in region if len(block.text.strip(" \u3000").split("\t")) > 1 and _is_row(block.text)]
        return sum(len(block.text.split("\t")) > 1 for block in parted) >= FEWEST_ROWS

    def read(self, region: Sequence[Block]) -> Reading:
        """Every line with a tab is a row; lines between them are page breaks or prose."""
        used = [index for index, block in enumerate(region) if _is_row(block.text)]
        rows = []
        for index in used:
            block = region[index]
            cells = tuple(PrintedCell(text.strip(), block.place) for text in block.text.split("\t"))
            rows.append(PrintedRow(cells, block.place))
        return Reading(tuple(rows), frozenset(used))


LAYOUT = TabRows()
