"""What a word processor's file holds: paragraphs and tables in reading order, tables inside cells.

Belongs here: the tree that the DOCX and the DOC reader build, merged regions, telling layout tables from real ones,
and turning the tree into blocks. Does not: either file format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from assets.parsing.document import Block, PrintedCell, PrintedRow
from assets.parsing.readers.bounds import Budget

# Stands in a paragraph's text for what plain text cannot show: a picture, an equation, a character of a
# symbol font; and before a struck or raised digit.
UNSHOWN = "\ufffc"
UNREADABLE = "\ufffd"

BLANKS = re.compile(r"[ \t\r\f\v\xa0\u3000\u200b\ufeff]+")
PRIVATE = re.compile(r"[\ue000-\uf8ff\ufffc\U000f0000-\U0010ffff]")
MOST_SPAN = 1000

Merge = Literal["none", "first", "rest"]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, its line breaks as newlines; `number` counts from 1 in the file."""

    text: str
    number: int


@dataclass(frozen=True)
class Cell:
    """One cell as stored: its grid column and span, and its part in a region that is merged downwards."""

    contents: tuple[Paragraph | Table, ...]
    column: int
    span: int
    merge: Merge
    number: int


@dataclass(frozen=True)
class Row:
    """One row as stored, with every cell that the file has; `number` counts from 1 in the table."""

    cells: tuple[Cell, ...]
    number: int


@dataclass(frozen=True)
class Table:
    """One table as stored; `number` counts tables from 1 in the file, those inside cells too."""

    rows: tuple[Row, ...]
    number: int

    @cached_property
    def inner(self) -> tuple[Table, ...]:
        """The tables that stand directly in cells of this one."""
        held = (item for row in self.rows for cell in row.cells for item in cell.contents)
        return tuple(item for item in held if isinstance(item, Table))

    @cached_property
    def is_wide(self) -> bool:
        """Whether the table has several rows and at least one with several cells."""
        return len(self.rows) > 1 and any(len(row.cells) > 1 for row in self.rows)

    @cached_property
    def holds_wide(self) -> bool:
        """Whether a wide table stands anywhere inside."""
        return any(table.is_wide or table.holds_wide for table in self.inner)

    @property
    def is_grid(self) -> bool:
        """A layout table (one cell, or one that holds another real grid) is no grid: its content is walked instead."""
        return sum(len(row.cells) for row in self.rows) > 1 and not self.holds_wide


def blocks(contents: Sequence[Paragraph | Table], budget: Budget) -> Iterator[Block]:
    """Yield a block per printed line and per real table, in reading order.

    Raises:
        Unreadable: more cells or more time than the bounds.
    """
    cells = 0
    for item in _shown(contents):
        if isinstance(item, Paragraph):
            yield from _lines(item)
            continue
        cells += sum(len(row.cells) for row in item.rows)
        budget.cells(cells)
        budget.check()
        yield Block("", f"table {item.number}", printed_rows(item))


def _shown(contents: Sequence[Paragraph | Table]) -> Iterator[Paragraph | Table]:
    """Walk through layout tables; cells that a merged cell covers are not printed."""
    for item in contents:
        if isinstance(item, Table) and not item.is_grid:
            for row in item.rows:
                for cell in row.cells:
                    if cell.merge != "rest":
                        yield from _shown(cell.contents)
        else:
            yield item


def _lines(paragraph: Paragraph) -> Iterator[Block]:
    for line in paragraph.text.replace(UNSHOWN, "").split("\n"):
        text = BLANKS.sub(" ", line).strip()
        if text:
            yield Block(text, f"paragraph {paragraph.number}")


def printed_rows(table: Table) -> tuple[PrintedRow, ...]:
    """Return a table's rows, each with the cells that start in it.

    A cell goes on with the region above where that has the same left and right edge and reaches down to it; a cell
    that claims to go on without such a region above stands for itself. Text below a merged cell is not printed.
    """
    heights = _heights(table)
    rows = []
    for index, row in enumerate(table.rows):
        place = f"table {table.number}, row {row.number}"
        cells = tuple(
            PrintedCell(cell_text(cell.contents), f"{place}, cell {cell.number}", height, cell.span, cell.column)
            for cell in row.cells
            if (height := heights[index, cell.column])
        )
        rows.append(PrintedRow(cells, place))
    return tuple(rows)


def _heights(table: Table) -> dict[tuple[int, int], int]:
    """Return for each cell, by row index and column, how many rows it spans; 0 for one that is covered."""
    heights: dict[tuple[int, int], int] = {}
    above: dict[tuple[int, int], tuple[int, int]] = {}
    for index, row in enumerate(table.rows):
        reaching: dict[tuple[int, int], tuple[int, int]] = {}
        for cell in row.cells:
            edges, own = (cell.column, cell.span), (index, cell.column)
            origin = above.get(edges) if cell.merge == "rest" else None
            heights[own] = 0 if origin else 1
            if origin:
                heights[origin] += 1
            if cell.merge != "none":
                reaching[edges] = origin or own
        above = reaching
    return heights


def cell_text(contents: Sequence[Paragraph | Table]) -> str:
    """Return the text of a cell, a line per paragraph or break; what cannot be read is U+FFFD."""
    lines = (BLANKS.sub(" ", line).strip() for text in _texts(contents) for line in text.split("\n"))
    return PRIVATE.sub(UNREADABLE, "\n".join(line for line in lines if line))


def _texts(contents: Sequence[Paragraph | Table]) -> Iterator[str]:
    for item in contents:
        if isinstance(item, Paragraph):
            yield item.text
            continue
        for row in item.rows:
            for cell in row.cells:
                if cell.merge != "rest":
                    yield from _texts(cell.contents)
