"""Publication: an immutable snapshot of the marts, then a pointer that flips in one step.

Belongs here: writing, verifying and sealing a snapshot folder, the pointer, and the one way to read it.
Does not: building the marts (dbt_project/), deciding whether they may go out (the gate and dbt's tests).

    published/
      snapshots/20261122T020000Z-7f3a9c01/   files 0444, folders 0555, complete before anything points to it
        marts/<mart>.parquet · gongkai.duckdb · findings.csv · findings.json · manifest.json
      data_docs/20261122T020000Z-7f3a9c01/   the data docs of every report year as of the last night that confirmed it
      model_docs/20261122T020000Z-7f3a9c01/  the page on the models it was built by
      latest.json                            {"snapshot": "20261122T020000Z-7f3a9c01"}
      current -> snapshots/...

A reader resolves the pointer once, when it starts, and keeps that snapshot. Nobody writes into a snapshot.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from assets.home import Home
from assets.marts.dbt import limits, locked
from assets.marts.finding_files import CSV, JSON, MART, write_finding_files
from assets.writing import replace_file, sync

STORAGE_VERSION = "v1.0.0"
DATABASE = "gongkai.duckdb"
MANIFEST = "manifest.json"
STRAY = ".*.part"
YEAR = "report_year_partition"


class PublicationError(RuntimeError):
    """What was written is not what was built, or what is pointed to is not there."""


@dataclass(frozen=True)
class Snapshot:
    """One published snapshot; `created` is False where the newest one already holds the same content."""

    id: str
    path: Path
    created: bool
    content: str
    rows: dict[str, int]


def publish_snapshot(
    build_file: Path, home: Home, git_revision: str, versions: Mapping[str, str], quality: Mapping[str, int],
    orders: Mapping[str, Sequence[str]],
) -> Snapshot:
    """Publish every table of the build; where the newest snapshot holds the same content, only confirm the pointer.

    Args:
        build_file: dbt's DuckDB file; it is opened read-only.
        home: where `published/` lies.
        git_revision: the revision of the code that built it, or "unknown".
        versions: name and version of what took part, for the manifest.
        quality: counts such as tables published and quarantined, for the manifest.
        orders: by which columns, a key among them, large tables are sorted; the others are sorted by all of theirs.

    Raises:
        PublicationError: the files written do not hold the rows that were built; the pointer stays as it was.
    """
    with locked(home.published / ".lock"):
        sweep(home)
        with _reading(build_file) as build:
            rows, content = _rows(build), content_hash(build)
            newest = _newest(home)
            if newest is not None and newest["content"] == content:
                _point(home, newest["snapshot"])
                return _snapshot(home, newest, created=False)
            about = {"git_revision": git_revision, "versions": dict(versions), "quality": dict(quality)}
            manifest = _write_snapshot(build, home, content, rows, about, orders)
        _point(home, manifest["snapshot"])
        return _snapshot(home, manifest, created=True)


def latest_path(home: Home) -> Path:
    """Return the folder of the newest snapshot. Resolve it once and keep it: that is what makes a read consistent."""
    pointer = home.published / "latest.json"
    if not pointer.exists():
        raise PublicationError(f"{pointer} does not exist: nothing has been published yet; run `gongkai run`")
    path: Path = home.published / "snapshots" / json.loads(pointer.read_text(encoding="utf-8"))["snapshot"]
    if not path.is_dir():
        raise PublicationError(f"{pointer} points to {path}, which does not exist: run `gongkai run` to publish again")
    return path


def open_latest(home: Home) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to the newest snapshot; it keeps that snapshot until it is closed."""
    return duckdb.connect(str(latest_path(home) / DATABASE), read_only=True)


def content_hash(build: duckdb.DuckDBPyConnection) -> str:
    """Return a hash over names, types and rows of the attached build's tables, whatever the order of the rows.

    Each row is hashed twice, differently, to 64 bits: one hash is added up over the rows, the other combined bit by
    bit. That answers "is this the same content?", no more: files have their sha256.
    """
    digest = hashlib.sha256()
    for table in _tables(build):
        columns = [column[:2] for column in build.execute(f"describe build.{_quoted(table)}").fetchall()]
        row = ", ".join(_quoted(name) for name, _ in columns)
        sums = build.execute(
            f"select count(*), sum(hash({row})), bit_xor(hash('once more', {row})) from build.{_quoted(table)}"
        ).fetchone()
        digest.update(repr((table, columns, sums)).encode())
    return digest.hexdigest()


def quality_counts(build_file: Path) -> dict[str, int]:
    """Return how many documents were refused and how many reports and tables ended in each state."""
    with _reading(build_file) as build:
        found = build.execute(
            "select subject || '_' || status, count(*) from build.mart_report_status group by all order by all"
        ).fetchall()
    return {name: int(count) for name, count in found}


def sweep(home: Home) -> list[Path]:
    """Delete and return what killed publications left behind; a sealed snapshot is never touched."""
    strays = sorted((home.published / "snapshots").glob(STRAY)) + sorted(home.published.glob(STRAY))
    for stray in strays:
        if stray.is_dir() and not stray.is_symlink():
            _discard(stray)
        else:
            stray.unlink()
    return strays


def verify_rows(folder: Path, rows: Mapping[str, int]) -> None:
    """Raise PublicationError unless Parquet and DuckDB file of `folder` hold exactly `rows` of each table."""
    with _reading(folder / DATABASE) as database:
        in_database = _rows(database)
        in_parquet = {
            path.stem: _count(database, f"read_parquet({_text(path)})") for path in (folder / "marts").glob("*.parquet")
        }
    for place, found in ((DATABASE, in_database), ("marts/*.parquet", in_parquet)):
        if found != dict(rows):
            wrong = {name: (rows.get(name), found.get(name)) for name in rows.keys() | found.keys()}
            told = [f"{name}: built {pair[0]}, written {pair[1]}" for name, pair in wrong.items() if pair[0] != pair[1]]
            raise PublicationError(
                f"{folder}: {place} does not hold the rows that were built ({'; '.join(sorted(told))}); "
                "nothing was published, the pointer stays; check the disk and run again"
            )


def _write_snapshot(
    build: duckdb.DuckDBPyConnection, home: Home, content: str, rows: dict[str, int], about: dict[str, Any],
    orders: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    moment = datetime.now(UTC)
    name = f"{moment:%Y%m%dT%H%M%SZ}-{content[:8]}"
    folder, final = home.published / "snapshots" / f".{name}.{uuid4().hex}.part", home.published / "snapshots" / name
    (folder / "marts").mkdir(parents=True)
    _export(build, folder, orders)
    if MART in rows:
        write_finding_files(build, f"build.{_quoted(MART)}", folder)
    verify_rows(folder, rows)
    manifest = {
        "snapshot": name, "created_at": moment.isoformat(timespec="seconds"), "content": content, **about,
        "tables": rows, "files": _files(folder, rows),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _seal(folder)
    if final.exists():  # the same content within the same second is the same snapshot
        _discard(folder)
        return manifest
    os.rename(folder, final)
    final.chmod(0o555)
    sync(final.parent)
    return manifest


def _export(build: duckdb.DuckDBPyConnection, folder: Path, orders: Mapping[str, Sequence[str]]) -> None:
    build.execute(f"attach {_text(folder / DATABASE)} as snapshot (storage_version '{STORAGE_VERSION}')")
    for table in _tables(build):
        _copy_sorted(build, table, orders.get(table, ()))
        _describe(build, table)
        target = _text(folder / "marts" / f"{table}.parquet")
        build.execute(f"copy (from snapshot.{_quoted(table)}) to {target} (format parquet, compression zstd)")
    build.execute("checkpoint snapshot")
    build.execute("detach snapshot")


def _copy_sorted(build: duckdb.DuckDBPyConnection, table: str, order: Sequence[str]) -> None:
    """Copy a table into the snapshot; one sorted by report year first year after year, so that sorting stays small."""
    name, by = _quoted(table), ", ".join(map(_quoted, order)) or "all"
    if not order or order[0] != YEAR:
        build.execute(f"create table snapshot.{name} as from build.{name} order by {by}")
        return
    build.execute(f"create table snapshot.{name} as from build.{name} limit 0")
    years = build.execute(f"select distinct {YEAR} from build.{name} order by all").fetchall()
    for (year,) in years:
        build.execute(
            f"insert into snapshot.{name} from build.{name} where {YEAR} is not distinct from $1 order by {by}",
            [year],
        )


def _describe(build: duckdb.DuckDBPyConnection, table: str) -> None:
    """Carry dbt's descriptions over to the copy, so that a BI tool shows them."""
    words = build.execute(
        "select null, comment from duckdb_tables() where database_name = 'build' and table_name = $1 "
        "union all select column_name, comment from duckdb_columns() where database_name = 'build' and table_name = $1",
        [table],
    ).fetchall()
    for column, comment in words:
        place = f"snapshot.{_quoted(table)}" if column is None else f"snapshot.{_quoted(table)}.{_quoted(column)}"
        if comment is not None:
            build.execute(f"comment on {'table' if column is None else 'column'} {place} is {_text(comment)}")


def _files(folder: Path, rows: Mapping[str, int]) -> list[dict[str, Any]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        {
            "path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": _sha256(path),
            "rows": _rows_in(path, rows),
        }
        for path in paths
    ]


def _rows_in(path: Path, rows: Mapping[str, int]) -> int:
    if path.name in (CSV, JSON):
        return rows[MART]
    return rows[path.stem] if path.suffix == ".parquet" else sum(rows.values())


def _seal(folder: Path) -> None:
    """Bring everything to the disk and make it read-only; the folder itself only once it has its name."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
        sync(path)
    sync(folder)


def _discard(folder: Path) -> None:
    """Delete a folder of ours that nothing points to, sealed or not."""
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(0o755)
    shutil.rmtree(folder)


def _point(home: Home, snapshot: str) -> None:
    """Flip `latest.json`, then `current`, each in one step."""
    replace_file(home.published / "latest.json", (json.dumps({"snapshot": snapshot}) + "\n").encode())
    link = home.published / f".current.{uuid4().hex}.part"
    link.symlink_to(Path("snapshots") / snapshot)
    os.replace(link, home.published / "current")
    sync(home.published)


def _newest(home: Home) -> dict[str, Any] | None:
    """Return the manifest of the snapshot pointed to; None where nothing is, or where it is gone."""
    try:
        manifest: dict[str, Any] = json.loads((latest_path(home) / MANIFEST).read_text(encoding="utf-8"))
    except PublicationError:
        return None
    return manifest


def _snapshot(home: Home, manifest: dict[str, Any], created: bool) -> Snapshot:
    path = home.published / "snapshots" / manifest["snapshot"]
    return Snapshot(manifest["snapshot"], path, created, manifest["content"], manifest["tables"])


def _reading(file: Path) -> duckdb.DuckDBPyConnection:
    """Return an in-memory connection with `file` attached read-only as `build`; close it, or use it in `with`.

    What does not fit into the memory that dbt's build may take as well is put aside beside the file.
    """
    bounds = limits()
    connection = duckdb.connect(config={
        "autoinstall_known_extensions": False, "temp_directory": str(file.parent / "spill"),
        "memory_limit": bounds["GONGKAI_DUCKDB_MEMORY"], "threads": bounds["GONGKAI_DUCKDB_THREADS"],
    })
    connection.execute(f"attach {_text(file)} as build (read_only)")
    connection.execute("set timezone = 'UTC'")
    return connection


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'build' and schema_name = 'main' order by all"
    )
    return [name for (name,) in found.fetchall()]


def _rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {table: _count(connection, f"build.{_quoted(table)}") for table in _tables(connection)}


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None
    return int(row[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: Path | str) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
