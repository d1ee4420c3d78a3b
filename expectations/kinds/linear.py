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
from expectations.kinds.common import ID, Words, by_edition, findings, scope_name, table_name
from expectations.registry import Identity, Rule, identities_of
from expectations.verdicts import BREAKS, SCOPE, VERDICT, Verdicts
from expectations.wording import LANGUAGES, number, signed, terms

NAMES = pl.Series(VERDICT.categories, dtype=VERDICT)
CODES = {name: place for place, name in enumerate(VERDICT.categories)}
SIDES = ("left", "right")
RELATIONS = {"equal": np.equal, "at_most": np.less_equal, "at_least": np.greater_equal}


def linear(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Each identity of the rule, on every report whose table is of its edition."""
    for table in rule.tables:
        for code, ids in by_edition(rule, facts, table):
            yield from _judged(rule, identities_of(rule, table, code), facts, ids[ID].to_physical().to_numpy())


def _judged(rule: Rule, identities: Sequence[Identity], facts: Evidence, reports: np.ndarray) -> Iterable[Verdicts]:
    """Judge the reports at these places; only those that break are put into words.

    Sums are added up as arrays: an expression of twenty cells is slower to plan than these are to add.
    """
    sides = [tuple(_sum(side, facts, reports) for side in (one.left, one.right)) for one in identities]
    verdicts = [_verdicts(one, *both) for one, both in zip(identities, sides, strict=True)]
    yield _silent(rule, identities, facts, reports, sides, verdicts)
    alike: dict[tuple[tuple[str, ...], ...], list[tuple[Identity, np.ndarray]]] = {}
    for one, verdict in zip(identities, verdicts, strict=True):
        broken = reports[verdict == CODES["breaks"]]
        if broken.size:
            words = tuple(_labels(rule.scope, side, lang) for side in (one.left, one.right) for lang in LANGUAGES)
            alike.setdefault(words, []).append((one, broken))
    for same_words in alike.values():
        yield _broken(rule, same_words, facts)


def _broken(rule: Rule, same_words: Sequence[tuple[Identity, np.ndarray]], facts: Evidence) -> Verdicts:
    """What breaks identities that differ in their place alone, as of the same lines in several columns."""
    first, table = same_words[0][0], same_words[0][0].table
    cells = {
        _term(side, place): np.concatenate([facts.figures[getattr(one, side)[place]][rows] for one, rows in same_words])
        for side in SIDES for place in range(len(getattr(first, side)))
    }
    sums = {
        side: np.concatenate([_sum(getattr(one, side), facts, rows) for one, rows in same_words]) for side in SIDES
    }
    scopes = pl.Series([one.scope for one, _ in same_words])
    numbers = np.repeat(np.arange(len(same_words)), [rows.size for _, rows in same_words])
    rows = pl.DataFrame({
        ID: facts.reports[ID].gather(np.concatenate([rows for _, rows in same_words])), "scope": scopes.gather(numbers),
        **cells, **sums,
    }).with_columns(verdict=BREAKS)
    return findings(rows, rule, table, _words(rule, first))


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
        "table": table_name(identity.table, language), "scope": scope_name(language),
        **{f"{side}_terms": _terms(rule, identity, side, language) for side in SIDES},
        "left": number(pl.col("left")), "right": number(pl.col("right")),
        "difference": signed(pl.col("left") - pl.col("right")),
    }


def _terms(rule: Rule, identity: Identity, side: str, language: str) -> pl.Expr:
    labels = _labels(rule.scope, getattr(identity, side), language)
    return terms({_term(side, place): label for place, label in enumerate(labels)}, language)


def _term(side: str, place: int) -> str:
    return f"{side}_{place}"


@cache
def _labels(scope: str, codes: tuple[str, ...], language: str) -> tuple[str, ...]:
    cells = [form.cell(code) for code in codes]
    parts = [cell.line if scope == "column" else cell.column for cell in cells]
    return tuple(part.zh if language == "zh" else part.en for part in parts)
