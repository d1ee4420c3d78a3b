"""Which report is which other's neighbour, and that a rule over two reports never judges over a missing cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.form import cells as form
from assets.lake import SECTION_TEXTS
from assets.normalizing.likeness import SIZE, section_texts, signature
from assets.normalizing.organ_names import organ_key
from assets.normalizing.prose import prose_of
from expectations.examples import Sample, frames_of
from expectations.judging import evaluate
from expectations.likeness import likeness_of_others, likeness_of_pairs
from expectations.neighbours import COPY, MEMBER, OFFICE, Known, neighbours
from expectations.organs import memberships
from expectations.registry import Rule, comparisons_of, load_registry
from expectations.terms import NEXT, PREVIOUS, Term

ID = "report_version_id"
OFFICE_NAME = "某某市人民政府办公室"


def rule(code: str) -> Rule:
    return next(candidate for candidate in load_registry() if candidate.code == code)


def beside(sample: Sample, relation: str) -> list[str | None]:
    return frames_of([sample]).around.of(relation)["other_id"].to_list()


def verdicts(sample: Sample, code: str) -> dict[str, str]:
    frames = frames_of([sample])
    found = evaluate(frames.cells, frames.observations, frames.reports, (rule(code),), frames.claims, frames.around)
    return dict(found.select("scope", "verdict").iter_rows())


# --- who is beside whom


def test_one_report_of_the_year_before_and_one_after() -> None:
    sample = Sample(previous={}, next={})
    assert [len(beside(sample, relation)) for relation in (PREVIOUS, NEXT, COPY)] == [1, 1, 0]


def test_a_name_in_other_widths_and_with_spaces_is_the_same_organ() -> None:
    assert organ_key("某某市 水利局（本级）") == organ_key("某某市水利局(本级)")
    sample = Sample(organ_name="某某市水利局(本级)", previous={"organ_name": "某某市 水利局（本级）"})
    assert len(beside(sample, PREVIOUS)) == 1


@pytest.mark.parametrize("name", [None, "", "教育局", "城市管理局", "市场监督管理局", "城关镇人民政府"])
def test_a_name_that_may_be_several_organs_finds_no_neighbour(name: str | None) -> None:
    assert organ_key(name) is None
    assert beside(Sample(organ_name=name, previous={}), PREVIOUS) == []


def test_another_organ_and_the_year_before_last_are_no_neighbours() -> None:
    assert beside(Sample(previous={"organ_name": "某某市水利局"}), PREVIOUS) == []
    assert beside(Sample(previous={"report_year": 2023}), PREVIOUS) == []
    assert beside(Sample(report_year=None, previous={}), PREVIOUS) == []


def test_two_reports_of_last_year_count_only_if_their_cells_are_the_same() -> None:
    last: dict[str, Any] = {"report_year": 2024, "fill": 1}
    carried = {"requests.carried_in.total": 1}
    same = Sample(cells=carried, previous={"fill": 1}, others=[last])
    assert verdicts(same, "Y01_carry")["requests.total"] == "holds"
    differ = Sample(cells=carried, previous={"fill": 1}, others=[{**last, "cells": {"requests.received.total": 2}}])
    assert beside(differ, PREVIOUS) == [None]
    assert verdicts(differ, "Y01_carry")["requests.total"] == "unknown"


def test_three_copies_are_each_compared_with_one_other() -> None:
    sample = Sample(fill=1, others=[{"fill": 1}, {"fill": 1, "cells": {"requests.received.total": 2}}])
    frames = frames_of([sample])
    assert frames.around.of(COPY).height == 1
    everybody = frames_of([Sample(report_version_id=f"{n}-1", fill=n // 2) for n in range(3)])
    assert sorted(everybody.around.of(COPY).select(ID, "other_id").iter_rows()) == [
        ("0-1", "1-1"), ("1-1", "0-1"), ("2-1", "0-1"),
    ]


def test_two_reports_in_one_document_are_no_copies() -> None:
    frames = frames_of([Sample(report_version_id="a-1"), Sample(report_version_id="b-1")])
    assert frames.around.of(COPY).height == 2
    one = frames.reports.with_columns(document_id=pl.lit("a"))
    known = Known(one, frames.cells.lazy(), SECTION_TEXTS.empty().lazy())
    assert neighbours(known, one[ID]).of(COPY).is_empty()


@pytest.mark.parametrize(("organ", "government"), [
    ("吕梁市水利局", "吕梁市人民政府"),
    ("吕梁市市场监督管理局", "吕梁市人民政府"),
    ("吕梁市城乡管理局", "吕梁市人民政府"),
    ("吕梁市人民政府办公室", "吕梁市人民政府"),
    ("吕梁市离石区水利局", "吕梁市离石区人民政府"),
    ("吕梁市交城县水利局", None),
    ("吕梁市离石区凤山街道办事处", None),
    ("吕梁市人民政府凤山街道办事处", None),
    ("吕梁学院", None),
    ("国家税务总局吕梁市税务局", None),
])
def test_members_are_the_departments_of_the_longest_territory(organ: str, government: str | None) -> None:
    found = {one.organ: one for one in memberships([organ, "吕梁市人民政府", "吕梁市离石区人民政府"])}
    assert (found[organ].government if organ in found else None) == government
    if organ in found:
        assert found[organ].office == (organ == "吕梁市人民政府办公室")


def test_a_government_finds_its_members_and_its_office_among_them() -> None:
    sample = Sample(organ_name="某某市人民政府", others=[{"organ_name": "某某市水利局"}, {"organ_name": OFFICE_NAME}])
    assert len(beside(sample, MEMBER)) == 2
    assert len(beside(sample, OFFICE)) == 1


def test_a_rule_on_governments_says_nothing_of_other_organs() -> None:
    assert verdicts(Sample(fill=1), "C01_ge_member") == {}
    assert verdicts(Sample(fill=1), "C03_equals_office") == {}


# --- terms


def test_terms_are_read_with_sign_year_and_place() -> None:
    stock = comparisons_of(rule("Y02_stock_documents"), "proactive_disclosure", "cn_ogi_2021")
    assert [one.scope for one in stock] == ["proactive_disclosure.rules", "proactive_disclosure.normative_documents"]
    assert stock[0].right == (
        Term("proactive_disclosure.rules.in_force", previous=True), Term("proactive_disclosure.rules.issued"),
        Term("proactive_disclosure.rules.abolished", minus=True),
    )
    assert Term("a.b.c", previous=True).column == "previous:a.b.c"


# --- three values


def _told(codes: list[str], blanks: set[str]) -> dict[str, Any]:
    return {"fill": 1, "cells": {code: None for code in codes if code in blanks}}


CELLS = [cell.code for cell in form.cells("cn_ogi_2021")]
COMPARED = ("X01_disputes_vs_outcomes", "Y01_carry", "Y02_stock_documents", "Y04_pending_cases", "Y06_copy_last_year",
            "C01_ge_member", "C03_equals_office", "C04_copies_agree", "Y05_jump")


@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_no_rule_over_two_reports_holds_over_a_missing_cell(data: st.DataObject) -> None:
    some = st.sets(st.sampled_from(CELLS), max_size=8)
    own, previous, following, other = (data.draw(some) for _ in range(4))
    sample = Sample(
        organ_name="某某市人民政府", **_told(CELLS, own), previous=_told(CELLS, previous), next=_told(CELLS, following),
        others=[{"organ_name": OFFICE_NAME, **_told(CELLS, other)}, _told(CELLS, other)],
    )
    frames = frames_of([sample])
    rules = tuple(rule(code) for code in COMPARED)
    found = evaluate(frames.cells, frames.observations, frames.reports, rules, frames.claims, frames.around)
    got = {row[:2]: row[2] for row in found.select("rule", "scope", "verdict").iter_rows()}
    missing = {PREVIOUS: previous, NEXT: following, "": own}
    for code in ("X01_disputes_vs_outcomes", "Y01_carry", "Y02_stock_documents", "Y04_pending_cases"):
        for one in comparisons_of(rule(code), rule(code).tables[0], "cn_ogi_2021"):
            needed = [(PREVIOUS if term.previous else "", term.cell) for term in (*one.left, *one.right)]
            absent = any(cell in missing[whose] for whose, cell in needed)
            assert (got[code, one.scope] == "unknown") == absent, (code, one.scope)
    for column in form.edition("cn_ogi_2021").table(form.REQUESTS).columns:
        absent = f"requests.carried_out.{column.code}" in own or f"requests.carried_in.{column.code}" in following
        assert (got["Y01_carry", f"next_year:requests.{column.code}"] == "unknown") == absent
    assert (got["Y06_copy_last_year", "cells"] == "unknown") == bool(own | previous)
    assert (got["C03_equals_office", "document"] == "unknown") == bool(own | other)
    for table in form.table_codes():
        of_table = {code for code in own | other if code.startswith(f"{table}.")}
        assert (got["C04_copies_agree", table] == "unknown") == bool(of_table)
    for line in form.edition("cn_ogi_2021").table(form.REQUESTS).lines:
        absent = f"requests.{line.code}.total" in own | other
        assert (got["C01_ge_member", f"requests.{line.code}"] == "unknown") == absent
    assert "holds" not in {verdict for (code, _), verdict in got.items() if code == "Y05_jump"}


def test_alone_every_comparison_is_unknown() -> None:
    frames = frames_of([Sample(organ_name="某某市人民政府", fill=1)])
    rules = tuple(one for one in load_registry() if one.code[0] in "YC" or one.code.startswith(("X01", "D07")))
    found = evaluate(frames.cells, frames.observations, frames.reports, rules)
    assert len({*found["rule"]}) == len(rules) - 1  # Y03 speaks of reports for 2020 only
    assert set(found["verdict"]) == {"unknown"}


def test_a_larger_member_breaks_even_where_another_is_unknown() -> None:
    others: list[Mapping[str, Any]] = [{"organ_name": "某某市水利局", "fill": 3}, {"organ_name": "某某市教育局"}]
    found = verdicts(Sample(organ_name="某某市人民政府", fill=2, others=others), "C01_ge_member")
    assert found["requests.received"] == "breaks"


def test_messages_name_both_reports_their_cells_and_the_difference() -> None:
    frames = frames_of([Sample(
        cells={"requests.carried_in.total": 3, "requests.carried_out.total": 5},
        previous={"cells": {"requests.carried_out.total": 4}}, next={"cells": {"requests.carried_in.total": 7}},
    )])
    rules = (rule("Y01_carry"),)
    found = evaluate(frames.cells, frames.observations, frames.reports, rules, frames.claims, frames.around)
    told = dict(found.filter(verdict="breaks").select("scope", "message_zh").iter_rows())
    for part in ("“总计”列", "二、上年结转政府信息公开申请数量 3", "上年报告四、结转下年度继续办理 4", "相差 -1",
                 "2024 年 " + OFFICE_NAME):
        assert part in told["requests.total"], part
    for part in ("次年报告二、上年结转政府信息公开申请数量 7", "四、结转下年度继续办理 5", "相差 +2",
                 "2026 年 " + OFFICE_NAME):
        assert part in told["next_year:requests.total"], part


# --- texts


def _texts(*texts: str) -> pl.LazyFrame:
    rows = [
        {"report_version_id": str(number), "section": section, "characters": len(half), "text": half,
         "signature": signature(half)}
        for number, text in enumerate(texts)
        for section, half in zip(("overview", "problems_improvements"), (text[:60], text[60:]), strict=True)
    ]
    return SECTION_TEXTS.frame(rows).lazy()


LONG = "".join(chr(0x4E00 + number * 7 % 5000) for number in range(400))
OTHER = "".join(chr(0x4E00 + number * 11 % 4993) for number in range(400))


def test_a_text_with_a_changed_passage_is_found_among_others_and_an_own_copy_is_not() -> None:
    changed = LONG[:200] + OTHER[:30] + LONG[230:]
    texts = _texts(LONG, OTHER, changed, LONG)
    organs = pl.DataFrame({ID: ["0", "1", "2", "3"], "organ": ["a", "b", "c", "a"]})
    found = dict(likeness_of_others(texts, organs).select(ID, "ratio").iter_rows())
    assert found.keys() == {"0", "2", "3"}
    assert found["0"] == pytest.approx(0.925, abs=0.01)


def test_pairs_are_compared_exactly_where_they_are_alike_at_all() -> None:
    pairs = pl.DataFrame({ID: ["0", "0"], "other_id": ["1", "2"]})
    assert likeness_of_pairs(_texts(LONG, OTHER, LONG), pairs).rows() == [("0", "2", 1.0)]


def test_a_signature_has_one_size_and_agrees_with_itself() -> None:
    assert {len(signature(text)) for text in ("", "一", LONG)} == {4 * SIZE}
    assert signature(LONG) == signature(LONG) != signature(OTHER)


def test_texts_are_those_below_the_headings_of_sections_one_and_five() -> None:
    lines = ["标题", "一、总体情况", "甲 乙。", "丙。", "二、主动公开政府信息情况", "丁。",
             "五、存在的主要问题及改进情况", "戊。", "六、其他需要报告的事项", "己。"]
    assert section_texts(prose_of([(line, "") for line in lines])) == {
        "overview": "甲乙。丙。", "problems_improvements": "戊。",
    }
