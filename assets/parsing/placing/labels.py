"""Labels: what is left of one after normalising, and how well a printed one matches an official one.

Belongs here: text in, text or score out. Does not: order (alignment), anything about tables.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from rapidfuzz import fuzz

from assets.form import cells as form

ENUMERATOR = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}[、.．,，:：]|\([一二三四五六七八九十]{1,3}\)、?|\d{1,2}[.．、](?!\d))"
)
PUNCTUATION = re.compile(r"[^\w/]+|_")
SPACES = re.compile(r"[\s\u200b\ufeff]+")
# Below this a label is not recognised; the official labels differ from one another by more.
THRESHOLD = 0.8
# Labels of up to three characters (规章, 其他, 总计) match whole or not at all.
SHORT = 3


@lru_cache(maxsize=65536)
def normal(label: str) -> str:
    """Return a label without white space, leading enumerators and punctuation, width-folded (NFKC)."""
    text = SPACES.sub("", unicodedata.normalize("NFKC", label))
    stripped = ENUMERATOR.sub("", text)
    while stripped != text and stripped:
        text, stripped = stripped, ENUMERATOR.sub("", stripped)
    return PUNCTUATION.sub("", text)


@cache
def _scraps() -> frozenset[str]:
    headings = [text for group in form.vocabulary()["groups"].values() for text in group.values()]
    lines = form.vocabulary()["lines"].values()
    headings += [line["zh"] for table in lines for line in table.values() if line["kind"].startswith("subtotal")]
    return frozenset("".join(headings))


def _is_scrap(text: str) -> bool:
    """Tell whether text can be the torn rest of a group heading: 三、本(一)予以公开."""
    return set(text) <= _scraps()


@lru_cache(maxsize=65536)
def score(printed: str, official: tuple[str, ...]) -> float:
    """Return how well a printed label matches any spelling of an official one, 0 to 1.

    1 = the same after normalising; containment of the longest spelling or a cut label next; else likeness.
    """
    return max((_score_one(normal(printed), normal(spelling)) for spelling in official), default=0.0)


def _score_one(printed: str, official: str) -> float:
    if not printed or not official:
        return 0.0
    if printed == official:
        return 1.0
    if len(official) <= SHORT:
        return 0.9 if printed.startswith(official + "设区") else 0.0
    if printed.startswith(official) or (printed.endswith(official) and _is_scrap(printed[: -len(official)])):
        return 0.9 + 0.09 * len(official) / len(printed)
    if len(printed) > SHORT and official.startswith(printed):
        return 0.8 + 0.09 * len(printed) / len(official)
    likeness: float = fuzz.ratio(printed, official) / 100
    return min(likeness, 0.89)


def is_cut(printed: str, official: tuple[str, ...]) -> bool:
    """Tell whether a printed label is the beginning of an official one, at least three characters of it."""
    text = normal(printed)
    return len(text) >= SHORT and any(normal(spelling).startswith(text) for spelling in official)
