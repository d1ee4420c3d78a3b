"""The ink of one cell or strip of a page: its pieces, its lines, what is dust, whether it is blank.

Belongs here: plain measures of black and white pictures. Does not: recognition (models.py), belief (doubt.py).

Lengths are heights of the page's text, `height` in pixels, unless named otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy

from assets.parsing.recognition.deskew import Grey

# A piece this small both ways is a dot: dust, a decimal point, part of a character.
DOT = 0.24
# Alone in a cell, a piece this small is dust, and so is a dot that is about as wide as it is high: a dash is wider.
# There may be so many of them if they lie far apart; what lies together may be the rest of a character, unless it is
# less ink than a character leaves and does not lie level as the halves of a dash do.
DUST, ROUND, MOST_DUST = 0.16, 1.6, 4
LEAST_INK, LEVEL = 0.02, 0.15
# Lines of one text are farther apart than this, and no line is higher; a line is at least so high.
LINE_GAP, MOST_LINE, LEAST_LINE = 0.4, 1.2, 0.6
# Two lines that touch are as high as this.
TOUCHING_LINES, PITCH = 1.7, 1.15
# Half a rule lies so near to the edge of its cell; strokes of characters are farther away.
RULE_REACH = 0.15
# A remnant of a rule at the edge of a cell is thinner than this.
THIN = 0.22
# Something faint: the mean of a spot is darker than paper by this (of 255).
FAINT, FAINT_SPOT = 14, 0.35


@dataclass(frozen=True, slots=True)
class Piece:
    """A connected piece of ink: its box, ends exclusive, and its area in pixels."""

    x0: int
    y0: int
    x1: int
    y1: int
    area: int

    @property
    def width(self) -> int:
        """Return the width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Return the height in pixels."""
        return self.y1 - self.y0

    def is_dot(self, height: float) -> bool:
        """Tell whether the piece is small both ways."""
        return max(self.width, self.height) <= max(2.0, height * DOT)


@dataclass(frozen=True)
class Inside:
    """What stands inside a cell: its grey and ink without the rules, its pieces, and whether ink runs over its edge."""

    grey: Grey
    ink: Grey
    pieces: tuple[Piece, ...]
    left: int
    top: int
    cut: bool


def inside(grey: Grey, ink: Grey, box: tuple[float, float, float, float], height: float) -> Inside:
    """Cut a cell out of a page, between its rules: `box` is between their middles."""
    left, top, right, bottom = (round(edge) for edge in box)
    left, top = max(left, 0), max(top, 0)
    crop = ink[top:bottom, left:right]
    rows, columns = _between_rules(crop, height), _between_rules(crop.T, height)
    left, right, top, bottom = left + columns[0], left + columns[1], top + rows[0], top + rows[1]
    shade, black = grey[top:bottom, left:right].copy(), ink[top:bottom, left:right].copy()
    pieces, cut = _without_remnants(shade, black, height)
    return Inside(shade, black, pieces, left, top, cut)


def whole(grey: Grey, ink: Grey, box: tuple[int, int, int, int]) -> Inside:
    """Cut a strip out of a page that has no rules around it."""
    left, top, right, bottom = box
    black = ink[top:bottom, left:right].copy()
    pieces = tuple(piece for piece, _ in _pieces(black))
    return Inside(grey[top:bottom, left:right].copy(), black, pieces, left, top, False)


def lines(pieces: Sequence[Piece], ink: Grey, height: float) -> list[tuple[int, int]]:
    """Return the lines (top, end) of a text; dots alone make none."""
    profile = numpy.zeros(ink.shape[0] + 1, bool)
    for piece in pieces:
        if not piece.is_dot(height):
            profile[piece.y0 : piece.y1] = True
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([False], profile)).astype(numpy.int8)))
    bands = [(int(top), int(end)) for top, end in zip(edges[::2], edges[1::2], strict=True)]
    return [part for band in _merged(bands, height) for part in _parted(band, ink, height)]


def is_blank(content: Inside, height: float) -> bool | None:
    """Tell whether nothing is printed; None if there is something that is neither print nor clearly dust."""
    if any(not piece.is_dot(height) for piece in content.pieces):
        return False
    pieces = content.pieces
    dust = all(_is_dust(piece, height) for piece in pieces)
    if len(pieces) > MOST_DUST or not dust or content.cut or not _are_apart(pieces, height):
        return None
    return None if _is_faint(content, height) else True


def _is_dust(piece: Piece, height: float) -> bool:
    """Tell whether a dot is too small, or too round, for a dash or what is left of one."""
    long, short = max(piece.width, piece.height), min(piece.width, piece.height)
    return long <= max(2.0, height * DUST) or long <= short * ROUND


def _are_apart(pieces: Sequence[Piece], height: float) -> bool:
    """Tell whether no two pieces can be parts of one character."""
    return not any(_may_be_one(one, other, height) for one, other in combinations(pieces, 2))


def _may_be_one(one: Piece, other: Piece, height: float) -> bool:
    """Tell whether two pieces lie as near to each other as parts of a character and are no crumbs of dust."""
    if not _near(one, other, height) or _around(one, other).is_dot(height):
        return False
    level = abs(one.y0 + one.y1 - other.y0 - other.y1) < 2 * height * LEVEL
    return level or one.area + other.area > height * height * LEAST_INK


def _near(one: Piece, other: Piece, height: float) -> bool:
    across = max(one.x0, other.x0) - min(one.x1, other.x1)
    down = max(one.y0, other.y0) - min(one.y1, other.y1)
    return max(across, down) < height


def _around(one: Piece, other: Piece) -> Piece:
    return Piece(min(one.x0, other.x0), min(one.y0, other.y0), max(one.x1, other.x1), max(one.y1, other.y1),
                 one.area + other.area)


def _is_faint(content: Inside, height: float) -> bool:
    """Tell whether a spot of about a stroke's size is darker than paper, dust aside."""
    shade = content.grey.copy()
    for piece in content.pieces:
        shade[max(piece.y0 - 2, 0) : piece.y1 + 2, max(piece.x0 - 2, 0) : piece.x1 + 2] = 255
    side = max(3, round(height * FAINT_SPOT))
    if min(shade.shape) <= side:
        return False
    spots = cv2.blur(shade, (side, side))
    return float(numpy.median(spots)) - float(spots.min()) > FAINT


def _between_rules(crop: Grey, height: float) -> tuple[int, int]:
    """Return the first row after the upper rule and the first of the lower one."""
    size = crop.shape[0]
    if crop.size == 0:
        return 0, size
    dark = [bool(share) for share in (crop > 0).mean(axis=1) > 0.5]
    return 1 + _rule_end(dark, height), size - 1 - _rule_end(dark[::-1], height)


def _rule_end(dark: Sequence[bool], height: float) -> int:
    """Return how many rows a rule at the beginning takes up; an upright stroke behind it is no part of the rule."""
    reach = max(3, round(height * RULE_REACH))
    start = next((row for row in range(min(reach, len(dark) // 3)) if dark[row]), None)
    if start is None:
        return 0
    return next((row for row in range(start, len(dark) // 3) if not dark[row]), len(dark) // 3)


def _without_remnants(shade: Grey, black: Grey, height: float) -> tuple[tuple[Piece, ...], bool]:
    """Paint out what is left of rules along the edges; tell whether other ink touches an edge."""
    kept, cut = [], False
    tall, wide = black.shape
    thin = max(3.0, height * THIN)
    for piece, mask in _pieces(black):
        sides = (piece.x0 == 0 or piece.x1 == wide, piece.y0 == 0 or piece.y1 == tall)
        if not any(sides):
            kept.append(piece)
        elif (sides[0] and piece.width <= thin) or (sides[1] and piece.height <= thin):
            area = (slice(piece.y0, piece.y1), slice(piece.x0, piece.x1))
            shade[area][mask], black[area][mask] = 255, 0
        else:
            cut = True
            kept.append(piece)
    return tuple(kept), cut


def _pieces(black: Grey) -> list[tuple[Piece, numpy.ndarray[tuple[int, int], numpy.dtype[numpy.bool_]]]]:
    if black.size == 0:
        return []
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(black, connectivity=8)
    found = []
    for number, (left, top, width, tall, area) in enumerate(boxes[1:count].tolist(), 1):
        mask = labels[top : top + tall, left : left + width] == number
        found.append((Piece(left, top, left + width, top + tall, area), mask))
    return found


def _merged(bands: list[tuple[int, int]], height: float) -> list[tuple[int, int]]:
    """Join bands that are parts of one line, as the bar of a 5 and its bowl are."""
    joined: list[tuple[int, int]] = []
    for top, end in bands:
        if joined:
            above, over = joined[-1]
            low = min(over - above, end - top) < height * LEAST_LINE
            if low and top - over < height * LINE_GAP and end - above <= height * MOST_LINE:
                joined[-1] = (above, end)
                continue
        joined.append((top, end))
    return joined


def _parted(band: tuple[int, int], ink: Grey, height: float) -> list[tuple[int, int]]:
    """Cut a band of touching lines where there is least ink."""
    top, end = band
    if end - top < height * TOUCHING_LINES:
        return [band]
    profile = (ink[top:end] > 0).sum(axis=1)
    parts = max(2, round((end - top) / (height * PITCH)))
    reach = max(1, round(height * 0.3))
    cuts = [top]
    for number in range(1, parts):
        middle = round((end - top) * number / parts)
        low = max(middle - reach, 1)
        cuts.append(top + low + int(profile[low : middle + reach].argmin()))
    return [(first, last) for first, last in zip(cuts, [*cuts[1:], end], strict=True) if last > first]
