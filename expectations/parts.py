"""The gate over a whole report year, a part of its reports at a time, so that its size does not decide the memory.

Belongs here: cutting a year into parts, and what is kept of each: the tables that go on, written aside, and the little
that the suites and checks need. Does not: judging (judging.py), deciding (gate.py), Dagster (assets/quarantine).

What a rule says of other reports is found beforehand, over all of them (neighbours.py), so the parts together are the
whole; a test holds them to it.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from types import ModuleType

import polars as pl

from assets.lake import ACCEPTED_CELLS, FINDINGS, QUARANTINED_TABLES, TABLE_STATES, VERDICT_COUNTS, LakeTable
from assets.lake_files import Aside, LakeParts
from expectations.evidence import evidence
from expectations.gate import Decisions, accepted_cells, decide
from expectations.neighbours import Neighbours
from expectations.shown import shown
from expectations.verdicts import Verdicts, added

ID = "report_version_id"
# Reports judged together: 3 million cells. A part costs a second whatever its size.
PART = 15_000
# Fewer are judged sooner than another process has started.
LEAST = 3_000
# Processes that judge; each has a part in memory, and half a gigabyte beside it.
WORKERS = min(4, os.cpu_count() or 1)
# Reports whose accepted cells are written together: of these cells every column is read.
WRITTEN = 3_000
# Of a cell all but what only readers of the marts need.
JUDGED = (ID, "cell_code", "table_code", "edition", "value", "state", "printed_text")

Span = tuple[pl.Expr, pl.DataFrame]


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

    def alone(self) -> Year:
        """Return the same reports without what others say, to be sent to another process."""
        return replace(self, around=Neighbours())

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
    year: Year, complete: Complete, tables: Iterable[LakeTable], aside: Path, size: int | None = None,
    workers: int = WORKERS,
) -> JudgedYear:
    """Judge all reports of a year, part by part.

    Args:
        year: the reports.
        complete: makes of the gate's result the last verdicts and the rows of `tables`; it must bear pickling.
        tables: what is put aside beside the verdicts, TABLE_STATES and QUARANTINED_TABLES among it.
        aside: an empty folder for what is too large to be kept in memory; it must stay until `tables` are read.
        size: how many reports are judged together; by default as many as give each worker its share, if that is enough
            to be worth a process and not too much for the memory.
        workers: how many processes share several parts.

    Raises:
        EvidenceError: the frames do not fit together.
    """
    size = size or min(PART, max(LEAST, -(-year.reports.height // workers)))
    asides = tuple(Aside(aside / table.name, table) for table in (*OF_VERDICTS, *tables))
    judge = _Judge(year.alone(), complete, asides)
    parts = [_Numbered(number, own, of_part) for number, (own, of_part) in enumerate(_spans(year.reports, size))]
    kept = list(_shared_out(judge, parts, year.around, workers))
    written: dict[str, LakeParts] = {one.table.name: one for one in asides}
    states, held = written[TABLE_STATES.name], written[QUARANTINED_TABLES.name]
    written[ACCEPTED_CELLS.name] = _Accepted(year, states, size)
    return JudgedYear(
        written, pl.concat(one.broken for one in kept), states.read(), held.read(),
        pl.concat(one.shown for one in kept), added(one.tally for one in kept),
    )


@dataclass(frozen=True)
class _Numbered:
    """Some reports of a year: which ids are theirs, and their rows of REPORTS."""

    number: int
    own: pl.Expr
    reports: pl.DataFrame


@dataclass(frozen=True)
class _Kept:
    """What is kept in memory of a judged part."""

    broken: pl.DataFrame
    shown: pl.DataFrame
    tally: pl.DataFrame


@dataclass(frozen=True)
class _Judge:
    """Judges parts of a year, in whatever process, and puts their tables aside."""

    year: Year
    complete: Complete
    asides: tuple[Aside, ...]

    def __call__(self, part: _Numbered, around: Neighbours) -> _Kept:
        observations, claims = (f.filter(part.own).collect() for f in (self.year.observations, self.year.claims))
        read = Part(part.reports, self.year.cells.filter(part.own), observations, claims)
        # The cells as they were read are not kept: arranged they take half the memory.
        facts = evidence(read.cells.select(JUDGED).collect(), observations, part.reports, claims, around)
        verdicts, completed = self.complete(decide(facts, part.reports), read)
        rows = {FINDINGS.name: verdicts.broken, VERDICT_COUNTS.name: verdicts.counts(), **completed}
        for aside in self.asides:
            aside.put(part.number, rows[aside.table.name])
        broken = verdicts.broken.select(ID, "table_code", "rule", "scope", "severity")
        return _Kept(broken, shown(facts, verdicts), verdicts.tally())


def _shared_out(judge: _Judge, parts: Sequence[_Numbered], around: Neighbours, workers: int) -> Iterator[_Kept]:
    """Judge parts on other processes, for threads would take turns at Python; a single part is judged here."""
    if len(parts) == 1 or workers == 1:
        yield from (judge(part, around.filter(part.own)) for part in parts)
        return
    # Spawned, not forked: polars keeps threads, which do not survive a fork.
    with ProcessPoolExecutor(workers, get_context("spawn"), _end_with_parent) as pool:
        running: deque[Future[_Kept]] = deque()
        for part in parts:
            running.append(pool.submit(judge, part, around.filter(part.own)))
            # What lies beside the reports is sent when a process is about to need it, not all at once.
            if len(running) > workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _end_with_parent() -> None:
    """Leave no process behind whose parent was killed."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


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
