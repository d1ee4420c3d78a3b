"""The form as data: counts, codes and labels of both editions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assets.form import cells as form

SPEC = Path(__file__).resolve().parents[2].parent / "shared" / "spec" / "line_items.json"


@pytest.mark.parametrize(("edition", "counts"), [("cn_ogi_2019", (22, 161, 15)), ("cn_ogi_2021", (10, 175, 15))])
def test_an_edition_has_the_cells_of_the_form(edition: str, counts: tuple[int, ...]) -> None:
    cells = form.cells(edition)
    assert tuple(sum(c.table == table for c in cells) for table in form.table_codes()) == counts
    assert len({c.code for c in cells}) == len(cells)


def test_outcome_leaves_are_those_that_add_up_to_the_total() -> None:
    assert [len(form.outcome_leaves(e.code)) for e in form.editions()] == [19, 21]


def test_every_label_is_given_in_both_languages() -> None:
    for edition in form.editions():
        for cell in form.cells(edition.code):
            assert cell.line.zh and cell.line.en and cell.column.zh and cell.column.en, cell.code


def test_an_edition_may_word_a_label_differently_and_keeps_the_other_wording_as_a_variant() -> None:
    line = form.edition("cn_ogi_2019").table(form.PROACTIVE).line("normative_documents")
    assert line.zh == "规范性文件" and "行政规范性文件" in line.variants


def test_the_edition_expected_for_a_year() -> None:
    expected = {year: form.expected_edition(year) for year in (2018, 2019, 2020, 2021, 2025)}
    codes = {year: found.code if found else None for year, found in expected.items()}
    assert codes == {2018: None, 2019: "cn_ogi_2019", 2020: "cn_ogi_2019", 2021: "cn_ogi_2021", 2025: "cn_ogi_2021"}


def test_an_unknown_code_names_itself() -> None:
    with pytest.raises(KeyError, match="cn_ogi_1999"):
        form.edition("cn_ogi_1999")


@pytest.mark.skipif(not SPEC.exists(), reason="the specification lies in ../shared/spec, which is not here")
def test_codes_agree_with_the_specification() -> None:
    spec = json.loads(SPEC.read_text(encoding="utf-8"))
    assert {cell["cell_code"] for cell in spec["cells"]} == set(form.all_cell_codes())
    for edition in form.editions():
        assert {c["cell_code"] for c in spec["cells"] if edition.code in c["formats"]} == {
            c.code for c in form.cells(edition.code)
        }
        assert spec["leaf_lists"][edition.code] == list(form.outcome_leaves(edition.code))
