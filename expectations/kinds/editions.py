"""Rules on the edition of the form that a table follows.

Belongs here: edition found against edition in force. Does not: finding the edition (assets/parsing).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import Words, findings, subjects, table_name
from expectations.registry import Rule
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import edition


def edition_expected(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """The edition found in a table is the one in force for the report year."""
    years = facts.reports["report_year"].drop_nulls().unique().to_list()
    editions = {year: found.code for year in years if (found := form.expected_edition(year)) is not None}
    for table in rule.tables:
        expected = pl.col("report_year").replace_strict(editions, default=None, return_dtype=pl.String)
        frame = subjects(rule, facts, table).with_columns(scope=pl.lit(table, SCOPE), expected=expected)
        same = pl.when(pl.col("edition") == pl.col("expected")).then(HOLDS).otherwise(BREAKS)
        known = pl.col("present").fill_null(False) & pl.col("expected").is_not_null()
        judged = frame.with_columns(verdict=pl.when(known).then(same).otherwise(UNKNOWN))
        yield findings(judged.drop("table_code"), rule, table, _edition_words(table))


def _edition_words(table: str) -> Words:
    return lambda language: {
        "table": table_name(table, language), "year": pl.col("report_year").cast(pl.String),
        "edition": edition(pl.col("edition"), language), "expected": edition(pl.col("expected"), language),
    }
