"""Scans: a publication drawn on sheets of paper, and what a scanner makes of a sheet.

Belongs here: drawing words and grids with a Chinese font, wearing a picture (rotation, noise, specks, JPEG), and where
each cell was drawn. Does not: which cell spans what (grid.py), the files that layouts are made of (layouts/scan.py).

A sheet is drawn at twice its resolution and reduced after turning, so that edges are grey as a scanner leaves them.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.typesetting.fonts import SERIF, font
from tests.typesetting.form import PrintedTable
from tests.typesetting.grid import Grid, GridCell, Role, cut, grid
from tests.typesetting.publication import Publication, Words
from tests.typesetting.rows_on_paper import column_widths, fitting, placed

POINTS = 72
WIDTH, HEIGHT, MARGIN = 595, 842, 50
# Drawn this many times larger than scanned.
FINER = 2
# With fewer rows than this left on a page, a table begins on the next.
FEWEST_ROWS = 4
# The label columns of table 3 in points; the rest of the width is shared among the figures.
REQUEST_LABELS = (20, 52, 150)


@dataclass(frozen=True)
class Sheet:
    """How a report is set: resolution, font, size and the air above and below the text of a cell, in points."""

    dpi: int = 200
    font: str = SERIF
    digits: str | None = None
    size: float = 10.5
    air: float = 3.0
    rule: float = 0.7

    @property
    def scale(self) -> float:
        """Drawn pixels per point."""
        return self.dpi * FINER / POINTS


@dataclass(frozen=True)
class Wear:
    """What paper and scanner do: rotation in degrees, noise (deviation of 255), specks per page, JPEG quality."""

    rotation: float = 0.0
    noise: float = 0.0
    specks: int = 0
    blur: float = 0.0
    quality: int | None = None
    ink: int = 20
    paper: int = 255
    seed: int = 0


@dataclass(frozen=True)
class DrawnCell:
    """A cell as drawn: its box on the unturned sheet in pixels of the scan, its text and role."""

    page: int
    box: tuple[float, float, float, float]
    text: str
    role: Role


@dataclass
class Paper:
    """Sheets under way: the pictures, what stands on them, and how far down the last one is filled (points)."""

    sheet: Sheet
    pages: list[Image.Image] = field(default_factory=list)
    cells: list[DrawnCell] = field(default_factory=list)
    top: float = MARGIN

    def turn(self) -> None:
        """Begin a page."""
        size = (round(WIDTH * self.sheet.scale), round(HEIGHT * self.sheet.scale))
        self.pages.append(Image.new("L", size, 255))
        self.top = MARGIN

    def room(self, height: float) -> None:
        """Begin a page unless `height` points are left on this one."""
        if self.top + height > HEIGHT - MARGIN:
            self.turn()


@cache
def _font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    chosen = font(name)
    return ImageFont.truetype(str(chosen.file), pixels, index=chosen.face)


def draw(publication: Publication, sheet: Sheet) -> Paper:
    """Draw a publication on as many sheets as it takes; tables are cut between rows."""
    paper = Paper(sheet)
    paper.turn()
    for block in publication.blocks:
        if isinstance(block, PrintedTable):
            _draw_table(paper, block)
        else:
            _draw_words(paper, block)
    return paper


def scan(page: Image.Image, wear: Wear) -> Image.Image:
    """Return a drawn page as scanned: turned, reduced, worn."""
    chance = random.Random(wear.seed)
    turned = page.rotate(wear.rotation, Image.Resampling.BICUBIC, fillcolor=255) if wear.rotation else page
    reduced = turned.resize((page.width // FINER, page.height // FINER), Image.Resampling.BOX)
    if wear.blur:
        reduced = reduced.filter(ImageFilter.GaussianBlur(wear.blur))
    toned = reduced.point([round(wear.ink + (wear.paper - wear.ink) * value / 255) for value in range(256)])
    if wear.noise:
        toned = _noisy(toned, wear.noise, chance)
    pen = ImageDraw.Draw(toned)
    for _ in range(wear.specks):
        _speck(pen, toned.size, chance)
    return Image.open(io.BytesIO(encoded(toned, "JPEG", quality=wear.quality))) if wear.quality else toned


def encoded(picture: Image.Image, format_name: str, **options: object) -> bytes:
    """Return the bytes of a picture in a format of Pillow."""
    buffer = io.BytesIO()
    picture.save(buffer, format_name, **options)
    return buffer.getvalue()


def joined(pages: Sequence[Image.Image]) -> Image.Image:
    """Return pages one below the other, as a long picture of a web page."""
    long = Image.new("L", (max(page.width for page in pages), sum(page.height for page in pages)), 255)
    top = 0
    for page in pages:
        long.paste(page, (0, top))
        top += page.height
    return long


def _noisy(picture: Image.Image, deviation: float, chance: random.Random) -> Image.Image:
    source = numpy.random.default_rng(chance.randrange(2**32))
    pixels = numpy.asarray(picture, numpy.float32)
    pixels = pixels + source.normal(0, deviation, pixels.shape).astype(numpy.float32)
    return Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8))


def _speck(pen: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    left, top = chance.randrange(size[0]), chance.randrange(size[1])
    side = chance.choice((0, 0, 0, 1, 1, 2))
    pen.rectangle((left, top, left + side, top + side), fill=chance.randrange(0, 120))


# ---------------------------------------------------------------------------------------------------------------------
# Words


def _draw_words(paper: Paper, words: Words) -> None:
    size = {"title": 16.0, "heading": 13.0}.get(words.kind, 12.0)
    indent = "　　" if words.kind in ("paragraph", "heading") else ""
    for line in _wrapped(paper.sheet, indent + words.text, WIDTH - 2 * MARGIN, size):
        paper.room(size * 1.7)
        width = _width(paper.sheet, line, size)
        left = {"title": (WIDTH - width) / 2, "closing": WIDTH - MARGIN - width}.get(words.kind, MARGIN)
        _write(paper, line, left, paper.top, size)
        paper.top += size * 1.7


def _write(paper: Paper, text: str, left: float, top: float, size: float) -> None:
    """Write text, figures in their own font where the sheet has one."""
    pen, scale = ImageDraw.Draw(paper.pages[-1]), paper.sheet.scale
    base = (top + size * 0.88) * scale
    for run, name in _runs(paper.sheet, text):
        pen.text((left * scale, base), run, 0, _font(name, round(size * scale)), anchor="ls")
        left += _run_width(name, run, size, scale)


def _runs(sheet: Sheet, text: str) -> Iterator[tuple[str, str]]:
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or text[end].isascii() != text[start].isascii():
            yield text[start:end], (sheet.digits or sheet.font) if text[start].isascii() else sheet.font
            start = end


def _run_width(name: str, run: str, size: float, scale: float) -> float:
    return _font(name, round(size * scale)).getlength(run) / scale


def _width(sheet: Sheet, text: str, size: float) -> float:
    return sum(_run_width(name, run, size, sheet.scale) for run, name in _runs(sheet, text))


def _wrapped(sheet: Sheet, text: str, width: float, size: float) -> list[str]:
    """Break text between characters, never inside a number."""
    lines, line, number = [], "", ""
    for place, character in enumerate(text):
        number += character
        if character.isascii() and text[place + 1 : place + 2].isascii() and place + 1 < len(text):
            continue
        if line and _width(sheet, line + number, size) > width:
            lines.append(line)
            line = ""
        line, number = line + number, ""
    return [*lines, line] if line else lines


# ---------------------------------------------------------------------------------------------------------------------
# Tables


def _draw_table(paper: Paper, table: PrintedTable) -> None:
    rest = grid(table)
    columns = column_widths(rest, table.code, WIDTH - 2 * MARGIN, REQUEST_LABELS)
    while True:
        heights, room = _heights(paper.sheet, rest, columns), HEIGHT - MARGIN - paper.top
        if fitting(heights, room) == len(rest.rows):
            _draw_grid(paper, rest, columns, heights)
            paper.top += 10
            return
        count = _above(paper.sheet, rest, columns, room)
        if count < FEWEST_ROWS and paper.top > MARGIN:
            paper.turn()
            continue
        above, rest = cut(rest, max(count, 1))
        _draw_grid(paper, above, columns, _heights(paper.sheet, above, columns))
        paper.turn()


def _above(sheet: Sheet, of: Grid, columns: tuple[float, ...], room: float) -> int:
    """Return how many rows fit above a page break: a label that goes on below it must not stick out of its cell."""
    count = fitting(_heights(sheet, of, columns), room)
    while count > 1 and sum(_heights(sheet, cut(of, count)[0], columns)) > room:
        count -= 1
    return count


def _cell_lines(sheet: Sheet, cell: GridCell, columns: tuple[float, ...], column: int) -> list[str]:
    width = sum(columns[column : column + cell.column_span]) - 4
    return _wrapped(sheet, cell.text, max(width, sheet.size), sheet.size)


def _heights(sheet: Sheet, of: Grid, columns: tuple[float, ...]) -> list[float]:
    """Return the height of each row: that of its tallest cell; a cell over several rows stretches its last one."""
    heights = [sheet.size * 1.15 + 2 * sheet.air] * len(of.rows)
    for spanning in (False, True):
        for row, column, cell in placed(of):
            if (cell.row_span > 1) != spanning:
                continue
            needed = len(_cell_lines(sheet, cell, columns, column)) * sheet.size * 1.15 + 2 * sheet.air
            lacking = needed - sum(heights[row : row + cell.row_span])
            heights[row + cell.row_span - 1] += max(lacking, 0)
    return heights


def _draw_grid(paper: Paper, of: Grid, columns: tuple[float, ...], heights: list[float]) -> None:
    for row, column, cell in placed(of):
        left, top = MARGIN + sum(columns[:column]), paper.top + sum(heights[:row])
        right = left + sum(columns[column : column + cell.column_span])
        _draw_cell(paper, (left, top, right, top + sum(heights[row : row + cell.row_span])), cell,
                   _cell_lines(paper.sheet, cell, columns, column))
    paper.top += sum(heights)


def _draw_cell(paper: Paper, box: tuple[float, float, float, float], cell: GridCell, lines: list[str]) -> None:
    left, top, right, bottom = box
    sheet, page = paper.sheet, len(paper.pages)
    corners = [round(edge * sheet.scale) for edge in box]
    ImageDraw.Draw(paper.pages[-1]).rectangle(corners, outline=0, width=max(1, round(sheet.rule * sheet.scale)))
    height = sheet.size * 1.15
    start = (top + bottom - len(lines) * height) / 2
    for number, line in enumerate(lines):
        middle = left + (right - left - _width(sheet, line, sheet.size)) / 2
        at = left + 2 if cell.role == "label" and cell.row_span == 1 else middle
        _write(paper, line, at, start + number * height, sheet.size)
    scanned = tuple(edge * sheet.scale / FINER for edge in box)
    paper.cells.append(DrawnCell(page, (scanned[0], scanned[1], scanned[2], scanned[3]), cell.text, cell.role))
