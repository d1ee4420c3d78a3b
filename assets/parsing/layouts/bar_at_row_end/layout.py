"""One table row a line, every cell followed by a bar: `行政许可 | 0 | ||`.

Belongs here: claiming and reading this setting, also where a blank cell breaks the line before its bar.
Does not: rows that begin with a bar (bar_at_row_start).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import bars, streams
from assets.parsing.document import Block
from assets.parsing.layouts import Reading


class BarAtRowEnd:
    """Rows are lines that end with a bar and do not begin with one; a line that does goes on with the row before."""

    name = "bar_at_row_end"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions with a line of two or more cells in which some label begins its line."""
        seen = bars.marks(region)
        return seen is not None and seen.inner > 0 and not seen.giant and seen.unled_labels > 0

    def read(self, region: Sequence[Block]) -> Reading:
        """Every line with a bar is a row; the last row of a table often lacks the bar at its end."""
        seen = bars.marks(region)
        used = seen.barred if seen else ()
        padded = seen is not None and seen.padded
        joined: list[list[int]] = []
        for index in used:
            if joined and region[index].text.lstrip().startswith("|"):
                joined[-1].append(index)
            else:
                joined.append([index])
        rows = [
            bars.row_of(" ".join(region[i].text for i in group), _place(region, group), padded) for group in joined
        ]
        return Reading(tuple(rows), frozenset(used), exact=not padded)


def _place(region: Sequence[Block], lines: Sequence[int]) -> str:
    return streams.place_span(region[lines[0]].place, region[lines[-1]].place)


LAYOUT = BarAtRowEnd()
