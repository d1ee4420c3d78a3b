"""`gongkai fetch` and `gongkai publisher try`: arguments, the progress bar, the summary.

Belongs here: what is shown of a crawl. Does not: crawling (assets/fetching), Dagster.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from assets.home import Home

OK, FAILED, UNUSABLE = 0, 1, 2
SHOWN = ("done", "unchanged", "spared", "failed", "refused")


def add_commands(commands: Any) -> None:
    """Add `fetch` and `publisher` to the command line."""
    fetch = commands.add_parser("fetch", help="抓取某年度的报告 / fetch the reports of a year from their publishers")
    fetch.add_argument("--year", help="report year (default: the one due)")
    fetch.add_argument("--publisher", action="append", default=[], metavar="ID", help="only these; may be repeated")
    fetch.add_argument("--unverified", action="store_true", help="也抓取未核实的 / also publishers nobody verified")
    fetch.add_argument("--revisit", action="store_true", help="重看近日看过的 / ask again what was seen within a week")
    fetch.add_argument("--warc", type=Path, metavar="FILE", help="export the year's fetches (.warc.gz)")
    fetch.set_defaults(act=command_fetch)
    publisher = commands.add_parser("publisher", help="发布单位 / publishers")
    acts = publisher.add_subparsers(dest="publisher_command", required=True)
    attempt = acts.add_parser("try", help="看一个列表页能给出什么 / show what a listing yields")
    attempt.add_argument("url")
    attempt.add_argument("--family", default="plain")
    attempt.add_argument("--year")
    attempt.set_defaults(act=command_try)


def command_fetch(given: argparse.Namespace) -> int:
    """Crawl, take what was fetched into the ledger, print what became of each publisher; 1 if anything is amiss."""
    from rich.console import Console

    from assets.fetching.fetch_ledger import BusyError
    from assets.fetching.registry import RegistryError, chosen
    from assets.fetching.settings import NoContactError, manners_of, publishers_of
    from orchestration.years import due_year, partition_keys

    home, console = Home.from_environment(), Console()
    year = given.year or due_year(date.today())
    try:
        if year not in partition_keys(date.today()):
            raise RegistryError(f"{year}: no report year")
        manners = manners_of()
        publishers = chosen(publishers_of(), given.publisher, given.unverified)
        if not publishers:
            raise RegistryError("没有已核实的发布单位 / no publisher is verified; name one, or --unverified")
        _fetch(given, home, console, year, publishers, manners)
    except (NoContactError, RegistryError, BusyError) as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    return show_outcomes(home, console, year, [one.id for one in publishers])


def _fetch(
    given: argparse.Namespace, home: Home, console: Any, year: str, publishers: Sequence[Any], manners: Any
) -> None:
    from dataclasses import replace

    from assets.fetching.archive import archive_of
    from assets.fetching.crawl import crawl
    from assets.fetching.fetched import take_fetched
    from assets.fetching.intake import desk_of
    from assets.fetching.warc import export_warc
    from orchestration.years import partition_keys

    manners = replace(manners, revisit=0.0) if given.revisit else manners
    with shown(console, f"{year} 抓取 fetching") as told:
        crawl(home.ledger, archive_of(home), publishers, year, manners, told)
    taken = take_fetched(home.ledger, desk_of(home, partition_keys(date.today())))
    console.print(f"新文件 new documents: {taken}")
    if given.warc:
        console.print(f"WARC: {export_warc(home.ledger, archive_of(home), year, given.warc)} → {given.warc}")


@contextmanager
def shown(console: Any, what: str) -> Iterator[Any]:
    """Show the counts of a crawl while it runs: addresses ended, of those known so far, and a rate."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[counts]}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        task, began = bars.add_task(what, total=None, counts=""), time.monotonic()

        def told(counts: Counter[str]) -> None:
            rate = counts["requests"] / max(0.1, time.monotonic() - began)
            words = " ".join(f"{name} {counts[name]:,}" for name in (*SHOWN, "queued"))
            ended = sum(counts[name] for name in SHOWN)
            bars.update(task, counts=f"{words} · {rate:.1f}/s", completed=ended, total=ended + counts["queued"])

        yield told


def show_outcomes(home: Home, console: Any, year: str, names: Sequence[str]) -> int:
    """Print what became of each publisher's last round; 0 where all are complete."""
    from rich.table import Table

    from assets.fetching.outcomes import outcomes
    from assets.fetching.settings import publishers_of

    table = Table("发布单位 publisher", "结果 outcome", "报告 reports", "下限 floor", "未得 failed", "说明 note")
    states: Counter[str] = Counter()
    for row in outcomes(home.ledger, year, publishers_of()):
        if row["publisher"] in names:
            states[str(row["state"])] += 1
            cells = (row["publisher"], row["state"], row["reports"], row["floor"], row["failed"], row["reason"])
            table.add_row(*(str(cell) for cell in cells))
    console.print(table)
    return OK if set(states) <= {"complete"} else FAILED


def command_try(given: argparse.Namespace) -> int:
    """Ask for one listing (robots and addresses are minded) and print what it leads to."""
    import asyncio

    from assets.fetching.addresses import RefusedAddressError
    from assets.fetching.settings import NoContactError, manners_of
    from assets.fetching.trying import try_listing
    from orchestration.years import due_year

    year = given.year or due_year(date.today())
    try:
        tried = asyncio.run(try_listing(given.url, given.family, year, manners_of()))
    except (NoContactError, RefusedAddressError) as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    print(tried.said)
    for link in tried.links:
        print(f"{link.role:10} {link.address}  {link.words}")
    return OK if any(link.role != "listing" for link in tried.links) else FAILED
