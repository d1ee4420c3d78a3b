"""Crawling the loopback site: what is had, pace, the second run, kills, speed beside a bare client, cost per page.

Belongs here: runs of the crawler in processes of their own, and what the server's log says of them.
Does not: the site (tests/site), the crawler (assets/fetching).
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from assets.fetching.fetch_ledger import FetchLedger
from assets.home import PROJECT
from benchmarks.board import Board, Grid
from tests.site import bodies
from tests.site.plan import Site
from tests.site.running import Running, running

PACE = 0.02
DOCUMENTS = "select distinct content from fetched_documents"
ONE_RUN = """
import json, resource, sys, time
from dataclasses import replace
from pathlib import Path
from assets.fetching.archive import Archive
from assets.fetching.crawl import crawl
from tests.site.plan import Site
from tests.site.running import MANNERS, Running
hosts, pages, odd, port, folder, pace, revisit = json.loads(sys.argv[1])
site = Running(Site(hosts, pages, 1, odd), port, Path(folder) / "requests.jsonl")
began, spent = time.monotonic(), time.process_time()
manners = replace(MANNERS, revisit=revisit)
ledger, archive = Path(folder) / "ledger.sqlite", Archive(Path(folder) / "archive")
counts = crawl(ledger, archive, site.publishers(pace), "2025", manners)
print(json.dumps({**counts, "seconds": time.monotonic() - began, "cpu": time.process_time() - spent,
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
BARE = """
import asyncio, json, resource, sys, time
import aiohttp
from assets.fetching.addresses import CheckedResolver
from tests.site.plan import Site
from tests.site.running import MANNERS
hosts, pages, port = json.loads(sys.argv[1])
site = Site(hosts, pages, 1, False)
urls = [f"http://{site.name(h)}:{port}{site.page(h, n).path}" for n in range(site.per_host) for h in range(hosts)]
async def main():
    waiting = iter(urls)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=CheckedResolver(MANNERS.gate))) as client:
        async def work():
            for url in waiting:
                async with client.get(url) as answer:
                    await answer.read()
        await asyncio.gather(*(work() for _ in range(32)))
began, spent = time.monotonic(), time.process_time()
asyncio.run(main())
print(json.dumps({"requests": len(urls), "seconds": time.monotonic() - began, "cpu": time.process_time() - spent,
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def run(pages: int, hosts: int, kills: int) -> list[Board]:
    """Return what was measured on a site of `pages` reports on `hosts` hosts, and with `kills` kills on a small one."""
    command = f"python -m benchmarks crawl --pages {pages} --hosts {hosts} --kills {kills}"
    grids = [*_whole(pages, hosts), _speed(hosts, sorted({2_000, pages})), _killed(kills)]
    remark = "服务器与抓取程序同在一机 / the server shares the machine with the crawler."
    return [Board("crawl", command, grids, [remark])]


def _whole(pages: int, hosts: int) -> list[Grid]:
    with tempfile.TemporaryDirectory() as name, running(Site(hosts, pages), Path(name)) as site:
        first = _run(site, name, 7 * 86_400.0)
        seen = site.requests()
        again = _run(site, name, 7 * 86_400.0)
        all_again = _run(site, name, 0.0)
        wanted, found = set(bodies.obtainable(site.site)), _documents(Path(name))
        rows: list[list[object]] = [
            ["能取得的文件 documents that can be had", len(wanted), ""],
            ["其中未得 of these missing", len(wanted - found), 0],
            ["违反 robots 的请求 requests against robots", sum("/private/" in one["path"] for one in seen), 0],
            ["间隔短于约定的请求 requests too soon (< 98 % of the pace)", _too_soon(seen), 0],
            ["首次 first run: requests, MB, s", _said(first), ""],
            ["再次 second run: requests, MB, s", _said(again), "≪"],
            ["全部重看 all asked again: requests, MB, s", _said(all_again), "bytes ≪"],
        ]
    return [Grid(f"{hosts} 个主机，{pages:,} 页 · hosts, pages", ("", "测得 measured", "目标 goal"), rows)]


def _speed(hosts: int, sizes: list[int]) -> Grid:
    rows: list[list[object]] = []
    for pages in sizes:
        with tempfile.TemporaryDirectory() as name, running(Site(hosts, pages, odd=False), Path(name)) as site:
            bare = _child(BARE, [hosts, pages, site.port])
            ours = _run(site, name, 0.0, pace=0.0)
        for who, found in (("bare aiohttp", bare), ("gongkai", ours)):
            count = found["requests"]
            rows.append([
                who, pages, count, round(count / found["seconds"], 1), round(found["cpu"] / count * 1000, 2),
                round(found["mb"]),
            ])
    columns = ("", "页 pages", "请求 requests", "每秒 a second", "CPU ms/请求 request", "MB")
    return Grid("速度，无间隔 · speed, without pace", columns, rows)


def _killed(kills: int) -> Grid:
    draw, done = random.Random(3), 0
    with tempfile.TemporaryDirectory() as name, running(Site(20, 1_000), Path(name)) as site:
        given = json.dumps([20, 1_000, True, site.port, name, PACE, 0.0])
        while done < kills:
            process = subprocess.Popen([sys.executable, "-c", ONE_RUN, given], cwd=PROJECT, stdout=subprocess.DEVNULL)
            time.sleep(draw.uniform(0.9, 2.2))
            process.send_signal(signal.SIGKILL)
            process.wait()
            done += 1
        _child(ONE_RUN, json.loads(given))
        wanted, found = set(bodies.obtainable(site.site)), _documents(Path(name))
        ledger = FetchLedger(Path(name) / "ledger.sqlite")
        twice = ledger.rows(
            "select address from fetches where failure = '' and role <> 'robots' "
            "group by round, address having count(*) > 1"
        )
        ledger.close()
    rows = [["未得 missing", len(wanted - found), 0], ["记了两次 recorded twice", len(twice), 0]]
    return Grid(f"{kills} 次 kill -9，1,000 页 · kills, pages", ("", "测得 measured", "目标 goal"), rows)


def _run(site: Running, folder: str, revisit: float, pace: float = PACE) -> dict[str, Any]:
    return _child(ONE_RUN, [site.site.hosts, site.site.pages, site.site.odd, site.port, folder, pace, revisit])


def _child(code: str, given: list[Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(given)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _documents(folder: Path) -> set[str]:
    ledger = FetchLedger(folder / "ledger.sqlite")
    found = {row[0] for row in ledger.rows(DOCUMENTS)}
    ledger.close()
    return found


def _too_soon(seen: list[dict[str, Any]]) -> int:
    last: dict[str, float] = {}
    count = 0
    for one in seen:
        # Server and pace have two clocks.
        count += one["time"] - last.get(one["host"], 0.0) < PACE * 0.98
        last[one["host"]] = one["time"]
    return count


def _said(run: dict[str, Any]) -> str:
    return f"{run['requests']:,} · {run['bytes'] / 1e6:.1f} MB · {run['seconds']:.0f} s"
