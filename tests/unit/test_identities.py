"""The registry's loading, and the evaluation of rules on invented and real reports."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.form import cells as form
from assets.lake import FINDINGS
from expectations.evidence import EvidenceError
from expectations.examples import Frames, Sample, frames_of
from expectations.judging import evaluate
from expectations.registry import REGISTRY, RegistryError, Rule, active_rules, identities_of, load_registry
from tests.real_reports import real_report

LINEAR = [rule for rule in active_rules() if rule.kind == "linear"]
COLUMNS = [column.code for column in form.edition("cn_ogi_2021").table(form.REQUESTS).columns]


def rule(code: str) -> Rule:
    return next(candidate for candidate in load_registry() if candidate.code == code)


def verdicts(frames: Frames, *codes: str, **where: str) -> dict[str, str]:
    """Return scope → verdict of some rules."""
    rules = tuple(rule(code) for code in codes) or None
    found = evaluate(frames.cells, frames.observations, frames.reports, rules)
    return dict(found.filter(**where).select("scope", "verdict").iter_rows())


def real(number: str) -> Sample:
    """Return one of the five example reports, from its approved cells."""
    truth = json.loads(real_report(number, ".truth.json").read_text("utf-8"))
    absent = [t for t in form.table_codes() if not any(code.startswith(f"{t}.") for code in truth["cells"])]
    return Sample(cells=truth["cells"], report_year=truth["report_year"], absent=absent)


# --- the five example reports


def test_report_000_breaks_exactly_the_identities_of_the_specification() -> None:
    frames = frames_of([real("000")])
    found = evaluate(frames.cells, frames.observations, frames.reports)
    errors = found.filter(verdict="breaks", severity="error")
    assert errors.select("rule", "scope", "left", "right", "difference").rows() == [
        ("R01_balance", "requests.commercial_enterprise", 1.0, 0.0, 1.0),
        ("R01_balance", "requests.natural_person", 13.0, 14.0, -1.0),
        ("R02_outcome_sum", "requests.commercial_enterprise", 1.0, 0.0, 1.0),
        ("R02_outcome_sum", "requests.total", 14.0, 13.0, 1.0),
    ]
    assert found.filter(rule="R01_balance", scope="requests.total")["verdict"].to_list() == ["holds"]
    assert found.filter(rule="R03_applicant_sum").select("verdict").to_series().to_list() == ["holds"] * 25
    diagnostics = found.filter(verdict="breaks", rule="R04_implied_balance")["scope"].to_list()
    assert diagnostics == ["requests.natural_person", "requests.total"]


def test_report_000_messages_name_place_sides_and_difference() -> None:
    frames = frames_of([real("000")])
    found = evaluate(frames.cells, frames.observations, frames.reports, (rule("R01_balance"),))
    message = found.filter(scope="requests.natural_person")["message_zh"].item()
    for part in ("三、收到和处理政府信息公开申请情况", "“自然人”列", "一、本年新收政府信息公开申请数量 12",
                 "二、上年结转政府信息公开申请数量 1", "合 13", "（七）总计 13",
                 "四、结转下年度继续办理 1", "合 14", "相差 -1"):
        assert part in message


@pytest.mark.parametrize("number", ["001", "003", "004"])
def test_other_reports_break_no_error_but_the_absent_table(number: str) -> None:
    frames = frames_of([real(number)])
    found = evaluate(frames.cells, frames.observations, frames.reports)
    errors = found.filter(verdict="breaks", severity="error").select("rule", "scope").rows()
    assert errors == ([("S02_tables_present", "reconsideration_litigation")] if number == "001" else [])


def test_report_002_is_judged_by_its_own_23_lines_and_only_warned() -> None:
    sample = real("002")
    hybrid = {"table": "requests", "fact": "hybrid_other", "scope": "requests"}
    frames = _with_cells_of_hybrid(replace(sample, observations=[hybrid]))
    found = evaluate(frames.cells, frames.observations, frames.reports)
    assert found.filter(verdict="breaks", severity="error").is_empty()
    assert found.filter(verdict="breaks", severity="warning")["rule"].to_list() == ["S03_row_set"]
    assert verdicts(frames, "R02_outcome_sum") == dict.fromkeys([f"requests.{c}" for c in COLUMNS], "holds")
    assert len(verdicts(frames, "R03_applicant_sum")) == 23


def _with_cells_of_hybrid(sample: Sample) -> Frames:
    """Table 3 as the 2021 form whose other_* are not in the form and whose line `other` is printed."""
    parts = [cell.code for cell in form.cells("cn_ogi_2021") if cell.line.parent == "other"]
    missing = {code: {"state": "not_in_form", "text": ""} for code in parts}
    other = {code: value for code, value in sample.cells.items() if ".other." in code}
    rest = {code: value for code, value in sample.cells.items() if code not in other}
    frames = frames_of([replace(sample, cells={**rest, **missing})])
    old = frames_of([replace(sample, edition="cn_ogi_2019", cells=other)]).cells
    old = old.filter(pl.col("cell_code").is_in(list(other)))
    assert old.height == 7
    return replace(frames, cells=pl.concat([frames.cells, old]))


# --- three values


# Many reports are judged at once, in a test as in the chain: one example of hypothesis is a batch of reports.
@settings(max_examples=5, deadline=None)
@given(data=st.data(), edition=st.sampled_from([e.code for e in form.editions()]))
def test_no_linear_rule_judges_over_a_missing_cell(data: st.DataObject, edition: str) -> None:
    codes = [cell.code for cell in form.cells(edition)]
    of_edition = [linear for linear in LINEAR if edition in linear.editions]
    some = st.sets(st.sampled_from(codes), min_size=1, max_size=12)
    blanks = data.draw(st.lists(some, min_size=20, max_size=20))
    fill = data.draw(st.sampled_from([0, 1]))
    frames = frames_of(
        Sample(report_version_id=f"{number}-1", edition=edition, fill=fill, cells=dict.fromkeys(blank))
        for number, blank in enumerate(blanks)
    )
    found = evaluate(frames.cells, frames.observations, frames.reports, tuple(LINEAR))
    got = {row[:3]: row[3] for row in found.select("report_version_id", "rule", "scope", "verdict").iter_rows()}
    for linear in of_edition:
        for identity in identities_of(linear, linear.tables[0], edition):
            needed = {*identity.left, *identity.right}
            for number, blank in enumerate(blanks):
                verdict = got[f"{number}-1", linear.code, identity.scope]
                assert (verdict == "unknown") == bool(blank & needed)


@settings(max_examples=5, deadline=None)
@given(batch=st.lists(st.lists(st.integers(0, 2**40), min_size=3, max_size=3), min_size=20, max_size=20))
def test_balance_holds_exactly_when_whole_numbers_balance(batch: list[list[int]]) -> None:
    lines = ("received", "carried_in", "outcome_total", "carried_out")
    fourths = [[*three, three[0] + three[1] - three[2] + wrong] for three in batch for wrong in (0, 1)]
    frames = frames_of(
        Sample(report_version_id=f"{number}-1",
               cells={f"requests.{line}.total": value for line, value in zip(lines, four, strict=True)})
        for number, four in enumerate(fourths)
    )
    found = evaluate(frames.cells, frames.observations, frames.reports, (rule("R01_balance"),))
    got = dict(found.filter(scope="requests.total").select("report_version_id", "verdict").iter_rows())
    for number, (received, carried_in, outcomes, carried_out) in enumerate(fourths):
        balanced = received + carried_in == outcomes + carried_out
        assert got[f"{number}-1"] == ("holds" if balanced else "breaks")


def test_one_blank_outcome_cell_makes_its_row_and_column_unknown_and_leaves_the_balance() -> None:
    frames = frames_of([Sample(fill=0, cells={"requests.other_fee_unpaid.natural_person": None})])
    assert verdicts(frames, "R03_applicant_sum")["requests.other_fee_unpaid"] == "unknown"
    assert verdicts(frames, "R02_outcome_sum")["requests.natural_person"] == "unknown"
    assert set(verdicts(frames, "R01_balance").values()) == {"holds"}


def test_a_number_in_a_cell_that_was_not_read_as_a_number_does_not_count() -> None:
    cells = {"requests.received.total": {"state": "blank", "value": 0, "text": ""}}
    frames = frames_of([Sample(fill=0, cells=cells)])
    assert verdicts(frames, "R01_balance")["requests.total"] == "unknown"


def test_reports_are_judged_each_by_its_own_cells_and_edition() -> None:
    frames = frames_of([
        Sample(report_version_id="a-1", fill=0, cells={"requests.other_misc.total": 1}),
        Sample(report_version_id="b-1", fill=0, edition="cn_ogi_2019", cells={"requests.other.total": 1}),
        Sample(report_version_id="c-1", fill=0),
    ])
    found = evaluate(frames.cells, frames.observations, frames.reports, (rule("R02_outcome_sum"),))
    assert found.filter(verdict="breaks")["report_version_id"].to_list() == ["a-1", "b-1"]
    assert found.height == 21


# --- single rules


def test_a_broken_cell_has_its_own_row_and_no_row_for_the_table() -> None:
    cells = {"requests.received.total": {"state": "unparsable", "text": "O"}, "requests.carried_in.total": 0.5}
    assert verdicts(frames_of([Sample(fill=0, cells=cells)]), "V01_integer", table_code="requests") == {
        "requests.received.total": "breaks", "requests.carried_in.total": "breaks",
    }


def test_two_rows_without_all_values_are_two_findings() -> None:
    seen = [{"table": "requests", "fact": "value_count", "scope": f"requests.{line}", "value": "6 of 7"}
            for line in ("received", "carried_in")]
    frames = frames_of([Sample(fill=0, observations=seen)])
    assert verdicts(frames, "S04_column_count", table_code="requests") == {
        "requests.received": "breaks", "requests.carried_in": "breaks",
    }


def test_a_hybrid_form_that_also_lacks_another_line_stays_an_error() -> None:
    seen = [{"table": "requests", "fact": "hybrid_other", "scope": "requests"},
            {"table": "requests", "fact": "line_missing", "scope": "requests.other_misc"}]
    for extra, severity in (([], "warning"), ([{**seen[1], "scope": "requests.received"}], "error")):
        frames = frames_of([Sample(fill=0, observations=[*seen, *extra])])
        found = evaluate(frames.cells, frames.observations, frames.reports, (rule("S03_row_set"),))
        assert found.filter(scope="requests")["severity"].to_list() == [severity]


def test_years_of_the_same_place_that_differ_break_too() -> None:
    seen = [{"fact": "stated_year", "scope": "title", "value": year} for year in ("2024", "2025")]
    assert verdicts(frames_of([Sample(observations=seen)]), "D01_year") == {"document": "breaks"}


def test_a_rule_outside_its_report_years_says_nothing_and_a_report_without_year_is_not_exempt() -> None:
    dated = replace(rule("R01_balance"), first_year=2024)
    frames = frames_of([Sample(report_version_id=f"{year}-1", report_year=year, fill=0) for year in (2023, 2024, None)])
    found = evaluate(frames.cells, frames.observations, frames.reports, (dated,))
    assert sorted(set(found["report_version_id"])) == ["2024-1", "None-1"]


def test_a_rule_of_one_edition_leaves_the_other_alone() -> None:
    of_2021 = replace(rule("R01_balance"), editions=("cn_ogi_2021",))
    frames = frames_of([Sample(edition="cn_ogi_2019", fill=0)])
    assert evaluate(frames.cells, frames.observations, frames.reports, (of_2021,)).is_empty()


def test_no_reports_give_no_findings() -> None:
    frames = frames_of([])
    found = evaluate(frames.cells, frames.observations, frames.reports)
    assert found.is_empty() and found.schema == FINDINGS.empty().schema


# --- frames that do not fit together


def test_cells_of_an_unknown_report_are_an_error() -> None:
    frames = frames_of([Sample(fill=0)])
    with pytest.raises(EvidenceError, match=r"cells: 1 report\(s\) without a row in reports"):
        evaluate(frames.cells, frames.observations, frames.reports.clear())


def test_a_cell_given_twice_is_an_error() -> None:
    frames = frames_of([Sample(fill=0)])
    with pytest.raises(EvidenceError, match=r"requests.received.total of report .* stands twice"):
        evaluate(pl.concat([frames.cells, frames.cells.filter(cell_code="requests.received.total")]),
                 frames.observations, frames.reports)


def test_two_editions_in_one_table_are_an_error() -> None:
    frames = frames_of([Sample(fill=0)])
    odd = pl.when(pl.col("cell_code") == "requests.received.total").then(pl.lit("cn_ogi_2019")).otherwise("edition")
    with pytest.raises(EvidenceError, match="editions cn_ogi_2019, cn_ogi_2021"):
        evaluate(frames.cells.with_columns(edition=odd), frames.observations, frames.reports)


# --- the registry


def _registry(tmp_path: Path, change: Any) -> Path:
    data = yaml.safe_load((REGISTRY / "sums.yaml").read_text("utf-8"))
    change(data["rules"][0])
    (tmp_path / "sums.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.pop("left"), r"rule 1 \(R01_balance\): 'left' is a required property"),
        (lambda r: r.update(severity="fatal"), r"rule 1 \(R01_balance\) at severity: 'fatal' is not one of"),
        (lambda r: r.update(threshold=1), r"rule 1 \(R01_balance\).*'threshold' was unexpected"),
        (lambda r: r.update(left=["recieved"]),
         r"R01_balance: no cell in cn_ogi_2019 of the form is called requests.recieved"),
        (lambda r: r.update(tables=["request"]), r"R01_balance: no table of the form is called request"),
        (lambda r: r.update(editions=["cn_ogi_1999"]), r"R01_balance: no edition of the form is called cn_ogi_1999"),
        (lambda r: r["message"].update(zh="{amount}"), r"R01_balance: message zh uses \{amount\}; linear knows "),
        (lambda r: r.update(examples=r["examples"][:1] * 3), r"R01_balance: no example of breaks, unknown"),
        (lambda r: r.update(code="R02_outcome_sum"), r"R02_outcome_sum: given more than once"),
    ],
)
def test_a_wrong_registry_is_refused_by_name(tmp_path: Path, change: Any, message: str) -> None:
    with pytest.raises(RegistryError, match=message):
        load_registry(_registry(tmp_path, change))
