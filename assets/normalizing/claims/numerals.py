"""Numbers as prose writes them: 1,234, 一百零三, 1.2万, 40余, 近100.

Belongs here: digits and Chinese numerals to numbers, words such as 余 and 近 to intervals.
Does not: which number means what (quantities.py, finding.py). What can be read in two ways is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assets.normalizing.numbers import GROUPED, MOST_DIGITS, PLAIN

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
CHINESE = "".join((*DIGITS, *PLACES, *LARGE))
POSITIONAL = re.compile(f"[{''.join(DIGITS)}]*[〇零][{''.join(DIGITS)}]*")


@dataclass(frozen=True)
class Number:
    """A number as written: its value, and the place value of its last digit that is not 0 (40: 10, 1.2万: 1000)."""

    value: float
    unit: float
    rounded: bool = False


@dataclass(frozen=True)
class Interval:
    """A claimed number; `upper` None is open."""

    lower: float
    upper: float | None


def read_number(digits: str, multiplier: str = "") -> Number | None:
    """Read digits or a Chinese numeral, times 百, 千, 万 or 亿; None if too long, or to be read in two ways."""
    value = _arabic(digits) if digits[:1].isdigit() else _chinese(digits)
    if value is None:
        return None
    times = Decimal(({**PLACES, **LARGE}).get(multiplier, 1))
    whole = value * times
    if len(str(int(whole))) > MOST_DIGITS:
        return None
    return Number(float(whole), float(_place_value(value) * times), rounded=bool(multiplier))


def interval(number: Number, word: Mapping[str, Any] | None) -> Interval:
    """Return what a number and its interval word (an entry of patterns.yaml) claim; a rounded one ± half a place."""
    n, u = number.value, number.unit
    if word is None:
        return Interval(max(n - u / 2, 0), n + u / 2) if number.rounded else Interval(n, n)
    lower, upper = (_bound(n, u, word[side]) for side in ("lower", "upper"))
    return Interval(max(lower or 0, 0), upper)


def _bound(n: float, u: float, bound: Sequence[float] | None) -> float | None:
    """A bound [a, b, c] is a·n + b·u + c."""
    return None if bound is None else bound[0] * n + bound[1] * u + bound[2]


def _arabic(text: str) -> Decimal | None:
    plain = text.replace(",", "") if GROUPED.fullmatch(text) else text
    return Decimal(plain) if PLAIN.fullmatch(plain) and len(plain.partition(".")[0]) <= MOST_DIGITS else None


def _chinese(text: str) -> Decimal | None:
    if not any(character in PLACES or character in LARGE for character in text):
        read = len(text) == 1 or POSITIONAL.fullmatch(text)
        return Decimal("".join(str(DIGITS[character]) for character in text)) if read else None
    for name, times in sorted(LARGE.items(), key=lambda item: -item[1]):
        if name in text:
            before, _, after = text.partition(name)
            high, low = _chinese(before) if before else None, _chinese(after) if after else Decimal(0)
            # 一万二 is 12,000 in speech and 10,002 to a reader in haste.
            clear = not after or after[0] in "零〇" or after[1:2] in ("千",)
            return high * times + low if high is not None and low is not None and clear else None
    return _below_10000(text)


def _below_10000(text: str) -> Decimal | None:
    total, digit, last = 0, None, 10**4
    gap = False
    for character in text:
        if character in PLACES:
            place = PLACES[character]
            if place >= last or (digit is None and last != 10**4 and place != 10):
                return None
            total, digit, last, gap = total + (1 if digit is None else digit) * place, None, place, False
        elif DIGITS[character] == 0:
            gap = True
        elif digit is not None:
            return None
        else:
            digit = DIGITS[character]
    if digit is not None and last > 10 and not gap:
        return None
    return Decimal(total + (digit or 0))


def _place_value(value: Decimal) -> Decimal:
    """The place value of the last digit that is not 0; 1 for 0 itself."""
    if value == 0:
        return Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    return Decimal(10) ** int(exponent)
