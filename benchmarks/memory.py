"""How much memory one document takes: the peak of a fresh process for each layout.

Belongs here: starting the processes and the table; `python -m benchmarks.memory FILE` is one such process.
Does not: speed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.board import Board, Grid
from tests.typesetting.figures import made_report
from tests.typesetting.layouts import EVERY_LAYOUT
from tests.typesetting.publication import compose

# Beyond this one document would be too much beside its neighbours on a machine of 4 GB.
GOAL_MB = 1024
MB = 1024
LARGEST = "metropolis"


def run(layouts: Sequence[str], console: Console) -> Board:
    """Extract one large report per layout, each in a fresh process, and show the peaks."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for layout in layouts:
            file = Path(folder) / f"report{EVERY_LAYOUT[layout].suffix}"
            file.write_bytes(EVERY_LAYOUT[layout].render(compose(made_report(1, None, LARGEST))))
            before, peak, status = measured(file)
            rows.append([layout, file.stat().st_size / 1024, status, before, peak, peak - before, f"≤ {GOAL_MB:,}"])
            console.print(f"{layout}: {peak:.0f} MB", highlight=False)
    columns = ("版式 layout", "文件 KB", "结果 status", "读前 before MB", "峰值 peak MB", "一份 document MB", "目标 MB")
    return Board("memory", "python -m benchmarks memory", [
        Grid("每份文件一个新进程 one fresh process a document", columns, rows)
    ], ["- 读前：程序和规则已载入，尚未读任何文件。 before: program and rules loaded, nothing read yet."])


def measured(file: Path) -> tuple[float, float, str]:
    """Return (peak before, peak after, status) of a fresh process that extracts the file; sizes in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory", str(file)], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return found["before"] / MB, found["after"] / MB, found["status"]


def peak_kilobytes() -> int:
    """Return the greatest resident size of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def main(file: str) -> None:
    """Extract one file and print the peaks before and after as JSON."""
    from assets.extract import extract

    extract("政府信息公开工作年度报告".encode(), "warm-up.txt")
    before = peak_kilobytes()
    judged = extract(Path(file).read_bytes(), file)
    print(json.dumps({"before": before, "after": peak_kilobytes(), "status": judged["status"]}))


if __name__ == "__main__":
    main(sys.argv[1])
