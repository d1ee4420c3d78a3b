"""What was found on one page: lines of text and tables of cells, with their boxes.

Belongs here: the values that lattice.py and text_columns.py make and stitching.py turns into document.Page.
Does not: finding them. What a page
holds by the hundred (lines, cells) are named tuples, see shapes.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from assets.parsing.geometry.shapes import Region

# The unit of pages that are pictures.
PIXELS = "px"
# The place of a box; filled in with %, which is faster than an f-string, for a document has hundreds.
IN_POINTS = "page %d, box %.1f %.1f %.1f %.1f"
IN_PIXELS = "page %d, box %.0f %.0f %.0f %.0f %s"


class TextLine(NamedTuple):
    """One line of text; `height` is that of its tallest character."""

    text: str
    box: Region
    height: float
    confidence: float = 1.0
    alternative: str | None = None


class TableCell(NamedTuple):
    """One cell of a table without its text: where it starts, what it spans, its box."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Region


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table as its rules make it: the edges of rows and columns, and one cell per region they enclose."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[TableCell, ...]

    @property
    def box(self) -> Region:
        """Return the box around the table."""
        return Region(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])

    @property
    def is_grid(self) -> bool:
        """Tell whether this is more than a frame around text."""
        return len(self.columns) > 2 and len(self.cells) > 1


class FilledCell(NamedTuple):
    """A cell with its lines of text, top to bottom; `page` is where it stands."""

    cell: TableCell
    lines: tuple[TextLine, ...]
    page: int

    @property
    def text(self) -> str:
        """Return the text as printed, one line below the other."""
        return self.lines[0].text if len(self.lines) == 1 else "\n".join([line.text for line in self.lines])

    @property
    def reading(self) -> tuple[str, float, str | None]:
        """Return text, confidence and alternative; most cells are one line, whose they are."""
        if len(self.lines) == 1:
            text, _, _, confidence, alternative = self.lines[0]
            return text, confidence, alternative
        return self.text, self.confidence, self.alternative

    @property
    def confidence(self) -> float:
        """Return that of the line that was recognised worst; 1 for an empty cell."""
        return min([line.confidence for line in self.lines], default=1.0)

    @property
    def alternative(self) -> str | None:
        """Return the second reading, if any line has one."""
        for line in self.lines:
            if line.alternative is not None:
                return "\n".join([line.text if line.alternative is None else line.alternative for line in self.lines])
        return None


@dataclass(frozen=True, slots=True)
class FilledTable:
    """A table with its text; cells are ordered by row and column."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[FilledCell, ...]

    @property
    def box(self) -> Region:
        """Return the box around the table (around its first piece, where it runs over pages)."""
        return Region(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])


@dataclass(frozen=True, slots=True)
class Picture:
    """What a cell whose text is doubtful looks like: its box on the page as it is read, and a PNG."""

    box: Region
    png: bytes


@dataclass(frozen=True, slots=True)
class LatticePage:
    """One page: its number and what stands on it, in reading order.

    `unit` is `pt` or `px`; `as_shown` maps a box to the page as a viewer shows it (see lattice.grids).
    """

    number: int
    items: tuple[TextLine | FilledTable, ...]
    unit: str = "pt"
    scale: float = 1.0
    as_shown: Callable[[Region], Region] | None = None
    pictures: tuple[Picture, ...] = ()

    def place(self, box: Region) -> str:
        """Return the place of a box: `page 2, box 70.9 312.4 140.2 330.1`, pictures `… px`, whole pixels."""
        shown = box if self.as_shown is None else self.as_shown(box)
        if self.unit == "pt":
            return IN_POINTS % (self.number, *shown)
        return IN_PIXELS % (self.number, *shown, self.unit)
