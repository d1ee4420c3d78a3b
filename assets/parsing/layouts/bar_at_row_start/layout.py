"""One table row a line, with a bar before the first cell as well: `| 行政许可 | 0 | ||`.

Belongs here: claiming and reading this setting. Does not: rows without the leading bar (bar_at_row_end).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import bars
from assets.parsing.document import Block
from assets.parsing.layouts import Reading


class BarAtRowStart:
    """Rows are lines that begin and end with a bar."""

    name = "bar_at_row_start"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions where every line with a bar begins with one and some hold two or more cells."""
        lines = [block.text.strip() for block in region if "|" in block.text]
        if not all(line.startswith("|") for line in lines) or any(bars.is_lone_bar(line) for line in lines):
            return False
        return any(len(bars.cut(line[1:])[0]) > 1 for line in lines)

    def read(self, region: Sequence[Block]) -> Reading:
        """Every line with a bar is a row; the leading bar opens it."""
        used = [index for index, block in enumerate(region) if "|" in block.text]
        rows = tuple(bars.row_of(region[i].text.strip()[1:], region[i].place) for i in used)
        return Reading(rows, frozenset(used))


LAYOUT = BarAtRowStart()
