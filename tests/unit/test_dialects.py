"""Every text dialect of the layouts' catalogue: what was typeset is read back, or held back by its name.

Belongs here: typeset → parse → equal, in both editions, with blank cells; what destroys a table. Does not: verdicts.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.form import cells as form
from assets.parsing.document import Block, ParsedDocument
from assets.parsing.layouts import claimants
from assets.parsing.parse import parse_document
from assets.parsing.refusals import table_refusals
from expectations.registry import load_registry
from tests.typesetting import compose
from tests.typesetting.form import figure_text
from tests.typesetting.layouts import DESTRUCTIVE, LAYOUTS
from tests.typesetting.random_report import left_blank_at_random, random_report
from tests.typesetting.report import ReportText

TEXT = [name for name, layout in LAYOUTS.items() if layout.suffix == ".txt"]
EDITIONS = [edition.code for edition in form.editions()]
SEEDS = st.integers(0, 10**9)
FEW = settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What each destructive setting is called, for the tables where it can be told.
NAMED = {
    "H": {form.REQUESTS: "lines_deduplicated"},
    "J": dict.fromkeys(form.table_codes(), "picture_or_attachment"),
    "K": {form.REQUESTS: "cells_glued"},
    "P3": dict.fromkeys(form.table_codes(), "tables_repeated"),
    "Q1": {form.REQUESTS: "rows_torn"},
    "Q2": dict.fromkeys(form.table_codes(), "head_unknown"),
    "labels_gone": {form.REQUESTS: "labels_gone"},
    "widgets": {form.REQUESTS: "bars_of_page"},
}


def parsed(report: ReportText, layout: str) -> ParsedDocument:
    chosen = LAYOUTS.get(layout) or DESTRUCTIVE[layout]
    return parse_document(chosen.render(compose(report)), f"document{chosen.suffix}")


def read(document: ParsedDocument) -> dict[str, str]:
    return {placed.cell_code: placed.cell.text for t in document.tables for placed in t.cells if placed.cell_code}


def held_back(document: ParsedDocument) -> set[str]:
    """Tables with a fact that quarantines them: a line of too few figures, or a named reason."""
    wrong = {"value_count", "line_missing", *table_refusals()}
    return {fact.table for table in document.tables for fact in table.observations if fact.fact in wrong}


def printed(report: ReportText) -> dict[str, str]:
    return {code: figure_text(figure) for code, figure in report.cells().items()}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("layout", TEXT)
@given(seed=SEEDS)
@FEW
def test_a_table_without_blanks_is_read_whole(layout: str, edition: str, seed: int) -> None:
    report = random_report(Random(seed), edition)
    document = parsed(report, layout)
    assert read(document) == printed(report)
    assert held_back(document) == set()


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("layout", TEXT)
@given(seed=SEEDS)
@FEW
def test_blank_cells_are_read_in_their_place_or_the_table_is_held_back(layout: str, edition: str, seed: int) -> None:
    random = Random(seed)
    report = left_blank_at_random(random, random_report(random, edition), 0.3)
    document = parsed(report, layout)
    found, rows, truth = read(document), held_back(document), printed(report)
    present = {t.code for t in document.tables if all((o.fact, o.value) != ("value_rows", "0") for o in t.observations)}
    for table in present - rows:
        own = {code: text for code, text in truth.items() if code.split(".")[0] == table}
        assert {code: text for code, text in found.items() if code.split(".")[0] == table} == own


@pytest.mark.parametrize("layout", ["A", "A3", "B", "B3", "E2", "F", "cell_per_line"])
@given(seed=SEEDS)
@FEW
def test_where_a_blank_leaves_a_trace_table_3_is_read_whole(layout: str, seed: int) -> None:
    random = Random(seed)
    report = left_blank_at_random(random, random_report(random, EDITIONS[-1]), 0.3)
    truth = {code: text for code, text in printed(report).items() if code.startswith("requests.")}
    assert {code: text for code, text in read(parsed(report, layout)).items() if code in truth} == truth


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("layout", DESTRUCTIVE)
@given(seed=SEEDS)
@FEW
def test_what_destroys_a_table_is_named(layout: str, edition: str, seed: int) -> None:
    document = parsed(random_report(Random(seed), edition), layout)
    facts = {(fact.table, fact.fact) for table in document.tables for fact in table.observations}
    assert set(NAMED[layout].items()) <= facts


def test_every_destructive_setting_has_a_name() -> None:
    assert set(NAMED) == set(DESTRUCTIVE)


def test_the_rules_judge_every_named_reason() -> None:
    rule = next(rule for rule in load_registry() if rule.code == "S03_row_set")
    assert set(table_refusals()) <= set(rule.parameters["facts"])


def test_two_layouts_that_claim_one_region_are_a_finding() -> None:
    lines = ["| 规章 | 0 | 0 | 0 |", "行政规范性文件 | 1 | 0 | 18 |"]
    region = tuple(Block(line, f"line {number}") for number, line in enumerate(lines, 1))
    assert [layout.name for layout in claimants(region)] == ["bar_at_row_end", "bar_at_row_start"]


@pytest.mark.parametrize("layout", TEXT)
def test_one_layout_at_most_claims_a_region(layout: str) -> None:
    from assets.parsing import readers
    from assets.parsing.sections import regions
    from assets.parsing.unrolled import unrolled

    content = LAYOUTS[layout].render(compose(random_report(Random(5), EDITIONS[-1])))
    for region in regions(unrolled(readers.read(content).blocks)):
        claims = [found.name for found in claimants(region.blocks)]
        assert len(claims) == (1 if region.section in form.table_codes() else 0), (region.heading, claims)
