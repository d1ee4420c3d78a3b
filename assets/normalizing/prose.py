"""The prose of a report as short lines: what every finder of facts searches.

Belongs here: folding, and what stands before, in and after the sections. Does not: any fact.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assets.parsing.sections import section_of
from assets.parsing.titles import fold


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: as printed, folded (NFKC, no white space), and its place."""

    printed: str
    folded: str
    place: str

    @property
    def spaced(self) -> str:
        """The paragraph NFKC-folded with its white space: what tells 2025-1-2 10:30 from 2025-1-21 0:30."""
        return unicodedata.normalize("NFKC", self.printed)


@dataclass(frozen=True)
class Prose:
    """A report's paragraphs, with the numbers of the first and last section heading (None without any)."""

    paragraphs: tuple[Paragraph, ...]
    first_heading: int | None
    last_heading: int | None

    @property
    def head(self) -> tuple[Paragraph, ...]:
        """What stands before the first section heading."""
        return self.paragraphs[: self.first_heading]

    @property
    def tail(self) -> tuple[Paragraph, ...]:
        """What stands after the last section heading; nothing where no heading was found."""
        return self.paragraphs[self.last_heading + 1 :] if self.last_heading is not None else ()


def prose_of(blocks: Sequence[tuple[str, str]]) -> Prose:
    """Make prose from (text, place) pairs in reading order."""
    paragraphs = tuple(Paragraph(text.strip(), fold(text), place) for text, place in blocks if text.strip())
    headings = [index for index, paragraph in enumerate(paragraphs) if section_of(paragraph.printed)]
    return Prose(paragraphs, headings[0] if headings else None, headings[-1] if headings else None)


def loose(label: str) -> str:
    """Return the pattern of a label whose characters may stand apart (索 引 号)."""
    return r"\s*".join(label)
