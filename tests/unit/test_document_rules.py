"""The rules about the document itself and its organ: what is observed for them, and that a missing fact never holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.normalizing import dating, organ_kinds
from assets.normalizing.observing import observed
from assets.normalizing.organ_names import DIFFERENT, SAME, UNSURE, compare, name_of, one_name
from assets.normalizing.prose import Prose, prose_of
from assets.normalizing.reports import normalize
from expectations.examples import Sample, frames_of, sample_of
from expectations.judging import evaluate
from expectations.registry import Rule, load_registry

HEADINGS = (
    "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
)
KINDS = ("observed_like", "days_in_order", "cell_bounded", "minimal_repairs")
CODES = ("S01_six_sections", "D05_organ_match", "D06_stale_year", "P01_issued_bound", "P03_items_nonneg",
         "P04_published_bound")
RULES = [rule for rule in load_registry() if rule.kind in KINDS or rule.code in CODES]


def prose(*lines: str) -> Prose:
    return prose_of([(line, f"line {number}") for number, line in enumerate(lines, 1)])


def seen(*lines: str, year: str | None = "2024") -> set[tuple[str, ...]]:
    return {one for one in observed(prose(*lines), None, [], year) if one[0] != "fees_stated_in"}


def rule(code: str) -> Rule:
    return next(one for one in load_registry() if one.code == code)


def verdict(code: str, sample: Sample) -> tuple[str, str | None]:
    frames = frames_of([sample])
    row = evaluate(frames.cells, frames.observations, frames.reports, (rule(code),)).row(0, named=True)
    return row["verdict"], row["message_zh"]


# --- names of organs


@pytest.mark.parametrize(
    ("name", "territories", "rest"),
    [
        ("吕梁市离石区人民政府办公室", ("吕梁市", "离石区"), "人民政府办公室"),
        ("汾阳市", ("汾阳市",), ""),
        ("某县政府办", ("某县",), "人民政府办公室"),
        ("市政府办公室", ("市",), "人民政府办公室"),
        ("某县市场监督管理局", ("某县",), "市场监督管理局"),
        ("市场监督管理局", (), "市场监督管理局"),
        ("某县城市管理综合行政执法局", ("某县",), "城市管理综合行政执法局"),
        ("某县住房和城乡建设局", ("某县",), "住房和城乡建设局"),
        ("某县乡村振兴局", ("某县",), "乡村振兴局"),
        ("盐城市财政局", ("盐城市",), "财政局"),
        ("贵州省财政厅", ("贵州省",), "财政厅"),
        ("新乡市新乡县水利局", ("新乡市", "新乡县"), "水利局"),
        ("景德镇市教育局", ("景德镇市",), "教育局"),
        ("津市市人民政府", ("津市市",), "人民政府"),
        ("乐山市市中区人民政府", ("乐山市", "市中区"), "人民政府"),
        ("荆州市沙市区人民政府", ("荆州市", "沙市区"), "人民政府"),
        ("积石山保安族东乡族撒拉族自治县人民政府", ("积石山保安族东乡族撒拉族自治县",), "人民政府"),
    ],
)
def test_a_name_is_cut_into_its_territories_and_the_rest(name: str, territories: tuple[str, ...], rest: str) -> None:
    found = name_of(name)
    assert (found.territories, found.rest) == (territories, rest)


@pytest.mark.parametrize(
    ("name", "level", "deadline", "power"),
    [
        ("财政部", "national", "department", "held"),
        ("中华人民共和国水利部", "national", "department", "held"),
        ("上海市人民政府", "province", "government", "held"),
        ("上海市人民政府办公厅", "province", "department", "none"),
        ("新疆维吾尔自治区人民政府", "province", "government", "held"),
        ("凉山彝族自治州人民政府", "prefecture", "government", "held"),
        ("汾阳市人民政府", None, "government", None),
        ("吕梁市汾阳市人民政府", "county", "government", "none"),
        ("上海市浦东新区人民政府", "county", "government", "none"),
        ("某县财政局", "county", "department", "none"),
        ("财政局", None, "department", "none"),
        ("区财政厅", None, "department", "none"),
        ("某县某镇人民政府", "township", "soft", "none"),
        ("某市某区某街道办事处", "township", "soft", "none"),
        ("某区城区街道办事处", "township", "soft", "none"),
        ("某市经济技术开发区管理委员会", None, None, None),
        ("某县人民医院", "county", None, "none"),
        ("锡林郭勒盟行政公署", "prefecture", None, None),
        ("某公司", None, None, None),
    ],
)
def test_a_name_tells_level_deadline_and_power_or_nothing(
    name: str, level: str | None, deadline: str | None, power: str | None
) -> None:
    told = organ_kinds.level(name), organ_kinds.deadline_kind(name), organ_kinds.rule_power(name)
    assert told == (level, deadline, power)


@pytest.mark.parametrize(
    ("one", "two", "answer"),
    [
        ("汾阳市", "汾阳市人民政府", SAME),
        ("汾阳市", "汾阳市水利局", UNSURE),
        ("区水利局", "某市某区水利局", SAME),
        ("水利局", "某市某区水利局", SAME),
        ("某县人民政府", "某县政府办公室", SAME),
        ("某区发改局", "某区发展和改革局", UNSURE),
        ("喀左县人民政府", "喀喇沁左翼蒙古族自治县人民政府", UNSURE),
        ("某区财政局", "某区水利局", DIFFERENT),
        ("甲县财政局", "乙县财政局", DIFFERENT),
        ("石家庄市财政局", "石家庄市藁城区财政局", DIFFERENT),
    ],
)
def test_two_names_are_one_organs_or_not_or_may_be(one: str, two: str, answer: str) -> None:
    assert compare(one, two) == compare(two, one) == answer


def test_names_are_written_alike_only_where_all_are_one_organs() -> None:
    title, page = ("title", "区水利局"), ("metadata", "某市某区水利局")
    assert one_name([title, page]) == [("title", "某市某区水利局"), page]
    assert one_name([title, page, ("signature", "区财政局")]) == [title, page, ("signature", "区财政局")]
    assert one_name([("title", "区发改局"), ("signature", "区发展和改革局")]) == []
    assert one_name([title, ("metadata", "政府门户网")]) == [title]


# --- headings, left-over words, fees, periods


def test_six_headings_in_order_are_counted_and_none_is_named() -> None:
    assert seen(*HEADINGS) == {("headings_in_order", "document", "6"), ("left_over_words", "document", "0")}


def test_a_list_of_contents_before_the_sections_puts_nothing_out_of_order() -> None:
    assert ("headings_in_order", "document", "6") in seen(*HEADINGS, *HEADINGS)
    assert not any(fact == "heading_out_of_order" for fact, *_ in seen(*HEADINGS, *HEADINGS))


def test_a_missing_heading_and_a_misplaced_one_are_named() -> None:
    exchanged = (HEADINGS[0], HEADINGS[2], HEADINGS[1], *HEADINGS[3:5])
    assert {one for one in seen(*exchanged) if one[0].startswith("heading_")} == {
        ("heading_missing", "other_matters", ""), ("heading_out_of_order", "proactive_disclosure", ""),
    }


def test_without_prose_nothing_of_the_wording_is_observed() -> None:
    assert observed(prose(), None, [], "2024") == []


def test_that_nothing_is_left_over_is_said_only_where_years_could_be_looked_for() -> None:
    assert not any(fact == "left_over_words" for fact, *_ in seen("工作顺利。", year=None))
    assert ("left_over_word", "document", "XX") in seen("XX局工作顺利。", year=None)


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("行政事业性收费18802255元。", "yuan"),
        ("本年行政事业性收费共1880.2255万元。", "ten_thousand_yuan"),
        ("行政事业性收费较上年减少。收取1元。", "not_stated"),
    ],
)
def test_the_unit_in_which_the_prose_states_fees_is_observed(sentence: str, unit: str) -> None:
    assert ("fees_stated_in", "document", unit) in observed(prose(sentence), None, [], "2024")


@pytest.mark.parametrize(
    ("sentence", "period"),
    [
        ("数据统计期限为2024年3月1日至12月31日。", "2024-03-01/2024-12-31"),
        ("统计期限自2024年1月1日起至2025年11月30日止。", "2024-01-01/2025-11-30"),
        ("统计期限为2024年1月1日至12月31日。", "2024-01-01/2024-12-31"),
        ("2024年3月1日至2024年5月31日开展了培训。", None),
    ],
)
def test_a_period_other_than_a_full_year_is_observed_as_stated(sentence: str, period: str | None) -> None:
    made = normalize("d", "r", [], [{"text": f"{line}", "place": f"line {n}"} for n, line in enumerate(
        ("某局2024年政府信息公开工作年度报告", sentence, HEADINGS[0])
    )], [])
    assert [row["value"] for row in made.observations if row["fact"] == "period"] == ([period] if period else [])
    assert len(dating.periods(prose(sentence))) + len(dating.odd_periods(prose(sentence))) == (period is not None)


def test_days_of_which_the_evidence_differs_are_not_observed() -> None:
    lines = (HEADINGS[5], "某局", "2025年1月20日", "2025年1月21日")
    made = normalize("d", "r", [], [{"text": line, "place": line} for line in lines], [])
    assert not [row for row in made.observations if row["fact"] == "signed_date"]


# --- verdicts


def test_a_late_town_is_told_that_its_day_is_for_guidance() -> None:
    observations = [{"fact": "published_date", "scope": "document", "value": "2026-02-20"},
                    {"fact": "deadline_kind", "scope": "document", "value": "soft"}]
    found, message = verdict("D04_deadline", Sample(observations=observations))
    assert found == "breaks"
    assert message is not None and "参考日期" in message
    assert "发布日期 2026-02-20 应不晚于公布期限 2026-01-31" in message


def test_the_signature_is_named_with_both_days() -> None:
    given_days = [{"fact": "signed_date", "scope": "document", "value": "2025-12-31"},
                  {"fact": "published_date", "scope": "document", "value": "2025-12-30"}]
    _, message = verdict("D03_signed_after_period", Sample(observations=given_days))
    assert message is not None
    assert "报告年度末日 2025-12-31 应早于落款日期 2025-12-31；" in message
    assert "落款日期 2025-12-31 应不晚于发布日期 2025-12-30" in message


def test_the_headings_that_are_missing_are_named() -> None:
    given_facts = [{"fact": "headings_in_order", "scope": "document", "value": "5"},
                   {"fact": "heading_missing", "scope": "other_matters"}]
    _, message = verdict("S01_six_sections", Sample(observations=given_facts))
    assert message is not None and "缺标题 “六、其他需要报告的事项”" in message


def test_a_host_that_only_ends_like_an_official_one_breaks() -> None:
    for host, expected in (("a.gov.cn", "holds"), ("agov.cn", "breaks"), ("gov.cn.a.com", "breaks")):
        sample = Sample(observations=[{"fact": "source_host", "scope": "document", "value": host}])
        assert verdict("S07_host_official", sample)[0] == expected


@pytest.mark.parametrize(("value", "expected"), [(99999, "holds"), (100000, "breaks"), (123456.5, "holds")])
def test_only_whole_numbers_may_be_yuan(value: float, expected: str) -> None:
    facts = [{"fact": "organ_level", "scope": "document", "value": "county"},
             {"fact": "fees_stated_in", "scope": "document", "value": "yuan"}]
    cells = {"proactive_disclosure.administrative_fees.fee_amount": value}
    assert verdict("P05_fee_unit", Sample(observations=facts, cells=cells))[0] == expected


# --- a missing fact never holds


def holding() -> list[Any]:
    return [
        pytest.param(one, example, id=f"{one.code}-{number}")
        for one in RULES for number, example in enumerate(one.examples) if example["verdict"] == "holds"
    ]


def needs(one: Rule, example: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Everything that an example which holds states: its facts, its cells and, where the rule asks for it, its year."""
    facts = [("fact", fact) for fact in {given["fact"] for given in example.get("observations", ())}]
    cells = [("cell", cell) for cell in example.get("cells", {})]
    year = one.kind == "days_in_order" or any("{year}" in pattern for pattern in one.parameters.get("patterns", ()))
    filled = [("fill", "")] if "fill" in example else []
    return [*facts, *cells, *filled, *([("report_year", "")] if year else [])]


def without(example: Mapping[str, Any], lost: set[tuple[str, str]]) -> Sample:
    observations = [one for one in example.get("observations", ()) if ("fact", one["fact"]) not in lost]
    cells = {code: None if ("cell", code) in lost else value for code, value in example.get("cells", {}).items()}
    left = {**example, "observations": observations, "cells": cells}
    if ("fill", "") in lost:
        left |= {"fill": None}
    if ("report_year", "") in lost:
        left |= {"report_year": None}
    return sample_of(left)


@pytest.mark.parametrize(("one", "example"), holding())
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_no_rule_holds_once_a_fact_it_needs_is_missing(
    one: Rule, example: Mapping[str, Any], data: st.DataObject
) -> None:
    lost = data.draw(st.sets(st.sampled_from(sorted(needs(one, example))), min_size=1))
    frames = frames_of([without(example, lost)])
    found = evaluate(frames.cells, frames.observations, frames.reports, (one,))
    assert found.filter(scope=example["scope"])["verdict"].to_list() == ["unknown"]
