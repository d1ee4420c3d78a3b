"""The `gongkai` command: run | extract | fetch | publisher | status | dev | pages.

Belongs here: arguments, exit codes, the order of things. Does not: the work. Dagster and dbt are imported only by
the commands that need them, so that `gongkai extract` starts at once.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.home import LOOPBACK, PAGES_PORT, PROJECT, Home
from orchestration.fetching import add_commands

if TYPE_CHECKING:
    from rich.console import Console

    from assets.fetching.intake import Intake

LOG = "run.log"
OK, FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; unusable arguments end the process with 2."""
    parser = build_parser()
    given = parser.parse_args(arguments)
    if given.command == "run":
        _check_run(parser, given)
    command: Callable[[argparse.Namespace], int] = given.act
    try:
        return command(given)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="gongkai", description="政府信息公开工作年度报告：读取、检查、发布 / read, check, publish OGI reports"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="入库并运行整条链 / take documents in and run the whole chain once")
    run.add_argument("--inbox", type=Path, help="inbox folder (default: $GONGKAI_HOME/inbox)")
    run.add_argument("--verbose", action="store_true", help="show everything Dagster, dbt and GX print")
    run.add_argument("files", nargs="*", type=Path, metavar="FILE", help="further documents, or folders of them")
    run.set_defaults(act=command_run)
    extract = commands.add_parser("extract", help="读取并判断文件，不改动任何状态 / judge documents, touch no state")
    extract.add_argument("--format", choices=("json", "table"), help="default: table on a terminal, else JSON Lines")
    extract.add_argument("files", nargs="+", type=Path, metavar="FILE")
    extract.set_defaults(act=command_extract)
    status = commands.add_parser("status", help="现状与问题 / what is there, what is wrong now (exit 1 if anything is)")
    status.set_defaults(act=command_status)
    dev = commands.add_parser("dev", help="打开 Dagster 界面 / start the Dagster UI on this machine")
    dev.add_argument("--port", type=int, default=3000)
    dev.add_argument("--pages-port", type=int, default=PAGES_PORT, help="data docs 等页面 / of data docs and snapshots")
    dev.set_defaults(act=command_dev)
    pages = commands.add_parser("pages", help="只读地提供 data docs 与快照 / serve data docs and snapshots, read only")
    pages.add_argument("--port", type=int, default=PAGES_PORT)
    pages.add_argument("--beside", type=int, help=argparse.SUPPRESS)
    pages.set_defaults(act=command_pages)
    add_commands(commands)
    return parser


def _check_run(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    if given.inbox is not None and not given.inbox.is_dir():
        parser.error(f"--inbox {given.inbox}: there is no such folder")
    absent = [str(path) for path in given.files if not path.exists()]
    if absent:
        parser.error(f"no such file: {', '.join(absent)}")


def command_extract(given: argparse.Namespace) -> int:
    """Judge each document and print it, one JSON object per line or as tables."""
    if (given.format or ("table" if sys.stdout.isatty() else "json")) == "json":
        for judged in judged_documents(given.files):
            print(json.dumps(judged, ensure_ascii=False), flush=True)
        return OK
    from rich.console import Console

    from orchestration.display import show_judged

    console = Console()
    for judged in judged_documents(given.files):
        for one in judged.get("reports", [judged]):
            show_judged(console, one)
    return OK


def judged_documents(paths: Iterable[Path]) -> Iterable[dict[str, Any]]:
    """Yield the object of design.md §4 for each path; one that cannot be opened is refused with the reason."""
    from assets.extract import extract, refused

    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            reason = f"文件打不开 · the file cannot be opened ({error.strerror or error})"
            yield {**refused(str(path), "unreadable", ""), "reason": reason}
            continue
        yield extract(content, str(path))


def command_status(given: argparse.Namespace) -> int:
    """Print what is there and what is wrong; 1 if anything needs somebody."""
    from rich.console import Console

    from orchestration.display import show_overview, show_places
    from orchestration.overview import overview
    from orchestration.years import partition_keys

    home = Home.from_environment()
    found = overview(home, partition_keys(date.today()))
    console = Console()
    show_overview(console, found)
    show_places(console, found.snapshot, data_docs(home), model_docs(home, found.snapshot))
    return FAILED if found.problems else OK


def command_dev(given: argparse.Namespace) -> int:
    """Become the Dagster UI and daemon on loopback; the pages they link to are served beside them for as long."""
    from orchestration.environment import prepare

    home = Home.from_environment()
    prepare(home)
    # Started with `&` from a script, SIGINT is ignored, and Dagster hands SIGTERM to SIGINT's handler: it could not be
    # stopped at all.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.setdefault("GONGKAI_PAGES_URL", f"http://{LOOPBACK}:{given.pages_port}")
    gongkai = [sys.executable, "-m", "orchestration.cli", "pages", "--beside", str(os.getpid())]
    subprocess.Popen([*gongkai, "--port", str(given.pages_port)], cwd=PROJECT)
    os.chdir(PROJECT)
    tool = Path(sys.executable).with_name("dg")
    os.execv(tool, [str(tool), "dev", "-w", "workspace.yaml", "--host", LOOPBACK, "--port", str(given.port)])


def command_pages(given: argparse.Namespace) -> int:
    """Serve data docs and snapshots on loopback, until stopped or until the process `--beside` ends."""
    from orchestration.pages import pages_server, stop_after

    home = Home.from_environment()
    try:
        server = pages_server(home, given.port)
    except OSError as error:
        print(f"端口 {given.port} 不能用 / port {given.port} cannot be used: {error}; --pages-port", file=sys.stderr)
        return FAILED
    if given.beside:
        stop_after(server, given.beside)
    server.serve_forever()
    return OK


def command_run(given: argparse.Namespace) -> int:
    """Take documents in, run every report year that needs it, print the summary."""
    from orchestration.display import error_console
    from orchestration.environment import prepare

    home = Home.from_environment()
    console = error_console()
    try:
        prepare(home)
        return _run(given, home, console)
    except Exception as error:
        if given.verbose:
            raise
        console.print("失败 failed", style="red")
        console.print(f"{type(error).__name__}: {error}", markup=False, soft_wrap=True)
        console.print("gongkai run --verbose 显示全部 shows everything", markup=False)
        return FAILED


def _run(given: argparse.Namespace, home: Home, console: Console) -> int:
    from rich.console import Console

    from orchestration.display import output_to, show_intake, show_overview, show_places
    from orchestration.overview import overview
    from orchestration.years import partition_keys

    keys = partition_keys(date.today())
    show_intake(console, _take_in(given, home, keys, console))
    with nullcontext() if given.verbose else output_to(home.root / LOG):
        succeeded = _run_years(home, keys, console, given.verbose)
    if not succeeded:
        return FAILED
    found = overview(home, keys)
    summary = Console()
    show_overview(summary, found)
    show_places(summary, found.snapshot, data_docs(home), model_docs(home, found.snapshot))
    return OK


def _take_in(given: argparse.Namespace, home: Home, keys: Sequence[str], console: Console) -> Intake:
    from assets.fetching.fetched import take_fetched
    from assets.fetching.intake import desk_of, find_sources, take_in
    from orchestration.display import ShownProgress

    home.inbox.mkdir(parents=True, exist_ok=True)
    sources, desk = find_sources(given.inbox or home.inbox, given.files), desk_of(home, keys)
    take_fetched(home.ledger, desk)
    shown, seen = ShownProgress(console), count(1)
    with shown.bars:
        return take_in(
            sources, desk, datetime.now(UTC),
            seen=lambda arrival: shown.step("收件 intake", next(seen), len(sources)),
        )


def _run_years(home: Home, keys: Sequence[str], console: Console, verbose: bool) -> bool:
    """Run `reading`, then `judging` for every report year that needs it, and `nightly` for the newest of them."""
    from dagster import DagsterInstance

    from orchestration.display import ShownProgress, show_failure
    from orchestration.running import Runner, close_dead_runs, note_empty_years
    from orchestration.waiting import newest, runs_of_a_night

    last = newest(home, keys)
    shown = ShownProgress(console)
    with shown.bars, DagsterInstance.get() as instance:
        for run_id in close_dead_runs(home, instance):
            console.print(f"[yellow]上次运行中断，已标记为失败 a killed run was marked as failed[/]: {run_id}")
        runner = Runner(home, instance, shown, shown.told)
        for job, key in runs_of_a_night(home, keys, last):
            shown.begin(f"{key} {job}", runner.steps(job))
            result = runner.run(job, key, verbose)
            if not result.success:
                show_failure(console, key, result.run_id, result.failures, home.root / LOG)
                return False
        note_empty_years(home, instance, keys)
    return True


def data_docs(home: Home) -> list[Path]:
    """Return the entry pages of the data docs, one per report year."""
    return sorted(home.data_docs.glob("*/index.html"))


def model_docs(home: Home, snapshot: Path | None) -> list[Path]:
    """Return the page on the models of a snapshot, where there is one."""
    return [] if snapshot is None else sorted((home.published_model_docs / snapshot.name).glob("index.html"))


if __name__ == "__main__":
    sys.exit(main())
