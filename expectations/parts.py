"""The gate over a whole report year, a part of its reports at a time, so that its size does not decide the memory.

Belongs here: cutting a year into parts, and what is kept of each: the tables that go on, written aside, and the little
that the suites and checks need. Does not: judging (judging.py), deciding (gate.py), Dagster (assets/quarantine).

What a rule says of other reports is found beforehand, over all of them (neighbours.py), so the parts together are the
whole; a test holds them to it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import polars as pl

from assets.lake import ACCEPTED_CELLS, FINDINGS, QUARANTINED_TABLES, TABLE_STATES, VERDICT_COUNTS, LakeTable
from assets.lake_files import Aside, LakeParts
from expectations.evidence import evidence
from expectations.gate import Decisions, accepted_cells, decide
from expectations.neighbours import Neighbours
from expectations.shown import shown
from expectations.verdicts import Verdicts, added

ID = "report_version_id"
# Reports judged together: 3.4 million cells, and two such parts are in memory. Larger ones are no faster.
PART = 17_000
# Reports whose accepted cells are written together: of these cells every column is read.
WRITTEN = 3_000
# Of a cell all but what only readers of the marts need.
JUDGED = (ID, "cell_code", "edition", "value", "state", "printed_text")

Span = tuple[pl.Expr, pl.DataFrame]
Judged = TypeVar("Judged")


@dataclass(frozen=True)
class Part:
    """Some reports of a year: their rows of the lake's REPORTS, CELLS, OBSERVATIONS (all of them) and CLAIMS."""

    reports: pl.DataFrame
    cells: pl.LazyFrame
    observations: pl.DataFrame
    claims: pl.DataFrame


@dataclass(frozen=True)
class Year:
    """All reports of a year, of which only parts are ever read.

    reports: the lake's REPORTS. cells: CELLS, best as a scan of their file. observations: OBSERVATIONS, those of
    parsing and of normalizing together. claims: CLAIMS. around: what other reports say, found for all of `reports`.
    """

    reports: pl.DataFrame
    cells: pl.LazyFrame
    observations: pl.LazyFrame
    claims: pl.LazyFrame
    around: Neighbours

    def whole(self) -> Part:
        """Return everything at once, as suits few reports."""
        return Part(self.reports, self.cells, self.observations.collect(), self.claims.collect())


# Completes what the gate decided on a part: its verdicts, and the frames of other lake tables by name.
Complete = Callable[[Decisions, Part], tuple[Verdicts, Mapping[str, pl.DataFrame]]]
OF_VERDICTS = (FINDINGS, VERDICT_COUNTS)


@dataclass(frozen=True)
class JudgedYear:
    """What became of all reports of a year.

    tables: FINDINGS, VERDICT_COUNTS, the lake tables asked for and ACCEPTED_CELLS, by name, to be read part by part.
    broken: the findings, without their messages. table_states, quarantined_tables: whole.
    shown, tally: what the suites read (shown.py).
    """

    tables: dict[str, LakeParts]
    broken: pl.DataFrame
    table_states: pl.DataFrame
    quarantined_tables: pl.DataFrame
    shown: pl.DataFrame
    tally: pl.DataFrame


@contextmanager
def loading(module: str) -> Iterator[Callable[[], ModuleType]]:
    """Import a module that takes seconds to import while something else is done; the function given waits for it."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(import_module, module).result


def gate_in_parts(
    year: Year, complete: Complete, tables: Iterable[LakeTable], aside: Path, size: int = PART
) -> JudgedYear:
    """Judge all reports of a year, `size` at a time.

    Args:
        year: the reports.
        complete: makes of the gate's result the last verdicts and the rows of `tables`.
        tables: what is put aside beside the verdicts, TABLE_STATES and QUARANTINED_TABLES among it.
        aside: an empty folder for what is too large to be kept in memory; it must stay until `tables` are read.
        size: how many reports are judged together.

    Raises:
        EvidenceError: the frames do not fit together.
    """
    asides = [Aside(aside / table.name, table) for table in (*OF_VERDICTS, *tables)]
    broken, frames, tallies = [], [], []
    for judged, part in _two_at_a_time(partial(_judged, year), _spans(year.reports, size)):
        verdicts, completed = complete(judged, part)
        rows = {FINDINGS.name: verdicts.broken, VERDICT_COUNTS.name: verdicts.counts(), **completed}
        for kept in asides:
            kept.add(rows[kept.table.name])
        broken.append(verdicts.broken.select(ID, "table_code", "rule", "scope", "severity"))
        frames.append(shown(judged.facts, verdicts))
        tallies.append(verdicts.tally())
    written: dict[str, LakeParts] = {kept.table.name: kept for kept in asides}
    states, held = written[TABLE_STATES.name], written[QUARANTINED_TABLES.name]
    written[ACCEPTED_CELLS.name] = _Accepted(year, states, size)
    return JudgedYear(written, pl.concat(broken), states.read(), held.read(), pl.concat(frames), added(tallies))


class _Accepted(LakeParts):
    """The accepted cells, taken out of all cells when they are written: sooner than to keep them aside."""

    def __init__(self, year: Year, states: LakeParts, size: int) -> None:
        super().__init__(ACCEPTED_CELLS)
        self._of = year, states, size

    def __iter__(self) -> Iterator[pl.DataFrame]:
        year, states, size = self._of
        for (own, reports), of_part in zip(_spans(year.reports, size), states, strict=True):
            for fewer, _ in _spans(reports, WRITTEN):
                yield accepted_cells(year.cells.filter(own, fewer).collect(), of_part.filter(fewer))


def _judged(year: Year, span: Span) -> tuple[Decisions, Part]:
    own, reports = span
    observations, claims = (frame.filter(own).collect() for frame in (year.observations, year.claims))
    part = Part(reports, year.cells.filter(own), observations, claims)
    # The cells as they were read are not kept: arranged they take half the memory.
    facts = evidence(part.cells.select(JUDGED).collect(), part.observations, reports, part.claims, year.around)
    return decide(facts, reports), part


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
    for start in range(0, max(ordered.height, 1), size):
        first = None if start == 0 else ordered[ID][start]
        behind = ordered[ID][start + size] if start + size < ordered.height else None
        own = pl.lit(True) if first is None else pl.col(ID) >= first
        own = own if behind is None else own & (pl.col(ID) < behind)
        yield own, ordered[start : start + size]
