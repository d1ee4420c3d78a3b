"""Reads the form's YAML and answers every question about codes, labels and order.

Belongs here: typed access to `vocabulary.yaml` and `editions/*.yaml`.
Does not: matching of printed labels (assets/parsing/placing), rules (expectations).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml

FORM = Path(__file__).parent

PROACTIVE = "proactive_disclosure"
REQUESTS = "requests"
REMEDIES = "reconsideration_litigation"


class _Coded(Protocol):
    """Anything of the form that has a code."""

    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=_Coded)


@dataclass(frozen=True)
class Column:
    """One column of a table: its code, official label, kind of number and unit."""

    table: str
    code: str
    zh: str
    en: str
    kind: str
    number: str
    unit: str
    variants: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of a table: its code, official label and the column codes it prints."""

    table: str
    code: str
    zh: str
    en: str
    kind: str
    parent: str | None
    article: str
    variants: tuple[str, ...]
    columns: tuple[str, ...]
    block: int


@dataclass(frozen=True)
class Table:
    """One statutory table as one edition prints it."""

    code: str
    order: int
    zh: str
    en: str
    article: str
    variants: tuple[str, ...]
    block_headings: tuple[str, ...]
    lines: tuple[Line, ...]
    columns: tuple[Column, ...]

    def line(self, code: str) -> Line:
        """Return the line of that code; KeyError if this edition does not print it."""
        return _item(self.lines, code)

    def column(self, code: str) -> Column:
        """Return the column of that code; KeyError if this edition does not print it."""
        return _item(self.columns, code)


@dataclass(frozen=True)
class Cell:
    """One cell of the form; `code` is table.line.column."""

    code: str
    table: str
    line: Line
    column: Column


@dataclass(frozen=True)
class Edition:
    """One edition of the national form, with its tables in the form's order."""

    code: str
    zh: str
    instrument: str
    first_year: int
    last_year: int | None
    tables: tuple[Table, ...]

    def table(self, code: str) -> Table:
        """Return the table of that code; KeyError for a code that is no table of the form."""
        return _item(self.tables, code)


@cache
def vocabulary() -> dict[str, Any]:
    """Return `vocabulary.yaml` as a dict: tables, sections, lines, columns, groups, states, verdicts."""
    data: dict[str, Any] = yaml.safe_load((FORM / "vocabulary.yaml").read_text(encoding="utf-8"))
    return data


@cache
def editions() -> tuple[Edition, ...]:
    """Return all editions, oldest first."""
    files = sorted((FORM / "editions").glob("*.yaml"))
    return tuple(_edition(yaml.safe_load(f.read_text(encoding="utf-8"))) for f in files)


def edition(code: str) -> Edition:
    """Return the edition of that code, such as `cn_ogi_2021`; KeyError if there is none."""
    return _item(editions(), code)


def expected_edition(report_year: int) -> Edition | None:
    """Return the edition in force for a report year, or None before the first typed form (2019)."""
    for candidate in reversed(editions()):
        if report_year >= candidate.first_year:
            return candidate
    return None


def table_codes() -> tuple[str, ...]:
    """Return the codes of the three statutory tables in the form's order."""
    return tuple(vocabulary()["tables"])


@cache
def cells(edition_code: str) -> tuple[Cell, ...]:
    """Return every cell of an edition in printing order (198 in 2019, 200 in 2021)."""
    return tuple(
        Cell(f"{table.code}.{line.code}.{column}", table.code, line, table.column(column))
        for table in edition(edition_code).tables
        for line in table.lines
        for column in line.columns
    )


@cache
def cell(code: str) -> Cell:
    """Return a cell of any edition by its code; KeyError if no edition prints it."""
    for candidate in reversed(editions()):
        for item in cells(candidate.code):
            if item.code == code:
                return item
    raise KeyError(code)


@cache
def all_cell_codes() -> tuple[str, ...]:
    """Return the 226 cell codes of all editions, those of the newest edition first."""
    seen = dict.fromkeys(c.code for e in reversed(editions()) for c in cells(e.code))
    return tuple(seen)


@cache
def all_lines(table: str) -> tuple[Line, ...]:
    """Return the lines of a table over all editions, each once, in the vocabulary's order."""
    order = list(vocabulary()["lines"][table])
    found = {line.code: line for e in editions() for line in e.table(table).lines}
    return tuple(sorted(found.values(), key=lambda line: order.index(line.code)))


@cache
def number_states() -> tuple[str, ...]:
    """Return the value states in which a cell holds a number: reported, reconstructed."""
    return tuple(code for code, words in vocabulary()["value_states"].items() if words.get("number"))


def outcome_leaves(edition_code: str) -> tuple[str, ...]:
    """Return the line codes that add up to `outcome_total`: 21 in 2021, 19 in 2019."""
    lines = edition(edition_code).table(REQUESTS).lines
    totals = {"received", "carried_in", "outcome_total", "carried_out"}
    return tuple(line.code for line in lines if line.code not in totals)


def _edition(data: dict[str, Any]) -> Edition:
    years = data["report_years"]
    tables = tuple(_table(code, spec) for code, spec in data["tables"].items())
    return Edition(data["code"], data["zh"], data["instrument"], years["first"], years["last"], tables)


def _table(code: str, spec: dict[str, Any]) -> Table:
    words = vocabulary()["tables"][code]
    section = vocabulary()["sections"][code]
    labels: dict[str, str] = spec.get("labels", {})
    blocks = spec["blocks"]
    lines = tuple(
        _line(code, line, labels, tuple(block["columns"]), number)
        for number, block in enumerate(blocks)
        for line in block["lines"]
    )
    names = dict.fromkeys(column for block in blocks for column in block["columns"])
    columns = tuple(_column(code, name, labels) for name in names)
    headings = tuple(block["zh"] for block in blocks if "zh" in block)
    return Table(
        code,
        section["order"],
        section["zh"],
        words["en"],
        words["article"],
        tuple(section["variants"]),
        headings,
        lines,
        columns,
    )


def _line(table: str, code: str, labels: dict[str, str], columns: tuple[str, ...], block: int) -> Line:
    words = vocabulary()["lines"][table][code]
    return Line(
        table,
        code,
        labels.get(code, words["zh"]),
        words["en"],
        words["kind"],
        words.get("parent"),
        words["article"],
        _variants(words, code in labels),
        columns,
        block,
    )


def _column(table: str, code: str, labels: dict[str, str]) -> Column:
    words = vocabulary()["columns"][table][code]
    return Column(
        table,
        code,
        labels.get(code, words["zh"]),
        words["en"],
        words["kind"],
        words["number"],
        words["unit"],
        _variants(words, code in labels),
    )


def _variants(words: dict[str, Any], renamed: bool) -> tuple[str, ...]:
    seen = tuple(words.get("variants", ()))
    return (words["zh"], *seen) if renamed else seen


def _item(items: tuple[T, ...], code: str) -> T:
    """Return the item whose `code` matches; KeyError names the code that does not exist."""
    for item in items:
        if item.code == code:
            return item
    raise KeyError(code)
