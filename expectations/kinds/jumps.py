"""Rules on figures that change much more against last year than those of nearly all peers.

Belongs here: the change of a cell against the peers' percentile. Does not: finding last year's report (neighbours.py).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import ID, Words, findings, other_report, scope_name, subjects, table_name
from expectations.neighbours import change
from expectations.registry import Rule
from expectations.terms import PREVIOUS
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import number


def jump(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """|ln(now / last year)| of each of the rule's `cells` is at most the `percentile` of all peers of the year.

    Peers are all reports of the year whose cell and whose last year's cell are above 0; fewer than `peers` are unknown.
    """
    percentile, least = float(rule.parameters["percentile"]), int(rule.parameters["peers"])
    limits = facts.around.peers.group_by("report_year", "cell_code").agg(
        pl.col("change").quantile(percentile, "linear").alias("right"), pl.len().alias("peers")
    )
    for table in rule.tables:
        own = subjects(rule, facts, table).select(ID, "report_year")
        for code in rule.parameters["cells"]:
            if form.cell(code).table != table:
                continue
            before = facts.around.of(PREVIOUS).select(
                ID, "other_id", "other_name", "other_year", pl.col(f"{PREVIOUS}:{code}").alias("before")
            )
            frame = own.join(facts.wide.select(ID, pl.col(code).alias("now")), on=ID, how="left").join(
                before, on=ID, how="left"
            ).join(limits.filter(cell_code=code), on="report_year", how="left").with_columns(
                scope=pl.lit(code, SCOPE), left=change(pl.col("now"), pl.col("before"))
            )
            known = pl.col("left").is_not_null() & (pl.col("peers") >= least).fill_null(False)
            within = pl.when(pl.col("left") <= pl.col("right")).then(HOLDS).otherwise(BREAKS)
            judged = frame.with_columns(
                verdict=pl.when(known).then(within).otherwise(UNKNOWN), right=pl.when(known).then("right")
            )
            yield findings(judged, rule, table, _words(table))


def _words(table: str) -> Words:
    return lambda language: {
        "table": table_name(table, language), "scope": scope_name(language), "value": number(pl.col("now")),
        "before": number(pl.col("before")), "times": _times("left"), "limit": _times("right"),
        "peers": pl.col("peers").cast(pl.String), "other": other_report(language),
    }


def _times(column: str) -> pl.Expr:
    """A change as the factor by which a figure became larger or smaller, to one tenth."""
    return pl.col(column).exp().round(1).cast(pl.String)
