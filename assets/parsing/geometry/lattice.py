"""Ruled tables of one page: where rules cross there is a table, where no rule stands between cells they are one.

Belongs here: rules to tables of cells, characters into cells and lines, what stays outside as lines of text.
Does not: page breaks (stitching.py), how tables without rules are found (text_columns.py), what a cell means.

The interface (thresholds in pt, times `scale`):

    tables(rules, scale=1.0) -> tuple[RuledTable, ...]
        The tables alone: cells with row, column, spans and box. For OCR, which looks into each box.
    grids(rules, characters, page, unit="pt", scale=1.0, as_shown=None) -> LatticePage
        Tables with their text, and the characters outside any table as lines, top to bottom. `as_shown` maps a box
        back to the page as a viewer shows it, where the page is read in another turn.
    stitching.stitch(pages) -> tuple[Page, ...]
        What becomes of the LatticePages of a document.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from operator import ge
from typing import NamedTuple

from assets.parsing.geometry import text_columns
from assets.parsing.geometry.lines import is_figure_like, plain_line, plain_runs, rows, text_lines
from assets.parsing.geometry.printed import FilledCell, FilledTable, LatticePage, RuledTable, TableCell, TextLine
from assets.parsing.geometry.shapes import UNREADABLE, Box, Character, Region, clusters
from assets.parsing.readers.bounds import Unreadable

# Lengths in pt, tuned on generated documents (formats.md, 8).
SAME_POSITION = 2.0
GAP = 3.0
SHORTEST = 4.0
CROSSING = 3.0
SAME_EDGE = 4.5
# The share of a border that rules must cover.
COVERED = 0.6
# A character belongs to two cells if an edge passes through its middle: these shares of its width and height.
MIDDLE_ACROSS = 0.25
MIDDLE_DOWN = 0.35
# Figures closer than this share of their height to what stands behind the rule run across it.
TOUCHING = 0.08
MOST_RULES = 20_000
MOST_CELLS = 50_000


class _Segment(NamedTuple):
    """A merged rule: where it lies, and from where to where it runs."""

    position: float
    start: float
    end: float


# A rule before it is merged, in the order of a segment; plain because a page has thousands.
_Piece = tuple[float, float, float]


def grids(
    rules: Sequence[Box], characters: Sequence[Character], page: int, unit: str = "pt", scale: float = 1.0,
    as_shown: Callable[[Region], Region] | None = None,
) -> LatticePage:
    """Return what stands on one page, in reading order.

    Args:
        rules: all ruling lines of the page (see shapes.Rule), in any order, dashes and doubled lines included.
        characters: all printed characters, without blanks, in the order in which the file draws them.
        page: its number, from 1. Its unit is `pt` or `px`, `scale` is how many of them make a pt.
        unit: see `page`.
        scale: see `page`.
        as_shown: maps a box of this page to the page as viewers show it.

    Raises:
        Unreadable: too_large, for more rules or cells than any page of text has.
    """
    filled: list[FilledTable] = []
    rest: Sequence[Character] = characters
    found = [table for table in tables(rules, scale) if table.is_grid]
    for table in sorted(found, key=lambda one: one.box.width * one.box.height):
        inside, rest = _divided(rest, table.box)
        filled.append(_fill(table, inside, page))
    unruled, rest = text_columns.tables(rest, page)
    filled += unruled
    apart = tuple(line for line in text_lines(rest) if line.text.strip())
    items: list[TextLine | FilledTable] = [*filled, *apart]
    items.sort(key=_reading_order)
    return LatticePage(page, tuple(items), unit, scale, as_shown)


def _reading_order(item: TextLine | FilledTable) -> tuple[float, float]:
    return (item.box.y0 + item.box.y1) / 2 if isinstance(item, TextLine) else item.box.y0, item.box.x0


# ---------------------------------------------------------------------------------------------------------------------
# Rules to tables


def tables(rules: Sequence[Box], scale: float = 1.0) -> tuple[RuledTable, ...]:
    """Return the tables that rules make, frames of a single cell included.

    Raises:
        Unreadable: too_large, see `grids`.
    """
    level: list[_Piece] = []
    upright: list[_Piece] = []
    for x0, y0, x1, y1 in rules:
        if x1 - x0 >= y1 - y0:
            level.append(((y0 + y1) / 2, x0, x1))
        else:
            upright.append(((x0 + x1) / 2, y0, y1))
    across, down = _merged(level, scale), _merged(upright, scale)
    if len(across) + len(down) > MOST_RULES:
        raise Unreadable("too_large", f"{len(across) + len(down):,} ruling lines on one page, at most {MOST_RULES:,}")
    found = (_table(rows_of, columns_of, scale) for rows_of, columns_of in _components(across, down, scale))
    return tuple(table for table in found if table is not None)


def _merged(pieces: Sequence[_Piece], scale: float) -> list[_Segment]:
    """Join collinear pieces (dashes, borders drawn cell by cell, double lines) and drop what stays too short."""
    merged: list[_Segment] = []
    group: list[_Piece] = []
    reach = SAME_POSITION * scale
    for piece in sorted(pieces):
        if group and piece[0] - group[0][0] > reach:
            merged += _joined(group, scale)
            group = []
        group.append(piece)
    merged += _joined(group, scale) if group else []
    return [segment for segment in merged if segment.end - segment.start >= SHORTEST * scale]


def _joined(group: Sequence[_Piece], scale: float) -> list[_Segment]:
    position = sum([one[0] for one in group]) / len(group)
    joined: list[_Segment] = []
    stretches = sorted([one[1:] for one in group])
    start, end = stretches[0]
    gap = GAP * scale
    for next_start, next_end in stretches:
        if next_start - end > gap:
            joined.append(_Segment(position, start, end))
            start, end = next_start, next_end
        elif next_end > end:
            end = next_end
    return [*joined, _Segment(position, start, end)]


Crossing = tuple[list[_Segment], list[_Segment]]


def _components(across: Sequence[_Segment], down: Sequence[_Segment], scale: float) -> list[Crossing]:
    """Return sets of rules that cross one another, each (horizontal, vertical)."""
    parent = list(range(len(across) + len(down)))
    reach = CROSSING * scale
    heights = [segment.position for segment in across]
    for number, upright_rule in enumerate(down, len(across)):
        first = bisect_left(heights, upright_rule.start - reach)
        for index in range(first, bisect_right(heights, upright_rule.end + reach)):
            if across[index].start - reach <= upright_rule.position <= across[index].end + reach:
                parent[_root(parent, index)] = _root(parent, number)
    grouped: dict[int, Crossing] = {}
    for index, segment in enumerate((*across, *down)):
        grouped.setdefault(_root(parent, index), ([], []))[index >= len(across)].append(segment)
    return [group for group in grouped.values() if group[0] and group[1]]


def _root(parent: list[int], index: int) -> int:
    """Return what stands for the set that `index` is in; `parent` leads from each member towards it."""
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _table(across: Sequence[_Segment], down: Sequence[_Segment], scale: float) -> RuledTable | None:
    """Return the table of one set of crossing rules; None if it encloses nothing."""
    row_edges = _edges(across, down, scale)
    column_edges = _edges(down, across, scale)
    count = (len(row_edges) - 1) * (len(column_edges) - 1)
    if count > MOST_CELLS:
        raise Unreadable("too_large", f"{count:,} cells in one table, at most {MOST_CELLS:,}")
    if count < 1:
        return None
    above = _borders(across, row_edges, column_edges, scale)
    beside = _borders(down, column_edges, row_edges, scale)
    row_edges, above, beside = _without_bare_edges(row_edges, above, beside)
    column_edges, beside, above = _without_bare_edges(column_edges, beside, above)
    cells = _cells(row_edges, column_edges, above, beside)
    return RuledTable(tuple(column_edges), tuple(row_edges), tuple(cells))


def _edges(own: Sequence[_Segment], other: Sequence[_Segment], scale: float) -> list[float]:
    """Return edge positions: those of the rules, and where two or more crossing rules end beyond the last of them."""
    reach = SAME_EDGE * scale
    edges = [sum(group) / len(group) for group in clusters((segment.position for segment in own), reach)]
    starts = clusters((one.start for one in other if one.start < edges[0] - reach), reach)
    ends = clusters((one.end for one in other if one.end > edges[-1] + reach), reach)
    outermost = [group[0] for group in starts if len(group) > 1][:1]
    return [*outermost, *edges, *[group[-1] for group in ends if len(group) > 1][-1:]]


Borders = list[list[bool]]


def _borders(own: Sequence[_Segment], edges: Sequence[float], cuts: Sequence[float], scale: float) -> Borders:
    """Return for every edge and every stretch between two cuts whether rules cover enough of it."""
    covered = [[0.0] * (len(cuts) - 1) for _ in edges]
    for segment in own:
        position, start, end = segment
        line = covered[_nearest(edges, position)]
        first = max(0, bisect_right(cuts, start) - 1)
        for stretch in range(first, min(len(cuts) - 1, bisect_left(cuts, end))):
            low, high = cuts[stretch], cuts[stretch + 1]
            overlap = (end if end < high else high) - (start if start > low else low)
            if overlap > 0.0:
                line[stretch] += overlap
    lengths = [after - before for before, after in pairwise(cuts)]
    slack = SAME_POSITION * scale / 2
    enough = [COVERED * length - slack * (length < 3 * slack) for length in lengths]
    return [list(map(ge, line, enough)) for line in covered]


def _nearest(edges: Sequence[float], position: float) -> int:
    """Return the number of the edge that is nearest, of two the first; edges ascend."""
    after = bisect_left(edges, position)
    if after == 0 or after < len(edges) and edges[after] - position < position - edges[after - 1]:
        return after
    return after - 1


def _without_bare_edges(edges: list[float], own: Borders, other: Borders) -> tuple[list[float], Borders, Borders]:
    """Leave out inner edges that no cell has a border at; `other` borders run along the stretches between edges."""
    keep = [index for index in range(len(edges)) if index in (0, len(edges) - 1) or any(own[index])]
    if len(keep) == len(edges):
        return edges, own, other
    # A stretch between two kept edges is bordered where most of its pieces, by length, are.
    joined = []
    for line in other:
        stretches = []
        for start, end in pairwise(keep):
            length = sum(edges[i + 1] - edges[i] for i in range(start, end) if line[i])
            stretches.append(length >= COVERED * (edges[end] - edges[start]))
        joined.append(stretches)
    return [edges[index] for index in keep], [own[index] for index in keep], joined


def _cells(
    row_edges: Sequence[float], column_edges: Sequence[float], above: Borders, beside: Borders
) -> list[TableCell]:
    """Return cells in reading order: squares without a border between them are one, if they form a rectangle."""
    boxes: list[tuple[int, int, int, int]] = []
    for squares in _regions(len(row_edges) - 1, len(column_edges) - 1, above, beside):
        boxes += _rectangles(squares)
    return [
        TableCell(row, column, row_end - row, column_end - column, Region(
            column_edges[column], row_edges[row], column_edges[column_end], row_edges[row_end]))
        for row, column, row_end, column_end in sorted(boxes)
    ]


def _regions(height: int, width: int, above: Borders, beside: Borders) -> Iterable[list[tuple[int, int]]]:
    """Return sets of squares (row, column) without a border between them, most often sets of one."""
    parent = list(range(height * width))
    for row in range(1, height):
        for column, border in enumerate(above[row]):
            if not border:
                parent[_root(parent, row * width + column)] = _root(parent, (row - 1) * width + column)
    for column in range(1, width):
        for row, border in enumerate(beside[column]):
            if not border:
                parent[_root(parent, row * width + column)] = _root(parent, row * width + column - 1)
    members: dict[int, list[tuple[int, int]]] = {}
    for square in range(height * width):
        members.setdefault(_root(parent, square), []).append(divmod(square, width))
    return members.values()


def _rectangles(squares: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Cut a region into rectangles (row, column, row end, column end): itself if it is one, else runs of equal rows."""
    if len(squares) == 1:
        row, column = squares[0]
        return [(row, column, row + 1, column + 1)]
    runs: list[tuple[int, int, int]] = []
    for row, column in sorted(squares):
        if runs and runs[-1][0] == row and runs[-1][2] == column:
            runs[-1] = (row, runs[-1][1], column + 1)
        else:
            runs.append((row, column, column + 1))
    open_at: dict[tuple[int, int], tuple[int, int]] = {}
    done: list[tuple[int, int, int, int]] = []
    for row, start, end in runs:
        first, last = open_at.get((start, end), (row, row))
        if last != row:
            done.append((first, start, last, end))
            first = row
        open_at[start, end] = (first, row + 1)
    return [*done, *((first, start, last, end) for (start, end), (first, last) in open_at.items())]


# ---------------------------------------------------------------------------------------------------------------------
# Characters into cells


def _divided(characters: Sequence[Character], box: Region) -> tuple[list[Character], list[Character]]:
    inside: list[Character] = []
    outside: list[Character] = []
    left, top, right, bottom = box
    for one in characters:
        _, x0, y0, x1, y1, _, _, _ = one
        if left <= (x0 + x1) / 2 < right and top <= (y0 + y1) / 2 < bottom:
            inside.append(one)
        else:
            outside.append(one)
    return inside, outside


def _fill(table: RuledTable, characters: Sequence[Character], page: int) -> FilledTable:
    """Put every character into the cell that holds its centre; what could belong to two cells makes both unreadable."""
    owner = [[0] * (len(table.columns) - 1) for _ in range(len(table.rows) - 1)]
    for number, cell in enumerate(table.cells):
        for row in range(cell.row, cell.row + cell.row_span):
            owner[row][cell.column : cell.column + cell.column_span] = [number] * cell.column_span
    held = _held(table, characters, owner)
    runs = [plain_runs(content) for content in held]
    changed = _mark_crossings(held, runs)
    cells: list[FilledCell] = []
    for number, (cell, content, plain) in enumerate(zip(table.cells, held, runs, strict=True)):
        if plain is None or number in changed:
            cells.append(FilledCell(cell, text_lines(content), page))
        else:
            cells.append(FilledCell(cell, tuple([plain_line(run) for run in plain]), page))
    return FilledTable(table.columns, table.rows, tuple(cells))


def _held(
    table: RuledTable, characters: Sequence[Character], owner: Sequence[Sequence[int]]
) -> list[list[Character]]:
    """Return the characters of each cell, `owner` tells whose a square is; see `_fill`."""
    held: list[list[Character]] = [[] for _ in table.cells]
    # The cell of the character before, which is most often that of the next one too.
    left, top, right, bottom = 0.0, 0.0, 0.0, 0.0
    same: list[Character] = []
    for character in characters:
        _, x0, y0, x1, y1, _, _, _ = character
        aside, inward = MIDDLE_ACROSS * (x1 - x0), MIDDLE_DOWN * (y1 - y0)
        if left <= x0 + aside and x1 - aside < right and top <= y0 + inward and y1 - inward < bottom:
            same.append(character)
            continue
        claims = _claims(character, table, owner)
        if len(claims) == 1:
            same = held[claims[0]]
            left, top, right, bottom = table.cells[claims[0]].box
            same.append(character)
        else:
            for number in claims:
                held[number].append(character._replace(text=UNREADABLE))
    return held


def _claims(one: Character, table: RuledTable, owner: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the cell of a character, or all the cells whose edges pass through the middle of a figure."""
    if len(one.text) > 1 or not is_figure_like(one.text):
        row = _between(table.rows, (one.y0 + one.y1) / 2)
        return (owner[row][_between(table.columns, (one.x0 + one.x1) / 2)],)
    width, height = one.x1 - one.x0, one.y1 - one.y0
    left = _between(table.columns, one.x0 + MIDDLE_ACROSS * width)
    right = _between(table.columns, one.x1 - MIDDLE_ACROSS * width)
    top = _between(table.rows, one.y0 + MIDDLE_DOWN * height)
    bottom = _between(table.rows, one.y1 - MIDDLE_DOWN * height)
    if left == right and top == bottom:
        return (owner[top][left],)
    return tuple({owner[row][column] for row in (top, bottom) for column in (left, right)})


def _between(edges: Sequence[float], position: float) -> int:
    """Return between which two edges a position lies, the number of the first; at the outside, the outermost two."""
    return bisect_right(edges, position, 1, len(edges) - 1) - 1


def _mark_crossings(held: list[list[Character]], plain: Sequence[list[list[Character]] | None]) -> set[int]:
    """Where figures run on behind a rule without a gap, make both cells unreadable at that end; return their numbers.

    `plain` are the runs of cells whose characters are drawn plainly (lines.plain_runs).
    """
    ends: list[tuple[Character, int]] = []
    starts: list[tuple[float, int, Character]] = []
    for number, (content, runs) in enumerate(zip(held, plain, strict=True)):
        for run in rows([one for one in content if one.turn == 0]) if runs is None else runs:
            if is_figure_like(run[-1].text[-1:]):
                ends.append((run[-1], number))
            if is_figure_like(run[0].text[:1]):
                starts.append((run[0].x0, number, run[0]))
    starts.sort(key=lambda start: start[:2])
    positions = [start[0] for start in starts]
    changed: set[int] = set()
    for last, number in ends:
        reach = TOUCHING * (last.y1 - last.y0)
        first = bisect_left(positions, last.x1 - 3 * reach)
        for _, other, character in starts[first : bisect_right(positions, last.x1 + reach)]:
            if other != number and _same_line(last, character):
                held[number].append(_unreadable_at(last, last.x1))
                held[other].append(_unreadable_at(character, character.x0))
                changed |= {number, other}
    return changed


def _same_line(one: Character, other: Character) -> bool:
    return abs(one.y0 + one.y1 - other.y0 - other.y1) < 0.4 * (one.y1 - one.y0)


def _unreadable_at(beside: Character, x: float) -> Character:
    return beside._replace(text=UNREADABLE, x0=x, x1=x)
