"""What is known of every table that is held back, put together for those who look into it.

Belongs here: completing the gate's result with verdicts, signatures and findings to act on. Pure: frames in and out.
Does not: any of these by itself (breaks.py, verdicts.py, grouping.py), the gate's decisions (expectations/gate.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from assets.lake import CLAIMS, FINDINGS, QUARANTINED_TABLES
from assets.quarantine.breaks import breaks, cells_involved
from assets.quarantine.copies import copied_cells
from assets.quarantine.grouping import signatures
from assets.quarantine.localization import Localization
from assets.quarantine.repairs import (
    SMALLEST,
    Key,
    best_repairs,
    facts_of,
    localized,
    repairs,
    smallest_repairs,
    tables_to_repair,
)
from assets.quarantine.verdicts import HeldTables, verdicts
from expectations.gate import GateResult
from expectations.judging import judge
from expectations.registry import active_rules

ID = "report_version_id"
KEY = [ID, "table_code"]


@dataclass(frozen=True)
class Cases:
    """The gate's result, completed; every frame has the schema of its lake table."""

    findings: pl.DataFrame
    table_states: pl.DataFrame
    quarantined_tables: pl.DataFrame
    accepted_cells: pl.DataFrame
    breaks: pl.DataFrame
    repairs: pl.DataFrame


@dataclass(frozen=True)
class Known:
    """What the gate judged, and what else is known of the same reports.

    cells, reports: the lake's CELLS and REPORTS. observations: OBSERVATIONS, those of parsing and normalizing together.
    printed: PRINTED_TABLES, of the documents with a held table at least. claims: CLAIMS; None where none were sought.
    last_year: report_version_id, column_code and value of what last year's report carried out, where there is one.
    """

    cells: pl.DataFrame
    observations: pl.DataFrame
    reports: pl.DataFrame
    printed: pl.DataFrame
    claims: pl.DataFrame | None = None
    last_year: pl.DataFrame | None = None


def cases(judged: GateResult, known: Known) -> Cases:
    """Complete what the gate decided on the frames of `known`."""
    cells, observations, held = known.cells, known.observations, judged.quarantined_tables
    errors = _errors(judged.findings, held)
    involved = cells_involved(errors, judged.table_states, cells)
    copied = copied_cells(held, cells, observations, known.reports)
    blamed = verdicts(HeldTables(held.select(KEY), errors, involved, cells, observations, known.printed, copied))
    found = _localized(judged, known, errors, copied)
    proposed = repairs(found)
    findings = _with_smallest(judged, smallest_repairs(found))
    rows = held.join(signatures(held, observations), on=KEY, how="left").join(blamed, on=KEY, how="left").join(
        best_repairs(proposed), on=KEY, how="left"
    ).with_columns(pl.col("repair_count").fill_null(0))
    return Cases(
        findings, judged.table_states, _framed(rows), judged.accepted_cells,
        breaks(findings, judged.table_states, cells, known.reports), proposed,
    )


def _localized(
    judged: GateResult, known: Known, errors: pl.DataFrame, copied: pl.DataFrame
) -> dict[Key, Localization]:
    tables = tables_to_repair(errors, known.cells, judged.table_states)
    claims = CLAIMS.empty() if known.claims is None else known.claims
    return localized(tables, facts_of(tables, claims, known.observations, copied, known.last_year))


def _with_smallest(judged: GateResult, observed: pl.DataFrame) -> pl.DataFrame:
    """Judge once more the rules on smallest repairs, which are known only after the sums have been judged."""
    rules = [rule for rule in active_rules() if rule.kind == SMALLEST]
    if not rules or observed.is_empty():
        return judged.findings
    facts = replace(judged.facts, observations=pl.concat([judged.facts.observations, observed]))
    others = judged.findings.filter(~pl.col("rule").is_in([rule.code for rule in rules]))
    return pl.concat([others, judge(facts, rules)]).sort(FINDINGS.key)


def _errors(findings: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    broken = findings.filter(verdict="breaks", severity="error")
    return broken.join(held.select(ID).unique(), on=ID, how="semi")


def _framed(rows: pl.DataFrame) -> pl.DataFrame:
    columns = QUARANTINED_TABLES.columns.items()
    return rows.select(pl.col(name).cast(kind) for name, kind in columns).sort(QUARANTINED_TABLES.key)
