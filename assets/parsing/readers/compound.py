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


class Compound:
    """An opened compound file."""

    def __init__(self, content: bytes) -> None:
        try:
            self._file: olefile.OleFileIO[str] = olefile.OleFileIO(BytesIO(content))
        except FAULTS as problem:
            raise Unreadable("broken", f"OLE: {problem}") from problem

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
        try:
            content: bytes = self._file.openstream(name).read()
        except FAULTS as problem:
            raise Unreadable("broken", f"OLE stream {name}: {problem}") from problem
        return content
