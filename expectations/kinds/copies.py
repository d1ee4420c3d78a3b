"""Rules on copies: two documents that hold the report of one organ and year.

Belongs here: comparing copies cell by cell. Does not: finding them (neighbours.py), choosing one.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import ID, Words, findings, other_report, scope_name, subjects, table_name
from expectations.neighbours import COPY
from expectations.registry import Rule
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import number

ABOUT = ("other_id", "other_name", "other_year")


def copies_agree(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Every cell that two copies have read is the same; each that is not is one finding.

    A table without one holds if all its cells were read in both copies, else it is unknown.
    """
    for table in rule.tables:
        own = subjects(rule, facts, table).select(ID, "lines_edition")
        cells = [_cells_of(own, facts, table, edition.code) for edition in form.editions()]
        compared = pl.concat(cells)
        differ = compared.filter(pl.col("left") != pl.col("right"))
        broken = differ.with_columns(pl.col("scope").cast(SCOPE), verdict=BREAKS)
        whole = compared.group_by(ID).agg(pl.all_horizontal(pl.col("left", "right").is_not_null()).all().alias("whole"))
        verdict = pl.when(pl.col("whole").fill_null(False)).then(HOLDS).otherwise(UNKNOWN)
        rest = own.select(ID).join(broken, on=ID, how="anti").join(whole, on=ID, how="left").select(
            ID, scope=pl.lit(table, SCOPE), verdict=verdict
        )
        yield findings(pl.concat([broken, rest], how="diagonal"), rule, table, _words(table))


def _cells_of(own: pl.DataFrame, facts: Evidence, table: str, edition: str) -> pl.DataFrame:
    """One row per report that has a copy and cell: its number (left) and the copy's (right)."""
    codes = [cell.code for cell in form.cells(edition) if cell.table == table]
    copies = facts.around.of(COPY).select(ID, *ABOUT, *(f"{COPY}:{code}" for code in codes))
    rows = own.filter(lines_edition=edition).select(ID).join(copies, on=ID)
    ours = facts.wide.join(rows, on=ID, how="semi").unpivot(codes, index=ID, variable_name="scope", value_name="left")
    theirs = rows.rename({f"{COPY}:{code}": code for code in codes}).unpivot(
        codes, index=[ID, *ABOUT], variable_name="scope", value_name="right"
    )
    return theirs.join(ours, on=[ID, "scope"])


def _words(table: str) -> Words:
    return lambda language: {
        "table": table_name(table, language), "scope": scope_name(language), "left": number(pl.col("left")),
        "right": number(pl.col("right")), "other": other_report(language),
    }
