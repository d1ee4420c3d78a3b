"""The XLSX layouts: a sheet as a spreadsheet program saves it, and a workbook with hidden parts and no borders.

Belongs here: publications as openpyxl workbooks. Does not: what stands in which cell (sheet.py).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from tests.typesetting.layouts.archive import zipped
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.layouts.sheet import SheetCell, laid_out
from tests.typesetting.publication import Publication

# The one thing in a file that tells when it was saved.
SAVED = re.compile(rb"(?<=>)20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=<)")
THIN = Border(left=Side("thin"), right=Side("thin"), top=Side("thin"), bottom=Side("thin"))
HIDDEN_COLUMN = 2


def xlsx(publication: Publication) -> bytes:
    """Set one sheet with borders; figures are numbers."""
    book, sheet = _book()
    for cell in laid_out(publication):
        _put(sheet, cell, lambda column: column + 1)
    return _saved(book)


def xlsx_hidden(publication: Publication) -> bytes:
    """Set a sheet without borders, with hidden rows and a hidden column of other figures, behind a hidden sheet."""
    book, sheet = _book()
    draft = book.create_sheet("草稿", 0)
    draft.sheet_state = "hidden"
    for cell in laid_out(publication):
        _put(draft, cell, lambda column: column + 1)
    hidden: list[int] = []
    for cell in laid_out(publication, hidden.append):
        _put(sheet, cell, lambda column: column + 1 + (column + 1 >= HIDDEN_COLUMN))
    for row in hidden:
        sheet.row_dimensions[row + 1].hidden = True
        for column in range(1, 12):
            if type(sheet.cell(row + 1, column)).__name__ == "Cell":
                sheet.cell(row + 1, column).value = 99
    sheet.column_dimensions["B"].hidden = True
    return _saved(book)


LAYOUTS = (Layout("xlsx", ".xlsx", xlsx), Layout("xlsx_hidden", ".xlsx", xlsx_hidden))


def _book() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "年报"
    return book, sheet


def _put(sheet: Worksheet, cell: SheetCell, place: Callable[[int], int]) -> None:
    first, last = place(cell.column), place(cell.column + cell.width - 1)
    rows = range(cell.row + 1, cell.row + 1 + cell.height)
    sheet.cell(rows[0], first).value = None if cell.value == "" else cell.value
    if cell.ruled:
        for row in rows:
            for column in range(first, last + 1):
                sheet.cell(row, column).border = THIN
    if len(rows) > 1 or last > first:
        sheet.merge_cells(start_row=rows[0], end_row=rows[-1], start_column=first, end_column=last)


def _saved(book: Workbook) -> bytes:
    """Return the file; packed again, for its bytes to depend on its content only."""
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return zipped({name: SAVED.sub(b"2025-01-20T00:00:00Z", archive.read(name)) for name in archive.namelist()})
