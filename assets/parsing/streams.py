"""Cells without row marks: a stream that is cut into rows where words follow figures.

Belongs here: what the layouts that lose row marks share. Does not: finding the cells (the layouts), labels of the form.
A blank cell leaves nothing in such a stream; a row that lost one has too few figures and is placed by nobody's guess.
"""

from __future__ import annotations

from collections.abc import Iterable

from assets.parsing.document import PrintedCell, PrintedRow
from assets.parsing.placing.rows import is_blank, is_label


def rows_of(cells: Iterable[PrintedCell]) -> tuple[PrintedRow, ...]:
    """Return rows of one or more labels and the figures after them; blank cells are skipped."""
    rows: list[PrintedRow] = []
    current: list[PrintedCell] = []
    figures = False
    for cell in cells:
        if is_blank(cell.text):
            continue
        label = is_label(cell.text)
        if label and figures:
            rows.append(_row(current))
            current, figures = [], False
        current.append(cell)
        figures = figures or not label
    return (*rows, _row(current)) if current else tuple(rows)


def _row(cells: list[PrintedCell]) -> PrintedRow:
    return PrintedRow(tuple(cells), place_span(cells[0].place, cells[-1].place))


def place_span(first: str, last: str) -> str:
    """Return the place of text that runs from one line to another."""
    return first if first == last else f"lines {first.removeprefix('line ')}-{last.removeprefix('line ')}"
