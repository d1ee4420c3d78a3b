"""The gate over a whole report year, a part of its reports at a time, so that its size does not decide the memory.

Belongs here: cutting a year into parts, and what is kept of each: the tables that go on, written aside, and the little
that the suites and checks need. Does not: judging (judging.py), deciding (gate.py), Dagster (assets/quarantine).

No rule of a report looks at another one, so the parts together are the whole; a test holds them to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import polars as pl

from assets.lake import ACCEPTED_CELLS, FINDINGS, QUARANTINED_TABLES, TABLE_STATES
from assets.lake_files import Aside, LakeParts
from expectations.evidence import evidence
from expectations.gate import Decisions, accepted_cells, decide
from expectations.shown import added, shown, tally

ID = "report_version_id"
# Reports judged together: 1.6 million cells, and two such parts are in memory. Larger parts are hardly faster.
PART = 8_000
# Of a cell all but what only readers of the marts need.
JUDGED = (
    ID, "cell_code", "table_code", "line_code", "column_code", "edition", "value", "state", "printed_text",
)

Span = tuple[pl.Expr, pl.DataFrame]
Judged = TypeVar("Judged")


@dataclass(frozen=True)
class JudgedYear:
    """What the gate decided on all reports of a year.

    tables: findings, table_states, quarantined_tables and accepted_cells, by name, each to be read part by part.
    breaks: the findings that break, without their messages. table_states, quarantined_tables: whole.
    shown, tally: what the suites read (shown.py).
    """

    tables: dict[str, LakeParts]
    breaks: pl.DataFrame
    table_states: pl.DataFrame
    quarantined_tables: pl.DataFrame
    shown: pl.DataFrame
    tally: pl.DataFrame


def gate_in_parts(
    cells: pl.LazyFrame, observations: pl.LazyFrame, reports: pl.DataFrame, aside: Path, size: int = PART
) -> JudgedYear:
    """Judge all reports, `size` at a time.

    Args:
        cells: the lake's CELLS, best as a scan of their file.
        observations: the lake's OBSERVATIONS, those of parsing and of normalizing together.
        reports: the lake's REPORTS.
        aside: an empty folder for what is too large to be kept in memory; it must stay until `tables` are read.
        size: how many reports are judged together.

    Raises:
        EvidenceError: the frames do not fit together.
    """
    asides = [Aside(aside / table.name, table) for table in (FINDINGS, TABLE_STATES, QUARANTINED_TABLES)]
    breaks, frames, tallies = [], [], []
    needed = cells.select(JUDGED)
    for judged, of_part in _two_at_a_time(partial(_judged, needed, observations), _spans(reports, size)):
        for kept in asides:
            kept.add(getattr(judged, kept.table.name))
        breaks.append(_breaks(judged))
        frames.append(of_part)
        tallies.append(tally(judged.findings))
    tables: dict[str, LakeParts] = {kept.table.name: kept for kept in asides}
    states, held = tables[TABLE_STATES.name], tables[QUARANTINED_TABLES.name]
    tables[ACCEPTED_CELLS.name] = _Accepted(cells, reports, states, size)
    return JudgedYear(tables, pl.concat(breaks), states.read(), held.read(), pl.concat(frames), added(tallies))


class _Accepted(LakeParts):
    """The accepted cells, taken out of all cells when they are written: sooner than to keep them aside."""

    def __init__(self, cells: pl.LazyFrame, reports: pl.DataFrame, states: LakeParts, size: int) -> None:
        super().__init__(ACCEPTED_CELLS)
        self._of = cells, reports, states, size

    def __iter__(self) -> Iterator[pl.DataFrame]:
        cells, reports, states, size = self._of
        for (own, _), of_part in zip(_spans(reports, size), states, strict=True):
            yield accepted_cells(cells.filter(own).collect(), of_part)


def _breaks(judged: Decisions) -> pl.DataFrame:
    return judged.findings.filter(verdict="breaks").select(ID, "table_code", "rule", "scope", "severity")


def _judged(cells: pl.LazyFrame, observations: pl.LazyFrame, span: Span) -> tuple[Decisions, pl.DataFrame]:
    own, reports = span
    facts = evidence(cells.filter(own).collect(), observations.filter(own).collect(), reports)
    judged = decide(facts, reports)
    return judged, shown(facts, judged.findings)


def _two_at_a_time(judge: Callable[[Span], Judged], spans: Iterable[Span]) -> Iterator[Judged]:
    """Yield what becomes of each span, in order; half of the work keeps only one core busy."""
    with ThreadPoolExecutor(2) as pool:
        running: deque[Future[Judged]] = deque()
        for span in spans:
            running.append(pool.submit(judge, span))
            if len(running) == 2:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _spans(reports: pl.DataFrame, size: int) -> Iterator[Span]:
    """Yield consecutive reports and which ids are theirs.

    Between them the spans cover every id there can be, so that a cell without a report comes to light in one of them.
    """
    ordered = reports.sort(ID)
    for start in range(0, max(reports.height, 1), size):
        first = None if start == 0 else ordered[ID][start]
        behind = ordered[ID][start + size] if start + size < reports.height else None
        own = pl.lit(True) if first is None else pl.col(ID) >= first
        own = own if behind is None else own & (pl.col(ID) < behind)
        yield own, ordered[start : start + size]
