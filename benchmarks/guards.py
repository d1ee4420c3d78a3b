"""What the sums of a table cannot see, and which other rule does.

Belongs here: reports damaged in their figures, judged with and without what else may be known of them, and the table of
classes and guards. Does not: the damage (tests/typesetting/faults.yaml), damage to labels and files (corruption.py).

Each damaged report is judged with a second copy of the true one, with last year's report, with prose that states the
totals, and with none of them: so a column says what that guard alone adds to the identities.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from assets.form import cells as form
from benchmarks.board import Board, Grid, percent
from expectations.examples import Sample, frames_of
from expectations.judging import evaluate
from expectations.registry import active_rules
from tests.typesetting.corruption import Fault, faults
from tests.typesetting.damaged_figures import FAULTS
from tests.typesetting.figures import NEW, made_report
from tests.typesetting.report import Figure, ReportText

SEED = 2026
ID = "report_version_id"
FLOW = f"{form.REQUESTS}.{{}}.{{}}"
# What each guard adds: its name, and the rules that speak by it.
ALONE, PROSE, YEARS, COPY = "alone", "prose", "years", "copy"
GUARDS = {PROSE: ("N", "X03", "X04"), YEARS: ("Y", "X01"), COPY: ("C04",)}
SUMS = tuple(rule.code for rule in active_rules() if rule.kind == "linear" and rule.severity == "error")
COLUMNS = (
    "类别 class", "报告 reports", "勾稽关系 identities", "其他本表规则 other rules of the report", "正文 prose (N)",
    "上年 last year (Y, X01)", "另一份 second copy (C04)", "无人看出 nobody",
)


def run(documents: int) -> Board:
    """Damage `documents` reports in every class of figures and say which rules break that held before."""
    classes = [fault for fault in faults().values() if fault.step == "figures" and fault.code in FAULTS]
    rows = [_row(fault, documents) for fault in classes]
    seen = [row for row, fault in zip(rows, classes, strict=True) if not fault.unseen]
    unseen = [row for row, fault in zip(rows, classes, strict=True) if fault.unseen]
    return Board("guards", f"python -m benchmarks guards --documents {documents}", [
        Grid("恒等式能看出的 what identities see", COLUMNS, seen),
        Grid("恒等式看不出的 what identities cannot see", COLUMNS, unseen),
    ], [
        "- 每栏为被该守卫单独看出的份额（任一规则在损坏后不成立而损坏前成立）。 Each column is the share in which a "
        "rule of that guard breaks that did not break before the damage.",
        "- 标签与数字一起错位的损坏由 S03、S04、S08 看出，见 corruption。 Damage that moves labels too is seen by S03, "
        "S04 and S08: see corruption.",
    ])


def _row(fault: Fault, documents: int) -> list[object]:
    pairs = list(_damaged(fault, documents))
    if not pairs:
        return [f"{fault.code} {fault.zh}", 0, *["—"] * (len(COLUMNS) - 2)]
    true, wrong = ({name: _broken(samples) for name, samples in _guarded(side)} for side in zip(*pairs, strict=True))
    new = {name: [after - before for before, after in zip(true[name], wrong[name], strict=True)] for name in wrong}
    count = len(pairs)
    by_sums = [any(rule in SUMS for rule in broken) for broken in new[ALONE]]
    by_others = [any(rule not in SUMS for rule in broken) for broken in new[ALONE]]
    by_guard = [[any(rule.startswith(codes) for rule in one) for one in new[name]] for name, codes in GUARDS.items()]
    columns = [by_sums, by_others, *by_guard]
    nobody = sum(not any(flags) for flags in zip(*columns, strict=True))
    return [f"{fault.code} {fault.zh}", count, *(percent(sum(flags) / count) for flags in columns), nobody]


def _damaged(fault: Fault, documents: int) -> Iterator[tuple[tuple[str, ReportText, ReportText], ...]]:
    """Yield (name, report as judged, true report) before and after the damage, where the fault can strike."""
    for number in range(documents):
        name = f"{number:016d}-1"
        report = made_report(f"{SEED}/{number}", NEW)
        changed = FAULTS[fault.code](random.Random(f"{SEED}/{fault.code}/{number}"), report)
        if changed and any(report.figures[code] != figure for code, figure in changed.items()):
            wrong = replace(report, figures={**report.figures, **changed})
            yield (name, report, report), (name, wrong, report)


def _guarded(side: Iterable[tuple[str, ReportText, ReportText]]) -> Iterator[tuple[str, list[Sample]]]:
    listed = list(side)
    for guard in (ALONE, *GUARDS):
        yield guard, [_sample(name, judged, true, guard) for name, judged, true in listed]


def _sample(name: str, judged: ReportText, true: ReportText, guard: str) -> Sample:
    known: dict[str, dict[str, Any]] = {
        ALONE: {}, PROSE: {"claims": list(_claims(true.figures))}, YEARS: {"previous": {"cells": _last_year(true)}},
        COPY: {"others": [{"cells": _given(true.figures)}]},
    }
    # Each report is of an organ of its own: no other is its neighbour.
    return Sample(
        report_version_id=name, report_year=true.year, organ_name=f"某某市第{name[:16].lstrip('0') or '0'}局",
        cells=_given(judged.figures), **known[guard],
    )


def _given(figures: Mapping[str, Figure]) -> dict[str, Any]:
    """The figures as an example gives them: words are printed text without a number."""
    printed = {cell.code for cell in form.cells(NEW)}
    return {
        code: figure if figure is None or isinstance(figure, int) else _text(figure)
        for code, figure in figures.items() if code in printed
    }


def _text(figure: Figure) -> Any:
    if isinstance(figure, str):
        return {"state": "unparsable", "text": figure}
    return figure


def _claims(figures: Mapping[str, Figure]) -> Iterator[dict[str, Any]]:
    told = {
        "received": "received", "carried_in": "carried_in", "answered": "outcome_total", "carried_out": "carried_out",
    }
    for kind, line in told.items():
        cell = FLOW.format(line, "total")
        yield {"kind": kind, "subject": cell, "section": 1, "value": figures[cell], "text": kind}
    natural = FLOW.format("received", "natural_person")
    yield {"kind": "applicants", "subject": natural, "section": 1, "value": figures[natural], "text": "applicants"}
    total = figures[f"{form.REMEDIES}.reconsideration.total"]
    yield {"kind": "reconsideration", "subject": "reconsideration", "section": 1, "value": total, "text": "cases"}


def _last_year(report: ReportText) -> dict[str, Any]:
    """What last year's report must have said: carried out = this year's carried in; stocks of documents likewise."""
    columns = [column.code for column in form.edition(NEW).table(form.REQUESTS).columns]
    cells: dict[str, Any] = {
        FLOW.format("carried_out", column): report.figures[FLOW.format("carried_in", column)] for column in columns
    }
    for line in ("rules", "normative_documents"):
        issued, abolished, in_force = (
            report.figures[f"{form.PROACTIVE}.{line}.{column}"] for column in ("issued", "abolished", "in_force")
        )
        if isinstance(issued, int) and isinstance(abolished, int) and isinstance(in_force, int):
            cells[f"{form.PROACTIVE}.{line}.in_force"] = max(0, in_force - issued + abolished)
    return cells


def _broken(samples: list[Sample]) -> list[set[str]]:
    """The rules that each report breaks, records of how cells are printed left out."""
    frames = frames_of(samples)
    found = evaluate(frames.cells, frames.observations, frames.reports, None, frames.claims, frames.around)
    breaks = found.filter(pl.col("verdict") == "breaks", pl.col("severity").is_in(["error", "warning"]))
    rules = dict(breaks.group_by(ID).agg(pl.col("rule").unique()).iter_rows())
    return [set(rules.get(sample.report_version_id, ())) for sample in samples]
