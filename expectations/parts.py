"""The gate over a whole report year, a part of its reports at a time, so that its size does not decide the memory.

Belongs here: cutting a year into parts, and what is kept of each: the tables that go on, written aside, and the little
that the suites and checks need. Does not: judging (judging.py), deciding (gate.py), Dagster (assets/quarantine).

What a rule says of other reports is found beforehand, over all of them (neighbours.py), so the parts together are the
whole; a test holds them to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.lake import ACCEPTED_CELLS, FINDINGS, QUARANTINED_TABLES, TABLE_STATES
from assets.lake_files import Aside
from expectations.evidence import evidence
from expectations.gate import GateResult, decide
from expectations.neighbours import Neighbours
from expectations.shown import added, shown, tally

ID = "report_version_id"
# Reports judged together: 2.4 million cells, which take about 1 GB at the peak.
PART = 12_000


@dataclass(frozen=True)
class JudgedYear:
    """What the gate decided on all reports of a year.

    tables: findings, table_states, quarantined_tables and accepted_cells, by name, each to be read part by part.
    breaks: the findings that break, without their messages. table_states, quarantined_tables: whole.
    shown, tally: what the suites read (shown.py).
    """

    tables: dict[str, Aside]
    breaks: pl.DataFrame
    table_states: pl.DataFrame
    quarantined_tables: pl.DataFrame
    shown: pl.DataFrame
    tally: pl.DataFrame


def gate_in_parts(
    cells: pl.LazyFrame, observations: pl.LazyFrame, reports: pl.DataFrame, claims: pl.LazyFrame, around: Neighbours,
    aside: Path, size: int = PART,
) -> JudgedYear:
    """Judge all reports, `size` at a time.

    Args:
        cells: the lake's CELLS, best as a scan of their file.
        observations: the lake's OBSERVATIONS, those of parsing and of normalizing together.
        reports: the lake's REPORTS.
        claims: the lake's CLAIMS.
        around: what other reports say, found for all of `reports`.
        aside: an empty folder for what is too large to be kept in memory; it must stay until `tables` are read.
        size: how many reports are judged together.

    Raises:
        EvidenceError: the frames do not fit together.
    """
    tables = {
        table.name: Aside(aside / table.name, table)
        for table in (FINDINGS, TABLE_STATES, QUARANTINED_TABLES, ACCEPTED_CELLS)
    }
    breaks, frames, tallies = [], [], []
    for own_reports, (own_cells, own_observations, own_claims) in _parts(reports, (cells, observations, claims), size):
        facts = evidence(own_cells, own_observations, own_reports, own_claims, around)
        judged = decide(facts, own_cells, own_reports)
        for name, kept in tables.items():
            kept.add(getattr(judged, name))
        breaks.append(_breaks(judged))
        frames.append(shown(facts, judged.findings))
        tallies.append(tally(judged.findings))
    return JudgedYear(
        tables, pl.concat(breaks), tables[TABLE_STATES.name].read(), tables[QUARANTINED_TABLES.name].read(),
        pl.concat(frames), added(tallies),
    )


def _breaks(judged: GateResult) -> pl.DataFrame:
    return judged.findings.filter(verdict="breaks").select(ID, "table_code", "rule", "scope", "severity")


def _parts(
    reports: pl.DataFrame, frames: Sequence[pl.LazyFrame], size: int
) -> Iterator[tuple[pl.DataFrame, list[pl.DataFrame]]]:
    """Yield consecutive reports and their rows of each frame.

    Between them the parts cover every id there can be, so that a cell without a report comes to light in one of them.
    """
    ordered = reports.sort(ID)
    for start in range(0, max(reports.height, 1), size):
        first = None if start == 0 else ordered[ID][start]
        behind = ordered[ID][start + size] if start + size < reports.height else None
        own = pl.lit(True) if first is None else pl.col(ID) >= first
        own = own if behind is None else own & (pl.col(ID) < behind)
        yield ordered[start : start + size], [frame.filter(own).collect() for frame in frames]
