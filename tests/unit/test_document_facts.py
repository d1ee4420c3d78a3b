"""Organ, year and dates from the prose of a report, each only where the document states it."""

from __future__ import annotations

from datetime import date

import pytest

from assets.normalizing import dating, organs
from assets.normalizing.prose import Prose, prose_of
from assets.normalizing.text_quality import mojibake_share


def prose(*lines: str) -> Prose:
    return prose_of([(line, f"line {number}") for number, line in enumerate(lines, 1)])


def organ(*lines: str) -> str | None:
    return organs.organ_name(organs.names(prose(*lines)))


HEAD = "一、总体情况"
TAIL = "六、其他需要报告的事项"


@pytest.mark.parametrize(
    ("title", "year", "name"),
    [
        ("汾阳市 2024 年政府信息公开工作年度报告", "2024", "汾阳市"),
        ("2025年政府信息公开年度报告", "2025", ""),
        ("某县水利局2023年度政府信息公开工作年度报告", "2023", "某县水利局"),
        ("某县水利局政府信息公开工作2022年度报告", "2022", "某县水利局"),
        ("| 标题:某市某区人民政府办公室 2024年政府信息公开工作年度报告 | |", "2024", "某市某区人民政府办公室"),
        ("某镇2021年政府信息公开年报", "2021", "某镇"),
    ],
)
def test_a_title_gives_the_year_and_what_stands_before_it(title: str, year: str, name: str) -> None:
    [(evidence, found)] = dating.titles(prose(title, HEAD))
    assert (evidence.value, found) == (year, name)


@pytest.mark.parametrize(
    "line", ["按时完成2024年度县政府信息公开工作年度报告发布,公开部门预算。", "2024年政府信息公开工作要点"]
)
def test_a_sentence_is_no_title(line: str) -> None:
    assert dating.titles(prose(line, HEAD)) == []


def test_the_organ_may_stand_on_the_line_above_the_title() -> None:
    assert organ("某市某区人民政府办公室", "2025年政府信息公开年度报告", HEAD) == "某市某区人民政府办公室"


def test_a_title_that_gives_a_place_only_takes_the_signature_that_begins_with_it() -> None:
    assert organ("某市2024年政府信息公开工作年度报告", HEAD, TAIL, "某市人民政府", "2025年1月20日") == "某市人民政府"
    assert organ("某市2024年政府信息公开工作年度报告", HEAD, TAIL, "别处人民政府", "2025年1月20日") is None


def test_an_abbreviation_in_the_title_takes_the_full_name_of_the_signature() -> None:
    assert (
        organ("区水利局2024年政府信息公开工作年度报告", HEAD, TAIL, "某市某区水利局", "2025年1月20日")
        == "某市某区水利局"
    )


def test_words_of_the_prose_are_no_organ() -> None:
    assert (
        organ("本报告根据条例编制。", HEAD, "县政府办公室收到申请9件。", TAIL, "三是本年度收取信息处理费0元。") is None
    )


def test_dates_stand_after_the_last_section_and_where_a_label_says_so() -> None:
    text = prose("发布日期:2025-01-07", HEAD, "2024年3月1日开会", TAIL, "某局", "2024年12月31日", "2024年2月30日")
    assert [e.value for e, _ in dating.signatures(text)] == ["2024-12-31"]
    assert [e.value for e in dating.publication_dates(text)] == ["2025-01-07"]


@pytest.mark.parametrize(
    "sentence",
    ["统计期限为2025年1月1日至12月31日,", "自 2025 年 1 月 1 日起至 2025年12月31日止", "2025年1月1日—2025年12月31日"],
)
def test_the_period_is_read_in_its_usual_wordings(sentence: str) -> None:
    [(evidence, start, end)] = dating.periods(prose(sentence))
    assert (evidence.value, start, end) == ("2025", date(2025, 1, 1), date(2025, 12, 31))


def test_the_partition_is_the_stated_year_or_undated() -> None:
    assert dating.partition_of("某局2023年政府信息公开工作年度报告\n一、总体情况".encode(), "x") == "2023"
    assert dating.partition_of("2025年1月1日至12月31日".encode("gb18030"), "x") == "2025"
    assert dating.partition_of(b"", "x") == "undated"
    assert dating.partition_of("没有年份".encode(), "x") == "undated"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("某市某区人民政府办公室", "141102"),
        ("某县水利局", "141102"),
        ("某市人民政府", None),
        ("某省财政厅", None),
        (None, None),
    ],
)
def test_a_filing_number_gives_the_place_of_county_organs_only(name: str | None, code: str | None) -> None:
    assert organs.territory_code(prose("晋公网安备 14110202000110号"), name)[0] == code


def test_numbers_that_disagree_give_no_place() -> None:
    text = prose("晋公网安备 14110202000110号", "网站标识码:1411210004")
    assert organs.territory_code(text, "某市某区人民政府")[0] is None


def test_injected_pinyin_and_replacement_characters_are_damage() -> None:
    assert mojibake_share("政府信息公开") == 0
    assert mojibake_share("信息公(gong)开") == pytest.approx(1 / 10)
    assert mojibake_share("信\ufffd息") == pytest.approx(1 / 3)
