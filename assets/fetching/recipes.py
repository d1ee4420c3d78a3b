"""What a page leads to: reports, further pages of its listing, attachments, pictures of tables.

Belongs here: reading links by the recipe of a content system (families.yaml). Does not: asking for any of them.
No script of a page is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml
from selectolax.lexbor import LexborHTMLParser, LexborNode

from assets.fetching.addresses import canonical
from assets.parsing.readers.sniffing import decode

FAMILIES = Path(__file__).parent / "families.yaml"
LISTING, REPORT, ATTACHMENT, PICTURE, ROBOTS = "listing", "report", "attachment", "picture", "robots"
# What a link to an annual report says; a bare 年报 will do, for a listing of reports often leaves the rest away.
REPORT_WORDS = re.compile(r"年度?(?:工作)?报告|年报|公开工作报告")
# What says so in full is one whatever else it names: organs are called 自然资源和规划局, 预算评审中心.
REPORT_IN_FULL = re.compile(r"信息公开[^,，。;；]{0,12}(?:报告|年报)")
INTERPRETED = re.compile(r"解读|图解")
OTHER_WORDS = re.compile(r"指南|制度|财务|决算|预算|规划(?!局|和|与|分局|建设|自然|国土|管理|委|院|中心)")
YEAR = re.compile(r"(20[0-4]\d)\s*年?")
# A day beside the title is that of its publication, the year after the one reported on.
DAY = re.compile(r"20\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")
FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip)$", re.I)
PICTURE_FILE = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?)$", re.I)
FURNITURE = re.compile(r"(?:logo|icon|banner|qrcode|ewm|weixin|arrow|btn|/images?/(?:top|foot|nav))", re.I)
SMALLEST_PICTURE = 300
FEWEST_CELLS = 60
MOST_PAGES, MOST_LINKS = 200, 2000


@dataclass(frozen=True)
class Link:
    """One address that a page leads to: canonical, its role, and what the link says."""

    address: str
    role: str
    words: str


def links_of(content: bytes, base: str, role: str, family: str, year: str) -> list[Link]:
    """Return what a page leads to, each address once, in the order of the page.

    Args:
        content: the page's bytes.
        base: its address.
        role: what it is itself: a listing leads to reports and listings, a report to attachments and pictures.
        family: its content system.
        year: the report year wanted; links that name only other years are left out.
    """
    text, _ = decode(content)
    tree = LexborHTMLParser(text)
    found = _of_listing(tree, text, base, family, year) if role == LISTING else _of_report(tree, base)
    first: dict[str, Link] = {}
    for link in found:
        first.setdefault(link.address, link)
    return [link for link in first.values() if link.address != base][:MOST_LINKS]


def _of_listing(tree: LexborHTMLParser, text: str, base: str, family: str, year: str) -> Iterator[Link]:
    recipe = families()[family]
    for node in tree.css("a[href]"):
        href, words = node.attributes.get("href") or "", _words(node)
        if not _leads(href):
            continue
        address = canonical(href, base)
        if words.strip("<>《》»› ") in paging():
            yield Link(address, LISTING, words)
        elif _is_report(words, address, recipe, year):
            yield Link(address, ATTACHMENT if FILE.search(address) else REPORT, words)
    yield from (Link(address, LISTING, "") for address in _counted(text, base, recipe))


def _is_report(words: str, address: str, recipe: dict[str, str], year: str) -> bool:
    if INTERPRETED.search(words):
        return False
    if not REPORT_IN_FULL.search(words) and (not REPORT_WORDS.search(words) or OTHER_WORDS.search(words)):
        return False
    if recipe["report"] and not re.search(recipe["report"], address) and not FILE.search(address):
        return False
    years = years_named(words)
    return not years or year in years


def years_named(words: str) -> set[str]:
    """Return the years that the words of a link name, those of days left out."""
    return set(YEAR.findall(DAY.sub(" ", words)))


def _counted(text: str, base: str, recipe: dict[str, str]) -> Iterator[str]:
    """Yield the further pages of a listing whose pager a script builds: index_1.html and on."""
    match = re.search(recipe["counted"], text) if "counted" in recipe else None
    if match and match[2] == "0":
        for number in range(1, min(int(match[1]), MOST_PAGES)):
            yield canonical(f"{match[3]}_{number}.{match[4]}", base)


def _of_report(tree: LexborHTMLParser, base: str) -> Iterator[Link]:
    for node in tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        if _leads(href) and FILE.search(canonical(href, base).partition("?")[0]):
            yield Link(canonical(href, base), ATTACHMENT, _words(node))
    if len(tree.css("td")) < FEWEST_CELLS:
        for node in tree.css("img[src]"):
            source = node.attributes.get("src") or ""
            if _leads(source) and _may_be_table(node, source):
                yield Link(canonical(source, base), PICTURE, node.attributes.get("alt") or "")


def _may_be_table(node: LexborNode, source: str) -> bool:
    width = re.match(r"\d+", node.attributes.get("width") or "")
    small = width is not None and int(width[0]) < SMALLEST_PICTURE
    return bool(PICTURE_FILE.search(source)) and not FURNITURE.search(source) and not small


def _words(node: LexborNode) -> str:
    shown, said = node.text().strip(), (node.attributes.get("title") or "").strip()
    return said if len(said) > len(shown) else shown


def _leads(href: str) -> bool:
    """Tell whether a link leads to an address: no script, mail, picture inside the page, or part of the page."""
    try:
        return urljoin("http://a/", href).startswith(("http://", "https://")) and not href.startswith("#")
    except ValueError:
        return False


def families() -> dict[str, dict[str, str]]:
    """Return {name: recipe} of every content system."""
    found: dict[str, dict[str, str]] = _data()["families"]
    return found


def paging() -> frozenset[str]:
    """Return the words of links to the next page."""
    return frozenset(_data()["paging"])


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(FAMILIES.read_text(encoding="utf-8"))
    return data
