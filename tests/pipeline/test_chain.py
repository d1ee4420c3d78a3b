"""The whole chain as the operator runs it: `gongkai run` over the samples, twice, and what Dagster then shows.

Belongs here: the real graph on real documents in a home of its own. Does not: single stages (tests/unit), mart contents
(test_marts.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from assets import lake
from assets.fetching.ledger import Ledger
from assets.home import PROJECT, Home
from assets.lake_files import LakeFiles
from assets.marts.publishing import open_latest
from assets.marts.reference import REFERENCE
from orchestration.definitions import build_definitions
from orchestration.io import HomeBusyError, home_lock
from orchestration.jobs import JUDGED_ASSETS, READ_ASSETS
from orchestration.overview import conserved, overview
from orchestration.schedules import StaleCodeLocationError, requests_for, unseen_partitions
from orchestration.waiting import behind
from orchestration.years import due_year, partition_keys

SAMPLES = PROJECT / "samples"
TODAY = date(2026, 11, 25)
pytestmark = pytest.mark.timeout(900)


def gongkai_run(home: Home, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "run", *arguments], cwd=PROJECT, capture_output=True, text=True,
        check=False, env=os.environ | {"GONGKAI_HOME": str(home.root), "COLUMNS": "200"}, timeout=600,
    )
    log = home.root / "run.log"
    assert done.returncode == 0, done.stdout + done.stderr + (log.read_text("utf-8")[-4000:] if log.exists() else "")
    return done.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("chain") / "home")


@pytest.fixture(scope="module")
def shown(home: Home) -> str:
    """What the first run shows on the screen."""
    return gongkai_run(home, "--inbox", str(SAMPLES / "inbox"))


@pytest.fixture
def instance(home: Home, shown: str) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home.dagster)) as found:
        yield found


def expected() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
    return found


def fingerprint(folder: Path) -> dict[str, tuple[int, str]]:
    files = sorted(path for path in folder.rglob("*.parquet"))
    assert files
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
    }


def test_every_sample_ends_as_promised_and_is_counted_once(home: Home, shown: str) -> None:
    with open_latest(home) as published:
        found = dict(published.execute(
            "select file_name, status from mart_report_status where subject <> 'table' order by 1"
        ).fetchall())
    assert found == {name: promised["status"] for name, promised in expected().items()}
    assert conserved(home).ok
    tables = [str(state) for one in expected().values() for state in dict(one.get("tables") or {}).values()]
    counts = re.search(r"published (\d+) .*quarantined (\d+) .*missing (\d+)", shown)
    assert counts is not None
    assert [int(count) for count in counts.groups()] == [
        tables.count(state) for state in ("published", "quarantined", "missing")
    ]


def questions() -> dict[str, str]:
    """The statements of docs/questions.md by the heading they stand under."""
    parts = (PROJECT / "docs" / "questions.md").read_text("utf-8").split("\n## ")[1:]
    found = {part.partition("\n")[0]: re.findall(r"```sql\n(.*?)```", part, re.DOTALL) for part in parts}
    return {heading: statement for heading, [statement] in found.items()}


# How many rows the samples give for each of the ten questions, in their order; one report has two versions.
ROWS = (4, 1, 16, 9, 2, 12, 7, 6, 18, 2)


@pytest.mark.parametrize(("heading", "rows"), list(zip(questions(), ROWS, strict=True)))
def test_every_question_is_answered_by_one_statement_over_the_snapshot(
    home: Home, shown: str, heading: str, rows: int
) -> None:
    with open_latest(home) as published:
        assert len(published.execute(questions()[heading]).fetchall()) == rows


def test_an_answer_carries_its_numerator_and_denominator(home: Home, shown: str) -> None:
    statement = questions()[list(questions())[1]]
    with open_latest(home) as published:
        assert published.execute(statement).fetchall() == [
            (2024, "own_organ", "county", "general_office", "长治市上党区人民政府办公室", 4, 16, 0.25, 1)
        ]


def test_a_corrected_report_shows_what_was_changed_and_only_its_newest_text(home: Home, shown: str) -> None:
    with open_latest(home) as published:
        revised = published.execute("""
            select version_number, cell_code, old_text, new_text from report_revisions order by cell_code
        """).fetchall()
        current = published.execute("""
            select file_name from report_versions inner join dim_report using (report_version_id)
            where version_count > 1 and is_current
        """).fetchall()
    assert [row[1:] for row in revised] == [
        ("proactive_disclosure.administrative_penalty.decisions", "7", "17"),
        ("requests.granted_in_part.natural_person", "1", "2"), ("requests.granted_in_part.total", "1", "2"),
        ("requests.unable_not_held.natural_person", "2", "1"), ("requests.unable_not_held.total", "3", "2"),
    ]
    assert {row[0] for row in revised} == {2} and current == [("jiaocheng_trees_2024.html",)]


def test_the_summary_names_what_was_held_back_and_where_things_lie(home: Home, shown: str) -> None:
    assert "R01 收支平衡（商业企业、自然人）" in shown
    assert "文件中没有这张表" in shown
    assert str(home.published / "snapshots") in shown and "gongkai dev" in shown


def test_a_second_night_parses_nothing_and_changes_no_byte(home: Home, shown: str) -> None:
    before, snapshot = fingerprint(home.lake), os.readlink(home.published / "current")
    [page] = home.published_model_docs.glob("*/index.html")
    written = page.stat()
    gongkai_run(home, "--inbox", str(SAMPLES / "inbox"))
    assert fingerprint(home.lake) == before
    assert os.readlink(home.published / "current") == snapshot
    assert (page.stat().st_ino, page.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        newest = instance.get_latest_materialization_event(dg.AssetKey("printed_tables"))
    assert newest is not None and newest.asset_materialization is not None
    assert newest.asset_materialization.metadata["documents_parsed"].value == 0


def test_the_gate_shows_its_checks_with_the_failing_reports(instance: dg.DagsterInstance) -> None:
    def newest(asset: str, check: str) -> dg.AssetCheckEvaluation:
        key = dg.AssetCheckKey(dg.AssetKey(asset), check)
        record = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)[0]
        assert record.event is not None and record.event.dagster_event is not None
        return record.event.dagster_event.asset_check_evaluation_data

    suite = newest("findings", "requests_column")
    assert (suite.passed, suite.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "R01_balance" in str(suite.metadata["failing_reports"].value)
    assert suite.metadata["failing_report_ids"].value
    assert str(suite.metadata["data_docs"].value).endswith("/data_docs/2025/index.html#requests_column")
    assert "吕梁市离石区人民政府办公室" in str(suite.metadata["failing_reports"].value)
    held = newest("quarantined_tables", "nothing_quarantined")
    assert (held.passed, held.severity) == (False, dg.AssetCheckSeverity.WARN)
    conservation = newest("mart_report_status", "conservation")
    assert conservation.passed and conservation.blocking


def test_lineage_runs_from_fetching_to_the_snapshot_with_columns_and_rows(
    home: Home, instance: dg.DagsterInstance
) -> None:
    graph = build_definitions(home=home, today=TODAY).resolve_asset_graph()
    reached, frontier = set(), {dg.AssetKey("publisher_outcomes")}
    while frontier:
        reached |= frontier
        frontier = {child for key in frontier for child in graph.get(key).child_keys} - reached
    unreached = graph.get_all_asset_keys() - reached
    looked_up = {table.name for table in REFERENCE}
    assert {key.to_user_string() for key in unreached} == looked_up | {f"stg_{name}" for name in looked_up} | {
        "dim_applicant", "dim_cell", "dim_identity", "dim_indicator", "dim_rule", "dim_series_break", "dim_territory",
        "mart_data_dictionary", "seeds/organ_reforms", "seeds/territories", "seeds/territory_changes",
        "territory_lineage",
    }
    assert dg.AssetKey("published_snapshot") in reached
    for key in graph.materializable_asset_keys:
        event = instance.get_latest_materialization_event(key)
        assert event is not None and event.asset_materialization is not None, key
        if not key.to_user_string().startswith("stg_"):
            assert "dagster/row_count" in event.asset_materialization.metadata, key


def test_data_docs_of_every_year_say_the_rules_in_chinese(home: Home, shown: str) -> None:
    assert {page.parent.name for page in home.data_docs.glob("*/index.html")} == {
        "undated", "2019", "2022", "2024", "2025",
    }
    assert any("收支平衡" in page.read_text(encoding="utf-8") for page in home.data_docs.rglob("*.html"))


def test_data_docs_lie_beside_the_snapshot(home: Home, shown: str) -> None:
    pages = home.published_data_docs / Path(os.readlink(home.published / "current")).name
    assert "2025" in {page.parent.name for page in pages.glob("*/index.html")}
    assert 'href="2025/index.html"' in (pages / "index.html").read_text(encoding="utf-8")


def test_the_page_on_the_models_lies_beside_the_snapshot_and_names_no_machine(
    home: Home, shown: str, instance: dg.DagsterInstance
) -> None:
    page = home.published_model_docs / Path(os.readlink(home.published / "current")).name / "index.html"
    assert str(page) in shown
    text = page.read_text("utf-8")
    assert str(home.root) not in text and str(PROJECT) not in text
    assert '"send_anonymous_usage_stats": false' in text and '"type": "DECIMAL(20,6)"' in text
    for name in ("model.gongkai.mart_organ_year", "source.gongkai.lake.cells", "exposure.gongkai.ten_questions"):
        assert f'"{name}": {{' in text
    assert "read_parquet('$GONGKAI_HOME/lake/" in text
    newest = instance.get_latest_materialization_event(dg.AssetKey("published_snapshot"))
    assert newest is not None and newest.asset_materialization is not None
    assert newest.asset_materialization.metadata["model_docs"].value == home.page(page)


def test_years_without_documents_count_as_up_to_date(home: Home, instance: dg.DagsterInstance) -> None:
    for table in lake.TABLES:
        filled = instance.get_materialized_partitions(dg.AssetKey(table.name))
        assert filled == set(partition_keys(date.today())), table.name


def asked_for(home: Home, night: date) -> list[dg.RunRequest]:
    keys = partition_keys(TODAY)
    return list(requests_for(home, keys, due_year(night), unseen_partitions(home, keys), str(night), "schedule"))


def test_nothing_waits_after_a_run_and_a_new_document_asks_for_its_year_only(home: Home, shown: str) -> None:
    keys = partition_keys(TODAY)
    assert behind(home, keys) == {}
    assert [request.partition_key for request in asked_for(home, TODAY)] == ["2025"]
    home.inbox.mkdir(exist_ok=True)
    newcomer = home.inbox / "newcomer.txt"
    newcomer.write_text((SAMPLES / "inbox" / "fenyang_2024.txt").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    try:
        asked = asked_for(home, TODAY)
    finally:
        newcomer.unlink()
    assert [request.partition_key for request in asked] == ["2024", "2024", "2025"]
    assert [request.asset_selection for request in asked] == [list(READ_ASSETS), list(JUDGED_ASSETS), None]
    with pytest.raises(StaleCodeLocationError, match="reload"):
        asked_for(home, date(2028, 2, 1))


def test_a_lost_document_stops_the_publication(home: Home, shown: str, tmp_path: Path) -> None:
    copy = Home(tmp_path / "copy")
    shutil.copytree(home.root, copy.root, symlinks=True)
    files = LakeFiles(copy.lake)
    reports = files.read(lake.REPORTS, "2025")
    files.write(lake.REPORTS, "2025", reports.head(reports.height - 1), "tampered")
    found = conserved(copy)
    assert not found.ok
    assert "document_lost" in set(found.offenders["check"])
    assert overview(copy, partition_keys(TODAY)).problems


def test_one_run_at_a_time(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home_lock(home, 0), pytest.raises(HomeBusyError, match=r"run\.lock"), home_lock(home, 0):
        pass


def test_the_snapshot_is_read_by_polars_and_duckdb_alike(home: Home, shown: str) -> None:
    with open_latest(home) as published:
        in_duckdb = published.execute("select count(*), sum(value) from fct_requests").fetchone()
    frame = pl.read_parquet(home.published / "current" / "marts" / "fct_requests.parquet")
    assert in_duckdb == (frame.height, frame["value"].sum())
    with pytest.raises(duckdb.Error, match="read-only|Cannot execute"), open_latest(home) as published:
        published.execute("delete from fct_requests")


def test_the_ledger_has_one_row_per_content(home: Home, shown: str) -> None:
    contents = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (SAMPLES / "inbox").iterdir()}
    assert set(Ledger(home.ledger).known()) == contents
