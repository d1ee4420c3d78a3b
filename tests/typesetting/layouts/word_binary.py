"""Word's binary format, written: text in pieces, pages of properties, header, three streams.

Belongs here: paragraphs with their lists of modifiers to the bytes of a file. Does not: reports (doc.py).
Names in capitals are those of Microsoft's open specification [MS-DOC].
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from tests.typesetting.layouts.compound import compound

TEXT_AT, PAGE = 0x800, 512
STSH, PLC_BTE_CHPX, PLC_BTE_PAPX, CLX, PAIRS = 1, 12, 13, 33, 93
LONGEST_LIST = 200


@dataclass(frozen=True)
class Run:
    """Text with a list of modifiers."""

    text: str
    modifiers: bytes = b""


@dataclass(frozen=True)
class Paragraph:
    """Runs, the mark that ends them, and the paragraph's list of modifiers."""

    runs: tuple[Run, ...]
    modifiers: bytes = b""
    mark: str = "\r"
    mark_modifiers: bytes = b""


@dataclass(frozen=True)
class Character:
    """One character of the text and what it belongs to."""

    text: str
    run: bytes
    paragraph: int


def modifier(code: int, operand: bytes) -> bytes:
    """Return one modifier; variable ones get the size of their operand in front."""
    size = bytes([len(operand)]) if code >> 13 == 6 else b""
    return struct.pack("<H", code) + size + operand


def word_file(paragraphs: Sequence[Paragraph], piece_length: int | None = None, apart: bool = False) -> bytes:
    """Return a DOC file.

    Args:
        paragraphs: the body.
        piece_length: cut the text into pieces of so many characters, stored in reverse order, those of western
            characters with one byte each; None for a single piece.
        apart: keep long lists of modifiers in the data stream, as Word does with rows of many cells.
    """
    text = [
        Character(character, modifiers, number)
        for number, paragraph in enumerate(paragraphs)
        for run, modifiers in [*((run.text, run.modifiers) for run in paragraph.runs),
                               (paragraph.mark, paragraph.mark_modifiers)]
        for character in _units(run)
    ]
    length = piece_length or len(text)
    pieces = [text[at : at + length] for at in range(0, len(text), length)]
    body, placed, places = _stored(pieces)
    data = bytearray()
    lists = [_kept(paragraph.modifiers, data, apart) for paragraph in paragraphs]
    main = bytearray(TEXT_AT) + body
    table = bytearray()
    parts = {
        STSH: b"\x02\x00\x00\x00",
        PLC_BTE_PAPX: _pages(main, placed, lambda one: (one.paragraph, _papx(lists[one.paragraph])), 13),
        PLC_BTE_CHPX: _pages(main, placed, lambda one: (0, bytes([len(one.run)]) + one.run if one.run else b""), 1),
        CLX: _clx(pieces, places),
    }
    pairs = [(0, 0)] * PAIRS
    for index, part in parts.items():
        pairs[index] = (len(table), len(part))
        table += part
    main[:TEXT_AT] = _header(len(text), pairs).ljust(TEXT_AT, b"\0")
    return compound({"Data": bytes(data), "1Table": bytes(table), "WordDocument": bytes(main)})


def _units(text: str) -> list[str]:
    """Return the units that the format counts as characters: rare ideographs are two."""
    encoded = text.encode("utf-16-le")
    return [chr(unit) for unit in struct.unpack(f"<{len(encoded) // 2}H", encoded)]


Placed = list[tuple[int, int, Character]]


def _width(piece: Sequence[Character]) -> int:
    return 1 if all(ord(one.text) < 128 for one in piece) else 2


def _stored(pieces: Sequence[Sequence[Character]]) -> tuple[bytes, Placed, list[int]]:
    """Return the stored text, every character with where it begins and ends, and where each piece begins."""
    body = bytearray()
    placed: Placed = []
    places = [0] * len(pieces)
    for number in reversed(range(len(pieces))):
        piece = pieces[number]
        width = _width(piece)
        body += bytes(len(body) & 1)
        places[number] = TEXT_AT + len(body)
        for one in piece:
            start = TEXT_AT + len(body)
            body += one.text.encode("cp1252") if width == 1 else one.text.encode("utf-16-le", "surrogatepass")
            placed.append((start, TEXT_AT + len(body), one))
    return bytes(body), placed, places


def _kept(modifiers: bytes, data: bytearray, apart: bool) -> bytes:
    """Return the list itself, or the modifier that says where in the data stream it stands."""
    if not apart or len(modifiers) <= LONGEST_LIST:
        return modifiers
    place = len(data)
    data += struct.pack("<H", len(modifiers)) + modifiers
    return modifier(0x6646, struct.pack("<I", place))


def _papx(modifiers: bytes) -> bytes:
    """Return a PapxInFkp: style 0 and modifiers, their size in words in one of its two forms."""
    content = b"\0\0" + modifiers
    if len(content) % 2:
        return bytes([(len(content) + 1) // 2]) + content
    return bytes([0, len(content) // 2]) + content


def _pages(main: bytearray, placed: Placed, entry: Callable[[Character], tuple[int, bytes]], size: int) -> bytes:
    """Add pages of properties behind the text, one entry per stretch that has the same; return the table of pages."""
    stretches: list[tuple[int, int, bytes]] = []
    for (_, content), group in groupby(placed, key=lambda item: entry(item[2])):
        members = list(group)
        stretches.append((members[0][0], members[-1][1], content))
    edges: list[int] = []
    numbers: list[int] = []
    while stretches:
        main += bytes(-len(main) % PAGE)
        edges.append(stretches[0][0])
        numbers.append(len(main) // PAGE)
        count = _fitting(stretches, size)
        main += _page(stretches[:count], size)
        end = stretches[count - 1][1]
        del stretches[:count]
    return struct.pack(f"<{len(edges) + 1}I{len(numbers)}I", *edges, end, *numbers)


def _fitting(stretches: Sequence[tuple[int, int, bytes]], size: int) -> int:
    used = 4 + 1
    for count, (_, _, content) in enumerate(stretches):
        used += 4 + size + len(content) + len(content) % 2
        if used > PAGE - 1:
            return count
    return len(stretches)


def _page(stretches: Sequence[tuple[int, int, bytes]], size: int) -> bytes:
    page = bytearray(PAGE)
    count = len(stretches)
    page[-1] = count
    edges = [*(start for start, _, _ in stretches), stretches[-1][1]]
    struct.pack_into(f"<{count + 1}I", page, 0, *edges)
    free = PAGE - 1
    for number, (_, _, content) in enumerate(stretches):
        if content:
            free = (free - len(content)) & ~1
            page[free : free + len(content)] = content
            page[4 * (count + 1) + size * number] = free // 2
    return bytes(page)


def _clx(pieces: Sequence[Sequence[Character]], places: Sequence[int]) -> bytes:
    positions = [0]
    for piece in pieces:
        positions.append(positions[-1] + len(piece))
    entries = b"".join(
        struct.pack("<HIH", 0, place * 2 | 0x40000000 if _width(piece) == 1 else place, 0)
        for piece, place in zip(pieces, places, strict=True)
    )
    table = struct.pack(f"<{len(positions)}I", *positions) + entries
    return b"\x02" + struct.pack("<I", len(table)) + table


def _header(length: int, pairs: Sequence[tuple[int, int]]) -> bytes:
    base = struct.pack("<HHHHHHHIBBHHII", 0xA5EC, 0xC1, 0, 0x0804, 0, 0x1200, 0xBF, 0, 0, 0, 0, 0, 0, 0)
    numbers = struct.pack("<H28s", 14, b"") + struct.pack("<H", 22) + struct.pack("<22I", 0, 0, 0, length, *[0] * 18)
    return base + numbers + struct.pack("<H", len(pairs)) + b"".join(struct.pack("<II", *pair) for pair in pairs)
