"""Faults in the figures of a report, before it is set.

Belongs here: one function per class of step `figures`: (chance, report) → changed figures, or None where the report
has nothing that the fault could strike. Does not: rows, labels and heads (damaged_pages.py).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from assets.form import cells as form
from tests.typesetting.figures import OLD, made_report, number_of
from tests.typesetting.report import Figure, ReportText

Figures = Mapping[str, Figure]
Change = Callable[[random.Random, ReportText], Figures | None]

FLOWS = ("received", "carried_in", "outcome_total", "carried_out")
TOTAL = "total"


def _codes(report: ReportText, *tables: str) -> list[str]:
    return [code for code in report.figures if code.split(".")[0] in tables]


def _summed(report: ReportText) -> list[str]:
    return _codes(report, form.REQUESTS, form.REMEDIES)


def _grid(report: ReportText, table: str) -> dict[str, dict[str, Figure]]:
    """Return a table as line → column → figure, in printing order."""
    lines: dict[str, dict[str, Figure]] = {}
    for code in _codes(report, table):
        _, line, column = code.split(".")
        lines.setdefault(line, {})[column] = report.figures[code]
    return lines


def _as_changes(table: str, lines: Mapping[str, Mapping[str, Figure]]) -> dict[str, Figure]:
    return {f"{table}.{line}.{column}": figure for line, row in lines.items() for column, figure in row.items()}


def _leaves(lines: Mapping[str, object]) -> list[str]:
    return [line for line in lines if line not in FLOWS]


def _counts(report: ReportText, codes: Sequence[str], least: int = 0) -> dict[str, int]:
    """Return the cells among `codes` that print a whole number of at least `least`."""
    return {code: figure for code in codes if isinstance(figure := report.figures[code], int) and figure >= least}


def _one(chance: random.Random, counts: Mapping[str, int], change: Callable[[int], Figure]) -> Figures | None:
    if not counts:
        return None
    code = chance.choice(list(counts))
    return {code: change(counts[code])}


def _other_digit(chance: random.Random, number: int) -> int:
    digits = str(number)
    place = chance.randrange(len(digits))
    allowed = [d for d in "0123456789" if d != digits[place] and not (d == "0" and place == 0 and len(digits) > 1)]
    return int(digits[:place] + chance.choice(allowed) + digits[place + 1 :])


def _digit_changed(chance: random.Random, report: ReportText) -> Figures | None:
    return _one(chance, _counts(report, _summed(report)), lambda number: _other_digit(chance, number))


def _digits_changed(chance: random.Random, report: ReportText) -> Figures | None:
    counts = _counts(report, _codes(report, form.REQUESTS))
    chosen = chance.sample(list(counts), chance.randint(2, 4))
    return {code: _other_digit(chance, counts[code]) for code in chosen}


def _digits_transposed(chance: random.Random, report: ReportText) -> Figures | None:
    found = {}
    for code, number in _counts(report, _summed(report), 10).items():
        digits = str(number)
        places = [n for n in range(len(digits) - 1) if digits[n] != digits[n + 1] and (n or digits[1] != "0")]
        if places:
            place = chance.choice(places)
            found[code] = int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])
    return _one(chance, found, lambda number: number)


def _digit_lost(chance: random.Random, report: ReportText) -> Figures | None:
    def lose(number: int) -> int:
        digits = str(number)
        place = chance.randrange(1, len(digits))
        return int(digits[:place] + digits[place + 1 :])

    return _one(chance, _counts(report, _summed(report), 10), lose)


def _digit_doubled(chance: random.Random, report: ReportText) -> Figures | None:
    def double(number: int) -> int:
        digits = str(number)
        place = chance.randrange(len(digits))
        return int(digits[: place + 1] + digits[place:])

    return _one(chance, _counts(report, _summed(report), 1), double)


def _swapped(chance: random.Random, report: ReportText, pairs: Sequence[tuple[str, str]]) -> Figures | None:
    differing = [(one, two) for one, two in pairs if report.figures[one] != report.figures[two]]
    if not differing:
        return None
    first, second = chance.choice(differing)
    return {first: report.figures[second], second: report.figures[first]}


def _neighbours_swapped(chance: random.Random, report: ReportText) -> Figures | None:
    codes = _codes(report, form.REQUESTS)
    pairs = [(a, b) for a, b in zip(codes, codes[1:], strict=False) if a.split(".")[1] == b.split(".")[1]]
    return _swapped(chance, report, pairs)


def _cells_below_swapped(chance: random.Random, report: ReportText) -> Figures | None:
    lines = _grid(report, form.REQUESTS)
    pairs = [("carried_in", "granted_in_full"), (list(lines)[-3], "outcome_total"), ("outcome_total", "carried_out")]
    columns = list(lines["received"])
    return _swapped(chance, report, [
        (f"{form.REQUESTS}.{above}.{column}", f"{form.REQUESTS}.{below}.{column}")
        for above, below in pairs for column in columns
    ])


def _lines_exchanged(
    chance: random.Random, report: ReportText, table: str, pairs: list[tuple[str, str]]
) -> Figures | None:
    lines = _grid(report, table)
    differing = [(a, b) for a, b in pairs if lines[a] != lines[b] and list(lines[a]) == list(lines[b])]
    if not differing:
        return None
    first, second = chance.choice(differing)
    return _as_changes(table, {first: lines[second], second: lines[first]})


def _pairs(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(a, b) for place, a in enumerate(codes) for b in codes[place + 1 :]]


def _line_and_total_exchanged(chance: random.Random, report: ReportText) -> Figures | None:
    leaves = _leaves(_grid(report, form.REQUESTS))
    return _lines_exchanged(chance, report, form.REQUESTS, [(leaf, flow) for leaf in leaves for flow in FLOWS])


def _leaf_lines_exchanged(chance: random.Random, report: ReportText) -> Figures | None:
    return _lines_exchanged(chance, report, form.REQUESTS, _pairs(_leaves(_grid(report, form.REQUESTS))))


def _inflows_exchanged(chance: random.Random, report: ReportText) -> Figures | None:
    return _lines_exchanged(chance, report, form.REQUESTS, [("received", "carried_in")])


def _forums_exchanged(chance: random.Random, report: ReportText) -> Figures | None:
    return _lines_exchanged(chance, report, form.REMEDIES, _pairs(list(_grid(report, form.REMEDIES))))


def _lines_exchanged_in_table_2(chance: random.Random, report: ReportText) -> Figures | None:
    return _lines_exchanged(chance, report, form.PROACTIVE, _pairs(list(_grid(report, form.PROACTIVE))))


def _columns_exchanged(chance: random.Random, report: ReportText, pairs: list[tuple[str, str]]) -> Figures | None:
    lines = _grid(report, form.REQUESTS)
    differing = [(a, b) for a, b in pairs if any(row[a] != row[b] for row in lines.values())]
    if not differing:
        return None
    first, second = chance.choice(differing)
    return _as_changes(form.REQUESTS, {
        line: {first: row[second], second: row[first]} for line, row in lines.items()
    })


def _column_and_total_exchanged(chance: random.Random, report: ReportText) -> Figures | None:
    *applicants, total = _grid(report, form.REQUESTS)["received"]
    return _columns_exchanged(chance, report, [(column, total) for column in applicants])


def _applicants_exchanged(chance: random.Random, report: ReportText) -> Figures | None:
    *applicants, _ = _grid(report, form.REQUESTS)["received"]
    return _columns_exchanged(chance, report, _pairs(applicants))


def _filled_line(chance: random.Random, report: ReportText) -> tuple[str, dict[str, Figure]] | None:
    filled = [(line, row) for line, row in _grid(report, form.REQUESTS).items() if any(row.values())]
    return chance.choice(filled) if filled else None


def _line_shifted(chance: random.Random, report: ReportText) -> Figures | None:
    found = _filled_line(chance, report)
    if found is None:
        return None
    line, row = found
    return _as_changes(form.REQUESTS, {line: dict(zip(row, [0, *list(row.values())[:-1]], strict=True))})


def _line_shifted_total_kept(chance: random.Random, report: ReportText) -> Figures | None:
    found = _filled_line(chance, report)
    if found is None:
        return None
    line, row = found
    *values, total = row.values()
    return _as_changes(form.REQUESTS, {line: dict(zip(row, [values[-1], *values[:-1], total], strict=True))})


def _slipped(chance: random.Random, report: ReportText, down: bool) -> Figures | None:
    lines = _grid(report, form.REQUESTS)
    names, rows = list(lines), list(lines.values())
    start = chance.randrange(len(names) - 1)
    zeros: dict[str, Figure] = dict.fromkeys(rows[0], 0)
    moved = [zeros, *rows[start:-1]] if down else [*rows[start + 1 :], zeros]
    return _as_changes(form.REQUESTS, dict(zip(names[start:], moved, strict=True)))


def _lines_slipped_down(chance: random.Random, report: ReportText) -> Figures | None:
    return _slipped(chance, report, down=True)


def _lines_slipped_up(chance: random.Random, report: ReportText) -> Figures | None:
    return _slipped(chance, report, down=False)


def _column_slipped(chance: random.Random, report: ReportText) -> Figures | None:
    lines = _grid(report, form.REQUESTS)
    column = chance.choice(list(lines["received"]))
    values = [0, *[row[column] for row in lines.values()][:-1]]
    return {f"{form.REQUESTS}.{line}.{column}": value for line, value in zip(lines, values, strict=True)}


def _line_zeroed(chance: random.Random, report: ReportText) -> Figures | None:
    found = _filled_line(chance, report)
    return None if found is None else _as_changes(form.REQUESTS, {found[0]: dict.fromkeys(found[1], 0)})


def _column_zeroed(chance: random.Random, report: ReportText) -> Figures | None:
    lines = _grid(report, form.REQUESTS)
    filled = [column for column in lines["received"] if any(row[column] for row in lines.values())]
    if not filled:
        return None
    column = chance.choice(filled)
    return {f"{form.REQUESTS}.{line}.{column}": 0 for line in lines}


def _sign_turned(chance: random.Random, report: ReportText) -> Figures | None:
    return _one(chance, _counts(report, _summed(report), 1), lambda number: -number)


def _cell_unit_slip(chance: random.Random, report: ReportText) -> Figures | None:
    factor = chance.choice((10, 10_000))
    return _one(chance, _counts(report, _summed(report), 1), lambda number: number * factor)


def _fraction(chance: random.Random, report: ReportText) -> Figures | None:
    return _one(chance, _counts(report, _summed(report)), lambda number: f"{number}.5")


def _word_for_count(chance: random.Random, report: ReportText) -> Figures | None:
    return _one(chance, _counts(report, _summed(report), 1), lambda _: chance.choice(("若干", "多件", "见附件", "无")))


def _blank_inside_number(chance: random.Random, report: ReportText) -> Figures | None:
    return _one(chance, _counts(report, _summed(report), 10), lambda number: f"{str(number)[:1]} {str(number)[1:]}")


def _two_numbers_in_cell(chance: random.Random, report: ReportText) -> Figures | None:
    part = chance.randint(1, 9)
    return _one(chance, _counts(report, list(report.figures), 1), lambda number: f"{number}（其中修订{part}件）")


def _total_blank(chance: random.Random, report: ReportText) -> Figures | None:
    codes = [code for code in _summed(report) if code.endswith(f".{TOTAL}") or ".outcome_total." in code]
    return dict.fromkeys(chance.sample(codes, chance.randint(1, len(codes))))


def _cell_blank(chance: random.Random, report: ReportText) -> Figures | None:
    return _one(chance, _counts(report, _summed(report), 1), lambda _: None)


def _zeros(report: ReportText) -> list[str]:
    return [code for code in _summed(report) if report.figures[code] == 0]


def _zeros_blanked(chance: random.Random, report: ReportText) -> Figures | None:
    return dict.fromkeys(_zeros(report))


def _zeros_struck(chance: random.Random, report: ReportText) -> Figures | None:
    return dict.fromkeys(_zeros(report), chance.choice(("/", "-", "—")))


def _all_blank(chance: random.Random, report: ReportText) -> Figures | None:
    return dict.fromkeys(_summed(report))


def _within_forum(report: ReportText, with_total: bool) -> list[tuple[str, str]]:
    lines = _grid(report, form.REMEDIES)
    pairs = []
    for line, row in lines.items():
        *results, total = (f"{form.REMEDIES}.{line}.{column}" for column in row)
        pairs += [(result, total) for result in results] if with_total else _pairs(results)
    return pairs


def _forum_total_changed(chance: random.Random, report: ReportText) -> Figures | None:
    return _swapped(chance, report, _within_forum(report, with_total=True))


def _forum_results_exchanged(chance: random.Random, report: ReportText) -> Figures | None:
    return _swapped(chance, report, _within_forum(report, with_total=False))


def _digit_changed_in_table_2(chance: random.Random, report: ReportText) -> Figures | None:
    counts = _counts(report, _codes(report, form.PROACTIVE))
    return _one(chance, counts, lambda number: _other_digit(chance, number))


def _money_unit_slip(chance: random.Random, report: ReportText) -> Figures | None:
    codes = [code for code in _codes(report, form.PROACTIVE) if form.cell(code).column.number == "money"]
    sums = {code: value for code in codes if (value := number_of(report.figures[code]))}
    if not sums:
        return None
    code, factor = chance.choice(list(sums)), chance.choice((Decimal(10_000), Decimal("0.0001")))
    return {code: format((sums[code] * factor).normalize(), "f")}


def _change_sign_lost(chance: random.Random, report: ReportText) -> Figures | None:
    if report.edition != OLD:
        return None
    codes = [code for code in _codes(report, form.PROACTIVE) if code.endswith(".item_change")]
    lost = {code: -int(value) for code in codes if (value := number_of(report.figures[code])) and value < 0}
    return _one(chance, lost, lambda number: number)


def _table_multiplied(chance: random.Random, report: ReportText) -> Figures | None:
    return {code: number * 10 for code, number in _counts(report, _codes(report, form.REQUESTS)).items()}


def _table_zeroed(chance: random.Random, report: ReportText) -> Figures | None:
    return dict.fromkeys(_codes(report, form.REQUESTS), 0)


def _rectangle_changed(chance: random.Random, report: ReportText) -> Figures | None:
    lines = _grid(report, form.REQUESTS)
    first, second = chance.sample(_leaves(lines), 2)
    left, right = chance.sample(list(lines["received"])[:-1], 2)
    up = (f"{form.REQUESTS}.{first}.{left}", f"{form.REQUESTS}.{second}.{right}")
    down = _counts(report, (f"{form.REQUESTS}.{first}.{right}", f"{form.REQUESTS}.{second}.{left}"), 1)
    if len(down) < 2:
        return None
    step = chance.randint(1, min(down.values()))
    raised = {code: number + step for code, number in _counts(report, up).items()}
    return raised | {code: number - step for code, number in down.items()}


def _flows_raised(chance: random.Random, report: ReportText) -> Figures | None:
    column = chance.choice(list(_grid(report, form.REQUESTS)["received"])[:-1])
    step = chance.randint(1, 9)
    codes = [f"{form.REQUESTS}.{line}.{name}" for line in ("received", "carried_out") for name in (column, TOTAL)]
    return {code: number + step for code, number in _counts(report, codes).items()}


def _digit_changed_among_blanks(chance: random.Random, report: ReportText) -> Figures | None:
    changed = _one(chance, _counts(report, _summed(report), 1), lambda number: _other_digit(chance, number))
    return None if changed is None else {**dict.fromkeys(_zeros(report)), **changed}


def _stale_table(chance: random.Random, report: ReportText) -> Figures | None:
    shape = "hybrid" if report.hybrid_other else report.edition
    other = made_report(chance.getrandbits(48), shape, "county")
    return {code: other.figures[code] for code in _codes(report, form.REQUESTS)}


FAULTS: dict[str, Change] = {change.__name__.removeprefix("_"): change for change in (
    _digit_changed, _digits_changed, _digits_transposed, _digit_lost, _digit_doubled, _neighbours_swapped,
    _cells_below_swapped, _line_and_total_exchanged, _leaf_lines_exchanged, _inflows_exchanged,
    _forums_exchanged, _lines_exchanged_in_table_2, _column_and_total_exchanged, _applicants_exchanged,
    _line_shifted, _line_shifted_total_kept, _lines_slipped_down, _lines_slipped_up, _column_slipped,
    _line_zeroed, _column_zeroed, _sign_turned, _cell_unit_slip, _fraction, _word_for_count,
    _blank_inside_number, _two_numbers_in_cell, _total_blank, _cell_blank, _zeros_blanked, _zeros_struck,
    _all_blank, _forum_total_changed, _forum_results_exchanged, _digit_changed_in_table_2, _money_unit_slip,
    _change_sign_lost, _table_multiplied, _table_zeroed, _rectangle_changed, _flows_raised,
    _digit_changed_among_blanks, _stale_table,
)}
