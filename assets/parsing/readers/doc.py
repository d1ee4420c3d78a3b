"""Reader of DOC (Word 97 and later, and WPS files, which are the same): the body's paragraphs and tables as printed.

Belongs here: the text of a Word file to the tree of flow.py: marks of paragraphs, cells and rows, fields, hidden text,
text boxes. Does not: places in the file (word_binary.py), modifiers (word_properties.py), merged regions (flow.py).
Left out, as in docx.py: heads, feet, notes, numbers that Word counts itself, hidden and deleted text.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from assets.parsing.document import Page, ReadDocument
from assets.parsing.readers import flow
from assets.parsing.readers.bounds import Budget, Unreadable
from assets.parsing.readers.word_binary import BOX_TEXTS, SPA_ANCHORS, WordFile, open_word
from assets.parsing.readers.word_properties import ParagraphProperties, RowProperties, RunProperties

Contents = list[flow.Paragraph | flow.Table]

CELL_END = "\x07"
PARAGRAPH_END = re.compile(r"[\r\x07\x0c]")
FIELD_MARK = re.compile("[\x13-\x15]")
FIELD_BEGIN, FIELD_SEPARATOR = "\x13", "\x14"
# Fields that draw something that is no text: a choice from a list, an equation.
DRAWN_FIELD = re.compile(r"\x13\s*(?:FORMDROPDOWN|EQ)\b", re.I)
SURROGATE = re.compile(r"[\ud800-\udfff]")
# Characters that stand for something; all other control characters are damage.
PRINTED: dict[int, str] = dict.fromkeys(range(0x20), flow.UNREADABLE) | dict.fromkeys(
    (0x02, 0x03, 0x04, 0x05, 0x07, 0x08, 0x0D, 0x13, 0x14, 0x15, 0x1F), ""
) | {0x01: flow.UNSHOWN, 0x09: " ", 0x0A: "\n", 0x0B: "\n", 0x0C: "\n", 0x0E: "\n", 0x1E: "-"}
# What a character's flag says.
HIDDEN, MARKED, SYMBOL, SHOWN = 1, 2, 4, 8
# Edges of cells that differ by no more (twips) are one: rows are seldom drawn to the same twip.
SAME_EDGE = 60
DEEPEST = 24


@dataclass
class _Level:
    """A table under way: its rows (whether they show), the row under way, the contents of the cell under way.

    A row is hidden or deleted if the marks of all its cells and its own are; `shown` says that one of its cells is not.
    """

    number: int
    rows: list[tuple[RowProperties, list[tuple[flow.Paragraph | flow.Table, ...]], bool]] = field(default_factory=list)
    cells: list[tuple[flow.Paragraph | flow.Table, ...]] = field(default_factory=list)
    contents: Contents = field(default_factory=list)
    shown: bool = False


@dataclass
class _Story:
    """What is known while the text is walked: the file, a flag per character, boxes by the position of their anchor."""

    file: WordFile
    flags: bytearray
    boxes: dict[int, tuple[int, int]] = field(default_factory=dict)
    paragraphs: int = 0
    tables: int = 0


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return one page; places are `paragraph 12` (those of tables not counted) and `table 2, row 5, cell 3`.

    Raises:
        Unreadable: encrypted, broken, too_large; unsupported_format for files older than Word 97.
    """
    try:
        file = open_word(content, budget)
        contents = _body(file)
    except (struct.error, IndexError) as problem:
        raise Unreadable("broken", f"DOC: {problem}") from problem
    return ReadDocument("doc", "utf-16", "doc", (Page(1, tuple(flow.blocks(contents, budget))),))


def _body(file: WordFile) -> Contents:
    counts = file.counts()
    if sum(counts) > len(file.text):
        raise Unreadable("broken", "DOC: less text than the header says")
    story = _Story(file, _flags(file))
    story.boxes = _boxes(file, sum(counts[:6]), counts[6])
    _hide_field_codes(story, 0, counts[0])
    contents = _contents(story, 0, counts[0])
    for start, end in story.boxes.values():
        contents += _box(story, start, end)
    return contents


# ---------------------------------------------------------------------------------------------------------------------
# What is not printed as it stands


def _flags(file: WordFile) -> bytearray:
    flags = bytearray(len(file.text))
    for start, end, run in file.runs():
        flag = _flag(run, file)
        if flag:
            flags[start:end] = bytes(one | flag for one in flags[start:end])
    return flags


def _flag(run: RunProperties, file: WordFile) -> int:
    hidden = run.hidden
    if hidden is None and run.style is not None and run.style in file.hidden_styles:
        hidden = True
    flag = HIDDEN if hidden or run.deleted or run.result_hidden else SHOWN if hidden is False else 0
    return flag | (MARKED if run.marked else 0) | (SYMBOL if run.symbol else 0)


def _hide_field_codes(story: _Story, start: int, end: int) -> None:
    """Hide the codes of fields; a field that never ends hides nothing."""
    open_fields: list[tuple[int, int | None]] = []
    for mark in FIELD_MARK.finditer(story.file.text, start, end):
        place = mark.start()
        if story.flags[place] & HIDDEN:
            continue
        if mark[0] == FIELD_BEGIN:
            open_fields.append((place, None))
        elif mark[0] == FIELD_SEPARATOR and open_fields:
            begin, separator = open_fields[-1]
            open_fields[-1] = (begin, place if separator is None else separator)
        elif open_fields:
            begin, separator = open_fields.pop()
            until = (place if separator is None else separator) + 1
            drawn = not story.flags[begin] and DRAWN_FIELD.match(story.file.text, begin, until)
            story.flags[begin:until] = bytes([HIDDEN]) * (until - begin)
            if drawn and not (open_fields and open_fields[-1][1] is None):
                story.flags[begin] = SYMBOL


def _boxes(file: WordFile, start: int, length: int) -> dict[int, tuple[int, int]]:
    """Return where the texts of text boxes begin and end, by the position of their anchor; unanchored ones count on."""
    if not length:
        return {}
    texts, anchors = file.pair(BOX_TEXTS), file.pair(SPA_ANCHORS)
    places = {shape: position for position, shape in _listed(anchors, 26, 0)}
    starts = [position for position, _ in _listed(texts, 22, 14)]
    found: dict[int, tuple[int, int]] = {}
    for number, (position, shape) in enumerate(_listed(texts, 22, 14)):
        end = starts[number + 1] if number + 1 < len(starts) else length
        if not position <= end <= length:
            raise Unreadable("broken", "DOC: text boxes out of order")
        anchor = places.get(shape, len(file.text) + number)
        while anchor in found:
            anchor = len(file.text) + number + len(found)
        found[anchor] = (start + position, start + end)
    return found


def _listed(table: bytes, size: int, shape_at: int) -> list[tuple[int, int]]:
    """Return (position, shape) of each entry of a list; its last position ends it."""
    count = max(0, (len(table) - 4) // (4 + size))
    first = 4 * (count + 1) + shape_at
    return [
        (struct.unpack_from("<I", table, 4 * n)[0], struct.unpack_from("<I", table, first + size * n)[0])
        for n in range(count)
    ]


# ---------------------------------------------------------------------------------------------------------------------
# Paragraphs and tables


def _contents(story: _Story, start: int, end: int) -> Contents:
    """Return what stands in a stretch of the text; a text box follows the paragraph that it is anchored in."""
    contents: Contents = []
    levels: list[_Level] = []
    for first, last in _paragraphs(story.file.text, start, end):
        story.file.budget.check()
        properties = story.file.paragraph(last)
        _at_depth(story, levels, properties.depth, contents)
        inside = properties.depth > 0
        story.paragraphs += not inside
        if not inside and story.file.text[last] == CELL_END:
            raise Unreadable("broken", "DOC: the end of a cell outside any table")
        paragraph = flow.Paragraph(_text(story, first, last, properties), story.paragraphs)
        here = levels[-1].contents if inside else contents
        here.append(paragraph)
        for anchor in [place for place in story.boxes if first <= place <= last] if story.boxes else ():
            here += _box(story, *story.boxes.pop(anchor))
        if inside:
            _end(story, levels[-1], properties, last)
    _at_depth(story, levels, 0, contents)
    return contents


def _box(story: _Story, start: int, end: int) -> Contents:
    _hide_field_codes(story, start, end)
    return _contents(story, start, end)


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last position of each paragraph, its mark included."""
    for mark in PARAGRAPH_END.finditer(text, start, end):
        yield start, mark.start()
        start = mark.end()
    if text[start:end].strip("\0"):
        raise Unreadable("broken", "DOC: the last paragraph does not end")


def _at_depth(story: _Story, levels: list[_Level], depth: int, contents: Contents) -> None:
    """Open and close tables until `depth` of them are open."""
    if depth > DEEPEST:
        raise Unreadable("broken", f"DOC: tables nested {depth} deep")
    while len(levels) < depth:
        story.tables += 1
        levels.append(_Level(story.tables))
    while len(levels) > depth:
        level = levels.pop()
        if level.cells or level.contents:
            raise Unreadable("broken", "DOC: a table that ends inside a row")
        outer = levels[-1].contents if levels else contents
        outer.append(_table(level))


def _end(story: _Story, level: _Level, properties: ParagraphProperties, last: int) -> None:
    """Close the cell or the row that ends with a paragraph, if one does."""
    inner = properties.depth > 1
    ends_row = properties.ends_inner_row if inner else properties.ends_row
    ends_cell = properties.ends_inner_cell if inner else story.file.text[last] == CELL_END
    if ends_row:
        contents, level.contents = level.contents, []
        if any(not isinstance(item, flow.Paragraph) or item.text.strip() for item in contents):
            raise Unreadable("broken", "DOC: text at the end of a table row")
        row = properties.row
        if row is None or len(row.cells) != len(level.cells):
            defined = "no" if row is None else len(row.cells)
            raise Unreadable("broken", f"DOC: a table row of {len(level.cells)} cells with {defined} cells defined")
        level.rows.append((row, level.cells, level.shown or not story.flags[last] & HIDDEN))
        level.cells, level.shown = [], False
    elif ends_cell:
        level.shown = level.shown or not story.flags[last] & HIDDEN
        level.cells.append(tuple(level.contents))
        level.contents = []


def _text(story: _Story, first: int, last: int, properties: ParagraphProperties) -> str:
    """Return the printed text of a paragraph without its mark."""
    text, flags = story.file.text[first:last], story.flags[first:last]
    unseen = properties.style in story.file.hidden_styles
    if not unseen and not any(flags):
        return _printable(text)
    parts: list[str] = []
    for flag, run in groupby(zip(flags, text, strict=True), key=lambda pair: pair[0]):
        if flag & HIDDEN or (unseen and not flag & SHOWN):
            continue
        piece = "".join(character for _, character in run)
        if flag & SYMBOL:
            parts.append(flow.UNSHOWN * len(piece))
        elif flag & MARKED and any(map(str.isdigit, piece)):
            parts.append(flow.UNSHOWN + piece)
        else:
            parts.append(piece)
    return _printable("".join(parts))


def _printable(text: str) -> str:
    if SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.translate(PRINTED)


def _table(level: _Level) -> flow.Table:
    edges = _columns([row.edges for row, _, _ in level.rows])
    rows = [
        flow.Row(tuple(_cells(row, cells, edges)), number)
        for number, (row, cells, shown) in enumerate(level.rows, 1) if shown
    ]
    return flow.Table(tuple(rows), level.number)


def _columns(rows: Sequence[tuple[int, ...]]) -> dict[int, int]:
    """Return the column that starts at each edge; edges close together are one."""
    columns: dict[int, int] = {}
    first, column = None, -1
    for edge in sorted({edge for edges in rows for edge in edges}):
        if first is None or edge - first > SAME_EDGE:
            first, column = edge, column + 1
        columns[edge] = column
    return columns


def _cells(
    row: RowProperties, contents: Sequence[tuple[flow.Paragraph | flow.Table, ...]], columns: dict[int, int]
) -> Iterator[flow.Cell]:
    """Yield the cells of a row; one merged with the cell to its left widens that, one without width is left out."""
    for number, (first, end) in enumerate(_across(row), 1):
        column, last = columns[row.edges[first]], columns[row.edges[end]]
        if column < last:
            yield flow.Cell(contents[first], column, last - column, row.cells[first].down, number)
        elif flow.cell_text(contents[first]):
            raise Unreadable("broken", "DOC: text in a table cell without width")


def _across(row: RowProperties) -> Iterator[tuple[int, int]]:
    """Yield the first and the end of each set of cells merged across; the first of a set is marked unlike the rest."""
    first = 0
    for index in range(1, len(row.cells) + 1):
        begun = row.cells[first].across
        goes_on = index < len(row.cells) and begun and row.cells[index].across not in (0, begun)
        if not goes_on:
            yield first, index
            first = index
