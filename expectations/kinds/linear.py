"""Linear rules: the sum of some cells against the sum of others.

Belongs here: sums of cells, compared. Does not: which cells (the registry).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import ID, findings, place_name, subjects, table_name, verdict_of
from expectations.registry import Identity, Rule, identities_of
from expectations.wording import number, signed, terms


def linear(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    """Each identity of the rule, on every report whose table is of its edition."""
    for table in rule.tables:
        own = subjects(rule, facts, table)
        for code in rule.editions:
            ids = own.filter(pl.col("lines_edition") == code).select(ID)
            if ids.is_empty():
                continue
            identities = identities_of(rule, table, code)
            cells = dict.fromkeys(cell for identity in identities for cell in (*identity.left, *identity.right))
            rows = facts.wide.select(ID, *cells).join(ids, on=ID, how="semi")
            yield from (_judged_identity(rule, identity, rows) for identity in identities)


def _judged_identity(rule: Rule, identity: Identity, rows: pl.DataFrame) -> pl.DataFrame:
    left, right = (_sum(side) for side in (identity.left, identity.right))
    frame = rows.select(ID, *identity.left, *identity.right).with_columns(
        pl.lit(identity.scope).alias("scope"), left.alias("left"), right.alias("right")
    ).with_columns(verdict=verdict_of(identity.relation))

    def words(language: str) -> Mapping[str, pl.Expr]:
        return {
            "table": table_name(identity.table, language), "scope": place_name(identity.scope, language),
            "left_terms": _terms(rule.scope, identity.left, language),
            "right_terms": _terms(rule.scope, identity.right, language),
            "left": number(pl.col("left")), "right": number(pl.col("right")),
            "difference": signed(pl.col("left") - pl.col("right")),
        }

    return findings(frame, rule, identity.table, words)


def _sum(cells: tuple[str, ...]) -> pl.Expr:
    return pl.sum_horizontal(cells, ignore_nulls=False) if cells else pl.lit(0.0)


@cache
def _terms(scope: str, codes: tuple[str, ...], language: str) -> pl.Expr:
    """Kept, for it takes as long to write this down as to compute it."""
    cells = {code: form.cell(code) for code in codes}
    parts = {code: cell.line if scope == "column" else cell.column for code, cell in cells.items()}
    return terms({code: part.zh if language == "zh" else part.en for code, part in parts.items()}, language)
