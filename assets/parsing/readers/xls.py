"""Reader of XLS (Excel 97 and later, and ET files of WPS): sheets as a reader of the file sees them.

Belongs here: records of the Workbook stream (BIFF8) to sheets. Does not: the container (compound.py), cutting a sheet
into tables (sheets.py), what a number looks like (number_formats.py).
Left out: hidden sheets, rows and columns, charts, comments, heads and feet.
Names in capitals are those of Microsoft's open specification [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assets.parsing.document import ReadDocument
from assets.parsing.readers import sheets
from assets.parsing.readers.bounds import Budget, Unreadable
from assets.parsing.readers.compound import Compound
from assets.parsing.readers.number_formats import BUILT_IN, GENERAL, UNREADABLE, printed_number, printed_text

BOF, EOF, CONTINUE, FILEPASS, BOUNDSHEET, DATEMODE = 0x0809, 0x000A, 0x003C, 0x002F, 0x0085, 0x0022
SST, FORMAT, XF, ROW, COLINFO, MERGED = 0x00FC, 0x041E, 0x00E0, 0x0208, 0x007D, 0x00E5
BLANK, MULBLANK, NUMBER, RK, MULRK = 0x0201, 0x00BE, 0x0203, 0x027E, 0x00BD
LABELSST, LABEL, RSTRING, BOOLERR, FORMULA, STRING = 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0006, 0x0207
BIFF8 = 0x0600
VISIBLE, WORKSHEET, ROW_HIDDEN = 0, 0, 0x20
# Kinds of a formula's result that is no number.
TEXT_RESULT, TRUTH_RESULT = 0, 1

Record = tuple[int, bytes]


@dataclass
class _Book:
    """What all sheets share: texts, a number format and whether there is a border by style, where sheets begin."""

    texts: list[str] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=lambda: dict(BUILT_IN))
    styles: list[tuple[int, bool]] = field(default_factory=list)
    sheets: list[tuple[str, int]] = field(default_factory=list)
    from_1904: bool = False

    def format_of(self, style: int) -> str:
        """Return the number format of a style."""
        return self.codes.get(self.styles[style][0], GENERAL) if style < len(self.styles) else GENERAL

    def is_bordered(self, style: int) -> bool:
        """Tell whether a style draws a border."""
        return style < len(self.styles) and self.styles[style][1]


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return a page per visible sheet; places are `sheet 年报, B12`.

    Raises:
        Unreadable: broken, encrypted, too_large; unsupported_format for files older than Excel 97.
    """
    compound = Compound(content)
    if not compound.has("Workbook"):
        raise Unreadable("unsupported_format", "XLS of an Excel older than 97: save it anew in Excel")
    stream = compound.stream("Workbook")
    try:
        book = _globals(stream, budget)
        read_sheets = [_sheet(name, stream, place, book, budget) for name, place in book.sheets]
    except (struct.error, IndexError, UnicodeDecodeError) as problem:
        raise Unreadable("broken", f"XLS: {problem}") from problem
    return ReadDocument("xls", "utf-16", "xls", sheets.pages(read_sheets, budget))


def _records(stream: bytes, place: int, budget: Budget) -> Iterator[Record]:
    """Yield the records of one part of the stream, those of charts inside it left out.

    Raises:
        Unreadable: broken, where the part does not begin or end as it must.
    """
    depth = 0
    while place + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, place)
        content = stream[place + 4 : place + 4 + size]
        place += 4 + size
        if place > len(stream) or (depth == 0 and code != BOF):
            break
        depth += (code == BOF) - (code == EOF)
        if depth == 0:
            return
        if depth == 1:
            yield code, content
        budget.check()
    raise Unreadable("broken", "XLS: a part of the workbook is cut off")


# ---------------------------------------------------------------------------------------------------------------------
# What sheets share


def _globals(stream: bytes, budget: Budget) -> _Book:
    book = _Book()
    shared: list[bytes] = []
    continues = False
    for code, content in _records(stream, 0, budget):
        if code == BOF and struct.unpack_from("<H", content)[0] != BIFF8:
            raise Unreadable("unsupported_format", "XLS of an Excel older than 97: save it anew in Excel")
        if code == FILEPASS:
            raise Unreadable("encrypted", "an XLS file with a password")
        if code == SST or (code == CONTINUE and continues):
            shared.append(content)
        continues = code == SST or (code == CONTINUE and continues)
        _note(code, content, book)
    book.texts = _Shared(shared).texts(budget) if shared else []
    return book


def _note(code: int, content: bytes, book: _Book) -> None:
    """Keep what a record says about all sheets."""
    if code == BOUNDSHEET:
        place, state, kind = struct.unpack_from("<IBB", content)
        if state & 3 == VISIBLE and kind == WORKSHEET:
            book.sheets.append((_characters(content[7:], content[6]), place))
    elif code == DATEMODE:
        book.from_1904 = content[0] == 1
    elif code == FORMAT:
        number, length = struct.unpack_from("<HH", content)
        book.codes[number] = _characters(content[4:], length)
    elif code == XF:
        number, lines = struct.unpack_from("<2xH6xH", content)
        book.styles.append((number, lines != 0))


def _characters(content: bytes, length: int) -> str:
    """Return a string behind the byte that says how wide its characters are."""
    wide = content[0] & 1
    size = length * 2 if wide else length
    if len(content) < 1 + size:
        raise Unreadable("broken", "XLS: a text is cut off")
    return content[1 : 1 + size].decode("utf-16-le" if wide else "latin-1", "replace")


@dataclass
class _Shared:
    """The table of shared texts, read over the borders of its records."""

    records: Sequence[bytes]
    record: int = 0
    place: int = 0

    def texts(self, budget: Budget) -> list[str]:
        """Return all texts in order."""
        _, count = struct.unpack("<II", self._bytes(8))
        found = []
        for number in range(count):
            if number % 1000 == 0:
                budget.check()
            found.append(self._text())
        return found

    def _text(self) -> str:
        length, flags = struct.unpack("<HB", self._bytes(3))
        runs = struct.unpack("<H", self._bytes(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self._bytes(4))[0] if flags & 4 else 0
        text = self._letters(length, flags & 1)
        self._bytes(4 * runs + extra)
        return text

    def _letters(self, length: int, wide: int) -> str:
        """Return characters; where they go on in the next record, its first byte says anew how wide they are."""
        parts: list[str] = []
        while length:
            if self.place >= len(self._here()):
                self._next()
                wide = self._bytes(1)[0] & 1
            size = 2 if wide else 1
            count = min(length, (len(self._here()) - self.place) // size)
            if count == 0:
                raise Unreadable("broken", "XLS: a text is cut inside a character")
            parts.append(self._bytes(count * size).decode("utf-16-le" if wide else "latin-1", "replace"))
            length -= count
        return "".join(parts)

    def _bytes(self, count: int) -> bytes:
        parts: list[bytes] = []
        while count:
            if self.place >= len(self._here()):
                self._next()
            piece = self._here()[self.place : self.place + count]
            self.place += len(piece)
            count -= len(piece)
            parts.append(piece)
        return b"".join(parts)

    def _here(self) -> bytes:
        return self.records[self.record]

    def _next(self) -> None:
        if self.record + 1 >= len(self.records):
            raise Unreadable("broken", "XLS: the table of texts is cut off")
        self.record, self.place = self.record + 1, 0


# ---------------------------------------------------------------------------------------------------------------------
# One sheet


def _sheet(name: str, stream: bytes, place: int, book: _Book, budget: Budget) -> sheets.Sheet:
    sheet = sheets.Sheet(name)
    waiting: tuple[int, int, int] | None = None
    for code, content in _records(stream, place, budget):
        if code == STRING and waiting is not None:
            _set(sheet, book, waiting, _text(content, book, waiting))
            waiting = None
        elif code == FORMULA:
            waiting = _formula(content, sheet, book)
        elif code in (ROW, COLINFO, MERGED):
            _measure(code, content, sheet)
        else:
            _value(code, content, sheet, book)
        budget.cells(len(sheet.texts) + len(sheet.bordered))
    return sheet


def _measure(code: int, content: bytes, sheet: sheets.Sheet) -> None:
    """Keep what a record says about hidden rows and columns, and merged regions."""
    if code == ROW:
        row, height, flags = struct.unpack_from("<H4xH4xH", content)
        if flags & ROW_HIDDEN or height & 0x7FFF == 0:
            sheet.hidden_rows.add(row)
    elif code == COLINFO:
        first, last, width, flags = struct.unpack_from("<HHH2xH", content)
        if flags & 1 or width == 0:
            sheet.hidden_columns.update(range(first, min(last, 255) + 1))
    else:
        (count,) = struct.unpack_from("<H", content)
        for number in range(count):
            top, bottom, left, right = struct.unpack_from("<4H", content, 2 + 8 * number)
            if top > bottom or left > right:
                raise Unreadable("broken", "XLS: a merged region that ends before it begins")
            sheet.merged.append(sheets.Merged(top, left, bottom, right))


def _value(code: int, content: bytes, sheet: sheets.Sheet, book: _Book) -> None:
    """Keep the cells of a record."""
    if code in (MULRK, MULBLANK):
        row, column = struct.unpack_from("<HH", content)
        size = 6 if code == MULRK else 2
        for number in range((len(content) - 6) // size):
            entry = content[4 + size * number : 4 + size * (number + 1)]
            spot = (row, column + number, int.from_bytes(entry[:2], "little"))
            _set(sheet, book, spot, _figure(_packed(entry[2:]), book, spot) if code == MULRK else "")
        return
    if code not in (BLANK, NUMBER, RK, LABELSST, LABEL, RSTRING, BOOLERR):
        return
    spot = struct.unpack_from("<3H", content)
    rest = content[6:]
    if code == NUMBER:
        text = _figure(struct.unpack_from("<d", rest)[0], book, spot)
    elif code == RK:
        text = _figure(_packed(rest[:4]), book, spot)
    elif code == LABELSST:
        text = printed_text(book.texts[struct.unpack_from("<I", rest)[0]], book.format_of(spot[2]))
    elif code in (LABEL, RSTRING):
        text = _text(rest, book, spot)
    elif code == BOOLERR:
        text = UNREADABLE if rest[1] else str(bool(rest[0])).upper()
    else:
        text = ""
    _set(sheet, book, spot, text)


def _formula(content: bytes, sheet: sheets.Sheet, book: _Book) -> tuple[int, int, int] | None:
    """Keep the result of a formula; return its cell where the result is a text, which follows.

    An error cannot be read, nor an empty result: programs that do not calculate write one as well.
    """
    spot = struct.unpack_from("<3H", content)
    result = content[6:14]
    if result[6:8] != b"\xff\xff":
        _set(sheet, book, spot, _figure(struct.unpack("<d", result)[0], book, spot))
        return None
    if result[0] == TEXT_RESULT:
        return spot[0], spot[1], spot[2]
    _set(sheet, book, spot, str(bool(result[2])).upper() if result[0] == TRUTH_RESULT else UNREADABLE)
    return None


def _set(sheet: sheets.Sheet, book: _Book, spot: Sequence[int], text: str) -> None:
    row, column, style = spot
    if (row, column) in sheet.texts:
        raise Unreadable("broken", f"XLS: the cell {sheets.address(row, column)} is there twice")
    if book.is_bordered(style):
        sheet.bordered.add((row, column))
    if text:
        sheet.texts[row, column] = text


def _figure(value: float, book: _Book, spot: Sequence[int]) -> str:
    return printed_number(value, book.format_of(spot[2]), book.from_1904)


def _text(content: bytes, book: _Book, spot: Sequence[int]) -> str:
    """Return a text that stands in the record itself, behind its length."""
    text = _characters(content[2:], int.from_bytes(content[:2], "little"))
    return printed_text(text, book.format_of(spot[2]))


def _packed(content: bytes) -> float:
    """Return the number of an RK: a whole number or the upper half of a double, both perhaps hundredths."""
    (word,) = struct.unpack("<I", content)
    value: float
    if word & 2:
        value = struct.unpack("<i", content)[0] >> 2
    else:
        (value,) = struct.unpack("<d", bytes(4) + struct.pack("<I", word & ~3))
    return value / 100 if word & 1 else value
