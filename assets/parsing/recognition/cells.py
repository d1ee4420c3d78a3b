"""What stands in the cells of a ruled table: blank, one or more lines of text, or something that is neither.

Belongs here: from a cell's box to pictures of its lines. Does not: rules (ruling.py), what the lines say (models.py),
belief (doubt.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy

from assets.parsing.geometry.printed import RuledTable
from assets.parsing.geometry.shapes import Region
from assets.parsing.recognition.deskew import Grey, Level
from assets.parsing.recognition.ink import Inside, Piece, inside, is_blank, lines

# Air left around a line, in heights of the page's text; a line is at least so high, so that a dash stays small.
AIR_ACROSS, AIR_DOWN, LEAST_HIGH = 0.25, 0.15, 0.8


@dataclass(frozen=True)
class LinePicture:
    """One line to recognise: its picture, its box on the level page, and whether it may be incomplete."""

    picture: Grey
    box: Region
    cut: bool = False


@dataclass(frozen=True)
class CellContent:
    """The lines of one cell; `unclear` if there is something that is neither print nor clearly dust."""

    box: Region
    lines: tuple[LinePicture, ...]
    unclear: bool = False


def contents(page: Level, table: RuledTable, height: float) -> list[CellContent]:
    """Return what stands in each cell of a table, in the table's order; `height` is that of the page's text."""
    return [_content(page, cell.box, height, cell.row_span > 1) for cell in table.cells]


def _content(page: Level, box: Region, height: float, is_tall: bool) -> CellContent:
    found = inside(page.grey, page.ink, (box.x0, box.y0, box.x1, box.y1), height)
    blank = True if found.ink.size == 0 else is_blank(found, height)
    if blank is not False:
        # No figure stands in a cell over several rows, so that dust there is no reason for doubt.
        return CellContent(box, (), unclear=blank is None and not is_tall)
    return CellContent(box, line_pictures(found, height))


def line_pictures(found: Inside, height: float) -> tuple[LinePicture, ...]:
    """Return the lines that stand in a piece of the page, top to bottom."""
    bands = lines(found.pieces, found.ink, height)
    return tuple(_picture(found, band, _members(found.pieces, bands, band), height) for band in bands)


def _members(
    pieces: Sequence[Piece], bands: Sequence[tuple[int, int]], band: tuple[int, int]
) -> tuple[Piece, ...]:
    """Return the pieces that are nearest to one line, its dots and any dust included.

    A line that was cut out of a larger piece has none of its own: then it is whatever reaches into it.
    """

    def distance(piece: Piece, one: tuple[int, int]) -> float:
        middle = (piece.y0 + piece.y1) / 2
        return max(one[0] - middle, middle - one[1], 0.0)

    nearest = tuple(piece for piece in pieces if min(bands, key=lambda one: distance(piece, one)) == band)
    return nearest or tuple(piece for piece in pieces if piece.y0 < band[1] and band[0] < piece.y1)


def _picture(found: Inside, band: tuple[int, int], pieces: tuple[Piece, ...], height: float) -> LinePicture:
    """Cut a line out, white all around it, so that nothing of the lines above and below is in the picture."""
    solid = [piece for piece in pieces if not piece.is_dot(height)] or list(pieces)
    left, right = min(piece.x0 for piece in solid), max(piece.x1 for piece in solid)
    left, right = _with_dots(pieces, (left, right), height)
    top, bottom = band
    lacking = max(0, round(height * LEAST_HIGH) - (bottom - top))
    top, bottom = top - lacking // 2, bottom + (lacking - lacking // 2)
    across, down = max(2, round(height * AIR_ACROSS)), max(2, round(height * AIR_DOWN))
    shade = _cut(found.grey, (left - across, top - down, right + across, bottom + down))
    box = Region(found.left + left, found.top + top, found.left + right, found.top + bottom)
    return LinePicture(shade, box, found.cut)


def _with_dots(pieces: Sequence[Piece], ends: tuple[int, int], height: float) -> tuple[int, int]:
    """Widen a line to the dots beside it; those farther off are dust."""
    left, right = ends
    for piece in pieces:
        if left - height < piece.x0 and piece.x1 < right + height:
            left, right = min(left, piece.x0), max(right, piece.x1)
    return left, right


def _cut(grey: Grey, box: tuple[int, int, int, int]) -> Grey:
    left, top, right, bottom = box
    tall, wide = grey.shape
    kept = grey[max(top, 0) : min(bottom, tall), max(left, 0) : min(right, wide)]
    padding = (max(-top, 0), max(bottom - tall, 0), max(-left, 0), max(right - wide, 0))
    return numpy.asarray(cv2.copyMakeBorder(kept, *padding, cv2.BORDER_CONSTANT, value=(255,)), numpy.uint8)
