"""Unified social credit codes: 18 characters with a check character (GB 32100).

Belongs here: whether a code is well made, and the division that it was given in. Does not: finding codes in a report.
"""

from __future__ import annotations

import re

CREDIT = re.compile(r"(?<![0-9A-Z])1[1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_credit_code(code: str) -> bool:
    """Tell whether 18 characters are a unified social credit code whose check character holds."""
    if len(code) != 18 or any(one not in CREDIT_ALPHABET for one in code):
        return False
    total = sum(CREDIT_ALPHABET.index(one) * pow(3, place, 31) for place, one in enumerate(code[:17]))
    return CREDIT_ALPHABET[-total % 31] == code[17]


def credit_codes(text: str) -> list[str]:
    """Return the unified social credit codes of organs and institutions in a text whose check character holds."""
    return [match[0] for match in CREDIT.finditer(text) if is_credit_code(match[0])]


def division_of(credit_code: str) -> str:
    """Return the six digits of the division in which a credit code was given; it may be one long gone."""
    return credit_code[2:8]
