"""The XLS layouts: a sheet as Excel 97 saves it, and a workbook with hidden parts and no borders.

Belongs here: publications as xlwt workbooks. Does not: what stands in which cell (sheet.py).
"""

from __future__ import annotations

import io
from collections.abc import Callable

import xlwt  # type: ignore[import-untyped]

from tests.typesetting.layouts.layout import Layout
from tests.typesetting.layouts.sheet import SheetCell, laid_out
from tests.typesetting.publication import Publication

HIDDEN_COLUMN = 1


def xls(publication: Publication) -> bytes:
    """Set one sheet with borders; figures are numbers."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("年报")
    for cell in laid_out(publication):
        _put(sheet, cell, int)
    return _saved(book)


def xls_hidden(publication: Publication) -> bytes:
    """Set a sheet without borders, with hidden rows and a hidden column of other figures, behind a hidden sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    draft, sheet = book.add_sheet("草稿"), book.add_sheet("年报")
    draft.visibility = 1
    book.active_sheet = 1
    for cell in laid_out(publication):
        _put(draft, cell, int)
    hidden: list[int] = []
    for cell in laid_out(publication, hidden.append):
        _put(sheet, cell, lambda column: column + (column >= HIDDEN_COLUMN))
    for row in hidden:
        sheet.row(row).hidden = True
        sheet.write(row, HIDDEN_COLUMN + 12, 99)
    sheet.col(HIDDEN_COLUMN).hidden = True
    return _saved(book)


LAYOUTS = (Layout("xls", ".xls", xls), Layout("xls_hidden", ".xls", xls_hidden))

_PLAIN = xlwt.XFStyle()
_RULED = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin")


def _put(sheet: xlwt.Worksheet, cell: SheetCell, place: Callable[[int], int]) -> None:
    first, last = place(cell.column), place(cell.column + cell.width - 1)
    style = _RULED if cell.ruled else _PLAIN
    if cell.height > 1 or last > first:
        sheet.write_merge(cell.row, cell.row + cell.height - 1, first, last, cell.value, style)
    elif cell.value != "" or cell.ruled:
        sheet.write(cell.row, first, cell.value, style)


def _saved(book: xlwt.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
