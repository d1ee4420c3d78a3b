"""What the rules on the prose make of several claims, of missing cells, and of the example reports."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extract import extract
from assets.form import cells as form
from expectations.evidence import EvidenceError
from expectations.examples import Frames, Sample, frames_of
from expectations.judging import evaluate
from expectations.registry import Rule, load_registry
from tests.real_reports import real_report

ON_PROSE = tuple(rule for rule in load_registry() if rule.kind.startswith("claim_"))
RECEIVED, CARRIED_OUT = "requests.received.total", "requests.carried_out.total"
REMEDIES = "reconsideration_litigation"


def of(code: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in ON_PROSE if rule.code.startswith(code))


def judged(frames: Frames, rules: tuple[Rule, ...] = ON_PROSE) -> pl.DataFrame:
    return evaluate(frames.cells, frames.observations, frames.reports, rules, frames.claims)


def one(sample: Sample, code: str) -> dict[str, Any]:
    return judged(frames_of([sample]), of(code)).row(0, named=True)


def test_one_contradicting_mention_among_several_breaks_and_only_it_is_quoted() -> None:
    claims = [
        {"kind": "received", "value": 13, "section": 1, "text": "收到13件"},
        {"kind": "received", "value": 12, "section": 3, "text": "收到12件"},
    ]
    found = one(Sample(fill=0, cells={RECEIVED: 13}, claims=claims), "N01")
    assert (found["verdict"], found["left"], found["right"], found["difference"]) == ("breaks", 12.0, 13.0, -1.0)
    assert "“收到12件”（第3部分）" in found["message_zh"] and "收到13件" not in found["message_zh"]
    assert "一、本年新收政府信息公开申请数量 · 总计 13" in found["message_zh"]
    assert "difference -1" in found["message_en"]


def test_an_interval_breaks_by_its_nearest_end() -> None:
    claims = [{"kind": "received", "value": [40, 49], "text": "40余件"}]
    found = one(Sample(fill=0, cells={RECEIVED: 53}, claims=claims), "N01")
    assert (found["verdict"], found["left"], found["right"]) == ("breaks", 49.0, 53.0)


def test_an_open_interval_is_met_by_anything_above() -> None:
    claims = [{"kind": "received", "value": [100, None], "text": "100件以上"}]
    for value, verdict in ((99, "breaks"), (100, "holds"), (5000, "holds")):
        assert one(Sample(fill=0, cells={RECEIVED: value}, claims=claims), "N01")["verdict"] == verdict


def test_strong_words_among_weak_ones_keep_the_warning() -> None:
    weak = {"kind": "all_done", "value": 0, "strength": "weak", "text": "均按期答复"}
    strong = weak | {"strength": "strong", "text": "全部办结"}
    for claims, severity in (([weak], "info"), ([weak, strong], "warning"), ([strong], "warning")):
        found = one(Sample(fill=0, cells={CARRIED_OUT: 1}, claims=claims), "N04")
        assert (found["verdict"], found["severity"]) == ("breaks", severity)


def test_lists_of_intervals_are_added_as_intervals() -> None:
    frames = frames_of([Sample(claims=[{"kind": "list_sum", "value": [5500, 5599], "parts": [0], "text": "共"}])])
    for lower, upper, verdict in (
        ([500.0, 5000.0], [599.0, 5000.0], "holds"), ([500.0, 4000.0], [599.0, 4000.0], "breaks"),
        ([500.0, 4000.0], [None, 4000.0], "holds"), ([6000.0, 1.0], [6999.0, 1.0], "breaks"),
    ):
        claims = frames.claims.with_columns(
            parts_lower=pl.lit(pl.Series([lower])).first(), parts_upper=pl.lit(pl.Series([upper])).first()
        )
        found = evaluate(frames.cells, frames.observations, frames.reports, of("N10"), claims)
        assert found["verdict"].to_list() == [verdict]


def test_claims_of_one_report_do_not_judge_another() -> None:
    claims = [{"kind": "received", "value": 5, "text": "收到5件"}]
    samples = [Sample(fill=0, report_version_id="a-1", claims=claims), Sample(fill=0, report_version_id="b-1")]
    frames = frames_of(samples)
    assert dict(judged(frames, of("N01")).select("report_version_id", "verdict").iter_rows()) == {
        "a-1": "breaks", "b-1": "unknown",
    }


def test_claims_of_an_unknown_report_are_an_error() -> None:
    frames = frames_of([Sample(fill=0, claims=[{"kind": "received", "value": 5, "text": "收到5件"}])])
    with pytest.raises(EvidenceError, match=r"claims: 1 report\(s\) without a row in reports"):
        evaluate(frames.cells.clear(), frames.observations.clear(), frames.reports.clear(), of("N01"), frames.claims)


def test_without_claims_nothing_is_said_of_the_prose() -> None:
    frames = frames_of([Sample(fill=0)])
    found = evaluate(frames.cells, frames.observations, frames.reports, ON_PROSE)
    assert set(found.filter(pl.col("rule") != "X03_fee_unpaid_vs_fee")["verdict"]) == {"unknown"}


# --- a missing cell is never holds

EVERYTHING = [
    {"kind": kind, "subject": subject, "value": 0, "section": 3, "parts": [0], "strength": "strong", "text": "零"}
    for kind, subject in (
        ("received", None), ("carried_in", None), ("carried_out", None), ("answered", None), ("all_done", None),
        ("reconsideration", None), ("litigation", None), ("no_disputes", "reconsideration"),
        ("no_disputes", "litigation"), ("fee", None),
        *((name, f"proactive_disclosure.normative_documents.{name}") for name in ("issued", "abolished", "in_force")),
        *((statement["claim"], statement["subject"]) for statement in of("N12")[0].parameters["statements"]),
    )
]
# The cells of every statement, written anew: not by the code that judges.
NEEDED = {
    ("N01", RECEIVED): [RECEIVED, "requests.carried_in.total"],
    ("N02", "requests.carried_in.total"): ["requests.carried_in.total"],
    ("N04", CARRIED_OUT): [CARRIED_OUT],
    ("N05", CARRIED_OUT): [CARRIED_OUT],
    ("N07", f"{REMEDIES}.reconsideration.total"): [f"{REMEDIES}.reconsideration.total"],
    ("N08", REMEDIES): [
        f"{REMEDIES}.litigation_direct.total", f"{REMEDIES}.litigation_after_reconsideration.total"
    ],
    ("N12", "requests.received.natural_person"): [
        "requests.received.natural_person", "requests.carried_in.natural_person"
    ],
    ("N12", "requests.received"): [
        f"requests.{line}.{code}" for line in ("received", "carried_in") for code in (
            "commercial_enterprise", "research_institution", "public_interest_organization",
            "legal_service_institution", "other_organization",
        )
    ],
    **{
        ("N14", f"{REMEDIES}.{line}"): [
            f"{REMEDIES}.{line}.{column}" for column in ("upheld", "corrected", "other_result", "pending", "total")
        ]
        for line in ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    },
    **{
        ("N09", cell): [cell]
        for cell in (f"proactive_disclosure.normative_documents.{name}" for name in ("issued", "abolished", "in_force"))
    },
    ("X04", "proactive_disclosure.administrative_fees.fee_amount"): [
        "proactive_disclosure.administrative_fees.fee_amount"
    ],
}
# 13 outcomes, the total and other: what N03 may mean by answered.
NEEDED["N03", "requests.outcome_total.total"] = [
    cell.code for cell in form.cells("cn_ogi_2021")
    if cell.table == "requests" and cell.column.code == "total"
    and cell.line.code.startswith(("granted", "denied", "unable", "outcome_total", "other_misc"))
]
CLAIMED = sorted({code for codes in NEEDED.values() for code in codes})


@settings(max_examples=8, deadline=None)
@given(batch=st.lists(st.sets(st.sampled_from(CLAIMED), max_size=6), min_size=12, max_size=12))
def test_no_rule_on_the_prose_holds_or_breaks_over_a_missing_cell(batch: list[set[str]]) -> None:
    frames = frames_of(
        Sample(report_version_id=f"{number}-1", fill=0, cells=dict.fromkeys(blank), claims=EVERYTHING)
        for number, blank in enumerate(batch)
    )
    got = {
        (report, rule[:3], scope): verdict for report, rule, scope, verdict
        in judged(frames).select("report_version_id", "rule", "scope", "verdict").iter_rows()
    }
    for number, blank in enumerate(batch):
        for (rule, scope), needed in NEEDED.items():
            expected = "unknown" if blank & set(needed) else "holds"
            assert got[f"{number}-1", rule, scope] == expected, (rule, scope, blank)


@settings(max_examples=8, deadline=None)
@given(batch=st.lists(st.tuples(*[st.integers(0, 3)] * 4), min_size=20, max_size=20))
def test_received_holds_exactly_when_the_claim_is_one_of_the_two_sums(batch: list[tuple[int, ...]]) -> None:
    frames = frames_of(
        Sample(
            report_version_id=f"{number}-1", fill=0, cells={RECEIVED: received, "requests.carried_in.total": carried},
            claims=[{"kind": "received", "value": value, "text": "收到"} for value in claimed],
        )
        for number, (received, carried, *claimed) in enumerate(batch)
    )
    got = dict(judged(frames, of("N01")).select("report_version_id", "verdict").iter_rows())
    for number, (received, carried, *claimed) in enumerate(batch):
        agree = set(claimed) <= {received, received + carried}
        assert got[f"{number}-1"] == ("holds" if agree else "breaks")


# --- the five example reports

HOLDS = {
    "000": ["N01", "N02", "N07", "N08", "N10", "N12 requests.received", "N12 requests.received.natural_person", "N13"],
    "001": ["N13"],
    "002": ["N01", "N07", "N13"],
    "003": ["N01", "N04", "N10", "N13"],
    "004": ["N01", "N07", "N08", "N13"],
}
BREAKS = {"000": ["N04 warning"], "001": [], "002": [], "003": [], "004": ["N04 warning", "N06 info"]}


@pytest.mark.parametrize("number", HOLDS)
def test_the_example_reports_give_the_results_of_the_specification(number: str) -> None:
    file = real_report(number)
    findings: Any = extract(file.read_bytes(), file.name)["findings"]
    on_prose = [finding for finding in findings if finding["rule"].startswith("N")]
    holds = [
        f"N12 {finding['scope']}" if finding["rule"].startswith("N12") else finding["rule"][:3]
        for finding in on_prose if finding["verdict"] == "holds"
    ]
    breaks = [f"{finding['rule'][:3]} {finding['severity']}" for finding in on_prose if finding["verdict"] == "breaks"]
    assert (holds, breaks) == (HOLDS[number], BREAKS[number])
