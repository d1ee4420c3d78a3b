"""The shapes that readers, layouts and placing hand to one another.

Belongs here: immutable records of printed things: text blocks, grids, rows, cells, and what became of a document.
Does not: any reading or judging.
What a document holds by the hundred (blocks, rows, cells) are named tuples: they are made in half the time of a frozen
dataclass, and making them is most of the time that reading of text takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import NamedTuple


class PrintedCell(NamedTuple):
    """One cell as printed: raw text, where it stands, its spans, and its grid column where the format has one.

    `confidence` is 1 for text that was read, below 1 for text that was recognised in a picture; `alternative` is
    the second recognition where there was one and it differs.
    """

    text: str
    place: str
    row_span: int = 1
    column_span: int = 1
    column: int | None = None
    confidence: float = 1.0
    alternative: str | None = None


class PrintedRow(NamedTuple):
    """One table row as printed. `pads` counts trailing bars that fill a text row up to the table's width."""

    cells: tuple[PrintedCell, ...]
    place: str
    pads: int = 0


class Block(NamedTuple):
    """A paragraph or line of text, or a grid of rows, in reading order."""

    text: str
    place: str
    grid: tuple[PrintedRow, ...] | None = None


def text_blocks(texts: Iterable[str], places: Iterable[str]) -> tuple[Block, ...]:
    """Return a block of text for every text and its place, up to the shorter of the two; no Python runs per block."""
    return tuple(map(tuple.__new__, repeat(Block), zip(texts, places, repeat(None))))


# A cell of all its fields in their order: what PrintedCell(…) does, in half the time, for no Python runs.
printed_cell: Callable[[tuple[str, str, int, int, int | None, float, str | None]], PrintedCell]
printed_cell = partial(tuple.__new__, PrintedCell)


@dataclass(frozen=True)
class Page:
    """One page of a document; formats without pages have a single one."""

    number: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class ReadDocument:
    """What a reader made of the bytes, before anything is understood.

    `pictures` shows, as PNG by place, cells whose text was recognised without certainty.
    """

    media: str
    encoding: str
    reader: str
    pages: tuple[Page, ...]
    pictures: tuple[tuple[str, bytes], ...] = ()
    # What the file says of itself outside its pages: a title, labelled lines. Never a paragraph of the report.
    head: tuple[Block, ...] = ()
    # Documents that lie side by side in one file (a zip file); the file has no pages of its own then.
    parts: tuple[ReadDocument, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks of all pages in reading order, those of the parts one part after the other."""
        own = (block for page in self.pages for block in page.blocks)
        return (*own, *(block for part in self.parts for block in part.blocks))


@dataclass(frozen=True)
class Observation:
    """A plain fact about a table or document, for the rules to judge (assets/lake.py, OBSERVATIONS)."""

    table: str
    fact: str
    scope: str
    value: str = ""


class PlacedCell(NamedTuple):
    """A printed cell with its row and column number, its role and, for a placed value, its cell of the form."""

    cell: PrintedCell
    row: int
    column: int
    role: str
    cell_code: str | None = None
    placement: str = ""


# A placed cell of all its fields in their order, see `printed_cell`.
placed_cell: Callable[[tuple[PrintedCell, int, int, str, str | None, str]], PlacedCell]
placed_cell = partial(tuple.__new__, PlacedCell)


@dataclass(frozen=True)
class ParsedTable:
    """One statutory table of a report: its printed cells and what was observed about it."""

    code: str
    edition: str | None
    layout: str
    cells: tuple[PlacedCell, ...]
    observations: tuple[Observation, ...]


@dataclass(frozen=True)
class Refusal:
    """Why a document is not taken as a report: a kind from `refusals.yaml`, and what was seen."""

    kind: str
    detail: str


@dataclass(frozen=True)
class ParsedReport:
    """One report of a document: its tables and its prose, in reading order."""

    tables: tuple[ParsedTable, ...]
    text: tuple[Block, ...]


@dataclass(frozen=True)
class ParsedDocument:
    """The result of parsing: one report or several, or a refusal with the prose of what was refused.

    `pictures` shows, as PNG by place, the doubtful figures among its cells.
    """

    media: str
    encoding: str
    reader: str
    refusal: Refusal | None = None
    reports: tuple[ParsedReport, ...] = ()
    refused_text: tuple[Block, ...] = ()
    pictures: tuple[tuple[str, bytes], ...] = ()

    @property
    def tables(self) -> tuple[ParsedTable, ...]:
        """The tables of all reports, in order."""
        return tuple(table for report in self.reports for table in report.tables)
