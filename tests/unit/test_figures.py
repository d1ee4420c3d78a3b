"""Made-up reports are consistent, reproducible, and of every kind.

Belongs here: the generator of reports. Does not: what is read out of them (tests/contract/test_round_trip.py).
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assets.form import cells as form
from tests.typesetting.figures import (
    FORMS,
    MAGNITUDES,
    left_out,
    made_report,
    made_reports,
    number_of,
    sums_broken,
    truth,
)
from tests.typesetting.report import ReportText, printed_cells

SMALL = settings(max_examples=40, deadline=None)


@SMALL
@given(made_reports())
def test_a_made_report_adds_up(report: ReportText) -> None:
    assert sums_broken(report) == []
    assert set(report.figures) == set(printed_cells(report))


@SMALL
@given(made_reports(forms=("cn_ogi_2019",)))
def test_changes_of_matters_never_take_away_more_than_there_were(report: ReportText) -> None:
    figures = {code: number_of(figure) or 0 for code, figure in report.figures.items()}
    befores = [code for code in figures if code.endswith(".prior_year_items")]
    assert len(befores) == 5
    assert all(figures[code] + figures[code.replace("prior_year_items", "item_change")] >= 0 for code in befores)


@given(st.integers(), st.sampled_from(FORMS), st.sampled_from(tuple(MAGNITUDES)))
@settings(max_examples=10, deadline=None)
def test_the_same_seed_makes_the_same_report(seed: int, form_code: str, magnitude: str) -> None:
    assert made_report(seed, form_code, magnitude) == made_report(seed, form_code, magnitude)


def test_magnitudes_differ_and_every_form_is_made() -> None:
    def received(magnitude: str) -> list[int]:
        made = (truth(made_report(seed, None, magnitude)) for seed in range(12))
        return [int(cells["requests.received.total"] or 0) for cells in made]

    sizes = {magnitude: received(magnitude) for magnitude in MAGNITUDES}
    assert max(sizes["nothing"]) == 0
    assert min(sizes["county"]) > 0
    assert min(sizes["metropolis"]) > max(sizes["county"])
    shapes = {(report.edition, report.hybrid_other) for report in map(made_report, range(40))}
    assert len(shapes) == len(FORMS)


def test_only_zeros_are_left_out_and_never_those_of_a_table_without_figures() -> None:
    report = made_report(3, "cn_ogi_2021", "county")
    blank = left_out(report, 1, 1.0)
    lost = {code for code in report.figures if blank.figures[code] != report.figures[code]}
    assert lost
    assert {report.figures[code] for code in lost} == {0}
    nothing = made_report(3, "cn_ogi_2021", "nothing")
    assert left_out(nothing, 1, 1.0).figures == nothing.figures


def test_signs_and_units_are_read_as_they_are_meant() -> None:
    printed = {"+19": 19, "减4": -4, "-35": -35, "251000元": 251000, "/": None, None: None, 7: 7}
    assert {figure: number_of(figure) for figure in printed} == printed
    assert form.REQUESTS in {code.split(".")[0] for code in truth(made_report(1))}


@SMALL
@given(made_reports(), st.data())
def test_a_changed_figure_is_noticed(report: ReportText, data: st.DataObject) -> None:
    codes = [code for code in report.figures if code.startswith((form.REQUESTS, form.REMEDIES))]
    code = data.draw(st.sampled_from(codes))
    changed = report.with_figures({code: int(number_of(report.figures[code]) or 0) + 1})
    assert sums_broken(changed)
