"""The Great Expectations suites: they agree with polars, fail loudly, and their pages ask no other host."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from expectations import gate as gate_module
from expectations import suites
from expectations.examples import Frames, Sample, frames_of
from expectations.gate import gate
from expectations.registry import active_rules
from expectations.suites import ASSETS, SuiteError, SuiteResult, run_checkpoint

LINEAR = {rule.code for rule in active_rules() if rule.kind == "linear"}
DEFECTS: list[Sample] = [
    Sample(fill=0),
    Sample(fill=0, edition="cn_ogi_2019", report_year=2020),
    Sample(fill=0, cells={"requests.received.natural_person": 1}),
    Sample(fill=0, cells={"requests.received.natural_person": 1, "requests.received.total": 1,
                          "requests.other_misc.total": 1}),
    Sample(fill=0, edition="cn_ogi_2019", cells={"requests.other.total": 2}),
    Sample(fill=0, cells={"requests.received.total": None}),
    Sample(fill=0, cells={"requests.received.total": {"state": "unparsable", "text": "1O"}}),
    Sample(fill=0, absent=["reconsideration_litigation"]),
    Sample(fill=0, cells={"reconsideration_litigation.reconsideration.upheld": 3}),
    Sample(cells={"requests.received.total": 1}),
    Sample(fill=0, observations=[{"table": "requests", "fact": "hybrid_other", "scope": "requests"}]),
    Sample(fill=0, observations=[{"table": "requests", "fact": "line_missing", "scope": "requests.received"}]),
    Sample(fill=0, observations=[{"fact": "stated_year", "scope": "title", "value": "2024"},
                                 {"fact": "stated_year", "scope": "period", "value": "2023"},
                                 {"fact": "mojibake_share", "scope": "text", "value": "0.5"}]),
    Sample(fill=0, report_year=None, observations=[{"fact": "mojibake_share", "scope": "text", "value": "0"}]),
]


@pytest.fixture(scope="module")
def frames() -> Frames:
    return frames_of([
        Sample(**{**vars(sample), "report_version_id": f"{number:04d}-1"}) for number, sample in enumerate(DEFECTS)
    ])


@pytest.fixture(scope="module")
def findings(frames: Frames) -> pl.DataFrame:
    return gate(frames.cells, frames.observations, frames.reports, frames.around).findings


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gongkai") / "data_docs"


@pytest.fixture(scope="module")
def results(frames: Frames, findings: pl.DataFrame, docs: Path) -> list[SuiteResult]:
    return run_checkpoint(frames.cells, frames.observations, frames.reports, findings, docs)


def _by_polars(findings: pl.DataFrame) -> dict[tuple[str, str, str], set[str]]:
    """Rule, scope, severity → failing reports; rules on cells and lines of a table are counted at the table."""
    failing: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in findings.filter(verdict="breaks").iter_rows(named=True):
        scope = row["scope"] if row["rule"] in LINEAR else (row["table_code"] or "document")
        failing[row["rule"], scope, row["severity"]].add(row["report_version_id"])
    return failing


def test_polars_and_gx_name_the_same_reports(results: list[SuiteResult], findings: pl.DataFrame) -> None:
    by_gx = {(f.rule, f.scope, f.severity): set(f.report_ids) for result in results for f in result.failures}
    assert by_gx == _by_polars(findings)
    assert {rule for rule, _, _ in by_gx} >= LINEAR | {
        "S02_tables_present", "V05_zero_not_printed", "D01_year", "C04_copies_agree",
    }
    assert {severity for rule, _, severity in by_gx if rule == "S03_row_set"} == {"error", "warning"}


def test_there_is_a_suite_per_table_and_one_for_the_document(results: list[SuiteResult]) -> None:
    names = ["proactive_disclosure", "requests", "reconsideration_litigation", "document"]
    assert [result.suite for result in results] == names
    assert {result.reports for result in results} == {len(DEFECTS)}
    of_document = [rule for rule in active_rules() if not rule.tables]
    assert results[-1].evaluated == sum(len(rule.severities) for rule in of_document)


def test_unknowns_are_counted_beside_the_failures(results: list[SuiteResult], findings: pl.DataFrame) -> None:
    unknown = {key: count for result in results for key, count in result.unknown.items()}
    assert sum(unknown.values()) == findings.filter(verdict="unknown").height
    assert unknown["R01_balance requests.total"] == 3


def test_failing_reports_are_those_of_the_severity(results: list[SuiteResult]) -> None:
    document = results[-1]
    assert document.failing_reports() == ("0012-1",)
    assert document.failing_reports("warning") == ()


def test_no_reports_run_too(tmp_path: Path) -> None:
    empty = frames_of([])
    found = gate(empty.cells, empty.observations, empty.reports).findings
    ran = run_checkpoint(empty.cells, empty.observations, empty.reports, found, tmp_path / "docs")
    assert [result.failures for result in ran] == [()] * 4


def test_a_column_that_is_not_there_is_an_error_and_not_a_success(
    frames: Frames, findings: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = suites._frame
    monkeypatch.setattr(suites, "_frame", lambda *given: whole(*given).drop("requests.received.total"))
    old = tmp_path / "docs"
    old.mkdir()
    (old / "index.html").write_text("yesterday")
    with pytest.raises(SuiteError, match="was not evaluated"):
        run_checkpoint(frames.cells, frames.observations, frames.reports, findings, old)
    assert [path.name for path in tmp_path.iterdir()] == ["docs"]
    assert (old / "index.html").read_text() == "yesterday"


def test_a_rule_bound_to_years_is_judged_alike(frames: Frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dated = tuple(replace(rule, first_year=2021, last_year=2024) if rule.code == "R02_outcome_sum" else rule
                  for rule in active_rules())
    for module in (suites, gate_module):
        monkeypatch.setattr(module, "active_rules", lambda: dated)
    years = pl.Series("report_year", [2020 + number % 6 if number != 3 else None for number in range(len(DEFECTS))])
    reports = frames.reports.with_columns(years.cast(pl.Int32))
    found = gate(frames.cells, frames.observations, reports).findings
    ran = run_checkpoint(frames.cells, frames.observations, reports, found, tmp_path / "docs")
    by_gx = {(f.rule, f.scope, f.severity): set(f.report_ids) for result in ran for f in result.failures}
    assert by_gx == _by_polars(found)
    assert "0003-1" in by_gx["R02_outcome_sum", "requests.total", "error"]


# --- the pages


class Requests(HTMLParser):
    """Collects what a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loaded += [given["src"] or ""] if "src" in given else []
        self.loaded += [given.get("href") or ""] if tag == "link" else []


def test_pages_load_only_files_that_lie_beside_them(results: list[SuiteResult], docs: Path) -> None:
    pages = sorted(docs.rglob("*.html"))
    assert len(pages) == 9
    for page in pages:
        text = page.read_text("utf-8")
        parser = Requests()
        parser.feed(text)
        assert len(parser.loaded) >= 13
        for address in parser.loaded:
            assert (page.parent / address.split("?")[0]).is_file(), f"{page.name} loads {address}"
        assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", text)


def test_pages_say_the_rule_in_chinese_with_its_formula(results: list[SuiteResult], docs: Path) -> None:
    text = (docs / "expectations" / "requests.html").read_text("utf-8")
    assert "R01_balance 收支平衡 · 自然人" in text
    assert "received + carried_in = outcome_total + carried_out" in text


def test_validation_results_are_kept_and_earlier_pages_replaced(
    results: list[SuiteResult], frames: Frames, findings: pl.DataFrame, docs: Path
) -> None:
    assert len(list((docs / "validation_results").rglob("*.json"))) == 4
    (docs / "stale.html").write_text("")
    run_checkpoint(frames.cells, frames.observations, frames.reports, findings, docs)
    assert not (docs / "stale.html").exists()
    assert [path.name for path in docs.parent.iterdir()] == ["data_docs"]


def test_vendored_files_are_those_their_readme_names() -> None:
    readme = (ASSETS / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| (\S+) \| .* \| (\d+) \| ([0-9a-f]{64}) \|$", readme, re.M)
    on_disk = {
        path.relative_to(ASSETS).as_posix(): (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for folder in ("css", "js", "webfonts") for path in (ASSETS / folder).iterdir()
    }
    assert {name: (int(size), digest) for name, size, digest in rows} == on_disk
    assert max(size for size, _ in on_disk.values()) < 2 * 1024 * 1024
