"""From fetches to documents: what was fetched is taken into the documents' ledger, each content once.

Belongs here: which fetches are documents, their names and report years. Does not: fetching, files of the inbox.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from assets.fetching.fetch_ledger import FetchLedger
from assets.fetching.intake import BATCH, UNDATED, Desk
from assets.fetching.ledger import LedgerRow
from assets.fetching.recipes import YEAR

LONGEST_NAME = 120
ORIGIN = "fetch:"
NOT_TAKEN_IN = """
select f.content, f.address, f.words, f.started from fetches f
join (select min(fetch) as first from fetches where role in ('report', 'attachment', 'picture') and failure = ''
      and content <> '' group by content) on f.fetch = first
where f.content not in (select document_id from documents) order by f.fetch
"""


@dataclass(frozen=True)
class Provenance:
    """Where a document was fetched: the publisher's id and the address, first seen and last seen there (UTC text)."""

    publisher: str
    address: str
    first_seen: str
    last_seen: str


def take_fetched(
    path: Path, desk: Desk, only: str | None = None, seen: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Record the fetched contents that are not in the documents' ledger yet; with `only`, those of that partition.

    Returns how many were recorded. They are recorded in batches: killed in between, the next call does the rest.
    """
    ledger = FetchLedger(path)
    try:
        desk.ledger.ensure()
        waiting = ledger.rows(NOT_TAKEN_IN)
    finally:
        ledger.close()
    rows: list[LedgerRow] = []
    taken = 0
    for number, row in enumerate(waiting, 1):
        found = _row(row["content"], row["address"], row["words"], row["started"], desk)
        if only in (None, found.partition):
            rows.append(found)
        if len(rows) >= BATCH or number == len(waiting):
            taken += desk.ledger.add(rows)
            rows = []
        seen(number, len(waiting))
    return taken


def _row(content: str, address: str, words: str, started: str, desk: Desk) -> LedgerRow:
    body, name = desk.archive.fetch(content), name_of(address)
    partition = desk.partition(body, name)
    years = set(YEAR.findall(words))
    if partition == UNDATED and len(years) == 1 and years <= set(desk.partitions):
        # What cannot be read (a picture, a scan) has the year of the link that led to it.
        partition = years.pop()
    return LedgerRow(content, name, len(body), started, partition, f"{ORIGIN}{address}")


def name_of(address: str) -> str:
    """Return a file name for an address: the last part of its path, with its query where it has one."""
    parts = urlsplit(address)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2] or parts.hostname or "page"
    return re.sub(r"[^\w.=&\-]+", "_", f"{last}{'_' if parts.query else ''}{parts.query}")[-LONGEST_NAME:]


def provenance(path: Path) -> dict[str, Provenance]:
    """Return {document_id: where it was fetched first} of every fetched document."""
    if not path.exists():
        return {}
    ledger = FetchLedger(path)
    try:
        rows = ledger.rows(
            "select content, publisher, address, min(started) as first, max(started) as last from fetches "
            "where role in ('report', 'attachment', 'picture') and failure = '' and content <> '' group by content"
        )
    finally:
        ledger.close()
    return {row["content"]: Provenance(row["publisher"], row["address"], row["first"], row["last"]) for row in rows}

