"""Whose report it is: what names say, ids that survive re-spelling, scopes, codes of organisations."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assets.normalizing.facts import facts_of
from assets.normalizing.organ_identity import pieces, resolving
from assets.normalizing.organ_identity.credit_codes import credit_codes, division_of
from assets.normalizing.organ_identity.identify import Owner, owner_of
from assets.normalizing.organ_identity.reading import read
from assets.normalizing.organ_identity.rows import identity_words
from assets.normalizing.prose import prose_of
from assets.normalizing.reports import normalize
from tests.organs.headings import Answer, Heading
from tests.real_reports import NUMBERS, real_report


def owner(title: str, *more: tuple[str, str], year: int = 2024, signature: str | None = None) -> Owner:
    signed = title if signature is None else signature
    prose = Heading(0, "", year, title, signed, more, Answer("")).prose()
    return owner_of(prose, facts_of(prose))


def organ_id(title: str, year: int = 2024) -> str | None:
    return owner(title, year=year).identity.organ_id


# --- ids


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("吕梁市离石区水利局", "吕梁市离石区 水利局（本级）"),
        ("吕梁市离石区水利局", "山西省吕梁市离石区水利局"),
        ("吕梁市离石区发展和改革局", "吕梁市离石区发改局"),
        ("吕梁市离石区发展和改革局", "吕梁市离石区发展改革局"),
        ("吕梁市离石区人民政府办公室", "吕梁市离石区政府办"),
        ("吕梁市离石区人民政府办公室", "吕梁市离石区政府办公室"),
        ("汾阳市贾家庄镇人民政府", "汾阳市贾家庄镇政府"),
        ("汾阳市文峰街道办事处", "汾阳市人民政府文峰街道办事处"),
        ("石家庄高新技术产业开发区管理委员会", "石家庄市高新区管委会"),
        ("喀左县教育局", "喀喇沁左翼蒙古族自治县教育局"),
        ("凉山州财政局", "凉山彝族自治州财政局"),
        ("中华人民共和国财政部", "财政部"),
        ("青岛海关", "中华人民共和国青岛海关"),
    ],
)
def test_an_organs_id_survives_how_it_is_written(one: str, other: str) -> None:
    assert organ_id(one) == organ_id(other) is not None


@pytest.mark.parametrize(
    ("before", "year", "after", "later"),
    [
        ("藁城市财政局", 2012, "石家庄市藁城区财政局", 2024),
        ("长治县人民政府办公室", 2016, "长治市上党区人民政府办公室", 2024),
        ("襄樊市教育局", 2008, "襄阳市教育局", 2024),
        ("米林县教育局", 2021, "米林市教育局", 2024),
    ],
)
def test_an_organs_id_survives_that_its_territory_is_renamed_or_upgraded(
    before: str, year: int, after: str, later: int
) -> None:
    assert organ_id(before, year) == organ_id(after, later) is not None


def test_organs_of_namesakes_and_of_merged_territories_are_others() -> None:
    names = [("南京市鼓楼区民政局", 2024), ("徐州市鼓楼区民政局", 2024), ("长治市城区民政局", 2016),
             ("长治市郊区民政局", 2016), ("长治市潞州区民政局", 2024), ("长治市民政局", 2024)]
    ids = [organ_id(name, year) for name, year in names]
    assert None not in ids and len(set(ids)) == len(names)


@pytest.mark.parametrize("place", ["汾阳市", "山西省", "吕梁市离石区", "凉山彝族自治州", "上海市"])
def test_a_government_and_its_office_are_never_one_organ_nor_one_scope(place: str) -> None:
    office = "办公厅" if place in ("山西省", "上海市") else "办公室"
    government, own = owner(f"{place}人民政府"), owner(f"{place}人民政府{office}")
    assert government.identity.organ_id != own.identity.organ_id
    assert government.scope in ("government_own_level", "government_territory")
    assert own.scope == "own_organ"


# --- states


def test_what_is_not_resolved_states_nothing_but_why() -> None:
    for title, site in (("鼓楼区民政局", ""), ("吕梁市离石区水利局", "1411820001"), ("教育局", "")):
        found = owner(title, *([("site", site)] if site else []))
        identity = found.identity
        assert identity.state in ("review", "unresolved") and identity.reason
        told = (identity.organ_id, identity.organ_name, identity.territory_code, identity.organ_type, identity.level)
        assert told == (None, None, None, None, None) and found.scope is None


def test_every_piece_says_how_it_stands() -> None:
    found = owner("吕梁市离石区水利局", ("site", "1411820001"), ("police", "14110202000110"))
    assert {piece.kind: standing for piece, standing in found.identity.standings} == {
        "title": "neutral", "signature": "neutral", "website_code": "conflicts", "police_filing": "neutral",
    }
    agreed = owner("吕梁市离石区水利局", ("police", "14110202000110"))
    assert {standing for _, standing in agreed.identity.standings} == {"agrees"}


def test_a_county_that_never_had_a_namesake_is_known_by_name_from_two_places_and_not_from_one() -> None:
    assert owner("汾阳市水利局").identity.state == "resolved"
    assert owner("汾阳市水利局", signature="").identity.state == "review"
    assert owner("鼓楼区水利局").identity.reason == "namesakes"
    assert owner("新市区水利局").identity.reason == "name_alone"


# --- names


def test_a_short_name_never_swallows_what_an_organ_does() -> None:
    assert [one.code for one in read("湖北省公安厅", 2024)] == ["420000"]
    assert [one.code for one in read("荆州市公安县公安局", 2024)] == ["421022"]
    assert [one.code for one in read("新乡市市场监督管理局", 2024)] == ["410700"]


def test_homonyms_are_read_in_every_way() -> None:
    assert [one.code for one in read("鼓楼区民政局", 2024)] == ["320106", "320302", "350102", "410204"]


# --- codes


def test_check_characters_are_checked() -> None:
    assert credit_codes("统一社会信用代码:113708260043292687") == ["113708260043292687"]
    assert credit_codes("统一社会信用代码:113708260043292688") == []
    assert division_of("113325000026455663") == "332500"


# --- rows


def test_a_report_is_normalised_with_its_organ_and_every_piece_of_evidence() -> None:
    lines = ("汾阳市水利局2024年政府信息公开工作年度报告", "六、其他需要报告的事项", "汾阳市水利局", "2025年1月20日")
    text = [{"text": line, "place": f"line {number}"} for number, line in enumerate(lines, start=1)]
    made = normalize("d", "r", [], text, [])
    told = (made.organ["state"], made.organ["territory_code"], made.organ["own_name"])
    assert told == ("resolved", "141182", "水利局")
    assert made.organ["reason"] is made.organ["reason_zh"] is None
    assert [(row["piece_no"], row["kind_zh"], row["says"], row["place"]) for row in made.organ_evidence] == [
        (1, "标题", "141182 department", "line 1"), (2, "落款", "141182 department", "line 3"),
    ]
    unsigned = normalize("d", "r", [], text[:2], [])
    assert unsigned.organ["reason_zh"] and unsigned.organ["reason_en"] and unsigned.organ["territory_code"] is None


def test_every_reason_and_kind_of_the_code_has_its_words() -> None:
    given = Path(resolving.__file__).read_text(encoding="utf-8")
    reasons = set(re.findall(r'(?:REVIEW|UNRESOLVED), "(\w+)"|return "(\w+)"', given))
    assert {one or other for one, other in reasons} | {"name_alone"} == identity_words()["reasons"].keys()
    assert identity_words()["kinds"].keys() == {
        value for name, value in vars(pieces).items()
        if name.isupper() and isinstance(value, str) and re.fullmatch("[a-z_]+", value)
    } - {pieces.OFFICE}


# --- the five reports

FIVE = {
    "000": ("吕梁市离石区人民政府办公室", "141102", "general_office", "county", "own_organ"),
    "001": ("汾阳市人民政府", "141182", "government", "county", "government_own_level"),
    "002": ("石家庄市藁城区人民政府办公室", "130109", "general_office", "county", "own_organ"),
    "003": ("长治市上党区人民政府办公室", "140404", "general_office", "county", "own_organ"),
    "004": ("喀喇沁左翼蒙古族自治县人民政府办公室", "211324", "general_office", "county", "own_organ"),
}


@pytest.mark.parametrize("number", NUMBERS)
def test_the_five_reports_are_whose_they_are(number: str) -> None:
    lines = real_report(number).read_text(encoding="utf-8").split("\n")
    prose = prose_of([(line, f"line {place}") for place, line in enumerate(lines, start=1)])
    found = owner_of(prose, facts_of(prose))
    identity = found.identity
    told = (identity.organ_name, identity.territory_code, identity.organ_type, identity.level, found.scope)
    assert (identity.state, told) == ("resolved", FIVE[number])


# --- the registry of publishers


def listed(title: str, entry: pieces.Listed | None) -> Owner:
    prose = Heading(0, "", 2024, title, title, (), Answer("")).prose()
    return owner_of(prose, facts_of(prose), entry)


def test_the_publisher_that_a_document_was_fetched_from_is_a_piece_of_its_own() -> None:
    # 鼓楼区 are four: the name alone tells none of them.
    title = "鼓楼区水利局"
    assert listed(title, None).identity.state != resolving.RESOLVED
    found = listed(title, pieces.Listed("js_nanjing", "http://www.example.gov.cn/", territory="320100")).identity
    assert (found.state, found.territory_code) == (resolving.RESOLVED, "320106")
    agreeing = [piece.kind for piece, standing in found.standings if standing == resolving.AGREES]
    assert agreeing.count(pieces.REGISTRY) == 1
    assert "publisher_registry" in identity_words()["kinds"]


def test_a_publisher_of_another_place_sends_a_report_to_review() -> None:
    entry = pieces.Listed("js_nanjing", "http://www.example.gov.cn/", territory="320100")
    found = listed("吕梁市离石区水利局", entry).identity
    assert (found.state, found.reason) == (resolving.REVIEW, "places_differ")


def test_an_entry_that_names_its_organ_only_gives_the_place_of_the_name() -> None:
    entry = pieces.Listed("js_gulou_water", "http://www.example.gov.cn/", organ="南京市鼓楼区水利局")
    assert listed("鼓楼区水利局", entry).identity.territory_code == "320106"
