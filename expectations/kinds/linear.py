"""Linear rules: the sum of some cells against the sum of others.

Belongs here: sums of cells, compared. Does not: which cells (the registry).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import ID, Words, by_edition, findings, place_name, table_name
from expectations.registry import Identity, Rule, identities_of
from expectations.verdicts import BREAKS, SCOPE, VERDICT, Verdicts
from expectations.wording import number, signed, terms

NAMES = pl.Series(VERDICT.categories, dtype=VERDICT)
CODES = {name: place for place, name in enumerate(VERDICT.categories)}
RELATIONS = {"equal": np.equal, "at_most": np.less_equal, "at_least": np.greater_equal}


def linear(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Each identity of the rule, on every report whose table is of its edition."""
    for table in rule.tables:
        for code, ids in by_edition(rule, facts, table):
            yield from _judged(rule, identities_of(rule, table, code), facts, ids[ID].to_physical().to_numpy())


def _judged(
    rule: Rule, identities: Sequence[Identity], facts: Evidence, reports: np.ndarray
) -> Iterable[Verdicts]:
    """Judge the reports at these places; only the few that break are looked at identity by identity, for the words.

    Sums are added up as arrays: an expression of twenty cells is slower to plan than these are to add.
    """
    sides = [tuple(_sum(side, facts, reports) for side in (one.left, one.right)) for one in identities]
    verdicts = [_verdicts(one, *both) for one, both in zip(identities, sides, strict=True)]
    yield _silent(rule, identities, facts, reports, sides, verdicts)
    for one, (left, right), verdict in zip(identities, sides, verdicts, strict=True):
        broken = np.flatnonzero(verdict == CODES["breaks"])
        if broken.size:
            rows = facts.wide.select(ID, *dict.fromkeys((*one.left, *one.right)))[reports[broken]].with_columns(
                left=pl.Series(left[broken]), right=pl.Series(right[broken]), scope=pl.lit(one.scope, SCOPE),
                verdict=BREAKS,
            )
            yield findings(rows, rule, one.table, _words(rule, one))


def _sum(cells: Sequence[str], facts: Evidence, reports: np.ndarray) -> np.ndarray:
    """The sum of some cells of each report: NaN where one of them holds no number, 0 where there is none to add."""
    total = np.zeros(len(reports))
    for cell in cells:
        total += facts.figures[cell][reports]
    return total


def _verdicts(identity: Identity, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The verdict on each report as its place among the categories of VERDICT."""
    true = RELATIONS[identity.relation](left, right)
    known = ~(np.isnan(left) | np.isnan(right))
    return np.select([~known, true], [CODES["unknown"], CODES["holds"]], CODES["breaks"])


def _silent(
    rule: Rule, identities: Sequence[Identity], facts: Evidence, reports: np.ndarray,
    sides: Sequence[tuple[np.ndarray, ...]], verdicts: Sequence[np.ndarray],
) -> Verdicts:
    """What holds or is unknown, of all identities together."""
    kept = [verdict != CODES["breaks"] for verdict in verdicts]
    numbers = np.repeat(np.arange(len(identities)), [int(one.sum()) for one in kept])
    scopes = pl.Series([one.scope for one in identities], dtype=SCOPE)
    rows = pl.DataFrame({
        ID: facts.reports[ID].gather(np.concatenate([reports[one] for one in kept])),
        "scope": scopes.gather(numbers),
        "verdict": NAMES.gather(np.concatenate([v[one] for v, one in zip(verdicts, kept, strict=True)])),
        **{
            side: pl.Series(np.concatenate([both[place][one] for both, one in zip(sides, kept, strict=True)]),
                            nan_to_null=True)
            for place, side in enumerate(("left", "right"))
        },
    })
    return findings(rows, rule, identities[0].table, lambda language: {})


def _words(rule: Rule, identity: Identity) -> Words:
    return lambda language: {
        "table": table_name(identity.table, language), "scope": place_name(identity.scope, language),
        "left_terms": _terms(rule.scope, identity.left, language),
        "right_terms": _terms(rule.scope, identity.right, language),
        "left": number(pl.col("left")), "right": number(pl.col("right")),
        "difference": signed(pl.col("left") - pl.col("right")),
    }


@cache
def _terms(scope: str, codes: tuple[str, ...], language: str) -> pl.Expr:
    """Kept, for it takes as long to write this down as to compute it."""
    cells = {code: form.cell(code) for code in codes}
    parts = {code: cell.line if scope == "column" else cell.column for code, cell in cells.items()}
    return terms({code: part.zh if language == "zh" else part.en for code, part in parts.items()}, language)
