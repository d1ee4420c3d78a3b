"""One cell a paragraph, nothing between cells: what copying a page's text leaves. A blank cell leaves nothing.

Belongs here: claiming and reading this setting. Does not: lines that hold several figures (number_runs).
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.parsing import streams
from assets.parsing.document import Block, PrintedCell
from assets.parsing.layouts import Reading
from assets.parsing.placing.rows import is_blank, is_value

# Table 2 shows at least so many figures, and prose is not set with one figure a line.
FEWEST_FIGURES = 4
# Cells are short; the sentence that introduces a table is not.
LONGEST_CELL = 60


class ParagraphCells:
    """Cells are lines, short, without bars or tabs; figures stand alone on theirs."""

    name = "paragraph_cells"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions of text in which several figures stand alone on a line each."""
        if any(block.grid or "|" in block.text or "\t" in block.text.strip() for block in region):
            return False
        lines = [block.text for block in region if not is_blank(block.text)]
        return sum(is_value(line) for line in lines) >= FEWEST_FIGURES

    def read(self, region: Sequence[Block]) -> Reading:
        """Cut the stream of short lines where words follow figures."""
        used = [i for i, b in enumerate(region) if not is_blank(b.text) and len(b.text.strip()) <= LONGEST_CELL]
        cells = (PrintedCell(region[i].text.strip(), region[i].place) for i in used)
        return Reading(streams.rows_of(cells), frozenset(used))


LAYOUT = ParagraphCells()
