"""Sums that the prose states: so many, of which so many and so many.

Belongs here: which number a list adds up to, and where it ends. Does not: whether it does add up (rule N10).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assets.normalizing.claims.claim import STRONG, WEAK, Claim
from assets.normalizing.claims.numerals import Interval
from assets.normalizing.claims.patterns import compiled, data
from assets.normalizing.claims.quantities import COUNT, MONEY, THING, YEARS, Skeleton, Token
from assets.normalizing.claims.sentences import Sentence

ITEMS = re.compile(r"[^,;、。!?]+")
BRACKETS = re.compile(r"\([^()]*\)")
FEWEST = 2


@dataclass(frozen=True)
class _Parts:
    """The parts of one list, whether they are said to be all of it, and where it ends in the skeleton."""

    tokens: tuple[Token, ...]
    whole: bool
    end: int


def sums_of(sentence: Sentence, read: Skeleton) -> Iterator[Claim]:
    """Yield a claim for each list of a sentence: its total as the number, its parts, strong where it is exhaustive."""
    for opened in compiled(data()["lists"]["opens"]).finditer(read.text):
        parts = _parts(read, opened)
        total = _total(read, opened.start(), parts) if len(parts.tokens) >= FEWEST else None
        if total is None or total.interval is None:
            continue
        intervals = tuple((part.lower, part.upper) for part in _intervals(parts.tokens))
        end = read.origin[parts.end]
        yield Claim(
            "list_sum", None, sentence.section, total.interval.lower, total.interval.upper, intervals,
            STRONG if parts.whole else WEAK, sentence.text[_from(sentence.text, total) : end], sentence.place,
            total.start, end,
        )


def _from(text: str, total: Token) -> int:
    return max(text.rfind(mark, 0, total.start) for mark in ",;。") + 1


def _intervals(tokens: Sequence[Token]) -> list[Interval]:
    return [token.interval for token in tokens if token.interval is not None]


# --- the parts


def _parts(read: Skeleton, opened: re.Match[str]) -> _Parts:
    """Read items until one begins another statement, speaks of something else, or cannot be told apart.

    The list is exhaustive where its opening says so, or its last part is the rest (其他).
    """
    words = data()["lists"]
    blanked = BRACKETS.sub(lambda match: " " * len(match[0]), read.text)
    tokens: list[Token] = []
    kind, rest, end, label = None, False, opened.end(), ""
    for item in ITEMS.finditer(blanked, opened.end(), _extent(blanked, opened.end())):
        numbers = [read.tokens[i] for i in range(*item.span()) if i in read.tokens and blanked[i] != " "]
        counts = [token for token in numbers if token.kind in (COUNT, THING)]
        label += item[0]
        if (tokens and compiled(words["another"]).search(item[0])) or not _is_part(numbers, counts):
            break
        if not counts:
            continue
        own, rest_now = _dimension(label), re.search(words["rest"], label) is not None
        if tokens and own != kind and not rest_now:
            break
        kind = own if not tokens else kind
        tokens, end, label, rest = [*tokens, counts[0]], item.end(), "", rest_now
    return _Parts(tuple(tokens), rest or re.match(words["whole"], opened[0]) is not None, end)


def _extent(text: str, start: int) -> int:
    """A semicolon ends a list whose first parts are not set apart by semicolons."""
    first = re.compile(f"[{COUNT}{THING}][^,;、]*;").search(text, start)
    separator = re.compile(f"[{COUNT}{THING}][^,;、]*[,;、]").search(text, start)
    by_semicolon = first is not None and separator is not None and first.end() == separator.end()
    end = -1 if by_semicolon else text.find(";", start)
    return len(text) if end < 0 else end


def _is_part(numbers: Sequence[Token], counts: Sequence[Token]) -> bool:
    return len(counts) <= 1 and not any(token.kind in (*YEARS, MONEY) for token in numbers)


@cache
def _dimensions() -> dict[str, re.Pattern[str]]:
    return {name: compiled(words) for name, words in data()["lists"]["dimensions"].items()}


def _dimension(label: str) -> str | None:
    return next((name for name, words in _dimensions().items() if words.search(label)), None)


# --- the total


def _total(read: Skeleton, before: int, parts: _Parts) -> Token | None:
    """Choose the number the list belongs to: the one that fits, else the nearest that could; all may contradict it.

    Only numbers with the unit of a part count: two conferences are not the total of thirty notices.
    """
    units = {token.unit for token in parts.tokens}
    candidates = [
        token for position, token in sorted(read.tokens.items(), reverse=True)
        if position < before and token.kind in (COUNT, THING) and token.unit in units and token.interval is not None
    ]
    low = sum(part.lower for part in _intervals(parts.tokens))
    uppers = [part.upper for part in _intervals(parts.tokens)]
    high = None if None in uppers else sum(upper for upper in uppers if upper is not None)
    fitting = [token for token in candidates if _meets(token, low, high)]
    larger = [token for token in candidates if not parts.whole and _meets(token, low, None)]
    largest = sorted(candidates, key=lambda token: -_lower(token))
    return next(iter([*fitting, *larger, *largest]), None)


def _lower(token: Token) -> float:
    return token.interval.lower if token.interval else 0.0


def _meets(token: Token, low: float, high: float | None) -> bool:
    if token.interval is None:
        return False
    upper = token.interval.upper
    return (upper is None or upper >= low) and (high is None or token.interval.lower <= high)
