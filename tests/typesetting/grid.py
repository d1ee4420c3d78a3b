"""Printed tables as grids of cells with spans: the geometry that text, HTML and later formats share.

Belongs here: which printed cell spans what, the width of each table, cutting a grid at a row, filling the rectangle.
Does not: words (form.py), markup or bars (layouts/).

Widths are those of published reports: 4 columns in table 2, 10 in table 3 (three for the labels), 15 in table 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from assets.form import cells as form
from tests.typesetting.form import PrintedBlock, PrintedLine, PrintedTable

Role = Literal["heading", "head", "label", "value"]


@dataclass(frozen=True)
class GridCell:
    """One printed cell: its text, how many rows and columns it spans, and what it is."""

    text: str
    role: Role
    row_span: int = 1
    column_span: int = 1


Row = tuple[GridCell, ...]


@dataclass(frozen=True)
class Grid:
    """A table as rows of cells; a cell that a span from above covers is not in its row."""

    width: int
    rows: tuple[Row, ...]


def grid(table: PrintedTable) -> Grid:
    """Return the grid of a printed table."""
    if table.code == form.PROACTIVE:
        return Grid(4, tuple(row for block in table.blocks for row in _proactive_block(block)))
    if table.code == form.REQUESTS:
        return Grid(10, (*_request_heads(table.blocks[0]), *_request_rows(table.lines)))
    return Grid(15, (*_remedy_heads(table), _values(value for line in table.lines for value in line.values)))


def rectangle(of: Grid) -> list[list[GridCell | None]]:
    """Return a grid with one entry per row and column: the cell where it starts, None where a span covers it."""
    taken: set[tuple[int, int]] = set()
    filled: list[list[GridCell | None]] = [[None] * of.width for _ in of.rows]
    for number, row in enumerate(of.rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            # A damaged row may be wider than its table.
            filled[number] += [None] * (column + 1 - len(filled[number]))
            filled[number][column] = cell
            spans = ((r, c) for r in range(cell.row_span) for c in range(cell.column_span))
            taken.update((number + r, column + c) for r, c in spans)
    return filled


def cut(of: Grid, row: int) -> tuple[Grid, Grid]:
    """Return the grid above and from `row`; a cell whose span crosses the cut goes on below as an empty cell."""
    above = tuple(
        tuple(replace(cell, row_span=min(cell.row_span, row - number)) for cell in cells)
        for number, cells in enumerate(of.rows[:row])
    )
    crossing = [
        replace(cell, text="", row_span=number + cell.row_span - row)
        for number, cells in enumerate(of.rows[:row])
        for cell in cells
        if number + cell.row_span > row
    ]
    below = ((*crossing, *of.rows[row]), *of.rows[row + 1 :])
    return Grid(of.width, above), Grid(of.width, below)


def _values(values: Iterable[str]) -> Row:
    return tuple(GridCell(value, "value") for value in values)


def _proactive_block(block: PrintedBlock) -> list[Row]:
    content: str = form.vocabulary()["groups"][form.PROACTIVE]["content"]
    heads = tuple(GridCell(head, "head") for head in block.heads if head is not None)
    rows: list[Row] = [(GridCell(block.heading, "heading", column_span=4),)] if block.heading is not None else []
    rows.append(_stretched((GridCell(content, "head"), *heads)))
    rows += [_stretched((GridCell(line.label, "label"), *_values(line.values))) for line in block.lines]
    return rows


def _stretched(row: Row) -> Row:
    """Return a row of table 2 with its last cell spanning what is left of the four columns."""
    return (*row[:-1], replace(row[-1], column_span=max(1, 5 - len(row))))


def _request_heads(block: PrintedBlock) -> list[Row]:
    words: dict[str, str] = form.vocabulary()["groups"][form.REQUESTS]
    natural, *organizations, total = [None if head is None else GridCell(head, "head") for head in block.heads]
    spanning = GridCell(words["organizations"], "head", column_span=5)
    tall = [None if cell is None else replace(cell, row_span=2) for cell in (natural, total)]
    return [
        (GridCell(words["printed_identity"], "head", 3, 3), GridCell(words["applicants"], "head", column_span=7)),
        tuple(cell for cell in (tall[0], spanning, tall[1]) if cell is not None),
        tuple(cell for cell in organizations if cell is not None),
    ]


def _request_rows(lines: tuple[PrintedLine, ...]) -> list[Row]:
    """Return the value rows of table 3: a group label stands in the first row of its run of lines."""
    started: dict[int, Row] = {}
    for depth in (0, 1):
        for group, run in groupby(enumerate(lines), key=lambda item: item[1].groups[: depth + 1]):
            members = [number for number, _ in run]
            if len(group) > depth:
                cell = GridCell(group[depth], "label", row_span=len(members))
                started[members[0]] = (*started.get(members[0], ()), cell)
    labels = [GridCell(line.label, "label", column_span=3 - len(line.groups)) for line in lines]
    return [(*started.get(number, ()), labels[number], *_values(line.values)) for number, line in enumerate(lines)]


def _remedy_heads(table: PrintedTable) -> list[Row]:
    litigation: str = form.vocabulary()["groups"][form.REMEDIES]["litigation"]
    heads = [GridCell(head, "head") for head in table.blocks[0].heads if head is not None]
    first, *suits = table.lines
    wide = [GridCell(line.label, "head", column_span=5) for line in suits]
    return [
        (GridCell(first.label, "head", column_span=5), GridCell(litigation, "head", column_span=10)),
        (*(replace(head, row_span=2) for head in heads), *wide),
        tuple(heads * 2),
    ]
