"""The ledger: one SQLite row for every document that ever came in, never changed, never deleted.

Belongs here: what intake knows of a document (name, size, when first seen, partition, origin).
Does not: the bytes (archive.py), what parsing found out (the lake).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from assets.lake import DOCUMENTS

SCHEMA = """
create table if not exists documents (
    document_id text primary key,
    file_name text not null,
    byte_size integer not null,
    first_seen text not null,
    partition text not null,
    origin text not null
) strict, without rowid
"""
INSERT = """
insert into documents (document_id, file_name, byte_size, first_seen, partition, origin)
values (?, ?, ?, ?, ?, ?) on conflict (document_id) do nothing
"""


@dataclass(frozen=True)
class LedgerRow:
    """One document at its first coming: `first_seen` in UTC, ISO 8601; `origin` says by which way it came."""

    document_id: str
    file_name: str
    byte_size: int
    first_seen: str
    partition: str
    origin: str


class Ledger:
    """The documents table in the SQLite file at `path`; every call opens and closes its own connection."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, rows: Sequence[LedgerRow]) -> int:
        """Record documents in one transaction; return how many were new. Bytes already known are left as they are."""
        if not rows:
            return 0
        with self._connected() as connection:
            return sum(connection.execute(INSERT, astuple(row)).rowcount for row in rows)

    def ensure(self) -> None:
        """Make the table where there is none yet."""
        with self._connected():
            pass

    def known(self) -> dict[str, str]:
        """Return {document_id: partition} of every document."""
        return {row.document_id: row.partition for row in self.rows()}

    def rows(self) -> list[LedgerRow]:
        """Return every row, by document_id; an absent ledger has none."""
        if not self.path.exists():
            return []
        with self._connected() as connection:
            found = connection.execute(
                "select document_id, file_name, byte_size, first_seen, partition, origin from documents order by 1"
            )
            return [LedgerRow(*row) for row in found]

    def documents(self, partition: str | None = None) -> pl.DataFrame:
        """Return the rows of `partition` (or all) as a frame of the lake's `documents` schema."""
        rows: list[dict[str, object]] = [
            {
                "document_id": row.document_id, "file_name": row.file_name, "byte_size": row.byte_size,
                "first_seen": datetime.fromisoformat(row.first_seen), "partition": row.partition,
            }
            for row in self.rows() if partition in (None, row.partition)
        ]
        return DOCUMENTS.frame(rows)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=60)
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.execute(SCHEMA)
            with connection:
                yield connection
        finally:
            connection.close()


def utc_text(moment: datetime) -> str:
    """Return an aware `moment` as the ledger writes it: UTC, ISO 8601, microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
