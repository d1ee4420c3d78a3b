"""The territories: dates out of lists, lineage, and that the seeds are what their sources and changes say."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import pytest

from assets.normalizing.territories.build import CHANGES, known_changes
from assets.normalizing.territories.history import Change, lineage, spans
from assets.normalizing.territories.lists import DatedList
from assets.normalizing.territories.names import own_short_names, short_name, stem_and_unit
from assets.normalizing.territories.table import SEEDS, Territory, is_valid, table

ABOVE = {"990000": "某省", "990100": "某市"}


def listed(year: int, **names: str) -> DatedList:
    return DatedList("gb2260", date(year, 12, 31), ABOVE | {code.strip("c"): name for code, name in names.items()})


def rows(lists: list[DatedList], known: list[Change] | None = None) -> dict[str, Territory]:
    return {row.name: row for row in spans(lists, known or [])}


# --- out of lists


def test_a_change_between_two_lists_leaves_both_names_valid_in_between() -> None:
    found = rows([listed(2014, c990121="甲县"), listed(2016, c990103="甲区")])
    assert (found["甲县"].valid_from, found["甲县"].valid_to) == (None, date(2016, 12, 31))
    assert (found["甲区"].valid_from, found["甲区"].valid_to) == (date(2015, 1, 1), None)
    assert [found["甲县"].parent, found["甲县"].level] == ["990100", "county"]


def test_a_day_known_by_hand_divides_them() -> None:
    change = Change("990121", "甲县", "990103", "甲区", date(2015, 6, 1), True, "upgrade", "by hand")
    found = rows([listed(2014, c990121="甲县"), listed(2016, c990103="甲区")], [change])
    assert found["甲县"].valid_to == found["甲区"].valid_from == date(2015, 6, 1)


def test_a_change_younger_than_all_lists_is_taken_from_the_hand_kept_file() -> None:
    change = Change("990121", "甲县", "990103", "甲区", date(2025, 6, 1), True, "upgrade", "by hand")
    found = rows([listed(2014, c990121="甲县")], [change])
    assert found["甲县"].valid_to == found["甲区"].valid_from == date(2025, 6, 1)


def test_lineage_follows_the_name_where_a_code_is_given_to_another() -> None:
    before = listed(2014, c990121="甲山县", c990122="乙水县")
    after = listed(2015, c990122="甲山县", c990103="乙水区")
    found = {(one.old_name, one.new_code, one.kind) for one in lineage([before, after], [])}
    assert found == {("甲山县", "990122", "recode"), ("乙水县", "990103", "upgrade")}


def test_one_name_of_two_heirs_is_nobodys_heir() -> None:
    before = listed(2014, c990121="甲山县")
    assert lineage([before, listed(2015, c990103="甲山区", c990181="甲山市")], []) == []


def test_a_name_in_the_hand_kept_file_that_no_list_has_is_an_error() -> None:
    with pytest.raises(ValueError, match="no list has"):
        known_changes([listed(2014)])


# --- names


@pytest.mark.parametrize(
    ("name", "stem", "unit"),
    [
        ("离石区", "离石", "区"), ("内蒙古自治区", "内蒙古", "自治区"), ("长阳土家族自治县", "长阳", "自治县"),
        ("浦东新区", "浦东", "新区"), ("清新区", "清新", "区"), ("碑林区", "碑林", "区"),
        ("神农架林区", "神农架", "林区"),
        ("郊区", "郊区", "区"), ("忠县", "忠县", "县"), ("双江拉祜族佤族布朗族傣族自治县", "双江", "自治县"),
    ],
)
def test_a_territorys_name_has_a_stem_and_a_unit(name: str, stem: str, unit: str) -> None:
    assert stem_and_unit(name) == (stem, unit)


def test_short_names_by_hand_are_made_of_the_characters_of_the_full_name() -> None:
    assert short_name("211324", "喀喇沁左翼蒙古族自治县") == "喀左"
    for code, names in own_short_names().items():
        full = table().by_code[code][-1].name
        for name in names:
            assert set(name) <= set(f"{full}州盟县旗东西"), (full, name)


# --- the seeds


def test_the_renamed_counties_of_the_issue_are_in_the_lineage() -> None:
    with (SEEDS / "territory_changes.csv").open(encoding="utf-8", newline="") as file:
        moves = {(row["old_code"], row["new_code"], row["kind"]) for row in csv.DictReader(file)}
    assert {
        ("130182", "130109", "upgrade"), ("140421", "140404", "upgrade"), ("140402", "140403", "merge"),
        ("140411", "140403", "merge"), ("140424", "140405", "upgrade"), ("140481", "140406", "upgrade"),
    } <= moves


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("130182", 2013, "藁城市"), ("130182", 2016, None), ("130109", 2012, None), ("130109", 2015, "藁城区"),
        ("140421", 2016, "长治县"), ("140421", 2020, None), ("140404", 2024, "上党区"), ("420600", 2005, "襄樊市"),
        ("420600", 2024, "襄阳市"), ("371200", 2016, "莱芜市"), ("371200", 2021, None),
    ],
)
def test_a_code_is_looked_up_as_it_was_in_the_reports_year(code: str, year: int, name: str | None) -> None:
    found = table().at(code, year)
    assert (found.name if found else None) == name


def test_an_obsolete_code_leads_to_what_became_of_it() -> None:
    later = {"332500": "丽水市", "130182": "藁城区", "140421": "上党区", "142302": "离石区"}
    assert {code: found.name for code in later if (found := table().now(code, 2024))} == later


def test_no_two_territories_of_today_go_back_to_one() -> None:
    today = [row for rows_ in table().by_code.values() for row in rows_ if is_valid(row, None)]
    roots = Counter(table().root(row) for row in today)
    assert {code: count for code, count in roots.items() if count > 1} == {}
    assert len(today) > 3300


def test_every_parent_is_a_territory_and_the_rows_of_a_code_follow_each_other() -> None:
    codes = table().by_code
    assert {row.code for rows_ in codes.values() for row in rows_ if row.parent and row.parent not in codes} == set()
    for rows_ in codes.values():
        for one, other in zip(rows_, rows_[1:], strict=False):
            assert one.valid_to is not None and other.valid_from is not None
            assert one.valid_to <= (other.valid_to or date.max) and (one.valid_from or date.min) < other.valid_from


def test_every_change_by_hand_has_a_known_kind_and_a_source() -> None:
    with CHANGES.open(encoding="utf-8", newline="") as file:
        changes = list(csv.DictReader(file))
    assert {row["kind"] for row in changes} <= {"rename", "upgrade", "merge", "split", "recode"}
    assert [row for row in changes if not row["source"]] == []
