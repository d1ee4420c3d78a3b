"""What is said of tables that are held back: whose fault, which findings, which are alike, which repairs.

Belongs here: assets/quarantine on small invented reports, and on the example report that does not add up.
Does not: localization itself (test_localization*), the rules (test_identities), files of findings (test_finding_files).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl
import pytest

from assets.extract import extract
from assets.lake import BREAKS, CLAIMS, FINDINGS, ORGANS, PRINTED_TABLES, QUARANTINED_TABLES, REPAIRS
from assets.parsing.refusals import table_refusals
from assets.quarantine.breaks import finding_id
from assets.quarantine.cases import Background, Cases, cases
from assets.quarantine.grouping import groups
from assets.quarantine.localization import Facts, Localization, Repair
from assets.quarantine.repairs import MOST_KEPT, localized, smallest_repairs, tables_to_repair
from assets.quarantine.verdicts import reasons, verdict_words
from expectations.evidence import ALONE
from expectations.examples import Sample, frames_of
from expectations.gate import gate
from expectations.neighbours import Neighbours
from expectations.owners import owners
from expectations.parts import Year
from expectations.registry import load_registry
from expectations.wording import FACTS
from tests.real_reports import real_report

TABLE = "requests"
# One received request of a natural person that nothing else in the table knows of.
BROKEN = {"requests.received.natural_person": 1}
LAYOUT = {"table": TABLE, "fact": "layout", "scope": TABLE, "value": "tab_rows"}
OTHER_LAYOUT = LAYOUT | {"value": "html_grid"}
A, B, C = "000000000000000a-1", "000000000000000b-1", "000000000000000c-1"


def looked_into(
    *samples: Sample, printed: list[dict[str, object]] | None = None, claims: pl.DataFrame | None = None
) -> Cases:
    frames = frames_of(samples)
    stated = frames.claims if claims is None else claims
    return completed(frames.cells, frames.observations, frames.reports, stated, printed, frames.around)


def completed(
    cells: pl.DataFrame, observations: pl.DataFrame, reports: pl.DataFrame, claims: pl.DataFrame,
    printed: list[dict[str, object]] | None = None, around: Neighbours = ALONE,
) -> Cases:
    year = Year(reports, cells.lazy(), observations.lazy(), claims.lazy(), around)
    judged = gate(cells, observations, reports, around=around)
    owned = owners(reports, ORGANS.empty())
    return cases(judged, Background(year.whole(), year, PRINTED_TABLES.frame(printed or []).lazy(), owned))


def broken(name: str = A, **more: Any) -> Sample:
    given: dict[str, Any] = {"fill": 0, "cells": BROKEN, "observations": [LAYOUT], **more}
    return Sample(report_version_id=name, **given)


def table_of(found: Cases, name: str = A, table: str = TABLE) -> Mapping[str, Any]:
    return found.quarantined_tables.filter(report_version_id=name, table_code=table).row(0, named=True)


def printed_cell(**more: object) -> dict[str, object]:
    return {
        "document_id": A.split("-")[0], "report_number": 1, "table_code": TABLE, "row": 1, "column": 1, "text": "1",
        "cell_code": "requests.received.natural_person", "confidence": 1.0, **more,
    }


# --- whose fault


@cache
def single() -> Cases:
    """One report whose table 3 breaks two sums, judged once for all tests."""
    return looked_into(broken(), printed=[printed_cell()])


def test_a_table_read_with_certainty_that_does_not_add_up_is_the_publishers_fault() -> None:
    held = table_of(single())
    assert (held["verdict"], held["verdict_reasons"]) == ("publisher", ["certain_reading"])
    assert "没有存疑" in held["verdict_reasons_zh"]
    assert held["verdict_reasons_en"].startswith("every label was placed")


AGAINST_THE_READING = (
    ({"fact": "label_missing", "scope": "requests.received"}, "labels_unmatched"),
    ({"fact": "column_twice", "scope": "requests.total"}, "labels_unmatched"),
    ({"fact": "value_count", "scope": "requests.received", "value": "6 of 7"}, "values_lost"),
    ({"fact": "cells_glued", "scope": "requests"}, "values_lost"),
    ({"fact": "layout_ambiguous", "scope": "requests"}, "layout_ambiguous"),
    ({"fact": "reconstructed", "scope": "requests.received", "value": "2 of 7"}, "columns_inferred"),
    ({"fact": "doubtful_reading", "scope": "requests.received.natural_person", "value": "“1” / “7”"},
     "reading_doubtful"),
)


def test_what_speaks_against_the_reading_makes_it_the_parsers_fault() -> None:
    samples = [
        broken(f"{number:016d}-1", observations=[LAYOUT, {"table": TABLE, **seen}])
        for number, (seen, _) in enumerate(AGAINST_THE_READING)
    ]
    found = looked_into(*samples)
    for sample, (_, reason) in zip(samples, AGAINST_THE_READING, strict=True):
        held = table_of(found, sample.report_version_id)
        assert (held["verdict"], held["verdict_reasons"]) == ("parser", [reason])


def test_a_cell_that_cannot_be_read_is_named() -> None:
    word = {"requests.received.natural_person": {"state": "unparsable", "text": "若干"}}
    held = table_of(looked_into(broken(cells=word)))
    assert (held["verdict"], held["verdict_reasons"]) == ("parser", ["text_unreadable"])
    assert "一、本年新收政府信息公开申请数量 · 自然人" in held["verdict_reasons_zh"]


def test_figures_out_of_a_picture_are_nobodys_fault_yet() -> None:
    held = table_of(looked_into(broken(), printed=[printed_cell(confidence=0.97)]))
    assert (held["verdict"], held["verdict_reasons"]) == ("unclear", ["recognised"])


def test_a_problem_of_the_whole_document_is_not_blamed_on_a_sound_table() -> None:
    stated = {"title": "2024", "period": "2023"}
    years = [{"fact": "stated_year", "scope": place, "value": year} for place, year in stated.items()]
    held = looked_into(Sample(report_version_id=A, fill=0, observations=years)).quarantined_tables
    assert set(held["verdict"]) == {"unclear"}
    assert held["verdict_reasons"].to_list() == [["document_only"]] * 3


FIGURES = {f"requests.{line}.natural_person": 3 for line in ("received", "granted_in_full", "outcome_total")} | {
    f"requests.{line}.total": 3 for line in ("received", "granted_in_full", "outcome_total")
}
WRONG = FIGURES | {"requests.outcome_total.natural_person": 8}


def test_a_copy_set_differently_with_the_same_figures_confirms_even_a_weak_reading() -> None:
    weak = [LAYOUT, {"table": TABLE, "fact": "label_missing", "scope": "requests.received"}]
    copy = broken(B, cells=WRONG, observations=[OTHER_LAYOUT])
    held = table_of(looked_into(broken(cells=WRONG, observations=weak), copy))
    assert (held["verdict"], held["verdict_reasons"]) == ("unclear", ["copy_agrees", "labels_unmatched"])
    held = table_of(looked_into(broken(cells=WRONG), copy))
    assert (held["verdict"], held["verdict_reasons"]) == ("publisher", ["certain_reading", "copy_agrees"])


def test_a_copy_read_by_the_same_layout_confirms_nothing() -> None:
    same_layout, printed_alike = broken(B, cells=WRONG), [printed_cell()]
    held = table_of(looked_into(broken(cells=WRONG), same_layout, printed=printed_alike))
    assert held["verdict_reasons"] == ["certain_reading"]


def test_a_copy_with_other_figures_where_the_rules_break_says_parser_and_names_the_cells() -> None:
    found = looked_into(broken(cells=WRONG), broken(B, cells=FIGURES, observations=[OTHER_LAYOUT]))
    held = table_of(found)
    assert (held["verdict"], held["verdict_reasons"]) == ("parser", ["certain_reading", "copy_differs"])
    assert "（（七）总计 · 自然人）" in held["verdict_reasons_zh"]
    assert held["best_repair_zh"].startswith("与另一份文本一致：（七）总计 · 自然人 8→3")


def test_a_name_that_many_organs_have_makes_no_copies() -> None:
    copy = broken(B, cells=WRONG, observations=[OTHER_LAYOUT], organ_name="教育局")
    held = table_of(looked_into(broken(cells=WRONG, organ_name="教育局"), copy))
    assert held["verdict_reasons"] == ["certain_reading"]


def test_another_report_of_the_same_name_is_no_copy() -> None:
    whole_area = {code: 100 + value for code, value in FIGURES.items()}
    held = table_of(looked_into(broken(cells=WRONG), broken(B, cells=whole_area, observations=[OTHER_LAYOUT])))
    assert held["verdict_reasons"] == ["certain_reading"]


def test_every_refusal_of_a_table_and_every_observed_fault_has_a_side() -> None:
    listed = [fact for reason in reasons() for fact in reason.facts]
    assert len(listed) == len(set(listed))
    of_tables = [rule for rule in load_registry() if rule.kind == "observed_none" and rule.tables]
    judged = {fact for rule in of_tables for fact in rule.parameters["facts"]}
    softer = {"hybrid_other", "label_variant", "line_missing", "doubtful_reading"}
    assert (judged | set(table_refusals())) - softer <= set(listed)
    assert set(listed) - {"unclaimed_row"} <= set(FACTS)
    assert {rule for reason in reasons() for rule in reason.rules} <= {rule.code for rule in load_registry()}
    assert {reason.side for reason in reasons()} == {"publisher", "parser", "neutral"}
    assert set(verdict_words()) == {"publisher", "parser", "unclear"}


# --- findings to act on


def test_a_finding_names_its_place_both_sides_and_what_hangs_together() -> None:
    found = single()
    one = found.breaks.filter(rule="R01_balance").row(0, named=True)
    assert (one["rule_zh"], one["table_zh"]) == ("收支平衡", "三、收到和处理政府信息公开申请情况")
    assert (one["line_zh"], one["column_zh"]) == (None, "自然人")
    assert (one["left"], one["right"], one["difference"]) == (1.0, 0.0, 1.0)
    assert [(cell["side"], cell["cell_code"].split(".")[1]) for cell in one["cells"]] == [
        ("left", "received"), ("left", "carried_in"), ("right", "outcome_total"), ("right", "carried_out"),
    ]
    other = found.breaks.filter(rule="R03_applicant_sum").row(0, named=True)
    assert (other["line_zh"], other["column_zh"]) == ("一、本年新收政府信息公开申请数量", None)
    assert one["related"] == [other["finding_id"]]
    assert other["related"] == [one["finding_id"]]


def test_a_finding_keeps_its_id_whatever_else_is_judged() -> None:
    alone, among = looked_into(broken(B)), looked_into(broken(A), broken(B), broken(C))
    ids = alone.breaks["finding_id"].to_list()
    assert among.breaks.filter(report_version_id=B)["finding_id"].to_list() == ids
    assert len(set(among.breaks["finding_id"])) == among.breaks.height == 6
    assert finding_id(B.split("-")[0], 1, "R01_balance", "requests.natural_person") in ids
    assert finding_id("a", 1, "R01", "x") != finding_id("a", 2, "R01", "x")


def test_only_errors_and_warnings_are_to_act_on() -> None:
    blank = {"proactive_disclosure.administrative_fees.fee_amount": None}
    found = looked_into(Sample(report_version_id=A, fill=0, cells=blank))
    assert found.verdicts.broken.filter(rule="V03_blank").height == 1
    assert "V03_blank" not in found.breaks["rule"].to_list()


def test_frames_have_the_schemas_of_the_lake() -> None:
    for found in (single(), looked_into()):
        for table, frame in (
            (FINDINGS, found.verdicts.broken), (QUARANTINED_TABLES, found.quarantined_tables), (BREAKS, found.breaks),
            (REPAIRS, found.repairs),
        ):
            assert frame.schema == table.empty().schema
            assert frame.equals(frame.sort(table.key))


def test_the_order_of_rows_changes_nothing() -> None:
    frames = frames_of([broken(cells=WRONG), broken(B, cells=FIGURES, observations=[OTHER_LAYOUT]), broken(C)])

    def shuffled(seed: int) -> Cases:
        cells, observations, reports = (
            frame.sample(fraction=1.0, shuffle=True, seed=seed)
            for frame in (frames.cells, frames.observations, frames.reports)
        )
        return completed(cells, observations, reports, frames.claims)

    first, second = shuffled(1), shuffled(2)
    assert first.verdicts.findings().equals(second.verdicts.findings())
    for name in ("quarantined_tables", "breaks", "repairs"):
        assert getattr(first, name).equals(getattr(second, name)), name


# --- groups


def test_reports_broken_alike_are_one_group_whatever_their_numbers() -> None:
    other_number = broken(B, cells={"requests.received.natural_person": 7})
    elsewhere = broken(C, cells={"requests.received.commercial_enterprise": 1})
    found = looked_into(broken(A), other_number, elsewhere)
    grouped = groups(found.quarantined_tables)
    assert grouped["count"].to_list() == [2, 1]
    assert grouped["samples"].to_list() == [[A, B], [C]]
    assert grouped["sentence_zh"][0].startswith("2 张表情形相同：“三、收到和处理政府信息公开申请情况”被隔离")
    assert grouped["sentence_zh"][0].endswith("（版式 tab_rows；报告本身有误 2）")
    assert grouped["sentence_en"][0].startswith("2 table(s) alike: ")


def test_another_layout_or_another_fault_of_reading_is_another_group() -> None:
    lost = {"table": TABLE, "fact": "value_count", "scope": "requests.carried_in", "value": "6 of 7"}
    found = looked_into(broken(A), broken(B, observations=[OTHER_LAYOUT]), broken(C, observations=[LAYOUT, lost]))
    assert found.quarantined_tables["signature"].n_unique() == 3
    assert groups(found.quarantined_tables.clear()).is_empty()


# --- repairs


def test_repairs_are_listed_best_first_with_what_they_close() -> None:
    found = single()
    first = found.repairs.row(0, named=True)
    held = table_of(found)
    assert (first["number"], first["rank"]) == (1, 1)
    assert first["changes"] == [{"cell": "requests.received.natural_person", "from": 1, "to": 0}]
    assert set(first["closes"]) == {"R01_balance requests.natural_person", "R03_applicant_sum requests.received"}
    assert held["repair_count"] == first["repair_count"] >= found.repairs.height
    assert "一、本年新收政府信息公开申请数量 · 自然人 1→0" in held["best_repair_zh"]


def test_last_years_report_is_evidence() -> None:
    previous = {"cells": {"requests.carried_out.natural_person": 2}}
    wrong = {"requests.carried_in.natural_person": 1, "requests.carried_in.total": 2, "requests.carried_out.total": 2,
             "requests.carried_out.natural_person": 2}
    first = looked_into(broken(cells=wrong, previous=previous)).repairs.row(0, named=True)
    assert first["changes"] == [{"cell": "requests.carried_in.natural_person", "from": 1, "to": 2}]
    assert [(one["code"], one["supports"]) for one in first["evidence"]] == [("Y01_carry", True)]


def claim(kind: str, number: float, **more: object) -> pl.DataFrame:
    return CLAIMS.frame([
        {"report_version_id": A, "claim_no": 1, "kind": kind, "lower": number, "upper": number, "parts_lower": [],
         "parts_upper": [], "text": "正文", "place": "line 1", **more},
    ])


@pytest.mark.parametrize(
    ("carried_in", "told"),
    [(0, [("N01_received", False)]), (2, [("N01_received", False)]), (1, [])],
    ids=["nothing carried in", "no meaning fits", "a meaning fits"],
)
def test_a_claim_that_no_longer_fits_speaks_against_a_repair(carried_in: int, told: list[tuple[str, bool]]) -> None:
    cells = {"requests.received.natural_person": 1, "requests.received.total": 1} | {
        f"requests.{line}.{column}": carried_in
        for line in ("carried_in", "carried_out") for column in ("natural_person", "total")
    }
    found = looked_into(broken(cells=cells), claims=claim("received", 1.0)).repairs
    less = found.filter(pl.col("changes").list.eval(pl.element().struct.field("cell")).list.contains(
        "requests.received.total"
    )).row(0, named=True)
    assert [(one["code"], one["supports"]) for one in less["evidence"] if one["code"] != "usual_line"] == told


def test_the_smallest_repairs_are_counted_where_all_are_known() -> None:
    nine = Repair("digit_changed", 1, (("requests.received.total", 1, 0),), (), (), 10.0, 1, 9, "", "")
    larger = replace(nine, changes=nine.changes * 2)
    known = Localization((), (nine,) * 9 + (larger,), True, 1, 0)
    cut_short, nothing = replace(known, complete=False), Localization((), (), True, None, 0)
    found = {(A, TABLE): known, (B, TABLE): cut_short, (C, TABLE): nothing}
    assert smallest_repairs(found).rows() == [(A, TABLE, "minimal_repairs", TABLE, "9 of 1")]


def test_a_table_whose_sums_hold_or_are_unknown_needs_no_repair() -> None:
    unread = broken(cells={"requests.received.natural_person": {"state": "unparsable", "text": "若干"}})
    found = looked_into(unread)
    assert found.repairs.is_empty()
    assert table_of(found)["repair_count"] == 0
    assert table_of(found)["best_repair_zh"] is None


def test_many_tables_are_localized_alike_in_other_processes() -> None:
    samples = [broken(A), broken(B, cells=WRONG)]
    frames = frames_of(samples)
    judged = gate(frames.cells, frames.observations, frames.reports)
    errors = judged.verdicts.broken.filter(severity="error")
    tables = tables_to_repair(errors, frames.cells, judged.table_states)
    assert list(tables) == [(A, TABLE), (B, TABLE)]
    told = {(A, TABLE): Facts()}
    assert localized(tables, told, pooled_from=0) == localized(tables, told)


# --- the example report that does not add up


@cache
def example() -> Mapping[str, Any]:
    file = real_report("000")
    return extract(file.read_bytes(), file.name)


def test_report_000_is_its_publishers_fault_for_reasons() -> None:
    verdict = example()["verdicts"][TABLE]
    assert (verdict["verdict"], verdict["reasons"]) == ("publisher", ["certain_reading"])


def test_report_000_has_nine_repairs_and_the_right_one_alone_in_front() -> None:
    repairs = example()["repairs"]
    assert len(repairs) == repairs[0]["of"] == 9 < MOST_KEPT
    assert repairs[0]["complete"] is True
    assert (repairs[0]["rank"], repairs[0]["ties"]) == (1, 1)
    assert {(one["cell"], one["from"], one["to"]) for one in repairs[0]["changes"]} == {
        ("requests.carried_out.natural_person", 1, 0), ("requests.carried_out.total", 1, 0),
        ("requests.outcome_total.commercial_enterprise", 0, 1), ("requests.outcome_total.total", 13, 14),
    }
    assert {one["code"] for one in repairs[0]["evidence"]} == {"N04_all_done"}
    assert all(len(repair["changes"]) == 4 and repair["rank"] > 1 for repair in repairs[1:])


def test_report_000_has_findings_with_ids_and_none_without_a_break() -> None:
    for finding in example()["findings"]:
        to_act_on = finding["verdict"] == "breaks" and finding["severity"] in ("error", "warning")
        assert (finding["id"] is not None) == to_act_on
