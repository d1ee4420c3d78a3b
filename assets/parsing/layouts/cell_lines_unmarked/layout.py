"""One cell a line, each followed by a bar, and nothing that marks a row: `规章 |` / `0 |` / `0 |`.

Belongs here: claiming and reading this setting, with the padding on the last cell's line or on a line of its own.
Does not: cells under row marks (cell_per_line).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import bars, streams
from assets.parsing.document import Block, PrintedCell
from assets.parsing.layouts import Reading


def _is_cell(line: str) -> bool:
    return bars.ends_with_bar(line) and len(bars.cut(line)[0]) == 1


class CellLinesUnmarked:
    """Cells are lines of one text and a bar; lines of bars alone are padding."""

    name = "cell_lines_unmarked"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions whose first line with a bar is a cell and where every other one is a cell or padding."""
        lines = [block.text for block in region if "|" in block.text]
        if not lines or not _is_cell(lines[0]):
            return False
        return all(_is_cell(line) or not line.strip("| \t") for line in lines)

    def read(self, region: Sequence[Block]) -> Reading:
        """Cut the stream of cells where words follow figures."""
        used = [index for index, block in enumerate(region) if "|" in block.text]
        texts = [(bars.cut(region[i].text)[0][0], region[i].place) for i in used]
        return Reading(streams.rows_of(PrintedCell(text, place) for text, place in texts), frozenset(used))


LAYOUT = CellLinesUnmarked()
