"""The six sections of a report: where each begins, and how often a report begins in one document.

Belongs here: finding headings and cutting a document at them. Does not: reading of tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from assets.form import cells as form
from assets.parsing.document import Block
from assets.parsing.placing import labels

LONGEST_HEADING = 45
# 没有其他需要报告的事项。 is what stands below that heading; a heading has a number before it, or no full stop.
SENTENCE = re.compile(r"\s*(?:暂?无|没有|未发生).*|(?!\s*[(（]?[一二三四五六七八九十\d]).*。\s*", re.S)
LIKENESS = 88.0


@dataclass(frozen=True)
class Region:
    """The blocks after one heading up to the next; `section` is None before the first heading."""

    section: str | None
    heading: str
    first: int
    blocks: tuple[Block, ...]


@cache
def _headings() -> dict[str, str]:
    """Return the normalised words of every heading and the section each heads."""
    sections = form.vocabulary()["sections"]
    return {
        labels.normal(label): code for code, words in sections.items() for label in (words["zh"], *words["variants"])
    }


@lru_cache(maxsize=16384)
def section_of(text: str) -> str | None:
    """Return the section that a line heads, or None. The printed number is not trusted, the words are."""
    if len(text) > LONGEST_HEADING or SENTENCE.fullmatch(text) or "|" in text.strip("| ") or "\t" in text.strip():
        return None
    headings = _headings()
    found = process.extractOne(labels.normal(text), headings.keys(), scorer=fuzz.ratio, score_cutoff=LIKENESS)
    return headings[found[0]] if found is not None else None


def regions(blocks: Sequence[Block]) -> tuple[Region, ...]:
    """Cut the blocks at every heading, in reading order."""
    starts = [(i, code) for i, block in enumerate(blocks) if not block.grid and (code := section_of(block.text))]
    cuts = [(-1, None), *starts]
    ends = [index for index, _ in starts] + [len(blocks)]
    return tuple(
        Region(code, blocks[start].text.strip() if start >= 0 else "", start + 1, tuple(blocks[start + 1 : end]))
        for (start, code), end in zip(cuts, ends, strict=True)
    )


def runs(found: Sequence[Region]) -> tuple[tuple[Region, ...], ...]:
    """Group regions into runs in which the sections' order only grows; each run may be a report of its own."""
    sections = form.vocabulary()["sections"]
    grouped: list[list[Region]] = [[]]
    last = 0
    for region in found:
        order = sections[region.section]["order"] if region.section else 0
        if order and order <= last:
            grouped.append([])
        last = order or last
        grouped[-1].append(region)
    return tuple(tuple(run) for run in grouped if run)
