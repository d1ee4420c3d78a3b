"""The shapes that every geometry format is made of: ruling lines, placed characters, boxes.

Belongs here: frozen values and plain arithmetic on them. Does not: any decision about tables.
All are tuples because a page makes thousands of them, and those are made fastest.

Lengths are pt (or px, see the package), origin top left, y downwards; x0 <= x1 and y0 <= y1 always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

# Stands for what was printed but cannot be read or placed; a figure that holds it is unparsable.
UNREADABLE = "\ufffd"


# From left to right and from top to bottom: x0, y0, x1, y1. Where a page has thousands, they are plain tuples: those
# are made fastest, and the collector of garbage soon looks at them no more, which it never does with named ones.
Box = tuple[float, float, float, float]


class Rule(NamedTuple):
    """A horizontal or vertical line as printed: a stroke, a thin rectangle or a row of dashes.

    The longer side says which it is; the thickness is not kept apart.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        """Tell whether the line runs from left to right."""
        return self.x1 - self.x0 >= self.y1 - self.y0


class Character(NamedTuple):
    """A printed character, or a run of them that is known to belong together (a line recognised in a picture).

    The box is the loose one: the advance wide and from ascent to descent high, the same height for `.` as for `国`,
    for lines are told apart by the centres of boxes. `turn` is how far the glyph lies turned clockwise: 0, 90, 180
    or 270 degrees. `confidence` is 1 for text that was read; `alternative` is a second recognition where it differs.
    Characters are given in the order in which the file draws them, if it has one.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float = 1.0
    turn: int = 0
    alternative: str | None = None


# A character of all its fields in their order: what Character(…) does, in half the time, for no Python runs.
made_character: Callable[[tuple[str, float, float, float, float, float, int, str | None]], Character]
made_character = partial(tuple.__new__, Character)


class Region(NamedTuple):
    """An upright box."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Return the width."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Return the height."""
        return self.y1 - self.y0

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies inside or on the left or upper edge."""
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1


def around(shapes: Sequence[Rule | Character | Region]) -> Region:
    """Return the box around shapes; ValueError for none."""
    return Region(
        min([shape.x0 for shape in shapes]), min([shape.y0 for shape in shapes]),
        max([shape.x1 for shape in shapes]), max([shape.y1 for shape in shapes]),
    )


def clusters(positions: Iterable[float], reach: float) -> list[list[float]]:
    """Group positions, ascending; a group is never wider than `reach`, so that a drift cannot swallow a table."""
    groups: list[list[float]] = []
    for position in sorted(positions):
        if groups and position - groups[-1][0] <= reach:
            groups[-1].append(position)
        else:
            groups.append([position])
    return groups
