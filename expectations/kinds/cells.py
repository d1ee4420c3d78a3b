"""Rules on single cells, and on whether a table prints its zeros.

Belongs here: numbers and states of printed cells. Does not: sums of cells (linear.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import (
    ID,
    Words,
    findings,
    holds_when_present,
    scope_name,
    subjects,
    table_name,
)
from expectations.registry import Rule
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import number

MAX_DECIMALS = 6


def cell_number(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Counts are whole numbers not below 0, signed counts whole numbers, money not below 0 with at most 6 decimals."""
    # A cell of a row whose figures could not be told apart has no text of its own: S03, S04 and S08 speak of the row.
    printed, holds_number = pl.col("printed_text").is_not_null(), pl.col("state").is_in(form.number_states())
    unread = facts.cells.filter((pl.col("state") == "unparsable") & printed)
    unreadable = pl.concat([unread, facts.cells.filter(holds_number & pl.col("value").is_null())])
    for table in rule.tables:
        broken, judged = [], []
        for kind in rule.parameters["numbers"]:
            columns = {c.code for e in form.editions() for c in e.table(table).columns if c.number == kind}
            figures = [code for code in form.all_cell_codes() if _stands_in(code, table, columns)]
            own = pl.col("cell_code").is_in(figures)
            broken += [unreadable.filter(own), _wrong(facts, kind, own, figures)]
            judged += [_numbered(facts, figures), unread.filter(own).select(ID)]
        yield _cell_findings(rule, facts, table, pl.concat(broken), pl.concat(judged).unique())


def _stands_in(code: str, table: str, columns: Collection[str]) -> bool:
    cell = form.cell(code)
    return cell.table == table and cell.column.code in columns


def _numbered(facts: Evidence, figures: Sequence[str]) -> pl.DataFrame:
    """The reports with a number in any of these cells."""
    return facts.wide.filter(pl.any_horizontal(pl.lit(False), pl.col(figures).is_not_null())).select(ID)


def _wrong(facts: Evidence, kind: str, own: pl.Expr, figures: Sequence[str]) -> pl.DataFrame:
    """The cells `own` whose number is none of its kind."""
    value = pl.col("value")
    negative = pl.lit(False) if kind == "signed_count" else value < 0
    if kind == "money":
        too_fine = pl.col("printed_text").fill_null("").str.contains(rf"[.．]\d{{{MAX_DECIMALS + 1},}}")
        return facts.cells.filter(own, value.is_not_null()).filter(negative | too_fine)
    # Few reports have such a number, and the cells of few are looked through sooner than those of all.
    among = pl.col(figures)
    odd = pl.any_horizontal(pl.lit(False), (among < 0) | (among != among.floor()))
    rows = facts.wide.select(odd.fill_null(False).arg_true().alias("row")).to_series().implode()
    return facts.cells.filter(pl.col("row").is_in(rows)).filter(own, negative | (value != value.floor()))


def cell_state(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """A cell whose state is one of the rule's `states` breaks; each such cell is one finding."""
    for table in rule.tables:
        broken = facts.cells.filter(
            pl.col("state").is_in(rule.parameters["states"]) & (pl.col("table_code") == table)
        )
        yield _cell_findings(rule, facts, table, broken, facts.tables.filter("present", table_code=table))


def _cell_findings(
    rule: Rule, facts: Evidence, table: str, broken: pl.DataFrame, judged: pl.DataFrame
) -> Verdicts:
    """One row per broken cell; a report without one holds if it is among `judged`, else it is unknown."""
    own = subjects(rule, facts, table)
    rows = broken.join(own, on=ID, how="semi").select(
        ID, "printed_text", scope=pl.col("cell_code").cast(SCOPE), left="value", verdict=BREAKS
    )
    judged_ids = judged.select(ID).with_columns(present=pl.lit(True))
    rest = own.select(ID).join(broken, on=ID, how="anti").join(judged_ids, on=ID, how="left").select(
        ID, scope=pl.lit(table, SCOPE), verdict=holds_when_present()
    )

    def words(language: str) -> Mapping[str, pl.Expr]:
        return {"table": table_name(table, language), "scope": scope_name(language), "text": pl.col("printed_text")}

    return findings(pl.concat([rows, rest], how="diagonal"), rule, table, words)


def zero_printed(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """A table without a printed number other than 0 must have a 0 printed in every cell."""
    for table in rule.tables:
        counts = _printed_zeros(facts, table)
        sizes = {
            e.code: float(sum(cell.table == table for cell in form.cells(e.code))) for e in form.editions()
        }
        joined = subjects(rule, facts, table).join(counts, on=ID, how="left").with_columns(
            pl.col("not_zero", "left").fill_null(0.0),
            scope=pl.lit(table, SCOPE), right=pl.col("lines_edition").replace_strict(sizes, return_dtype=pl.Float64),
        )
        present, empty = pl.col("present").fill_null(False), pl.col("not_zero") == 0
        verdict = pl.when(empty & (pl.col("left") < pl.col("right"))).then(BREAKS).otherwise(HOLDS)
        frame = joined.with_columns(
            pl.when(present & empty).then(pl.col("left", "right")),
            verdict=pl.when(present).then(verdict).otherwise(UNKNOWN),
        )
        yield findings(frame.drop("table_code"), rule, table, _zero_words(table))


def _printed_zeros(facts: Evidence, table: str) -> pl.DataFrame:
    """How many cells of each report's table hold a number other than 0, and how many hold 0 (`left`)."""
    value = pl.col(*(cell for cell in facts.wide.columns if cell.startswith(f"{table}.")))
    return facts.wide.select(
        ID, pl.sum_horizontal(value != 0).cast(pl.Float64).alias("not_zero"),
        pl.sum_horizontal(value == 0).cast(pl.Float64).alias("left"),
    )


def _zero_words(table: str) -> Words:
    return lambda language: {
        "table": table_name(table, language), "printed": number(pl.col("left")), "cells": number(pl.col("right")),
    }
