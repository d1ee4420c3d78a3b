"""Figures of a row side by side on one line, parted by blanks: what text extractors make of a PDF table.

Belongs here: claiming and reading this setting; labels torn over the lines around their figures; blank cells where the
extractor kept the places of words. Does not: tables of tabs or bars.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assets.form import cells as form
from assets.parsing import columns
from assets.parsing.document import Block, PrintedCell, PrintedRow
from assets.parsing.layouts import Reading
from assets.parsing.placing.rows import is_blank

UNIT = f"(?:{'|'.join(form.vocabulary()['units'])})"
NOTE = r"(?:[(（][^()（）\s]*[)）])?"
FIGURE = rf"(?:[+\-−]?\d[\d,]*(?:\.\d+)?{UNIT}?{NOTE}|(?:增加?|减少?)\d+|[/—－-]+|无)"
RUN = re.compile(rf"(?P<label>(?:.*?\D)??)(?P<figures>(?:(?:^|(?<=\s)){FIGURE})(?:\s+{FIGURE})*)\s*$")
ONE = re.compile(r"\S+")
PAGE_NUMBER = re.compile(r"\s*[-—–]+\s*\d+\s*[-—–]+\s*")
APART = re.compile(r"\s{2,}")
# A line of table 3 or 4 shows at least so many figures; table 2 has lines with three.
FEWEST_TOGETHER = 3
LONGEST_LINE = 200


@dataclass(frozen=True)
class _Line:
    """A line: its words, and its figures, both with their places."""

    block: Block
    label: str
    words: tuple[columns.Word, ...]
    figures: tuple[columns.Word, ...]


def _run(line: str) -> re.Match[str] | None:
    """Return the match of a line that ends with figures, or None."""
    if PAGE_NUMBER.fullmatch(line) or len(line) > LONGEST_LINE:
        return None
    return RUN.fullmatch(line.rstrip())


def _line(block: Block) -> _Line:
    text = block.text.replace("\u3000", "  ").replace("\f", "")
    run = _run(text)
    if run is None:
        return _Line(block, text.strip(), tuple(columns.words_of(text)), ())
    start = columns.width(text[: run.start("figures")])
    found = columns.words_of(run["figures"], ONE)
    figures = tuple(columns.Word(word.text, start + word.start, start + word.end) for word in found)
    return _Line(block, run["label"].strip(), tuple(columns.words_of(run["label"])), figures)


class NumberRuns:
    """A row is a line that ends with figures; the words on it and on the lines around it are its label."""

    name = "number_runs"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions of plain text in which a line shows several figures side by side."""
        if any(block.grid is not None or "|" in block.text or "\t" in block.text.strip() for block in region):
            return False
        lines = (block.text for block in region if len(block.text.split()) >= FEWEST_TOGETHER)
        runs = (run for line in lines if (run := _run(line)) is not None)
        return any(len(run["figures"].split()) >= FEWEST_TOGETHER for run in runs)

    def read(self, region: Sequence[Block]) -> Reading:
        """Give each row the words before its figures: the lines since the row before, and its own."""
        used = [i for i, b in enumerate(region) if not is_blank(b.text) and not PAGE_NUMBER.fullmatch(b.text)]
        lines = [_line(region[index]) for index in used]
        found = _columns(lines)
        rows: list[PrintedRow] = []
        words: list[PrintedCell] = _heads(lines, found)
        for line in lines[_first_row(lines, found) :]:
            words += [PrintedCell(text, line.block.place) for text in APART.split(line.label) if text]
            if line.figures:
                texts = columns.placed(line.figures, found) if found else None
                texts = texts if texts is not None else [word.text for word in line.figures]
                figures = (PrintedCell(text, line.block.place) for text in texts)
                rows.append(PrintedRow((*words, *figures), line.block.place))
                words = []
        if words:
            rows.append(PrintedRow(tuple(words), words[0].place))
        return Reading(tuple(rows), frozenset(used), exact=bool(found), unmarked=True)


def _columns(lines: Sequence[_Line]) -> list[tuple[int, int]]:
    """Return the columns of the region's figures, or none where places were not kept or do not fit together."""
    rows = [line.figures for line in lines if line.figures]
    apart = any(b.start - a.end > 1 for row in rows for a, b in zip(row, row[1:], strict=False))
    if not apart:
        return []
    alone = columns.columns_of(rows)
    for found in (columns.columns_of([*rows, *_head_words(lines, alone)]), alone):
        if all(columns.placed(row, found) is not None for row in rows):
            return found
    return []


def _head_words(lines: Sequence[_Line], found: Sequence[tuple[int, int]]) -> list[list[columns.Word]]:
    """Return the words of head lines that are no wider than a column: a column may have heads and no figure."""
    first = next(i for i, line in enumerate(lines) if line.figures)
    pitch = columns.pitch(found)
    several = [line.words for line in lines[:first] if len(line.words) >= columns.FEWEST_STACKED]
    return [[word for word in words if word.end - word.start < pitch] for words in several]


def _first_row(lines: Sequence[_Line], found: Sequence[tuple[int, int]]) -> int:
    """Return where the lines after the heads begin: behind the last line of heads over columns, if there is one."""
    first = next((i for i, line in enumerate(lines) if line.figures), 0)
    several = [
        i for i, line in enumerate(lines[:first])
        if len(found) > columns.FEWEST_STACKED and len(line.words) >= columns.FEWEST_STACKED
    ]
    return several[-1] + 1 if several else 0


def _heads(lines: Sequence[_Line], found: Sequence[tuple[int, int]]) -> list[PrintedCell]:
    top = lines[: _first_row(lines, found)]
    texts = columns.stacked([line.words for line in top], found) if top else []
    return [PrintedCell(text, top[0].block.place) for text in texts]


LAYOUT = NumberRuns()
