"""`python -m benchmarks NAME`, one of the names that `--help` lists.

Belongs here: arguments, and showing and keeping what was measured. Does not: measuring.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.board import Board, show, write


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one benchmark, print its tables, and replace its sections of RESULTS.md as soon as each is measured."""
    given = _parser().parse_args(arguments)
    given.layouts = [layout for layout in given.layouts if layout not in given.without]
    console = Console(width=None if os.isatty(1) else 220)
    boards: Iterable[Board] = given.act(given, console)
    for board in boards:
        show(board, console)
        if not given.dry:
            write(board)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="测量 / measurements")
    commands = parser.add_subparsers(dest="name", required=True)
    everywhere = _common()
    reading = commands.add_parser("reading", parents=[everywhere], help="读对的比例 / shares read right")
    reading.add_argument("--documents", type=int, default=500, help="per layout")
    reading.set_defaults(act=_reading)
    corruption = commands.add_parser("corruption", parents=[everywhere], help="损坏 / damage")
    corruption.add_argument("--documents", type=int, default=20_000)
    corruption.add_argument("--classes", nargs="+", help="of faults.yaml")
    corruption.set_defaults(act=_corruption)
    guards = commands.add_parser("guards", parents=[everywhere], help="恒等式之外的守卫 / guards beside identities")
    guards.add_argument("--documents", type=int, default=12, help="per class")
    guards.set_defaults(act=_guards)
    speed = commands.add_parser("speed", parents=[everywhere], help="速度 / speed")
    speed.add_argument("--documents", type=int, default=30, help="per layout")
    speed.set_defaults(act=_speed)
    memory = commands.add_parser("memory", parents=[everywhere], help="内存 / memory")
    memory.set_defaults(act=_memory)
    gate = commands.add_parser("gate", parents=[everywhere], help="闸门 / the gate of one report year")
    gate.add_argument("--reports", type=int, default=150_000)
    gate.add_argument("--folder", type=Path, help="保存并重用造好的数据 / keeps the made lake for the next time")
    gate.set_defaults(act=_gate)
    marts = commands.add_parser("marts", parents=[everywhere], help="全国多年的数据集市 / the marts of a country")
    marts.add_argument("--reports", type=int, default=150_000, help="per year")
    marts.add_argument("--years", type=int, default=7)
    marts.add_argument("--folder", type=Path, help="保存并重用造好的数据 / keeps the made lake for the next time")
    marts.set_defaults(act=_marts)
    crawl = commands.add_parser("crawl", parents=[everywhere], help="抓取 / crawling the loopback site")
    crawl.add_argument("--pages", type=int, default=20_000)
    crawl.add_argument("--hosts", type=int, default=200)
    crawl.add_argument("--kills", type=int, default=20)
    crawl.set_defaults(act=_crawl)
    fuzz = commands.add_parser("fuzz", parents=[everywhere], help="模糊测试 / fuzzing")
    fuzz.add_argument("--reader", required=True)
    fuzz.add_argument("--seconds", type=float, default=60)
    fuzz.add_argument("--engine", choices=("own", "atheris"), default="own")
    fuzz.set_defaults(act=_fuzz)
    kills = commands.add_parser("kills", parents=[everywhere], help="强杀夜间运行 / kill -9 of the nightly run")
    kills.add_argument("--times", type=int, default=60)
    kills.set_defaults(act=_kills)
    localization = commands.add_parser("localization", parents=[everywhere], help="错在哪一格 / which cell is wrong")
    localization.add_argument("--cases", type=int, default=300, help="per class of faults, times, and group of tables")
    localization.add_argument("--solved", type=int, default=600, help="cases that HiGHS solves as well")
    localization.set_defaults(act=_localization)
    return parser


def _common() -> argparse.ArgumentParser:
    from tests.typesetting.layouts import EVERY_LAYOUT

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--dry", action="store_true", help="不改 RESULTS.md / leave RESULTS.md as it is")
    common.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    common.add_argument("--layouts", nargs="+", choices=list(EVERY_LAYOUT), default=list(EVERY_LAYOUT), metavar="NAME")
    common.add_argument("--without", nargs="+", choices=list(EVERY_LAYOUT), default=[], metavar="NAME")
    return common


def _reading(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import reading

    return reading.run(given.documents, given.layouts, given.cores, console)


def _corruption(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import corruption
    from tests.typesetting.corruption import faults

    return [corruption.run(given.documents, given.layouts, given.classes or list(faults()), given.cores, console)]


def _guards(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import guards

    return [guards.run(given.documents)]


def _speed(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import speed

    return [speed.run(given.documents, given.layouts, console)]


def _memory(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import memory

    return [memory.run(given.layouts, console)]


def _gate(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import gate

    return [gate.run(given.reports, given.folder, console)]


def _marts(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import marts

    return [marts.run(given.reports, given.years, given.folder, console)]


def _crawl(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import crawl

    return crawl.run(given.pages, given.hosts, given.kills)


def _fuzz(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import fuzz

    return [fuzz.run(given.reader, given.seconds, given.engine, console)]


def _kills(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import kills

    return [kills.run(given.times, console)]


def _localization(given: argparse.Namespace, console: Console) -> Iterable[Board]:
    from benchmarks import localization

    return [localization.run(given.cases, given.solved, given.cores, console)]


if __name__ == "__main__":
    main()
