"""Figures of a row side by side on one line, parted by blanks: what text extractors make of a PDF table.

Belongs here: claiming and reading this setting; labels torn over the lines around their figures.
Does not: tables of tabs or bars.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.parsing.document import Block, PrintedCell, PrintedRow
from assets.parsing.layouts import Reading
from assets.parsing.placing.rows import is_blank

FIGURE = r"(?:[+\-−]?\d[\d,]*(?:\.\d+)?|[/—－-]+|无)"
RUN = re.compile(rf"(?P<label>(?:.*?\D)??)(?P<figures>(?:(?:^|(?<=\s)){FIGURE})(?:\s+{FIGURE})*)\s*$")
PAGE_NUMBER = re.compile(r"\s*[-—–]+\s*\d+\s*[-—–]+\s*")
# A line of table 3 or 4 shows at least so many figures; table 2 has lines with three.
FEWEST_TOGETHER = 3
LONGEST_LINE = 200


def _run(line: str) -> tuple[str, list[str]] | None:
    """Return (label, figures) of a line that ends with figures, or None."""
    if PAGE_NUMBER.fullmatch(line) or len(line) > LONGEST_LINE:
        return None
    match = RUN.fullmatch(line.rstrip())
    return (match["label"].strip(), match["figures"].split()) if match else None


class NumberRuns:
    """A row is a line that ends with figures; the words on it and on the lines around it are its label."""

    name = "number_runs"
    keeps_blanks = False

    def claims(self, region: Sequence[Block]) -> bool:
        """Claim regions of plain text in which a line shows several figures side by side."""
        if any(block.grid or "|" in block.text or "\t" in block.text.strip() for block in region):
            return False
        runs = [run for block in region if (run := _run(block.text)) is not None]
        return any(len(figures) >= FEWEST_TOGETHER for _, figures in runs)

    def read(self, region: Sequence[Block]) -> Reading:
        """Give each row the words before its figures: the lines since the row before, and its own."""
        rows: list[PrintedRow] = []
        words: list[PrintedCell] = []
        used: set[int] = set()
        for index, block in enumerate(region):
            if is_blank(block.text) or PAGE_NUMBER.fullmatch(block.text):
                continue
            used.add(index)
            run = _run(block.text)
            if run is None:
                words += [PrintedCell(text, block.place) for text in re.split(r"\s{2,}", block.text.strip())]
                continue
            label, figures = run
            words += [PrintedCell(text, block.place) for text in re.split(r"\s{2,}", label) if text]
            rows.append(PrintedRow((*words, *(PrintedCell(text, block.place) for text in figures)), block.place))
            words = []
        if words:
            rows.append(PrintedRow(tuple(words), words[0].place))
        return Reading(tuple(rows), frozenset(used))


LAYOUT = NumberRuns()
