"""The rule on how few changed cells would satisfy the identities of a table.

Belongs here: whether a repair is needed, and what was found of repairs. Does not: searching for repairs.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from expectations.evidence import Evidence
from expectations.kinds.common import ID, Words, by_edition, compared, findings, sum_of, table_name
from expectations.registry import Identity, Rule, identities_of, load_registry
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import number

FACT = "minimal_repairs"
# How many repairs there are, and how many cells each changes.
VALUE = r"^(\d+) of (\d+)$"


def minimal_repairs(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """No identity of the rule's `rules` breaks; one that does breaks this rule once the smallest repairs are found."""
    for table in rule.tables:
        for code, ids in by_edition(rule, facts, table):
            identities = [one for name in rule.parameters["rules"] for one in identities_of(_rule(name), table, code)]
            closed = facts.wide.join(ids, on=ID, how="semi").select(
                ID, closed=pl.all_horizontal(_closes(one) for one in identities)
            )
            frame = closed.join(_found(facts, table), on=ID, how="left").with_columns(
                scope=pl.lit(table, SCOPE), verdict=_verdict()
            )
            yield findings(frame, rule, table, _words(table))


def _rule(code: str) -> Rule:
    return next(rule for rule in load_registry() if rule.code == code)


def _closes(identity: Identity) -> pl.Expr:
    return compared(identity.relation, sum_of(identity.left), sum_of(identity.right))


def _found(facts: Evidence, table: str) -> pl.DataFrame:
    seen = facts.observations.filter(fact=FACT, table_code=table)
    number_of = pl.col("value").str.extract_groups(VALUE)
    return seen.select(
        ID, repairs=number_of.struct.field("1").cast(pl.Float64), left=number_of.struct.field("2").cast(pl.Float64)
    )


def _verdict() -> pl.Expr:
    found = pl.col("repairs").is_not_null() & pl.col("left").is_not_null()
    broken = ~pl.col("closed") & found
    return pl.when(pl.col("closed")).then(HOLDS).when(broken).then(BREAKS).otherwise(
        UNKNOWN
    )


def _words(table: str) -> Words:
    return lambda language: {
        "table": table_name(table, language), "repairs": number(pl.col("repairs")), "cells": number(pl.col("left")),
    }
