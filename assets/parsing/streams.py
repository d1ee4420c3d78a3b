"""Cells without row marks: a stream that is cut into rows where words follow figures.

Belongs here: what the layouts that lose row marks share.
Does not: labels of the form, which label is a row's (placing).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assets.parsing.document import Block, PrintedCell, PrintedRow
from assets.parsing.placing.rows import is_blank, is_label

WHITE = " \t\u3000\xa0"


def cells_of(
    region: Sequence[Block], lines: Iterable[int], led_is_mark: bool = False, pads_behind: bool = False
) -> list[PrintedCell]:
    """Return the cells that the bars of some lines close; a bar that closes no text is a blank cell.

    Args:
        region: the blocks.
        lines: indexes of the lines, in order; the first may be a text whose bar stands on the next line.
        led_is_mark: a bar before text on the same line opens a row instead of closing a cell.
        pads_behind: bars after a line's first one are padding.
    """
    cells: list[PrintedCell] = []
    text, place = "", ""
    for index in lines:
        block = region[index]
        pieces = block.text.split("|")
        if led_is_mark and len(pieces) > 1 and not pieces[0].strip(WHITE) and pieces[1].strip(WHITE):
            pieces = pieces[1:]
        for number, piece in enumerate(pieces[:2] if pads_behind else pieces):
            if number:
                cells.append(PrintedCell(text, place or block.place))
                text, place = "", ""
            shown = piece.strip(WHITE)
            if shown:
                text, place = text + shown, place or block.place
    return [*cells, PrintedCell(text, place)] if text else cells


def rows_of(cells: Iterable[PrintedCell], keeps_blanks: bool, row_marks: bool = False) -> tuple[PrintedRow, ...]:
    """Return rows of one or more labels and the cells after them.

    Args:
        cells: in reading order; blank ones are empty text.
        keeps_blanks: blank cells at a row's end are cells; otherwise they may be padding and only count as such.
        row_marks: the last of several blank cells before a label is the mark of the row to come.
    """
    rows: list[PrintedRow] = []
    current: list[PrintedCell] = []
    figures = False
    for cell in cells:
        if is_label(cell.text) and figures:
            rows.append(_row(current, keeps_blanks, row_marks))
            current, figures = [], False
        if current or not is_blank(cell.text):
            current.append(cell)
        figures = figures or not (is_label(cell.text) or is_blank(cell.text))
    return (*rows, _row(current, keeps_blanks, False)) if current else tuple(rows)


def _row(cells: list[PrintedCell], keeps_blanks: bool, row_marks: bool) -> PrintedRow:
    last = max(index for index, cell in enumerate(cells) if not is_blank(cell.text))
    blanks = len(cells) - last - 1 - (1 if row_marks and len(cells) > last + 1 else 0)
    place = place_span(cells[0].place, cells[last].place)
    end = last + 1 + (blanks if keeps_blanks else 0)
    return PrintedRow(tuple(cells[:end]), place, 0 if keeps_blanks else blanks)


def place_span(first: str, last: str) -> str:
    """Return the place of text that runs from one line to another."""
    return first if first == last else f"lines {first.removeprefix('line ')}-{last.removeprefix('line ')}"
