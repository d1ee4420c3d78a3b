"""Every kind of cause undoes its own corruption.

Belongs here: one corruption per kind of words.yaml. Does not: ranking among causes (test_localization.py).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assets.form import cells as form
from assets.quarantine.localization import Facts, TableFigures, localize
from assets.quarantine.localization.hypotheses import HYPOTHESES, MOVEMENTS
from assets.quarantine.localization.words import words
from tests.typesetting.figures import OLD

# A table of 23 lines, written as line number → numbers of the first two columns; all else is 0.
ROWS = {0: (35, 4), 1: (2, 0), 2: (12, 3), 3: (7, 0), 9: (1, 0), 12: (15, 1), 21: (35, 4), 22: (2, 0)}
Grid = list[list[int | None]]


def grid() -> Grid:
    rows: Grid = []
    for n in range(23):
        parts = [*ROWS.get(n, (0, 0)), 0, 0, 0, 0]
        rows.append([*parts, sum(parts)])
    return rows


def figures(rows: Grid) -> TableFigures:
    lines = form.edition(OLD).table(form.REQUESTS).lines
    return TableFigures(form.REQUESTS, OLD, {
        f"{form.REQUESTS}.{line.code}.{column}": number
        for line, row in zip(lines, rows, strict=True) for column, number in zip(line.columns, row, strict=True)
    })


def put(row: int, column: int, number: int | None) -> Callable[[Grid], Grid]:
    def corrupt(rows: Grid) -> Grid:
        rows[row][column] = number
        return rows

    return corrupt


def replaced(row: int, numbers: list[int | None]) -> Callable[[Grid], Grid]:
    def corrupt(rows: Grid) -> Grid:
        assert rows[row] != numbers
        rows[row] = numbers
        return rows

    return corrupt


def in_next_line(rows: Grid) -> Grid:
    rows[4][0], rows[3][0] = rows[3][0], 0
    return rows


def lost(rows: Grid) -> Grid:
    return [*rows[:2], *rows[3:], [0] * 7]


def all_turned(rows: Grid) -> Grid:
    return [[row[-1], *row[:-1]] for row in rows]


CORRUPTIONS: dict[str, Callable[[Grid], Grid]] = {
    "digit_changed": put(2, 0, 18),
    "digits_transposed": put(2, 0, 21),
    "digit_dropped": put(12, 0, 5),
    "digit_added": put(12, 0, 155),
    "sign_slip": put(3, 0, -7),
    "unit_slip": put(3, 0, 700),
    "value_changed": put(12, 0, 209),
    "cells_swapped": replaced(2, [3, 12, 0, 0, 0, 0, 15]),
    "neighbour_line": in_next_line,
    "row_shifted_total_kept": replaced(12, [0, 15, 1, 0, 0, 0, 16]),
    "row_shifted": replaced(12, [0, 15, 1, 0, 0, 0, 0]),
    "columns_shifted": all_turned,
    "line_emptied": replaced(21, [0] * 7),
    "line_lost": lost,
    "total_blank": put(2, 6, None),
    "as_in_copy": lambda rows: put(2, 0, 99)(put(2, 1, 98)(put(9, 6, 97)(rows))),
    "cells_changed": lambda rows: put(2, 0, 209)(put(12, 1, 2)(rows)),
}
FACTS = {"as_in_copy": Facts(second_copy=figures(grid()).values)}


@pytest.mark.parametrize("kind", sorted(words()["kinds"]))
def test_a_cause_undoes_its_own_corruption(kind: str) -> None:
    damaged, meant = figures(CORRUPTIONS[kind](grid())), figures(grid())
    assert damaged != meant
    found = localize(damaged, FACTS.get(kind))
    true = [repair for repair in found.repairs
            if {**damaged.values, **{cell: new for cell, _, new in repair.changes}} == meant.values]
    assert [repair.kind for repair in true] == [kind]
    assert true[0].zh and true[0].en


@pytest.mark.parametrize("kind", ["row_shifted", "row_shifted_total_kept", "cells_swapped"])
@pytest.mark.parametrize("row", [0, 12])
def test_two_faults_of_one_kind_are_undone_together(kind: str, row: int) -> None:
    rows = CORRUPTIONS[kind](grid())
    here = 2 if kind != "cells_swapped" and row == 12 else row
    line = rows[here]
    rows[here] = {
        "row_shifted": [0, *line[:-1]], "row_shifted_total_kept": [0, *line[:-2], line[-1]],
        "cells_swapped": [line[1], line[0], *line[2:]],
    }[kind]
    first = localize(figures(rows)).repairs[0]
    meant = figures(grid()).values
    assert {**figures(rows).values, **{cell: new for cell, _, new in first.changes}} == meant
    assert (first.kind, first.times) == (kind, 2)
    assert "2" in first.zh and "2" in first.en


def test_a_row_whose_only_number_fell_off_is_shifted_back_from_its_total() -> None:
    rows = replaced(3, [0, 0, 0, 0, 0, 0, 7])(replaced(12, [0, 15, 1, 0, 0, 0, 16])(grid()))
    first = localize(figures(rows)).repairs[0]
    assert (first.kind, first.times, first.ties) == ("row_shifted_total_kept", 2, 1)
    assert ("requests.granted_in_part.natural_person", 0, 7) in first.changes


def test_the_label_that_the_reader_misses_tells_which_line_is_empty() -> None:
    rows = replaced(9, [0] * 7)(grid())
    gone = form.edition(OLD).table(form.REQUESTS).lines[9].code
    alone, told = localize(figures(rows)), localize(figures(rows), Facts(missing_lines=frozenset({gone})))
    assert alone.repairs[0].ties > 1
    first = told.repairs[0]
    assert (first.kind, first.ties) == ("line_emptied", 1)
    assert {cell.split(".")[1] for cell, _, _ in first.changes} == {gone}


def test_an_empty_line_that_holds_numbers_in_most_reports_goes_first() -> None:
    first, second = localize(figures(replaced(12, [0] * 7)(grid()))).repairs[:2]
    assert (first.kind, first.ties) == ("line_emptied", 1)
    assert {cell.split(".")[1] for cell, _, _ in first.changes} == {"unable_not_held"}
    assert [(one.code, one.supports) for one in first.evidence] == [("usual_line", True)]
    # Few reports were looked at: it is ahead, but not by much.
    assert second.cost - first.cost < 3


def test_a_blank_line_is_filled_from_the_others() -> None:
    rows = replaced(12, [None] * 7)(grid())
    filled = {repair.kind: repair for repair in localize(figures(rows)).repairs}
    assert [new for _, _, new in filled["line_emptied"].changes] == [15, 1, 0, 0, 0, 0, 16]
    assert filled["total_blank"].changes == (("requests.unable_not_held.total", None, 16),)


@pytest.mark.parametrize("gone", [{5}, {9}, {5, 14}, {2, 8}, {3, 21}, {5, 14, 16}, {4, 12, 17}, {6, 9, 21}])
def test_lost_lines_are_put_back_with_the_numbers_that_follow(gone: set[int]) -> None:
    """Empty ones, one whose numbers stand in the sums, and two of which one is the total of the others."""
    rows = [*(row for n, row in enumerate(grid()) if n not in gone), *([0] * 7 for _ in gone)]
    damaged, meant = figures(rows).values, figures(grid()).values
    told = Facts(missing_lines=frozenset(form.edition(OLD).table(form.REQUESTS).lines[n].code for n in gone))
    true = [one for one in localize(figures(rows), told).repairs
            if {**damaged, **{cell: new for cell, _, new in one.changes}} == meant]
    assert [(one.kind, one.times) for one in true] == [("line_lost", len(gone))]
    assert len(true[0].evidence) >= len(gone)


def test_every_cause_has_its_words_and_every_word_its_cause() -> None:
    named = {kind for hypothesis in (*HYPOTHESES, *MOVEMENTS) for kind in hypothesis.kinds}
    assert named | {"cells_changed"} == set(words()["kinds"]) == set(CORRUPTIONS)
