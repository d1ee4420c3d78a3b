"""Whether the wrong cell is found: eight classes of faults, one to three times, on peers' table and on made-up ones.

Belongs here: counting, peers' figures beside ours, the comparison with an exact solver. Does not: the faults
(damaged_tables.py).

`Alone and true` counts a case whose repair of rank 1 has no tie and gives the original table back; `alone and wrong`
one whose repair of rank 1 has no tie and does not. Times are of the processor, not of the clock: other work on the
machine does not count. A case that HiGHS does not prove within its time limit is not compared. Peers call a case found
where one repair is smallest and true; the same is asked of our exact search on some of the same tables.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from scipy.optimize import Bounds as Between  # type: ignore[import-untyped]
from scipy.optimize import LinearConstraint, milp

from assets.form import cells as form
from assets.quarantine.localization import Bounds, Localization, TableFigures, localize
from assets.quarantine.localization.matrix import frame_of
from assets.quarantine.localization.search import Search
from benchmarks.board import Board, Grid
from benchmarks.cores import spread
from benchmarks.damaged_tables import FAULTS, MAGNITUDES, PEERS, Case, cases
from tests.typesetting.figures import NEW, OLD

TIMES = (1, 2, 3)
JOB = 25
# A repair leads clearly where the next one costs so many bits more.
CLEAR = 3.0
SOLVER_SECONDS = 20
# Cases per class and group of tables whose smallest repair is searched as peers did, and their bound on nodes.
COMPARED = 40
PEERS_NODES = 12_000
# Alone and true, per fault, in percent: smallest repairs for ×1, ×2, ×3 (peers.md (c)); in brackets their typed search.
PEERS_FIGURES = {
    "digit": ("100", "99.7", "99.7"), "digit_not_zero": ("100", "97.7", "90.7"), "transposed": ("100", "100", "100"),
    "swapped": ("89.3 [100]", "60.7", "15.0"), "shifted_total_kept": ("71.7 [100]", "0", "0"),
    "shifted": ("36.3 [100]", "0", "0"), "emptied": ("10.3 [10.3]", "0", "0"), "lost": ("7.6 [45.8]", "16.7", "5.3"),
}


@dataclass(frozen=True)
class Job:
    """Cases of one fault; `solve` of them go to HiGHS as well, `compare` of them are searched as peers did."""

    magnitude: str
    fault: str
    times: int
    numbers: range
    solve: int
    compare: int


@dataclass(frozen=True)
class Verdict:
    """What a localization is worth: is the first repair alone, is it true, does it lead, is the truth in the list."""

    alone: bool
    true: bool
    clear: bool
    listed: bool


@dataclass(frozen=True)
class Measured:
    """One case: verdicts without facts, with facts, and with the reader's missing labels too; milliseconds.

    peers_way: whether one repair is smallest and true; None where it was not asked.
    """

    magnitude: str
    fault: str
    times: int
    detected: bool
    complete: bool
    verdicts: tuple[Verdict, Verdict, Verdict]
    milliseconds: float
    smallest: int | None
    solved: tuple[int, float] | None
    peers_way: bool | None


def run(each: int, solved: int, cores: int, console: Console) -> Board:
    """Measure `each` cases per class, times and group of tables (peers' table; made-up tables of all magnitudes)."""
    found = [one for part in spread(work, jobs(each, solved), cores, console, "localization") for one in part]
    own = [one for one in found if one.magnitude == PEERS]
    made = [one for one in found if one.magnitude != PEERS]
    grids = [
        Grid("同行所用的表 peers' table (23 lines, mostly 0)", COLUMNS, list(_rows(own))),
        Grid("自造的表 made-up tables: " + ", ".join(MAGNITUDES), COLUMNS, list(_rows(made))),
        Grid("按规模 by magnitude", TIME_COLUMNS, [_time_row(size, found) for size in (PEERS, *MAGNITUDES)]
             + [_time_row("", found)]),
        Grid("精确求解对照 against HiGHS (scipy.optimize.milp)", SOLVER_COLUMNS, [_solver_row(found)]),
    ]
    return Board("localization", f"python -m benchmarks localization --cases {each}", grids, REMARKS)


def jobs(each: int, solved: int) -> list[Job]:
    """Return the work, cut into pieces; the cases for HiGHS are spread over the classes that it can finish."""
    exact = [(fault, times) for fault in ("digit", "digit_not_zero", "transposed", "swapped") for times in TIMES]
    share = -(-solved // (len(exact) * (1 + len(MAGNITUDES))))
    made = []
    for fault in FAULTS:
        for times in TIMES:
            for magnitude in (PEERS, *MAGNITUDES):
                count = each if magnitude == PEERS else -(-each // len(MAGNITUDES))
                left = share if (fault, times) in exact else 0
                compared = COMPARED if magnitude == PEERS else COMPARED // len(MAGNITUDES)
                for start in range(0, count, JOB):
                    numbers = range(start, min(count, start + JOB))
                    made.append(Job(magnitude, fault, times, numbers, *(
                        min(JOB, max(0, asked - start)) for asked in (left, compared))))
    return made


def work(job: Job) -> list[Measured]:
    """Localize the cases of a job."""
    found = []
    for edition in (NEW, OLD):
        # The first table of a process pays for reading the registry: that is not counted.
        localize(TableFigures(form.REQUESTS, edition, {}))
    for number, case in enumerate(cases(job.magnitude, job.fault, job.times, job.numbers)):
        figures = TableFigures(form.REQUESTS, case.edition, case.damaged)
        began = time.process_time()
        alone = localize(figures)
        spent = (time.process_time() - began) * 1000
        verdicts = (
            _verdict(case, alone), _verdict(case, localize(figures, case.facts)),
            _verdict(case, localize(figures, case.reader)),
        )
        solved = solve(figures) if number < job.solve and alone.smallest else None
        peers_way = _smallest_is_true(case, figures) if number < job.compare else None
        found.append(Measured(job.magnitude, job.fault, job.times, bool(alone.broken), alone.complete, verdicts, spent,
                              alone.smallest, solved, peers_way))
    return found


def _verdict(case: Case, found: Localization) -> Verdict:
    true = [{**case.damaged, **{cell: new for cell, _, new in one.changes}} == case.original for one in found.repairs]
    if not true:
        return Verdict(False, False, False, False)
    clear = len(true) == 1 or found.repairs[1].cost - found.repairs[0].cost >= CLEAR
    return Verdict(found.repairs[0].ties == 1, true[0], clear, any(true))


def _smallest_is_true(case: Case, figures: TableFigures) -> bool:
    frame = frame_of(figures)
    found = Search(frame, PEERS_NODES).smallest(Bounds().cells)
    if not found.complete or len(found.solutions) != 1:
        return False
    changes = {frame.matrix.cells[cell]: value for cell, value in found.solutions[0].items()}
    return {**case.damaged, **changes} == case.original


def solve(figures: TableFigures) -> tuple[int, float] | None:
    """Return the fewest cells to change by mixed-integer programming, and its milliseconds; None where not proven.

    Per cell: how much it rises, how much it falls, and whether it changes at all.
    """
    frame = frame_of(figures)
    values = np.array([float(value or 0) for value in frame.values])
    count, most = len(values), float(2 * sum(values) + 10)
    equations = np.zeros((len(frame.known), count))
    for row, index in enumerate(frame.known):
        for cell, coefficient in frame.matrix.equations[index].items():
            equations[row, cell] = coefficient
    surplus = equations @ values
    closing = LinearConstraint(np.hstack([equations, -equations, np.zeros_like(equations)]), -surplus, -surplus)
    one = np.eye(count)
    changing = LinearConstraint(np.hstack([one, one, -most * one]), -np.inf, 0)
    began = time.process_time()
    result = milp(
        np.concatenate([np.zeros(2 * count), np.ones(count)]), constraints=[closing, changing],
        integrality=np.ones(3 * count), options={"time_limit": SOLVER_SECONDS},
        bounds=Between(0, np.concatenate([np.full(count, most), values, np.ones(count)])),
    )
    spent = (time.process_time() - began) * 1000
    return (round(result.fun), spent) if result.status == 0 else None


COLUMNS = (
    "错误 fault", "次 times", "例 cases", "发现 detected %", "唯一且对 alone and true %", "同行 peers %",
    "同行之法用于此表 peers' way on these tables %",
    "唯一但错 alone and wrong %", "领先 3 比特且对 clearly first, true %", "领先但错 clearly first, wrong %",
    "真值在列 truth listed %", "有佐证 with facts: true %", "wrong %", "加缺行名 and missing labels: true %", "wrong %",
    "搜索完整 complete %", "p50 ms", "p99 ms",
)
TIME_COLUMNS = ("规模 magnitude", "例 cases", "p50 ms", "目标 goal", "p99 ms", "目标 goal")
SOLVER_COLUMNS = (
    "例 cases", "同一最优 same optimum", "目标 goal", "本程序 ours p50 ms", "HiGHS p50 ms", "倍数 ratio of medians",
)
REMARKS = (
    "- 唯一且对：排第一、无并列、改后与原表全同。有佐证：正文的五个数和上年各列结转数；"
    "加缺行名：另有读取程序报告的缺失行名。"
    " Alone and true: rank 1, no tie, and the original table comes back. Facts: five numbers of the prose, last year's "
    "carry-out per column; missing labels: what the reader says of emptied and lost lines.",
    "- 同行数字出自 peers.md (c)，量于同一张表的自己的随机错误；其 ×2、×3 的“唯一”只是上限。"
    " Peers' figures: the same table, their own random faults; their searches were cut off in ×2 and ×3.",
    f"- 同行之法：改动格数最少的改法只有一种，且与原表全同；每类取前 {COMPARED} 例，至多 {PEERS_NODES:,} 个节点，"
    "超出者不计为找到。"
    f" Peers' way: one repair is smallest, and true; of the first {COMPARED} cases of a class, within {PEERS_NODES:,} "
    "nodes, beyond which nothing counts as found.",
    "- 漏行时，各处能补回同一张表的位置越多，排得越前；差距常不足一比特，所以另列领先三比特的比例。"
    " A lost line: the more places give one table, the higher it ranks, often by less than a bit; hence the columns "
    "on a clear lead.",
    "- 毫秒为处理器时间。 Milliseconds are of the processor.",
)


def _share(values: Iterable[bool]) -> str:
    every = list(values)
    return f"{100 * sum(every) / len(every):.1f}" if every else "–"


def _rows(found: Sequence[Measured]) -> Iterable[list[object]]:
    for fault in FAULTS:
        for times in TIMES:
            mine = [one for one in found if (one.fault, one.times) == (fault, times)]
            first = [one.verdicts[0] for one in mine]
            facts, reader = ([one.verdicts[n] for one in mine] for n in (1, 2))
            yield [
                fault, f"×{times}", len(mine), _share(one.detected for one in mine), _alone(first, True),
                PEERS_FIGURES[fault][times - 1], _share(one.peers_way for one in mine if one.peers_way is not None),
                _alone(first, False), _clear(first, True), _clear(first, False),
                _share(one.listed for one in first), _alone(facts, True), _alone(facts, False), _alone(reader, True),
                _alone(reader, False), _share(one.complete for one in mine), *_times(mine),
            ]


def _alone(verdicts: Sequence[Verdict], true: bool) -> str:
    return _share(one.alone and one.true is true for one in verdicts)


def _clear(verdicts: Sequence[Verdict], true: bool) -> str:
    return _share(one.clear and one.true is true for one in verdicts)


def _times(found: Sequence[Measured]) -> tuple[float, float]:
    every = [one.milliseconds for one in found] or [0.0]
    return float(np.percentile(every, 50)), float(np.percentile(every, 99))


def _time_row(magnitude: str, found: Sequence[Measured]) -> list[object]:
    mine = [one for one in found if one.magnitude == (magnitude or one.magnitude)]
    middle, high = _times(mine)
    return [magnitude or "合计 total", len(mine), middle, "< 5", high, "< 200"]


def _solver_row(found: Sequence[Measured]) -> list[object]:
    both = [(one, one.solved) for one in found if one.solved is not None]
    same = sum(one.smallest == solved[0] for one, solved in both)
    ours = float(np.median([one.milliseconds for one, _ in both] or [0.0]))
    theirs = float(np.median([solved[1] for _, solved in both] or [0.0]))
    return [len(both), same, "全部 all, ≥ 500", ours, theirs, theirs / ours if ours else 0.0]
