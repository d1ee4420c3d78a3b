"""What is known of every table that is held back, put together for those who look into it.

Belongs here: completing the gate's result with verdicts, signatures and findings to act on. Pure: frames in and out.
Does not: any of these by itself (breaks.py, verdicts.py, grouping.py), the gate's decisions (expectations/gate.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from assets.lake import QUARANTINED_TABLES
from assets.quarantine.breaks import breaks, cells_involved
from assets.quarantine.copies import copied_cells
from assets.quarantine.grouping import signatures
from assets.quarantine.verdicts import HeldTables, verdicts
from expectations.gate import GateResult

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


def cases(
    judged: GateResult, cells: pl.DataFrame, observations: pl.DataFrame, reports: pl.DataFrame, printed: pl.DataFrame
) -> Cases:
    """Complete what the gate decided.

    Args:
        judged: the gate's result on the frames that follow.
        cells: the lake's CELLS.
        observations: OBSERVATIONS, those of parsing and of normalizing together.
        reports: REPORTS.
        printed: PRINTED_TABLES, of the documents with a held table at least.
    """
    held = judged.quarantined_tables
    errors = _errors(judged.findings, held)
    involved = cells_involved(errors, judged.table_states, cells)
    copied = copied_cells(held, cells, observations, reports)
    blamed = verdicts(HeldTables(held.select(KEY), errors, involved, cells, observations, printed, copied))
    rows = held.join(signatures(held, observations), on=KEY, how="left").join(blamed, on=KEY, how="left")
    return Cases(
        judged.findings, judged.table_states, _framed(rows), judged.accepted_cells,
        breaks(judged.findings, judged.table_states, cells, reports),
    )


def _errors(findings: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    broken = findings.filter(verdict="breaks", severity="error")
    return broken.join(held.select(ID).unique(), on=ID, how="semi")


def _framed(rows: pl.DataFrame) -> pl.DataFrame:
    nothing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in QUARANTINED_TABLES.columns.items()
        if name not in rows.columns
    ]
    complete = rows.with_columns(nothing)
    return complete.select(
        pl.col(name).cast(kind) for name, kind in QUARANTINED_TABLES.columns.items()
    ).sort(QUARANTINED_TABLES.key)
