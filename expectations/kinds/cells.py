"""Rules on single cells, and on whether a table prints its zeros.

Belongs here: numbers and states of printed cells. Does not: sums of cells (linear.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import (
    ID,
    Words,
    findings,
    reports_of,
    scope_name,
    subjects,
    table_name,
    when_present,
)
from expectations.registry import Rule
from expectations.wording import number

MAX_DECIMALS = 6


def cell_number(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    """Counts are whole numbers not below 0, signed counts whole numbers, money not below 0 with at most 6 decimals."""
    value, text = pl.col("value"), pl.col("printed_text").fill_null("")
    # A cell of a row whose figures could not be told apart has no text of its own: S03, S04 and S08 speak of the row.
    printed = pl.col("printed_text").is_not_null()
    too_fine = text.str.contains(rf"[.．]\d{{{MAX_DECIMALS + 1},}}")
    holds_number = pl.col("state").is_in(form.number_states())
    unreadable = ((pl.col("state") == "unparsable") & printed) | (holds_number & value.is_null())
    was_read = holds_number | ((pl.col("state") == "unparsable") & printed)
    for table in rule.tables:
        broken, judged = [], []
        for number in rule.parameters["numbers"]:
            columns = {c.code for e in form.editions() for c in e.table(table).columns if c.number == number}
            negative = pl.lit(False) if number == "signed_count" else value < 0
            wrong = unreadable | negative | (too_fine if number == "money" else value != value.floor())
            own = facts.cells.filter(pl.col("table_code") == table, pl.col("column_code").is_in(columns))
            broken.append(own.filter(wrong.fill_null(False)))
            judged.append(own.filter(was_read).select("row"))
        yield _cell_findings(rule, facts, table, pl.concat(broken), reports_of(pl.concat(judged), facts))


def cell_state(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    """A cell whose state is one of the rule's `states` breaks; each such cell is one finding."""
    for table in rule.tables:
        cells = facts.cells.filter(pl.col("table_code") == table)
        broken = cells.filter(pl.col("state").is_in(rule.parameters["states"]))
        yield _cell_findings(rule, facts, table, broken, facts.tables.filter("present", table_code=table))


def _cell_findings(
    rule: Rule, facts: Evidence, table: str, broken: pl.DataFrame, judged: pl.DataFrame
) -> pl.DataFrame:
    """One row per broken cell; a report without one holds if it is among `judged`, else it is unknown."""
    own = subjects(rule, facts, table)
    rows = broken.join(own, on=ID, how="semi").select(
        ID, "printed_text", pl.col("cell_code").alias("scope"), pl.col("value").alias("left"), verdict=pl.lit("breaks")
    )
    judged_ids = judged.select(ID).with_columns(present=pl.lit(True))
    rest = own.select(ID).join(broken, on=ID, how="anti").join(judged_ids, on=ID, how="left").select(
        ID, scope=pl.lit(table), verdict=when_present("holds")
    )

    def words(language: str) -> Mapping[str, pl.Expr]:
        return {"table": table_name(table, language), "scope": scope_name(language), "text": pl.col("printed_text")}

    return findings(pl.concat([rows, rest], how="diagonal"), rule, table, words)


def zero_printed(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    """A table without a printed number other than 0 must have a 0 printed in every cell."""
    for table in rule.tables:
        counts = _printed_zeros(facts, table)
        sizes = {
            e.code: float(sum(cell.table == table for cell in form.cells(e.code))) for e in form.editions()
        }
        joined = subjects(rule, facts, table).join(counts, on=ID, how="left").with_columns(
            pl.col("not_zero", "left").fill_null(0.0),
            scope=pl.lit(table), right=pl.col("lines_edition").replace_strict(sizes, return_dtype=pl.Float64),
        )
        present, empty = pl.col("present").fill_null(False), pl.col("not_zero") == 0
        verdict = pl.when(empty & (pl.col("left") < pl.col("right"))).then(pl.lit("breaks")).otherwise(pl.lit("holds"))
        frame = joined.with_columns(
            pl.when(present & empty).then(pl.col("left", "right")),
            verdict=pl.when(present).then(verdict).otherwise(pl.lit("unknown")),
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
