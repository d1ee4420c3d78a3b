"""One cell a line, each followed by a bar; a bar alone on a line opens a row.

Belongs here: claiming and reading this setting. Does not: cells without row marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.parsing import bars
from assets.parsing.document import Block, PrintedCell, PrintedRow
from assets.parsing.layouts import Reading

# A blank last cell: its own bar, then the padding. A blank cell elsewhere looks like the start of a row.
BLANK_LAST_CELL = re.compile(r"\s*\|[ \t]+\|+\s*")


def _is_cell(line: str) -> bool:
    if BLANK_LAST_CELL.fullmatch(line):
        return True
    return bars.ends_with_bar(line) and len(bars.cut(line)[0]) == 1


class CellPerLine:
    """A row is a lone bar and the lines after it, as long as each is one cell that ends with a bar."""

    name = "cell_per_line"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions with lone bars where every other line with a bar is a single cell."""
        lines = [block.text for block in region if "|" in block.text]
        cells = [line for line in lines if not bars.is_lone_bar(line)]
        return len(cells) < len(lines) and bool(cells) and all(_is_cell(line) for line in cells)

    def read(self, region: Sequence[Block]) -> Reading:
        """A line that is no cell closes the row; cells before the first lone bar make a row of their own."""
        rows: list[PrintedRow] = []
        used: set[int] = set()
        current: list[PrintedCell] = []
        pads = 0
        for index, block in enumerate(region):
            if _is_cell(block.text):
                texts, pads = bars.cut(block.text)
                current.append(PrintedCell(texts[0], block.place))
                used.add(index)
                continue
            if bars.is_lone_bar(block.text):
                used.add(index)
            rows.extend(_closed(current, pads))
            current = []
        rows.extend(_closed(current, pads))
        return Reading(tuple(rows), frozenset(used))


def _closed(cells: list[PrintedCell], pads: int) -> list[PrintedRow]:
    if not cells:
        return []
    first, last = cells[0].place, cells[-1].place
    place = first if first == last else f"lines {first.removeprefix('line ')}-{last.removeprefix('line ')}"
    return [PrintedRow(tuple(cells), place, pads)]


LAYOUT = CellPerLine()
