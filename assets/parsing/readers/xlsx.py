"""Reader of XLSX: the sheets that a reader of the file sees, values as printed, formulas by their kept results.

Belongs here: SpreadsheetML. Does not: cutting a sheet into tables (sheets.py), what a number looks like
(number_formats.py), parts and relations (package.py).
Left out: hidden sheets, rows and columns, charts, comments, heads and feet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from assets.parsing.document import ReadDocument
from assets.parsing.readers import sheets
from assets.parsing.readers.bounds import Budget, Unreadable, open_archive
from assets.parsing.readers.number_formats import BUILT_IN, GENERAL, UNREADABLE, printed_number, printed_text
from assets.parsing.readers.package import Package

MAIN_PART = "xl/workbook.xml"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SIDES = tuple(f"{S}{side}" for side in ("left", "right", "top", "bottom", "start", "end"))
ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MARKS = {"1": "TRUE", "0": "FALSE"}
ON = frozenset({"1", "true"})


@dataclass(frozen=True)
class _Book:
    """What all sheets share: texts by number, a number format and whether there is a border by style, day 0."""

    texts: tuple[str, ...]
    formats: tuple[str, ...]
    borders: tuple[bool, ...]
    from_1904: bool


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return a page per visible sheet; places are `sheet 年报, B12`.

    Raises:
        Unreadable: broken, encrypted, too_large.
    """
    package = Package(open_archive(content, budget), "XLSX", budget)
    main = package.main_part(MAIN_PART)
    workbook = package.part(main)
    relations = package.relations(main)
    parts = {one.kind: one.target for one in relations.values()}
    settings = workbook.find(f"{S}workbookPr")
    from_1904 = settings is not None and settings.get("date1904") in ON
    formats, borders = _styles(package, parts.get("styles"))
    book = _Book(_shared_texts(package, parts.get("sharedStrings")), formats, borders, from_1904)
    read_sheets = []
    for sheet in workbook.iterfind(f"{S}sheets/{S}sheet"):
        relation = relations.get(sheet.get(R_ID) or "")
        if relation is None:
            raise Unreadable("broken", "XLSX: a sheet without a part")
        if (sheet.get("state") or "visible") == "visible" and relation.kind == "worksheet":
            read_sheets.append(_sheet(sheet.get("name") or "", package.part(relation.target), book, budget))
    return ReadDocument("xlsx", "utf-8", "xlsx", sheets.pages(read_sheets, budget))


# ---------------------------------------------------------------------------------------------------------------------
# What sheets share


def _shared_texts(package: Package, name: str | None) -> tuple[str, ...]:
    return () if name is None else tuple(_text(item) for item in package.part(name).iterfind(f"{S}si"))


def _text(item: etree._Element) -> str:
    """Return the text of an item, its runs joined; readings of characters (phonetic runs) left out."""
    pieces = [node.text or "" for node in (*item.iterfind(f"{S}t"), *item.iterfind(f"{S}r/{S}t"))]
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    """Return a text with the characters that XML cannot hold, which stand as _x000D_."""
    return ESCAPED.sub(lambda mark: chr(int(mark[1], 16)), text)


def _styles(package: Package, name: str | None) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Return the number format of each style, and whether it draws a border."""
    if name is None:
        return (), ()
    root = package.part(name)
    codes: dict[int, str] = dict(BUILT_IN)
    for code in root.iterfind(f"{S}numFmts/{S}numFmt"):
        codes[_number(code.get("numFmtId"))] = code.get("formatCode") or GENERAL
    drawn = [
        any(side.tag in SIDES and (side.get("style") or "none") != "none" for side in border)
        for border in root.iterfind(f"{S}borders/{S}border")
    ]
    formats, borders = [], []
    for style in root.iterfind(f"{S}cellXfs/{S}xf"):
        formats.append(codes.get(_number(style.get("numFmtId")), GENERAL))
        border = _number(style.get("borderId"))
        borders.append(border < len(drawn) and drawn[border])
    return tuple(formats), tuple(borders)


def _number(printed: str | None, default: int = 0) -> int:
    """Return a count or an index; the default where there is none; Unreadable('broken') where it is none."""
    if printed is None:
        return default
    if not printed.isascii() or not printed.isdigit() or len(printed) > 9:
        raise Unreadable("broken", f"XLSX: {printed[:20]!r} is no number")
    return int(printed)


# ---------------------------------------------------------------------------------------------------------------------
# One sheet


def _sheet(name: str, root: etree._Element, book: _Book, budget: Budget) -> sheets.Sheet:
    sheet = sheets.Sheet(name)
    for columns in root.iterfind(f"{S}cols/{S}col"):
        if columns.get("hidden") in ON or _is_zero(columns.get("width")):
            last = min(_number(columns.get("max")), MOST_COLUMNS)
            sheet.hidden_columns.update(range(_number(columns.get("min")) - 1, last))
    defaults = root.find(f"{S}sheetFormatPr")
    hides_rows = defaults is not None and defaults.get("zeroHeight") in ON
    row_number = -1
    for row in root.iterfind(f"{S}sheetData/{S}row"):
        budget.check()
        row_number = _number(row.get("r"), row_number + 2) - 1
        if row.get("hidden") in ON or _is_zero(row.get("ht")) or (hides_rows and row.get("hidden") is None):
            sheet.hidden_rows.add(row_number)
        _cells(row, row_number, sheet, book)
        budget.cells(len(sheet.texts) + len(sheet.bordered))
    for merged in root.iterfind(f"{S}mergeCells/{S}mergeCell"):
        sheet.merged.append(_merged(merged.get("ref") or ""))
    return sheet


def _is_zero(printed: str | None) -> bool:
    return printed is not None and printed.strip().rstrip("0").rstrip(".") == "" and printed.strip() != ""


def _cells(row: etree._Element, row_number: int, sheet: sheets.Sheet, book: _Book) -> None:
    column = -1
    for cell in row.iterfind(f"{S}c"):
        stated = cell.get("r")
        spot = _spot(stated) if stated else (row_number, column + 1)
        if spot[0] != row_number or spot in sheet.texts:
            raise Unreadable("broken", f"XLSX: the cell {stated} stands in row {row_number + 1}, or twice")
        column = spot[1]
        style = _number(cell.get("s"))
        if style < len(book.borders) and book.borders[style]:
            sheet.bordered.add(spot)
        text = _printed(cell, book, book.formats[style] if style < len(book.formats) else GENERAL)
        if text:
            sheet.texts[spot] = text


def _printed(cell: etree._Element, book: _Book, code: str) -> str:
    """Return the text of a cell; a formula whose result was not kept, and an error, cannot be read."""
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        inline = cell.find(f"{S}is")
        return "" if inline is None else _text(inline)
    value = cell.find(f"{S}v")
    stored = (value.text or "").strip() if value is not None else ""
    if not stored:
        return UNREADABLE if cell.find(f"{S}f") is not None and kind != "str" else ""
    if kind == "s":
        index = _number(stored)
        if index >= len(book.texts):
            raise Unreadable("broken", f"XLSX: text {index} is missing")
        return printed_text(book.texts[index], code)
    if kind == "str":
        return printed_text(_unescaped(stored), code)
    if kind == "b":
        return MARKS.get(stored, UNREADABLE)
    if kind == "d":
        return stored.replace("T", " ")
    return UNREADABLE if kind == "e" else _figure(stored, code, book)


def _figure(stored: str, code: str, book: _Book) -> str:
    try:
        value = float(stored)
    except ValueError as problem:
        raise Unreadable("broken", f"XLSX: {stored[:20]!r} is no number") from problem
    return printed_number(value, code, book.from_1904)


def _spot(address: str) -> sheets.Spot:
    found = ADDRESS.fullmatch(address)
    if found is None:
        raise Unreadable("broken", f"XLSX: {address[:20]!r} is no cell")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    if row > MOST_ROWS or column > MOST_COLUMNS:
        raise Unreadable("broken", f"XLSX: {address} lies outside a sheet")
    return row - 1, column - 1


def _merged(reference: str) -> sheets.Merged:
    first, _, last = reference.partition(":")
    top, left = _spot(first)
    bottom, right = _spot(last or first)
    return sheets.Merged(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
