"""The indicators: their registry, and the files that are made from it.

Belongs here: assets/marts/indicators.yaml against dbt_project/, the populations that one of them divides by.
Does not: what the figures are (dbt's unit tests).
"""

from __future__ import annotations

import pytest

from assets.form import cells as form
from assets.marts.indicators import CURE, IndicatorError, indicators, made_files, series_breaks, series_of, sql_of
from assets.marts.reference import populations
from assets.normalizing.territories.history import PROVINCE
from assets.normalizing.territories.table import table


def test_the_files_are_what_the_registry_makes() -> None:
    assert [path.name for path, text in made_files().items() if path.read_text("utf-8") != text] == [], CURE


def test_there_are_25_indicators_and_the_others_help_one_of_them() -> None:
    own = {one.code for one in indicators() if one.helps is None}
    assert len(own) == 25
    assert {one.helps for one in indicators() if one.helps} <= own
    assert len({one.code for one in indicators()}) == len(indicators())


def test_a_formula_is_sql_over_cells_of_the_form() -> None:
    assert sql_of("received + carried_in") == '"requests.received.total" + "requests.carried_in.total"'
    assert sql_of("reconsideration.total - reconsideration.pending") == (
        '"reconsideration_litigation.reconsideration.total" - "reconsideration_litigation.reconsideration.pending"'
    )
    assert sql_of("outcome_total - unable_to_provide").count("requests.unable_") == 3
    assert sql_of("outcome_total - unable_to_provide").endswith('unable_still_unclear.total")')
    assert sql_of("granted_in_full", ("natural_person", "other_organization")) == (
        '"requests.granted_in_full.natural_person" + "requests.granted_in_full.other_organization"'
    )


@pytest.mark.parametrize("formula", ["recieved", "received * 2", "outcome_total - (received + 1)", "received.nobody"])
def test_a_formula_that_names_no_cell_is_refused(formula: str) -> None:
    with pytest.raises(IndicatorError):
        sql_of(formula)


def test_a_sum_is_never_taken_away_in_part() -> None:
    with pytest.raises(IndicatorError):
        sql_of("outcome_total - (granted_in_full + granted_in_part)")


def test_every_break_names_indicators_there_are() -> None:
    known = {one.code for one in indicators()}
    assert all(set(entry["indicators"]) <= known for entry in series_breaks())
    [regulations] = [entry for entry in series_breaks() if entry["code"] == "regulations_2019"]
    assert "disclosure_rate" in regulations["indicators"]
    assert "document_turnover" not in regulations["indicators"]


def test_every_cell_of_an_indicator_is_comparable_over_the_editions_or_marked_as_broken_in_2021() -> None:
    marked = {"other_rate", "document_turnover"}
    printed = [{cell.code for cell in form.cells(edition.code)} for edition in form.editions()]
    for one in indicators():
        kinds = {series_of(form.cell(code), sum(code in cells for cells in printed))[1] for code in one.cells}
        assert kinds <= {"same"} or one.code in marked, one.code


def test_populations_are_those_of_the_census_in_every_province_and_of_no_other_year() -> None:
    """The bulletin's total counts two million members of the forces, who are in no province."""
    found = populations()
    listed = {code for code, (row, *_) in table().by_code.items() if row.level == PROVINCE}
    provinces = listed - {"710000", "810000", "820000"}
    assert set(found["territory_code"]) == provinces and len(provinces) == found.height == 31
    assert found["population"].sum() == 1_411_778_724 - 2_000_000
    assert found["report_year"].unique().to_list() == [2020]
    assert found["source"].null_count() == 0
