"""Text that lost its line ends: one line that holds headings, prose and tables, cut at the headings.

Belongs here: finding the six headings inside a line of text. Does not: telling headings among lines (sections.py),
cutting the tables into rows (layouts/all_in_one_line).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from assets.form import cells as form
from assets.parsing.document import Block

# A line with more bars than any row has columns, and longer than any row.
MOST_BARS = 100
LONGEST_LINE = 1000
NUMBERS = "一二三四五六"


@cache
def _heading() -> re.Pattern[str]:
    """Return a pattern of the numbered headings; a heading stands before white space, a bar or the table's head."""
    words = form.vocabulary()["sections"].values()
    names = {name.split("、", 1)[-1] for section in words for name in (section["zh"], *section["variants"])}
    longest = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(rf"[{NUMBERS}]、(?:{longest})(?=\s|\||$)")


def unrolled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with every line that holds a whole report cut before and after its headings."""
    if max([len(block.text) for block in blocks], default=0) < LONGEST_LINE:
        return tuple(blocks)
    return tuple(piece for block in blocks for piece in _pieces(block))


def _pieces(block: Block) -> Iterable[Block]:
    if len(block.text) < LONGEST_LINE or block.text.count("|") < MOST_BARS:
        yield block
        return
    start = 0
    for match in _heading().finditer(block.text):
        yield from _text(block.text[start : match.start()], block.place)
        yield Block(match[0], block.place)
        start = match.end()
    yield from _text(block.text[start:], block.place)


def _text(text: str, place: str) -> Iterable[Block]:
    """Yield the text before a table, the table, and the text after it; the flood of a title's bars is no table."""
    first, last = text.find("|"), text.rfind("|")
    if first < 0:
        if text.strip():
            yield Block(text.strip(), place)
        return
    before = text[:first].rstrip()
    if not text[first : last + 1].strip("| "):
        yield from (Block(piece.strip(), place) for piece in (before, text[last + 1 :]) if piece.strip())
        return
    begin = max(before.rfind(mark) for mark in (" ", "。", "：")) + 1
    for piece in (text[:begin], text[begin : last + 1], text[last + 1 :]):
        if piece.strip():
            yield Block(piece.strip(), place)
