"""How long the gate of one report year takes, and how much memory: judging, Great Expectations, writing.

Belongs here: starting the process that is measured, and the table; `python -m benchmarks.gate FOLDER` is that process.
Does not: making the reports (made_lake.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from rich.console import Console

from assets.lake import (
    CELLS,
    CLAIMS,
    OBSERVATIONS,
    QUARANTINED_TABLES,
    REPORT_OBSERVATIONS,
    REPORTS,
    SECTION_TEXTS,
    TABLE_STATES,
)
from assets.lake_files import LakeFiles
from benchmarks.board import Board, Grid
from benchmarks.made_lake import BEFORE, BROKEN_SHARE, PARTITION, made_lake
from benchmarks.memory import peak_kilobytes
from expectations.gate import Decisions
from expectations.parts import Part
from expectations.verdicts import Verdicts

DECIDED = (TABLE_STATES, QUARANTINED_TABLES)
GOAL_SECONDS = 60
GOAL_MB = 3 * 1024


def run(reports: int, folder: Path | None, console: Console) -> Board:
    """Judge a made year of so many reports in a fresh process and show seconds and peak.

    `folder` keeps the made lake for the next time; without it the lake is made in a temporary one.
    """
    with tempfile.TemporaryDirectory() as passing:
        lake = made_lake(folder or Path(passing), reports)
        console.print(f"{reports:,} reports in {lake.root}", highlight=False)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.gate", str(lake.root)], stdout=subprocess.PIPE, text=True, check=True
        )
    found = json.loads(done.stdout.splitlines()[-1])
    steps = [[name, *figures, ""] for name, figures in found["steps"].items()]
    judging = sum(found["steps"][name][0] for name in ("polars", "great_expectations"))
    steps.append(["gate: polars + great_expectations", judging, "", "", f"< {GOAL_SECONDS}"])
    size = [[name, found[name], ""] for name in ("reports", "findings", "breaks")]
    size.append(["peak MB", found["peak_mb"], f"< {GOAL_MB:,}"])
    columns = ("步骤 step", "秒 s", "处理器秒 CPU s", "至此峰值 peak MB", "目标 s")
    return Board("gate", f"python -m benchmarks gate --reports {reports}", [
        Grid("一个年度的闸门 the gate of one report year", columns, steps),
        Grid("规模与内存 size and memory", ("", "数 number", "目标 goal"), size),
    ], [
        f"- 约 {BROKEN_SHARE:.0%} 的报告有一处数字错误。 About {BROKEN_SHARE:.0%} of the reports have a wrong figure.",
        "- 每份报告都有上年报告，正文有十余处数字；文字相似度另算。 Every report has last year's beside it and a dozen "
        "figures in its prose; how much texts are alike is not measured here.",
        "- neighbours：在两年的报告中找上年报告、副本、所属部门。 neighbours: finding these in two years.",
        "- polars：读、整理、判断、决定、暂存。 polars: reading, arranging, judging, deciding, putting aside. "
        "write：写入湖。 write: into the lake.",
    ])


def main(folder: Path) -> None:
    """Run the gate over the lake in `folder` and print seconds, sizes and the peak as JSON."""
    from expectations.neighbours import Known, neighbours
    from expectations.parts import Year, gate_in_parts, loading

    files = LakeFiles(folder)
    cells, parsed, normalized, claims, texts = (
        files.scan(table, PARTITION) for table in (CELLS, OBSERVATIONS, REPORT_OBSERVATIONS, CLAIMS, SECTION_TEXTS)
    )
    reports = files.read(REPORTS, PARTITION)
    clock = _Clock()
    known = Known(
        pl.concat([reports, files.read(REPORTS, BEFORE)]), pl.concat([cells, files.scan(CELLS, BEFORE)]), texts
    )
    around = neighbours(known, reports["report_version_id"])
    clock.done("neighbours")
    with loading("expectations.suites") as suites, tempfile.TemporaryDirectory() as passing:
        year = Year(reports, cells, pl.concat([parsed, normalized]), claims, around)
        judged = gate_in_parts(year, _as_decided, DECIDED, Path(passing) / "aside")
        clock.done("polars")
        results = suites().run_checkpoint(judged.shown, judged.tally, Path(passing) / "docs", title=PARTITION)
        clock.done("great_expectations")
        for name, aside in judged.tables.items():
            LakeFiles(Path(passing) / "lake").write_parts(aside.table, PARTITION, aside, name)
        clock.done("write")
    by_gx = {(f.rule, f.severity, report) for result in results for f in result.failures for report in f.report_ids}
    by_polars = set(judged.broken.select("rule", "severity", "report_version_id").iter_rows())
    if by_gx != by_polars:
        raise RuntimeError(f"polars and Great Expectations differ on {len(by_gx ^ by_polars)} verdicts")
    print(json.dumps({
        "steps": clock.steps, "reports": reports.height, "findings": judged.tally["reports"].sum(),
        "breaks": judged.broken.height, "peak_mb": peak_kilobytes() / 1024,
    }))


def _as_decided(judged: Decisions, _: Part) -> tuple[Verdicts, dict[str, pl.DataFrame]]:
    """The gate's own result: verdicts and repairs of the tables held back are measured apart (localization)."""
    held = pl.concat([QUARANTINED_TABLES.empty(), judged.quarantined_tables], how="diagonal")
    return judged.verdicts, {TABLE_STATES.name: judged.table_states, QUARANTINED_TABLES.name: held}


class _Clock:
    def __init__(self) -> None:
        self.steps: dict[str, tuple[float, float, float]] = {}
        self._then = self._now()

    def done(self, step: str) -> None:
        """Note wall and processor seconds since the step before, and the peak of memory so far in MB."""
        now = self._now()
        self.steps[step] = (now[0] - self._then[0], now[1] - self._then[1], peak_kilobytes() / 1024)
        self._then = now

    @staticmethod
    def _now() -> tuple[float, float]:
        used = os.times()
        return time.perf_counter(), used.user + used.system


if __name__ == "__main__":
    main(Path(sys.argv[1]))
