"""What stands at which address of the site: hosts, content systems, listings, reports, oddities; all by the seed.

Belongs here: addresses and what each one does, and which reports can be had. Does not: bytes of bodies, sockets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

YEAR = 2025
PER_LISTING = 20
FAMILIES = ("hanweb_annual", "hanweb", "trs", "boda", "gkmlpt", "plain")
# Of a thousand addresses so many do this; the others are plain pages.
ODDITIES = {
    "error_once": 20, "slow": 5, "hangs": 2, "loops": 2, "endless": 2, "short_body": 2, "bomb": 1, "duplicate": 20,
    "wap": 30, "attachment": 120, "picture": 20, "moved": 20, "moved_away": 2, "moved_inside": 2, "disallowed": 10,
    "lying_type": 10, "older": 60, "gone": 5,
}
# What no crawler that keeps its bounds and the rules can have.
UNOBTAINABLE = frozenset(
    {"hangs", "loops", "endless", "short_body", "bomb", "moved_away", "moved_inside", "disallowed", "gone"}
)
ATTACHED = ("pdf", "docx", "xlsx", "ofd")
DOMAIN = "gongkai.test"


@dataclass(frozen=True)
class Page:
    """One report of one host: its number there, what is odd about it, and its content system."""

    host: int
    number: int
    oddity: str
    family: str

    @property
    def year(self) -> int:
        """The report year it states."""
        return YEAR - 1 if self.oddity == "older" else YEAR

    @property
    def organ(self) -> str:
        """The name of the organ in its title."""
        return f"青坪市第{self.host}区第{self.number}局"

    @property
    def title(self) -> str:
        """What the link to it says."""
        return f"{self.organ}{self.year}年政府信息公开工作年度报告"

    @property
    def path(self) -> str:
        """Its address on its host."""
        if self.oddity == "disallowed":
            return f"/private/{self.number}.html"
        return {
            "hanweb_annual": f"/module/xxgk/xxgkAnnualReport.jsp?area=A{self.number:06d}&fbtime={self.year}",
            "hanweb": f"/art/2026/1/21/art_{self.host}_{self.number}.html",
            "trs": f"/zwgk/ndbg/202601/t20260121_{self.number}.html",
            "boda": f"/info/{1000 + self.host}/{self.number}.htm",
            "gkmlpt": f"/gkmlpt/content/4/{self.host}/post_{self.number}.html",
            "plain": f"/ndbg/show.asp?id={self.number}",
        }[self.family]

    @property
    def attachment(self) -> str:
        """The address of the file that an `attachment` page links, or the picture of a `picture` page."""
        return f"/files/{self.number}.{'png' if self.oddity == 'picture' else ATTACHED[self.number % len(ATTACHED)]}"


@dataclass(frozen=True)
class Site:
    """The whole site; `odd=False` makes every page plain and every host willing."""

    hosts: int = 200
    pages: int = 20_000
    seed: int = 1
    odd: bool = True

    @cached_property
    def per_host(self) -> int:
        """How many reports a host has."""
        return max(1, self.pages // self.hosts)

    def name(self, host: int) -> str:
        """Return the name of a host."""
        return f"www.h{host:04d}.{DOMAIN}"

    def family(self, host: int) -> str:
        """Return the content system of a host."""
        return FAMILIES[host % len(FAMILIES)]

    def page(self, host: int, number: int) -> Page:
        """Return one report of a host."""
        return Page(host, number, self._oddity(host, number) if self.odd else "", self.family(host))

    def host_oddity(self, host: int) -> str:
        """Return what a host as a whole does: blocks, robots_fails, crawl_delay, too_many, or nothing."""
        odd = {7: "blocks", 13: "robots_fails", 21: "crawl_delay", 33: "too_many"}
        return odd.get(host % 40, "") if self.odd else ""

    def obtainable(self, host: int) -> Iterator[Page]:
        """Yield the reports of the year that a crawler can have of a host."""
        if self.host_oddity(host) in ("blocks", "robots_fails"):
            return
        for number in range(self.per_host):
            page = self.page(host, number)
            if page.oddity not in UNOBTAINABLE and page.year == YEAR:
                yield page

    def listing_path(self, host: int, number: int = 0) -> str:
        """Return the address of the n-th page of a host's listing."""
        first = {
            "hanweb_annual": "/col/col77/index.html", "hanweb": "/col/col78/index.html", "trs": "/zwgk/ndbg/index.html",
            "boda": "/zfxxgk/ndbg.htm", "gkmlpt": "/gkmlpt/annualreport", "plain": "/ndbg/list.asp?page=1",
        }
        later = {
            "hanweb_annual": f"/col/col77/index.html?pageNum={number + 1}",
            "hanweb": f"/col/col78/index.html?pageNum={number + 1}", "trs": f"/zwgk/ndbg/index_{number}.html",
            "boda": f"/zfxxgk/ndbg/{number + 1}.htm", "gkmlpt": f"/gkmlpt/annualreport?page={number + 1}",
            "plain": f"/ndbg/list.asp?page={number + 1}",
        }
        return (later if number else first)[self.family(host)]

    def listings(self, host: int) -> int:
        """Return how many pages a host's listing has."""
        return -(-self.per_host // PER_LISTING)

    def _oddity(self, host: int, number: int) -> str:
        digest = hashlib.sha256(f"{self.seed}/{host}/{number}".encode()).digest()
        left = int.from_bytes(digest[:4], "big") % 1000
        for name, share in ODDITIES.items():
            if left < share:
                return name
            left -= share
        return ""
