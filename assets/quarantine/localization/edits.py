"""How one cell's printed text can have come about from another number.

Belongs here: the typed faults of one cell, and what they cost. Does not: whether the identities then hold.
"""

from __future__ import annotations

from functools import lru_cache

from assets.quarantine.localization.matrix import Frame, Value, as_number
from assets.quarantine.localization.words import bits, surcharge

# A unit or a point slips by ten, a hundred, or the 10,000 between 元 and 万元.
SLIPS = (10, 100, 10_000)


def edit(frame: Frame, cell: int, value: Value) -> tuple[str, float]:
    """Return the kind of fault that made the printed cell out of `value`, and its bits."""
    kind, cost = _edit(_digits(frame, cell), str(as_number(value)))
    cost += surcharge("zero_printed") if frame.values[cell] == 0 else 0
    return kind, cost + (surcharge("zero_meant") if value == 0 else 0)


def _digits(frame: Frame, cell: int) -> str:
    """The printed text without what does not change its number (grouping, a unit); else the number itself."""
    text = frame.text(cell)
    kept = "".join(sign for sign in text if sign in "-.0123456789")
    value = frame.values[cell]
    plain = "" if value is None else str(as_number(value))
    return kept if kept.lstrip("0") == plain.lstrip("0") else plain


@lru_cache(maxsize=65_536)
def _edit(printed: str, meant: str) -> tuple[str, float]:
    kind = _kind(printed, meant)
    distance = edits_between(printed, meant) if kind == "value_changed" else 0
    return kind, bits(kind) + surcharge("per_edit") * distance


def _kind(printed: str, meant: str) -> str:
    if printed.lstrip("-") == meant.lstrip("-"):
        return "sign_slip"
    if not (printed.isdigit() and meant.isdigit()):
        return "unit_slip" if _slipped(printed, meant) else "value_changed"
    if len(printed) == len(meant):
        places = [n for n, (one, two) in enumerate(zip(printed, meant, strict=True)) if one != two]
        if len(places) == 1:
            return "digit_changed"
        first, last = places[0], places[-1]
        if places == [first, first + 1] and printed[first] == meant[last] and printed[last] == meant[first]:
            return "digits_transposed"
    if len(meant) == len(printed) + 1 and _one_less(meant, printed):
        return "digit_dropped"
    if len(printed) == len(meant) + 1 and _one_less(printed, meant):
        return "digit_added"
    return "unit_slip" if _slipped(printed, meant) else "value_changed"


def _one_less(longer: str, shorter: str) -> bool:
    return any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))


def _slipped(printed: str, meant: str) -> bool:
    try:
        one, two = float(printed), float(meant)
    except ValueError:
        return False
    return bool(one) and any(one == two * slip or two == one * slip for slip in SLIPS)


def edits_between(one: str, two: str) -> int:
    """Return the Damerau-Levenshtein distance: insertions, deletions, substitutions, neighbours transposed."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, first in enumerate(one, 1):
        two_before, before, row = before, row, [i]
        for j, second in enumerate(two, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (first != second))
            if i > 1 and j > 1 and first == two[j - 2] and one[i - 2] == second:
                least = min(least, two_before[j - 2] + 1)
            row.append(least)
    return row[-1]
