"""The ledger of fetches and the queue of a crawl, in the SQLite file of the documents' ledger.

Belongs here: one row per request for ever, what waits to be asked, what became of each publisher's round.
Does not: the bytes (archive.py), deciding what is asked next and when (crawl.py).

A round is one crawl of one publisher for one report year. Its queue is what is left to ask; what a request brought,
the rows of its links and the end of its own row are one transaction: killed at any moment, a round goes on where it
was.
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assets.fetching.recipes import Link

QUEUED, DONE, UNCHANGED, MOVED, SPARED = "queued", "done", "unchanged", "moved", "spared"
FAILED, REFUSED = "failed", "refused"
# A link on its way into the queue: itself, its host, its state there and why.
Entry = tuple[Link, str, str, str]
SCHEMA = """
create table if not exists rounds (
    round integer primary key, publisher text not null, year text not null, started text not null, ended text,
    state text not null default 'running', reason text not null default '', counts text not null default '{}'
) strict;
create index if not exists rounds_of on rounds (publisher, year);
create table if not exists queue (
    round integer not null, address text not null, host text not null, role text not null, words text not null,
    via integer, redirects integer not null, state text not null default 'queued', reason text not null default '',
    attempts integer not null default 0, not_before real not null default 0,
    primary key (round, address)
) strict, without rowid;
create index if not exists queue_waiting on queue (host, state, not_before) where state = 'queued';
create table if not exists fetches (
    fetch integer primary key, round integer not null, publisher text not null, year text not null,
    address text not null, role text not null, words text not null, via integer, started text not null,
    seconds real not null, status integer not null, failure text not null, received integer not null,
    content text not null, media text not null, etag text not null, modified text not null,
    sent text not null, headers text not null
) strict;
create index if not exists fetches_of on fetches (address, fetch);
create index if not exists fetches_contents on fetches (content) where content <> '';
create view if not exists fetched_documents as
    select * from fetches where role in ('report', 'attachment', 'picture') and failure = '' and content <> '';
create view if not exists address_versions as
    select address, content, min(started) as first_seen, max(started) as last_seen, count(*) as fetches
    from fetches where content <> '' and failure = '' group by address, content;
"""
FETCH_COLUMNS = (
    "round", "publisher", "year", "address", "role", "words", "via", "started", "seconds", "status", "failure",
    "received", "content", "media", "etag", "modified", "sent", "headers",
)


class BusyError(RuntimeError):
    """Another crawl is at work on the same ledger."""


@contextmanager
def crawl_lock(path: Path) -> Iterator[None]:
    """Hold `fetch.lock` beside the ledger at `path`; the system lets go of it when the process dies.

    Raises:
        BusyError: another process holds it; at once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name("fetch.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"{file.name}: 另一次抓取正在进行 / another crawl is at work") from error
        yield


@dataclass(frozen=True)
class Waiting:
    """One address that waits to be asked."""

    round: int
    address: str
    host: str
    role: str
    words: str
    via: int | None
    redirects: int
    attempts: int


@dataclass(frozen=True)
class Known:
    """What the last good answer of an address was: sha256 of its body, validators, words of its link, when."""

    content: str
    etag: str
    modified: str
    words: str
    started: str


@dataclass(frozen=True)
class FetchRow:
    """One request and its answer; `content` is the sha256 of the body, that of the known one for a 304."""

    round: int
    publisher: str
    year: str
    address: str
    role: str
    words: str
    via: int | None
    started: str
    seconds: float
    status: int
    failure: str
    received: int
    content: str
    media: str
    etag: str
    modified: str
    sent: dict[str, str]
    headers: tuple[tuple[str, str], ...]

    def values(self) -> tuple[object, ...]:
        """Return the row in the order of FETCH_COLUMNS."""
        found = [getattr(self, name) for name in FETCH_COLUMNS]
        return (*found[:-2], json.dumps(self.sent), json.dumps(self.headers))


@dataclass(frozen=True)
class Outcome:
    """What a request came to: its row, the new state of its queue entry, and what it leads to."""

    waiting: Waiting
    row: FetchRow | None
    state: str
    reason: str = ""
    not_before: float = 0.0
    links: tuple[Entry, ...] = ()
    redirect: bool = False


class FetchLedger:
    """The tables of fetching in the SQLite file at `path`; one connection for as long as it is open."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=60, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = full")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("begin immediate")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows of a query."""
        return self._connection.execute(query, values).fetchall()

    def begin(self, publisher: str, year: str, started: str, first: Sequence[Entry]) -> int:
        """Return the round to go on with: one that was not ended, or a new one whose queue holds `first`."""
        with self._transaction() as connection:
            open_round = connection.execute(
                "select round from rounds where publisher = ? and year = ? and ended is null", (publisher, year)
            ).fetchone()
            if open_round:
                return int(open_round[0])
            # What earlier rounds left in the queue has been counted; their fetches stay.
            connection.execute(
                "delete from queue where round in (select round from rounds where publisher = ? and year = ?)",
                (publisher, year),
            )
            number = connection.execute(
                "insert into rounds (publisher, year, started) values (?, ?, ?)", (publisher, year, started)
            ).lastrowid
            assert number is not None
            _enqueue(connection, number, None, 0, first)
            return number

    def next(self, host: str, rounds: Iterable[int], now: float) -> Waiting | None:
        """Return what is asked of a host next: listings first, then in the order of addresses; None if nothing may."""
        marks = list(rounds)
        query = (
            "select round, address, host, role, words, via, redirects, attempts from queue where host = ? and "
            f"state = 'queued' and not_before <= ? and round in ({_marks(marks)}) "
            "order by role = 'listing' desc, address limit 1"
        )
        found = self._connection.execute(query, (host, now, *marks)).fetchone()
        return Waiting(*found) if found else None

    def hosts(self, rounds: Iterable[int]) -> dict[str, float]:
        """Return {host: the earliest moment of its queue} of the hosts that something waits for."""
        marks = list(rounds)
        waiting = f"state = 'queued' and round in ({_marks(marks)})"
        query = f"select host, min(not_before) from queue where {waiting} group by 1"
        return {str(host): float(moment) for host, moment in self._connection.execute(query, marks)}

    def hosts_moment(self, host: str, rounds: Iterable[int]) -> float | None:
        """Return the earliest moment (Unix time) at which something of a host may be asked; None if nothing waits."""
        marks = list(rounds)
        query = f"select min(not_before) from queue where host = ? and state = 'queued' and round in ({_marks(marks)})"
        found = self._connection.execute(query, (host, *marks)).fetchone()[0]
        return None if found is None else float(found)

    def known(self, address: str) -> Known | None:
        """Return the last good answer of an address."""
        found = self._connection.execute(
            "select content, etag, modified, words, started from fetches "
            "where address = ? and content <> '' and failure = '' order by fetch desc limit 1", (address,)
        ).fetchone()
        return Known(*found) if found else None

    def keep(self, outcomes: Sequence[Outcome]) -> set[str]:
        """Write down what requests came to, in one transaction; return the hosts that something new waits for."""
        hosts: set[str] = set()
        with self._transaction() as connection:
            for outcome in outcomes:
                via = outcome.waiting.via
                if outcome.row is not None:
                    via = connection.execute(INSERT_FETCH, outcome.row.values()).lastrowid
                one = outcome.waiting
                connection.execute(
                    "update queue set state = ?, reason = ?, not_before = ?, attempts = attempts + 1 "
                    "where round = ? and address = ?",
                    (outcome.state, outcome.reason, outcome.not_before, one.round, one.address),
                )
                redirects = one.redirects + 1 if outcome.redirect else 0
                hosts |= _enqueue(connection, one.round, via, redirects, outcome.links)
        return hosts

    def give_up(self, rounds: Iterable[int], host: str, reason: str) -> int:
        """End all that waits for a host; return how many addresses that were."""
        marks = list(rounds)
        with self._transaction() as connection:
            return connection.execute(
                f"update queue set state = 'failed', reason = ? where host = ? and state = 'queued' "
                f"and round in ({_marks(marks)})", (reason, host, *marks),
            ).rowcount

    def end(self, number: int, moment: str, state: str, reason: str) -> None:
        """Write down how a round ended, with what became of the addresses in its queue."""
        with self._transaction() as connection:
            connection.execute(
                "update rounds set ended = ?, state = ?, reason = ?, counts = ? where round = ?",
                (moment, state, reason, json.dumps(self.tally(number)), number),
            )

    def tally(self, number: int) -> dict[str, dict[str, int]]:
        """Return {role: {state: addresses}} of one round's queue."""
        found: dict[str, dict[str, int]] = {}
        for (role, state), count in self.counts([number]).items():
            found.setdefault(role, {})[state] = count
        return found

    def chain(self, via: int | None) -> list[str]:
        """Return the addresses whose redirects led here, the last one first."""
        found: list[str] = []
        while via is not None:
            query = "select address, via, status from fetches where fetch = ?"
            row = self._connection.execute(query, (via,)).fetchone()
            if row is None or not 300 <= row["status"] < 400:
                break
            found.append(row["address"])
            via = row["via"]
        return found

    def counts(self, rounds: Iterable[int]) -> dict[tuple[str, str], int]:
        """Return {(role, state): addresses} of the queues of `rounds`."""
        marks = list(rounds)
        query = f"select role, state, count(*) from queue where round in ({_marks(marks)}) group by 1, 2"
        return {(role, state): number for role, state, number in self._connection.execute(query, marks)}


INSERT_FETCH = f"insert into fetches ({', '.join(FETCH_COLUMNS)}) values ({', '.join('?' * len(FETCH_COLUMNS))})"


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _enqueue(
    connection: sqlite3.Connection, number: int, via: int | None, redirects: int, links: Iterable[Entry]
) -> set[str]:
    new: set[str] = set()
    for link, host, state, reason in links:
        added = connection.execute(
            "insert into queue (round, address, host, role, words, via, redirects, state, reason) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            (number, link.address, host, link.role, link.words, via, redirects, state, reason),
        ).rowcount
        if added and state == QUEUED:
            new.add(host)
    return new
