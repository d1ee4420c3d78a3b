"""Which report years a build of the marts builds anew, and when it builds everything.

Belongs here: changes.py on lake files of a few rows. Does not: what dbt makes of it (tests/pipeline/test_marts.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assets import lake
from assets.home import Home
from assets.lake_files import LakeFiles
from assets.marts import changes
from assets.marts.dbt import build_file
from assets.marts.reference import REFUSAL_KINDS

SOURCES = ("reports", "documents")


def write_year(home: Home, year: str, organ: str, table: lake.LakeTable = lake.REPORTS) -> None:
    row: dict[str, object] = {table.key[0]: organ}
    LakeFiles(home.lake).write(table, year, table.frame([row]), "test")


def write_kind(home: Home, words: str) -> None:
    row: dict[str, object] = {"refusal_kind": "empty", "refusal_zh": words}
    LakeFiles(home.lake).write(REFUSAL_KINDS, "all", REFUSAL_KINDS.frame([row]), "test")


def build(home: Home) -> None:
    """What the asset does around a whole build."""
    planned = changes.plan(home, SOURCES)
    changes.begin(home)
    build_file(home).parent.mkdir(parents=True, exist_ok=True)
    build_file(home).write_bytes(b"built")
    changes.finish(home, planned.made)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The fingerprint of the dbt project, to be changed."""
    found = ["as it was"]
    monkeypatch.setattr(changes, "project_fingerprint", lambda home: found[0])
    yield found


@pytest.fixture
def home(tmp_path: Path, project: list[str]) -> Home:
    """A home of two years that is built."""
    made = Home(tmp_path)
    for year in ("2023", "2024"):
        write_year(made, year, "甲")
    write_kind(made, "空")
    build(made)
    return made


def years(home: Home) -> tuple[str, ...] | None:
    return changes.plan(home, SOURCES).years


def test_without_a_finished_build_everything_is_built(tmp_path: Path, project: list[str]) -> None:
    assert years(Home(tmp_path)) is None


def test_what_did_not_change_is_not_built_anew(home: Home) -> None:
    planned = changes.plan(home, SOURCES)
    assert planned.years == ()
    assert planned.variables() == {"GONGKAI_REBUILT_YEARS": ""}


def test_years_whose_files_changed_came_or_went_are_built_anew(home: Home) -> None:
    write_year(home, "2024", "乙")
    write_year(home, "2025", "甲")
    LakeFiles(home.lake).path(lake.REPORTS, "2023").unlink()
    planned = changes.plan(home, SOURCES)
    assert planned.years == ("2023", "2024", "2025")
    assert planned.variables() == {"GONGKAI_REBUILT_YEARS": "2023,2024,2025"}


def test_a_table_that_dbt_does_not_read_changes_nothing(home: Home) -> None:
    write_year(home, "2024", "甲", lake.PRINTED_TEXT)
    assert years(home) == ()


def test_another_project_or_reference_table_builds_everything(home: Home, project: list[str]) -> None:
    write_kind(home, "没有内容")
    planned = changes.plan(home, SOURCES)
    assert planned.years is None and "refusal_kinds" in planned.reason
    write_kind(home, "空")
    assert years(home) == ()
    project[0] = "changed"
    assert years(home) is None
    assert changes.plan(home, SOURCES).variables() == {"GONGKAI_ALL_YEARS": "2023,2024"}


def test_after_a_build_that_did_not_end_everything_is_built(home: Home) -> None:
    changes.begin(home)
    assert years(home) is None
    assert not changes.is_finished(home)


@pytest.mark.parametrize("mark", [b"", b"every model built\n", b'{"project": "as it was"}', b"[]"])
def test_a_mark_that_says_nothing_counts_as_none(home: Home, mark: bytes) -> None:
    (home.build / "finished").write_bytes(mark)
    assert years(home) is None


def test_a_lost_build_file_is_built_whole(home: Home) -> None:
    build_file(home).unlink()
    assert years(home) is None
    assert not changes.is_finished(home)


def test_years_that_only_some_models_were_built_of_are_built_again(home: Home) -> None:
    write_year(home, "2024", "乙")
    planned = changes.plan(home, SOURCES)
    before = changes.begin(home)
    assert before is not None
    changes.finish_part(home, before, planned)
    assert changes.is_finished(home)
    assert years(home) == ("2024",)
    write_year(home, "2024", "甲")
    assert years(home) == ("2024",)


def test_models_of_another_project_beside_those_of_the_last_build_build_everything(
    home: Home, project: list[str]
) -> None:
    project[0] = "changed"
    planned = changes.plan(home, SOURCES)
    before = changes.begin(home)
    assert before is not None
    changes.finish_part(home, before, planned)
    project[0] = "as it was"
    assert years(home) is None
