"""Takes documents in: from the inbox folder and from named paths into the archive and the ledger.

Belongs here: which files count as documents, what became of each. Does not: fetching from the network.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from assets.fetching.archive import Archive, archive_of
from assets.fetching.ledger import Ledger, LedgerRow, utc_text
from assets.home import Home
from assets.normalizing.dating import partition_of

UNDATED = "undated"
TEMPORARY_ENDINGS = (".tmp", ".part", ".partial", ".crdownload", ".swp", "~")
TEMPORARY_STARTS = (".", "~$")
FOLDER_FURNITURE = frozenset({"thumbs.db", "desktop.ini"})
BATCH = 200

NEW, KNOWN, SKIPPED, UNREADABLE, WAITING = "new", "known", "skipped", "unreadable", "waiting"


@dataclass(frozen=True)
class Source:
    """A file to look at: its path, and by which way it came (`inbox:<relative path>` or `path:<as given>`)."""

    path: Path
    origin: str
    named: bool


@dataclass(frozen=True)
class Arrival:
    """What became of one file: new | known | skipped | unreadable | waiting (left for another partition's run)."""

    path: Path
    outcome: str
    reason: str = ""
    document_id: str = ""
    partition: str = ""


@dataclass(frozen=True)
class Intake:
    """Everything one intake saw, in the order of the files."""

    arrivals: tuple[Arrival, ...]

    def of(self, outcome: str) -> tuple[Arrival, ...]:
        """Return the arrivals with that outcome."""
        return tuple(arrival for arrival in self.arrivals if arrival.outcome == outcome)


@dataclass(frozen=True)
class Desk:
    """Where documents are taken in: archive, ledger, the partitions there are, and how a document is dated."""

    archive: Archive
    ledger: Ledger
    partitions: Collection[str]
    partition_of: Callable[[bytes, str], str]

    def partition(self, content: bytes, name: str) -> str:
        """Return the report-year partition of a document; a year that is no partition is `undated`."""
        found = self.partition_of(content, name)
        return found if found in self.partitions else UNDATED


def desk_of(home: Home, partitions: Iterable[str]) -> Desk:
    """Return the desk of `home`, where documents are dated by what stands in them."""
    return Desk(archive_of(home), Ledger(home.ledger), frozenset(partitions), partition_of)


def find_sources(inbox: Path | None, named: Iterable[Path] = ()) -> list[Source]:
    """Return the files below `inbox` (recursive, sorted), then the `named` ones; a named folder counts as an inbox."""
    sources = [] if inbox is None else list(_below(inbox))
    for path in named:
        sources += _below(path) if path.is_dir() else [Source(path, f"path:{path}", True)]
    return sources


def take_in(
    sources: Iterable[Source],
    desk: Desk,
    now: datetime,
    only: str | None = None,
    seen: Callable[[Arrival], None] = lambda arrival: None,
) -> Intake:
    """Archive and record every document of `sources`; with `only`, leave those of other partitions waiting.

    A file that cannot be read is reported and does not stop the others. The bytes are in the archive before
    the ledger speaks of them, so a killed intake is mended by the next one. `seen` is told of every file.
    """
    known = desk.ledger.known()
    arrivals: list[Arrival] = []
    rows: list[LedgerRow] = []
    for source in sources:
        arrival, row = _take(source, desk, known, now, only)
        if row:
            known[row.document_id] = row.partition
            rows.append(row)
        if len(rows) >= BATCH:
            desk.ledger.add(rows)
            rows = []
        arrivals.append(arrival)
        seen(arrival)
    desk.ledger.add(rows)
    return Intake(tuple(arrivals))


def waiting_partitions(sources: Iterable[Source], desk: Desk, limit: int) -> set[str]:
    """Return the partitions of the first `limit` documents that are not in the ledger yet, taking nothing in."""
    return set(waiting_documents(sources, desk, limit).values())


def waiting_documents(sources: Iterable[Source], desk: Desk, limit: int) -> dict[str, str]:
    """Return {document_id: partition} of the first `limit` documents that the ledger lacks, taking nothing in."""
    known = desk.ledger.known()
    found = (arrival for arrival, _ in (_look(source, desk, known) for source in sources))
    return {arrival.document_id: arrival.partition for arrival in islice((a for a in found if a.outcome == NEW), limit)}


def _take(
    source: Source, desk: Desk, known: dict[str, str], now: datetime, only: str | None
) -> tuple[Arrival, LedgerRow | None]:
    arrival, content = _look(source, desk, known)
    if arrival.outcome != NEW:
        return arrival, None
    if only not in (None, arrival.partition):
        return Arrival(arrival.path, WAITING, "", arrival.document_id, arrival.partition), None
    desk.archive.store(content)
    row = LedgerRow(
        arrival.document_id, source.path.name, len(content), utc_text(now), arrival.partition, source.origin
    )
    return arrival, row


def _look(source: Source, desk: Desk, known: dict[str, str]) -> tuple[Arrival, bytes]:
    reason = "" if source.named else skip_reason(source)
    if reason:
        return Arrival(source.path, SKIPPED, reason), b""
    try:
        content = read_whole(source.path)
    except OSError as error:
        return Arrival(source.path, UNREADABLE, error.strerror or str(error)), b""
    document_id = hashlib.sha256(content).hexdigest()
    if document_id in known:
        return Arrival(source.path, KNOWN, "", document_id, known[document_id]), content
    return Arrival(source.path, NEW, "", document_id, desk.partition(content, source.path.name)), content


def read_whole(path: Path) -> bytes:
    """Return the bytes of a regular file; OSError when it is none, cannot be read or changes while it is read."""
    before = path.stat()
    if not stat.S_ISREG(before.st_mode):
        raise OSError(f"not a regular file: {path}")
    content = path.read_bytes()
    after = path.stat()
    if (len(content), after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise OSError(f"the file is still being written, it is taken in by the next run: {path}")
    return content


def skip_reason(source: Source) -> str:
    """Return why a file found in a folder is no document (hidden, temporary, folder furniture), or an empty text."""
    relative = Path(source.origin.partition(":")[2])
    name = relative.name.lower()
    if any(part.startswith(".") for part in relative.parts):
        return "hidden"
    if name.startswith(TEMPORARY_STARTS) or name.endswith(TEMPORARY_ENDINGS):
        return "temporary"
    return "folder furniture" if name in FOLDER_FURNITURE else ""


def _below(folder: Path) -> Iterator[Source]:
    for parent, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(parent) / name
            yield Source(path, f"inbox:{path.relative_to(folder).as_posix()}", False)
