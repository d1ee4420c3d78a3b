"""What rules say of many reports: the breaks as rows of the lake, all else in a few bytes each.

Belongs here: keeping, joining, counting and spelling out verdicts. Does not: reaching them (kinds/), what follows from
them (gate.py).

Of a hundred and fifty verdicts on a report nearly all hold or are unknown. They are needed as counts only, so they are
kept without messages and with every text as a number.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
import polars as pl

from assets.form import cells as form
from assets.lake import FINDINGS, VERDICT_COUNTS
from expectations.registry import DOCUMENT, SEVERITIES, VERDICTS, load_registry

ID = "report_version_id"
# "breaks" comes before "holds": the least verdict that is known of a table is its worst.
VERDICT = pl.Enum(sorted(VERDICTS))
RULE = pl.Enum(sorted(rule.code for rule in load_registry()))
TABLE = pl.Enum(sorted((*form.table_codes(), DOCUMENT)))
SEVERITY = pl.Enum(SEVERITIES)
SCOPE = pl.Categorical()
HOLDS, BREAKS, UNKNOWN = (pl.lit(name, VERDICT) for name in ("holds", "breaks", "unknown"))
PAIRS = len(RULE.categories) * len(TABLE.categories)
COUNTED = ("table_code", "rule", "scope", "severity", "verdict")


@dataclass(frozen=True)
class Verdicts:
    """Verdicts of rules on reports.

    broken: the breaks, with the columns of the lake's FINDINGS. silent: what holds or is unknown: report_version_id (an
    Enum of the reports that were judged), table_code (DOCUMENT where a finding has none), rule, scope, severity,
    verdict, left, right.
    """

    broken: pl.DataFrame
    silent: pl.DataFrame

    def findings(self) -> pl.DataFrame:
        """Return every verdict as a finding: the lake's FINDINGS, and rows like them of what holds or is unknown."""
        table = pl.col("table_code").cast(pl.String)
        spelled = self.silent.with_columns(
            pl.when(table != DOCUMENT).then(table).alias("table_code"), difference=pl.col("left") - pl.col("right"),
            message_zh=pl.lit(None, pl.String), message_en=pl.lit(None, pl.String),
        ).select(pl.col(name).cast(kind) for name, kind in FINDINGS.columns.items())
        return FINDINGS.sort(pl.concat([self.broken, spelled]))

    def of(self, rules: Collection[str], *, others: bool = False) -> Verdicts:
        """Return the verdicts of some rules, or those of all others."""
        own = pl.col("rule").cast(pl.String).is_in(list(rules))
        wanted = ~own if others else own
        return Verdicts(self.broken.filter(wanted), self.silent.filter(wanted))

    def tally(self) -> pl.DataFrame:
        """Return how many verdicts (`reports`) there are of each table, rule, scope, severity and kind of verdict."""
        counted = [
            frame.group_by(COUNTED).agg(reports=pl.len().cast(pl.Int64)).select(
                _table_or_null(), *(pl.col(name).cast(pl.String) for name in COUNTED[1:]), "reports"
            )
            for frame in (self.silent, self.broken)
        ]
        return added(counted)

    def counts(self) -> pl.DataFrame:
        """Return the lake's VERDICT_COUNTS: how many verdicts of each kind a rule gave on each table of each report."""
        ids = cast(pl.Enum, self.silent.schema[ID])
        broken = self.broken.select(
            pl.col(ID).cast(ids), pl.col("rule").cast(RULE), pl.col("table_code").fill_null(DOCUMENT).cast(TABLE),
            pl.col("verdict").cast(VERDICT),
        )
        places = [_places(rows) for rows in (self.silent, broken)]
        # Of all pairs of a rule and a table most do not occur: only those that do are counted.
        pairs = np.flatnonzero(sum(np.bincount(pair, minlength=PAIRS) for _, pair, _ in places))
        position = np.zeros(PAIRS, dtype=np.int64)
        position[pairs] = np.arange(pairs.size)
        shape = (len(VERDICT.categories), len(ids.categories), pairs.size)
        counted = sum(
            np.bincount((verdict * shape[1] + report) * shape[2] + position[pair], minlength=math.prod(shape))
            for report, pair, verdict in places
        )
        of_kind = np.reshape(counted, shape)
        report, found = np.nonzero(of_kind.any(axis=0))
        rule, table = np.divmod(pairs[found], len(TABLE.categories))
        keys = {
            name: kind.categories.gather(place)
            for name, kind, place in ((ID, ids, report), ("rule", RULE, rule), ("table_code", TABLE, table))
        }
        numbers = {name: of_kind[place, report, found] for place, name in enumerate(VERDICT.categories)}
        return VERDICT_COUNTS.sort(VERDICT_COUNTS.conform(pl.DataFrame(keys | numbers)))


def added(tallies: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the tallies of several parts as one."""
    return pl.concat(tallies).group_by(COUNTED).agg(pl.col("reports").sum()).sort(COUNTED)


def nothing(ids: pl.Enum) -> Verdicts:
    """Return no verdict at all on reports with these ids."""
    kinds = {
        ID: ids, "table_code": TABLE, "rule": RULE, "scope": SCOPE, "severity": SEVERITY, "verdict": VERDICT,
        "left": pl.Float64(), "right": pl.Float64(),
    }
    return Verdicts(FINDINGS.empty(), pl.DataFrame(schema=kinds))


def joined(ids: pl.Enum, found: Iterable[Verdicts]) -> Verdicts:
    """Return several verdicts on reports with these ids as one, the breaks sorted by their key."""
    every = [nothing(ids), *found]
    return Verdicts(
        FINDINGS.sort(pl.concat([one.broken for one in every])), pl.concat([one.silent for one in every])
    )


def _places(verdicts: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each verdict the place of its report, of its rule and table as one number, and of its kind."""
    report, rule, table, verdict = (
        verdicts[name].to_physical().cast(pl.Int64).to_numpy() for name in (ID, "rule", "table_code", "verdict")
    )
    return report, rule * len(TABLE.categories) + table, verdict


def _table_or_null() -> pl.Expr:
    table = pl.col("table_code").cast(pl.String)
    return pl.when(table != DOCUMENT).then(table).alias("table_code")
