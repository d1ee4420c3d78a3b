"""One cell a paragraph, nothing between cells: what copying a page's text leaves.

Belongs here: claiming and reading this setting, where a blank cell leaves nothing, or one empty line more.
Does not: lines that hold several figures (number_runs).
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
        if any(block.grid is not None or "|" in block.text or "\t" in block.text.strip() for block in region):
            return False
        lines = [block.text for block in region if not is_blank(block.text)]
        return sum(is_value(line) and len(line.split()) == 1 for line in lines) >= FEWEST_FIGURES

    def read(self, region: Sequence[Block]) -> Reading:
        """Cut the stream of short lines where words follow figures; count the empty lines between them."""
        used = [i for i, b in enumerate(region) if not is_blank(b.text) and len(b.text.strip()) <= LONGEST_CELL]
        blanks = _blanks(region, used)
        cells: list[PrintedCell] = []
        for index, before in zip(used, blanks, strict=True):
            place = region[index].place
            # Every blank cell is an object of its own: placing tells cells apart by identity.
            cells += [*(PrintedCell("", place) for _ in range(before)), PrintedCell(region[index].text.strip(), place)]
        exact = any(blanks)
        return Reading(streams.rows_of(cells, keeps_blanks=exact), frozenset(used), exact=exact, unmarked=True)


def _blanks(region: Sequence[Block], used: Sequence[int]) -> list[int]:
    """Return for each cell how many blank cells stand before it: the empty lines beyond the usual number."""
    gaps = [0, *(sum(is_blank(b.text) for b in region[a + 1 : i]) for a, i in zip(used, used[1:], strict=False))]
    figures = [gap for index, gap in zip(used[1:], gaps[1:], strict=True) if is_value(region[index].text)]
    usual = min(figures, default=0)
    return [max(0, gap - usual) if usual else 0 for gap in gaps]


LAYOUT = ParagraphCells()
