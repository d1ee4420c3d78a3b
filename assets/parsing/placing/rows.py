"""One printed row: which cells are labels, which are values, and which run of cells are the row's values.

Belongs here: decisions inside one row. Does not: which line of the form the row is (tables).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from assets.form import cells as form
from assets.parsing.document import PrintedCell, PrintedRow

# Stands in for a figure in forms that were never filled in.
UNFILLED = frozenset({"×", "××", "X", "XX", "x", "xx", "〇", "*"})
UNIT = f"(?:{'|'.join(form.vocabulary()['units'])})"
VALUE = re.compile(rf"[+\-−﹢﹣]?\d[\d,.\s]*{UNIT}?(?:[(\[（].*)?|(?:增加?|减少?|增长|下降)\d+{UNIT}?|\?\s*\d+", re.S)
HAN = re.compile(r"[一-鿿]")


@lru_cache(maxsize=16384)
def is_blank(text: str) -> bool:
    """Tell whether a cell shows nothing: white space of any kind only."""
    return not unicodedata.normalize("NFKC", text).strip(" \t\r\n\u200b\ufeff")


@lru_cache(maxsize=16384)
def is_value(text: str) -> bool:
    """Tell whether a cell could be a figure or stands in for one; blank cells count."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return is_blank(text) or folded in _stand_ins() or VALUE.fullmatch(folded) is not None


@lru_cache(maxsize=16384)
def is_label(text: str) -> bool:
    """Tell whether a cell holds words rather than a figure."""
    return HAN.search(text) is not None and not is_value(text)


@cache
def _stand_ins() -> frozenset[str]:
    return UNFILLED | {unicodedata.normalize("NFKC", text) for text in form.vocabulary()["placeholders"]}


@dataclass(frozen=True)
class Setting:
    """What a table's layout tells of its rows.

    `keeps_blanks`: a blank cell leaves a trace. `exact`: every blank cell left one in this table, trailing ones too,
    so that a row of as many cells as the form has columns is whole. `unmarked`: rows were cut where words follow
    figures, so one may hold the words of several; `row_marks`: a row of figures alone begins with a blank cell that is
    none.
    """

    keeps_blanks: bool = True
    exact: bool = False
    unmarked: bool = False
    row_marks: bool = False

    def with_(self, other: Setting) -> Setting:
        """Return what holds of rows of both settings together."""
        return Setting(
            self.keeps_blanks and other.keeps_blanks,
            self.exact and other.exact and self.row_marks == other.row_marks,
            self.unmarked or other.unmarked,
            self.row_marks and other.row_marks,
        )


@dataclass(frozen=True)
class SplitRow:
    """A printed row cut at the end of its last leading label.

    `roomy`: a label without figures in a layout where blank cells leave nothing, so that all its cells are blank.
    """

    row: PrintedRow
    labels: tuple[str, ...]
    label_end: int
    roomy: bool = False

    @property
    def tail(self) -> tuple[PrintedCell, ...]:
        """The cells after the labels, blanks included."""
        return self.row.cells[self.label_end :]

    @cached_property
    def figures(self) -> int:
        """How many cells after the labels show something."""
        return sum([not is_blank(cell.text) for cell in self.tail])

    @cached_property
    def width(self) -> int:
        """Where the row ends, padding included: the width of the table, whatever spans down from the rows above."""
        last = self.row.cells[-1] if self.row.cells else None
        if last is not None and last.column is not None:
            return last.column + last.column_span + self.row.pads
        return sum([cell.column_span for cell in self.row.cells]) + self.row.pads


def split(row: PrintedRow) -> SplitRow:
    """Cut a row after the labels it begins with; what follows the first figure is never a label."""
    labels: list[str] = []
    end = 0
    for index, cell in enumerate(row.cells):
        if is_label(cell.text):
            labels.append(cell.text)
            end = index + 1
        elif not is_blank(cell.text):
            break
    return SplitRow(row, tuple(labels), end)


def usual_width(rows: Sequence[SplitRow]) -> int:
    """Return the most frequent width of rows that carry figures; 0 without any."""
    widths = Counter(row.width for row in rows if row.figures)
    return widths.most_common(1)[0][0] if widths else 0


def values(row: SplitRow, count: int, setting: Setting, width: int) -> tuple[PrintedCell, ...] | None:
    """Return the row's `count` value cells, or None where more than one reading is possible.

    Args:
        row: the split row.
        count: how many values the form prints in this line.
        setting: what the layout tells of blank cells.
        width: the table's usual width; a narrower row has lost a cell, so its blanks prove nothing.
    """
    tail = row.tail
    if row.figures == 0:
        shown = len(tail) + row.row.pads
        enough = shown >= count or row.roomy
        return tuple(PrintedCell("", row.row.place) for _ in range(count)) if enough else None
    if setting.exact and len(tail) == count:
        return tail
    starts = [
        start
        for start in range(len(tail) - count + 1)
        if all(is_blank(cell.text) for cell in (*tail[:start], *tail[start + count :]))
    ]
    if len(starts) != 1:
        return None
    found = tail[starts[0] : starts[0] + count]
    whole = setting.keeps_blanks and row.width == width and _is_unbroken(found)
    return None if is_blank(found[-1].text) and not whole else found


def _is_unbroken(cells: Sequence[PrintedCell]) -> bool:
    """Tell whether no cell is lost between others, as far as the format has grid columns."""
    return all(
        one.column is None or other.column is None or one.column + one.column_span == other.column
        for one, other in pairwise(cells)
    )
