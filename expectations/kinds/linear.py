"""Linear rules: the sum of some cells against the sum of others.

Belongs here: sums of cells, compared. Does not: which cells (the registry).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import (
    ID,
    Words,
    by_edition,
    compared,
    findings,
    place_name,
    sum_of,
    table_name,
    verdict_of,
)
from expectations.registry import Identity, Rule, identities_of
from expectations.verdicts import SCOPE, Verdicts
from expectations.wording import number, signed, terms


def linear(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Each identity of the rule, on every report whose table is of its edition."""
    for table in rule.tables:
        for code, ids in by_edition(rule, facts, table):
            identities = identities_of(rule, table, code)
            cells = dict.fromkeys(cell for identity in identities for cell in (*identity.left, *identity.right))
            rows = facts.wide.select(ID, *cells).join(ids, on=ID, how="semi")
            yield from _judged(rule, identities, rows)


def _judged(rule: Rule, identities: Sequence[Identity], rows: pl.DataFrame) -> Iterable[Verdicts]:
    """All sums at once; only the few rows that break are looked at identity by identity, for their messages."""
    sides = rows.select(
        ID, *(sum_of(one.left).alias(f"{n} left") for n, one in enumerate(identities)),
        *(sum_of(one.right).alias(f"{n} right") for n, one in enumerate(identities)),
    )
    judged = pl.concat([
        sides.select(ID, left=f"{n} left", right=f"{n} right", scope=pl.lit(one.scope, SCOPE), verdict=_verdict(n, one))
        for n, one in enumerate(identities)
    ])
    breaks = pl.col("verdict") == "breaks"
    yield findings(judged.filter(~breaks), rule, identities[0].table, lambda language: {})
    broken = judged.filter(breaks)
    for one in identities:
        own = broken.filter(scope=one.scope)
        if not own.is_empty():
            cells = rows.select(ID, *dict.fromkeys((*one.left, *one.right)))
            yield findings(own.join(cells, on=ID), rule, one.table, _words(rule, one))


def _words(rule: Rule, identity: Identity) -> Words:
    return lambda language: {
        "table": table_name(identity.table, language), "scope": place_name(identity.scope, language),
        "left_terms": _terms(rule.scope, identity.left, language),
        "right_terms": _terms(rule.scope, identity.right, language),
        "left": number(pl.col("left")), "right": number(pl.col("right")),
        "difference": signed(pl.col("left") - pl.col("right")),
    }


def _verdict(position: int, identity: Identity) -> pl.Expr:
    return verdict_of(compared(identity.relation, pl.col(f"{position} left"), pl.col(f"{position} right")))


@cache
def _terms(scope: str, codes: tuple[str, ...], language: str) -> pl.Expr:
    """Kept, for it takes as long to write this down as to compute it."""
    cells = {code: form.cell(code) for code in codes}
    parts = {code: cell.line if scope == "column" else cell.column for code, cell in cells.items()}
    return terms({code: part.zh if language == "zh" else part.en for code, part in parts.items()}, language)
