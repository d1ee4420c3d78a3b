"""A small crawl of the loopback site: nothing lost, nothing doubled, pace and robots kept, killed and gone on with."""

from __future__ import annotations

import fcntl
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from assets.fetching.archive import Archive
from assets.fetching.crawl import crawl
from assets.fetching.fetch_ledger import DONE, QUEUED, BusyError, FetchLedger, FetchRow, Outcome, crawl_lock
from assets.fetching.fetched import take_fetched, waiting_fetched
from assets.fetching.intake import desk_of
from assets.fetching.outcomes import outcomes
from assets.fetching.recipes import REPORT, Link
from assets.fetching.registry import Publisher
from assets.fetching.warc import export_warc
from assets.home import PROJECT, Home
from orchestration.io import archive_strays
from orchestration.schedules import unseen_partitions
from tests.site import bodies
from tests.site.plan import Site
from tests.site.running import MANNERS, Running, running
from tests.site.server import CRAWL_DELAY

SITE = Site(hosts=24, pages=600)
PACE = 0.05
DOCUMENTS = "select content, address from fetched_documents"


def documents(ledger: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    opened = FetchLedger(ledger)
    for content, address in opened.rows(DOCUMENTS):
        found[content].add(address)
    opened.close()
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(SITE, tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture(scope="module")
def crawled(site: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawled")
    crawl(folder / "ledger.sqlite", Archive(folder / "archive"), site.publishers(PACE), "2025", MANNERS)
    return folder


def test_every_report_that_can_be_had_is_in_the_archive_once(crawled: Path) -> None:
    wanted = bodies.obtainable(SITE)
    found = documents(crawled / "ledger.sqlite")
    assert [wanted[content] for content in set(wanted) - set(found)] == []
    # A host that blocks gives a few pages before it does.
    others = {address for content in set(found) - set(wanted) for address in found[content]}
    assert {address for address in others if "h0007." not in address} == set()
    stored = [path.name for path in (crawled / "archive").glob("*/*")]
    assert set(found) <= set(stored) and len(stored) == len(set(stored))


def test_pace_and_robots_are_kept_by_the_servers_own_log(crawled: Path, site: Running) -> None:
    last: dict[str, float] = {}
    gaps: dict[str, list[float]] = defaultdict(list)
    seen = site.requests()
    for one in seen:
        if one["host"] in last:
            gaps[one["host"]].append(one["time"] - last[one["host"]])
        last[one["host"]] = one["time"]
    every = sorted(gap for host in gaps.values() for gap in host)
    # Server and pace have two clocks.
    assert len(gaps) == SITE.hosts and every[0] > PACE * 0.98
    assert min(gaps[SITE.name(21)]) > CRAWL_DELAY * 0.98
    assert [one["path"] for one in seen if "/private/" in one["path"]] == []
    assert {one["agent"] for one in seen} == {MANNERS.agent}
    assert [one for one in seen if one["host"] == SITE.name(13) and one["path"] != "/robots.txt"] == []
    assert sum(one["host"] == SITE.name(7) for one in seen) < 15


class Sheets(BaseHTTPRequestHandler):
    """A listing of reports on one host, each with a sheet on another one; `asked` holds host, path and time."""

    asked: ClassVar[list[tuple[str, str, float]]] = []

    def do_GET(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        self.asked.append((host, self.path, time.monotonic()))
        name, port = self.path.strip("/"), self.headers["Host"].partition(":")[2]
        if self.path == "/robots.txt" or host.startswith("files"):
            return self._send(b"" if self.path == "/robots.txt" else f"{name} 0 1 2".encode())
        if name == "list":
            return self._page("".join(f'<a href="/{n}">2025年年报{n}</a>' for n in range(3)))
        # Long enough for all that waits for the other host to be asked before the next sheet is known.
        time.sleep(1.0)
        return self._page(f'<a href="http://files.gongkai.test:{port}/{name}.doc">附件</a>')

    def _page(self, inner: str) -> None:
        self._send(f"<!doctype html><html><head><title>年报</title></head><body>{inner}</body></html>".encode())

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_host_that_is_asked_again_later_in_a_run_keeps_its_pace_and_its_rules(tmp_path: Path) -> None:
    pace, Sheets.asked[:] = 0.3, []
    with ThreadingHTTPServer(("127.0.0.1", 0), Sheets) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        publisher = Publisher(
            "sheets", "110000", (f"http://www.gongkai.test:{server.server_port}/list",), "plain", 1,
            hosts=("files.gongkai.test",), pace=pace,
        )
        crawl(tmp_path / "ledger.sqlite", Archive(tmp_path / "archive"), [publisher], "2025", MANNERS)
        server.shutdown()
    of_files = [(path, moment) for host, path, moment in Sheets.asked if host == "files.gongkai.test"]
    assert sorted(path for path, _ in of_files) == ["/0.doc", "/1.doc", "/2.doc", "/robots.txt"]
    assert min(later - sooner for (_, sooner), (_, later) in pairwise(of_files)) > pace * 0.98


def test_every_publisher_has_an_outcome(crawled: Path) -> None:
    rows = {str(row["publisher"]): row for row in outcomes(crawled / "ledger.sqlite", "2025")}
    assert len(rows) == SITE.hosts and {row["queued"] for row in rows.values()} == {0}
    assert {name for name, row in rows.items() if row["state"] == "blocked"} == {"host_0007", "host_0013"}
    assert "complete" in {row["state"] for row in rows.values()}


def test_warc_holds_every_answer(crawled: Path, tmp_path: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    count = export_warc(crawled / "ledger.sqlite", Archive(crawled / "archive"), "2025", tmp_path / "all.warc.gz")
    with (tmp_path / "all.warc.gz").open("rb") as file:
        read = [(one.rec_type, one.http_headers.get_statuscode(), one.content_stream().read())
                for one in ArchiveIterator(file) if one.rec_type == "response"]
    assert len(read) == count > 500
    contents = {hashlib.sha256(body).hexdigest() for _, status, body in read if status == "200"}
    assert set(documents(crawled / "ledger.sqlite")) <= contents


def test_a_second_run_fetches_what_changed_and_keeps_both_versions(tmp_path: Path) -> None:
    small = Site(hosts=6, pages=330, odd=False)
    with running(small, tmp_path) as site:
        ledger, archive = tmp_path / "ledger.sqlite", Archive(tmp_path / "archive")
        publishers = site.publishers(0.01)
        first = crawl(ledger, archive, publishers, "2025", MANNERS)
        asked = len(site.requests())
        second = crawl(ledger, archive, publishers, "2025", MANNERS)
        # Within a week, only listings are asked again.
        assert len(site.requests()) - asked < asked / 5 and second["done"] == 0
        site.age(2)
        third = crawl(ledger, archive, publishers, "2025", replace(MANNERS, revisit=0.0))
        assert third["bytes"] < first["bytes"] / 2
        found = documents(ledger)
        wanted = bodies.obtainable(small, 2)
        assert set(wanted) - set(found) == set()
        assert set(bodies.obtainable(small, 1)) - set(found) == set()
        opened = FetchLedger(ledger)
        many = opened.rows("select address from address_versions")
        opened.close()
        assert len(many) > len({row[0] for row in many}) and len(site.requests()) > asked


KILLED = """
import sys; from pathlib import Path
from assets.fetching.archive import Archive
from assets.fetching.crawl import crawl
from tests.site.plan import Site
from tests.site.running import MANNERS, Running
site = Running(Site(8, 240), int(sys.argv[1]), Path(sys.argv[2]))
folder = Path(sys.argv[2]).parent
crawl(folder / "ledger.sqlite", Archive(folder / "archive"), site.publishers(0.02), "2025", MANNERS)
"""


def test_killed_anywhere_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    small, draw = Site(8, 240), random.Random(7)
    with running(small, tmp_path) as site:
        command = [sys.executable, "-c", KILLED, str(site.port), str(site.log)]
        for _ in range(4):
            process = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)})
            time.sleep(draw.uniform(0.8, 1.6))
            process.send_signal(signal.SIGKILL)
            process.wait()
        subprocess.run(command, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, check=True)
        requests = len(site.requests())
    found = documents(tmp_path / "ledger.sqlite")
    wanted = bodies.obtainable(small)
    assert set(wanted) - set(found) == set()
    opened = FetchLedger(tmp_path / "ledger.sqlite")
    rounds = opened.rows("select count(*) as n, count(distinct publisher) as p from rounds")[0]
    rows = opened.rows("select count(*) from fetches where status > 0")[0][0]
    good = "select address from fetches where failure = '' and role <> 'robots'"
    twice = opened.rows(f"{good} group by address having count(*) > 1")
    opened.close()
    assert rounds["n"] == rounds["p"] == small.hosts
    assert [row[0] for row in twice] == []
    # What was under way when the process died was asked again, no more.
    assert requests - rows <= 5 * MANNERS.connections


def test_what_was_fetched_of_another_year_waits_to_be_asked_for(tmp_path: Path) -> None:
    home, keys = Home(tmp_path), ("undated", "2024", "2025")
    archive, ledger = Archive(home.archive), FetchLedger(home.ledger)
    report = (PROJECT / "samples" / "inbox" / "fenyang_2024.txt").read_bytes()
    first = [(Link("http://a/", REPORT, ""), "a", QUEUED, "")]
    round_ = ledger.begin("one", "2025", "2026-01-01T00:00:00+00:00", first)
    waiting = ledger.next("a", [round_], 0.0)
    assert waiting is not None
    ledger.keep([Outcome(waiting, FetchRow(
        round_, "one", "2025", "http://a/", REPORT, "", None, "2026-01-01T00:00:00+00:00", 0.1, 200, "", len(report),
        archive.store(report), "text", "", "", {}, (),
    ), DONE)])
    ledger.close()
    desk = desk_of(home, keys)
    assert take_fetched(home.ledger, desk, "2025") == 0
    assert waiting_fetched(home.ledger, desk, 10) == unseen_partitions(home, keys) == {"2024"}
    assert take_fetched(home.ledger, desk) == 1 and waiting_fetched(home.ledger, desk, 10) == set()
    assert desk.ledger.known() == {hashlib.sha256(report).hexdigest(): "2024"}


def test_a_run_does_not_sweep_the_archive_while_a_crawl_writes_there(tmp_path: Path) -> None:
    home = Home(tmp_path)
    stray = home.archive / "ab" / ".abc.1.part"
    stray.parent.mkdir(parents=True)
    stray.touch()
    with crawl_lock(home.ledger):
        assert archive_strays(home) == [] and stray.exists()
    assert archive_strays(home) == [stray] and not stray.exists()


def test_one_crawl_at_a_time(tmp_path: Path) -> None:
    ledger, archive = tmp_path / "ledger.sqlite", Archive(tmp_path / "archive")
    with (tmp_path / "fetch.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match=r"fetch\.lock"):
            crawl(ledger, archive, [], "2025", MANNERS)
    assert not ledger.exists()
    crawl(ledger, archive, [], "2025", MANNERS)
