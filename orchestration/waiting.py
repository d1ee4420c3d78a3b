"""Which report years a run is needed for.

Belongs here: comparing ledger, inbox, lake and code. Does not: Dagster, running anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assets.fetching.ledger import Ledger
from assets.home import Home
from assets.lake import DOCUMENTS, TABLES
from assets.lake_files import LakeFiles
from assets.versions import version_of


def behind(home: Home, keys: Iterable[str]) -> dict[str, str]:
    """Return {partition: why} for the partitions whose lake files lack documents, or were made by other code."""
    lake = LakeFiles(home.lake)
    taken_in: dict[str, set[str]] = {}
    for document_id, partition in Ledger(home.ledger).known().items():
        taken_in.setdefault(partition, set()).add(document_id)
    reasons = {key: _reason(lake, key, taken_in.get(key, set())) for key in keys}
    return {key: reason for key, reason in reasons.items() if reason}


def in_order(touched: Iterable[str], last: str) -> list[str]:
    """Return the partitions in the order in which they are run: oldest first, `last` at the end, `undated` first."""
    others = sorted(set(touched) - {last}, key=lambda key: (key.isdigit(), key))
    return [*others, last]


def _reason(lake: LakeFiles, partition: str, taken_in: set[str]) -> str:
    written = [table for table in TABLES if lake.path(table, partition).exists()]
    if not taken_in and not written:
        return ""
    return next(_differences(lake, partition, taken_in), "")


def _differences(lake: LakeFiles, partition: str, taken_in: set[str]) -> Iterator[str]:
    for table in TABLES:
        if not lake.readable(table, partition):
            yield f"lake/{table.name}/{partition}.parquet is missing or has other columns"
        elif lake.made_by(table, partition) != version_of(table):
            yield f"lake/{table.name}/{partition}.parquet was made by other code"
    in_lake = set(lake.read(DOCUMENTS, partition)["document_id"])
    if taken_in != in_lake:
        yield f"{len(taken_in - in_lake)} documents of the ledger are not in the lake"
