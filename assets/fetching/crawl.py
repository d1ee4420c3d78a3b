"""Crawls publishers: whose turn it is, at what pace, what is asked again, what is kept.

Belongs here: hosts and their pace, robots, retries, budgets, the order of things. Does not: one exchange (exchange.py),
what an answer means (answers.py), links (recipes.py), tables (fetch_ledger.py).

A host is asked one thing at a time. Answers are kept in groups by one thread: bytes into the archive, then one
transaction for rows, links and queue. What was not kept when the process dies is asked again.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import heapq
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from protego import Protego

from assets.fetching import answers, exchange
from assets.fetching import fetch_ledger as state
from assets.fetching.addresses import Gate, RefusedAddressError, canonical
from assets.fetching.archive import Archive
from assets.fetching.exchange import Answer, Bounds
from assets.fetching.fetch_ledger import Entry, FetchLedger, FetchRow, Known, Outcome, Waiting, crawl_lock
from assets.fetching.ledger import utc_text
from assets.fetching.recipes import ATTACHMENT, LISTING, REPORT, ROBOTS, Link, links_of
from assets.fetching.registry import Publisher

DAY = 86_400.0
ROBOT = "gongkai"


@dataclass(frozen=True)
class Manners:
    """How the crawl behaves; seconds unless said otherwise.

    agent: the User-Agent, with a contact. connections: requests at a time, over all hosts. most_requests: per host and
    run. revisit: a report whose link says the same is not asked again for so long. most_retries: per host and run.
    """

    agent: str
    gate: Gate = field(default_factory=Gate)
    bounds: Bounds = field(default_factory=Bounds)
    connections: int = 32
    most_requests: int = 5_000
    most_attempts: int = 4
    most_retries: int = 60
    most_redirects: int = 5
    most_blocks: int = 3
    back_off: float = 5.0
    slowest: float = 60.0
    revisit: float = 7 * DAY


@dataclass
class _Host:
    """What is known of a host during a run; `delay` follows how long it takes to answer, never below `pace`.

    `waits`: it stands in the heap or has its turn. It is kept when nothing waits for it any more: what comes later is
    asked at its pace and within its budget.
    """

    name: str
    pace: float
    tls: tuple[str, ...]
    delay: float = 0.0
    next_start: float = 0.0
    robots: Protego | None = None
    robots_tries: int = 0
    requests: int = 0
    retries: int = 0
    blocks: int = 0
    waits: bool = False


@dataclass(frozen=True)
class _Heard:
    waiting: Waiting
    publisher: Publisher
    answer: Answer
    meaning: answers.Meaning
    known: Known | None
    not_before: float


class Crawl:
    """One run over some publishers for one report year; goes on with rounds that were not ended.

    `told` hears the counts (done, unchanged, failed, …, requests, bytes) whenever answers were kept.
    """

    def __init__(
        self, path: Path, archive: Archive, publishers: Sequence[Publisher], year: str, manners: Manners,
        told: Callable[[Counter[str]], None] = lambda counts: None,
    ) -> None:
        self.archive, self.year, self.manners, self.told = archive, year, manners, told
        self.counts: Counter[str] = Counter()
        self._writer, self._reader = FetchLedger(path), FetchLedger(path)
        self._publishers = {self._begin(one): one for one in publishers}
        self._hosts: dict[str, _Host] = {}
        self._heap: list[tuple[float, str]] = []
        self._active, self._counted = 0, 0.0
        self._changed, self._heard = asyncio.Event(), asyncio.Event()
        self._pending: list[tuple[_Heard, asyncio.Future[None]]] = []

    def close(self) -> None:
        """Let go of the ledger."""
        self._writer.close()
        self._reader.close()

    async def run(self) -> None:
        """Ask for all that waits; the rounds are ended when nothing waits any more."""
        manners = self.manners
        async with exchange.session(manners.gate, manners.agent, manners.bounds, manners.connections) as client:
            for host in self._reader.hosts(self._publishers):
                self._schedule(host)
            keeper = asyncio.create_task(self._keeper())
            try:
                await self._dispatch(client)
            finally:
                keeper.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await keeper
        for number, publisher in self._publishers.items():
            ended = verdict(publisher, self._reader, number)
            self._reader.end(number, utc_text(datetime.now(UTC)), *ended)

    def _begin(self, publisher: Publisher) -> int:
        first = [Link(canonical(one), LISTING, "") for one in publisher.listings_of(self.year)]
        if "{year}" in "".join(publisher.listings):
            first = [Link(one.address, REPORT, "") for one in first]
        entries = [self._entry(publisher, link) for link in first]
        return self._writer.begin(publisher.id, self.year, utc_text(datetime.now(UTC)), entries)

    async def _dispatch(self, client: aiohttp.ClientSession) -> None:
        free = asyncio.Semaphore(self.manners.connections)
        async with asyncio.TaskGroup() as turns:
            while self._heap or self._active:
                wait = self._heap[0][0] - time.monotonic() if self._heap else None
                if wait is None or wait > 0:
                    self._changed.clear()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._changed.wait(), wait)
                    continue
                await free.acquire()
                host = self._hosts[heapq.heappop(self._heap)[1]]
                self._active += 1
                turns.create_task(self._turn(client, host, free))

    async def _turn(self, client: aiohttp.ClientSession, host: _Host, free: asyncio.Semaphore) -> None:
        try:
            await self._one(client, host)
            moment = self._reader.hosts_moment(host.name, self._publishers)
            host.waits = moment is not None
            if moment is not None:
                self._push(host, max(host.next_start, time.monotonic() + moment - time.time()))
        finally:
            self._active -= 1
            free.release()
            self._changed.set()

    async def _one(self, client: aiohttp.ClientSession, host: _Host) -> None:
        if host.robots is None:
            await self._read_robots(client, host)
            return
        waiting = self._reader.next(host.name, self._publishers, time.time())
        if waiting is None:
            return
        if host.requests >= self.manners.most_requests:
            self._count(state.FAILED, self._reader.give_up(self._publishers, host.name, "budget"))
            return
        if not host.robots.can_fetch(waiting.address, ROBOT):
            self._reader.keep([Outcome(waiting, None, state.REFUSED, "robots")])
            self._count(state.REFUSED)
            return
        known = self._reader.known(waiting.address)
        answer = await self._ask(client, host, waiting.address, _validators(known))
        await self._keep(self._weighed(host, waiting, answer, known))
        if host.blocks >= self.manners.most_blocks:
            self._count(state.FAILED, self._reader.give_up(self._publishers, host.name, "host_blocked"))

    async def _ask(self, client: aiohttp.ClientSession, host: _Host, url: str, extra: dict[str, str]) -> Answer:
        host.requests += 1
        answer = await exchange.ask(client, url, extra, self.manners.bounds, host.tls)
        least = max(host.pace, min(self.manners.slowest, answer.seconds))
        host.delay = max(least, (host.delay + least) / 2)
        # From the end of the answer: however long it took to reach the host, no two requests come to it closer.
        host.next_start = time.monotonic() + host.delay
        self.counts["requests"] += 1
        self.counts["bytes"] += answer.received
        return answer

    async def _read_robots(self, client: aiohttp.ClientSession, host: _Host) -> None:
        waiting = self._reader.next(host.name, self._publishers, float("inf"))
        if waiting is None:
            return
        publisher = self._publishers[waiting.round]
        url = canonical("/robots.txt", waiting.address)
        answer = await self._ask(client, host, url, {})
        for _ in range(self.manners.most_redirects):
            if answers.meaning_of(answer).kind != answers.MOVES:
                break
            try:
                self.manners.gate.check(answers.target_of(answer), publisher.allowed)
            except ValueError:
                break
            await asyncio.sleep(max(0.0, host.next_start - time.monotonic()))
            answer = await self._ask(client, host, answers.target_of(answer), {})
        meaning = answers.meaning_of(answer)
        asked = Waiting(waiting.round, url, host.name, ROBOTS, "", None, 0, 0)
        await self._keep(_Heard(asked, publisher, answer, meaning, None, 0.0))
        self._obey(host, answer)

    def _obey(self, host: _Host, answer: Answer) -> None:
        host.robots = answers.rules_of(answer)
        if host.robots is not None:
            asked = float(host.robots.crawl_delay(ROBOT) or 0)
            host.pace = max(host.pace, min(asked, self.manners.slowest))
            host.delay = max(host.delay, host.pace)
            host.next_start = max(host.next_start, time.monotonic() + host.delay)
            return
        host.robots_tries += 1
        host.next_start = time.monotonic() + self._back_off(host.robots_tries)
        if host.robots_tries >= self.manners.most_attempts:
            self._count(state.FAILED, self._reader.give_up(self._publishers, host.name, "robots_unreachable"))

    def _weighed(self, host: _Host, waiting: Waiting, answer: Answer, known: Known | None) -> _Heard:
        meaning, not_before = answers.meaning_of(answer), 0.0
        host.blocks = host.blocks + 1 if meaning.kind == answers.BLOCKS else 0
        if meaning.kind == answers.AGAIN:
            host.retries += 1
            spent = host.retries > self.manners.most_retries
            if spent or waiting.attempts + 1 >= self.manners.most_attempts:
                meaning = answers.Meaning(answers.FAILS, f"{meaning.reason}{' (retries spent)' if spent else ''}")
            else:
                wait = max(meaning.after, self._back_off(waiting.attempts + 1))
                not_before = time.time() + wait
            if answer.status == 429:
                host.delay = min(self.manners.slowest, host.delay * 2)
                host.next_start = time.monotonic() + max(host.delay, meaning.after)
        return _Heard(waiting, self._publishers[waiting.round], answer, meaning, known, not_before)

    def _back_off(self, tries: int) -> float:
        wait = self.manners.back_off * 2.0 ** (tries - 1)
        return min(wait * random.uniform(0.8, 1.2), 600.0)

    async def _keep(self, heard: _Heard) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending.append((heard, future))
        self._heard.set()
        await future

    async def _keeper(self) -> None:
        while True:
            await self._heard.wait()
            self._heard.clear()
            group, self._pending = self._pending, []
            try:
                outcomes, hosts = await asyncio.to_thread(self._write, [heard for heard, _ in group])
            except Exception as error:
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
                continue
            ended = [one.state for one in outcomes if one.waiting.role != ROBOTS and one.state != state.QUEUED]
            self.counts.update(ended)
            self.counts.update({state.SPARED: sum(link[2] == state.SPARED for one in outcomes for link in one.links)})
            self._tell()
            for host in hosts:
                self._schedule(host)
            for _, future in group:
                if not future.done():
                    future.set_result(None)

    def _write(self, group: Sequence[_Heard]) -> tuple[list[Outcome], set[str]]:
        outcomes = [self._outcome(heard) for heard in group]
        return outcomes, self._writer.keep(outcomes)

    def _outcome(self, heard: _Heard) -> Outcome:
        one, kind, reason = heard.waiting, heard.meaning.kind, heard.meaning.reason
        if kind == answers.MOVES:
            return self._moved(heard)
        body = self._body(heard)
        content = hashlib.sha256(body).hexdigest() if body else ""
        media, wrong = answers.media(body, one.role) if body and one.role != ROBOTS else ("", "")
        if kind not in (answers.TAKEN, answers.SAME) or wrong:
            # A page that says no is kept like any other, as evidence; it is no document.
            row = self._row(heard, content, media, wrong or reason)
            final = {answers.AGAIN: state.QUEUED, answers.REFUSES: state.REFUSED}.get(kind, state.FAILED)
            return Outcome(one, row, final, wrong or reason, heard.not_before)
        links = () if one.role not in (LISTING, REPORT) or media != "html" else self._links(heard, body)
        known = heard.known is not None and heard.known.content == content
        ended = state.UNCHANGED if known else state.DONE
        return Outcome(one, self._row(heard, content, media, ""), ended, "", 0.0, links)

    def _body(self, heard: _Heard) -> bytes:
        if heard.meaning.kind == answers.SAME:
            return self.archive.fetch(heard.known.content) if heard.known else b""
        if heard.answer.body:
            self.archive.store(heard.answer.body)
        return heard.answer.body

    def _moved(self, heard: _Heard) -> Outcome:
        one = heard.waiting
        try:
            target = answers.target_of(heard.answer)
            host = self.manners.gate.check(target, heard.publisher.allowed)
        except ValueError as error:
            return Outcome(one, self._row(heard, "", "", "refused_redirect"), state.REFUSED, f"redirect to {error}")
        if target == one.address or target in self._writer.chain(one.via):
            return Outcome(one, self._row(heard, "", "", "redirect_loop"), state.FAILED, "redirect_loop")
        if one.redirects >= self.manners.most_redirects:
            return Outcome(one, self._row(heard, "", "", "too_many_redirects"), state.FAILED, "too_many_redirects")
        link = (Link(target, one.role, one.words), host, state.QUEUED, "")
        return Outcome(one, self._row(heard, "", "", ""), state.MOVED, "", 0, (link,), redirect=True)

    def _links(self, heard: _Heard, body: bytes) -> tuple[Entry, ...]:
        one, publisher = heard.waiting, heard.publisher
        found = links_of(body, one.address, one.role, publisher.family, self.year)
        # A picture says nothing of itself: it goes by the words that led to its page.
        return tuple(self._entry(publisher, replace(link, words=link.words or one.words)) for link in found)

    def _entry(self, publisher: Publisher, link: Link) -> Entry:
        try:
            host = self.manners.gate.check(link.address, publisher.allowed)
        except RefusedAddressError as error:
            return link, "", state.REFUSED, str(error)
        known = None if link.role == LISTING else self._writer.known(link.address)
        if known is not None and link.words == known.words and _age(known) < self.manners.revisit:
            return link, host, state.SPARED, ""
        return link, host, state.QUEUED, ""

    def _row(self, heard: _Heard, content: str, media: str, failure: str) -> FetchRow:
        one, answer = heard.waiting, heard.answer
        started = utc_text(datetime.fromtimestamp(answer.started, UTC))
        known = heard.known if heard.meaning.kind == answers.SAME else None
        return FetchRow(
            one.round, heard.publisher.id, self.year, one.address, one.role, one.words, one.via, started,
            round(answer.seconds, 4), answer.status, failure, answer.received, content, media,
            answer.header("ETag") or (known.etag if known else ""),
            answer.header("Last-Modified") or (known.modified if known else ""), dict(answer.sent), answer.headers,
        )

    def _schedule(self, name: str) -> None:
        if name not in self._hosts:
            theirs = [one for one in self._publishers.values() if _has(one, name)]
            pace = max((one.pace for one in theirs), default=max(one.pace for one in self._publishers.values()))
            tls = tuple(sorted({oddity for one in theirs for oddity in one.tls}))
            self._hosts[name] = _Host(name, pace, tls, pace)
        if not self._hosts[name].waits:
            self._push(self._hosts[name], self._hosts[name].next_start)

    def _push(self, host: _Host, moment: float) -> None:
        host.waits = True
        heapq.heappush(self._heap, (moment, host.name))
        self._changed.set()

    def _tell(self) -> None:
        """Tell the counts; what is queued is counted once a second, for that takes time of its own."""
        if time.monotonic() >= self._counted + 1:
            self._counted = time.monotonic()
            counted = self._reader.counts(self._publishers)
            self.counts["queued"] = sum(many for (_, one), many in counted.items() if one == state.QUEUED)
        self.told(self.counts)

    def _count(self, what: str, number: int = 1) -> None:
        self.counts[what] += number
        self.told(self.counts)


def crawl(
    path: Path, archive: Archive, publishers: Sequence[Publisher], year: str, manners: Manners,
    told: Callable[[Counter[str]], None] = lambda counts: None,
) -> Counter[str]:
    """Crawl to the end, in this thread; returns the counts. Interrupted, the rounds stay open and are gone on with.

    Raises:
        BusyError: another process crawls for the same ledger; at once.
    """

    async def whole() -> Counter[str]:
        one = Crawl(path, archive, publishers, year, manners, told)
        try:
            await one.run()
        finally:
            one.close()
        return one.counts

    with crawl_lock(path):
        return asyncio.run(whole())


COMPLETE, SHORT, TROUBLED, BLOCKED = "complete", "short", "troubled", "blocked"


def verdict(publisher: Publisher, ledger: FetchLedger, number: int) -> tuple[str, str]:
    """Return how a publisher's round ended (complete, short of the floor, troubled, blocked) and what to do."""
    hosts = ledger.rows(
        "select distinct host, reason from queue where round = ? and reason in ('host_blocked', 'robots_unreachable')",
        number,
    )
    if hosts:
        said = "; ".join(f"{row['host']} ({row['reason']})" for row in hosts)
        what = "站点拒绝访问，请联系发布单位或改为人工下载 / the host refuses us, ask its office or download by hand"
        return BLOCKED, f"{what}: {said}"
    tally = ledger.tally(number)
    found = sum(tally.get(REPORT, {}).get(one, 0) for one in (state.DONE, state.UNCHANGED, state.SPARED))
    found += sum(tally.get(ATTACHMENT, {}).get(one, 0) for one in (state.DONE, state.UNCHANGED)) if not found else 0
    if found < publisher.floor:
        short = f"应有至少 {publisher.floor} 份，得到 {found} 份，请核对列表地址"
        return SHORT, f"{short} / {found} of at least {publisher.floor} reports, check the listing"
    failed = sum(states.get(state.FAILED, 0) for states in tally.values())
    return (TROUBLED, f"{failed} 个地址未取得 / {failed} addresses were not had") if failed else (COMPLETE, "")


def _validators(known: Known | None) -> dict[str, str]:
    if known is None:
        return {}
    found = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in found.items() if value}


def _age(known: Known) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(known.started)).total_seconds()


def _has(publisher: Publisher, host: str) -> bool:
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in publisher.allowed)
