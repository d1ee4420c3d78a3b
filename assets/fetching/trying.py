"""One look at a listing, for whoever writes a publisher's entry.

Belongs here: asking for one page under the same rules as a crawl. Does not: keeping anything.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from assets.fetching import answers, exchange
from assets.fetching.addresses import canonical
from assets.fetching.crawl import ROBOT, Manners
from assets.fetching.recipes import LISTING, Link, families, links_of
from assets.fetching.registry import PACE_SECONDS


@dataclass(frozen=True)
class Tried:
    """What was said of the listing, in a line, and what it leads to."""

    said: str
    links: tuple[Link, ...]


async def try_listing(url: str, family: str, year: str, manners: Manners) -> Tried:
    """Ask robots.txt and the listing, once each; RefusedAddressError where the address is not to be asked."""
    if family not in families():
        return Tried(f"没有这种系统 no such family: {family}; {', '.join(families())}", ())
    url = canonical(url.replace("{year}", year))
    host = urlsplit(url).hostname or ""
    manners.gate.check(url, [host])
    async with exchange.session(manners.gate, manners.agent, manners.bounds, 1) as client:
        rules = answers.rules_of(await exchange.ask(client, canonical("/robots.txt", url), {}, manners.bounds))
        if rules is None or not rules.can_fetch(url, ROBOT):
            return Tried("robots.txt 不允许或取不到 / robots.txt forbids it or cannot be had", ())
        await asyncio.sleep(max(PACE_SECONDS, min(float(rules.crawl_delay(ROBOT) or 0), manners.slowest)))
        answer = await exchange.ask(client, url, {}, manners.bounds)
    meaning = answers.meaning_of(answer)
    if meaning.kind == answers.MOVES:
        return Tried(f"转到 redirects to {answers.target_of(answer)}", ())
    if meaning.kind != answers.TAKEN:
        return Tried(f"未取得 not had: {meaning.reason}", ())
    links = links_of(answer.body, url, LISTING, family, year)
    said = f"{answer.status}, {len(answer.body):,} bytes, {answer.seconds:.1f} s, {len(links)} links"
    return Tried(said, tuple(links))
