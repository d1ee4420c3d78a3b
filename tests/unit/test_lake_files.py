"""The lake's files: whole or not at all, untouched where nothing changed.

Belongs here: assets/lake_files.py, assets/remembered.py and assets/writing.py on disk. Does not: Dagster.
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from assets.lake import CELLS, FINDINGS, REPORTS, TABLE_STATES
from assets.lake_files import Aside, LakeFileError, LakeFiles
from assets.remembered import plan, rows_of, together
from assets.versions import made_by, neighbouring_years, version_of
from assets.writing import replace_file

ROWS = [
    {"report_version_id": f"{'b' * 16}-1", "table_code": "requests", "edition": "cn_ogi_2021", "state": "published"},
    {"report_version_id": f"{'a' * 16}-1", "table_code": "requests", "edition": "cn_ogi_2021", "state": "missing"},
]


def test_the_same_rows_in_another_order_leave_the_file_untouched(tmp_path: Path) -> None:
    files = LakeFiles(tmp_path)
    assert files.write(TABLE_STATES, "2024", TABLE_STATES.frame(ROWS), "v1")
    path = files.path(TABLE_STATES, "2024")
    os.utime(path, ns=(1, 1))
    assert not files.write(TABLE_STATES, "2024", TABLE_STATES.frame(ROWS[::-1]), "v1")
    assert path.stat().st_mtime_ns == 1
    assert files.write(TABLE_STATES, "2024", TABLE_STATES.frame(ROWS), "v2")
    assert files.made_by(TABLE_STATES, "2024") == "v2"


def test_a_frame_that_is_not_its_table_is_not_written(tmp_path: Path) -> None:
    files = LakeFiles(tmp_path)
    with pytest.raises(LakeFileError, match="must be unique"):
        files.write(TABLE_STATES, "2024", TABLE_STATES.frame([ROWS[0], ROWS[0]]), "v1")
    with pytest.raises(LakeFileError, match="expected"):
        files.write(TABLE_STATES, "2024", TABLE_STATES.frame(ROWS).drop("state"), "v1")
    assert files.partitions(TABLE_STATES) == []


def parts_of(frame: pl.DataFrame, size: int) -> list[pl.DataFrame]:
    return list(frame.iter_slices(size))


def test_rows_in_parts_are_the_rows_in_one(tmp_path: Path) -> None:
    files, rows = LakeFiles(tmp_path), TABLE_STATES.frame(ROWS)
    assert files.write_parts(TABLE_STATES, "2024", parts_of(rows, 1), "v1")
    assert files.read(TABLE_STATES, "2024").equals(rows)
    assert files.scan(TABLE_STATES, "2024").filter(state="missing").collect().equals(rows.filter(state="missing"))
    assert (files.made_by(TABLE_STATES, "2024"), files.height(TABLE_STATES, "2024")) == ("v1", 2)
    path = files.path(TABLE_STATES, "2024")
    os.utime(path, ns=(1, 1))
    assert not files.write_parts(TABLE_STATES, "2024", parts_of(rows, 1), "v1")
    assert path.stat().st_mtime_ns == 1
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("rows", [[], ROWS])
def test_one_part_makes_the_same_file_as_a_frame(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    files = LakeFiles(tmp_path)
    files.write(TABLE_STATES, "2024", TABLE_STATES.frame(rows), "v1")
    assert not files.write_parts(TABLE_STATES, "2024", [TABLE_STATES.frame(rows)], "v1")


def test_parts_out_of_order_leave_the_old_file(tmp_path: Path) -> None:
    files, rows = LakeFiles(tmp_path), TABLE_STATES.frame(ROWS)
    files.write(TABLE_STATES, "2024", rows, "v1")
    before = files.path(TABLE_STATES, "2024").read_bytes()
    with pytest.raises(LakeFileError, match="must lie behind"):
        files.write_parts(TABLE_STATES, "2024", parts_of(rows, 1)[::-1], "v1")
    with pytest.raises(LakeFileError, match="must be unique"):
        files.write_parts(TABLE_STATES, "2024", [rows[0:1], pl.concat([rows[1:], rows[1:]])], "v1")
    assert files.path(TABLE_STATES, "2024").read_bytes() == before
    assert len(list(files.path(TABLE_STATES, "2024").parent.iterdir())) == 1


def test_what_is_put_aside_comes_back_in_its_order(tmp_path: Path) -> None:
    aside = Aside(tmp_path / "aside", TABLE_STATES)
    assert aside.read().equals(TABLE_STATES.empty())
    for part in parts_of(TABLE_STATES.frame(ROWS), 1):
        aside.add(part)
    assert aside.read().equals(TABLE_STATES.frame(ROWS))


def test_rows_are_sorted_as_by_their_key(tmp_path: Path) -> None:
    mixed = TABLE_STATES.conform(pl.DataFrame({
        "report_version_id": ["b", "a", "b", "a", "c"], "table_code": ["z", "z", "y", "y", None],
    }))
    whole = mixed.drop_nulls("table_code")
    assert TABLE_STATES.sort(whole).equals(whole.sort(TABLE_STATES.key))
    assert TABLE_STATES.sort(mixed).equals(mixed.sort(TABLE_STATES.key))
    assert TABLE_STATES.in_order(TABLE_STATES.sort(whole)) and not TABLE_STATES.in_order(whole)
    assert not TABLE_STATES.in_order(pl.concat([whole[0:1], whole[0:1]]))


def test_a_file_of_another_schema_is_an_error_to_read_and_nothing_to_remember(tmp_path: Path) -> None:
    files = LakeFiles(tmp_path)
    files.path(TABLE_STATES, "2024").parent.mkdir(parents=True)
    TABLE_STATES.frame(ROWS).drop("state").write_parquet(files.path(TABLE_STATES, "2024"))
    with pytest.raises(LakeFileError, match="run this partition again"):
        files.read(TABLE_STATES, "2024")
    with pytest.raises(LakeFileError, match="run this partition again"):
        files.scan(TABLE_STATES, "2024")
    assert files.previous([TABLE_STATES], "2024")["table_states"].is_empty()


def test_a_killed_write_leaves_the_old_file_and_a_stray_that_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = LakeFiles(tmp_path)
    files.write(TABLE_STATES, "2024", TABLE_STATES.frame(ROWS), "v1")
    path = files.path(TABLE_STATES, "2024")
    before = path.read_bytes()
    stray = path.parent / ".2024.parquet.0.part"
    stray.write_bytes(before[:100])

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    assert path.read_bytes() == before
    assert files.sweep() == [stray]
    assert files.partitions(TABLE_STATES) == ["2024"]


def test_only_documents_that_are_new_or_read_by_other_code_are_worked_on() -> None:
    work = plan({"a": "v2", "b": "v2", "c": "v2"}, {"a": "v2", "b": "v1", "gone": "v2"})
    assert (work.remembered, work.to_do) == (("a",), ("b", "c"))


def test_remembered_rows_are_those_of_documents_that_still_count() -> None:
    previous = {"table_states": TABLE_STATES.frame(ROWS)}
    fresh = [{"table_states": TABLE_STATES.frame([ROWS[0]])}]
    found = together(previous, ["a" * 64], fresh)["table_states"]
    assert found["report_version_id"].to_list() == [f"{'a' * 16}-1", f"{'b' * 16}-1"]
    assert rows_of(pl.DataFrame({"document_id": ["x", "y"]}), ["y"]).height == 1


def test_a_judged_table_is_made_by_its_rules_and_by_the_reports_of_its_year_and_those_beside_it(tmp_path: Path) -> None:
    files = LakeFiles(tmp_path)
    before = made_by(files, FINDINGS, "2024")
    assert before.startswith(f"{version_of(FINDINGS)} ")
    assert made_by(files, CELLS, "2024") == version_of(CELLS)
    for year, changes in (("2022", False), ("2023", True), ("2025", True), ("2024", True), ("2026", False)):
        files.write(REPORTS, year, REPORTS.frame([{"report_version_id": year}]), "v1")
        after = made_by(files, FINDINGS, "2024")
        assert (after != before) == changes, year
        before = after
    assert neighbouring_years("undated") == ()


def test_a_digest_follows_the_bytes(tmp_path: Path) -> None:
    files = LakeFiles(tmp_path)
    assert files.digest(TABLE_STATES, "2024") == ""
    files.write(TABLE_STATES, "2024", TABLE_STATES.frame(ROWS), "v1")
    first = files.digest(TABLE_STATES, "2024")
    files.write(TABLE_STATES, "2024", TABLE_STATES.frame(ROWS[:1]), "v1")
    second = files.digest(TABLE_STATES, "2024")
    files.write(TABLE_STATES, "2024", TABLE_STATES.frame(ROWS), "v1")
    assert first == files.digest(TABLE_STATES, "2024") != second


def test_a_scan_reads_what_a_read_does_and_refuses_what_a_read_refuses(tmp_path: Path) -> None:
    files = LakeFiles(tmp_path)
    assert files.scan(TABLE_STATES, "2024").collect().schema == TABLE_STATES.empty().schema
    files.write(TABLE_STATES, "2024", TABLE_STATES.frame(ROWS), "v1")
    assert files.scan(TABLE_STATES, "2024").collect().equals(files.read(TABLE_STATES, "2024"))
    TABLE_STATES.frame(ROWS).drop("state").write_parquet(files.path(TABLE_STATES, "2024"))
    with pytest.raises(LakeFileError, match="run this partition again"):
        files.scan(TABLE_STATES, "2024")
