"""Bounds on what a document may cost: bytes, pages, members of an archive, seconds of processor time.

Belongs here: the numbers and the errors for crossing them. Does not: reading.
"""

from __future__ import annotations

import lzma
import time
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO


class Unreadable(Exception):
    """The bytes hold nothing that can be read; `kind` is a key of refusals.yaml."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True)
class Bounds:
    """What one document may cost. Published reports stay far below: 272 seen were under 30 pages and 20 MB."""

    most_bytes: int = 64 * 2**20
    most_pages: int = 120
    most_members: int = 4000
    most_unpacked: int = 256 * 2**20
    most_cells: int = 200_000
    most_seconds: float = 120.0


@dataclass(frozen=True)
class Budget:
    """Bounds with a clock that runs from its making; readers call `check` between pieces of work.

    The clock is that of the thread's own processor time: a busy machine must not refuse what a free one reads.
    """

    bounds: Bounds = field(default_factory=Bounds)
    started: float = field(default_factory=time.thread_time)

    def check(self) -> None:
        """Raise Unreadable('too_large') once the document has taken too long."""
        if time.thread_time() - self.started > self.bounds.most_seconds:
            raise Unreadable("too_large", f"reading took more than {self.bounds.most_seconds:.0f} s")

    def size(self, content: bytes) -> None:
        """Raise Unreadable('too_large') for a file over the bound."""
        if len(content) > self.bounds.most_bytes:
            raise Unreadable("too_large", f"{len(content):,} bytes, at most {self.bounds.most_bytes:,}")

    def pages(self, count: int) -> None:
        """Raise Unreadable('too_large') for more pages than the bound."""
        if count > self.bounds.most_pages:
            raise Unreadable("too_large", f"{count} pages, at most {self.bounds.most_pages}")

    def cells(self, count: int) -> None:
        """Raise Unreadable('too_large') for more table cells than the bound."""
        if count > self.bounds.most_cells:
            raise Unreadable("too_large", f"{count:,} cells, at most {self.bounds.most_cells:,}")


def open_archive(content: bytes, budget: Budget) -> zipfile.ZipFile:
    """Open a zip file whose directory stays within bounds.

    Raises:
        Unreadable: broken, encrypted or too large when unpacked (by the directory's own sizes).
    """
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as problem:
        raise Unreadable("broken", f"zip: {problem}") from problem
    if len({member.filename for member in members}) < len(members):
        raise Unreadable("broken", "zip: two members of the same name")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted", "a zip file with a password")
    unpacked = sum(member.file_size for member in members)
    if len(members) > budget.bounds.most_members or unpacked > budget.bounds.most_unpacked:
        raise Unreadable("too_large", f"{len(members)} members, {unpacked:,} bytes unpacked")
    return archive


def read_member(archive: zipfile.ZipFile, name: str, budget: Budget) -> bytes:
    """Return a member's bytes, never more than the bound whatever its directory entry says.

    Raises:
        Unreadable: broken or larger than stated. KeyError: there is no such member.
    """
    info = archive.getinfo(name)
    try:
        with archive.open(info) as member:
            content = member.read(budget.bounds.most_unpacked + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError, ValueError) as problem:
        raise Unreadable("broken", f"zip member {name}: {problem}") from problem
    if len(content) > budget.bounds.most_unpacked:
        raise Unreadable("too_large", f"zip member {name} unpacks to more than {budget.bounds.most_unpacked:,} bytes")
    budget.check()
    return content
