"""The bytes of the site's pages: reports out of the typesetter, listings in the manner of each content system.

Belongs here: making bodies. Does not: which address has which (plan.py), how they are sent (server.py).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from functools import cache

from tests.site.plan import PER_LISTING, YEAR, Page, Site
from tests.typesetting import load, typeset

WORDS = "qingpi_health_2024"
LAYOUT_OF = {"pdf": "pdf_named_font", "docx": "docx", "xlsx": "xlsx", "ofd": "ofd_runs", "html": "html_clean"}
MENU = '<div class="nav"><a href="/">首页</a> <a href="/about.html">机构</a></div>'
DUPLICATED = 3


@cache
def template(kind: str) -> bytes:
    """Return one report in a format, the same for all pages."""
    return typeset(load(WORDS), layout_of(kind))


@cache
def layout_of(kind: str) -> str:
    """Return the typesetter's layout for a kind of file."""
    return LAYOUT_OF[kind]


@cache
def _tables() -> str:
    text = template("html").decode("utf-8")
    start, end = text.find("<table"), text.rfind("</table>") + len("</table>")
    return text[start:end]


def report(page: Page, generation: int = 1) -> bytes:
    """Return the HTML of a report page; other generations have other words in the same place."""
    again = f"<p>第{generation}次更正。</p>" if generation > 1 and replaced(page) else ""
    title = page.title.replace(str(YEAR), str(YEAR + 1)) if generation > 1 and reused(page) else page.title
    number = page.number % DUPLICATED if page.oddity == "duplicate" else page.number
    if page.oddity == "duplicate":
        title = f"青坪市第{page.host}区第{number}局{page.year}年政府信息公开工作年度报告"
    if page.oddity == "attachment":
        inner = f'<p>报告见附件：<a href="{page.attachment}">{title}</a></p>'
    elif page.oddity == "picture":
        inner = f'<p>统计表：</p><p><img src="{page.attachment}" width="900" height="1200"></p>'
    else:
        inner = _tables()
    wap = f'<a href="{wap_path(page)}">手机版</a>' if page.oddity == "wap" else ""
    text = (
        f"<!doctype html><html><head><title>{title}</title></head><body>{MENU}{wap}"
        f"<h1>{title}</h1><div class=content><p>本报告由编制单位公布，编号{page.host}-{number}。</p>"
        f"{again}{inner}</div>"
        "</body></html>"
    )
    return text.encode("gb18030" if page.number % 10 == 1 else "utf-8")


def replaced(page: Page) -> bool:
    """Tell whether the report is silently replaced in the second generation."""
    return page.oddity == "" and page.number % 50 == 2


def reused(page: Page) -> bool:
    """Tell whether its address holds the next year's report in the second generation."""
    return page.oddity == "" and page.number % 50 == 3


def wap_path(page: Page) -> str:
    """Return the address of the page for telephones."""
    path, mark, query = page.path.partition("?")
    return f"{path}{mark}{query}&isMobile=true" if mark else f"{path}?isMobile=true"


def attached(page: Page) -> bytes:
    """Return the file that a page links: a valid one of its kind, no two alike."""
    kind = page.attachment.rpartition(".")[2]
    own = f"{page.host}-{page.number}"
    if kind == "png":
        return picture(own)
    if kind == "pdf":
        return template("pdf") + f"\n% {own}\n".encode()
    buffer = io.BytesIO(template(kind))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = own.encode()
    return buffer.getvalue()


def picture(own: str) -> bytes:
    """Return a small PNG, no two alike."""
    from PIL import Image, PngImagePlugin

    buffer, words = io.BytesIO(), PngImagePlugin.PngInfo()
    words.add_text("own", own)
    Image.new("L", (40, 30), 255).save(buffer, "PNG", pnginfo=words)
    return buffer.getvalue()


def listing(site: Site, host: int, number: int, generation: int) -> bytes:
    """Return the n-th page of a host's listing."""
    first, last = number * PER_LISTING, min((number + 1) * PER_LISTING, site.per_host)
    rows = []
    for one in range(first, last):
        page = site.page(host, one)
        rows.append(f'<li><a href="{page.path}" title="{page.title}">{page.title[:28]}</a><span>2026-01-21</span></li>')
    if generation > 1 and number == 0:
        page = newcomer(site, host)
        rows.insert(0, f'<li><a href="{page.path}">{page.title}</a></li>')
    text = f"<html><body>{MENU}<ul class=list>{''.join(rows)}</ul>{_pager(site, host, number)}</body></html>"
    return text.encode("gb18030" if host % 5 == 0 else "utf-8")


def newcomer(site: Site, host: int) -> Page:
    """Return the report that a host publishes in the second generation."""
    return Page(host, 90_000 + host, "", site.family(host))


def _pager(site: Site, host: int, number: int) -> str:
    if site.family(host) == "trs":
        return f"<script>createPageHTML({site.listings(host)}, {number}, \"index\", \"html\");</script>"
    if number + 1 >= site.listings(host):
        return "<span>末页</span>"
    return f'<a href="{site.listing_path(host, number + 1)}">下一页</a>'


def obtainable(site: Site, generation: int = 1) -> dict[str, set[str]]:
    """Return {sha256: the addresses that hold it} of everything a crawler of the year's reports can have."""
    found: dict[str, set[str]] = {}
    for host in range(site.hosts):
        pages = list(site.obtainable(host))
        if generation > 1 and pages:
            pages.append(newcomer(site, host))
        for page in pages:
            bodies = [(page.path, report(page, generation))]
            if page.oddity in ("attachment", "picture"):
                bodies.append((page.attachment, attached(page)))
            for path, body in bodies:
                found.setdefault(hashlib.sha256(body).hexdigest(), set()).add(f"{site.name(host)}{path}")
    return found


