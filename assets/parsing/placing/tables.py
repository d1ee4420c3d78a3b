"""Which printed rows belong to which statutory table, and the placing of each table.

Belongs here: sorting rows by the marks that only one table has; `place_tables`.
Does not: the details of a table (requests, proactive, remedies).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from assets.form import cells as form
from assets.parsing.document import Observation, ParsedTable, PrintedRow
from assets.parsing.placing import labels, proactive, remedies, requests
from assets.parsing.placing.rows import Setting, SplitRow, split


@dataclass
class TableRows:
    """The printed rows of one table, with the layout they were read by."""

    rows: list[PrintedRow] = field(default_factory=list)
    layouts: list[str] = field(default_factory=list)
    setting: Setting = Setting()

    def add(self, row: PrintedRow, layout: str, setting: Setting) -> None:
        """Append a row read by a layout."""
        self.rows.append(row)
        self.setting = self.setting.with_(setting) if self.layouts else setting
        if layout not in self.layouts:
            self.layouts.append(layout)

    @property
    def splits(self) -> list[SplitRow]:
        """The rows cut after their labels."""
        return [split(row) for row in self.rows]


@cache
def _marks() -> tuple[str, str, frozenset[str]]:
    """Return how the head of table 3 begins, its word for applicants, and the words above the two parts of table 4."""
    groups = form.vocabulary()["groups"]
    forums = (
        form.vocabulary()["lines"][form.REMEDIES]["reconsideration"]["zh"], groups[form.REMEDIES]["litigation"],
    )
    return (
        labels.normal(groups[form.REQUESTS]["printed_identity"])[:6],
        labels.normal(groups[form.REQUESTS]["applicants"]),
        frozenset(map(labels.normal, forums)),
    )


def marked_table(row: PrintedRow) -> str | None:
    """Return the table whose head this row must be part of, or None where the row does not say."""
    identity, applicants, forums = _marks()
    texts = {labels.normal(cell.text) for cell in row.cells}
    if applicants in texts or any(text.startswith(identity) for text in texts):
        return form.REQUESTS
    if forums <= texts:
        return form.REMEDIES
    if any(text.startswith("第二十条") for text in texts):
        return form.PROACTIVE
    return None


def place_tables(tables: dict[str, TableRows]) -> tuple[ParsedTable, ...]:
    """Place every table of the form; a table without rows is returned with value_rows = 0."""
    first = _place(form.PROACTIVE, tables)
    second = _place(form.REQUESTS, tables)
    edition = first.edition or second.edition
    last = _rows(tables, form.REMEDIES)
    third = remedies.place(last.splits, last.setting, edition)
    return first, _with_hybrid(second, first.edition), _with_layout(third, tables)


def _place(code: str, tables: dict[str, TableRows]) -> ParsedTable:
    placer = proactive.place if code == form.PROACTIVE else requests.place
    return _with_layout(placer(_rows(tables, code).splits, _rows(tables, code).setting), tables)


def _rows(tables: dict[str, TableRows], code: str) -> TableRows:
    return tables.get(code) or TableRows()


def _with_layout(table: ParsedTable, tables: dict[str, TableRows]) -> ParsedTable:
    layout = "+".join(_rows(tables, table.code).layouts)
    facts = (Observation(table.code, "layout", table.code, layout),) if layout else ()
    edition = (Observation(table.code, "edition", table.code, table.edition),) if table.edition else ()
    return ParsedTable(table.code, table.edition, layout, table.cells, (*table.observations, *facts, *edition))


def _with_hybrid(table: ParsedTable, edition: str | None) -> ParsedTable:
    """Note a single （六）其他处理 in a report whose other table is of the newer edition."""
    newest = form.editions()[-1].code
    if edition != newest or table.edition in (None, newest):
        return table
    own = {line.code for line in form.edition(table.edition or "").table(table.code).lines}
    absent = [line.code for line in form.edition(newest).table(table.code).lines if line.code not in own]
    facts: Iterable[Observation] = (
        Observation(table.code, "hybrid_other", table.code, "其他处理"),
        *(Observation(table.code, "line_missing", f"{table.code}.{code}") for code in absent),
    )
    return ParsedTable(table.code, table.edition, table.layout, table.cells, (*table.observations, *facts))


def sort_rows(rows: Sequence[PrintedRow], table: str | None) -> list[tuple[PrintedRow, str]]:
    """Pair each row with its table: the region's own until a row with another table's mark."""
    paired: list[tuple[PrintedRow, str]] = []
    for row in rows:
        table = marked_table(row) or table
        if table is not None:
            paired.append((row, table))
    return paired
