"""Reader of plain text: one block per line.

Belongs here: cutting text into lines with their numbers. Does not: rows and cells (layouts do that).
"""

from __future__ import annotations

from functools import lru_cache

from assets.parsing.document import Page, ReadDocument, text_blocks
from assets.parsing.readers.bounds import Budget
from assets.parsing.readers.sniffing import decode

# Places are made for so many lines, or a multiple of it; nearly all text dumps are shorter than that.
PLACES_AT_ONCE = 2048


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return one page with one block per line; places are `line N`, counted from 1."""
    decoded, encoding = decode(content)
    lines = decoded.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    places = _places(-(-len(lines) // PLACES_AT_ONCE) * PLACES_AT_ONCE)
    return ReadDocument("text", encoding, "text", (Page(1, text_blocks(lines, places)),))


@lru_cache(maxsize=4)
def _places(count: int) -> tuple[str, ...]:
    """Return the places of the first `count` lines; they are the same in every document."""
    return tuple(f"line {number}" for number in range(1, count + 1))
