"""Pictures made even: background white, lines of the page level.

Belongs here: grey pictures in, levelled grey pictures out, with the way back to the picture as it was delivered.
Does not: rules (ruling.py), text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy
from numpy.typing import NDArray

Grey = NDArray[numpy.uint8]

# A page on a flat-bed scanner lies less askew than this; in degrees.
MOST_SKEW = 5.0
# Less than this moves the end of a line by less than a pixel.
LEAST_SKEW = 0.06
MOST_POINTS = 150_000
# The background is measured on a picture this many times smaller.
COARSER = 8
# Ink is this much darker than its background, or more where the picture is noisy.
LEAST_CONTRAST, MOST_CONTRAST = 70, 140


@dataclass(frozen=True)
class Level:
    """A level page: grey picture with white background, its ink, and the matrix back to the delivered picture."""

    grey: Grey
    ink: Grey
    back: NDArray[numpy.float64]

    def as_delivered(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """Return the upright box, in the delivered picture, around a box of the level one."""
        x0, y0, x1, y1 = box
        corners = numpy.array([(x0, y0, 1), (x1, y0, 1), (x1, y1, 1), (x0, y1, 1)]) @ self.back.T
        low, high = corners.min(axis=0), corners.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def level(grey: Grey) -> Level:
    """Return the page with an even white background, turned so that its lines are level."""
    even = _even(grey)
    ink = _ink(even)
    angle = skew(ink)
    if abs(angle) < LEAST_SKEW:
        return Level(even, ink, numpy.eye(2, 3))
    there = _turn(even.shape, angle)
    width, height = _bounds(even.shape, there)
    turned: Grey = numpy.asarray(
        cv2.warpAffine(even, there, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,)), numpy.uint8
    )
    back = cv2.invertAffineTransform(there)
    return Level(turned, _ink(turned), numpy.asarray(back, numpy.float64))


def skew(ink: Grey) -> float:
    """Return the angle in degrees by which lines fall to the right: the one that makes the sharpest line profile."""
    rows, columns = numpy.nonzero(ink)
    if len(rows) == 0:
        return 0.0
    step = max(1, len(rows) // MOST_POINTS)
    points = (rows[::step].astype(numpy.float64), columns[::step].astype(numpy.float64))
    best, reach = 0.0, MOST_SKEW
    for width in (0.25, 0.05, 0.01):
        angles = numpy.arange(best - reach, best + reach + width / 2, width)
        best = float(max(angles, key=lambda angle: _sharpness(points, float(angle))))
        reach = width * 2
    return best


def _sharpness(points: tuple[NDArray[numpy.float64], NDArray[numpy.float64]], angle: float) -> float:
    """Return how unevenly ink falls on lines of an angle; level is preferred where nothing else tells."""
    rows, columns = points
    places = (rows - columns * numpy.tan(numpy.radians(angle))).astype(numpy.int64)
    counts = numpy.bincount(places - places.min()).astype(numpy.float64)
    return float((counts**2).sum()) * (1 - abs(angle) * 1e-6)


def _even(grey: Grey) -> Grey:
    """Divide by the background: the median over a neighbourhood larger than any stroke."""
    small = cv2.resize(grey, (max(1, grey.shape[1] // COARSER), max(1, grey.shape[0] // COARSER)),
                       interpolation=cv2.INTER_AREA)
    light = cv2.dilate(small, numpy.ones((3, 3), numpy.uint8))
    background = cv2.resize(cv2.medianBlur(light, 21), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return numpy.asarray(cv2.divide(grey, numpy.maximum(background, 1), scale=255), numpy.uint8)


def _ink(even: Grey) -> Grey:
    """Return 255 where there is ink: darker than paper by more than its noise."""
    counts = numpy.bincount(even.ravel(), minlength=256)[256 - LEAST_CONTRAST :]
    noise = 1.4826 * (LEAST_CONTRAST - 1 - _median_place(counts)) if counts.any() else 0.0
    contrast = min(max(LEAST_CONTRAST, 6 * noise), MOST_CONTRAST)
    return numpy.asarray(cv2.inRange(even, (0,), (math.ceil(255 - contrast) - 1,)), numpy.uint8)


def _median_place(counts: NDArray[numpy.int64]) -> int:
    """Return the place of the median of values that are given by how often each occurs."""
    return int(numpy.searchsorted(counts.cumsum(), (counts.sum() + 1) // 2))


def _turn(shape: tuple[int, ...], angle: float) -> NDArray[numpy.float64]:
    height, width = shape[:2]
    there = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return numpy.asarray(there, numpy.float64)


def _bounds(shape: tuple[int, ...], there: NDArray[numpy.float64]) -> tuple[int, int]:
    """Shift `there` so that no corner is lost, and return the width and height of what it makes."""
    height, width = shape[:2]
    corners = numpy.array([(0, 0, 1), (width, 0, 1), (width, height, 1), (0, height, 1)]) @ there.T
    there[:, 2] -= corners.min(axis=0)
    size = numpy.ceil(corners.max(axis=0) - corners.min(axis=0)).astype(int)
    return int(size[0]), int(size[1])
