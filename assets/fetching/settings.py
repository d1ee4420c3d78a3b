"""How fetching is configured: the contact, and for tests the hosts that stand on loopback.

Belongs here: reading environment variables into manners. Does not: any default contact: without one nothing is asked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from assets.fetching.addresses import Gate
from assets.fetching.crawl import Manners
from assets.fetching.exchange import Bounds
from assets.fetching.registry import PUBLISHERS, Publisher, load_folder

CONTACT, FOLDER, TEST_HOSTS = "GONGKAI_CONTACT", "GONGKAI_PUBLISHERS", "GONGKAI_FETCH_TEST_HOSTS"
A_CONTACT = re.compile(r"[^\s@()]+@[^\s@()]+\.[a-z]{2,}|https?://[^\s()]+")
TEST_PACE = 0.02


class NoContactError(RuntimeError):
    """Nobody is named whom the operators of sites can reach."""


def manners_of(environment: Mapping[str, str] = os.environ) -> Manners:
    """Return the manners of fetching; NoContactError unless GONGKAI_CONTACT is a mail address or a web page."""
    contact = environment.get(CONTACT, "").strip()
    if not A_CONTACT.fullmatch(contact):
        raise NoContactError(
            f"请设置 {CONTACT}（邮箱或网页），以便网站管理者联系；否则不抓取 / set {CONTACT} to a mail address or web "
            "page under which the operators of the sites can reach you; nothing is fetched without it "
            f"(now: {contact!r})"
        )
    manners = Manners(f"gongkai/{version('gongkai')} (+{contact}; archive of OGI annual reports)")
    if known := _test_hosts(environment):
        return replace(manners, gate=Gate(True, known), bounds=Bounds(2, 3, 6, 8 * 1024 * 1024), back_off=0.3)
    return manners


def publishers_of(environment: Mapping[str, str] = os.environ) -> dict[str, Publisher]:
    """Return the registry: that of the project, or the folder that GONGKAI_PUBLISHERS names."""
    found = load_folder(Path(environment.get(FOLDER) or PUBLISHERS))
    if _test_hosts(environment):
        return {name: replace(one, pace=TEST_PACE) for name, one in found.items()}
    return found


def _test_hosts(environment: Mapping[str, str]) -> dict[str, str]:
    """Read `.suffix=127.0.0.1,…`: names that are taken to be there, and with it the leave to ask loopback."""
    given = environment.get(TEST_HOSTS, "")
    return dict(one.split("=", 1) for one in given.split(",")) if given else {}
