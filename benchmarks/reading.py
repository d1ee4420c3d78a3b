"""How much of what is printed is read right: many made-up reports in every layout that is registered.

Belongs here: typeset, extract, compare, over all cores, and the table of shares. Does not: comparing one document
(tests/typesetting/round_trip.py), damage (corruption.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from time import process_time

from rich.console import Console

from benchmarks.board import Board, Grid, percent
from benchmarks.cores import spread
from tests.typesetting.figures import left_out, made_report
from tests.typesetting.layouts import DESTRUCTIVE, EVERY_LAYOUT, FAMILIES
from tests.typesetting.round_trip import Tally, round_trip, tally

SEED = 2026
# So many documents make one job; small enough that the last jobs end at about the same time.
JOB = 20
# The share of zeros that the second run leaves blank.
BLANK = 0.6
MOST_SHOWN = 12


@dataclass(frozen=True)
class Job:
    """Documents numbered first … last - 1 in one layout; `blank` is the share of zeros that is not printed."""

    layout: str
    first: int
    last: int
    blank: float


def jobs(layouts: Sequence[str], documents: int) -> list[Job]:
    """Return the jobs of a run: every layout without blanks, then every layout with blanks."""
    return [
        Job(layout, first, min(first + JOB, documents), blank)
        for blank in (0.0, BLANK) for layout in layouts for first in range(0, documents, JOB)
    ]


def work(job: Job) -> tuple[Job, Tally, float]:
    """Read the documents of a job; the last figure is seconds of processor time, typesetting included."""
    started = process_time()
    made = (made_report(f"{SEED}/{number}") for number in range(job.first, job.last))
    reports = [left_out(report, SEED, job.blank) if job.blank else report for report in made]
    return job, tally(round_trip(reports, job.layout)), process_time() - started


def run(documents: int, layouts: Sequence[str], cores: int, console: Console) -> Iterator[Board]:
    """Measure `documents` documents per layout, without and with blanks; one board for each family of layouts."""
    for family, names in FAMILIES.items():
        wanted = [name for name in names if name in layouts]
        if wanted:
            yield _board(family, documents, wanted, cores, console)


def _board(family: str, documents: int, layouts: Sequence[str], cores: int, console: Console) -> Board:
    name = f"reading {family}"
    results = spread(work, jobs(layouts, documents), cores, console, name)
    grids, seen = [], []
    for blank, title in ((0.0, "每格都印出 every cell printed"), (BLANK, f"{BLANK:.0%} 的零留空 zeros left blank")):
        rows = []
        for layout in layouts:
            total = _sum([found for job, found, _ in results if (job.layout, job.blank) == (layout, blank)])
            rows.append(_row(layout, total, blank))
            seen += [f"{layout}: {what}" for what in (*total.crashes, *total.wrong, *total.facts)]
        grids.append(Grid(title, COLUMNS, rows))
    remarks = [f"- {line}" for line in seen[:MOST_SHOWN]]
    return Board(name, f"python -m benchmarks reading --documents {documents}", grids, remarks)


COLUMNS = (
    "版式 layout", "文件 documents", "读对 right", "目标 goal", "发布错 WRONG", "目标 goal", "扣留 held",
    "扣留中读错 held, misread", "无数 withheld", "推算 reconstructed", "拒收 refused",
    "事实错 facts wrong", "崩溃 crashed",
)


def _row(layout: str, total: Tally, blank: float) -> list[object]:
    promise = EVERY_LAYOUT[layout].promise
    goal = "—" if blank or layout in DESTRUCTIVE else f"≥ {percent(promise)}"
    return [
        layout, total.documents, percent(total.share_right), goal, len(total.wrong), 0, total.cells["held"],
        total.cells["held_wrong"], total.cells["withheld"], total.reconstructed, total.statuses["refused"],
        len(total.facts), len(total.crashes),
    ]


def _sum(tallies: Sequence[Tally]) -> Tally:
    return reduce(_added, tallies)


def _added(one: Tally, other: Tally) -> Tally:
    return Tally(
        one.documents + other.documents, one.statuses + other.statuses, one.cells + other.cells,
        one.wrong + other.wrong, one.facts + other.facts, one.crashes + other.crashes,
        one.reconstructed + other.reconstructed,
    )
