"""Compound files (OLE) of a few streams, as small as the format allows.

Belongs here: sectors, their chain and the directory. Does not: what a stream says (word_binary.py).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

SECTOR, SMALLEST = 512, 4096
FREE, END, CHAIN = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file of streams; each is filled up to 4096 bytes, for shorter ones are stored otherwise."""
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    sectors: list[bytes] = []
    chain: list[int] = []
    starts = {name: _append(sectors, chain, streams[name].ljust(SMALLEST, b"\0")) for name in names}
    directory = _append(sectors, chain, _directory(names, streams, starts))
    count = len(sectors)
    tables = 1
    while tables * SECTOR // 4 < count + tables:
        tables += 1
    chain += [CHAIN] * tables
    chain += [FREE] * (tables * SECTOR // 4 - len(chain))
    places = [count + number for number in range(tables)]
    header = MAGIC + bytes(16) + struct.pack(
        "<HHHHHHIIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, tables, directory, 0, SMALLEST, END, 0, END, 0, places[0]
    )
    header += struct.pack("<108I", *(places[1:] + [FREE] * (109 - len(places))))
    return header + b"".join(sectors) + struct.pack(f"<{len(chain)}I", *chain)


def _append(sectors: list[bytes], chain: list[int], content: bytes) -> int:
    """Add a stream's sectors and their chain; return the first."""
    start = len(sectors)
    pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
    sectors += pieces
    chain += [*range(start + 1, start + len(pieces)), END]
    return start


def _directory(names: list[str], streams: Mapping[str, bytes], starts: Mapping[str, int]) -> bytes:
    """Return the directory: the streams hang in a tree with the middle one on top."""
    middle = len(names) // 2
    entries = [_entry("Root Entry", 5, child=middle + 1, start=END, size=0)]
    for number, name in enumerate(names):
        left = number if 0 < number <= middle else FREE
        right = number + 2 if middle <= number < len(names) - 1 else FREE
        size = max(len(streams[name]), SMALLEST)
        entries.append(_entry(name, 2, left=left, right=right, start=starts[name], size=size))
    return b"".join(entries)


def _entry(
    name: str, kind: int, start: int, size: int, child: int = FREE, left: int = FREE, right: int = FREE
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(encoded), kind, 1, left, right, child)
    return encoded.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)
