"""What reports do to the form, in every text dialect: rows of a region, notes, spellings, forms mixed table by table.

Belongs here: variants that are no damage, each set in all dialects; the words that name what destroys a table.
Does not: plain round trips (test_dialects.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import cast

import pytest

from assets.extract import extract_documents
from assets.form import cells as form
from assets.parsing.document import ParsedDocument
from assets.parsing.parse import parse_document
from assets.parsing.refusals import table_refusals
from tests.typesetting import compose
from tests.typesetting.changes import insert_line
from tests.typesetting.figures import HYBRID, made_report
from tests.typesetting.form import PrintedTable, figure_text, printed_table
from tests.typesetting.layouts import DESTRUCTIVE, LAYOUTS
from tests.typesetting.publication import Publication
from tests.typesetting.random_report import random_report
from tests.typesetting.report import ReportText
from tests.typesetting.round_trip import Judged

TEXT = [name for name, layout in LAYOUTS.items() if layout.suffix == ".txt"]
OLD, NEW = (edition.code for edition in form.editions())
EDITIONS = (OLD, NEW)
REGIONAL = "其他主动公开文件（机关制发的非规范性文件）"
# Spellings of layouts.md (c), by edition.
SPELLINGS = {
    OLD: [
        {"proactive_disclosure.rules": "规 章", "proactive_disclosure.newly_made": "本年新"},
        {"proactive_disclosure.rules": "规章（设区的市、自治州人民政府应提供相关数据）"},
        {"proactive_disclosure.normative_documents": "规范性文件（行政机关制定发布的规范性文件）"},
        {"proactive_disclosure.item_change": "本年增/", "requests.carried_in": "二、上年结转政府信息公开数量"},
    ],
    NEW: [
        {"proactive_disclosure.issued": "本年发件", "proactive_disclosure.in_force": "现行有效件"},
        {"proactive_disclosure.issued": "本年制作数量", "proactive_disclosure.decisions": "本年处理绝对数量"},
        {"requests.denied_prohibited_by_law": "2.其他法律行政止公开"},
        {"requests.denied_state_secret": "1、属于国家秘密"},
        {"requests.other_clarification_lapsed": "1.逾期不补正", "requests.other_fee_unpaid": "2.逾期不缴费"},
        {"requests.commercial_enterprise": "商业 企业", "requests.natural_person": "自然 人"},
        {"requests.public_interest_organization": "社会 公益 组织", "requests.total": "总 计"},
    ],
}


def parsed(publication: Publication, layout: str) -> ParsedDocument:
    return parse_document(LAYOUTS[layout].render(publication), "document.txt")


def read(document: ParsedDocument) -> dict[str, str]:
    return {placed.cell_code: placed.cell.text for t in document.tables for placed in t.cells if placed.cell_code}


def printed(*reports: ReportText) -> dict[str, str]:
    return {code: figure_text(figure) for report in reports for code, figure in report.cells().items()}


def han(text: str) -> str:
    return "".join(re.findall(r"[\u4e00-\u9fff]+", text))


def observed(document: ParsedDocument, fact: str) -> list[str]:
    return [o.value for table in document.tables for o in table.observations if o.fact == fact]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("layout", TEXT)
def test_a_row_that_a_region_adds_is_an_unknown_line_and_disturbs_no_other(layout: str, edition: str) -> None:
    report = random_report(Random(3), edition)
    more = insert_line(compose(report), form.PROACTIVE, "normative_documents", REGIONAL, ("4", "1", "19"))
    document = parsed(more, layout)
    assert read(document) == printed(report)
    (name,) = observed(document, "unknown_line")
    # Of a label on the lines around its figures (P1) only what stands above them is known to be theirs.
    assert len(han(name)) > len("其他主动公开文件") and han(REGIONAL).startswith(han(name))


@pytest.mark.parametrize("layout", TEXT)
def test_a_table_of_2021_with_one_row_of_other_handling_is_read_as_the_hybrid_it_is(layout: str) -> None:
    report = made_report(7, HYBRID)
    document = parsed(compose(report), layout)
    assert read(document) == printed(report)
    assert observed(document, "hybrid_other") != []


@pytest.mark.parametrize("editions", [(OLD, NEW), (NEW, OLD)])
@pytest.mark.parametrize("layout", TEXT)
def test_each_table_is_of_the_edition_that_it_shows(layout: str, editions: tuple[str, str]) -> None:
    first, second = (random_report(Random(5), edition) for edition in editions)
    own = printed_table(first, form.PROACTIVE)
    publication = compose(second)
    blocks = tuple(
        own if isinstance(block, PrintedTable) and block.code == form.PROACTIVE else block
        for block in publication.blocks
    )
    document = parsed(replace(publication, blocks=blocks), layout)
    truth = {code: text for code, text in printed(first).items() if code.startswith(form.PROACTIVE)}
    truth |= {code: text for code, text in printed(second).items() if not code.startswith(form.PROACTIVE)}
    assert read(document) == truth
    assert tuple(table.edition for table in document.tables[:2]) == editions


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("layout", TEXT)
def test_a_note_in_a_cell_is_read_in_its_place_and_named(layout: str, edition: str) -> None:
    report = random_report(Random(3), edition)
    code = next(code for code in report.figures if code.startswith(f"{form.PROACTIVE}.rules."))
    noted = report.with_figures({code: "22（含修订16件）"})
    document = parsed(compose(noted), layout)
    found, truth = read(document), printed(noted)
    assert {c: text for c, text in found.items() if c != code} == {c: t for c, t in truth.items() if c != code}
    assert found[code].translate(str.maketrans("()", "（）")) == truth[code]
    assert observed(document, "note_in_figure") == [""]


@pytest.mark.parametrize(
    ("edition", "labels"), [(edition, labels) for edition, several in SPELLINGS.items() for labels in several]
)
def test_every_seen_spelling_is_known_in_every_dialect(edition: str, labels: dict[str, str]) -> None:
    report = replace(random_report(Random(3), edition), labels=labels)
    for layout in TEXT:
        assert read(parsed(compose(report), layout)) == printed(report), layout


@pytest.mark.parametrize("ending", [r"(?: \|)*\|*$", r" ?\|*$"])
@pytest.mark.parametrize("layout", ["bar_at_row_end", "bar_at_row_start", "A"])
def test_the_last_row_of_a_table_may_lack_its_padding_and_its_bar(layout: str, ending: str) -> None:
    report = random_report(Random(8), NEW)
    lines = LAYOUTS[layout].render(compose(report)).decode().split("\n")
    last = [i for i, line in enumerate(lines[:-1]) if "|" in line and "|" not in lines[i + 1]]
    assert len(last) == 3
    for index in last:
        lines[index] = re.sub(ending, "", lines[index])
    assert read(parse_document("\n".join(lines).encode(), "document.txt")) == printed(report)


def judged(documents: Sequence[tuple[str, bytes]]) -> list[Judged]:
    return cast(list[Judged], extract_documents(documents))


def messages(report: Judged) -> list[str]:
    return [str(finding["message"]) for finding in report["findings"] if finding["message"]]


def test_a_finding_names_in_both_languages_what_destroyed_a_table() -> None:
    kinds = {
        "H": "lines_deduplicated", "J": "picture_or_attachment", "K": "cells_glued", "P3": "tables_repeated",
        "Q1": "rows_torn", "Q2": "head_unknown", "labels_gone": "labels_gone", "widgets": "bars_of_page",
    }
    assert set(kinds) == set(DESTRUCTIVE)
    report = compose(random_report(Random(1), NEW))
    documents = [(f"{name}.txt", DESTRUCTIVE[name].render(report)) for name in kinds]
    for (name, kind), found in zip(kinds.items(), judged(documents), strict=True):
        words = table_refusals()[kind]
        assert any(all(word in message for word in words) for message in messages(found)), name
        assert found["tables"]["requests"] != "published", name


@pytest.mark.parametrize("layout", ["A5", "B4", "C", "P2"])
def test_what_the_sums_rebuild_is_published_with_a_flag_and_what_they_leave_open_is_held_back(layout: str) -> None:
    report = random_report(Random(2), NEW)
    row = {code: figure for code, figure in report.figures.items() if code.startswith("requests.granted_in_full.")}
    zeros = [code for code, figure in row.items() if figure == 0]
    assert len(zeros) > 1
    one_reading = report.with_figures(dict.fromkeys(zeros))
    two_readings = report.with_figures({zeros[0]: None})
    rebuilt, open_ = judged([
        (name, LAYOUTS[layout].render(compose(each)))
        for name, each in (("one.txt", one_reading), ("two.txt", two_readings))
    ])
    assert rebuilt["tables"]["requests"] == "published"
    assert {code: rebuilt["cells"][code]["state"] for code in row} == {
        code: "blank" if code in zeros else "reconstructed" for code in row
    }
    assert {code: rebuilt["cells"][code]["value"] for code in row if code not in zeros} == {
        code: figure for code, figure in row.items() if code not in zeros
    }
    shown = [f for f in rebuilt["findings"] if f["rule"] == "S04_column_count" and f["severity"] == "warning"]
    assert any(f["message"] for f in shown)
    assert open_["tables"]["requests"] == "quarantined"
    assert all(open_["cells"][code]["value"] is None for code in row if code in open_["cells"])
