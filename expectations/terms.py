"""The terms of rules that look beyond one table or one year: how they are written, and which cells they mean.

Belongs here: reading a term, and spreading terms over the columns or lines of a table. Does not: rules (registry.py),
values (kinds/across.py).

A term is `[-][previous:]name`: with `-` it is taken off, with `previous:` it is a cell of last year's report. The name
is a line (rule of scope column) or a column (scope line) of the rule's table, or the full code of a cell of any table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assets.form import cells as form

PREVIOUS, NEXT = "previous", "next"
MINUS, OF_LAST_YEAR = "-", f"{PREVIOUS}:"


@dataclass(frozen=True)
class Term:
    """One cell of this report or of last year's, added or taken off."""

    cell: str
    previous: bool = False
    minus: bool = False

    @property
    def column(self) -> str:
        """The column of a wide frame that holds it."""
        return f"{OF_LAST_YEAR}{self.cell}" if self.previous else self.cell


@dataclass(frozen=True)
class Comparison:
    """The sum of `left` stands in `relation` to the sum of `right`; `scope` names its column, line or table."""

    scope: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    relation: str


def comparisons(
    scope: str, table: str, edition: str, sides: Sequence[Sequence[str]], relation: str, only: Sequence[str] = ()
) -> tuple[Comparison, ...]:
    """Return what a rule states of one table of one edition, in the form's order.

    Args:
        scope: column, line, or table (one comparison, whose terms are full codes).
        table: code of the table.
        edition: code of the edition that the table follows.
        sides: the terms of the left and of the right side, as written.
        relation: equal, at_most or at_least.
        only: the columns or lines that the rule speaks of; all if empty.
    """
    left, right = sides
    if scope == "table":
        return (Comparison(table, _terms(left, table, scope, ""), _terms(right, table, scope, ""), relation),)
    printed = form.edition(edition).table(table)
    parts = printed.columns if scope == "column" else printed.lines
    return tuple(
        Comparison(f"{table}.{code}", _terms(left, table, scope, code), _terms(right, table, scope, code), relation)
        for code in (part.code for part in parts) if not only or code in only
    )


def _terms(written: Iterable[str], table: str, scope: str, part: str) -> tuple[Term, ...]:
    return tuple(_term(one, table, scope, part) for one in written)


def _term(written: str, table: str, scope: str, part: str) -> Term:
    minus = written.startswith(MINUS)
    name = written.removeprefix(MINUS).strip()
    previous = name.startswith(OF_LAST_YEAR)
    name = name.removeprefix(OF_LAST_YEAR).strip()
    if "." not in name and scope != "table":
        name = f"{table}.{name}.{part}" if scope == "column" else f"{table}.{part}.{name}"
    return Term(name, previous, minus)
