"""What a sheet prints for a stored number: the few things that number formats do to a figure.

Belongs here: numbers, shares and dates as text, and formats that print something else than the number.
Does not: where values and formats are stored (xlsx.py, xls.py), rounding: a figure keeps what is stored of it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

# Stands behind a figure that its format prints otherwise than stored (scaled, or on a condition), so that it is not
# taken as it stands.
UNREADABLE = "\ufffd"
GENERAL = "General"
# Formats without a text of their own; numbers are those of the file formats.
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 48: "##0.0E+0", 49: "@",
}
BUILT_IN |= dict.fromkeys((*range(14, 18), 22, *range(27, 37), *range(50, 59)), "yyyy-m-d")
BUILT_IN |= dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "h:mm:ss")
# Quoted and escaped pieces, blanks as wide as a character, filling; and what stands in brackets.
LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|_.|\*.')
BRACKETED = re.compile(r"\[[^\]]*\]")
CONDITION = re.compile(r"\[[<>=]")
ELAPSED = re.compile(r"\[[hms]+\]", re.I)
SCALED = re.compile(r"[0#?],+(?![0#?,])")
PRINTED_POINT = re.compile(r'[\\!]\.|"[^"]*\.[^"]*"')
DAYS_1900, DAYS_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
FIRST_SAFE_DAY, LAST_DAY = 61, 2_958_466


def printed_number(value: float, code: str, from_1904: bool = False) -> str:
    """Return the text of a stored number in a format; 15 digits at most, as spreadsheets keep them."""
    section, rest = _section(value, code)
    if section is None:
        return plain_number(value) + UNREADABLE
    kind = _kind(section)
    if kind == "date":
        return _date(value, section, from_1904)
    if kind == "literal":
        return _literal(section)
    if kind == "scaled":
        return plain_number(value) + UNREADABLE
    if kind == "share":
        return plain_number(float(Decimal(plain_number(value)) * 100)) + "%"
    if value == 0 and kind == "no_zero":
        return ""
    return plain_number(abs(value) if value < 0 and rest and not _shows_sign(section) else value)


def printed_text(text: str, code: str) -> str:
    """Return a text in a format; one of nothing but empty sections hides it."""
    return "" if code.count(";") >= 3 and code.strip("; ") == "" else text


def plain_number(value: float) -> str:
    """Return a number without exponent, float noise or needless zeros: 0, 1880.2255, -3."""
    if value != value or value in (float("inf"), float("-inf")):
        return UNREADABLE
    text = format(Decimal(format(value, ".15g")), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _section(value: float, code: str) -> tuple[str | None, bool]:
    """Return the section of a format that a number is printed by, and whether it is one for negative numbers only."""
    sections = _sections(code)
    if any(CONDITION.search(section) for section in sections):
        return None, False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...]:
    """Cut a format at the semicolons that are not quoted."""
    pieces, start = [], 0
    for mark in re.finditer(r'"[^"]*"|[\\!].|;', code):
        if mark[0] == ";":
            pieces.append(code[start : mark.start()])
            start = mark.end()
    return (*pieces, code[start:])


@lru_cache(maxsize=512)
def _kind(section: str) -> str:
    """Return what a section prints: plain, no_zero (nothing for 0), share, scaled, date or literal."""
    if GENERAL.lower() in section.lower() or section.strip() == "@":
        return "plain"
    bare = BRACKETED.sub("", LITERAL.sub("", section))
    if ELAPSED.search(section) or re.search(r"[ymdhs年月日]", re.sub(r"E[+-]", "", bare), re.I):
        return "date"
    if not re.search(r"[0#?]", bare):
        return "literal"
    if SCALED.search(bare) or PRINTED_POINT.search(section) and not re.search(r'"[^"]*[^\d.,"][^"]*"', section):
        return "scaled"
    if "%" in bare:
        return "share"
    return "plain" if "0" in bare else "no_zero"


def _literal(section: str) -> str:
    """Return what a section prints that has no place for digits."""
    text = LITERAL.sub(lambda mark: mark[1] or mark[2] or "", BRACKETED.sub("", section))
    return text.strip()


def _shows_sign(section: str) -> bool:
    """Tell whether a section for negative numbers shows that they are: a minus, or brackets around them."""
    bare = BRACKETED.sub("", section)
    return "-" in bare or "−" in bare or "(" in bare or "（" in bare or "General" in bare


def _date(value: float, section: str, from_1904: bool) -> str:
    """Return a date as 2025-01-16, with its time where it has one; times alone as 8:05:00."""
    first = 0 if from_1904 else FIRST_SAFE_DAY
    if not first <= value < LAST_DAY:
        return plain_number(value) + UNREADABLE
    moment = (DAYS_1904 if from_1904 else DAYS_1900) + timedelta(seconds=round(value * 86400))
    if not re.search(r"[yd年日]", BRACKETED.sub("", LITERAL.sub("", section)), re.I):
        return plain_number(value) + UNREADABLE
    return moment.strftime("%Y-%m-%d") if moment.time() == moment.min.time() else moment.strftime("%Y-%m-%d %H:%M:%S")
