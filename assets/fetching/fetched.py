"""From fetches to documents: what was fetched is taken into the documents' ledger, each content once.

Belongs here: their names and report years, which wait. Does not: fetching, files of the inbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from assets.fetching.fetch_ledger import FetchLedger
from assets.fetching.intake import BATCH, UNDATED, Desk
from assets.fetching.ledger import LedgerRow
from assets.fetching.recipes import years_named
from assets.fetching.settings import publishers_of
from assets.normalizing.organ_identity.pieces import Listed

LONGEST_NAME = 120
ORIGIN = "fetch:"
NOT_TAKEN_IN = """
select f.content, f.address, f.words, f.started from fetched_documents f
join (select min(fetch) as first from fetched_documents group by content) on f.fetch = first
where f.content not in (select document_id from documents) order by f.fetch
"""


def take_fetched(path: Path, desk: Desk, only: str | None = None) -> int:
    """Record the fetched contents that are not in the documents' ledger yet; with `only`, those of that partition.

    Returns how many were recorded. They are recorded in batches: killed in between, the next call does the rest.
    """
    coming = (row for row in _not_taken_in(path, desk) if only in (None, row.partition))
    taken = 0
    while batch := list(islice(coming, BATCH)):
        taken += desk.ledger.add(batch)
    return taken


def waiting_fetched(path: Path, desk: Desk, limit: int) -> set[str]:
    """Return the partitions of the first `limit` fetched contents that are not in the documents' ledger yet."""
    return {row.partition for row in islice(_not_taken_in(path, desk), limit)}


def _not_taken_in(path: Path, desk: Desk) -> Iterator[LedgerRow]:
    if not path.exists():
        return
    ledger = FetchLedger(path)
    try:
        desk.ledger.ensure()
        waiting = ledger.rows(NOT_TAKEN_IN)
    finally:
        ledger.close()
    for row in waiting:
        yield _row(row["content"], row["address"], row["words"], row["started"], desk)


def _row(content: str, address: str, words: str, started: str, desk: Desk) -> LedgerRow:
    body, name = desk.archive.fetch(content), name_of(address)
    partition = desk.partition(body, name)
    years = years_named(words)
    if partition == UNDATED and len(years) == 1 and years <= set(desk.partitions):
        # What cannot be read (a picture, a scan) has the year of the link that led to it.
        partition = years.pop()
    return LedgerRow(content, name, len(body), started, partition, f"{ORIGIN}{address}")


def name_of(address: str) -> str:
    """Return a file name for an address: the last part of its path, with its query where it has one."""
    parts = urlsplit(address)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2] or parts.hostname or "page"
    return re.sub(r"[^\w.=&\-]+", "_", f"{last}{'_' if parts.query else ''}{parts.query}")[-LONGEST_NAME:]


def listed_documents(path: Path) -> dict[str, Listed]:
    """Return {document_id: its publisher} of the documents that were fetched from publishers somebody verified.

    A content that several publishers have stands for none of them.
    """
    publishers = {name: one for name, one in publishers_of().items() if one.verified}
    if not path.exists() or not publishers:
        return {}
    ledger = FetchLedger(path)
    try:
        rows = ledger.rows(
            "select content, min(publisher) as publisher, min(address) as address from fetched_documents "
            "group by content having count(distinct publisher) = 1"
        )
    finally:
        ledger.close()
    return {
        row["content"]: Listed(row["publisher"], row["address"], one.organ, one.territory)
        for row in rows if (one := publishers.get(row["publisher"]))
    }
