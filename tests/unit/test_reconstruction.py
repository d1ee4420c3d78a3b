"""Rows that lost their blank cells: one reading, two readings, none."""

from __future__ import annotations

import pytest

from assets.form import cells as form
from assets.parsing.parse import parse_document
from assets.parsing.placing.reconstruction import closes, only_remedies, only_requests, ways
from tests.typesetting import LAYOUTS, compose, load
from tests.typesetting.report import fill

LEAVES = form.outcome_leaves("cn_ogi_2021")
NOTHING = (None,) * 7


def whole(**rows: tuple[int | None, ...]) -> dict[str, tuple[int | None, ...]]:
    return {**dict.fromkeys((*LEAVES, "received", "carried_in", "outcome_total", "carried_out"), NOTHING), **rows}


def test_all_ways_keep_the_order() -> None:
    assert list(ways((1, 2), 3)) == [(1, 2, None), (1, None, 2), (None, 1, 2)]


@pytest.mark.parametrize(("row", "holds"), [((1, 2, 3), True), ((1, None, 1), True), ((1, 2, 4), False),
                                            ((1, 2, None), True)])
def test_a_row_closes_where_its_total_is_blank_or_right(row: tuple[int | None, ...], holds: bool) -> None:
    assert closes(row) == holds


def test_columns_that_the_totals_fix_give_one_reading() -> None:
    rows = whole(received=(5, 3, 0, 0, 0, 0, 8), outcome_total=(5, 3, 0, 0, 0, 0, 8))
    short = {"granted_in_full": (5, 2, 7), "unable_not_held": (1, 1)}
    found = only_requests(short, {line: row for line, row in rows.items() if line not in short})
    assert found is not None
    assert found["granted_in_full"] == (5, 2, None, None, None, None, 7)
    assert found["unable_not_held"] == (None, 1, None, None, None, None, 1)


def test_a_zero_beside_a_blank_could_stand_in_either_place() -> None:
    rows = whole(received=(5, 3, 0, 0, 0, 0, 8), outcome_total=(5, 3, 0, 0, 0, 0, 8))
    short = {"granted_in_full": (5, 3, 0, 8)}
    assert only_requests(short, {line: row for line, row in rows.items() if line not in short}) is None


def test_totals_that_lost_their_blanks_too_fix_no_column() -> None:
    short = {"received": (8, 8), "outcome_total": (8, 8), "granted_in_full": (8, 8)}
    assert only_requests(short, {line: row for line, row in whole().items() if line not in short}) is None


def test_figures_that_add_up_in_no_way_have_no_reading() -> None:
    rows = whole(received=(5, 3, 0, 0, 0, 0, 8), outcome_total=(5, 3, 0, 0, 0, 0, 8))
    short = {"granted_in_full": (5, 4, 9)}
    assert only_requests(short, {line: row for line, row in rows.items() if line not in short}) is None


def test_table_4_is_rebuilt_only_where_one_reading_fits() -> None:
    assert only_remedies((1, 2, 3, 4, 10, 1, 2, 3, 4, 10, 2, 3, 4, 9), 3, 5) is None
    assert only_remedies((1, 1), 3, 5) is None
    assert only_remedies((1, 2, 3, 4, 99), 1, 5) is None


def test_a_rebuilt_row_is_marked_and_its_blanks_stay_blank() -> None:
    figures = fill("cn_ogi_2021", {form.REQUESTS: {
        **dict.fromkeys(LEAVES, [None] * 7),
        "received": [5, 3, 0, 0, 0, 0, 8], "outcome_total": [5, 3, 0, 0, 0, 0, 8],
        "granted_in_full": [5, 2, None, None, None, None, 7],
        "unable_not_held": [None, 1, None, None, None, None, 1],
    }})
    report = load("qingpi_health_2024").with_figures(figures)
    document = parse_document(LAYOUTS["C"].render(compose(report)), "report.txt")
    table = next(t for t in document.tables if t.code == form.REQUESTS)
    rebuilt = {p.cell_code: p.cell.text for p in table.cells if p.placement == "reconstructed"}
    assert rebuilt["requests.unable_not_held.commercial_enterprise"] == "1"
    assert rebuilt["requests.unable_not_held.natural_person"] == ""
    assert {f.scope for f in table.observations if f.fact == "reconstructed"} == {
        "requests.granted_in_full", "requests.unable_not_held"}
