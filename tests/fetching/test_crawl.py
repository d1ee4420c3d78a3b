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
from pathlib import Path

import pytest

from assets.fetching.archive import Archive
from assets.fetching.crawl import BusyError, crawl
from assets.fetching.fetch_ledger import FetchLedger
from assets.fetching.outcomes import outcomes
from assets.fetching.warc import export_warc
from assets.home import PROJECT
from tests.site import bodies
from tests.site.plan import Site
from tests.site.running import MANNERS, Running, running
from tests.site.server import CRAWL_DELAY

SITE = Site(hosts=24, pages=600)
PACE = 0.05
DOCUMENTS = (
    "select content, address from fetches where role in ('report', 'attachment', 'picture') "
    "and failure = '' and content <> ''"
)


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
    # The server notes a request when it gets round to it: now and then one is noted late and the next one is not.
    assert len(gaps) == SITE.hosts and every[len(every) // 50] > PACE * 0.9 and every[0] > PACE * 0.4
    assert min(gaps[SITE.name(21)]) > CRAWL_DELAY * 0.8
    assert [one["path"] for one in seen if "/private/" in one["path"]] == []
    assert {one["agent"] for one in seen} == {MANNERS.agent}
    assert [one for one in seen if one["host"] == SITE.name(13) and one["path"] != "/robots.txt"] == []
    assert sum(one["host"] == SITE.name(7) for one in seen) < 15


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
from assets.fetching.crawl import BusyError, crawl
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


def test_one_crawl_at_a_time(tmp_path: Path) -> None:
    ledger, archive = tmp_path / "ledger.sqlite", Archive(tmp_path / "archive")
    with (tmp_path / "fetch.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match=r"fetch\.lock"):
            crawl(ledger, archive, [], "2025", MANNERS)
    assert not ledger.exists()
    crawl(ledger, archive, [], "2025", MANNERS)
