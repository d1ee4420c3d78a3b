"""What is no report is refused by its own kind, and what is one is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assets.parsing.parse import parse_document
from assets.parsing.refusals import refusal_words
from tests.typesetting import LAYOUTS, compose, load, typeset
from tests.typesetting.article import blank_form, format_notice, refused_pages
from tests.typesetting.publication import Publication, Words

PAGES = [(kind, number) for kind, pages in refused_pages().items() for number in range(len(pages))]
SETTINGS = ("html_clean", "html_cms", "html_word", "bar_at_row_end")
FEWEST_PAGES = 3


def kind_of(page: Publication, layout: str) -> str | None:
    refusal = parse_document(LAYOUTS[layout].render(page), "x").refusal
    return refusal.kind if refusal else None


@pytest.mark.parametrize("layout", SETTINGS)
@pytest.mark.parametrize(("kind", "number"), PAGES)
def test_a_page_is_refused_by_its_own_kind(kind: str, number: int, layout: str) -> None:
    assert kind_of(refused_pages()[kind][number], layout) == kind


@pytest.mark.parametrize("kind", refused_pages())
def test_every_kind_has_words_and_enough_pages(kind: str) -> None:
    assert all(refusal_words(kind))
    assert len(refused_pages()[kind]) >= FEWEST_PAGES


@pytest.mark.parametrize("layout", SETTINGS)
@pytest.mark.parametrize("edition", ["cn_ogi_2019", "cn_ogi_2021"])
def test_the_blank_form_and_its_notice_are_told_apart(edition: str, layout: str) -> None:
    assert kind_of(blank_form(edition), layout) == "blank_form"
    assert kind_of(format_notice(edition), layout) == "format_notice"


REPORT = "qingpi_health_2024"
# What stands around or in real reports and looks like a page of another kind.
AROUND = [
    "根据《关于做好2024年政府信息公开工作年度报告编制工作的通知》要求，编制本报告。",
    "政府信息公开指南",
    "政策解读",
    "2024年政府信息公开工作年度报告图解",
    "用户登录",
    "青陂区卫生健康局2023年政府信息公开工作年度报告",
    "办理404件，网站维护升级2次，打击博彩、赌博。",
]


@pytest.mark.parametrize("layout", SETTINGS)
@pytest.mark.parametrize("line", AROUND)
def test_words_around_a_report_do_not_refuse_it(line: str, layout: str) -> None:
    page = compose(load(REPORT))
    title, *rest = page.blocks
    assert kind_of(replace(page, blocks=(title, Words("paragraph", line), *rest)), layout) is None


@pytest.mark.parametrize("layout", [name for name, layout in LAYOUTS.items() if layout.promise == 1])
def test_a_report_is_refused_by_no_layout(layout: str) -> None:
    assert parse_document(typeset(load(REPORT), layout), "x").refusal is None


def test_a_report_in_which_betting_names_stand_is_refused_although_its_tables_are_whole() -> None:
    content = typeset(load(REPORT), "html_clean").decode().replace("卫生健康局", "中国体彩网,体彩网")
    refusal = parse_document(content.encode(), "x").refusal
    assert refusal is not None and refusal.kind == "poisoned_mirror"
