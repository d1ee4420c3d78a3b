"""What damage does: many damaged documents of every class in every layout, and whether anything wrong was published.

Belongs here: spreading documents over classes and layouts, and the tables by class and by layout.
Does not: the damage (tests/typesetting/corruption.py and faults.yaml).

Every class strikes every layout that it applies to, equally often but for the last round, with two exceptions, so that
20,000 documents take about 25 minutes on two cores. Pictures cost about 10 s of recognition a document, 200 times as
much as text: they get one document of each class, the layouts of pictures taking turns. PDF files with an embedded font
cost 1.6 s to set, for the font is cut down anew for each: they get a quarter of the documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice
from random import Random

from rich.console import Console

from benchmarks.board import Board, Grid
from benchmarks.cores import spread
from tests.typesetting.corruption import Fault, Verdict, applies, damaged, faults, verdicts
from tests.typesetting.layouts import EVERY_LAYOUT

SEED = 2026
# The rules cost nearly the same for one document as for many: jobs are large, those of slow layouts small.
JOB, SLOW_JOB = 160, 16
MOST_SHOWN = 20
PICTURES = tuple(name for name, layout in EVERY_LAYOUT.items() if layout.promise < 1)
SLOW_TO_SET = ("pdf_embedded", "pdf_repeated_heads")
SLOW_SHARE = 4
# One document: class, layout, number.
Chosen = tuple[str, str, int]


@dataclass(frozen=True)
class Job:
    """Documents to damage."""

    documents: tuple[Chosen, ...]


@dataclass(frozen=True)
class Found:
    """What became of a job's documents; `inapplicable` counts classes that do not apply to such files, by class.

    `coincidences` counts, by class, documents whose damaged figures satisfied every identity by chance.
    """

    verdicts: tuple[Verdict, ...]
    inapplicable: Counter[str]
    coincidences: Counter[str]


def jobs(documents: int, layouts: Sequence[str], classes: Sequence[str]) -> list[Job]:
    """Return the documents of a run, so many at least where quick layouts are among them; the slow jobs come first."""
    pictures = [layout for layout in layouts if layout in PICTURES]
    striking = [code for code in classes if any(applies(code, layout) for layout in pictures)]
    drawn: list[Chosen] = [(code, layout, 0) for code, layout in zip(striking, cycle(pictures), strict=False)]
    slow, quick = (
        [(code, layout) for code in classes for layout in layouts
         if layout not in PICTURES and (layout in SLOW_TO_SET) == is_slow and applies(code, layout)]
        for is_slow in (True, False)
    )
    missing = max(0, documents - len(drawn))
    rounds = -(-missing // max(1, len(quick)))
    set_slowly = [(*pair, number) for pair in slow for number in range(max(1, rounds // SLOW_SHARE))]
    missing = max(0, missing - len(set_slowly))
    order = Random(SEED).sample(quick, len(quick))
    set_quickly = list(islice(((*pair, number) for number in count() for pair in order), missing if quick else 0))
    return [*_cut(drawn, SLOW_JOB // 4), *_cut(set_slowly, SLOW_JOB), *_cut(set_quickly, JOB)]


def _cut(documents: Sequence[Chosen], size: int) -> list[Job]:
    return [Job(tuple(documents[start : start + size])) for start in range(0, len(documents), size)]


def work(job: Job) -> Found:
    """Make, extract and judge the documents of a job."""
    made = [(code, damaged(code, layout, f"{SEED}/{number}")) for code, layout, number in job.documents]
    there = [one for _, one in made if one is not None]
    return Found(
        tuple(verdicts(there)), Counter(code for code, one in made if one is None),
        Counter(one.fault for one in there if one.coincidence),
    )


def run(documents: int, layouts: Sequence[str], classes: Sequence[str], cores: int, console: Console) -> Board:
    """Damage at least `documents` documents and measure what becomes of them."""
    found = spread(work, jobs(documents, layouts, classes), cores, console, "corruption")
    every = [verdict for part in found for verdict in part.verdicts]
    lost = sum((part.inapplicable for part in found), Counter[str]())
    chances = sum((part.coincidences for part in found), Counter[str]())
    seen = [faults()[code] for code in classes if not faults()[code].unseen]
    unseen = [faults()[code] for code in classes if faults()[code].unseen]
    grids = [
        Grid("恒等式或标签能显示的 what identities or labels can show", COLUMNS, [
            *(_row(fault, every, lost, chances) for fault in seen), _total(seen, every, lost, chances)]),
        Grid("在所列表中无人能看出的 what nobody can see in the tables named", (*COLUMNS, REASON), [
            *([*_row(fault, every, lost, chances), _reasons(fault)] for fault in unseen),
            [*_total(unseen, every, lost, chances), ""]]),
        Grid("按版式 by layout", LAYOUT_COLUMNS, [_layout_row(layout, every) for layout in layouts]),
    ]
    remarks = [f"- {v.fault} / {v.layout}: {w}" for v in every for w in v.wrong]
    remarks += [f"- {v.fault} / {v.layout}: {v.fate}, {v.detail}" for v in every if v.fate in ("crashed", "unset")]
    return Board("corruption", f"python -m benchmarks corruption --documents {documents}", grids, remarks[:MOST_SHOWN])


COLUMNS = (
    "类 class", "说明 what", "文件 documents", "拒收 refused", "扣留 held back", "照发无错 published, nothing wrong",
    "发布错格 WRONG cells", "目标 goal", "看不出的错 unseen: documents", "巧合 coincidences", "不适用 not applicable",
    "无法排版 not settable", "崩溃 crashed",
)
REASON = "看不出的表与原因 where and why"
LAYOUT_COLUMNS = (
    "版式 layout", "文件 documents", "拒收 refused", "扣留 held back", "照发无错 published, nothing wrong",
    "发布错格 WRONG cells", "目标 goal", "崩溃 crashed",
)


def _counted(verdicts_: Iterable[Verdict]) -> tuple[Counter[str], int, int]:
    each = list(verdicts_)
    wrong, hidden = sum(len(v.wrong) for v in each), sum(bool(v.unseen) for v in each)
    return Counter(v.fate for v in each), wrong, hidden


def _cells(verdicts_: Iterable[Verdict], lost: int, chances: int) -> list[object]:
    fates, wrong, hidden = _counted(verdicts_)
    return [
        fates.total(), fates["refused"], fates["held"], fates["harmless"], wrong, 0, hidden, chances, lost,
        fates["unset"], fates["crashed"],
    ]


def _row(fault: Fault, every: Sequence[Verdict], lost: Counter[str], chances: Counter[str]) -> list[object]:
    mine = (v for v in every if v.fault == fault.code)
    return [fault.code, f"{fault.zh} · {fault.en}", *_cells(mine, lost[fault.code], chances[fault.code])]


def _total(some: Sequence[Fault], every: Sequence[Verdict], lost: Counter[str], chances: Counter[str]) -> list[object]:
    codes = {fault.code for fault in some}
    mine = (v for v in every if v.fault in codes)
    return ["合计 total", "", *_cells(mine, sum(lost[c] for c in codes), sum(chances[c] for c in codes))]


def _reasons(fault: Fault) -> str:
    return "; ".join(f"{table}: {why}" for table, why in fault.unseen.items())


def _layout_row(layout: str, every: Sequence[Verdict]) -> list[object]:
    fates, wrong, _ = _counted(v for v in every if v.layout == layout)
    return [layout, fates.total(), fates["refused"], fates["held"], fates["harmless"], wrong, 0, fates["crashed"]]
