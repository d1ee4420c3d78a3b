"""How long the marts of a whole country take to build, all years and one year anew, to publish and to ask.

Belongs here: starting the processes that are measured, and the table; `python -m benchmarks.marts STEP HOME` is one.
Does not: making the lake (made_nation.py).
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import numpy as np
from rich.console import Console

from assets.home import Home
from assets.marts import changes
from assets.marts import dbt as dbt_calls
from assets.marts.publishing import open_latest, publish_snapshot
from benchmarks.board import Board, Grid
from benchmarks.made_nation import made_nation, years_of

GOAL_FULL, GOAL_YEAR, GOAL_MB, GOAL_QUERY = 20 * 60, 3 * 60, 8 * 1024, 200
ASKED = 40
MB = 2**20
# What a dashboard asks: {year}, {organ}, {province} are drawn anew each time.
QUESTIONS = {
    "national trend": """
        select report_year, scope, sum(received), sum(disclosure_rate_numerator) / sum(disclosure_rate_denominator)
        from mart_territory_year group by all order by all
    """,
    "province ranking": """
        select left(territory_code, 2) as province, sum(received) as received,
            sum(disclosure_rate_numerator) / sum(disclosure_rate_denominator) as disclosure_rate
        from mart_territory_year where report_year = {year} and scope = 'own_organ' group by all order by 3 desc
    """,
    "organ page: all years": "select * from mart_organ_year where organ_id = '{organ}' order by report_year",
    "organ page: the cells of a report": """
        select fact.*, cell.line_zh, cell.column_zh
        from fct_requests as fact inner join dim_cell as cell using (cell_code)
        where fact.report_version_id = '{report}' order by cell.form_order
    """,
    "organ page: outcomes": "select * from mart_outcomes_long where report_version_id = '{report}'",
    "quality page": """
        select rule, any_value(rule_zh), sum(holds), sum(breaks), sum(unknown)
        from mart_quality where report_year = '{year}' and province_code = '{province}' group by rule order by 4 desc
    """,
}


def run(reports: int, years: int, folder: Path | None, console: Console) -> Board:
    """Build, build one year anew, publish and ask, each in a fresh process; `folder` keeps the home."""
    wanted = years_of(years)
    with tempfile.TemporaryDirectory() as passing:
        home = made_nation(folder or Path(passing), reports, wanted)
        console.print(f"{reports:,} reports x {years} years in {home.lake}", highlight=False)
        found = {}
        for step in STEPS:
            found[step] = _measured(step, home)
            console.print(f"{step}: {found[step]}", highlight=False)
        rows, size = found["publish"].pop("rows"), dbt_calls.build_file(home).stat().st_size / MB
    goals = {"all years": f"< {GOAL_FULL:,}", "one year anew": f"< {GOAL_YEAR}", "publish": "—"}
    steps = [
        [
            step, found[step]["seconds"], goal, found[step]["cpu_seconds"], found[step]["tests_percent"],
            found[step]["peak_mb"], f"< {GOAL_MB:,}", found[step]["spill_mb"],
        ]
        for step, goal in goals.items()
    ]
    asked = [[name, *figures, f"< {GOAL_QUERY}"] for name, figures in found["ask"]["questions"].items()]
    sizes = [["reports", reports * years], ["cells in facts", sum(rows[fact] for fact in rows if fact in FACTS)],
             ["rows of all marts", sum(rows.values())], ["build file MB", size]]
    return Board("marts", f"python -m benchmarks marts --reports {reports} --years {years}", [
        Grid("数据集市 the marts", (
            "步骤 step", "秒 s", "目标 s", "处理器秒 CPU s", "检验占 tests %", "峰值 peak MB", "目标 MB",
            "溢写 spill MB",
        ), steps),
        Grid("看板查询 what a dashboard asks", ("查询 question", "p50 ms", "p95 ms", "目标 ms"), asked),
        Grid("规模 size", ("", "数 number"), sizes),
    ], [
        "- 处理器秒：两核空闲时所需秒数不少于其一半。 CPU s: half of it is the least that two idle cores need.",
        "- 检验占：dbt 检验在各节点时间之和中的比例。 tests: their share of the time of all nodes.",
        "- one year anew：全部建成后重建最后一年。 the last year built anew after all were built.",
    ])


FACTS = ("fct_requests", "fct_remedies", "fct_proactive_disclosure")


def _measured(step: str, home: Home) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.marts", step, str(home.root)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _build_all(home: Home) -> dict[str, object]:
    changes.begin(home)
    dbt_calls.remove_build(home)
    return _build(home)


def _build_last_year(home: Home) -> dict[str, object]:
    """Forget what the last year was built of, and build what then lacks."""
    before = changes.begin(home)
    if before is None:
        raise RuntimeError(f"{home.root}: the full build did not reach its end")
    last = max(before.years)
    changes.finish(home, changes.Made(before.project, before.reference, {
        year: files for year, files in before.years.items() if year != last
    }))
    return _build(home)


def _build(home: Home) -> dict[str, object]:
    manifest = json.loads(dbt_calls.ensure_manifest(home).read_bytes())
    planned = changes.plan(home, [source["name"] for source in manifest["sources"].values()])
    unneeded = [] if planned.years is None else ["--exclude-resource-type", "unit_test"]
    with dbt_calls.environment(planned.variables()):
        dbt_calls.run_dbt(home, "build", *unneeded)
    changes.finish(home, planned.made)
    results = json.loads((dbt_calls.target_folder(home) / "run_results.json").read_bytes())["results"]
    spent = [(row["unique_id"].startswith("test."), row["execution_time"]) for row in results]
    return {"tests_percent": 100 * sum(time for is_test, time in spent if is_test) / sum(time for _, time in spent)}


def _publish(home: Home) -> dict[str, object]:
    orders = dbt_calls.sorted_by(json.loads(dbt_calls.ensure_manifest(home).read_bytes()))
    snapshot = publish_snapshot(dbt_calls.build_file(home), home, "benchmark", {}, {}, orders)
    return {"rows": snapshot.rows, "tests_percent": "—"}


def _ask(home: Home) -> dict[str, object]:
    chance = random.Random(7)
    with open_latest(home) as published:
        published.execute("set threads = 2")
        drawn = published.execute("""
            select report_year, organ_id, report_version_id, left(territory_code, 2) || '0000'
            from mart_organ_year where organ_id is not null using sample 2000 rows (reservoir, 7)
        """).fetchall()
        questions = {name: _times(published, sql, drawn, chance) for name, sql in QUESTIONS.items()}
    return {"questions": questions}


def _times(
    published: duckdb.DuckDBPyConnection, sql: str, drawn: list[tuple[object, ...]], chance: random.Random
) -> list[float]:
    """Return the median and the 95th percentile in milliseconds."""
    spent = []
    for year, organ, report, province in chance.sample(drawn, min(ASKED, len(drawn))):
        asked = sql.format(year=year, organ=organ, report=report, province=province)
        start = time.perf_counter()
        published.execute(asked).fetchall()
        spent.append(1000 * (time.perf_counter() - start))
    return [float(np.percentile(spent, share)) for share in (50, 95)]


STEPS: dict[str, Callable[[Home], dict[str, object]]] = {
    "all years": _build_all, "one year anew": _build_last_year, "publish": _publish, "ask": _ask,
}


class _Spill:
    """The most that lay in a folder at once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.most = folder, 0
        Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            files = subprocess.run(
                ["du", "-sm", str(self.folder)], capture_output=True, text=True, check=False
            ).stdout.split()
            self.most = max(self.most, int(files[0]) if files else 0)
            time.sleep(1)


def main(step: str, folder: Path) -> None:
    """Carry out one step and print seconds, processor seconds, peak and spill as JSON."""
    home = Home(folder)
    spill, start = _Spill(dbt_calls.spill_folder(home)), time.perf_counter()
    found = STEPS[step](home)
    found["seconds"] = time.perf_counter() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    found["cpu_seconds"] = sum(one.ru_utime + one.ru_stime for one in used)
    found["peak_mb"], found["spill_mb"] = max(one.ru_maxrss for one in used) / 1024, spill.most
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
