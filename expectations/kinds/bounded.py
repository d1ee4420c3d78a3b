"""Rules that bound a cell by what is known of the report: its organ's level or powers, the wording of its prose.

Belongs here: cells against bounds that an observation calls for. Does not: bounds by other cells (linear.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from expectations.evidence import Evidence
from expectations.kinds.common import ID, findings, only_value, scope_name, subjects, table_name
from expectations.registry import Rule
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import fact, number


def cell_bounded(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Each of the rule's `cells` lies within the `bounds` whose observation is the report's; all must be known."""
    bounds: list[Mapping[str, Any]] = rule.parameters["bounds"]
    for table in rule.tables:
        own = subjects(rule, facts, table).select(ID)
        for bound in bounds:
            own = own.join(only_value(facts, bound["fact"]), on=ID, how="left")
        for cell in rule.parameters["cells"]:
            if not cell.startswith(f"{table}."):
                continue
            printed = _printed(facts, cell)
            yield _judged(rule, table, cell, own.join(printed, on=ID, how="inner"))


def _printed(facts: Evidence, cell: str) -> pl.DataFrame:
    return facts.cells.filter(cell_code=cell).select(ID, pl.col("value").alias("left"))


def _judged(rule: Rule, table: str, cell: str, frame: pl.DataFrame) -> Verdicts:
    bounds: list[Mapping[str, Any]] = rule.parameters["bounds"]
    beyond = [_beyond(bound) for bound in bounds]
    known = pl.all_horizontal(pl.col("left", *(bound["fact"] for bound in bounds)).is_not_null())
    broken = pl.any_horizontal(beyond).fill_null(False)
    verdict = pl.when(broken).then(BREAKS).when(known).then(HOLDS).otherwise(UNKNOWN)
    pairs = list(zip(beyond, bounds, strict=True))
    judged = frame.with_columns(
        scope=pl.lit(cell, SCOPE), verdict=verdict,
        right=pl.coalesce(pl.when(over).then(pl.lit(float(bound["limit"]))) for over, bound in pairs),
        reason=pl.coalesce(pl.when(over).then(pl.col(bound["fact"])) for over, bound in pairs),
    )

    def words(language: str) -> Mapping[str, pl.Expr]:
        return {
            "table": table_name(table, language), "scope": scope_name(language), "value": number(pl.col("left")),
            "limit": number(pl.col("right")), "reason": fact(pl.col("reason"), language),
        }

    return findings(judged, rule, table, words)


def _beyond(bound: Mapping[str, Any]) -> pl.Expr:
    """Whether the cell lies beyond a bound that is the report's; one for whole numbers leaves others alone."""
    left = pl.col("left")
    over: pl.Expr = pl.col(bound["fact"]).is_in(bound["of"]) & (left > float(bound["limit"]))
    return over & (left == left.floor()) if bound.get("whole") else over
