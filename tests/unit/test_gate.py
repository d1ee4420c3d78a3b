"""What the gate decides for each table of a report."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest

from assets.form import cells as form
from assets.lake import ACCEPTED_CELLS, FINDINGS, TABLE_STATES, VERDICT_COUNTS
from expectations.evidence import EvidenceError
from expectations.examples import Sample, frames_of
from expectations.gate import HELD, GateResult, gate
from tests.real_reports import real_report

BROKEN = {"requests.received.total": 1}


def run(*samples: Sample) -> GateResult:
    frames = frames_of(samples)
    return gate(frames.cells, frames.observations, frames.reports)


def states(result: GateResult) -> dict[str, str]:
    return dict(result.table_states.select("table_code", "state").iter_rows())


def test_a_sound_report_is_published_with_all_its_cells() -> None:
    result = run(Sample(fill=0))
    assert set(states(result).values()) == {"published"}
    assert result.accepted_cells.height == 200
    assert result.quarantined_tables.is_empty()


def test_a_table_that_breaks_an_error_is_held_back_and_the_others_go_on() -> None:
    result = run(Sample(fill=0, cells=BROKEN))
    assert states(result) == {
        "proactive_disclosure": "published", "requests": "quarantined", "reconsideration_litigation": "published",
    }
    assert set(result.accepted_cells["table_code"]) == {"proactive_disclosure", "reconsideration_litigation"}
    held = result.quarantined_tables.row(0, named=True)
    assert held["reasons"] == ["R01_balance requests.total", "R03_applicant_sum requests.received"]
    assert held["reason_count"] == 2
    assert held["document_id"] == "0000000000000001"


def test_a_summary_names_table_rules_and_places_in_both_languages() -> None:
    held = run(Sample(fill=0, cells=BROKEN)).quarantined_tables.row(0, named=True)
    assert held["summary_zh"] == (
        "“三、收到和处理政府信息公开申请情况”被隔离，2 处不成立："
        "R01 收支平衡（总计）；R03 申请人合计（一、本年新收政府信息公开申请数量）"
    )
    assert held["summary_en"].startswith(
        "Requests received and handled: held back, 2 break(s): R01 Balance of requests ("
    )


def test_warnings_and_records_hold_nothing_back() -> None:
    hybrid = {"table": "requests", "fact": "hybrid_other", "scope": "requests"}
    cells = {"proactive_disclosure.administrative_fees.fee_amount": None}
    old_form = Sample(report_version_id="b-1", fill=0, edition="cn_ogi_2019", report_year=2023)
    result = run(Sample(cells={"requests.received.total": 1, **cells}, observations=[hybrid]), old_form)
    broken = result.verdicts.broken
    assert {"S03_row_set", "S05_format_expected", "V03_blank"} <= set(broken["rule"])
    held = result.table_states.filter(pl.col("state") != "published")
    assert held.select("report_version_id", "table_code").rows() == [
        ("0000000000000001-1", "reconsideration_litigation")
    ]


@pytest.mark.parametrize(
    "seen",
    [
        [{"fact": "stated_year", "scope": "title", "value": "2024"},
         {"fact": "stated_year", "scope": "period", "value": "2023"}],
        [{"fact": "mojibake_share", "scope": "text", "value": "0.02"}],
    ],
)
def test_an_error_of_the_document_holds_back_every_table_it_has(seen: list[dict[str, str]]) -> None:
    result = run(Sample(fill=0, absent=["requests"], observations=seen))
    assert states(result) == {
        "proactive_disclosure": "quarantined", "requests": "missing", "reconsideration_litigation": "quarantined",
    }
    assert result.accepted_cells.is_empty()
    rule = "D01_year" if len(seen) == 2 else "D08_mojibake"
    assert result.quarantined_tables["reasons"].to_list() == [[f"{rule} document"]] * 2


def test_an_absent_table_is_missing_and_not_quarantined() -> None:
    result = run(Sample(fill=0, absent=["reconsideration_litigation"]))
    assert states(result)["reconsideration_litigation"] == "missing"
    assert result.quarantined_tables.is_empty()
    assert result.verdicts.broken.filter(rule="S02_tables_present").height == 1


def test_an_unread_table_is_quarantined_and_not_published_as_zero() -> None:
    result = run(Sample(cells={"proactive_disclosure.rules.issued": 0}))
    assert states(result)["requests"] == "quarantined"
    held = result.quarantined_tables.filter(table_code="requests")
    assert held["reasons"].to_list() == [["V05_zero_not_printed requests"]]


def test_one_bad_report_does_not_touch_another() -> None:
    result = run(Sample(fill=0, report_version_id="a-1"), Sample(fill=0, report_version_id="b-1", cells=BROKEN))
    assert result.table_states.filter(report_version_id="a-1")["state"].unique().to_list() == ["published"]
    assert result.quarantined_tables["report_version_id"].to_list() == ["b-1"]


def test_a_table_nobody_counted_is_an_error_and_never_published() -> None:
    with pytest.raises(EvidenceError, match="no value_rows for table requests"):
        run(Sample(fill=0, unobserved=["requests"]))


def test_frames_have_the_schemas_of_the_lake() -> None:
    for result in (run(Sample(fill=0, cells=BROKEN)), run()):
        for table, frame in (
            (FINDINGS, result.verdicts.broken), (FINDINGS, result.verdicts.findings()),
            (TABLE_STATES, result.table_states),
            (HELD, result.quarantined_tables), (ACCEPTED_CELLS, result.accepted_cells),
        ):
            assert frame.schema == table.empty().schema
            assert frame.equals(frame.sort(table.key))


def test_report_000_is_partly_published() -> None:
    result = run(Sample(cells=json.loads(real_report("000", ".truth.json").read_text("utf-8"))["cells"]))
    assert states(result) == {
        "proactive_disclosure": "published", "requests": "quarantined", "reconsideration_litigation": "published",
    }
    assert result.quarantined_tables["reasons"].to_list() == [[
        "R01_balance requests.commercial_enterprise", "R01_balance requests.natural_person",
        "R02_outcome_sum requests.commercial_enterprise", "R02_outcome_sum requests.total",
    ]]
    fee = result.accepted_cells.filter(cell_code="proactive_disclosure.administrative_fees.fee_amount")
    assert fee.select("value", "state").rows() == [(None, "blank")]
    assert set(result.accepted_cells["table_code"]) == set(form.table_codes()) - {"requests"}


def test_verdicts_are_counted_in_the_order_of_the_lake_whatever_that_of_the_reports() -> None:
    counted = run(Sample(fill=0, report_version_id="b-1"), Sample(fill=0, report_version_id="a-1")).verdicts.counts()
    assert counted.equals(counted.sort(VERDICT_COUNTS.key))
    assert counted["report_version_id"].unique(maintain_order=True).to_list() == ["a-1", "b-1"]


def test_evidence_that_is_replaced_keeps_nothing_of_what_it_was() -> None:
    facts = run(Sample(fill=0)).facts
    assert not facts.printing("requests", ("cn_ogi_2021",)).is_empty()
    assert replace(facts, tables=facts.tables.clear()).printing("requests", ("cn_ogi_2021",)).is_empty()
