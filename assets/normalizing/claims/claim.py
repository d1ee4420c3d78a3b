"""A claim: one statement of the prose about figures, and where it stands.

Belongs here: the shape of it. Does not: finding it.
"""

from __future__ import annotations

from dataclasses import dataclass

STRONG, WEAK = "strong", "weak"


@dataclass(frozen=True)
class Claim:
    """One statement.

    kind: of patterns.yaml. subject: the cell or forum it speaks of, several joined by commas, None if none.
    section: 1 to 6, None before the first heading. lower, upper: the number claimed as an interval (cases, documents,
    yuan or percent); upper None is open, both None is a statement without a number. parts: the intervals of what a sum
    lists, or the count beside a percentage. strength: None for plain numbers; weak where the words leave room.
    start, end: the number's place in its sentence. text: the words. place: of the paragraph.
    """

    kind: str
    subject: str | None
    section: int | None
    lower: float | None
    upper: float | None
    parts: tuple[tuple[float, float | None], ...]
    strength: str | None
    text: str
    place: str
    start: int
    end: int
