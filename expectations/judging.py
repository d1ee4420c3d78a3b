"""Judges reports: every rule of the registry, on every report at once, three-valued.

Belongs here: running all rules and putting their findings together.
Does not: what the rules are (identities/), how a kind of rule is computed (kinds/), what follows from a verdict
(gate.py), Great Expectations (suites.py).

The rule above all: a verdict of holds or breaks needs every cell and fact the rule speaks of. NULL is never 0.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from expectations.evidence import ALONE, Evidence, evidence
from expectations.kinds import KINDS
from expectations.neighbours import Neighbours
from expectations.registry import Rule, active_rules
from expectations.verdicts import Verdicts, joined


def evaluate(
    cells: pl.DataFrame, observations: pl.DataFrame, reports: pl.DataFrame, rules: tuple[Rule, ...] | None = None,
    claims: pl.DataFrame | None = None,
    around: Neighbours = ALONE,
) -> pl.DataFrame:
    """Judge every report of `reports` by every active rule.

    Args:
        cells: the lake's CELLS of these reports.
        observations: the lake's OBSERVATIONS, those of parsing and of normalizing together.
        reports: the lake's REPORTS.
        rules: the rules to judge by; the active rules of the registry if None.
        claims: the lake's CLAIMS; without them the rules on the prose are unknown.
        around: what other reports say; by default each is judged alone.

    Returns:
        One row per report, rule and scope, also where the rule holds, with the columns of the lake's FINDINGS.

    Raises:
        EvidenceError: the frames do not fit together.
    """
    facts = evidence(cells, observations, reports, claims, around)
    return judge(facts, active_rules() if rules is None else rules).findings()


def judge(facts: Evidence, rules: Iterable[Rule]) -> Verdicts:
    """Judge arranged facts by `rules`."""
    return joined(facts.ids, (found for rule in rules for found in KINDS[rule.kind](rule, facts)))
