"""What the command line shows: progress bars, the summary, a judged document as tables.

Belongs here: rich. Does not: finding anything out (overview.py, assets/extract.py), Dagster.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Column, Table

from assets.fetching.intake import KNOWN, NEW, SKIPPED, UNREADABLE, Intake
from assets.form import cells as form
from assets.normalizing.facts import fact_words
from assets.parsing.refusals import refusal_words
from assets.progress import Progress
from assets.quarantine.verdicts import verdict_words
from expectations.wording import places
from orchestration.overview import Overview

TABLE_STATES = {"published": "已发布 published", "quarantined": "已隔离 quarantined", "missing": "缺失 missing"}
STATES = TABLE_STATES | {"partly_published": "部分发布 partly published", "refused": "拒收 refused"}
COLOURS = {
    "published": "green", "partly_published": "yellow", "quarantined": "red", "missing": "yellow", "refused": "red",
}
SEVERITIES = {"error": "red", "warning": "yellow", "info": "cyan", "diagnostic": "dim"}
NO_CELL = {"value": None, "state": "—"}
STEP_ENDS = ("STEP_SUCCESS", "STEP_FAILURE", "STEP_SKIPPED")
ROWS_SHOWN = 50
SAMPLES_SHOWN = 3
REPAIRS_SHOWN = 3


class ShownProgress(Progress):
    """Bars on a console: the steps of the running job, and the documents that the step at work has gone through."""

    def __init__(self, console: Console) -> None:
        self.bars = Bars(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self.job = ""
        self.tasks: dict[str, TaskID] = {}

    def step(self, what: str, done: int, total: int) -> None:
        """Show that `done` of `total` have gone through `what`."""
        name = f"{self.job} {what}".strip()
        if name not in self.tasks:
            self.tasks[name] = self.bars.add_task(name, total=total)
        self.bars.update(self.tasks[name], completed=done, total=total)

    def begin(self, job: str, steps: int) -> None:
        """Show a new bar for a job of so many steps."""
        self.job = job
        self.tasks[job] = self.bars.add_task(job, total=steps)

    def told(self, event: str, step: str) -> None:
        """Hear of a step of the job: it starts, or it has ended."""
        if event == "STEP_START":
            self.bars.update(self.tasks[self.job], description=f"{self.job} · {step}")
        elif event in STEP_ENDS:
            self.bars.update(self.tasks[self.job], advance=1)


def error_console() -> Console:
    """Return a console on the present standard error, also while that is redirected later."""
    return Console(file=os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8"))


@contextmanager
def output_to(log: Path) -> Iterator[None]:
    """Send everything this process and its children print to `log`: what Dagster, dbt and GX say while they work."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    saved = [os.dup(1), os.dup(2)]
    with log.open("wb") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for descriptor, original in zip((1, 2), saved, strict=True):
            os.dup2(original, descriptor)
            os.close(original)


def show_intake(console: Console, intake: Intake) -> None:
    """Say what became of the files, and name those that did not become documents."""
    counts = {name: len(intake.of(name)) for name in (NEW, KNOWN, SKIPPED, UNREADABLE)}
    console.print(
        f"收件 intake：新文件 {counts[NEW]} new · 已有 {counts[KNOWN]} known · "
        f"略过 {counts[SKIPPED]} skipped · 无法读取 {counts[UNREADABLE]} unreadable",
        soft_wrap=True,
    )
    for arrival in (*intake.of(SKIPPED), *intake.of(UNREADABLE)):
        told = f"[yellow]{arrival.outcome}[/] {escape(str(arrival.path))}: {escape(arrival.reason)}"
        console.print(f"  {told}", soft_wrap=True)


def show_overview(console: Console, found: Overview) -> None:
    """Print documents, reports, tables with their states and reasons, and the problems there are."""
    counts = " · ".join(f"{words} [{COLOURS[state]}]{found.count(state)}[/]" for state, words in TABLE_STATES.items())
    console.print(
        f"[bold]文件 documents {found.documents} · 报告 reports {found.reports} · "
        f"拒收 refused {found.refused.height}[/]"
    )
    console.print(f"[bold]表 tables[/]：{counts}")
    _show_held(console, found)
    if found.undated:
        named = "、".join(found.undated[:ROWS_SHOWN])
        console.print(f"[yellow]年度不明 undated {len(found.undated)}[/]：{escape(named)}", soft_wrap=True)
    for problem in found.problems:
        console.print(f"[red]问题 problem[/]：{escape(problem)}", soft_wrap=True)


def _show_held(console: Console, found: Overview) -> None:
    """Name every table that is not published and every refused document, with the reason, at most ROWS_SHOWN.

    Tables that are held back alike stand together, once.
    """
    alike = found.groups.filter(found.groups["count"] > 1)
    groups = [
        ("quarantined", (f"{row['count']} 张相同 alike", ", ".join(_files_of(found, row["signature"]))),
         f"{row['sentence_zh']} · {row['sentence_en']}")
        for row in alike.iter_rows(named=True)
    ]
    single = found.tables.filter(found.tables["state"] != "published").join(alike, on="signature", how="anti")
    tables = [
        (row["state"], (row["file_name"], row["organ_name"], row["report_year"], row["table_zh"]), _why(row))
        for row in single.iter_rows(named=True)
    ]
    documents = [
        ("refused", (row["file_name"],), f"{row['refusal_kind']}: {' · '.join(refusal_words(row['refusal_kind']))}")
        for row in found.refused.iter_rows(named=True)
    ]
    held = [*groups, *tables, *documents]
    for state, about, reason in held[:ROWS_SHOWN]:
        place = " · ".join(str(part) for part in about if part is not None)
        console.print(f"  [{COLOURS[state]}]{STATES[state]}[/] {escape(place)}", soft_wrap=True)
        console.print(f"    {escape(reason)}", soft_wrap=True)
    if len(held) > ROWS_SHOWN:
        console.print(f"  …… 另有 {len(held) - ROWS_SHOWN} 项 more; all of them: mart_report_status", soft_wrap=True)


def _why(row: Mapping[str, Any]) -> str:
    """Return the reason why a table is not published; of one held back also whose fault it is and the best repair."""
    blamed = [f"何方有误 verdict：{' '.join(verdict_words()[row['verdict']])}"] if row["verdict"] else []
    repair = [f"可能的修正 possible repair：{row['best_repair_zh']}"] if row["best_repair_zh"] else []
    return " · ".join([row["reason"], *blamed, *repair])


def _files_of(found: Overview, signature: str) -> list[str]:
    """Return the files of some tables of a group."""
    names = found.tables.filter(signature=signature)["file_name"].unique().sort().to_list()
    return [*map(str, names[:SAMPLES_SHOWN]), *(["…"] if len(names) > SAMPLES_SHOWN else [])]


def show_failure(console: Console, key: str, run_id: str, failures: Sequence[tuple[str, str]], log: Path) -> None:
    """Say which step of which run failed and why, and where to read on."""
    console.print(f"[red]运行失败 the run failed[/]: {key}, run {run_id}", soft_wrap=True)
    for step, text in failures:
        console.print(f"  [red]{step}[/]: {escape(text)}", soft_wrap=True)
    console.print(f"  上一个快照未变 the last snapshot stays as it was · {log} · gongkai dev", soft_wrap=True)


def show_places(
    console: Console, snapshot: Path | None, data_docs: Sequence[Path], model_docs: Sequence[Path]
) -> None:
    """Say where the results lie and how to look at them."""
    console.print(f"快照 snapshot: {snapshot or '—'}", soft_wrap=True)
    for page in data_docs:
        console.print(f"数据文档 data docs: {page}", soft_wrap=True)
    for page in model_docs:
        console.print(f"模型文档 model docs: {page}", soft_wrap=True)
    console.print("界面 Dagster UI: gongkai dev → http://127.0.0.1:3000")


def show_judged(console: Console, judged: Mapping[str, Any]) -> None:
    """Print one judged document (the object of `gongkai extract`) as tables for people."""
    status = judged["status"]
    console.rule(f"[bold]{escape(judged['document'])}[/]  [{COLOURS[status]}]{STATES[status]}[/]", align="left")
    if status == "refused":
        console.print(escape(judged["reason"]), soft_wrap=True)
        return
    about = (judged["organ_name"], judged["report_year"], judged["territory_code"], judged["signed_date"])
    console.print(" · ".join(escape(str(part)) for part in about if part is not None) or "机关、年度不明 unknown")
    _show_facts(console, judged["facts"])
    for code, state in judged["tables"].items():
        _show_table(console, judged, code, state)
    for finding in judged["findings"]:
        if finding["verdict"] == "breaks":
            place = f"[{SEVERITIES[finding['severity']]}]{finding['rule']}[/] {escape(finding['scope'])}"
            console.print(f"{place} ({finding['severity']}): {escape(finding['message'])}", soft_wrap=True)
    for code, verdict in judged["verdicts"].items():
        words = " ".join(verdict_words()[verdict["verdict"]])
        console.print(f"[bold]{places()[code][0]}[/] [bold]{words}[/]：{escape(verdict['message'])}", soft_wrap=True)
    _show_repairs(console, judged["repairs"])


def _show_repairs(console: Console, repairs: Sequence[Mapping[str, Any]]) -> None:
    """Print the best proposals of each table: what would change, and what speaks for and against it."""
    for repair in (one for one in repairs if one["number"] <= REPAIRS_SHOWN):
        changes = "，".join(
            f"{places()[one['cell']][0]} {'空' if one['from'] is None else one['from']} → {one['to']}"
            for one in repair["changes"]
        )
        standing = f"第 {repair['rank']} 位 rank {repair['rank']} · 并列 ties {repair['ties']} · 共 of {repair['of']}"
        console.print(f"可能的修正 possible repair ({standing})：{escape(changes)}", soft_wrap=True)
        for evidence in repair["evidence"]:
            sign = "+" if evidence["supports"] else "−"
            console.print(f"  {sign} {escape(evidence['zh'])} · {escape(evidence['en'])}", soft_wrap=True)


def _show_facts(console: Console, facts: Mapping[str, Any]) -> None:
    """Print what the report states about itself: a row for every piece of evidence, its place and words."""
    words = fact_words()
    heads = ("事项 fact", "取值 value", "依据 evidence", "位置 place", "原文 words")
    table = Table(*(Column(head, overflow="fold") for head in heads), box=box.SIMPLE_HEAD)
    for name, fact in facts.items():
        for number, piece in enumerate(fact["evidence"]):
            told = f"{words['sources'][piece['source']][0]} · {words['standings'][piece['standing']][0]}"
            shown = (" ".join(words["facts"][name]), str(fact["value"] or "—")) if number == 0 else ("", "")
            table.add_row(*map(escape, shown), escape(told), escape(piece["place"]), escape(piece["text"]))
    if facts:
        console.print(table)


def _show_table(console: Console, judged: Mapping[str, Any], code: str, state: str) -> None:
    edition = form.edition(judged["editions"].get(code) or form.editions()[-1].code)
    printed = edition.table(code)
    console.print(f"[bold]{printed.zh}[/] {edition.code}: [{COLOURS[state]}]{TABLE_STATES[state]}[/]")
    cells: Mapping[str, Mapping[str, Any]] = judged["cells"]
    for _, block in groupby(printed.lines if state != "missing" else (), key=lambda line: line.columns):
        lines = list(block)
        columns = lines[0].columns
        table = Table("", *(printed.column(column).zh for column in columns), box=box.SIMPLE_HEAD)
        for line in lines:
            found = (cells.get(f"{code}.{line.code}.{column}", NO_CELL) for column in columns)
            table.add_row(line.zh, *(escape(_figure(cell)) for cell in found))
        console.print(table)


def _figure(cell: Mapping[str, Any]) -> str:
    """A value as printed on the form; where there is none, the state it is in."""
    return str(cell["value"]) if cell["value"] is not None else f"({cell['state']})"
