"""Figures: what a printed cell is worth, and in which state it was printed.

Belongs here: text of one cell in, value and state out. Does not: sums, rules, imputation.
A figure that could be read in two ways is `unparsable`; nothing is guessed, and a blank is never 0.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from assets.form import cells as form

THIN_SPACES = re.compile(r"[\u2009\u200a\u202f\u200b\ufeff]")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")
SIGNED_WORD = re.compile(r"(增加?|减少?)(?=\d)")
# More digits than any office has cases or yuan: several figures run together.
MOST_DIGITS = 12


@dataclass(frozen=True)
class Figure:
    """A printed figure: `value` is None unless `state` is `reported`; `unit` is the printed one or None."""

    value: Decimal | None
    state: str
    unit: str | None = None


# Most cells of a report print 0, or nothing.
@lru_cache(maxsize=16384)
def read_figure(text: str, number: str) -> Figure:
    """Read the text of a cell.

    Args:
        text: as printed.
        number: the column's kind of number in the form: `count`, `signed_count` or `money`.
    """
    folded = unicodedata.normalize("NFKC", THIN_SPACES.sub("", text)).strip()
    if not folded:
        return Figure(None, "blank")
    if folded in _placeholders():
        return Figure(None, "not_applicable")
    digits, unit = _without_unit(folded.replace("〇", "0") if folded == "〇" else folded)
    value = _decimal(digits, signed=number == "signed_count")
    return Figure(value, "reported", unit) if value is not None else Figure(None, "unparsable")


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFKC", text) for text in form.vocabulary()["placeholders"])


@cache
def _units() -> tuple[str, ...]:
    """Return the units, the longest first, so that none is taken for its own ending."""
    return tuple(sorted(form.vocabulary()["units"], key=len, reverse=True))


def _without_unit(text: str) -> tuple[str, str | None]:
    for unit in _units():
        if text.endswith(unit):
            return text.removesuffix(unit).rstrip(), unit
    return text, None


def _decimal(text: str, signed: bool) -> Decimal | None:
    sign = 1
    if signed:
        word = SIGNED_WORD.match(text)
        if word:
            sign, text = (1 if word[1].startswith("增") else -1), text[word.end() :]
        elif text[:1] in "+-−":
            sign, text = (1 if text[0] == "+" else -1), text[1:]
    elif text[:1] in "-−":
        # A negative count is readable; rule V01 judges it.
        sign, text = -1, text[1:]
    if GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not PLAIN.fullmatch(text) or len(text.partition(".")[0]) > MOST_DIGITS:
        return None
    return sign * Decimal(text)
