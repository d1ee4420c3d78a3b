"""Columns of text that was laid out with blanks: which figure stands under which, and heads set on several lines.

Belongs here: places of words on a line, counted in narrow characters, and the columns they make.
Does not: which words are figures (layouts/number_runs), labels of the form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WORD = re.compile(r"\S+(?: \S+)*")
# Fewer columns than this have their heads on one line.
FEWEST_STACKED = 3


@dataclass(frozen=True)
class Word:
    """A word of a line: its text, and where it begins and ends."""

    text: str
    start: int
    end: int

    @property
    def centre(self) -> float:
        """The middle of the word."""
        return (self.start + self.end) / 2


def width(text: str) -> int:
    """Return how many narrow characters a text is wide."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def words_of(line: str, pattern: re.Pattern[str] = WORD) -> list[Word]:
    """Return the words of a line with their places; words are parted by two blanks or more."""
    found: list[Word] = []
    counted = end = 0
    for match in pattern.finditer(line):
        start = end + width(line[counted : match.start()])
        counted, end = match.end(), start + width(match[0])
        found.append(Word(match[0], start, end))
    return found


def columns_of(rows: Iterable[Sequence[Word]]) -> list[tuple[int, int]]:
    """Return the columns that the figures of all rows make: the spans that overlap, joined, from left to right."""
    spans = sorted((word.start, word.end) for row in rows for word in row)
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def placed(row: Sequence[Word], columns: Sequence[tuple[int, int]]) -> list[str] | None:
    """Return a row's figures column by column, blank where none stands; None where two stand in one column."""
    texts = [""] * len(columns)
    for word in row:
        column = next(i for i, (start, end) in enumerate(columns) if start <= word.start and word.end <= end)
        if texts[column]:
            return None
        texts[column] = word.text
    return texts


def stacked(lines: Sequence[Sequence[Word]], columns: Sequence[tuple[int, int]]) -> list[str]:
    """Return the words of head lines: those over several columns first, then a head for each column.

    A line with three or more words over different columns is a line of heads; the words of such lines that stand over
    the same column are pieces of one head, from top to bottom.
    """
    by_column: dict[int, str] = {}
    others: list[tuple[Word, int | None]] = []
    for line in lines:
        over = [_over(word, columns) for word in line]
        if len({column for column in over if column is not None}) < FEWEST_STACKED:
            others += zip(line, over, strict=True)
            continue
        for word, column in zip(line, over, strict=True):
            if column is None:
                others.append((word, None))
            else:
                by_column[column] = by_column.get(column, "") + word.text
    spanning = []
    own: dict[int, str] = {}
    for word, column in others:
        if column is None or column in by_column or column in own:
            spanning.append(word.text)
        else:
            own[column] = word.text
    heads = by_column | own
    return [*spanning, *(heads[column] for column in sorted(heads))]


def _over(word: Word, columns: Sequence[tuple[int, int]]) -> int | None:
    """Return the column whose middle is nearest to the word's, if the word stands over it."""
    nearest = min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - word.centre))
    return nearest if abs(sum(columns[nearest]) / 2 - word.centre) < pitch(columns) / 2 else None


def pitch(columns: Sequence[tuple[int, int]]) -> float:
    """Return the least distance between the middles of neighbouring columns; 0 with fewer than two columns."""
    middles = [(start + end) / 2 for start, end in columns]
    return min((b - a for a, b in zip(middles, middles[1:], strict=False)), default=0.0)
