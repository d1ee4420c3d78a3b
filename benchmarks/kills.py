"""Kills the nightly run with SIGKILL at asset boundaries and at random moments, then compares with an undisturbed one.

Belongs here: one night over a few samples in a process group of its own, killing it, and what must hold afterwards.
Does not: what the night does (orchestration/), readers that read without pause (the benchmark of publication).

Bytes that may differ: Dagster's own storage, dbt's build folder, logs, data docs (they name run times), names and
creation times of snapshots. All else is compared: every lake file byte for byte, the ledger, the archive, the marts as
Parquet byte for byte and the snapshot's content hash.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from rich.console import Console

from assets.fetching.intake import desk_of, find_sources, take_in
from assets.fetching.ledger import Ledger
from assets.home import PROJECT, Home
from assets.marts.publishing import MANIFEST, latest_path
from assets.writing import replace_file
from benchmarks.board import Board, Grid

SAMPLES = PROJECT / "samples" / "inbox"
BEFORE = ("shangdang_2024.html", "jiaocheng_trees_2024_first.html")
TONIGHT = ("lishi_2025.txt", "jiaocheng_trees_2024.html", "fenyang_2024.txt")
KEYS = ("undated", "2023", "2024", "2025")
# A fixed day: when a document first came is part of the lake.
RECEIVED = (datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC))
# After so many kills the night is left to end, and all is compared.
KILLS_IN_A_ROW = 6
BOUNDARIES = ("STEP_START", "ASSET_MATERIALIZATION", "STEP_SUCCESS")
PATIENCE_SECONDS = 3_600


@dataclass(frozen=True)
class Kill:
    """When to kill: at the `boundary` of this number (from 1), or so many `seconds` after the start."""

    boundary: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Night:
    """How a night ended: killed or at its end, its last boundary, the seconds it took."""

    killed: bool
    at: str
    seconds: float


@dataclass(frozen=True)
class Left:
    """What an undisturbed night leaves behind and a killed one, run again, must leave behind as well."""

    files: dict[str, str]
    ledger: tuple[tuple[object, ...], ...]
    content: str


def run(times: int, console: Console) -> Board:
    """Kill `times` nights, at every boundary first and at random moments for the rest; return the board.

    Raises:
        RuntimeError: the undisturbed night failed, so that there is nothing to compare with.
    """
    start = time.perf_counter()
    with TemporaryDirectory(prefix="kills.") as folder:
        template, reference = Home(Path(folder) / "template"), Home(Path(folder) / "undisturbed")
        prepare_template(template)
        copy_of(template, reference)
        undisturbed = started(reference, Path(folder))
        expected, names = left_behind(reference), boundaries(Path(folder))
        console.print(f"undisturbed night {undisturbed.seconds:.0f} s, {len(names)} boundaries")
        planned = plan(times, len(names), undisturbed.seconds)
        found = list(_chains(Path(folder), template, expected, planned, console))
    return _board(times, names, undisturbed.seconds, found, time.perf_counter() - start)


def plan(times: int, boundaries_there: int, seconds: float) -> list[Kill]:
    """Return the kills: boundaries evenly over the night, every one where `times` allows, then random moments."""
    chance = random.Random(7)
    count = min(times, boundaries_there)
    at = sorted({1 + round(step * (boundaries_there - 1) / max(count - 1, 1)) for step in range(count)})
    by_chance = [Kill(seconds=chance.uniform(1, seconds)) for _ in range(times - len(at))]
    kills = [*(Kill(boundary=one) for one in at), *by_chance]
    chance.shuffle(kills)
    return kills


def prepare_template(home: Home) -> None:
    """Make a home that has published once, with further documents in its inbox."""
    _deliver(home, BEFORE)
    with TemporaryDirectory(prefix="kills.") as folder:
        started(home, Path(folder), received=0)
    _deliver(home, TONIGHT)


def copy_of(template: Home, home: Home) -> None:
    """Copy a home; dbt's build belongs to the path of the first and is made anew."""
    shutil.copytree(template.root, home.root, symlinks=True, ignore=shutil.ignore_patterns("build"))


def started(home: Home, folder: Path, kill: Kill | None = None, received: int = 1) -> Night:
    """Run a night in a process group of its own and kill the whole group at the moment asked for.

    Raises:
        RuntimeError: the night failed by itself (the message holds the end of what it printed), or was to end and
            did not.
    """
    kill = kill or Kill()
    log, told = folder / "night.log", folder / "boundaries"
    told.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.kills", str(home.root), str(told), str(kill.boundary), str(received)]
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=output, stderr=output, start_new_session=True)
        try:
            process.wait(kill.seconds or PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    _await_the_end_of_group(process.pid)
    killed = process.returncode == -signal.SIGKILL
    if killed and kill == Kill():
        raise RuntimeError(f"the night that was to end by itself was killed, or took over {PATIENCE_SECONDS} s")
    if not killed and process.returncode != 0:
        raise RuntimeError(f"the night failed: {log.read_text('utf-8', 'replace')[-3000:]}")
    passed = boundaries(folder)
    return Night(killed, passed[-1] if passed else "before the first step", time.perf_counter() - start)


def boundaries(folder: Path) -> list[str]:
    """Return the names of the boundaries that the last night passed."""
    told = folder / "boundaries"
    return told.read_text("utf-8").splitlines() if told.exists() else []


def left_behind(home: Home) -> Left:
    """Return hashes of all files that must be the same, the ledger, and the content of the snapshot pointed to."""
    snapshot = latest_path(home)
    files = [*home.lake.rglob("*"), *home.archive.rglob("*"), *(snapshot / "marts").glob("*")]
    manifest = json.loads((snapshot / MANIFEST).read_text("utf-8"))
    return Left(
        {_name(home, snapshot, path): _sha256(path) for path in sorted(files) if path.is_file()},
        tuple(astuple(row) for row in Ledger(home.ledger).rows()), manifest["content"],
    )


def differences(expected: Left, found: Left) -> list[str]:
    """Say what differs from the undisturbed night; nothing where all is the same."""
    names = sorted(expected.files.keys() | found.files.keys())
    wrong = [name for name in names if expected.files.get(name) != found.files.get(name)]
    told = [f"{name}: {_how(expected.files.get(name), found.files.get(name))}" for name in wrong]
    told += [] if expected.ledger == found.ledger else ["ledger: other rows"]
    return told + ([] if expected.content == found.content else [f"content {found.content[:8]}"])


def broken_now(home: Home, contents: Sequence[str]) -> list[str]:
    """Say what a reader would find broken right after a kill: half-written lake files, a snapshot that is a mixture."""
    told = []
    for path in home.lake.glob("*/[!.]*.parquet"):
        try:
            pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            told.append(f"{path.name}: {error}")
    snapshot = latest_path(home)
    manifest = json.loads((snapshot / MANIFEST).read_text("utf-8"))
    told += [f"{one['path']} is not what the manifest says" for one in manifest["files"]
             if _sha256(snapshot / one["path"]) != one["sha256"]]
    return told + ([] if manifest["content"] in contents else ["the snapshot is neither the old one nor the new one"])


@dataclass(frozen=True)
class Seen:
    """A kill and what was found: `reader` right after it, `bytes` after the night that followed the last kill."""

    kill: Kill
    night: Night
    reader: tuple[str, ...]
    bytes: tuple[str, ...] = ()


def _chains(
    folder: Path, template: Home, expected: Left, planned: Sequence[Kill], console: Console
) -> Iterator[Seen]:
    contents = [left_behind(template).content, expected.content]
    for start in range(0, len(planned), KILLS_IN_A_ROW):
        home = Home(folder / "killed")
        copy_of(template, home)
        row = []
        for kill in planned[start : start + KILLS_IN_A_ROW]:
            night = started(home, folder, kill)
            row.append(Seen(kill, night, tuple(broken_now(home, contents))))
        started(home, folder)
        wrong = tuple(differences(expected, left_behind(home)))
        yield from (Seen(one.kill, one.night, one.reader, wrong) for one in row)
        console.print(f"{start + len(row)} of {len(planned)} kills: " + "; ".join(
            [f"{one.night.at} {one.night.seconds:.0f} s" for one in row] + list(wrong)[:5]
        ))
        _remove(home.root)


def _board(times: int, names: Sequence[str], seconds: float, found: Sequence[Seen], took: float) -> Board:
    killed = [one for one in found if one.night.killed]
    at = {one.night.at for one in killed if one.kill.boundary}
    rows = [
        ["已杀 kills", len(killed), times],
        ["在资产边界 at asset boundaries", len(at), len(names)],
        ["随机时刻 at random moments", sum(not one.kill.boundary for one in killed), "—"],
        ["杀时已结束 had ended before", len(found) - len(killed), "—"],
        ["读者所见残缺或混杂 a reader saw a part or a mixture", sum(bool(one.reader) for one in found), 0],
        ["重跑后字节有别 other bytes when run again", sum(bool(one.bytes) for one in found), 0],
        ["未受扰的一夜，秒 undisturbed night s", seconds, "—"],
        ["共需，秒 all of it s", took, "—"],
    ]
    wrong = sorted({told for one in found for told in (*one.reader, *one.bytes)})
    return Board("kills", f"python -m benchmarks kills --times {times}", [
        Grid("强杀夜间运行 kill -9 of the nightly run", ("", "数 number", "目标 goal"), rows)
    ], [
        f"- 连杀 {KILLS_IN_A_ROW} 次后跑完一夜，再比较：数据湖、台账、档案、数据集市逐字节相同。 "
        f"After {KILLS_IN_A_ROW} kills in a row a night runs to its end; lake, ledger, archive and marts are compared.",
        *(f"- {told}" for told in wrong[:20]),
    ])


def _deliver(home: Home, names: Sequence[str]) -> None:
    home.inbox.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copyfile(SAMPLES / name, home.inbox / name)


def _await_the_end_of_group(group: int) -> None:
    """Wait until no process of a killed group is left: dbt dies a moment after its parent."""
    while True:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            return
        time.sleep(0.05)


def _name(home: Home, snapshot: Path, path: Path) -> str:
    return path.relative_to(snapshot if path.is_relative_to(snapshot) else home.root).as_posix()


def _how(expected: str | None, found: str | None) -> str:
    return "gone" if found is None else "left over" if expected is None else "other bytes"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remove(folder: Path) -> None:
    """Delete a home with its sealed snapshots."""
    for path in folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def night(home: Home, told: Path, stop_at: int, received: int) -> None:
    """Run what `gongkai run` runs, noting every boundary in `told`; kill the own process group at the one asked for."""
    from dagster import DagsterInstance

    from assets.progress import Progress
    from orchestration.environment import prepare
    from orchestration.running import Runner, close_dead_runs
    from orchestration.waiting import newest, runs_of_a_night

    passed: list[str] = []

    def hear(event: str, step: str) -> None:
        if event in BOUNDARIES:
            passed.append(f"{event} {step} {len(passed) + 1}")
            replace_file(told, "\n".join(passed).encode())
            if len(passed) == stop_at:
                os.killpg(0, signal.SIGKILL)

    prepare(home)
    take_in(find_sources(home.inbox), desk_of(home, KEYS), RECEIVED[received])
    with DagsterInstance.get() as instance:
        close_dead_runs(home, instance)
        runner = Runner(home, instance, Progress(), hear)
        for job, key in runs_of_a_night(home, KEYS, newest(home, KEYS)):
            result = runner.run(job, key)
            if not result.success:
                raise RuntimeError(f"{job} {key}: {result.failures}")


if __name__ == "__main__":
    night(Home(Path(sys.argv[1])), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
