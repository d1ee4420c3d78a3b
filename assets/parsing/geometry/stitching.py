"""Tables over page breaks: the last table of a page and the first of the next, where both are pieces of one.

A picture may show several sheets one below the other, so that a page of it has breaks inside.

Belongs here: recognising pieces, dropping repeated heads and page numbers between them, joining a row or a label cell
that the break cut in two, and turning lattice pages into document pages. Does not: finding tables (lattice.py).

The joined table stands on the page where it begins; every cell keeps the place where its text begins.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from assets.parsing.document import Block, Page, PrintedCell, PrintedRow, printed_cell
from assets.parsing.geometry.paragraphs import ENUMERATED, PAGE_NUMBER, paragraphs
from assets.parsing.geometry.printed import PIXELS, FilledCell, FilledTable, LatticePage, TableCell, TextLine
from assets.parsing.geometry.shapes import Region, clusters

# Pieces of one table: widths, edges, and how much text may stand between them (page numbers).
SAME_WIDTH = 0.03
SAME_EDGE = 0.012
EDGE_SLACK = 1.0
MOST_BETWEEN = 12
MOST_HEADS = 4
# A label line is full if less than this many of its heights, and the padding, are left in its cell.
FULL = 1.1
PADDING = 12.0
CHAPTER = re.compile(r"\s*[一二三四五六七]\s*[、.．]")
HAN = re.compile(r"[\u3400-\u9fff]")
DIGITS = re.compile(r"\d+")



def stitch(pages: Sequence[LatticePage]) -> tuple[Page, ...]:
    """Return the document's pages in order, tables over page breaks joined, page numbers between pieces dropped."""
    furniture = _furniture(pages)
    contents: Contents = [_joined_inside(page, furniture) for page in pages]
    last: tuple[int, int] | None = None
    for number, content in enumerate(contents):
        first = next((index for index, item in enumerate(content) if isinstance(item, FilledTable)), None)
        if first is None:
            last = None if _text_size(content, furniture) > MOST_BETWEEN else last
            continue
        if last is not None:
            _join_over_break(contents, last, (number, first), furniture, pages)
        tables = [index for index, item in enumerate(content) if isinstance(item, FilledTable)]
        last = (number, tables[-1]) if tables else last
    by_number = {page.number: page for page in pages}
    return tuple(
        Page(page.number, tuple(_blocks(page, content, by_number)))
        for page, content in zip(pages, contents, strict=True)
    )


Content = list[TextLine | FilledTable]
Contents = list[Content]
Spot = tuple[int, int]


def _joined_inside(page: LatticePage, furniture: frozenset[str]) -> Content:
    """Return what stands on a page; of a picture, tables over breaks between the sheets that it shows are joined."""
    if page.unit != PIXELS:
        return list(page.items)
    content: Content = []
    for item in page.items:
        above = max((place for place, one in enumerate(content) if isinstance(one, FilledTable)), default=None)
        if above is None or not isinstance(item, FilledTable):
            content.append(item)
            continue
        first, between = content[above], content[above + 1 :]
        assert isinstance(first, FilledTable)
        if _are_pieces(first, between, item, furniture):
            content[above:] = [_joined(first, item, page.scale), *_without_page_numbers(between)]
        else:
            content.append(item)
    return content


def _are_pieces(
    first: FilledTable, between: Sequence[TextLine | FilledTable], second: FilledTable, furniture: frozenset[str]
) -> bool:
    return _text_size(between, furniture) <= MOST_BETWEEN and _same_columns(first, second)


def _without_page_numbers(items: Iterable[TextLine | FilledTable]) -> list[TextLine]:
    return [item for item in items if isinstance(item, TextLine) and not PAGE_NUMBER.fullmatch(item.text)]


def _join_over_break(
    contents: Contents, upper: Spot, lower: Spot, furniture: frozenset[str], pages: Sequence[LatticePage]
) -> None:
    """Join two pieces in place, if they are pieces of one table."""
    first, second = contents[upper[0]][upper[1]], contents[lower[0]][lower[1]]
    assert isinstance(first, FilledTable) and isinstance(second, FilledTable)
    between: Content = [*contents[upper[0]][upper[1] + 1 :], *contents[lower[0]][: lower[1]]]
    for content in contents[upper[0] + 1 : lower[0]]:
        between += content
    if not _are_pieces(first, between, second, furniture):
        return
    kept = _without_page_numbers(between)
    joined = _joined(first, second, pages[lower[0]].scale)
    del contents[upper[0]][upper[1] :]
    for number in range(upper[0] + 1, lower[0]):
        contents[number].clear()
    contents[upper[0]] += [joined, *kept]
    del contents[lower[0]][: lower[1] + 1]


def _text_size(items: Iterable[TextLine | FilledTable], furniture: frozenset[str]) -> int:
    """Return how many characters of real text stand in items: no page numbers, no running heads; a table is endless."""
    size = 0
    for item in items:
        if isinstance(item, FilledTable) or CHAPTER.match(item.text):
            return 10**9
        if not PAGE_NUMBER.fullmatch(item.text) and _pattern(item.text) not in furniture:
            size += len(item.text.replace(" ", ""))
    return size


def _furniture(pages: Sequence[LatticePage]) -> frozenset[str]:
    """Return the texts, without their digits, that begin or end more than one page: running heads and feet."""
    seen: Counter[str] = Counter()
    for page in pages:
        lines = [item for item in (*page.items[:2], *page.items[-2:]) if isinstance(item, TextLine)]
        seen.update({_pattern(line.text) for line in lines if not CHAPTER.match(line.text)})
    return frozenset(text for text, count in seen.items() if count > 1)


def _pattern(text: str) -> str:
    return DIGITS.sub("#", text)


def _same_columns(first: FilledTable, second: FilledTable) -> bool:
    """Tell whether the edges of one piece are all edges of the other, and both are equally wide."""
    width, other = first.box.width, second.box.width
    if abs(width - other) >= SAME_WIDTH * max(width, other):
        return False
    reach = SAME_EDGE * width + EDGE_SLACK
    few, many = sorted((first.columns, second.columns), key=len)
    shift = many[0] - few[0]
    return all(min(abs(edge + shift - one) for one in many) <= reach for edge in few)


# ---------------------------------------------------------------------------------------------------------------------
# Joining two pieces


def _joined(first: FilledTable, second: FilledTable, scale: float) -> FilledTable:
    reach = SAME_EDGE * first.box.width + EDGE_SLACK
    shift = first.columns[0] - second.columns[0]
    groups = clusters((*first.columns, *(edge + shift for edge in second.columns)), reach)
    edges = [sum(group) / len(group) for group in groups]
    upper = _on_edges(first, edges, 0.0)
    lower = _on_edges(second, edges, shift)
    rows = len(first.rows) - 1
    lower = _below(lower, _repeated_heads(upper, lower), rows)
    cut = _is_cut(upper, lower, rows, scale)
    upper, lower = _run_on(upper, lower, rows, cut)
    cells = sorted((*upper, *lower), key=lambda one: (one.cell.row, one.cell.column))
    count = max(one.cell.row + one.cell.row_span for one in cells)
    # Rows below the break have no place on the first page: they are counted on from its last edge.
    row_edges = (*first.rows, *(first.rows[-1] + number for number in range(1, count - rows + 1)))[: count + 1]
    return FilledTable(tuple(edges), row_edges, tuple(cells))


def _on_edges(piece: FilledTable, edges: Sequence[float], shift: float) -> Cells:
    """Return the cells of a piece by the columns of the whole table, whose edges are `edges`."""
    new = [_nearest(edges, own + shift) for own in piece.columns]
    cells: Cells = []
    for one in piece.cells:
        row, column, row_span, column_span, box = one.cell
        start, end = new[column], new[column + column_span]
        if start != column or end - start != column_span:
            one = FilledCell(TableCell(row, start, row_span, max(1, end - start), box), one.lines, one.page)
        cells.append(one)
    return cells


def _nearest(edges: Sequence[float], position: float) -> int:
    after = bisect_left(edges, position)
    around_it = [index for index in (after - 1, after) if 0 <= index < len(edges)]
    return min(around_it, key=lambda index: abs(edges[index] - position))


Cells = list[FilledCell]


def _repeated_heads(upper: Cells, lower: Cells) -> int:
    """Return how many rows at the top of the lower piece repeat the top of the upper one: a head, one to four rows."""
    best = 0
    top = [one for one in upper if one.cell.row < MOST_HEADS]
    under = [one for one in lower if one.cell.row < MOST_HEADS]
    for count in range(1, MOST_HEADS + 1):
        above, below = _shape(top, count), _shape(under, count)
        closed = all(one.cell.row + one.cell.row_span <= count for one in under if one.cell.row < count)
        if above == below and closed and any(text for *_, text in below):
            best = count
    return best


def _shape(cells: Cells, rows: int) -> list[tuple[int, int, int, int, str]]:
    return [
        (one.cell.row, one.cell.column, one.cell.row_span, one.cell.column_span, _squeezed(one.text))
        for one in cells if one.cell.row < rows
    ]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _below(lower: Cells, dropped: int, rows: int) -> Cells:
    """Return the lower piece without its repeated head, its rows counted on from the upper piece."""
    return [_moved_down(one, rows - dropped) for one in lower if one.cell.row >= dropped]


def _is_cut(upper: Cells, lower: Cells, rows: int, scale: float) -> bool:
    """Tell whether the break cut a row in two: of its halves one has all the figures and the label runs on."""
    above = {one.cell.column: one for one in upper if one.cell.row == rows - 1}
    below = {one.cell.column: one for one in lower if one.cell.row == rows and one.cell.row_span == 1}
    shared = [(above[column], below[column]) for column in sorted(above.keys() & below.keys())]
    if not shared or len(shared) != len(above) or any(a.cell.column_span != b.cell.column_span for a, b in shared):
        return False
    labels = [(a, b) for a, b in shared if HAN.search(a.text + b.text)]
    figures = [(a, b) for a, b in shared if not HAN.search(a.text + b.text)]
    if not labels or any(a.text and b.text for a, b in figures) or any(_is_head_of(a, b) for a, b in labels):
        return False
    one_sided = not any(a.text for a, _ in figures) or not any(b.text for _, b in figures)
    return one_sided and all(_runs_on(a, b, scale) for a, b in labels)


def _is_head_of(above: FilledCell, below: FilledCell) -> bool:
    """Tell whether words stand on one side of the break and a figure on the other: a head and what it is over."""
    words = [HAN.search(one.text) is not None for one in (above, below)]
    digits = [DIGITS.search(one.text) is not None for one in (above, below)]
    return words == [True, False] and digits[1] or words == [False, True] and digits[0]


def _runs_on(above: FilledCell, below: FilledCell, scale: float) -> bool:
    """Tell whether the text of a label cell goes on below: it has no enumerator, and the line before it is full."""
    if not below.text or not above.text:
        return True
    if ENUMERATED.match(below.text):
        return False
    line = above.lines[-1]
    return above.cell.box.width - line.box.width < FULL * line.height + PADDING * scale


def _run_on(upper: Cells, lower: Cells, rows: int, cut: bool) -> tuple[Cells, Cells]:
    """Let cells at the break run on: all of a cut row's, else only label cells that are drawn or filled on one side."""
    gone: set[int] = set()
    changed = list(upper)
    for index, above in enumerate(upper):
        if above.cell.row + above.cell.row_span != rows:
            continue
        below = next((one for one in lower if one.cell.row == rows and _same_span(one, above)), None)
        if below is None or not (_may_join_cut(above, below) if cut else _is_one_label(above, below)):
            continue
        gone.add(id(below))
        span = above.cell.row_span + below.cell.row_span - (1 if cut else 0)
        changed[index] = _with_tail(above, below, span)
    rest = [one for one in lower if id(one) not in gone]
    if cut:
        rest = [_moved_down(one, -1) if one.cell.row > rows else one for one in rest]
    return changed, rest


def _moved_down(one: FilledCell, rows: int) -> FilledCell:
    row, column, row_span, column_span, box = one.cell
    return FilledCell(TableCell(row + rows, column, row_span, column_span, box), one.lines, one.page)


def _same_span(one: FilledCell, other: FilledCell) -> bool:
    return (one.cell.column, one.cell.column_span) == (other.cell.column, other.cell.column_span)


def _may_join_cut(above: FilledCell, below: FilledCell) -> bool:
    return not ENUMERATED.match(below.text) or not above.text


def _is_one_label(above: FilledCell, below: FilledCell) -> bool:
    """Tell whether a label over several rows goes on below the break: nothing, the same or its tail stands there."""
    if not HAN.search(above.text) or above.cell.row_span + below.cell.row_span < 3:
        return False
    if not below.text or _squeezed(below.text) == _squeezed(above.text):
        return True
    return HAN.search(below.text) is not None and not ENUMERATED.match(below.text)


def _with_tail(above: FilledCell, below: FilledCell, row_span: int) -> FilledCell:
    same = _squeezed(above.text) == _squeezed(below.text)
    lines = above.lines if same and above.lines else (*above.lines, *below.lines)
    page, box = (above.page, above.cell.box) if above.lines or not below.lines else (below.page, below.cell.box)
    return FilledCell(above.cell._replace(row_span=row_span, box=box), lines, page)


# ---------------------------------------------------------------------------------------------------------------------
# Pages of the document


def _blocks(
    page: LatticePage, items: Sequence[TextLine | FilledTable], pages: dict[int, LatticePage]
) -> Iterable[Block]:
    for is_text, run in groupby(items, key=lambda item: isinstance(item, TextLine)):
        if is_text:
            lines = [item for item in run if isinstance(item, TextLine)]
            yield from (Block(line.text, page.place(line.box)) for line in paragraphs(lines))
        else:
            yield from (_grid(item, pages, page) for item in run if isinstance(item, FilledTable))


def _grid(table: FilledTable, pages: dict[int, LatticePage], page: LatticePage) -> Block:
    rows = [
        _row(list(run), pages) for _, run in groupby(table.cells, key=lambda one: one.cell.row)
    ]
    return Block("", page.place(table.box), tuple(rows))


def _row(cells: Sequence[FilledCell], pages: dict[int, LatticePage]) -> PrintedRow:
    printed: list[PrintedCell] = []
    for one in cells:
        _, column, row_span, column_span, box = one.cell
        text, confidence, alternative = one.reading
        place = pages[one.page].place(box)
        printed.append(printed_cell((text, place, row_span, column_span, column, confidence, alternative)))
    first = cells[0]
    boxes = [one.cell.box for one in cells if one.page == first.page]
    left, right = min([box.x0 for box in boxes]), max([box.x1 for box in boxes])
    row = Region(left, first.cell.box.y0, right, min([box.y1 for box in boxes]))
    return PrintedRow(tuple(printed), pages[first.page].place(row))
