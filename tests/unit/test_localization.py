"""Localization: what is found, in which order, and what is never done.

Belongs here: the example report that is inconsistent, properties over made-up tables, blanks, bounds. Does not: the
single causes (test_localization_hypotheses.py), the search against another solver (benchmarks/localization.py).
"""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.form import cells as form
from assets.quarantine.localization import Bounds, Claim, Facts, Repair, TableFigures, localize
from assets.quarantine.localization.edits import edits_between
from assets.quarantine.localization.matrix import matrix_of
from expectations import registry
from expectations.registry import active_rules
from tests.real_reports import real_report
from tests.typesetting.figures import NEW, OLD, made_report, truth

FEW = settings(max_examples=40, deadline=None)
# Table 3 of the example report that does not add up: line → natural persons, companies, total; all else is 0.
PRINTED = {
    "received": (12, 1, 13), "carried_in": (1, 0, 1), "granted_in_full": (2, 1, 3), "granted_in_part": (6, 0, 6),
    "unable_not_held": (4, 0, 4), "not_processed_petition_complaint": (1, 0, 1), "outcome_total": (13, 0, 13),
    "carried_out": (1, 0, 1),
}


def requests(lines: dict[str, tuple[int, int, int]]) -> dict[str, int]:
    cells = {cell.code: 0 for cell in form.cells(NEW) if cell.table == form.REQUESTS}
    columns = ("natural_person", "commercial_enterprise", "total")
    for line, numbers in lines.items():
        cells |= {f"requests.{line}.{column}": n for column, n in zip(columns, numbers, strict=True)}
    return cells


def claim(code: str, line: str, column: str, number: int) -> Claim:
    cell = f"requests.{line}.{column}"
    return Claim(code, (cell,), number, number, f"{line} {number}")


CLAIMS = Facts(claims=(
    claim("N01", "received", "total", 13), claim("N12", "received", "natural_person", 12),
    claim("N02", "carried_in", "total", 1), claim("N04", "carried_out", "total", 0),
))
RIGHT = {
    ("requests.outcome_total.commercial_enterprise", 0, 1), ("requests.outcome_total.total", 13, 14),
    ("requests.carried_out.natural_person", 1, 0), ("requests.carried_out.total", 1, 0),
}


def mended(figures: TableFigures, repair: Repair) -> dict[str, object]:
    return {**figures.values, **{code: new for code, _, new in repair.changes}}


def test_the_inconsistent_example_has_nine_smallest_repairs_and_the_prose_chooses_one() -> None:
    figures = TableFigures(form.REQUESTS, NEW, requests(PRINTED))
    found = localize(figures, CLAIMS)
    assert found.broken == (
        ("R01_balance", "requests.natural_person"), ("R01_balance", "requests.commercial_enterprise"),
        ("R02_outcome_sum", "requests.commercial_enterprise"), ("R02_outcome_sum", "requests.total"),
    )
    assert (found.smallest, found.complete) == (4, True)
    assert sum(len(repair.changes) == 4 for repair in found.repairs) == 9
    first = found.repairs[0]
    assert set(first.changes) == RIGHT and (first.rank, first.ties) == (1, 1)
    assert [(one.code, one.supports) for one in first.evidence] == [("N04", True)]
    assert first.closes == found.broken
    against = [one for repair in found.repairs[1:] for one in repair.evidence if not one.supports]
    assert "应为 0，得 1" in against[0].zh and "0 expected, 1 found" in against[0].en


def test_the_example_as_it_lies_in_its_file_gives_the_same() -> None:
    cells = json.loads(real_report("000", ".truth.json").read_text("utf-8"))["cells"]
    read = {code: number for code, number in cells.items() if code.startswith("requests.")}
    assert read == requests(PRINTED)
    assert set(localize(TableFigures(form.REQUESTS, NEW, read), CLAIMS).repairs[0].changes) == RIGHT


def test_the_same_table_gives_the_same_answer_and_no_repair_twice() -> None:
    figures = TableFigures(form.REQUESTS, NEW, requests(PRINTED))
    once, again = localize(figures), localize(figures)
    assert once == again
    assert len({frozenset(repair.changes) for repair in once.repairs}) == len(once.repairs)


def test_a_bound_that_stops_the_search_is_said() -> None:
    found = localize(TableFigures(form.REQUESTS, NEW, requests(PRINTED)), bounds=Bounds(nodes=20, nodes_explained=20))
    assert (found.complete, found.smallest) == (False, None)
    assert not localize(TableFigures(form.REQUESTS, NEW, requests(PRINTED)), bounds=Bounds(repairs=3)).complete


def consistent(seed: int, size: str, edition: str = NEW) -> dict[str, Decimal | int | None]:
    return {code: int(n) if n is not None else None for code, n in truth(made_report(seed, edition, size)).items()
            if not code.startswith(form.PROACTIVE)}


def table(cells: dict[str, Decimal | int | None], code: str, edition: str = NEW) -> TableFigures:
    return TableFigures(code, edition, {c: n for c, n in cells.items() if c.startswith(f"{code}.")})


@pytest.mark.parametrize("edition", [OLD, NEW])
@pytest.mark.parametrize("code", [form.REQUESTS, form.REMEDIES])
def test_a_consistent_table_has_nothing_to_repair(code: str, edition: str) -> None:
    found = localize(table(consistent(7, "county", edition), code, edition))
    assert (found.broken, found.repairs, found.complete) == ((), (), True)


@pytest.mark.parametrize("code", [form.REQUESTS, form.REMEDIES])
@pytest.mark.parametrize("edition", [OLD, NEW])
def test_a_change_of_any_single_cell_breaks_something(code: str, edition: str) -> None:
    """Exhaustive over the cells: each stands in an identity with no other cell that changed."""
    figures = table(consistent(3, "county", edition), code, edition)
    matrix = matrix_of(code, edition)
    assert set(matrix.cells) == set(figures.values) and all(matrix.member_of)
    for cell in figures.values:
        changed = replace(figures, values={**figures.values, cell: int(figures.values[cell] or 0) + 1})
        found = localize(changed, bounds=Bounds(nodes=1, nodes_explained=1, combined=1))
        assert found.broken, cell


@FEW
@given(st.integers(0, 2**32), st.sampled_from(("town", "county", "city")), st.data())
def test_one_changed_cell_is_among_the_candidates(seed: int, size: str, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from((form.REQUESTS, form.REMEDIES)))
    figures = table(consistent(seed, size), code)
    cell = data.draw(st.sampled_from(sorted(figures.values)))
    wrong = data.draw(st.integers(0, 5_000).filter(lambda n: n != figures.values[cell]))
    found = localize(replace(figures, values={**figures.values, cell: wrong}))
    assert found.complete and found.smallest == 1
    assert any(mended(figures, repair) == figures.values for repair in found.repairs)


@FEW
@given(st.integers(0, 2**32), st.sampled_from(("town", "county")), st.data())
def test_a_blank_is_never_taken_as_0(seed: int, size: str, data: st.DataObject) -> None:
    """Whatever is proposed holds in every identity without a blank, and never asks one with a blank."""
    figures = table(consistent(seed, size), form.REQUESTS)
    cells = sorted(figures.values)
    blank = data.draw(st.sets(st.sampled_from(cells), min_size=1, max_size=40))
    wrong = data.draw(st.sampled_from(cells))
    values = {**figures.values, wrong: int(figures.values[wrong] or 0) + 3, **dict.fromkeys(blank)}
    found = localize(replace(figures, values=values), bounds=Bounds(nodes=300, nodes_explained=300))
    for repair in found.repairs:
        filled = {cell for cell, old, _ in repair.changes if old is None}
        assert repair.kind in ("total_blank", "line_emptied") or not filled
        after = {**values, **{cell: new for cell, _, new in repair.changes}}
        for identity in matrix_of(form.REQUESTS, NEW).identities:
            left, right = ([after[cell] for cell in side] for side in (identity.left, identity.right))
            if None not in (*left, *right):
                assert sum(left) == sum(right), (repair, identity)


def test_identities_over_a_blank_ask_for_nothing() -> None:
    lines = requests(PRINTED | {"outcome_total": (13, 1, 14), "carried_out": (0, 0, 0)})
    figures = TableFigures(form.REQUESTS, NEW, {**lines, "requests.granted_in_full.total": None})
    found = localize(figures)
    assert found.broken == ()
    assert [(repair.kind, repair.changes) for repair in found.repairs] == [
        ("total_blank", (("requests.granted_in_full.total", None, 3),))]


def test_a_rule_put_into_the_registry_changes_the_equations(monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(matrix_of(form.REQUESTS, NEW).equations)
    linear = next(rule for rule in active_rules() if rule.code == "R04_implied_balance")
    added = replace(linear, code="R99", severity="error")
    bound = replace(added, code="R98", parameters={**added.parameters, "relation": "at_most"})
    monkeypatch.setattr(
        "assets.quarantine.localization.matrix.active_rules", lambda: (*registry.active_rules(), added, bound))
    assert len(matrix_of(form.REQUESTS, NEW).equations) == before + 7


def one_wrong(cell: str, number: int) -> TableFigures:
    lines = requests(PRINTED | {"outcome_total": (13, 1, 14), "carried_out": (0, 0, 0)})
    return TableFigures(form.REQUESTS, NEW, {**lines, cell: number})


def test_evidence_moves_a_repair_up_or_down() -> None:
    """Two cells of the total column are wrong, or the two beside them: figures alone cannot tell."""
    values = {**one_wrong("requests.granted_in_part.total", 8).values, "requests.unable_not_held.total": 2}
    figures = TableFigures(form.REQUESTS, NEW, values)
    truth_ = {"requests.granted_in_part.total", "requests.unable_not_held.total"}
    alone = localize(figures)
    assert alone.repairs[0].ties > 1
    said = [
        Facts(second_copy={"requests.granted_in_part.total": 6}),
        Facts(doubtful=frozenset({"requests.unable_not_held.total"})),
        Facts(confidence={"requests.unable_not_held.total": 0.3}),
        Facts(claims=(Claim("N03", tuple(f"requests.granted_in_{how}.total" for how in ("full", "part")), 9, 9),)),
    ]
    for facts in said:
        first = localize(figures, facts).repairs[0]
        assert ({cell for cell, _, _ in first.changes}, first.ties) == (truth_, 1), facts
        assert any(one.supports and one.zh and one.en for one in first.evidence)


def test_last_year_tells_which_carry_in_is_wrong() -> None:
    figures = one_wrong("requests.carried_in.natural_person", 4)
    first = localize(figures, Facts(last_carried_out={"natural_person": 1, "total": 1})).repairs[0]
    assert first.changes == (("requests.carried_in.natural_person", 4, 1),)
    assert [(one.code, one.supports) for one in first.evidence] == [("Y01_carry", True)]


def test_a_fraction_where_a_count_belongs_is_a_wrong_cell() -> None:
    found = localize(TableFigures(form.REQUESTS, NEW, {
        **one_wrong("requests.received.total", 13).values, "requests.received.total": Decimal("1.3")}))
    assert (found.repairs[0].kind, found.repairs[0].changes) == (
        "unit_slip", (("requests.received.total", Decimal("1.3"), 13),))


@pytest.mark.parametrize(("one", "two", "distance"), [
    ("12", "21", 1), ("12", "12", 0), ("1", "12", 1), ("128", "18", 1), ("", "3", 1), ("123", "456", 3),
])
def test_edits_are_counted_with_transpositions(one: str, two: str, distance: int) -> None:
    assert edits_between(one, two) == edits_between(two, one) == distance
