"""Reader of plain text: one block per line.

Belongs here: cutting text into lines with their numbers. Does not: rows and cells (layouts do that).
"""

from __future__ import annotations

from assets.parsing.document import Block, Page, ReadDocument
from assets.parsing.readers.bounds import Budget
from assets.parsing.readers.sniffing import decode


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return one page with one block per line; places are `line N`, counted from 1."""
    decoded, encoding = decode(content)
    lines = decoded.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blocks = tuple(Block(line, f"line {number}") for number, line in enumerate(lines, 1))
    return ReadDocument("text", encoding, "text", (Page(1, blocks),))
