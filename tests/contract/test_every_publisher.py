"""Every publisher of the registry: schema, hosts, a floor, a territory that there is, a recipe, addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.fetching.addresses import Gate
from assets.fetching.recipes import LISTING, REPORT, families, links_of
from assets.fetching.registry import Publisher, RegistryError, chosen, load_folder
from assets.normalizing.organ_identity.reading import read
from assets.normalizing.territories.table import table

REGISTRY = load_folder()
HEAD = "province: '330000'\npublishers:\n"
ENTRY = "  - {{id: zj_x, territory: '331100', listings: ['{listing}'], family: trs{more}}}\n"


@pytest.mark.parametrize("publisher", REGISTRY.values(), ids=list(REGISTRY))
def test_a_publisher_can_be_asked_and_named(publisher: Publisher) -> None:
    assert publisher.family in families() and publisher.floor >= 1 and publisher.pace >= 2
    for listing in publisher.listings_of("2025"):
        Gate().check(listing, publisher.allowed)
    if publisher.territory:
        assert table().now(publisher.territory, 2025) is not None, f"{publisher.territory}: no such territory"
    if publisher.organ:
        assert read(publisher.organ, 2025)[0].organ_type


def test_nobody_has_verified_the_starter_registry_so_that_none_is_asked_unless_named() -> None:
    assert len(REGISTRY) >= 12
    assert chosen(REGISTRY, []) == [one for one in REGISTRY.values() if one.verified]
    assert [one.id for one in chosen(REGISTRY, ["zj_lishui"])] == ["zj_lishui"]
    with pytest.raises(RegistryError, match="no such publisher: zj_nowhere"):
        chosen(REGISTRY, ["zj_nowhere"])


@pytest.mark.parametrize(
    ("listing", "more", "says"),
    [
        ("http://www.lishui.gov.cn/", "", "'floor' is a required property"),
        ("http://www.lishui.gov.cn/", ", floor: 0", "minimum"),
        ("http://www.lishui.gov.cn/", ", floor: 1, pace: 0.1", "minimum"),
        ("ftp://www.lishui.gov.cn/", ", floor: 1", "does not match"),
        ("http://www.lishui.com/", ", floor: 1", "not under .gov.cn"),
        ("http://www.lishui.gov.cn/", ", floor: 1, hosts: [evil.example]", "not under .gov.cn"),
        ("http://www.lishui.gov.cn/", ", floor: 1, tls: [anything]", "is not one of"),
        ("http://www.lishui.gov.cn/", ", floor: 1, cookie: x", "unexpected"),
    ],
)
def test_an_entry_that_is_wrong_is_refused_by_name(listing: str, more: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "330000.yaml").write_text(HEAD + ENTRY.format(listing=listing, more=more), encoding="utf-8")
    with pytest.raises(RegistryError, match=f"330000.yaml.*{says}"):
        load_folder(tmp_path)


@pytest.mark.parametrize(
    ("words", "leads"),
    [
        ("市自然资源和规划局2025年政府信息公开工作年度报告", True), ("市财政预算评审中心2025年政府信息公开年报", True),
        ("自然资源和规划局2025年年报", True), ("规划院年度报告", True), ("2025年度工作报告", True), ("年报", True),
        ("某局政府信息公开年度报告 2026-01-21", True), ("某局政府信息公开年度报告(2026年1月21日)", True),
        ("某局2024年政府信息公开工作年度报告 2025-01-20", False), ("某局2024年政府信息公开工作年度报告", False),
        ("2025年政府信息公开工作年度报告解读", False), ("一图读懂：图解政府信息公开年报", False),
        ("2025年度财务报告", False), ("2025年发展规划年度报告", False), ("信息公开指南", False),
    ],
)
def test_which_words_of_a_link_lead_to_a_report_of_2025(words: str, leads: bool) -> None:
    page = f'<a href="/1.html">{words}</a>'.encode()
    found = links_of(page, "http://www.x.gov.cn/ndbg/", LISTING, "plain", "2025")
    assert [one.role for one in found] == ([REPORT] if leads else [])


LISTINGS = [
    ("hanweb_annual", "/module/xxgk/xxgkAnnualReport.jsp?area=113325&fbtime=2025"),
    ("hanweb", "/art/2026/1/21/art_12_34.html"), ("trs", "/zwgk/ndbg/202601/t20260121_34.html"),
    ("boda", "/info/1209/34.htm"), ("gkmlpt", "/gkmlpt/content/4/41/post_34.html"), ("anhui", "/public/2/34.html"),
    ("plain", "/whatever/show.asp?id=34"),
]


@pytest.mark.parametrize(("family", "path"), LISTINGS)
def test_a_recipe_finds_the_years_report_and_the_next_page_and_leaves_the_rest(family: str, path: str) -> None:
    page = (
        f'<a href="{path}">某局2025年政府信息公开工作年度报告</a>'
        f'<a href="{path}9">某局2024年政府信息公开工作年度报告</a>'
        f'<a href="{path}">2025年年报解读</a><a href="javascript:next()">下一页</a><a href="index_2.html">下一页</a>'
        f'<a href="/about.html">机构职能</a><a href="mailto:a@b.cn">年报</a>'
    )
    found = links_of(page.encode("gb18030"), "http://www.x.gov.cn/ndbg/", LISTING, family, "2025")
    assert [(one.role, one.address) for one in found] == [
        (REPORT, f"http://www.x.gov.cn{path}"), (LISTING, "http://www.x.gov.cn/ndbg/index_2.html")
    ]
