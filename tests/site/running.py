"""The site's server started and stopped, its publishers as a registry would have them, its log read back.

Belongs here: what tests and benchmarks need to point a crawler at the site. Does not: the crawler.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.fetching.addresses import Gate
from assets.fetching.crawl import Manners
from assets.fetching.exchange import Bounds
from assets.fetching.registry import Publisher
from assets.home import PROJECT
from tests.site.plan import DOMAIN, Site

MB = 1024 * 1024
MANNERS = Manners(
    "gongkai/test (+reviewer@example.org)", Gate(True, {f".{DOMAIN}": "127.0.0.1"}), Bounds(2, 3, 6, 8 * MB),
    back_off=0.3,
)


@dataclass(frozen=True)
class Running:
    """A site that is being served on `port`; its log of requests."""

    site: Site
    port: int
    log: Path

    def publishers(self, pace: float) -> list[Publisher]:
        """Return one publisher per host."""
        return [
            Publisher(
                f"host_{host:04d}", "110000", (f"http://{self.site.name(host)}:{self.port}{self.site.listing_path(host)}",),
                self.site.family(host), 1, territory="110000", pace=pace,
            )
            for host in range(self.site.hosts)
        ]

    def requests(self) -> list[dict[str, Any]]:
        """Return the requests that the server saw, in order."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def age(self, generation: int) -> None:
        """Let the site go on to another generation."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/generation/{generation}", b"") as answer:
            answer.read()


@contextmanager
def running(site: Site, folder: Path) -> Iterator[Running]:
    """Serve a site in a process of its own."""
    log = folder / "requests.jsonl"
    command = [sys.executable, "-m", "tests.site.server", "--hosts", str(site.hosts), "--pages", str(site.pages)]
    command += ["--seed", str(site.seed), "--log", str(log), *([] if site.odd else ["--plain"])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    try:
        assert process.stdout is not None
        yield Running(site, int(process.stdout.readline()), log)
    finally:
        process.kill()
        process.wait()
