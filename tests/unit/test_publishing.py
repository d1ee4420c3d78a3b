"""Publication: whole or not at all, the same content once, readers that keep what they resolved.

Belongs here: assets/marts/publishing.py against small DuckDB files. Does not: dbt, Dagster.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pytest

from assets.home import PROJECT, Home
from assets.marts import publishing
from assets.marts.publishing import PublicationError, latest_path, open_latest, publish_snapshot, sweep

FACTS = [("a", "1.500000", None), ("b", None, "NULL"), ("b", None, "NULL")]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return written(tmp_path / "build.duckdb", FACTS)


def written(path: Path, facts: list[tuple[str, str | None, str | None]]) -> Path:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table fct_requests (cell varchar, value decimal(20, 6), printed_text varchar)")
        connection.execute("comment on table fct_requests is '事实 Facts'")
        connection.execute("comment on column fct_requests.value is '数值 Value'")
        if facts:
            connection.executemany("insert into fct_requests values (?, ?, ?)", facts)
        connection.execute("create table dim_report (id varchar)")
        connection.execute("create view stg_reports as select * from dim_report")
    return path


def publish(build: Path, home: Home, orders: Mapping[str, Sequence[str]] = MappingProxyType({})) -> publishing.Snapshot:
    return publish_snapshot(build, home, "abc123", {"duckdb": "1"}, {"table_published": 2}, orders)


def test_a_snapshot_holds_every_table_and_no_view(build: Path, home: Home) -> None:
    snapshot = publish(build, home)
    files = {path.relative_to(snapshot.path).as_posix() for path in snapshot.path.rglob("*") if path.is_file()}
    assert files == {"marts/fct_requests.parquet", "marts/dim_report.parquet", "gongkai.duckdb", "manifest.json"}
    assert snapshot.created
    assert snapshot.rows == {"dim_report": 0, "fct_requests": 3}
    with open_latest(home) as reader:
        assert reader.execute("select * from fct_requests order by all").fetchall() == [
            (cell, None if value is None else pytest.approx(1.5), text) for cell, value, text in FACTS
        ]
        assert reader.execute("select count(*) from dim_report").fetchone() == (0,)
        with pytest.raises(duckdb.InvalidInputException):
            reader.execute("delete from fct_requests")


ORDERED = [
    ("2023", "a", 1, "9"), ("2023", "b", 0, "8"), ("2024", "a", 2, "7"), ("2024", "c", None, "6"),
    ("undated", "b", 5, "5"), (None, "z", 3, "4"),
]


@pytest.mark.parametrize(("order", "expected"), [
    (["report_year_partition", "cell"], ORDERED),
    (["cell", "report_year_partition"], sorted(ORDERED, key=lambda row: (row[1], row[0] or "~"))),
    ([], ORDERED),
])
@pytest.mark.parametrize("turned", [False, True])
def test_tables_are_sorted_as_their_model_says_and_lose_no_row(
    home: Home, tmp_path: Path, order: list[str], expected: list[tuple[object, ...]], turned: bool
) -> None:
    path = tmp_path / "years.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table facts (report_year_partition varchar, cell varchar, n integer, shown varchar)")
        connection.executemany("insert into facts values (?, ?, ?, ?)", ORDERED[::-1] if turned else ORDERED)
    snapshot = publish(path, home, {"facts": order} if order else {})
    with open_latest(home) as reader:
        found = reader.execute("from facts").fetchall()
        parquet = reader.execute("from read_parquet($1)", [str(snapshot.path / "marts" / "facts.parquet")]).fetchall()
    assert found == parquet == expected


@pytest.mark.parametrize("change", [
    "update fct_requests set cell = 'c' where cell = 'a'", "update fct_requests set value = 1.6 where cell = 'a'",
    "update fct_requests set printed_text = null where cell = 'b'", "delete from fct_requests where cell = 'a'",
    "insert into fct_requests values ('a', 1.5, null)",
    "update fct_requests set cell = printed_text, printed_text = cell",
    "alter table fct_requests rename column value to number", "alter table dim_report alter id type integer",
])
def test_another_row_value_name_or_type_is_another_content(home: Home, build: Path, change: str) -> None:
    before = publish(build, home)
    with duckdb.connect(str(build)) as connection:
        connection.execute(change)
    assert publish(build, home).content != before.content


def test_the_descriptions_travel_with_the_tables(build: Path, home: Home) -> None:
    publish(build, home)
    with open_latest(home) as reader:
        assert reader.execute("select comment from duckdb_tables() where comment is not null").fetchall() == [
            ("事实 Facts",)
        ]
        assert reader.execute("select comment from duckdb_columns() where comment is not null").fetchall() == [
            ("数值 Value",)
        ]


def test_the_database_can_be_opened_by_the_oldest_clients(build: Path, home: Home) -> None:
    path = publish(build, home).path / "gongkai.duckdb"
    assert int.from_bytes(path.read_bytes()[12:20], "little") == 64  # what DuckDB 0.10 and 1.0 write and read


def test_everything_published_is_read_only(build: Path, home: Home) -> None:
    path = publish(build, home).path
    modes = {"folder": set(), "file": set()} | {}
    for entry in (path, *path.rglob("*")):
        modes["folder" if entry.is_dir() else "file"].add(entry.stat().st_mode & 0o777)
    assert modes == {"folder": {0o555}, "file": {0o444}}


def test_the_manifest_tells_what_lies_there(build: Path, home: Home) -> None:
    snapshot = publish(build, home)
    manifest = json.loads((snapshot.path / "manifest.json").read_text())
    assert manifest["git_revision"] == "abc123"
    assert manifest["versions"] == {"duckdb": "1"}
    assert manifest["quality"] == {"table_published": 2}
    assert manifest["tables"] == snapshot.rows
    assert {file["path"]: file["rows"] for file in manifest["files"]} == {
        "gongkai.duckdb": 3, "marts/dim_report.parquet": 0, "marts/fct_requests.parquet": 3
    }
    for file in manifest["files"]:
        content = (snapshot.path / file["path"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_pointer_and_link_name_the_snapshot(build: Path, home: Home) -> None:
    snapshot = publish(build, home)
    assert json.loads((home.published / "latest.json").read_text()) == {"snapshot": snapshot.id}
    assert (home.published / "current").resolve() == snapshot.path.resolve() == latest_path(home).resolve()


def test_the_same_content_is_published_once(build: Path, home: Home, tmp_path: Path) -> None:
    first = publish(build, home)
    again = publish(written(tmp_path / "other.duckdb", list(reversed(FACTS))), home)
    assert (again.id, again.created, again.rows) == (first.id, False, first.rows)
    assert [path.name for path in (home.published / "snapshots").iterdir()] == [first.id]


@pytest.mark.parametrize(
    "facts",
    [
        [("a", "1.500001", None), *FACTS[1:]],
        [("a", "1.500000", ""), *FACTS[1:]],
        [FACTS[0], ("b", "0", "NULL"), FACTS[2]],
        [FACTS[0], ("b", None, None), FACTS[2]],
        FACTS[:2],
        [*FACTS, FACTS[2]],
        [],
    ],
    ids=["last digit", "empty is not NULL", "0 is not NULL", "word NULL", "row gone", "row twice", "empty table"],
)
def test_other_content_is_a_new_snapshot(build: Path, home: Home, facts: list[Any]) -> None:
    first = publish(build, home)
    second = publish(written(build, facts), home)
    assert second.created
    assert second.id != first.id
    assert latest_path(home) == second.path
    assert first.path.is_dir()


def test_a_reader_keeps_what_it_resolved(build: Path, home: Home) -> None:
    publish(build, home)
    with open_latest(home) as reader:
        publish(written(build, [("c", "2", None)]), home)
        assert reader.execute("select count(*) from fct_requests").fetchone() == (3,)
    with open_latest(home) as reader:
        assert reader.execute("select count(*) from fct_requests").fetchone() == (1,)


STAGES = ["_export", "verify_rows", "_files", "_seal", "_point"]


@pytest.mark.parametrize("stage", STAGES)
def test_failing_anywhere_leaves_the_old_pointer(
    build: Path, home: Home, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    first = publish(build, home)
    written(build, [("c", "2", None)])
    with monkeypatch.context() as patched:
        patched.setattr(publishing, stage, _raising)
        with pytest.raises(_Killed):
            publish(build, home)
    assert latest_path(home) == first.path
    assert (home.published / "current").resolve() == first.path.resolve()
    second = publish(build, home)
    assert latest_path(home) == second.path
    assert not [path for path in home.published.rglob("*") if path.name.endswith(".part")]


@pytest.mark.parametrize("stage", ["verify_rows", "sync", "_point"])
def test_killed_anywhere_leaves_the_old_pointer(build: Path, home: Home, stage: str) -> None:
    first = publish(build, home)
    written(build, [("c", "2", None)])
    killed = subprocess.run([sys.executable, "-c", KILLED, stage, str(build), str(home.root)], cwd=PROJECT, check=False)
    assert killed.returncode == 9
    assert latest_path(home) == first.path
    second = publish(build, home)
    assert second.id != first.id
    assert not [path for path in home.published.rglob("*") if path.name.endswith(".part")]


KILLED = """
import os, sys
from pathlib import Path
from assets.home import Home
from assets.marts import publishing
setattr(publishing, sys.argv[1], lambda *_: os._exit(9))
publishing.publish_snapshot(Path(sys.argv[2]), Home(Path(sys.argv[3])), "", {}, {}, {})
"""


def test_a_pointer_flipped_without_its_link_is_repaired(build: Path, home: Home) -> None:
    first = publish(build, home)
    second = publish(written(build, [("c", "2", None)]), home)
    (home.published / "current").unlink()
    (home.published / "current").symlink_to(Path("snapshots") / first.id)
    assert not publish(build, home).created
    assert (home.published / "current").resolve() == second.path.resolve()


def test_a_lost_row_is_never_published(build: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(build, home)
    written(build, [("c", "2", None), ("d", "3", None)])
    export: Callable[..., None] = publishing._export

    def losing(connection: duckdb.DuckDBPyConnection, folder: Path, orders: Mapping[str, Sequence[str]]) -> None:
        export(connection, folder, orders)
        connection.execute(f"copy (select * from build.fct_requests limit 1) to '{folder}/marts/fct_requests.parquet'")

    monkeypatch.setattr(publishing, "_export", losing)
    with pytest.raises(PublicationError, match=r"marts/\*\.parquet .*fct_requests: built 2, written 1"):
        publish(build, home)
    assert latest_path(home) == first.path


def test_a_lost_table_is_never_published(build: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    export: Callable[..., None] = publishing._export

    def losing(connection: duckdb.DuckDBPyConnection, folder: Path, orders: Mapping[str, Sequence[str]]) -> None:
        export(connection, folder, orders)
        (folder / "marts" / "dim_report.parquet").unlink()

    monkeypatch.setattr(publishing, "_export", losing)
    with pytest.raises(PublicationError, match="dim_report: built 0, written None"):
        publish(build, home)
    with pytest.raises(PublicationError, match="nothing has been published yet"):
        latest_path(home)


def test_a_pointer_to_nowhere_is_told_and_healed(build: Path, home: Home) -> None:
    first = publish(build, home)
    os.rename(first.path, first.path.with_name("elsewhere"))
    with pytest.raises(PublicationError, match="does not exist"):
        open_latest(home)
    assert publish(build, home).created
    assert latest_path(home).is_dir()


def test_the_build_file_is_left_alone(build: Path, home: Home) -> None:
    before = build.read_bytes()
    publish(build, home)
    assert build.read_bytes() == before
    assert not build.with_name(build.name + ".wal").exists()


def test_sweeping_takes_strays_only(build: Path, home: Home) -> None:
    snapshot = publish(build, home)
    stray = home.published / "snapshots" / ".20200101T000000Z-0.x.part"
    (stray / "marts").mkdir(parents=True)
    (stray / "marts").chmod(0o555)
    assert sweep(home) == [stray]
    assert snapshot.path.is_dir()


class _Killed(Exception):
    pass


def _raising(*_: object) -> None:
    raise _Killed
