"""Every territory of the lists and every town: its name, in full, is read as it and as nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from assets.normalizing.organ_identity.reading import read
from assets.normalizing.territories.history import ZONE, Territory
from assets.normalizing.territories.table import is_valid, table, town_rows

# Towns of the list that are no town or sub-district by their names, or written with characters out of the common ones.
UNREAD_TOWNS = 2


def full_name(territory: Territory, year: int) -> str:
    parent = table().at(territory.parent or "", year)
    return f"{parent.name if parent else ''}{territory.name}"


@pytest.mark.parametrize("year", [2010, 2018, 2024])
@pytest.mark.parametrize("rest", ["市场监督管理局", "公安局"])
def test_every_territory_in_full_is_read_as_itself_or_in_more_ways_than_one(year: int, rest: str) -> None:
    rows = [row for rows in table().by_code.values() for row in rows if is_valid(row, year) and row.level != ZONE]
    of_year = [row for row in rows if row.valid_to is None or row.valid_to > date(year, 12, 31)]
    read_as = {row.code: {one.code for one in read(full_name(row, year) + rest, year)} for row in of_year}
    assert len(of_year) > 3200
    assert {code: codes for code, codes in read_as.items() if code not in codes} == {}
    # of a place recoded between two lists of that time nobody knows which code it had
    doubtful = [code for code, codes in read_as.items() if len(codes) > 1]
    assert len(doubtful) <= 6, doubtful


def test_every_town_in_full_is_read_as_itself() -> None:
    wrong, unread, count = [], [], 0
    for code, listed, _ in list(town_rows())[::5]:
        county, name = table().at(code[:6], None), listed.removesuffix("办事处")
        if county is None or county.level == ZONE or not name.endswith(("街道", "镇", "乡", "苏木")):
            continue
        count += 1
        above = full_name(county, 2024) if county.name.endswith("区") else county.name
        found = read(f"{above}{name}{'办事处' if name.endswith('街道') else '人民政府'}", 2024)
        codes = {(one.code, one.town_code) for one in found}
        if codes != {(county.code, code)}:
            (unread if codes == {(None, None)} else wrong).append(f"{above}{listed}")
    assert count > 7000
    assert wrong == []
    assert len(unread) <= UNREAD_TOWNS, unread
