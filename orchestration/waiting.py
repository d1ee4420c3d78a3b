"""Which report years a run is needed for.

Belongs here: comparing ledger, inbox, lake and code. Does not: Dagster, running anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from assets.fetching.ledger import Ledger
from assets.home import Home
from assets.lake import DOCUMENTS, TABLES, LakeTable
from assets.lake_files import LakeFiles
from assets.versions import JUDGED, READ, made_by, neighbouring_years
from orchestration.years import due_year


def behind(home: Home, keys: Iterable[str]) -> dict[str, str]:
    """Return {partition: why} for the partitions that are to be read or judged again."""
    listed = list(keys)
    return unjudged(home, listed) | unread(home, listed)


def unread(home: Home, keys: Iterable[str]) -> dict[str, str]:
    """Return {partition: why} for those whose lake files lack documents, or were made by other code."""
    lake = LakeFiles(home.lake)
    taken_in: dict[str, set[str]] = {}
    for document_id, partition in Ledger(home.ledger).known().items():
        taken_in.setdefault(partition, set()).add(document_id)
    reasons = {key: _unread(lake, key, taken_in.get(key, set())) for key in keys}
    return {key: reason for key, reason in reasons.items() if reason}


def unjudged(home: Home, keys: Iterable[str]) -> dict[str, str]:
    """Return {partition: why} for those read whose judged files are missing, or were made of other files or code."""
    lake = LakeFiles(home.lake)
    reasons = {key: next(_other_code(lake, JUDGED, key), "") for key in keys if _written(lake, key)}
    return {key: reason for key, reason in reasons.items() if reason}


def to_judge(home: Home, keys: Sequence[str], read: Iterable[str]) -> set[str]:
    """Return the partitions to judge once `read` have been read: these, their neighbours, and what waits already."""
    touched = set(read)
    around = {year for key in touched for year in neighbouring_years(key)}
    lake = LakeFiles(home.lake)
    return touched | {year for year in around if year in keys and _written(lake, year)} | unjudged(home, keys).keys()


def in_order(touched: Iterable[str], last: str) -> list[str]:
    """Return the partitions in the order in which they are run: oldest first, `last` at the end, `undated` first."""
    others = sorted(set(touched) - {last}, key=lambda key: (key.isdigit(), key))
    return [*others, last]


def runs_of_a_night(home: Home, keys: Sequence[str], last: str) -> Iterator[tuple[str, str]]:
    """Yield job and report year, each when the one before is done: all that is to be read, all to be judged, `last`.

    What is to be judged is found when all is read: only then is it known beside which years reports have changed.
    """
    to_read = unread(home, keys)
    yield from (("reading", key) for key in in_order(to_read, last) if key in to_read)
    yield from (("judging", key) for key in in_order(unjudged(home, keys), last) if key != last)
    yield "nightly", last


def newest(home: Home, keys: Iterable[str]) -> str:
    """Return the newest report year that waits, else that has documents; `undated` if it is the only one.

    Where there is none, it is the year due.
    """
    partitions = behind(home, keys) or Ledger(home.ledger).known().values()
    return max(partitions, key=lambda key: (key.isdigit(), key), default=due_year(date.today()))


def _written(lake: LakeFiles, partition: str) -> bool:
    return any(lake.path(table, partition).exists() for table in TABLES)


def _unread(lake: LakeFiles, partition: str, taken_in: set[str]) -> str:
    if not taken_in and not _written(lake, partition):
        return ""
    return next(_differences(lake, partition, taken_in), "")


def _differences(lake: LakeFiles, partition: str, taken_in: set[str]) -> Iterator[str]:
    yield from _other_code(lake, READ, partition)
    in_lake = set(lake.read(DOCUMENTS, partition)["document_id"])
    if taken_in != in_lake:
        yield f"{len(taken_in - in_lake)} documents of the ledger are not in the lake"


def _other_code(lake: LakeFiles, tables: Iterable[LakeTable], partition: str) -> Iterator[str]:
    for table in tables:
        expected, path = made_by(lake, table, partition), f"lake/{table.name}/{partition}.parquet"
        if not lake.readable(table, partition):
            yield f"{path} is missing or has other columns"
        elif (found := lake.made_by(table, partition) or "") != expected:
            same_code = table in JUDGED and found.split(" ")[0] == expected.split(" ")[0]
            before = "before its own or a neighbouring year's reports changed"
            yield f"{path} was made {before if same_code else 'by other code'}"
