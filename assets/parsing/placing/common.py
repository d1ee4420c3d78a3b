"""What the placing of every table shares: spellings, facts from an alignment, placed cells.

Belongs here: small pieces used by requests, proactive and remedies. Does not: anything about one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assets.form import cells as form
from assets.parsing.document import Observation, PlacedCell, PrintedCell
from assets.parsing.placing import labels
from assets.parsing.placing.alignment import Alignment, align
from assets.parsing.placing.rows import Setting, SplitRow, is_blank, is_value, usual_width, values


def spellings(item: form.Line | form.Column) -> tuple[str, ...]:
    """Return the official label of a line or column and its seen variants."""
    return (item.zh, *item.variants)


def leaf_label(row: SplitRow, lines: Sequence[form.Line]) -> str:
    """Return the label that names the row's line: the last one, or all joined where the last is a scrap."""
    if not row.labels:
        return ""
    last, joined = row.labels[-1], "".join(row.labels)
    return joined if _best(last, lines) < labels.THRESHOLD <= _best(joined, lines) else last


def settled(row: SplitRow, lines: Sequence[form.Line]) -> SplitRow:
    """Return the row cut after the label that names its line, where words stand in place of a figure behind it."""
    if not row.labels or _best(row.labels[-1], lines) >= labels.THRESHOLD:
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
    return max((labels.score(label, spellings(line)) for line in lines), default=0.0)


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
    placed = [
        PlacedCell(
            cell,
            number,
            column,
            _role(row, column, cell),
            by_identity.get(id(cell)),
            placement if id(cell) in by_identity else "",
        )
        for column, cell in enumerate(row.row.cells)
    ]
    printed = {id(cell) for cell in row.row.cells}
    unseen = [(cell, code) for cell, code in zip(found, codes, strict=True) if id(cell) not in printed]
    start = len(row.row.cells)
    placed += [PlacedCell(cell, number, start + i, "value", code, placement) for i, (cell, code) in enumerate(unseen)]
    return placed


def unplaced_row(row: SplitRow, number: int, role: str = "") -> list[PlacedCell]:
    """Return all cells of a row without codes; `role` overrides what each cell looks like."""
    return [
        PlacedCell(cell, number, column, role or _role(row, column, cell)) for column, cell in enumerate(row.row.cells)
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
    """Place the values of every aligned row; a row whose values cannot be told apart stays without codes."""
    width = usual_width([rows[i] for i in body.numbers])
    own = {line.code: line for line in body.table.lines}
    printed = {body.numbers[index]: body.lines[line].code for index, line in body.found.matches.items()}
    doubled = {body.lines[line].code for line in body.found.doubled.values()}
    placed: list[PlacedCell] = []
    facts: list[Observation] = []
    for number, row in enumerate(rows):
        line = own.get(printed.get(number, ""))
        if line is None:
            placed += unplaced_row(row, number)
            facts += (
                [Observation(body.table.code, "unknown_line", body.table.code, printed[number])]
                if number in printed
                else []
            )
            continue
        if line.code in doubled:
            placed += unplaced_row(row, number)
            continue
        run = values(row, len(line.columns), body.setting, width)
        cells, more = _place_line(row, number, line, leaf_label(row, body.lines), run)
        placed += cells
        facts += more
    return placed, facts


def _place_line(
    row: SplitRow, number: int, line: form.Line, label: str, run: Sequence[PrintedCell] | None
) -> tuple[list[PlacedCell], list[Observation]]:
    facts = variant_fact(line.table, line, label)
    if run is None:
        count = Observation(
            line.table, "value_count", f"{line.table}.{line.code}", f"{row.figures} of {len(line.columns)}"
        )
        return unplaced_row(row, number), [*facts, count]
    codes = [f"{line.table}.{line.code}.{column}" for column in line.columns]
    return placed_row(row, number, codes, run, "label variant" if facts else "label"), facts
