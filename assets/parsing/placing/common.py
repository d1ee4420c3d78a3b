"""What the placing of every table shares: spellings, facts from an alignment, placed cells.

Belongs here: small pieces used by requests, proactive and remedies. Does not: anything about one table.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assets.form import cells as form
from assets.parsing.document import Observation, PlacedCell, PrintedCell, placed_cell
from assets.parsing.placing import labels, reconstruction
from assets.parsing.placing.alignment import Alignment, align
from assets.parsing.placing.rows import Setting, SplitRow, is_blank, is_value, usual_width, values

# Both the fact about a line and the placement of its cells.
RECONSTRUCTED = "reconstructed"


def spellings(item: form.Line | form.Column) -> tuple[str, ...]:
    """Return the official label of a line or column and its seen variants."""
    return (item.zh, *item.variants)


def leaf_label(row: SplitRow, lines: Sequence[form.Line]) -> str:
    """Return the label that names the row's line: the last one, or all joined where the last is a scrap."""
    if not row.labels:
        return ""
    last, joined = row.labels[-1], "".join(row.labels)
    return joined if _best(last, lines) < labels.THRESHOLD <= _best(joined, lines) else last


def settled(row: SplitRow, lines: Sequence[form.Line], setting: Setting) -> SplitRow:
    """Return the row cut after the label that names its line, where words stand in place of a figure behind it.

    Where rows were cut where words follow figures, words behind a label may as well be its own torn rest.
    """
    if setting.unmarked or not row.labels or _best(row.labels[-1], lines) >= labels.THRESHOLD:
        return row
    cells = row.row.cells
    for index in range(row.label_end - 1, -1, -1):
        if _best(cells[index].text, lines) >= labels.THRESHOLD:
            widest = max(len(line.columns) for line in lines)
            return (
                replace(row, label_end=index + 1, labels=row.labels[:-1]) if len(cells) - index - 1 <= widest else row
            )
    return row


def _best(label: str, lines: Sequence[form.Line]) -> float:
    """Return how well a label matches the best of `lines`, which are all lines of one table."""
    return _best_of(label, lines[0].table) if lines else 0.0


@lru_cache(maxsize=65536)
def _best_of(label: str, table: str) -> float:
    return max(labels.score(label, spellings(line)) for line in form.all_lines(table))


def line_facts(
    table: str, found: Alignment, lines: Sequence[form.Line], expected: Iterable[form.Line]
) -> list[Observation]:
    """Observe the lines that are missing, doubled or out of order."""
    printed = (*found.matches.values(), *found.out_of_order.values())
    placed = {lines[index].code for index in printed}
    facts = [
        Observation(table, fact, f"{table}.{line.code}")
        for line in expected
        if line.code not in placed
        for fact in ("line_missing", "label_missing")
    ]
    for index in set(found.doubled.values()):
        facts.append(Observation(table, "line_twice", f"{table}.{lines[index].code}"))
        facts.append(Observation(table, "label_twice", f"{table}.{lines[index].code}"))
    for index in set(found.out_of_order.values()):
        facts.append(Observation(table, "label_out_of_order", f"{table}.{lines[index].code}"))
    return facts


def variant_fact(table: str, line: form.Line, printed: str) -> list[Observation]:
    """Observe a label that is not the official one once both are normalised."""
    if labels.normal(printed) == labels.normal(line.zh):
        return []
    return [Observation(table, "label_variant", f"{table}.{line.code}", " ".join(printed.split()))]


def column_facts(table: str, printed: Sequence[str], columns: Sequence[form.Column]) -> list[Observation]:
    """Observe the columns of a head that are missing, doubled or out of order.

    A label cut short that fits several columns is matched by position where the head is complete.
    """
    found = align(printed, [spellings(column) for column in columns])
    matched = set(found.matches.values())
    if len(printed) == len(columns):
        matched |= {i for i in found.unknown if labels.is_cut(printed[i], spellings(columns[i]))}
    facts = [
        Observation(table, "column_missing", f"{table}.{c.code}") for i, c in enumerate(columns) if i not in matched
    ]
    facts += [Observation(table, "column_twice", f"{table}.{columns[i].code}") for i in set(found.doubled.values())]
    facts += [
        Observation(table, "column_out_of_order", f"{table}.{columns[i].code}")
        for i in set(found.out_of_order.values())
    ]
    return facts


def placed_row(
    row: SplitRow, number: int, codes: Sequence[str], found: Sequence[PrintedCell], placement: str
) -> list[PlacedCell]:
    """Return all cells of a row; those in `found` carry the cell codes, in order.

    Blank cells that left no trace of their own stand at the row's place after the printed ones.
    """
    by_identity = {id(cell): code for cell, code in zip(found, codes, strict=True)}
    placed = []
    printed: set[int] = set()
    for column, cell in enumerate(row.row.cells):
        code = by_identity.get(id(cell))
        if code is not None:
            printed.add(id(cell))
        how = "" if code is None else placement
        placed.append(placed_cell((cell, number, column, _role(row, column, cell), code, how)))
    unseen = [(cell, code) for cell, code in zip(found, codes, strict=True) if id(cell) not in printed]
    start = len(row.row.cells)
    placed += [PlacedCell(cell, number, start + i, "value", code, placement) for i, (cell, code) in enumerate(unseen)]
    return placed


def unplaced_row(row: SplitRow, number: int, role: str = "") -> list[PlacedCell]:
    """Return all cells of a row without codes; `role` overrides what each cell looks like."""
    return [
        placed_cell((cell, number, column, role or _role(row, column, cell), None, ""))
        for column, cell in enumerate(row.row.cells)
    ]


def _role(row: SplitRow, column: int, cell: PrintedCell) -> str:
    if column >= row.label_end and is_value(cell.text):
        return "value"
    return "blank" if is_blank(cell.text) else "label"


@dataclass(frozen=True)
class Body:
    """The rows of a table that may be lines of the form: `numbers` are their row numbers, `found` their alignment."""

    table: form.Table
    lines: tuple[form.Line, ...]
    numbers: tuple[int, ...]
    found: Alignment
    setting: Setting


def place_rows(rows: Sequence[SplitRow], body: Body) -> tuple[list[PlacedCell], list[Observation]]:
    """Place the values of every aligned row; a row whose values cannot be told apart stays without codes.

    Where blank cells may have left nothing, the sums may leave one reading of the rows that are short of figures.
    """
    width = usual_width([rows[i] for i in body.numbers])
    own = {line.code: line for line in body.table.lines}
    printed = {body.numbers[index]: body.lines[line].code for index, line in body.found.matches.items()}
    doubled = {body.lines[line].code for line in body.found.doubled.values()}
    runs = {
        number: values(rows[number], len(own[code].columns), body.setting, width)
        for number, code in printed.items() if code in own and code not in doubled
    }
    rebuilt = {} if body.setting.keeps_blanks else _rebuilt(rows, body, printed, runs)
    placed: list[PlacedCell] = []
    facts: list[Observation] = []
    for number, row in enumerate(rows):
        if number not in runs:
            placed += unplaced_row(row, number)
            if number in printed and printed[number] not in own:
                facts.append(Observation(body.table.code, "unknown_line", body.table.code, printed[number]))
            continue
        line = own[printed[number]]
        label = leaf_label(row, body.lines)
        cells, more = _place_line(row, number, line, label, runs[number], rebuilt.get(number))
        placed += cells
        facts += more
    return placed, facts + dropped_fact(body.table.code, body.setting, facts)


def dropped_fact(table: str, setting: Setting, facts: Iterable[Observation]) -> list[Observation]:
    """Observe that blank cells left nothing: rows are short of figures in a layout that does not keep blanks."""
    counted = [fact.value.split(" of ") for fact in facts if fact.fact == "value_count"]
    short = any(int(shown) < int(columns) for shown, columns in counted)
    return [Observation(table, "blanks_dropped", table)] if short and not setting.keeps_blanks else []


Run = tuple[PrintedCell, ...] | None


def _rebuilt(
    rows: Sequence[SplitRow], body: Body, printed: Mapping[int, str], runs: Mapping[int, Run]
) -> dict[int, tuple[PrintedCell, ...]]:
    """Return the rows short of figures of which the sums of table 3 leave one reading, by row number."""
    short = [number for number, run in runs.items() if run is None]
    lines = {line.code for line in body.table.lines}
    if body.table.code != form.REQUESTS or not short or {printed[number] for number in runs} != lines:
        return {}
    figures = {number: counts(rows[number].tail) for number in runs}
    known = {printed[n]: figures[n] for n, run in runs.items() if run is not None}
    lost = {printed[n]: [figure for figure in figures[n] or () if figure is not None] for n in short}
    size = len(body.table.columns)
    if any(row is None for row in figures.values()) or any(len(row) >= size for row in lost.values()):
        return {}
    whole = {line: (*row, *(None for _ in range(size - len(row))))[:size] for line, row in known.items() if row}
    whole |= {line: (None,) * size for line, row in known.items() if not row}
    found = reconstruction.only_requests(lost, whole)
    return {} if found is None else {n: set_out(rows[n], found[printed[n]]) for n in short}


def counts(cells: Sequence[PrintedCell]) -> list[int | None] | None:
    """Return plain whole numbers, None for blank cells; None where a cell shows anything else."""
    texts = [unicodedata.normalize("NFKC", cell.text).strip() for cell in cells]
    if not all(text.isdecimal() or not text for text in texts):
        return None
    return [int(text) if text else None for text in texts]


def set_out(row: SplitRow, reading: reconstruction.Reading) -> tuple[PrintedCell, ...]:
    """Return a row's printed figures in the columns of a reading, with blank cells between them."""
    shown = iter([cell for cell in row.tail if not is_blank(cell.text)])
    return tuple(PrintedCell("", row.row.place) if figure is None else next(shown) for figure in reading)


def _place_line(
    row: SplitRow, number: int, line: form.Line, label: str, run: Run, rebuilt: Run
) -> tuple[list[PlacedCell], list[Observation]]:
    facts = variant_fact(line.table, line, label)
    scope, shown = f"{line.table}.{line.code}", f"{row.figures} of {len(line.columns)}"
    codes = [f"{line.table}.{line.code}.{column}" for column in line.columns]
    if run is not None:
        return placed_row(row, number, codes, run, "label variant" if facts else "label"), facts
    if rebuilt is not None:
        fact = Observation(line.table, RECONSTRUCTED, scope, shown)
        return placed_row(row, number, codes, rebuilt, RECONSTRUCTED), [*facts, fact]
    return unplaced_row(row, number), [*facts, Observation(line.table, "value_count", scope, shown)]
