"""What the Great Expectations suites are shown of judged reports.

Belongs here: the one wide frame that all suites read, made in polars, part by part; the names of suites and columns.
Does not: the suites (suites.py), judging (kinds/).

Cells are shown as numbers, for the linear rules: Great Expectations adds them up itself. Of every other rule its
verdict is shown as a column in which "breaks" must not occur. What is unknown is missing in both: skipped and counted.
"""

from __future__ import annotations

from functools import cache
from typing import cast

import numpy as np
import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.registry import DOCUMENT, Rule, active_rules, identities_of
from expectations.verdicts import RULE, SEVERITY, TABLE, Verdicts

ID = "report_version_id"
LINEAR = "linear"
SHOWN_VERDICTS = pl.Enum(["breaks", "holds"])
UNKNOWN = -1


def suite_name(table: str, scope: str) -> str:
    """Return the name of the suite of a table and what a verdict speaks of: `requests_column`, `document`."""
    return DOCUMENT if scope == DOCUMENT else f"{table}_{scope}"


@cache
def suite_names() -> tuple[str, ...]:
    """Return the names of all suites: by table in the order of the form, the document last."""
    scopes = ("column", "line", "table", "cell")
    rules = active_rules()
    named = [
        suite_name(table, scope) for table in form.table_codes() for scope in scopes
        if any(rule.scope == scope and table in rule.tables for rule in rules)
    ]
    return (*named, *([DOCUMENT] if any(rule.scope == DOCUMENT for rule in rules) else []))


def verdict_column(rule: str, table: str, severity: str) -> str:
    """Return the name of the column that shows the verdicts of a rule on a table, at one severity."""
    return f"{rule} {table} {severity}"


def shown(facts: Evidence, verdicts: Verdicts) -> pl.DataFrame:
    """Return one row per report, by id: its year, the cells of the linear rules, the verdicts of all others.

    Every part of a year has the same columns: those of the active rules.
    """
    needed = {
        cell: None for rule in active_rules() if rule.kind == LINEAR for table in rule.tables
        for edition in rule.editions for i in identities_of(rule, table, edition) for cell in (*i.left, *i.right)
    }
    rows = facts.wide.select(ID, *needed).join(facts.reports, on=ID, how="left")
    return _of_own_edition(rows, facts).with_columns(_verdicts(verdicts)).select(
        pl.col(ID).cast(pl.String), "report_year", *needed, *_verdict_columns()
    ).sort(ID)


def _verdict_columns() -> list[str]:
    return [
        verdict_column(rule.code, table, severity) for rule in active_rules() if rule.kind != LINEAR
        for table in (rule.tables or (DOCUMENT,)) for severity in rule.severities
    ]


def suite_of_finding() -> pl.Expr:
    """The suite that a row of a tally belongs to."""
    scopes = {rule.code: rule.scope for rule in active_rules()}
    scope = pl.col("rule").replace_strict(scopes, return_dtype=pl.String)
    return pl.when(scope == DOCUMENT).then(scope).otherwise(pl.col("table_code") + "_" + scope)


def rules_of(table: str, scope: str) -> tuple[Rule, ...]:
    """Return the active rules of one suite."""
    return tuple(rule for rule in active_rules() if rule.scope == scope and table in (rule.tables or (DOCUMENT,)))


def _of_own_edition(rows: pl.DataFrame, facts: Evidence) -> pl.DataFrame:
    """Leave only the cells that a report's own edition prints, so that no other edition's identity judges it."""
    for table in form.table_codes():
        lines = facts.tables.filter(table_code=table).select(ID, "lines_edition")
        printed = {e.code: {c.code for c in form.cells(e.code) if c.table == table} for e in form.editions()}
        everywhere = set.intersection(*printed.values())
        own = [
            pl.when(pl.col("lines_edition").is_in([code for code, cells in printed.items() if cell in cells]))
            .then(pl.col(cell))
            for cell in rows.columns if cell.startswith(f"{table}.") and cell not in everywhere
        ]
        rows = rows.join(lines, on=ID, how="left").with_columns(own).drop("lines_edition")
    return rows


def _verdicts(verdicts: Verdicts) -> list[pl.Series]:
    """One column per rule, table and severity, with the worst verdict of each report; missing where unknown.

    A rule that nobody could judge has a column all the same, so that its expectation sees it and judges nothing.
    """
    names, ids = _verdict_columns(), verdicts.silent.schema[ID]
    matrix = np.full((len(names), len(cast(pl.Enum, ids).categories)), UNKNOWN, dtype=np.int8)
    broken = verdicts.broken.select(
        pl.col(ID).cast(ids), pl.col("rule").cast(RULE), pl.col("table_code").fill_null(DOCUMENT).cast(TABLE),
        pl.col("severity").cast(SEVERITY),
    )
    holding = verdicts.silent.filter(verdict="holds").select(broken.columns)
    for rows, verdict in ((holding, "holds"), (broken, "breaks")):
        places = rows.select(pl.col(ID).to_physical(), _column_number(names)).drop_nulls()
        matrix[places["column"].to_numpy(), places[ID].to_numpy()] = SHOWN_VERDICTS.categories.to_list().index(verdict)
    shown_as = dict(enumerate(SHOWN_VERDICTS.categories))
    return [
        pl.Series(column, matrix[number]).replace_strict(shown_as, default=None, return_dtype=SHOWN_VERDICTS)
        for number, column in enumerate(names)
    ]


def _column_number(names: list[str]) -> pl.Expr:
    """The place among `names` of a verdict's column; NULL for linear rules, which have none.

    Rule, table and severity are numbers, and so is what they make together: no text is put together for each verdict.
    """
    parts = (("rule", RULE), ("table_code", TABLE), ("severity", SEVERITY))
    combined, keys = pl.lit(0, pl.Int32), [""]
    for name, kind in parts:
        combined = combined * len(kind.categories) + pl.col(name).to_physical().cast(pl.Int32)
        keys = [f"{key} {category}".strip() for key in keys for category in kind.categories]
    place_of = {names.index(key): number for number, key in enumerate(keys) if key in names}
    number_of = {number: place for place, number in place_of.items()}
    return combined.replace_strict(number_of, default=None, return_dtype=pl.Int32).alias("column")
