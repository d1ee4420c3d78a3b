"""The DOC layouts: a file as Word saves it, and one that was worked on: pieces, changes, fields, tables in a table.

Belongs here: publications and grids as paragraphs with cell and row marks. Does not: the file (word_binary.py), which
cell spans what (grid.py).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from tests.typesetting.form import PrintedTable
from tests.typesetting.grid import Grid, GridCell, grid
from tests.typesetting.layouts.docx import PAGE_TWIPS, Place, stored_rows
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.layouts.word_binary import Paragraph, Run, modifier, word_file
from tests.typesetting.publication import Publication, Words

IN_TABLE, ROW_END = modifier(0x2416, b"\1"), modifier(0x2417, b"\1")
INNER_CELL_END, INNER_ROW_END = modifier(0x244B, b"\1"), modifier(0x244C, b"\1")
DELETED, HIDDEN = modifier(0x0800, b"\1"), modifier(0x083C, b"\1")
CELL_MARK = "\x07"
LEFT, JITTER = -108, 3
PIECE_LENGTH = 37


def doc(publication: Publication) -> bytes:
    """Set a plain DOC file: one piece of text, rows whose cells are merged by their width and downwards."""
    made: list[Paragraph] = []
    for block in publication.blocks:
        made += _rows(grid(block), _plain, 1) if isinstance(block, PrintedTable) else [Paragraph((Run(block.text),))]
    return word_file(made)


def doc_worked_on(publication: Publication) -> bytes:
    """Set a DOC file that was saved in pieces: changes tracked, hidden text, fields, each table in a layout table."""
    made: list[Paragraph] = []
    for block in publication.blocks:
        made += _framed(block) if isinstance(block, PrintedTable) else [_worked_on_words(block)]
    return word_file(made, PIECE_LENGTH, apart=True)


LAYOUTS = (Layout("doc", ".doc", doc), Layout("doc_worked_on", ".doc", doc_worked_on))

Content = Callable[[GridCell], tuple[Run, ...]]


def _depth(depth: int) -> bytes:
    return IN_TABLE + (modifier(0x6649, struct.pack("<i", depth)) if depth > 1 else b"")


def _rows(of: Grid, content: Content, depth: int) -> list[Paragraph]:
    """Return the paragraphs of a table: one per cell, and one that ends each row and defines it."""
    made: list[Paragraph] = []
    for number, places in enumerate(stored_rows(of)):
        for place in places:
            made += _cell(() if place.covered else content(place.cell), depth)
        edges = _edges(places, PAGE_TWIPS // of.width, JITTER * (number % 2))
        made.append(_row_end(edges, [_flags(place) for place in places], depth))
    return made


def _cell(runs: tuple[Run, ...], depth: int) -> list[Paragraph]:
    """Return the paragraphs of a cell; a run that is a line break ends one."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.text == "\n":
            lines.append([])
        else:
            lines[-1].append(run)
    made = [Paragraph(tuple(line), _depth(depth)) for line in lines]
    if depth == 1:
        made[-1] = Paragraph(made[-1].runs, _depth(1), CELL_MARK)
    else:
        made[-1] = Paragraph(made[-1].runs, _depth(depth) + INNER_CELL_END)
    return made


def _edges(places: Sequence[Place], width: int, shift: int) -> list[int]:
    """Return where the cells of a row begin and end, in twips; rows are not drawn to the same twip."""
    ends = [LEFT + shift + width * (place.column + place.cell.column_span) for place in places]
    return [LEFT + shift + width * places[0].column, *ends]


def _flags(place: Place) -> int:
    down = 1 if place.covered else 3 if place.cell.row_span > 1 else 0
    return down << 5


def _row_end(edges: Sequence[int], flags: Sequence[int], depth: int) -> Paragraph:
    cells = b"".join(struct.pack("<H18x", flag) for flag in flags)
    definition = bytes([len(flags)]) + struct.pack(f"<{len(edges)}h", *edges) + cells
    defined = struct.pack("<HH", 0xD608, len(definition) + 1) + definition
    if depth == 1:
        return Paragraph((), _depth(1) + ROW_END + defined, CELL_MARK)
    return Paragraph((), _depth(depth) + INNER_CELL_END + INNER_ROW_END + defined)


def _plain(cell: GridCell) -> tuple[Run, ...]:
    return (Run(cell.text),)


# ---------------------------------------------------------------------------------------------------------------------
# doc_worked_on


def _framed(table: PrintedTable) -> list[Paragraph]:
    """Return a table that stands in the only cell of a layout table."""
    inner = _rows(grid(table), _worked_on_cell, 2)
    return [*inner, Paragraph((), _depth(1), CELL_MARK), _row_end([LEFT, LEFT + PAGE_TWIPS], [0], 1)]


def _worked_on_cell(cell: GridCell) -> tuple[Run, ...]:
    """Return a cell: heads on two lines, figures that replaced others and have hidden text beside them."""
    if cell.role == "head" and len(cell.text) == 4:
        return Run(cell.text[:2]), Run("\n"), Run(cell.text[2:])
    if cell.role != "value":
        return (Run(cell.text),)
    return Run("99", DELETED), *map(Run, cell.text), Run("7", HIDDEN)


def _worked_on_words(words: Words) -> Paragraph:
    """Return a date as a field, everything else with a deleted word in front."""
    if words.kind == "closing":
        return Paragraph((Run('\x13 DATE \\@ "yyyy" \x14'), Run(words.text), Run("\x15")))
    return Paragraph((Run("送审稿", DELETED), Run(words.text)))
