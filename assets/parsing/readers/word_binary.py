"""Word's binary file: its header, the pieces of its text, and the pages of properties for runs and paragraphs.

Belongs here: places and sizes inside the streams (FIB, Clx, PlcBte, FKP, STSH), checked before they are followed.
Does not: what properties mean (word_properties.py), paragraphs and tables (doc.py).
Names in capitals and in comments are those of Microsoft's open specification [MS-DOC].
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from assets.parsing.readers.bounds import Budget, Unreadable
from assets.parsing.readers.compound import Compound
from assets.parsing.readers.word_properties import (
    C_VANISH,
    P_HUGE,
    P_HUGE_OLD,
    SHORT,
    Modifier,
    ParagraphProperties,
    RunProperties,
    modifiers,
    paragraph_properties,
    run_properties,
)

MAGIC, MAGIC_95, FIRST_OF_97 = 0xA5EC, 0xA5DC, 0xC0
ENCRYPTED, TABLE_1 = 0x0100, 0x0200
# Places in the header: counts of characters of the seven texts, and pairs (place, size) in the table stream.
COUNTS, PAIRS = 0x4C, 0x9A
STSH, PLC_BTE_CHPX, PLC_BTE_PAPX, CLX, SPA_ANCHORS, BOX_TEXTS = 1, 12, 13, 33, 40, 56
PAGE, PAPX_ENTRY = 512, 13
MOST_CHARACTERS = 8 * 2**20
NO_STYLE = 0x0FFF


def _damaged(what: str) -> Unreadable:
    return Unreadable("broken", f"DOC: {what}")


def _words(content: bytes, count: int, offset: int, what: str) -> tuple[int, ...]:
    """Return `count` unsigned 32-bit numbers; Unreadable('broken') where they are not all there."""
    if count < 0 or offset < 0 or offset + 4 * count > len(content):
        raise _damaged(f"{what} runs over the end of its stream")
    return struct.unpack_from(f"<{count}I", content, offset)


@dataclass(frozen=True)
class Piece:
    """A stretch of text: positions in the text, its place in the stream, bytes per character, its own modifiers."""

    start: int
    end: int
    offset: int
    width: int
    changes: tuple[Modifier, ...]

    def place(self, position: int) -> int:
        """Return where the character at a position stands in the stream."""
        return self.offset + (position - self.start) * self.width


@dataclass
class WordFile:
    """An opened file; every access checks its bounds and raises Unreadable('broken')."""

    main: bytes
    table: bytes
    data: bytes
    budget: Budget
    _paragraphs: dict[tuple[int, int], tuple[int, tuple[Modifier, ...]]] = field(default_factory=dict)
    _runs: dict[tuple[int, int], tuple[Modifier, ...]] = field(default_factory=dict)

    def counts(self) -> tuple[int, ...]:
        """Return the lengths of the texts: body, notes, heads, macros, comments, end notes, text boxes, their like."""
        return _words(self.main, 8, COUNTS, "the header")

    def pair(self, index: int) -> bytes:
        """Return the part of the table stream that the header's pair of that number names."""
        start, size = _words(self.main, 2, PAIRS + 8 * index, "the header")
        if start + size > len(self.table):
            raise _damaged(f"part {index} runs over the end of the table stream")
        return self.table[start : start + size]

    # -----------------------------------------------------------------------------------------------------------------
    # Text

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of the text in order, without gaps."""
        clx, position = self.pair(CLX), 0
        listed: list[bytes] = []
        while position < len(clx) and clx[position] == 1:
            size = int.from_bytes(clx[position + 1 : position + 3], "little")
            listed.append(clx[position + 3 : position + 3 + size])
            position += 3 + size
        if position + 5 > len(clx) or clx[position] != 2:
            raise _damaged("no table of pieces")
        size = _words(clx, 1, position + 1, "the table of pieces")[0]
        table = clx[position + 5 : position + 5 + size]
        count = (size - 4) // 12
        if count < 1 or len(table) != size or size != 4 + 12 * count:
            raise _damaged("the table of pieces is cut off")
        starts = _words(table, count + 1, 0, "the table of pieces")
        if starts[0] != 0 or list(starts) != sorted(starts) or starts[-1] > MOST_CHARACTERS:
            raise _damaged("pieces of text out of order")
        entries = 4 * (count + 1)
        return tuple(
            self._piece(starts[i], starts[i + 1], table[entries + 8 * i : entries + 8 * i + 8], listed)
            for i in range(count)
        )

    def _piece(self, start: int, end: int, entry: bytes, listed: list[bytes]) -> Piece:
        place, change = struct.unpack_from("<IH", entry, 2)
        compressed = place & 0x40000000
        place &= 0x3FFFFFFF
        offset, width = (place // 2, 1) if compressed else (place, 2)
        if offset + (end - start) * width > len(self.main):
            raise _damaged("a piece of text runs over the end of its stream")
        return Piece(start, end, offset, width, _changes(change, listed))

    @cached_property
    def text(self) -> str:
        """All texts of the file one after another, each character at its position."""
        return "".join(map(self._text_of, self.pieces))

    def _text_of(self, piece: Piece) -> str:
        content = self.main[piece.offset : piece.offset + (piece.end - piece.start) * piece.width]
        if piece.width == 1:
            return "".join(map(_WESTERN.__getitem__, content))
        # Halves of a pair stay single characters, for positions count them so; `printable` joins them again.
        return "".join(map(chr, struct.unpack(f"<{piece.end - piece.start}H", content)))

    def piece_at(self, position: int) -> Piece:
        """Return the piece that holds a position of the text."""
        index = bisect_right(self._ends, position)
        if index >= len(self.pieces):
            raise _damaged("text ends before its pieces do")
        return self.pieces[index]

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        return tuple(piece.end for piece in self.pieces)

    # -----------------------------------------------------------------------------------------------------------------
    # Properties

    def paragraph(self, last: int) -> ParagraphProperties:
        """Return the properties of the paragraph whose last character stands at a position of the text."""
        piece = self.piece_at(last)
        place = piece.place(last)
        page, edges = self._page(self._paragraph_pages, place)
        index = bisect_right(edges, place) - 1
        if not 0 <= index < len(edges) - 1:
            raise _damaged("a paragraph without properties")
        key = (page, index)
        if key not in self._paragraphs:
            self._paragraphs[key] = self._paragraph_list(page, self.main[page + 4 * len(edges) + PAPX_ENTRY * index])
        style, listed = self._paragraphs[key]
        return paragraph_properties(style, (*listed, *piece.changes))

    def runs(self) -> Iterator[tuple[int, int, RunProperties]]:
        """Yield stretches of the text that have properties of their own, and those.

        The mark that ends the file, behind all texts, may lie outside the property pages.
        """
        length = sum(self.counts())
        for piece in self.pieces:
            self.budget.check()
            changed = run_properties(piece.changes) if piece.changes else None
            if changed is not None and changed != RunProperties():
                yield piece.start, piece.end, changed
            place, end = piece.offset, piece.place(min(piece.end, length))
            while place < end:
                page, edges = self._page(self._run_pages, place)
                index = bisect_right(edges, place) - 1
                if not 0 <= index < len(edges) - 1:
                    raise _damaged("text without properties")
                until = min(end, edges[index + 1])
                listed = self._run_list(page, self.main[page + 4 * len(edges) + index])
                if listed:
                    first, last = (place - piece.offset) // piece.width, -(-(until - piece.offset) // piece.width)
                    yield piece.start + first, piece.start + last, run_properties(listed)
                place = until

    @cached_property
    def _paragraph_pages(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self._page_table(PLC_BTE_PAPX)

    @cached_property
    def _run_pages(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self._page_table(PLC_BTE_CHPX)

    def _page_table(self, index: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        table = self.pair(index)
        count = (len(table) - 4) // 8
        if count < 1:
            raise _damaged("no table of property pages")
        numbers = _words(table, 2 * count + 1, 0, "the table of property pages")
        edges, pages = numbers[: count + 1], numbers[count + 1 :]
        if list(edges) != sorted(edges):
            raise _damaged("property pages out of order")
        return edges, tuple((page & 0x3FFFFF) * PAGE for page in pages)

    def _page(self, table: tuple[tuple[int, ...], tuple[int, ...]], place: int) -> tuple[int, tuple[int, ...]]:
        """Return where the property page for a place stands, and the edges of its stretches."""
        edges, pages = table
        index = bisect_right(edges, place) - 1
        if not 0 <= index < len(pages):
            raise _damaged("text outside every property page")
        return pages[index], self._page_edges(pages[index])

    def _page_edges(self, page: int) -> tuple[int, ...]:
        known = self._edges.get(page)
        if known is None:
            if page + PAGE > len(self.main):
                raise _damaged("a property page beyond the end of the stream")
            known = _words(self.main, self.main[page + PAGE - 1] + 1, page, "a property page")
            if list(known) != sorted(known) or len(known) * 5 > PAGE + 1:
                raise _damaged("a property page out of order")
            self._edges[page] = known
        return known

    @cached_property
    def _edges(self) -> dict[int, tuple[int, ...]]:
        return {}

    def _paragraph_list(self, page: int, entry: int) -> tuple[int, tuple[Modifier, ...]]:
        """Return style and modifiers of an entry of a page (PapxInFkp)."""
        if entry == 0:
            return 0, ()
        at = page + 2 * entry
        words = self.main[at]
        start, size = (at + 1, 2 * words - 1) if words else (at + 2, 2 * self.main[at + 1])
        if size < 2 or start + size > page + PAGE - 1:
            raise _damaged("properties of a paragraph run over their page")
        style = int.from_bytes(self.main[start : start + 2], "little")
        listed: list[Modifier] = []
        for code, operand in modifiers(self.main[start + 2 : start + size]):
            listed += self._huge(operand) if code in (P_HUGE, P_HUGE_OLD) else ((code, operand),)
        return style, tuple(listed)

    def _huge(self, operand: bytes) -> tuple[Modifier, ...]:
        """Return modifiers that are too many for a page and stand in the data stream."""
        place = int.from_bytes(operand, "little")
        size = int.from_bytes(self.data[place : place + 2], "little")
        if place + 2 + size > len(self.data) or size == 0:
            raise _damaged("long properties beyond the end of the data stream")
        return tuple(modifiers(self.data[place + 2 : place + 2 + size]))

    def _run_list(self, page: int, entry: int) -> tuple[Modifier, ...]:
        """Return the modifiers of an entry of a page (Chpx)."""
        if entry == 0:
            return ()
        key = (page, entry)
        if key not in self._runs:
            at = page + 2 * entry
            size = self.main[at]
            if at + 1 + size > page + PAGE:
                raise _damaged("properties of a run run over their page")
            self._runs[key] = tuple(modifiers(self.main[at + 1 : at + 1 + size]))
        return self._runs[key]

    # -----------------------------------------------------------------------------------------------------------------
    # Styles

    @cached_property
    def hidden_styles(self) -> frozenset[int]:
        """The styles whose text is hidden, those based on them included."""
        sheet = self.pair(STSH)
        if C_VANISH.to_bytes(2, "little") not in sheet:
            return frozenset()
        size = int.from_bytes(sheet[:2], "little")
        count, base_size = struct.unpack_from("<HH", sheet, 2) if size >= 4 and len(sheet) >= 6 else (0, 0)
        bases: dict[int, int] = {}
        shown: dict[int, bool] = {}
        position = 2 + size
        for number in range(count):
            length = int.from_bytes(sheet[position : position + 2], "little")
            style = sheet[position + 2 : position + 2 + length]
            position += 2 + length
            if len(style) >= max(10, base_size):
                bases[number] = int.from_bytes(style[2:4], "little") >> 4
                vanish = _vanish(style, base_size)
                if vanish is not None:
                    shown[number] = not vanish
        return frozenset(number for number in bases if not _resolved(number, bases, shown))


def _changes(change: int, listed: list[bytes]) -> tuple[Modifier, ...]:
    """Return the modifiers of a piece: one in short form, or a list by its number."""
    if change & 1:
        index = change >> 1
        if index >= len(listed):
            raise _damaged("a piece of text names properties that are not there")
        return tuple(modifiers(listed[index]))
    code = SHORT.get(change >> 1 & 0x7F)
    return () if code is None else ((code, bytes([change >> 8])),)


def _vanish(style: bytes, base_size: int) -> bool | None:
    """Return whether a style hides its text; None if it does not say. Styles of other kinds than text say nothing."""
    kind, upx_count = style[2] & 15, style[4] & 15
    name_length = int.from_bytes(style[base_size : base_size + 2], "little")
    position = base_size + 2 + 2 * (name_length + 1)
    wanted = {1: 1, 2: 0}.get(kind)
    for number in range(upx_count):
        position += position & 1
        size = int.from_bytes(style[position : position + 2], "little")
        if number == wanted:
            listed = modifiers(style[position + 2 : position + 2 + size])
            said = [operand for code, operand in listed if code == C_VANISH]
            return bool(said[-1][0] & 1) if said else None
        position += 2 + size
    return None


def _resolved(number: int, bases: dict[int, int], shown: dict[int, bool]) -> bool:
    """Tell whether a style shows its text; a circle of styles shows it."""
    for _ in range(len(bases)):
        if number in shown:
            return shown[number]
        number = bases.get(number, NO_STYLE)
    return True


def _western() -> tuple[str, ...]:
    """Return the characters of bytes in compressed pieces: Windows-1252, its holes as they are."""
    return tuple(bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte)) for byte in range(256))


_WESTERN = _western()


def open_word(content: bytes, budget: Budget) -> WordFile:
    """Open a DOC file.

    Raises:
        Unreadable: encrypted, unsupported_format (before Word 97), broken.
    """
    compound = Compound(content)
    main = compound.stream("WordDocument")
    if len(main) < PAIRS or int.from_bytes(main[:2], "little") not in (MAGIC, MAGIC_95):
        raise _damaged("no header of a Word file")
    version, flags = int.from_bytes(main[2:4], "little"), int.from_bytes(main[0x0A:0x0C], "little")
    if version < FIRST_OF_97:
        raise Unreadable("unsupported_format", f"DOC of a Word older than 97 (version {version}): save it anew in Word")
    if flags & ENCRYPTED:
        raise Unreadable("encrypted", "a DOC file with a password")
    table = compound.stream("1Table" if flags & TABLE_1 else "0Table")
    data = compound.stream("Data") if compound.has("Data") else b""
    return WordFile(main, table, data, budget)
