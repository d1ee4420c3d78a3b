"""One table row a line, every cell followed by a bar: `行政许可 | 0 | ||`.

Belongs here: claiming and reading this setting. Does not: rows that begin with a bar (bar_at_row_start).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import bars
from assets.parsing.document import Block
from assets.parsing.layouts import Reading


class BarAtRowEnd:
    """Rows are lines that end with a bar and do not begin with one."""

    name = "bar_at_row_end"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions with a line of two or more cells, no line that begins with a bar and no lone bar."""
        lines = [block.text for block in region if "|" in block.text]
        if any(line.lstrip().startswith("|") for line in lines):
            return False
        return any(len(bars.cut(line)[0]) > 1 and bars.ends_with_bar(line) for line in lines)

    def read(self, region: Sequence[Block]) -> Reading:
        """Every line with a bar is a row; the last row of a table often lacks the bar at its end."""
        used = [index for index, block in enumerate(region) if "|" in block.text]
        return Reading(tuple(bars.row_of(region[i].text, region[i].place) for i in used), frozenset(used))


LAYOUT = BarAtRowEnd()
