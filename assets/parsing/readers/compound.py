"""Compound files (OLE): the container of DOC and XLS.

Belongs here: opening one and reading a stream, with every fault of the container as Unreadable.
Does not: what a stream says.
"""

from __future__ import annotations

import struct
from io import BytesIO

import olefile

from assets.parsing.readers.bounds import Unreadable

FAULTS = (
    OSError, ValueError, IndexError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, MemoryError,
    struct.error,
)
# Where the header says how many sectors the tables of sectors take: of the file, of short streams, of those tables.
SECTOR_COUNTS = (0x2C, 0x40, 0x48)
SMALLEST_SECTOR = 512


class Compound:
    """An opened compound file."""

    def __init__(self, content: bytes) -> None:
        self._length = len(content)
        # A chain of sectors that runs in a circle is followed for as long as the stated sizes say: gigabytes.
        for place in SECTOR_COUNTS:
            self._within(SMALLEST_SECTOR * int.from_bytes(content[place : place + 4], "little"))
        try:
            self._file: olefile.OleFileIO[str] = olefile.OleFileIO(BytesIO(content))
        except FAULTS as problem:
            raise Unreadable("broken", f"OLE: {problem}") from problem
        if self._file.root is None:
            raise Unreadable("broken", "OLE: no directory")
        self._within(self._file.root.size)  # type: ignore[attr-defined]  # the stubs lack it

    def _within(self, size: int) -> None:
        """Raise Unreadable('broken') for a part that is said to be larger than the whole file."""
        if size > self._length:
            raise Unreadable("broken", f"OLE: a part of {size:,} bytes in a file of {self._length:,}")

    def has(self, name: str) -> bool:
        """Tell whether there is a stream of that name at the top."""
        try:
            return bool(self._file.exists(name)) and self._file.get_type(name) == olefile.STGTY_STREAM
        except FAULTS as problem:
            raise Unreadable("broken", f"OLE: {problem}") from problem

    def stream(self, name: str) -> bytes:
        """Return the bytes of a stream; Unreadable('broken') if it is missing or damaged."""
        if not self.has(name):
            raise Unreadable("broken", f"OLE file without the stream {name}")
        self._within(self._size(name))
        try:
            content: bytes = self._file.openstream(name).read()
        except FAULTS as problem:
            raise Unreadable("broken", f"OLE stream {name}: {problem}") from problem
        return content

    def _size(self, name: str) -> int:
        try:
            return int(self._file.get_size(name))
        except FAULTS as problem:
            raise Unreadable("broken", f"OLE stream {name}: {problem}") from problem
