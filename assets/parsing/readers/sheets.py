"""What a spreadsheet holds: sheets of cells with merged regions, cut into lines of text and tables.

Belongs here: the values that the XLSX and the XLS reader build, what is hidden, and turning a sheet into blocks.
Does not: either file format, what a number looks like (number_formats.py), any word of the form.

A sheet has no tables of its own: rows that stand together and show several cells are one. What is hidden (sheets, rows,
columns) is not printed and does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assets.parsing.document import Block, Page, PrintedCell, PrintedRow
from assets.parsing.readers.bounds import Budget

# A line that heads a part of a document stands for itself, between tables that touch it.
CHAPTER = re.compile(r"\s*[一二三四五六七八九十]{1,2}\s*[、.．，]")
# A label without a figure beside it is no sentence, and says nothing of itself behind a colon.
LABEL = re.compile(r"(?=[^\d]*[\u4e00-\u9fff])[^\d:：。；;]{2,20}")
BLANKS = re.compile(r"[ \t\r\f\v\xa0\u3000\u200b\ufeff]+")

Spot = tuple[int, int]
RowKind = Literal["blank", "single", "table"]


@dataclass(frozen=True)
class Merged:
    """A merged region: first and last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Sheet:
    """One sheet: texts by (row, column) from 0, cells with a border, merged regions, hidden rows and columns."""

    name: str
    texts: dict[Spot, str] = field(default_factory=dict)
    bordered: set[Spot] = field(default_factory=set)
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Region:
    """A printed cell by visible rows and columns: where it starts, what it spans, its text, its address, a border."""

    row: int
    column: int
    height: int
    width: int
    text: str
    address: str
    bordered: bool


def pages(sheets: Sequence[Sheet], budget: Budget) -> tuple[Page, ...]:
    """Return a page per sheet; places are `sheet 年报, B12`.

    Raises:
        Unreadable: more sheets, cells or time than the bounds.
    """
    budget.pages(len(sheets))
    return tuple(Page(number, tuple(_blocks(sheet, budget))) for number, sheet in enumerate(sheets, 1))


def address(row: int, column: int) -> str:
    """Return the address of a cell: row 11, column 1 is B12."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _blocks(sheet: Sheet, budget: Budget) -> Iterator[Block]:
    by_row = _visible(sheet, budget)
    segment: list[tuple[RowKind, list[_Region]]] = []
    reach, above = 0, False
    for row in range(max((one.row + one.height for listed in by_row.values() for one in listed), default=0)):
        budget.check()
        regions = by_row.get(row, [])
        kind = _kind(regions, row < reach, above)
        tall = max((one.row + one.height for one in regions if one.height > 1), default=0)
        if tall >= reach:
            reach, above = tall, kind == "table"
        if kind == "blank" or (kind == "single" and CHAPTER.match(_text(regions))):
            yield from _segment(sheet, segment)
            segment = []
            yield from _lines(sheet, regions)
        else:
            segment.append((kind, regions))
    yield from _segment(sheet, segment)


def _visible(sheet: Sheet, budget: Budget) -> dict[int, list[_Region]]:
    """Return the printed cells by visible row, from left to right; hidden rows and columns are left out."""
    budget.cells(len(sheet.texts) + len(sheet.bordered) + len(sheet.merged))
    spots = set(sheet.texts) | sheet.bordered
    regions: list[Merged] = []
    inside: set[Spot] = set()
    framed: set[Spot] = set()
    for region in sheet.merged:
        budget.check()
        held = _held(region, spots)
        if held and not inside & held:
            inside |= held
            regions.append(region)
            framed |= {(region.top, region.left)} if held & sheet.bordered else set()
    regions += [Merged(row, column, row, column) for row, column in spots - inside]
    rows = _numbering(regions, sheet.hidden_rows, [(one.top, one.bottom) for one in regions])
    columns = _numbering(regions, sheet.hidden_columns, [(one.left, one.right) for one in regions])
    found: dict[int, list[_Region]] = {}
    for one in regions:
        top, bottom = rows[one.top], rows[one.bottom + 1]
        left, right = columns[one.left], columns[one.right + 1]
        if bottom > top and right > left:
            text = _cleaned(sheet.texts.get((one.top, one.left), ""))
            border = (one.top, one.left) in framed or (one.top, one.left) in sheet.bordered
            made = _Region(top, left, bottom - top, right - left, text, address(one.top, one.left), border)
            found.setdefault(top, []).append(made)
    for listed in found.values():
        listed.sort(key=lambda one: one.column)
    return found


def _held(region: Merged, spots: set[Spot]) -> set[Spot]:
    """Return the stored cells inside a merged region."""
    area = (region.bottom - region.top + 1) * (region.right - region.left + 1)
    if area <= len(spots):
        listed: Iterable[Spot] = (
            (r, c) for r in range(region.top, region.bottom + 1) for c in range(region.left, region.right + 1)
        )
        return {spot for spot in listed if spot in spots}
    return {
        (r, c) for r, c in spots if region.top <= r <= region.bottom and region.left <= c <= region.right
    }


def _numbering(regions: Sequence[Merged], hidden: set[int], ranges: Sequence[tuple[int, int]]) -> Mapping[int, int]:
    """Return for each edge of a region how many visible rows (or columns) lie before it.

    Only edges matter, so that a cell in the last row of a sheet costs no more than one in the first. Where nothing
    starts between two edges, one visible row stands for all of them; an empty stretch keeps one blank row.
    """
    edges = sorted({edge for first, last in ranges for edge in (first, last + 1)})
    gone = sorted(hidden)
    numbers: dict[int, int] = {}
    count = place = 0
    for number, edge in enumerate(edges):
        if number:
            before = edges[number - 1]
            while place < len(gone) and gone[place] < before:
                place += 1
            skipped = place
            while skipped < len(gone) and gone[skipped] < edge:
                skipped += 1
            count += edge - before > skipped - place
        numbers[edge] = count
    return numbers


def _kind(regions: Sequence[_Region], covered: bool, by_table: bool) -> RowKind:
    """Return what a row shows; one that a tall cell reaches into is as the row in which that begins."""
    several = len([one for one in regions if one.text]) > 1 or len([one for one in regions if one.bordered]) > 1
    if several or (covered and by_table):
        return "table"
    return "single" if covered or _text(regions) else "blank"


def _text(regions: Sequence[_Region]) -> str:
    return next((one.text for one in regions if one.text), "")


def _segment(sheet: Sheet, rows: Sequence[tuple[RowKind, list[_Region]]]) -> Iterator[Block]:
    """Yield rows that stand together: lines of text before and after, between them a table."""
    tables = [number for number, (kind, _) in enumerate(rows) if kind == "table"]
    first, end = (tables[0], tables[-1] + 1) if tables else (len(rows), len(rows))
    if tables and end < len(rows) and _is_last_label(rows[end - 1][1], rows[end][1]):
        end += 1
    for _, regions in rows[:first]:
        yield from _lines(sheet, regions)
    if tables:
        yield _grid(sheet, [regions for _, regions in rows[first:end]])
    for _, regions in rows[end:]:
        yield from _lines(sheet, regions)


def _is_last_label(above: Sequence[_Region], regions: Sequence[_Region]) -> bool:
    """Tell whether a table goes on below: without borders, a last row of a label and blanks stores only the label.

    It stands exactly below another label of the table; below a row of figures it could be a signature.
    """
    upper, lower = [one for one in above if one.text], [one for one in regions if one.text]
    if not upper or len(lower) != 1:
        return False
    pair = (upper[0], lower[0])
    stands_below = len({(one.column, one.width, one.height, one.bordered) for one in pair}) == 1
    return stands_below and not lower[0].bordered and all(LABEL.fullmatch(one.text) for one in pair)


def _lines(sheet: Sheet, regions: Sequence[_Region]) -> Iterator[Block]:
    for one in regions:
        for line in one.text.split("\n"):
            if line:
                yield Block(line, f"sheet {sheet.name}, {one.address}")


def _grid(sheet: Sheet, rows: Sequence[Sequence[_Region]]) -> Block:
    """Return a table; where it has no borders, blank cells that are not stored count up to its right edge."""
    left = min(one.column for regions in rows for one in regions)
    edge = max(one.column + one.width for regions in rows for one in regions)
    fill = not any(one.bordered for regions in rows for one in regions)
    printed: list[PrintedRow] = []
    busy: dict[int, int] = {}
    for number, regions in enumerate(rows):
        taken = {column for column, until in busy.items() if until > number}
        for one in regions:
            columns = range(one.column, one.column + one.width)
            taken.update(columns)
            if one.height > 1:
                busy.update(dict.fromkeys(columns, number + one.height))
        last = edge if fill else max(taken, default=left)
        blanks = [_Region(0, column, 1, 1, "", "", False) for column in range(left, last) if column not in taken]
        cells = sorted((*regions, *blanks), key=lambda one: one.column)
        spot = next((one.address for one in regions), "")
        printed.append(PrintedRow(tuple(_printed(sheet, one, left, spot) for one in cells), _place(sheet, spot)))
    return Block("", printed[0].place, tuple(printed))


def _printed(sheet: Sheet, one: _Region, left: int, spot: str) -> PrintedCell:
    """Return a printed cell; a blank that is not stored stands beside the first stored cell of its row."""
    place = _place(sheet, one.address or spot)
    return PrintedCell(one.text, place, one.height, one.width, one.column - left)


def _place(sheet: Sheet, spot: str) -> str:
    return f"sheet {sheet.name}, {spot}" if spot else f"sheet {sheet.name}"


def _cleaned(text: str) -> str:
    lines = (BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
