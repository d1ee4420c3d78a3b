"""Which reports are one organ's: by its id where that is known, by its name where not, by none where both may be wrong.

Belongs here: identities as the normalizing stage finds them, and who is then beside whom. Does not: finding identities
(tests/organs), what rules make of a neighbour (test_neighbours.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pytest

from assets.lake import CELLS, ORGANS, QUARANTINED_TABLES, REPORTS, SECTION_TEXTS
from assets.normalizing.facts import facts_of
from assets.normalizing.organ_identity.identify import owner_of
from assets.normalizing.organ_identity.rows import organ_row
from assets.normalizing.prose import prose_of
from assets.quarantine.copies import copied_cells
from expectations.neighbours import COPY, MEMBER, OFFICE, Known, neighbours
from expectations.owners import owners
from expectations.terms import NEXT, PREVIOUS

ID = "report_version_id"
NANJING, FUZHOU = "网站标识码：3201060001", "网站标识码：3501020001"
WATER = "吕梁市离石区水利局"


@dataclass(frozen=True)
class Page:
    """A report: the name in its title, what stands around it, and the name over its signature (None: the title's).

    printed: the name that the lake's REPORTS gives it, where that is not the title's.
    """

    year: int
    title: str
    around: str = ""
    signed: str | None = None
    printed: str | None = None


def known(*pages: Page) -> Known:
    """Return pages as reports "0", "1" … with the identities that their words give."""
    reports, organs = [], []
    for number, page in enumerate(pages):
        signature = page.title if page.signed is None else page.signed
        lines = [page.around, f"{page.title}{page.year}年政府信息公开工作年度报告", "六、其他需要报告的事项", signature]
        lines = [line for line in (*lines, f"{page.year + 1}年1月20日") if line]
        prose = prose_of([(line, f"line {at}") for at, line in enumerate(lines, start=1)])
        organs.append(organ_row(str(number), owner_of(prose, facts_of(prose))))
        reports.append({
            ID: str(number), "document_id": f"document {number}", "organ_name": page.printed or page.title,
            "report_year": page.year,
        })
    return Known(REPORTS.frame(reports), CELLS.empty().lazy(), SECTION_TEXTS.empty().lazy(), ORGANS.frame(organs))


def states(found: Known) -> list[str]:
    return found.organs["state"].to_list()


def pairs(found: Known, relation: str) -> list[tuple[str, str | None]]:
    beside = neighbours(found, found.reports[ID]).of(relation)
    return sorted(beside.select(ID, "other_id").iter_rows())


@pytest.mark.parametrize(("before", "after"), [
    (Page(2023, "吕梁市离石区发改局"), Page(2024, "吕梁市离石区发展和改革局")),
    (Page(2023, "山西省吕梁市离石区水利局"), Page(2024, WATER)),
    (Page(2013, "石家庄市藁城市水利局"), Page(2014, "石家庄市藁城区水利局")),
    (Page(2017, "长治县民政局"), Page(2018, "长治市上党区民政局")),
], ids=["shortened", "with its province", "藁城市 → 藁城区", "长治县 → 上党区"])
def test_an_organ_written_otherwise_or_renamed_finds_its_other_years(before: Page, after: Page) -> None:
    found = known(before, after)
    assert states(found) == ["resolved", "resolved"]
    assert pairs(found, PREVIOUS) == [("1", "0")]
    assert pairs(found, NEXT) == [("0", "1")]


def homonyms(year: int, other_year: int) -> Known:
    return known(Page(year, "鼓楼区教育局", NANJING), Page(other_year, "鼓楼区教育局", FUZHOU))


def test_organs_of_one_name_in_two_provinces_are_never_neighbours() -> None:
    found = homonyms(2023, 2024)
    assert states(found) == ["resolved", "resolved"]
    assert found.organs["territory_code"].to_list() == ["320106", "350102"]
    assert pairs(found, PREVIOUS) == pairs(found, NEXT) == []
    assert pairs(homonyms(2024, 2024), COPY) == []


def test_organs_of_one_name_are_no_copies_of_held_tables_either() -> None:
    held = QUARANTINED_TABLES.frame([{ID: "0", "document_id": "document 0", "table_code": "requests"}])
    figures = [
        {ID: report, "table_code": "requests", "cell_code": "requests.received.total", "value": 7, "state": "reported"}
        for report in ("0", "1")
    ]
    read = pl.LazyFrame(schema={ID: pl.String, "table_code": pl.String, "fact": pl.String, "value": pl.String})
    for found, copies in ((homonyms(2024, 2024), 0), (known(Page(2024, WATER), Page(2024, WATER)), 1)):
        copied = copied_cells(held, CELLS.frame(figures).lazy(), read, owners(found.reports, found.organs))
        assert copied.height == copies


def test_a_report_that_is_not_resolved_is_known_by_its_name() -> None:
    neither = known(Page(2023, WATER, signed=""), Page(2024, WATER, signed=""))
    assert states(neither) == ["review", "review"]
    assert pairs(neither, PREVIOUS) == [("1", "0")]
    one = known(Page(2023, WATER), Page(2024, WATER, signed=""))
    assert states(one) == ["resolved", "review"]
    assert pairs(one, PREVIOUS) == [("1", "0")]
    assert pairs(Known(one.reports, one.cells, one.texts), PREVIOUS) == [("1", "0")]


def test_a_name_that_places_share_is_nobodys_where_nothing_else_tells() -> None:
    found = known(Page(2023, "鼓楼区教育局"), Page(2024, "鼓楼区教育局"))
    assert found.organs["reason"].to_list() == ["namesakes", "namesakes"]
    assert pairs(found, PREVIOUS) == []


def test_where_name_and_id_tell_two_organs_there_is_no_neighbour() -> None:
    bare = Page(2023, WATER, signed="", printed="鼓楼区教育局")
    found = known(bare, Page(2024, "鼓楼区教育局", NANJING), Page(2022, "鼓楼区教育局", FUZHOU))
    assert states(found) == ["review", "resolved", "resolved"]
    assert pairs(found, PREVIOUS) == pairs(found, NEXT) == []
    told_apart = known(bare, Page(2024, "鼓楼区教育局", NANJING))
    assert pairs(told_apart, PREVIOUS) == [("1", "0")]


def test_members_find_their_government_by_its_name_in_full_and_only_in_their_territory() -> None:
    found = known(
        Page(2024, "藁城区人民政府"), Page(2024, "石家庄市藁城区水利局"), Page(2024, "石家庄市藁城区人民政府办公室"),
        Page(2024, "国家税务总局石家庄市藁城区税务局"),
    )
    assert states(found) == ["resolved"] * 4
    assert pairs(found, MEMBER) == [("0", "1"), ("0", "2")]
    assert pairs(found, OFFICE) == [("0", "2")]
    two = known(
        Page(2024, "鼓楼区人民政府", NANJING), Page(2024, "鼓楼区人民政府", FUZHOU), Page(2024, "鼓楼区民政局", FUZHOU),
        Page(2024, WATER, signed="", printed="鼓楼区司法局"),
    )
    assert states(two) == ["resolved", "resolved", "resolved", "review"]
    assert pairs(two, MEMBER) == [("1", "2")]
