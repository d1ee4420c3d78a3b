"""The numbers of a sentence and what each is: a count, money, a share, a year; or nothing that is claimed.

Belongs here: telling counts from years, days, ordinals, articles of law, telephone and document numbers, differences.
The result is the sentence's skeleton, in which each number is one character: what the patterns are written for.
Does not: what a count is a count of (finding.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from assets.normalizing.claims.numerals import CHINESE, Interval, interval, read_number
from assets.normalizing.claims.patterns import data

# One character of the skeleton for each kind of number. Patterns name them {n}, {m}, {yuan} and so on.
COUNT, THING, MONEY, PERCENT, ZERO, NEUTRAL = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
THIS, LAST, NEXT, OTHER = "\ue010", "\ue011", "\ue012", "\ue013"
YEARS = (THIS, LAST, NEXT, OTHER)
RELATIVE = {"this": THIS, "last": LAST, "next": NEXT, "other": OTHER}

ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?"
NUMERAL = f"[{CHINESE}]+"


@dataclass(frozen=True)
class Token:
    """A number, or a word for a year: its kind (a character above) and its place in the sentence."""

    kind: str
    start: int
    end: int
    interval: Interval | None = None
    unit: str = ""


@dataclass(frozen=True)
class Skeleton:
    """A sentence with each number as one character; `tokens` by position; `origin` gives places in the sentence."""

    text: str
    tokens: Mapping[int, Token]
    origin: tuple[int, ...] = field(repr=False)


@cache
def _scanner() -> re.Pattern[str]:
    """One pattern for all numbers; the order decides, so what is no count stands first."""
    words = data()["numbers"]
    units = {name: "|".join(sorted(words["units"][name], key=len, reverse=True)) for name in words["units"]}
    every = "|".join(sorted((u for name in units for u in words["units"][name]), key=len, reverse=True))
    before, after, last = (
        "|".join(word for entry in words["interval_words"] if entry["stands"] == place for word in entry["words"])
        for place in ("before", "after_number", "after_unit")
    )
    relative = "|".join(f"(?P<{name}>{pattern})" for name, pattern in words["years"].items())
    return re.compile("|".join((
        *(f"(?P<not_{name}>{pattern})" for name, pattern in words["not_counted"].items()),
        relative,
        r"(?P<year>(?<!\d)(?:(?:19|20)\d\d|[一二][〇零○九][〇零○一二三四五六七八九]{2})年度?)",
        rf"(?P<share>(?<![\d.])(?:\d+(?:\.\d+)?%|百分之(?P<hundredths>{NUMERAL})))",
        rf"(?P<quantity>(?P<before>{before})?(?<![A-Za-z\d./\-〔几数多第])(?<!\d,)(?P<digits>{ARABIC}|{NUMERAL})"
        rf"(?P<times>(?<=\d)[百千万亿])?(?P<more>{after})?(?P<unit>{every})(?P<after>{last})?)",
        r"(?P<bare>(?<=[为是有数:])[0零](?![\d.%一-鿿]))",
    )))


def skeleton(sentence: str, report_year: int | None) -> Skeleton:
    """Return the skeleton of a folded sentence; years that are written out are told apart only if the year is known."""
    parts: list[str] = []
    tokens: dict[int, Token] = {}
    origin: list[int] = []
    done = 0
    for match in _scanner().finditer(sentence):
        token = _token(match, sentence, report_year)
        if token is None:
            continue
        origin.extend(range(done, token.start))
        parts.append(sentence[done : token.start])
        tokens[len(origin)] = token
        origin.append(token.start)
        parts.append(token.kind)
        done = token.end
    origin.extend(range(done, len(sentence) + 1))
    return Skeleton("".join((*parts, sentence[done:])), tokens, tuple(origin))


def _token(match: re.Match[str], sentence: str, report_year: int | None) -> Token | None:
    found = match.groupdict()
    start, end = match.span()
    if any(found[name] for name in found if name.startswith("not_")):
        return Token(NEUTRAL, start, end)
    for name, kind in RELATIVE.items():
        if found[name]:
            return Token(kind, start, end)
    if found["year"]:
        return Token(_year_kind(found["year"], report_year), start, end)
    if found["bare"]:
        return Token(ZERO, start, end, Interval(0, 0))
    if found["share"]:
        return _share(found, start, end)
    return _quantity(found, sentence, start, end)


def _year_kind(text: str, report_year: int | None) -> str:
    digits = text.rstrip("年度").translate(str.maketrans("〇零○一二三四五六七八九", "000123456789"))
    difference = int(digits) - report_year if report_year is not None else None
    return {0: THIS, -1: LAST, 1: NEXT}.get(difference, OTHER) if difference is not None else OTHER


def _share(found: Mapping[str, str | None], start: int, end: int) -> Token:
    digits = found["hundredths"] or str(found["share"]).rstrip("%")
    number = read_number(digits)
    return Token(PERCENT, start, end, interval(number, None)) if number else Token(NEUTRAL, start, end)


def _quantity(found: Mapping[str, Any], sentence: str, start: int, end: int) -> Token | None:
    """A count or an amount; None where a numeral is part of a word (一件事), neutral where it is a difference."""
    words = data()["numbers"]
    unit, digits = str(found["unit"]), str(found["digits"])
    if re.match(words["no_unit_before"], sentence[end:]) and not digits[0].isdigit():
        return None
    number = read_number(digits, found["times"] or "")
    if number is None or re.search(words["difference"], sentence[:start]):
        return Token(NEUTRAL, start, end)
    read = interval(number, _interval_word(found))
    for name, kind in (("cases", COUNT), ("things", THING), ("other", NEUTRAL)):
        if unit in words["units"][name]:
            return Token(kind, start, end, read, unit)
    times = words["units"]["money"][unit]
    upper = None if read.upper is None else read.upper * times
    return Token(MONEY, start, end, Interval(read.lower * times, upper), unit)


def _interval_word(found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    printed = {found["before"], found["more"], found["after"]} - {None}
    entries = [entry for entry in data()["numbers"]["interval_words"] if printed & set(entry["words"])]
    return entries[0] if entries else None
