"""Organ, year and dates from the prose of a report, each only where the document states it."""

from __future__ import annotations

from datetime import date

import pytest

from assets.normalizing import dating, numbering, organs, staleness
from assets.normalizing.facts import DIFFERS, PLACEHOLDER, UNUSED, USED, fact_words, facts_of
from assets.normalizing.prose import Prose, prose_of
from assets.normalizing.reports import normalize
from assets.normalizing.text_quality import mojibake_share
from assets.parsing.titles import fold


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


@pytest.mark.parametrize(("confidence", "share"), [(1.0, 0.5), (0.0, 0.0)])
def test_what_recognition_could_not_read_is_doubt_and_no_damage_of_the_text(confidence: float, share: float) -> None:
    cell = {"cell_code": None, "text": "\ufffd", "confidence": confidence}
    made = normalize("d", "r", [cell], [{"text": "一", "place": "line 1"}], [])
    stated = [row["value"] for row in made.observations if row["fact"] == "mojibake_share"]
    assert stated == [f"{share:.6f}"]


def test_injected_pinyin_and_replacement_characters_are_damage() -> None:
    assert mojibake_share("政府信息公开") == 0
    assert mojibake_share("信息公(gong)开") == pytest.approx(1 / 10)
    assert mojibake_share("信\ufffd息") == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("lines", "year", "name"),
    [
        (("某县水利局2023年", "政府信息公开工作年度报告"), "2023", "某县水利局"),
        (("某县水利局2023年政府信息公开", "工作年度报告"), "2023", "某县水利局"),
        (("【图文】某县水利局2023年政府信息公开工作年度报告",), "2023", "某县水利局"),
        (("某县水利局2023年信息公开年度报告",), "2023", "某县水利局"),
    ],
)
def test_titles_as_sites_print_them(lines: tuple[str, ...], year: str, name: str) -> None:
    [(evidence, found)] = dating.titles(prose(*lines, HEAD))
    assert (evidence.value, found, evidence.place) == (year, name, "line 1")


@pytest.mark.parametrize(
    ("sentence", "years"),
    [
        ("自20201月1日起至202012月31日止", ["2020"]),
        ("统计期限为202111日至20211231日。", ["2021"]),
        ("统计期限为2021年1月1日至12月31日。", ["2021"]),
        ("电话2021110123", []),
        ("自20231月5日起至202312月31日止", []),
    ],
)
def test_a_period_that_lost_characters_is_read_where_they_leave_no_doubt(sentence: str, years: list[str]) -> None:
    assert [evidence.value for evidence, *_ in dating.periods(prose(sentence))] == years


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("202512月31日", "2025-12-31"),
        ("20251月2日", "2025-01-02"),
        ("2025年1231日", "2025-12-31"),
        ("20251231日", "2025-12-31"),
        ("2025年131日", "2025-01-31"),
        ("2025年111日", None),
        ("2025年119日", None),
        ("2025年11日", None),
        ("2025年日", None),
        ("2025年13月40日", None),
    ],
)
def test_a_day_that_lost_characters_is_read_only_where_one_is_meant(line: str, day: str | None) -> None:
    found = dating.signatures(prose(HEAD, TAIL, "某局", line))
    assert [evidence.value for evidence, _ in found] == ([day] if day else [])


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("索引号:11141102MB1234567X/2025-00018 发布日期:2025-01-20", "11141102MB1234567X/2025-00018"),
        ("| 索引号 | K12345-0203-2025-001 |", "K12345-0203-2025-001"),
        ("索引号:000014349/2025-00624", None),
        ("索引号:11141102MB1234567X/2022-None", None),
        ("索引号:234234234234444444/2025-00001", None),
        ("索引号:20240914-173703-448", None),
        ("索引号:11141102MB1234567X/2026-00000", None),
        ("索引号:", None),
    ],
)
def test_an_index_number_is_trusted_only_where_it_is_one(line: str, number: str | None) -> None:
    assert numbering.one_trusted(numbering.index_numbers(prose(line, HEAD))) == number


@pytest.mark.parametrize(
    ("line", "number", "seen"),
    [
        ("文号:某政办发〔2025〕3号", "某政办发〔2025〕3号", 1),
        ("文 号:某政公开[2025]12号 主题分类:其他", "某政公开[2025]12号", 1),
        ("| 文号 | 某政办发〔2025〕3号 | 名称 | 报告 |", "某政办发〔2025〕3号", 1),
        ("文号:〔〕号", None, 1),
        ("文号:无〔〕号", None, 1),
        ("文号:无文号", None, 1),
        ("文号:2024年政府信息公开工作年度报告号", None, 1),
        ("文号: 发布日期:2025-01-20", None, 0),
    ],
)
def test_a_document_number_that_is_a_placeholder_is_kept_as_evidence_only(
    line: str, number: str | None, seen: int
) -> None:
    found = numbering.document_numbers(prose(line, HEAD))
    assert (numbering.one_trusted(found), len(found)) == (number, seen)


def test_filing_numbers_are_told_apart_by_kind() -> None:
    lines = ("某公网安备 14110202000110号 某ICP备05001234号-1", "网站标识码:1411020001", "某公网安备:110102003042-1")
    found = numbering.filings(prose(HEAD, TAIL, *lines))
    assert {kind: [piece.value for piece in pieces] for kind, pieces in found.items()} == {
        "police_filing": ["某公网安备14110202000110号", "某公网安备:110102003042-1"],
        "icp_filing": ["某ICP备05001234号-1"],
        "website_code": ["1411020001"],
    }


def test_two_numbers_that_differ_are_nobodys() -> None:
    found = numbering.filings(prose("网站标识码:1411020001", HEAD, TAIL, "网站标识码:1411020002"))
    assert numbering.one_trusted(found["website_code"]) is None


def test_the_path_of_a_page_names_the_year_of_its_listing() -> None:
    text = prose("当前位置:首页>政府信息公开>2024年年度报告", "某局2023年政府信息公开工作年度报告", HEAD)
    assert [evidence.value for evidence in dating.listings(text)] == ["2024"]


def test_what_was_left_from_last_year_or_never_filled_in_is_noted() -> None:
    lines = ("2023年度,我局公开信息XX条。较2023年增加3条。", "2024年,我局开会。")
    text = prose("某局2024年政府信息公开工作年度报告", HEAD, *lines)
    assert staleness.stale_words(text, "2024") == ["2023年度", "XX"]
    assert staleness.stale_words(text, None) == ["XX"]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [("今年（2023年）公开3条。", ["今年(2023年"]), ("今年(2024年)公开3条。", []), ("比2023年多3条,去年2件。", [])],
)
def test_only_another_year_called_this_year_is_stale(sentence: str, words: list[str]) -> None:
    assert staleness.stale_words(prose(sentence), "2024") == words


# White space parts what stands side by side: without it, the day would run into the hour, one number into the next.
@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("发布时间：2025-1-2 10:30", "2025-01-02"),
        ("发布日期：2025 年 1 月 12 日", "2025-01-12"),
        ("| 发布日期 | 2025-01-12 |", "2025-01-12"),
        ("PubDate: 2025/1/2 08:00", "2025-01-02"),
        ("发布日期：2025-1-211", None),
        ("发布日期：2025-13-02", None),
    ],
)
def test_the_hour_behind_a_day_is_no_part_of_it(line: str, day: str | None) -> None:
    assert dating.publication_date(dating.publication_dates(prose(line, HEAD))) == day


def test_the_day_a_page_was_put_out_counts_before_the_day_its_document_was_issued() -> None:
    found = dating.publication_dates(prose("发文日期：2025-01-02 发布日期：2025-01-07", HEAD))
    assert [(e.source, e.value) for e in found] == [("issued", "2025-01-02"), ("published", "2025-01-07")]
    assert dating.publication_date(found) == "2025-01-07"


def test_a_number_ends_where_white_space_stands() -> None:
    text = prose("索 引 号：K12345/2025-3 2025-01-07", HEAD, TAIL, "某ICP备05001234号-1 2025")
    assert numbering.one_trusted(numbering.index_numbers(text)) == "K12345/2025-3"
    assert numbering.one_trusted(numbering.filings(text)["icp_filing"]) == "某ICP备05001234号-1"


WHOLE = (
    "索引号:11141102MB1234567X/2025-00018 文号:无文号 发布日期:2025-01-20 发布机构:某市某区政务服务中心",
    "某市某区水利局2024年政府信息公开工作年度报告", "统计期限为2024年1月1日至2024年12月31日。", HEAD,
    TAIL, "某市某区水利局", "2025年1月15日", "某公网安备 14110202000110号 某ICP备05001234号 网站标识码：1411020001",
)


def test_every_fact_has_its_value_its_words_and_their_place() -> None:
    facts = facts_of(prose(*WHOLE))
    assert {name: fact.value for name, fact in facts.items()} == {
        "title": "某市某区水利局2024年政府信息公开工作年度报告", "organ_name": "某市某区水利局", "report_year": "2024",
        "period": "2024-01-01/2024-12-31", "signed_date": "2025-01-15", "published_date": "2025-01-20",
        "index_number": "11141102MB1234567X/2025-00018", "document_number": None,
        "police_filing": "某公网安备14110202000110号", "icp_filing": "某ICP备05001234号", "website_code": "1411020001",
        "territory_code": "141102",
    }
    lines = dict(enumerate(WHOLE, 1))
    for fact in facts.values():
        assert fact.evidence
        for piece in fact.evidence:
            assert fold(piece.text) in fold(lines[int(piece.place.removeprefix("line "))])


def standings(name: str, *lines: str) -> list[tuple[str, str]]:
    fact = facts_of(prose(*lines))[name]
    return [(piece.value, fact.standing(piece)) for piece in fact.evidence]


def test_what_contradicts_the_value_is_kept_and_marked() -> None:
    other = (*WHOLE[:1], "某市某区水利局2023年政府信息公开工作年度报告", *WHOLE[2:])
    assert standings("report_year", *other) == [("2023", "differs"), ("2024", "differs")]
    assert standings("organ_name", *WHOLE) == [
        ("某市某区水利局", "used"), ("某市某区水利局", "used"), ("某市某区政务服务中心", "differs"),
    ]
    assert standings("document_number", *WHOLE) == [("无文号", "placeholder")]
    path = ("当前位置：首页>2022年年度报告", *WHOLE)
    assert standings("report_year", *path) == [("2024", "used"), ("2024", "used"), ("2022", "differs")]


def test_a_short_form_bears_the_full_name_out() -> None:
    lines = ("区水利局2024年政府信息公开工作年度报告", HEAD, TAIL, "某市某区水利局", "2025年1月20日")
    assert [standing for _, standing in standings("organ_name", *lines)] == ["used", "used"]


def test_every_fact_source_and_standing_has_words() -> None:
    words = fact_words()
    facts = facts_of(prose("当前位置：首页>2024年年度报告", *WHOLE))
    assert list(words["facts"]) == list(facts)
    assert {piece.source for fact in facts.values() for piece in fact.evidence} <= set(words["sources"])
    assert set(words["standings"]) == {USED, DIFFERS, PLACEHOLDER, UNUSED}
