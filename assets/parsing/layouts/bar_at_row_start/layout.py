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
        """Claim regions with a line of two or more cells in which labels begin behind a bar."""
        seen = bars.marks(region)
        return seen is not None and seen.inner > 0 and not seen.giant and (seen.led_labels > 0 or seen.led_first)

    def read(self, region: Sequence[Block]) -> Reading:
        """Every line with a bar is a row; the leading bar opens it."""
        seen = bars.marks(region)
        used = seen.barred if seen else ()
        padded = seen is not None and seen.padded
        rows = tuple(bars.row_of(region[i].text.strip()[1:], region[i].place, padded) for i in used)
        return Reading(rows, frozenset(used), exact=not padded)


LAYOUT = BarAtRowStart()
