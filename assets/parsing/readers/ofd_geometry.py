"""Numbers, matrices and paths as OFD writes them.

Belongs here: parsing lists of numbers, `g` runs, path data; mapping points to the page. Does not: objects (ofd.py).
Lengths are mm until `moved` makes pt of them; y runs downwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from lxml import etree

from assets.parsing.readers.bounds import Unreadable

POINTS_PER_MM = 72 / 25.4
LARGEST = 1e6
# How many numbers each step of a path has, of which the last two are where it ends.
STEPS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
SLANT = math.radians(10)

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def numbers(printed: str | None) -> list[float]:
    """Return the numbers of a list; Unreadable('broken') for anything else, or beyond any page."""
    return _floats(printed.split()) if printed else []


def _floats(pieces: Sequence[str]) -> list[float]:
    try:
        found = [float(piece) for piece in pieces]
    except ValueError as problem:
        raise Unreadable("broken", f"OFD: {problem}") from problem
    for number in found:
        if not -LARGEST <= number <= LARGEST:
            raise Unreadable("broken", f"OFD: {number} lies beyond any page")
    return found


def spread(printed: str | None, most: int) -> list[float]:
    """Return the steps of a list, `g 3 2.5` being three of 2.5; no more than `most`.

    Raises:
        Unreadable: broken, for anything that is no such list.
    """
    pieces = (printed or "").split()
    found: list[float] = []
    index = 0
    while index < len(pieces) and len(found) < most:
        if pieces[index] != "g":
            found += _floats(pieces[index : index + 1])
            index += 1
            continue
        group = _floats(pieces[index + 1 : index + 3])
        if len(group) < 2 or group[0] < 0 or group[0] != int(group[0]):
            raise Unreadable("broken", "OFD: a run of steps without its number or its length")
        found += [group[1]] * min(int(group[0]), most - len(found))
        index += 3
    return found


def matrix_of(one: etree._Element) -> Matrix:
    """Return what maps an object's coordinates to those around it: its CTM, then its boundary's corner."""
    listed = numbers(one.get("CTM"))
    if listed and len(listed) != 6:
        raise Unreadable("broken", f"OFD: a CTM of {len(listed)} numbers")
    a, b, c, d, e, f = listed or IDENTITY
    corner = numbers(one.get("Boundary"))
    x, y = (corner[0], corner[1]) if len(corner) >= 2 else (0.0, 0.0)
    return a, b, c, d, e + x, f + y


def times(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that maps by `first` and then by `second`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def moved(place: Matrix, box: Box) -> Box:
    """Return the upright box around a box that is mapped to the page, in pt."""
    a, b, c, d, e, f = place
    x0, y0, x1, y1 = box
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, top, right, bottom = box_around(corners)
    return left * POINTS_PER_MM, top * POINTS_PER_MM, right * POINTS_PER_MM, bottom * POINTS_PER_MM


def points_on_page(place: Matrix, points: Sequence[Point]) -> list[Point]:
    """Return points mapped to the page, in pt."""
    a, b, c, d, e, f = place
    return [((a * x + c * y + e) * POINTS_PER_MM, (b * x + d * y + f) * POINTS_PER_MM) for x, y in points]


def box_around(points: Sequence[Point]) -> Box:
    """Return the box around points; ValueError for none."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def turn_of(place: Matrix, direction: float) -> int | None:
    """Return how far glyphs lie turned clockwise, 0 to 270 degrees; None for slanted ones (watermarks)."""
    angle = math.atan2(place[1], place[0]) + math.radians(direction)
    quarters = round(angle / (math.pi / 2))
    return quarters % 4 * 90 if abs(angle - quarters * math.pi / 2) <= SLANT else None


def lines_of(data: str, most: int) -> Iterator[list[Point]]:
    """Yield the points of each part of a path; curves count as the straight line to their end.

    Raises:
        Unreadable: broken, for what is no path; too_large, for more than `most` steps.
    """
    pieces = data.split()
    if len(pieces) > 8 * most:
        raise Unreadable("too_large", f"a path of {len(pieces):,} numbers")
    points: list[Point] = []
    index = 0
    while index < len(pieces):
        step = pieces[index]
        count = STEPS.get(step)
        if count is None or index + count >= len(pieces) + (count == 0):
            raise Unreadable("broken", f"OFD: {step[:20]!r} is no step of a path")
        listed = _floats(pieces[index + 1 : index + 1 + count])
        index += 1 + count
        if step in ("M", "S") and points:
            yield points
            points = []
        if step == "C":
            points += points[:1]
        else:
            points.append((listed[-2], listed[-1]))
    if points:
        yield points
