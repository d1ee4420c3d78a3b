"""A publication on a sheet: which cell stands in which row and column.

Belongs here: what the XLSX and the XLS layouts share. Does not: either file format, which cell spans what (grid.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.typesetting.form import PrintedTable
from tests.typesetting.grid import grid, rectangle
from tests.typesetting.publication import Publication

WIDTH = 15
# So a spreadsheet keeps a figure as a number; anything else is text.
NUMBER = re.compile(r"0|[1-9]\d{0,14}|(?:0|[1-9]\d{0,8})\.\d{0,5}[1-9]")


@dataclass(frozen=True)
class SheetCell:
    """A cell on a sheet, from row and column 0; `ruled` ones have a border."""

    row: int
    column: int
    height: int
    width: int
    value: str | int | float
    ruled: bool


def laid_out(publication: Publication, hidden_row: Callable[[int], None] | None = None) -> Iterator[SheetCell]:
    """Yield the cells of a publication; `hidden_row` is called with a row that is left free inside each table."""
    row = 0
    for block in publication.blocks:
        if not isinstance(block, PrintedTable):
            yield SheetCell(row, 0, 1, WIDTH, block.text, False)
            row += 1
            continue
        for number, line in enumerate(rectangle(grid(block))):
            if hidden_row is not None and number == 1:
                hidden_row(row)
                row += 1
            for column, cell in enumerate(line):
                if cell is not None:
                    crossed = hidden_row is not None and number == 0 and cell.row_span > 1
                    yield SheetCell(
                        row, column, cell.row_span + crossed, cell.column_span, typed(cell.text), hidden_row is None
                    )
            row += 1


def typed(text: str) -> str | int | float:
    """Return a figure as the number that a spreadsheet keeps; everything else as text."""
    if not NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
