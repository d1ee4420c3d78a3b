"""The kinds of refusal: their words, and what gives away a document that is no report.

Belongs here: reading `refusals.yaml` (documents) and `table_refusals.yaml` (tables), matching their patterns. Does not:
refusals for reasons of the file (sniffing), the order of the questions that a document is asked (parse.py), or
deciding on tables (refusing.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assets.parsing.titles import fold, title_of

# Lines that are longer, or hold a full stop, are sentences and no title.
LONGEST_LINE = 80
WHERE = ("title", "report_title", "line", "text")


@dataclass(frozen=True)
class Sign:
    """One pattern that gives a kind away.

    `where`: `title` = the whole of the first line that is a title of anything; `report_title` = a report's title;
    `line` = a whole line; `text` = anywhere. `at_least` counts matches (lines that differ, for `report_title` and
    `line`); `longest` bounds the document's characters, `most_headings` the table headings it shows;
    `despite_tables` asks also where tables were read.
    """

    kind: str
    where: str
    pattern: re.Pattern[str]
    at_least: int = 1
    longest: int | None = None
    most_headings: int | None = None
    despite_tables: bool = False


@dataclass(frozen=True)
class Looks:
    """What a document shows, folded: the titles its file states, its lines, its whole text, how many table headings."""

    stated: tuple[str, ...]
    lines: tuple[str, ...]
    text: str
    headings: int


def looks_of(stated: Sequence[str], lines: Sequence[str], headings: int) -> Looks:
    """Return the folded looks of a document that shows so many headings of tables."""
    folded = tuple(line for line in map(fold, lines) if line)
    return Looks(tuple(filter(None, map(fold, stated))), folded, "\n".join(folded), headings)


def refusal_words(kind: str) -> tuple[str, str]:
    """Return the Chinese and English words for a kind; KeyError for a kind that refusals.yaml lacks."""
    words = _kinds("refusals.yaml")[kind]
    return str(words["zh"]), str(words["en"])


def table_refusals() -> dict[str, tuple[str, str]]:
    """Return the Chinese and English words for every kind of table that cannot be relied on."""
    return {kind: (str(words["zh"]), str(words["en"])) for kind, words in _kinds("table_refusals.yaml").items()}


def recognised(looks: Looks, has_tables: bool, kinds: Sequence[str] = ()) -> str | None:
    """Return the first kind of refusals.yaml (of `kinds`, if given) that a document's looks give away, or None.

    Args:
        looks: what it shows.
        has_tables: whether figures of the form were read; then only signs that hold despite that are asked.
        kinds: the kinds to ask about; all if empty.
    """
    heading = _heading(looks)
    for sign in _signs():
        asked = (not kinds or sign.kind in kinds) and (sign.despite_tables or not has_tables)
        if asked and _matches(sign, looks, heading):
            return sign.kind
    return None


def _matches(sign: Sign, looks: Looks, heading: str) -> bool:
    if sign.longest is not None and len(looks.text) > sign.longest:
        return False
    if sign.most_headings is not None and looks.headings > sign.most_headings:
        return False
    if sign.where == "title":
        return sign.pattern.fullmatch(heading) is not None
    if sign.where == "text":
        return sum(1 for _ in sign.pattern.finditer(looks.text)) >= sign.at_least
    lines = {line for line in (*looks.stated, *looks.lines) if sign.pattern.fullmatch(line)}
    if sign.where == "report_title":
        lines = {line for line in lines if title_of(line) is not None}
    return len(lines) >= sign.at_least


def _heading(looks: Looks) -> str:
    """Return what the document calls itself: the first line that is the title of a report or of another kind, or ""."""
    titles = [sign.pattern for sign in _signs() if sign.where == "title"]
    for line in (*looks.stated, *looks.lines):
        if len(line) <= LONGEST_LINE and "。" not in line:
            if title_of(line) is not None:
                return ""
            if any(pattern.fullmatch(line) for pattern in titles):
                return line
    return ""


@cache
def _signs() -> tuple[Sign, ...]:
    signs = []
    for kind, words in _kinds("refusals.yaml").items():
        for stated in words.get("signs", ()):
            sign = Sign(**{**stated, "kind": kind, "pattern": re.compile(stated["pattern"])})
            if sign.where not in WHERE:
                raise ValueError(f"refusals.yaml, {kind}: where is {sign.where!r}, expected one of {WHERE}")
            signs.append(sign)
    return tuple(signs)


@cache
def _kinds(file: str) -> dict[str, dict[str, Any]]:
    kinds: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name(file).read_text(encoding="utf-8"))
    return kinds
