"""The site as a server process: all hosts on one port of 127.0.0.1, told apart by the Host header, all of it logged.

Belongs here: sockets, status codes, validators, misbehaviour, log. Does not: what stands where (plan.py, bodies.py).

`POST /generation/2` on any host brings the second generation: replaced reports, re-used addresses, newcomers.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import hashlib
import json
import re
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TextIO

from tests.site import bodies
from tests.site.plan import DOMAIN, Page, Site

NUMBER = re.compile(r"(?:A|art_\d+_|t20260121_|/info/\d+/|post_|id=|private/|moved/|loop/)(\d+)")
MODIFIED = "Wed, 21 Jan 2026 08:00:00 GMT"
ROBOTS = "User-agent: *\nDisallow: /private/\n"
SLOW_SECONDS, CRAWL_DELAY = 1.0, 0.3
BLOCKS_AFTER = 4


@dataclass
class Answer:
    """One answer; `act` says how the socket misbehaves: hang, endless, short."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    act: str = ""


class Answers:
    """What each request is answered, with the counters that make some answers change."""

    def __init__(self, site: Site) -> None:
        self.site, self.generation, self.seen = site, 1, Counter[str]()

    def answer(self, host_name: str, path: str) -> Answer:
        """Return the answer to a GET."""
        match = re.match(rf"www\.h(\d+)\.{re.escape(DOMAIN)}", host_name)
        if not match or int(match[1]) >= self.site.hosts:
            return Answer(404, b"no such host")
        host = int(match[1])
        self.seen[f"host {host}"] += 1
        return self._of_host(host, path) or self._page(host, path)

    def _of_host(self, host: int, path: str) -> Answer | None:
        odd, count = self.site.host_oddity(host), self.seen[f"host {host}"]
        if path == "/robots.txt":
            if odd == "robots_fails":
                return Answer(503, b"")
            delay = f"Crawl-delay: {CRAWL_DELAY}\n" if odd == "crawl_delay" else ""
            return Answer(200, (ROBOTS + delay).encode(), {"Content-Type": "text/plain"})
        if odd == "blocks" and count > BLOCKS_AFTER:
            return Answer(412, b"<html><script>$_ts={}</script></html>")
        if odd == "too_many" and count % 15 == 0:
            return Answer(429, b"", {"Retry-After": "1"})
        for number in range(self.site.listings(host)):
            if path == self.site.listing_path(host, number):
                return Answer(200, bodies.listing(self.site, host, number, self.generation))
        return Answer(200, b"<html>home</html>") if path in ("/", "/about.html") else None

    def _page(self, host: int, path: str) -> Answer:
        if file := re.match(r"/files/(\d+)\.", path):
            return Answer(200, bodies.attached(self.site.page(host, int(file[1]))))
        match = NUMBER.search(path)
        if not match:
            return Answer(404, b"<html>404</html>")
        number = int(match[1])
        page = bodies.newcomer(self.site, host) if number >= 90_000 else self.site.page(host, number)
        self.seen[f"{host} {path}"] += 1
        return self._report(page, path, self.seen[f"{host} {path}"])

    def _report(self, page: Page, path: str, times: int) -> Answer:
        body, odd = bodies.report(page, self.generation), page.oddity
        plain = Answer(200, body, {"Content-Type": "text/html"})
        if path.startswith("/moved/"):
            return plain
        if path.startswith("/loop/"):
            return Answer(302, b"", {"Location": page.path})
        answers = {
            "hangs": Answer(act="hang"), "loops": Answer(302, b"", {"Location": f"/loop/{page.number}"}),
            "endless": Answer(200, body, act="endless"), "short_body": Answer(200, body, act="short"),
            "bomb": Answer(200, bomb(), {"Content-Encoding": "gzip"}), "gone": Answer(404, b"<html>404</html>"),
            "moved": Answer(301, b"", {"Location": f"/moved/{page.number}.html"}),
            "moved_away": Answer(302, b"", {"Location": f"http://casino.example.{DOMAIN}/x.html"}),
            "moved_inside": Answer(302, b"", {"Location": "http://169.254.169.254/latest/meta-data/"}),
            "slow": Answer(200, body, {"Content-Type": "text/html"}, "slow"),
            "lying_type": Answer(200, body, {"Content-Type": "application/pdf"}),
        }
        if odd == "error_once" and times == 1:
            return Answer(500, b"oops")
        return answers.get(odd, plain)


@cache
def bomb() -> bytes:
    """Return 200 MB of zeros, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(200)), packer.flush()])


def validated(answer: Answer, number: int, headers: dict[str, str]) -> Answer:
    """Return the answer with the validators that this address has: an ETag, a date, none; 304 where they match."""
    if answer.status != 200 or answer.act in ("hang", "endless", "short") or "Content-Encoding" in answer.headers:
        return answer
    kind, tag = number % 10, f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    if kind < 8:
        answer.headers["ETag"] = tag
        if headers.get("if-none-match") == tag:
            return Answer(304, b"", {"ETag": tag})
    if "gzip" in headers.get("accept-encoding", "") and number % 3 == 0:
        answer.body = gzip.compress(answer.body, 1)
        answer.headers["Content-Encoding"] = "gzip"
    return answer


class Server:
    """Serves a site and logs each request: time, host, path, status, bytes."""

    def __init__(self, site: Site, log: TextIO | None) -> None:
        self.answers, self.log = Answers(site), log

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        start, *lines = head.split("\r\n")
        method, path, _ = start.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        began = time.time()
        if method == "POST":
            self.answers.generation = int(path.rpartition("/")[2])
            answer = Answer(200, b"ok")
        else:
            number = int(hashlib.md5(path.encode()).hexdigest()[:4], 16)
            answer = validated(self.answers.answer(headers.get("host", ""), path), number, headers)
        self._note(began, headers, method, path, answer)
        return await self._send(writer, answer)

    def _note(self, began: float, headers: dict[str, str], method: str, path: str, answer: Answer) -> None:
        if self.log:
            line = {
                "time": began, "host": headers.get("host", "").partition(":")[0], "method": method, "path": path,
                "status": answer.status, "bytes": len(answer.body), "agent": headers.get("user-agent", ""),
            }
            self.log.write(json.dumps(line) + "\n")
            self.log.flush()

    async def _send(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        if answer.act == "hang":
            await asyncio.sleep(3600)
        if answer.act == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        lines = [f"HTTP/1.1 {answer.status} X", *(f"{name}: {value}" for name, value in answer.headers.items())]
        if answer.act != "endless":
            lines.append(f"Content-Length: {len(answer.body) + (500 if answer.act == 'short' else 0)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + answer.body)
        await writer.drain()
        while answer.act == "endless":
            writer.write(bytes(1 << 16))
            await writer.drain()
        return answer.act != "short"


async def serve(site: Site, port: int, log: TextIO | None) -> None:
    """Serve until stopped; prints the port when it listens."""
    server = await asyncio.start_server(Server(site, log).handle, "127.0.0.1", port, limit=1 << 16, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    """Read arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.site.server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="no oddities")
    parser.add_argument("--log", type=Path)
    given = parser.parse_args()
    site = Site(given.hosts, given.pages, given.seed, not given.plain)
    with given.log.open("a") if given.log else contextlib.nullcontext() as log, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(site, given.port, log))


if __name__ == "__main__":
    main()
