"""Lines of text that stand outside the tables of a page.

Belongs here: finding them by their ink, with nothing known but where the tables are. Does not: recognition (models.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy

from assets.parsing.geometry.shapes import Region
from assets.parsing.recognition.cells import LinePicture, line_pictures
from assets.parsing.recognition.deskew import Grey, Level
from assets.parsing.recognition.ink import whole

# Characters of a line are closer than this, in heights of the page's text; what is lower and narrower is no text.
NEAR, LEAST = 1.6, 0.3
# A title is at most so many times as high as the page's text; what is higher is a picture or a seal.
MOST_HIGH = 6.0
# Around a table so much is taken to be part of its rules.
RULE_AIR = 0.25


def outside(page: Level, tables: Sequence[Region], height: float) -> list[LinePicture]:
    """Return the lines outside the tables, top to bottom; `height` is that of the page's text in pixels."""
    ink = page.ink.copy()
    air = max(3, round(height * RULE_AIR))
    for box in tables:
        ink[max(round(box.y0) - air, 0) : round(box.y1) + air, max(round(box.x0) - air, 0) : round(box.x1) + air] = 0
    found: list[LinePicture] = []
    for left, top, right, bottom in _strips(ink, height):
        pictures = line_pictures(whole(page.grey, ink, (left, top, right, bottom)), max(height, (bottom - top) * 0.6))
        found += pictures
    return found


def _strips(ink: Grey, height: float) -> Iterable[tuple[int, int, int, int]]:
    """Return boxes of text: ink that is near to other ink on the same line, parts of characters taken together."""
    reach = max(3, round(height * NEAR))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones((1, reach), numpy.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    strips: list[tuple[int, int, int, int]] = []
    for left, top, width, tall, _ in sorted(boxes[1:count].tolist(), key=lambda box: (box[1], box[0])):
        if max(width, tall) >= height * LEAST and tall <= height * MOST_HIGH:
            _add(strips, (left, top, left + width, top + tall), reach)
    kept = (box for box in strips if box[3] - box[1] >= height * LEAST and box[2] - box[0] >= height * LEAST)
    return sorted(kept, key=lambda box: (box[1], box[0]))


def _add(strips: list[tuple[int, int, int, int]], box: tuple[int, int, int, int], reach: int) -> None:
    """Add a box, joined with those that lie beside it on the same line, again and again until none does."""
    while True:
        beside = next((number for number, strip in enumerate(strips) if _one_line(strip, box, reach)), None)
        if beside is None:
            strips.append(box)
            return
        other = strips.pop(beside)
        box = (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))


def _one_line(one: tuple[int, int, int, int], other: tuple[int, int, int, int], reach: int) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    apart = max(one[0], other[0]) - min(one[2], other[2])
    return apart <= reach and shared * 2 >= min(one[3] - one[1], other[3] - other[1])
