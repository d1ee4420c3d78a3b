"""The PDF layouts: two producers, tables over page breaks, repeated heads, cut rows, turned pages, no rules.

Belongs here: setting publications on pages with a pen, and one pen per producer: fpdf2, which embeds a subset of a real
Chinese font, and reportlab, which names one and embeds nothing. Does not: which cell spans what (grid.py).

Lengths are points, origin top left, y downwards.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from fpdf import FPDF
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from assets.form import cells as form
from tests.typesetting.fonts import SANS, font
from tests.typesetting.form import PrintedTable
from tests.typesetting.grid import Grid, GridCell, Row, cut, grid
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.publication import Publication, Words
from tests.typesetting.rows_on_paper import column_widths, fitting, placed

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 60.0
SIZE, PITCH, BASE = 9.0, 1.25, 0.88
PADDING = 3.5
RULE = 0.5
SHADE = 0.9
# The label columns of table 3; the rest of the width is shared among the figures.
REQUEST_LABELS = (18.0, 54.0, 158.0)
HEAD_ROWS = {form.PROACTIVE: 0, form.REQUESTS: 3, form.REMEDIES: 0}
WORDS_SIZE = {"title": 16.0, "heading": 12.0}


class Pen(Protocol):
    """What a producer does: pages, text at a baseline, strokes and fills."""

    def page(self) -> None:
        """Begin a page."""

    def text(self, x: float, base: float, size: float, text: str) -> None:
        """Write text at a baseline."""

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw the border of a cell."""

    def shade(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Fill a cell with grey, in stripes as some producers do."""

    def width(self, text: str, size: float) -> float:
        """Return how wide text is."""

    def content(self) -> bytes:
        """Return the file."""


@dataclass(frozen=True)
class Manner:
    """How a report is set. `cut_rows`: a page may end inside a row whose label has several lines."""

    ruled: bool = True
    repeated_heads: bool = False
    cut_rows: bool = False
    shaded: bool = False
    numbered: bool = True


class EmbeddingPen:
    """fpdf2: a subset of the font in the file, cells as stroked rectangles."""

    def __init__(self) -> None:
        self._file = FPDF(unit="pt", format=(WIDTH, HEIGHT))
        self._file.set_auto_page_break(False)
        self._file.set_creation_date(datetime(2025, 1, 20, tzinfo=UTC))
        self._file.add_font(SANS, fname=font(SANS).file)
        self._file.set_line_width(RULE)

    def page(self) -> None:
        self._file.add_page()

    def text(self, x: float, base: float, size: float, text: str) -> None:
        self._file.set_font(SANS, size=size)
        self._file.text(x, base, text)

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._file.rect(x0, y0, x1 - x0, y1 - y0)

    def shade(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._file.set_fill_color(round(255 * SHADE))
        self._file.rect(x0, y0, x1 - x0, y1 - y0, style="F")

    def width(self, text: str, size: float) -> float:
        self._file.set_font(SANS, size=size)
        return self._file.get_string_width(text)

    def content(self) -> bytes:
        return bytes(self._file.output())


class NamingPen:
    """reportlab: a font that every viewer must bring itself, borders as thin filled rectangles; perhaps turned pages.

    A turned page is stored lying on its side and shown upright.
    """

    def __init__(self, turned: bool = False) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        self._buffer = io.BytesIO()
        self._turned = turned
        # reportlab itself exchanges width and height of a page that it turns.
        self._canvas = Canvas(self._buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
        self._begun = False

    def page(self) -> None:
        if self._begun:
            self._canvas.showPage()
        self._begun = True
        if self._turned:
            self._canvas.setPageRotation(90)
            self._canvas.transform(0, 1, -1, 0, HEIGHT, 0)

    def text(self, x: float, base: float, size: float, text: str) -> None:
        self._canvas.setFont("STSong-Light", size)
        self._canvas.drawString(x, HEIGHT - base, text)

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._canvas.setFillGray(0)
        for left, top, right, bottom in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            box = (left - RULE / 2, HEIGHT - bottom - RULE / 2, right - left + RULE, bottom - top + RULE)
            self._canvas.rect(*box, stroke=0, fill=1)

    def shade(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._canvas.setFillGray(SHADE)
        stripes = max(1, round((y1 - y0) / 2))
        for number in range(stripes):
            height = (y1 - y0) / stripes
            self._canvas.rect(x0, HEIGHT - y0 - (number + 1) * height, x1 - x0, height, stroke=0, fill=1)
        self._canvas.setFillGray(0)

    def width(self, text: str, size: float) -> float:
        return float(pdfmetrics.stringWidth(text, "STSong-Light", size))

    def content(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()


def pdf(publication: Publication, pen: type[Pen], manner: Manner) -> bytes:
    """Set a PDF file."""
    return _typeset(publication, pen(), manner)


def pdf_turned(publication: Publication) -> bytes:
    """Set a PDF file whose pages lie on their side in the file and are shown upright."""
    return _typeset(publication, NamingPen(turned=True), Manner())


LAYOUTS = (
    Layout("pdf_embedded", ".pdf", partial(pdf, pen=EmbeddingPen, manner=Manner())),
    Layout("pdf_named_font", ".pdf", partial(pdf, pen=NamingPen, manner=Manner(shaded=True, cut_rows=True))),
    Layout("pdf_repeated_heads", ".pdf", partial(
        pdf, pen=EmbeddingPen, manner=Manner(repeated_heads=True, shaded=True, cut_rows=True))),
    Layout("pdf_turned", ".pdf", pdf_turned),
    Layout("pdf_borderless", ".pdf", partial(pdf, pen=NamingPen, manner=Manner(ruled=False))),
)


# ---------------------------------------------------------------------------------------------------------------------
# Pages


@dataclass
class _Sheet:
    """A pen on its page: how far down the page is filled, and how many there are."""

    pen: Pen
    manner: Manner
    top: float = HEIGHT
    pages: int = 0

    def turn(self) -> None:
        self.pen.page()
        self.pages += 1
        self.top = MARGIN
        if self.manner.numbered:
            self.pen.text(WIDTH / 2 - 12, HEIGHT - 30, SIZE, f"- {self.pages} -")

    @property
    def room(self) -> float:
        return HEIGHT - MARGIN - self.top


def _typeset(publication: Publication, pen: Pen, manner: Manner) -> bytes:
    sheet = _Sheet(pen, manner)
    sheet.turn()
    for block in publication.blocks:
        if isinstance(block, PrintedTable):
            _set_table(sheet, block)
        else:
            _set_words(sheet, block)
    return pen.content()


def _set_words(sheet: _Sheet, words: Words) -> None:
    size = WORDS_SIZE.get(words.kind, 11.0)
    indent = "　　" if words.kind in ("paragraph", "heading") else ""
    for line in _wrapped(sheet.pen, indent + words.text, WIDTH - 2 * MARGIN, size):
        if sheet.room < size * 1.6:
            sheet.turn()
        width = sheet.pen.width(line, size)
        left = {"title": (WIDTH - width) / 2, "closing": WIDTH - MARGIN - width}.get(words.kind, MARGIN)
        sheet.pen.text(left, sheet.top + size * BASE, size, line)
        sheet.top += size * 1.6


def _wrapped(pen: Pen, text: str, width: float, size: float) -> list[str]:
    """Break text between characters, never inside a number."""
    lines, line = [], ""
    for piece in re.findall(r"[0-9.,+\-]+|.", text, re.S):
        if piece == "\n" or (line and pen.width(line + piece, size) > width):
            lines.append(line)
            line = ""
        line += piece.strip("\n")
    return [*lines, line] if line else lines


# ---------------------------------------------------------------------------------------------------------------------
# Tables


@dataclass(frozen=True)
class _Piece:
    """What is left of a table: its rows, and how many of them are its head."""

    of: Grid
    columns: tuple[float, ...]
    heads: int


def _set_table(sheet: _Sheet, table: PrintedTable) -> None:
    of = grid(table)
    piece = _Piece(of, column_widths(of, table.code, WIDTH - 2 * MARGIN, REQUEST_LABELS), HEAD_ROWS[table.code])
    heads = piece.of.rows[: piece.heads] if sheet.manner.repeated_heads else ()
    while True:
        heights = _heights(sheet.pen, piece)
        count = fitting(heights, sheet.room)
        if count == len(heights):
            _draw(sheet, piece, heights)
            sheet.top += 12
            return
        if count <= piece.heads:
            sheet.turn()
            continue
        whole = piece.of
        if sheet.manner.cut_rows and (torn := _torn(sheet, piece, count)) is not None:
            whole = torn
            count += 1
        above, below = cut(whole, count)
        if sum(_heights(sheet.pen, replace(piece, of=above))) > sheet.room:
            above, below = _sunk(whole, above, below)
        upper = replace(piece, of=above)
        _draw(sheet, upper, _heights(sheet.pen, upper))
        sheet.turn()
        piece = _Piece(replace(below, rows=(*heads, *below.rows)), piece.columns, len(heads))


def _sunk(whole: Grid, above: Grid, below: Grid) -> tuple[Grid, Grid]:
    """Return the pieces of a table with the texts of labels that cross the break in the lower one, where is room."""
    crossing = [
        (number, place) for number, row in enumerate(above.rows) for place, cell in enumerate(row)
        if cell.row_span < whole.rows[number][place].row_span
    ]
    texts = [above.rows[number][place].text for number, place in crossing]
    emptied = tuple(
        tuple(replace(cell, text="") if (number, place) in crossing else cell for place, cell in enumerate(row))
        for number, row in enumerate(above.rows)
    )
    first = tuple(replace(cell, text=text) for cell, text in zip(below.rows[0], texts, strict=False))
    return replace(above, rows=emptied), replace(below, rows=((*first, *below.rows[0][len(texts) :]), *below.rows[1:]))


def _lines(pen: Pen, cell: GridCell, columns: tuple[float, ...], column: int) -> list[str]:
    width = sum(columns[column : column + cell.column_span]) - 2 * PADDING
    return _wrapped(pen, cell.text, max(width, SIZE), SIZE)


def _heights(pen: Pen, piece: _Piece) -> list[float]:
    """Return the height of each row; a cell over several rows stretches its last one."""
    heights = [SIZE * PITCH + 2 * PADDING] * len(piece.of.rows)
    for spanning in (False, True):
        for row, column, cell in placed(piece.of):
            if (cell.row_span > 1) == spanning:
                needed = len(_lines(pen, cell, piece.columns, column)) * SIZE * PITCH + 2 * PADDING
                lacking = needed - sum(heights[row : row + cell.row_span])
                heights[row + cell.row_span - 1] += max(lacking, 0.0)
    return heights


def _torn(sheet: _Sheet, piece: _Piece, at: int) -> Grid | None:
    """Return the grid with the row `at` in two: its label's first line and the figures, then the label's rest."""
    columns = {(row, number): column for row, column, cell in placed(piece.of)
               for number, one in enumerate(piece.of.rows[row]) if one is cell}
    row = piece.of.rows[at]
    leaf = next((number for number, cell in enumerate(row) if cell.role == "value"), 0) - 1
    if leaf < 0 or any(cell.row_span > 1 for cell in row[: leaf + 1]):
        return None
    lines = _lines(sheet.pen, row[leaf], piece.columns, columns[at, leaf])
    if len(lines) < 2:
        return None
    upper: Row = (*row[:leaf], replace(row[leaf], text=lines[0]), *row[leaf + 1 :])
    tail = "".join(lines[1:])
    lower: Row = tuple(replace(cell, text=tail if number == leaf else "") for number, cell in enumerate(row))
    before = tuple(
        tuple(replace(cell, row_span=cell.row_span + (number + cell.row_span > at)) for cell in cells)
        for number, cells in enumerate(piece.of.rows[:at])
    )
    return replace(piece.of, rows=(*before, upper, lower, *piece.of.rows[at + 1 :]))


def _draw(sheet: _Sheet, piece: _Piece, heights: list[float]) -> None:
    for row, column, cell in placed(piece.of):
        x0, y0 = MARGIN + sum(piece.columns[:column]), sheet.top + sum(heights[:row])
        x1 = x0 + sum(piece.columns[column : column + cell.column_span])
        y1 = y0 + sum(heights[row : row + cell.row_span])
        if sheet.manner.shaded and cell.role == "head":
            sheet.pen.shade(x0, y0, x1, y1)
        if sheet.manner.ruled:
            sheet.pen.frame(x0, y0, x1, y1)
        _write(sheet.pen, cell, _lines(sheet.pen, cell, piece.columns, column), (x0, y0, x1, y1))
    sheet.top += sum(heights)


def _write(pen: Pen, cell: GridCell, lines: list[str], box: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = box
    top = (y0 + y1 - len(lines) * SIZE * PITCH) / 2
    for number, line in enumerate(lines):
        middle = (x0 + x1 - pen.width(line, SIZE)) / 2
        left = x0 + PADDING if cell.role == "label" and cell.row_span == 1 else middle
        pen.text(left, top + number * SIZE * PITCH + SIZE * BASE, SIZE, line)
