"""Tables without rules: rows of figures that stand in columns, told by where and in which order the file draws them.

Belongs here: characters outside ruled tables to cells, rows and columns, only where each figure has one place.
Does not: tables of rules (lattice.py), lines of text (lines.py).

Programs draw a table cell by cell, row by row, each row from left to right. A cell is a run of characters drawn one
behind the other, with lines one below the other; a row goes on as long as cells are drawn farther to the right.
Nothing is guessed: a row whose figures are not level, a figure over two columns, two figures closer than a blank is
wide, a label that is not beside its figures, or a column that neither a head above each figure nor a complete row
confirms leave everything as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assets.parsing.geometry.lines import line_of
from assets.parsing.geometry.paragraphs import ENUMERATED, FINISHED
from assets.parsing.geometry.printed import FilledCell, FilledTable, TableCell
from assets.parsing.geometry.shapes import Character, Region, around

# Shares of a character's height: a wider gap parts two cells; figures this far apart are neither one nor two.
APART = 0.6
UNCLEAR = 0.12
SAME_LINE = 0.35
# How far down the next line of the same cell is.
NEXT_LINE = (0.7, 1.7)
# How much taller or lower than a line the next one of the same cell may be: a heading above a table is no part of it.
SAME_SIZE = (0.8, 1.25)
# How far below the others the label of a blank row may begin, and how far aside of where they begin.
FOLLOWS = 1.5
SET_ALIKE = 0.3
# A figure may have a sign and a unit; marks and a word may stand in place of one.
FIGURE = re.compile(r"(?:[+\-−－]|增加?|减少?)?\d[\d,.\ufffd]*(?:件|条|人|次|个|万?元)?|[/／—–―－\-×〇○*\ufffd]+|无")
# So many figures in a row are a table even without heads and other rows.
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class _Piece:
    """One cell as drawn: its characters line by line."""

    lines: tuple[tuple[Character, ...], ...]
    box: Region
    height: float
    text: str
    is_figure: bool

    @property
    def middle(self) -> float:
        """Return the height at which its middle stands."""
        return (self.box.y0 + self.box.y1) / 2


@dataclass(frozen=True, slots=True)
class _Row:
    """Cells drawn from left to right: labels, then figures."""

    labels: tuple[_Piece, ...]
    figures: tuple[_Piece, ...]

    @property
    def pieces(self) -> tuple[_Piece, ...]:
        return (*self.labels, *self.figures)


def tables(characters: Sequence[Character], page: int) -> tuple[list[FilledTable], list[Character]]:
    """Return the tables among characters that stand in no ruled one, and the characters that belong to none.

    Args:
        characters: in the order in which the file draws them.
        page: the number of the page.
    """
    upright = [character for character in characters if character.turn == 0]
    if not any(character.text.isdigit() for character in upright):
        return [], list(characters)
    found: list[FilledTable] = []
    used: set[int] = set()
    every = [_row(run) for run in _runs(_pieces(upright))]
    for heads, rows, rest in _stretches(every):
        rows = [*rows, *_blank_rows(heads, rows, rest, every)]
        table = _table(heads, rows, page) if rows else None
        if table is not None:
            found.append(table)
            used |= {id(c) for row in (*heads, *rows) for piece in row.pieces for line in piece.lines for c in line}
    return found, [character for character in characters if id(character) not in used]


# ---------------------------------------------------------------------------------------------------------------------
# Characters to cells, cells to rows


def _pieces(characters: Sequence[Character]) -> list[_Piece]:
    cells: list[list[list[Character]]] = []
    line: list[Character] = []
    for character in characters:
        if line and _goes_on(line[-1], character):
            line.append(character)
        elif line and _is_next_line(line, character):
            line = [character]
            cells[-1].append(line)
        else:
            line = [character]
            cells.append([line])
    return [piece for cell in cells for piece in _parted(cell)]


def _goes_on(before: Character, after: Character) -> bool:
    _, _, top, end, bottom, _, _, _ = before
    _, start, y0, _, y1, _, _, _ = after
    height = bottom - top
    return -0.5 * height < start - end < APART * height and abs(y0 + y1 - top - bottom) < 2 * SAME_LINE * height


def _is_next_line(line: Sequence[Character], after: Character) -> bool:
    """Tell whether a character begins another line of the same cell: below, of one size, under what stands above."""
    height = line[-1].y1 - line[-1].y0
    if not SAME_SIZE[0] < (after.y1 - after.y0) / max(height, 0.01) < SAME_SIZE[1]:
        return False
    down = (after.y0 + after.y1 - line[-1].y0 - line[-1].y1) / 2
    under = after.x0 < line[-1].x1 and after.x1 > line[0].x0 - height
    return NEXT_LINE[0] * height < down < NEXT_LINE[1] * height and under


def _parted(cell: list[list[Character]]) -> Iterator[_Piece]:
    """Yield the cell, or its lines apart where one is a figure or begins with an enumerator."""
    group: list[list[Character]] = []
    for line in cell:
        alone = _is_figure(_text(line))
        if group and (alone or ENUMERATED.match(_text(line))):
            yield _piece(group)
            group = []
        group.append(line)
        if alone:
            yield _piece(group)
            group = []
    if group:
        yield _piece(group)


def _text(line: Sequence[Character]) -> str:
    return "".join(character.text for character in line)


def _piece(lines: Sequence[Sequence[Character]]) -> _Piece:
    every = [character for line in lines for character in line]
    text = "\n".join(map(_text, lines))
    height = max(character.y1 - character.y0 for character in every)
    return _Piece(tuple(map(tuple, lines)), around(every), height, text, len(lines) == 1 and _is_figure(text))


def _is_figure(text: str) -> bool:
    """Tell whether a text is a figure or a mark in place of one."""
    return FIGURE.fullmatch(text) is not None and ENUMERATED.fullmatch(text) is None


def _runs(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Yield runs of cells that are drawn each to the right of the one before, and none wholly below the others.

    The label of several rows stands beside the middle of them, so the first row's own label may stand above it.
    """
    run: list[_Piece] = []
    lowest = float("inf")
    for piece in pieces:
        if run and (piece.box.x0 < run[-1].box.x1 or piece.box.y0 > lowest):
            yield run
            run = []
        lowest = max(lowest, piece.box.y1) if run else piece.box.y1
        run.append(piece)
    if run:
        yield run


def _row(run: Sequence[_Piece]) -> _Row:
    first = next((number for number, piece in enumerate(run) if piece.is_figure), len(run))
    return _Row(tuple(run[:first]), tuple(run[first:]))


# ---------------------------------------------------------------------------------------------------------------------
# Rows to tables


def _stretches(rows: Sequence[_Row]) -> Iterator[tuple[list[_Row], list[_Row], list[_Row]]]:
    """Yield (heads, rows, rest) of what may be tables: rows with figures and labels between them, labels after them."""
    heads: list[_Row] = []
    body: list[_Row] = []
    waiting: list[_Row] = []
    for row in rows:
        if _has_values(row):
            body += [*waiting, row]
            waiting = []
            continue
        is_head = len(row.labels) > 1 and not row.figures
        if (body or heads) and not is_head and _may_be_blank_row(row):
            waiting.append(row)
            continue
        if body or waiting:
            yield heads, body, waiting
            heads, body, waiting = [], [], []
        heads = [*heads, row] if is_head else []
    if body or waiting:
        yield heads, body, waiting


def _has_values(row: _Row) -> bool:
    if not row.figures or not all(piece.is_figure for piece in row.figures):
        return False
    return len(row.figures) > 1 or bool(row.labels)


def _may_be_blank_row(row: _Row) -> bool:
    return len(row.labels) == 1 and not row.figures and not FINISHED.search(row.labels[0].text)


def _blank_rows(
    heads: Sequence[_Row], body: Sequence[_Row], rest: Sequence[_Row], page: Sequence[_Row]
) -> list[_Row]:
    """Return the rows without figures that end a table: set like other labels of rows, with nothing level to them."""
    beside = [row.labels[-1] for row in page if row.labels and row.figures] + [row.labels[0] for row in heads[-1:]]
    found: list[_Row] = []
    lowest = max(piece.box.y1 for row in (*heads, *body) for piece in row.pieces)
    for row in rest:
        label = row.labels[0]
        level = (piece for one in page for piece in one.pieces if piece is not label and piece.box.x0 >= label.box.x1)
        alike = any(_is_set_like(label, one) for one in beside)
        if not alike or label.box.y0 - lowest > FOLLOWS * label.height or any(_is_level(label, one) for one in level):
            break
        found.append(row)
        lowest = label.box.y1
    return found


def _is_set_like(label: _Piece, other: _Piece) -> bool:
    """Tell whether a label begins, or has its middle, where another one does, in the same size."""
    begins = abs(label.box.x0 - other.box.x0)
    middles = abs(label.box.x0 + label.box.x1 - other.box.x0 - other.box.x1) / 2
    return SAME_SIZE[0] < label.height / other.height < SAME_SIZE[1] and min(begins, middles) < SET_ALIKE * label.height


def _is_level(label: _Piece, other: _Piece) -> bool:
    return label.box.y0 <= other.middle <= label.box.y1


def _table(heads: Sequence[_Row], body: Sequence[_Row], page: int) -> FilledTable | None:
    """Return the table of a stretch of rows, or None where anything about it is not certain."""
    if not heads and len(body) == 1 and len(body[0].figures) < ENOUGH:
        return None
    columns = _headed_columns(heads, body) or _columns(body)
    if columns is None or not all(_is_sure(row, columns) for row in body) or not _descends(body):
        return None
    depth = max(len(row.labels) for row in body)
    if depth and any(not row.labels for row in body):
        return None
    left = min(row.pieces[0].box.x0 for row in (*heads, *body))
    edges = _edges(left, depth, columns)
    cells = [cell for number, row in enumerate(heads) for cell in _head_cells(row, number, page)]
    for number, row in enumerate(body, len(heads)):
        cells += _cells(row, number, edges, depth, page)
    tops = [min(piece.box.y0 for piece in row.pieces) for row in (*heads, *body)]
    bottom = max(piece.box.y1 for row in body for piece in row.pieces)
    return FilledTable(tuple(edges), (*_ascending(tops), bottom), tuple(cells))


def _headed_columns(heads: Sequence[_Row], body: Sequence[_Row]) -> list[tuple[float, float]] | None:
    """Return from where to where the figures under each lowest head stand; None unless each figure is under just one.

    A column of blanks is as wide as its head.
    """
    leaves = _lowest_heads(heads)
    labelled = max((row.labels[-1].box.x1 for row in body if row.labels), default=float("-inf"))
    columns = [(one.box.x0, one.box.x1) for one in leaves if one.box.x0 >= labelled]
    if not columns or any(before[1] > after[0] for before, after in pairwise(columns)):
        return None
    held: list[list[Region]] = [[] for _ in columns]
    for row in body:
        middles = [(figure.box.x0 + figure.box.x1) / 2 for figure in row.figures]
        under = [[n for n, (start, end) in enumerate(columns) if start <= middle <= end] for middle in middles]
        if any(len(one) != 1 for one in under) or len({one[0] for one in under}) < len(under):
            return None
        for (number,), figure in zip(under, row.figures, strict=True):
            held[number].append(figure.box)
    spans = [
        (min(box.x0 for box in boxes), max(box.x1 for box in boxes)) if boxes else column
        for boxes, column in zip(held, columns, strict=True)
    ]
    return spans if all(before[1] < after[0] for before, after in pairwise(spans)) else None


def _lowest_heads(heads: Sequence[_Row]) -> list[_Piece]:
    """Return the heads that have no other head below them, from left to right."""
    every = [(number, piece) for number, row in enumerate(heads) for piece in row.labels]
    lowest = [
        piece for number, piece in every
        if not any(n > number and one.box.x0 < piece.box.x1 and one.box.x1 > piece.box.x0 for n, one in every)
    ]
    return sorted(lowest, key=lambda piece: piece.box.x0)


def _columns(body: Sequence[_Row]) -> list[tuple[float, float]] | None:
    """Return from where to where the figures of each column stand; None unless some row has a figure in every one."""
    spans = sorted((piece.box.x0, piece.box.x1) for row in body for piece in row.figures)
    columns: list[tuple[float, float]] = []
    for start, end in spans:
        if columns and start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], end))
        else:
            columns.append((start, end))
    complete = bool(columns) and max(len(row.figures) for row in body) == len(columns)
    return columns if complete else None


def _is_sure(row: _Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Tell whether each figure of a row is one figure, level with the others, and the labels stand beside them."""
    if row.labels and row.labels[-1].box.x1 > columns[0][0]:
        return False
    if not row.figures:
        return True
    middle, height = row.figures[0].middle, row.figures[0].height
    if any(abs(piece.middle - middle) > SAME_LINE * height for piece in row.figures):
        return False
    if any(_is_unclear(piece) for piece in row.figures):
        return False
    near = all(b.box.x0 - a.box.x1 >= APART * height for a, b in pairwise(row.figures))
    return near and (not row.labels or row.labels[-1].box.y0 <= middle <= row.labels[-1].box.y1)


def _is_unclear(figure: _Piece) -> bool:
    return any(b.x0 - a.x1 > UNCLEAR * figure.height for a, b in pairwise(figure.lines[0]))


def _descends(body: Sequence[_Row]) -> bool:
    """Tell whether rows are drawn top to bottom; a row without figures stands at its label."""
    middles = [(row.figures or row.labels[-1:])[0].middle for row in body]
    return all(before < after for before, after in pairwise(middles))


def _edges(left: float, depth: int, columns: Sequence[tuple[float, float]]) -> list[float]:
    """Return the edges of columns: those of labels share the room before the figures, whatever their number."""
    start = columns[0][0]
    labels = [left + (start - left) * number / depth for number in range(depth)]
    between = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    return [*labels, start, *between, columns[-1][1]]


def _cells(row: _Row, number: int, edges: Sequence[float], depth: int, page: int) -> Iterator[FilledCell]:
    """Yield the cells of a row: its last label runs up to the figures, a column without a figure is blank."""
    top, bottom = min(piece.box.y0 for piece in row.pieces), max(piece.box.y1 for piece in row.pieces)
    for place, piece in enumerate(row.labels):
        span = depth - place if piece is row.labels[-1] else 1
        yield _filled(piece, TableCell(number, place, 1, span, piece.box), page)
    for place, (start, end) in enumerate(pairwise(edges[depth:]), depth):
        figure = next((one for one in row.figures if start <= (one.box.x0 + one.box.x1) / 2 <= end), None)
        yield _filled(figure, TableCell(number, place, 1, 1, Region(start, top, end, bottom)), page)


def _head_cells(row: _Row, number: int, page: int) -> Iterator[FilledCell]:
    """Yield the heads of a row in their order; over how many columns each stands is not known."""
    for place, piece in enumerate(row.labels):
        yield _filled(piece, TableCell(number, place, 1, 1, piece.box), page)


def _filled(piece: _Piece | None, cell: TableCell, page: int) -> FilledCell:
    lines = () if piece is None else tuple(line_of(line) for line in piece.lines)
    return FilledCell(cell, lines, page)


def _ascending(tops: Sequence[float]) -> Iterator[float]:
    highest = float("-inf")
    for top in tops:
        highest = max(highest, top)
        yield highest
