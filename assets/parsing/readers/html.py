"""Reader of HTML: paragraphs in reading order, and real tables as grids with spans.

Belongs here: walking the tokens of a page; telling layout tables from real ones; text and spans of a cell.
Does not: parsing of markup (page.py), choosing which grid is which table of the form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from assets.parsing.document import Block, Page, PrintedCell, PrintedRow, ReadDocument, printed_cell
from assets.parsing.readers import page
from assets.parsing.readers.bounds import Budget
from assets.parsing.readers.page import Token, Tokens
from assets.parsing.readers.sniffing import decode

SKIPPED = frozenset({"template", "noscript", "select", "textarea", "datalist", "svg", "math", "object"})
# fmt: off
BREAKING = frozenset({
    "p", "div", "br", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
    "header", "footer", "nav", "form", "dl", "dt", "dd", "hr", "blockquote", "pre", "main", "aside", "td", "th",
    "center", "fieldset", "legend", "caption", "figure", "figcaption", "address", "details", "summary",
})
VOID = frozenset({
    "br", "hr", "img", "input", "wbr", "area", "base", "col", "embed", "link", "meta", "param", "source", "track",
})
# fmt: on
ROW_GROUPS = frozenset({"tbody", "thead", "tfoot"})
OWN = ROW_GROUPS | {"tr", "td", "th"}
# Text that is printed but is no part of what stands beside it: a figure with such a mark is not read.
SET_APART = frozenset({"sup", "sub", "s", "strike", "del", "rt"})
# An object that plain text cannot show (U+FFFC): no figure has it, and it is no sign of a wrong encoding.
UNREADABLE = "\ufffc"
ZERO_HEIGHT = re.compile(r'(?<![\w-])height(?:="|\s*:)\s*0+(?:\.0+)?\s*(?:px|pt|cm|in)?\s*(?:;|"|$)', re.I)
SPAN = re.compile(r'\b(row|col)span="\s*(\d{1,6})\s*"')
INPUT_VALUE = re.compile(r'\bvalue="([^"]*)"')
INPUT_SHOWN = re.compile(r'\btype="(?!text|number|tel)[^"]*"', re.I)
BLANKS = re.compile(r"[ \t\r\f\v\xa0\u3000\u200b\ufeff]+")
# The form has 15 columns; a title cell over 340 was seen. Wider spans say nothing more.
MOST_COLUMNS = 1000
# A page whose largest grid is no larger may keep the report elsewhere; the smallest edition of the form has 161 cells.
SMALL_GRID = 60
# A cell of the form has at most a paragraph per character of 三、本年度办理结果; a cell with more is part of a layout.
PARAGRAPHS = frozenset({"p", "br", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6"})
MOST_PARAGRAPHS = 24
COUNTED = PARAGRAPHS | {"tr", "td", "th"}


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return one page; places are paths such as `/html/body/div[1]/table[1]/tr[5]/td[3]`.

    Runs of text (span, font, a …) and tbody do not stand in a place. Content parked in textarea, xmp, noscript or a
    script of type text/html is read where nothing else on the page can be the report; its places begin at `parked[N]`.
    """
    decoded, encoding = decode(content)
    body, head = page.markup_of(decoded)
    uncertain = page.hiding_classes(decoded)
    blocks = _Walk(page.tokens_of(body, uncertain), uncertain, budget).blocks("/html/body")
    if not _has_large_grid(blocks):
        blocks += _parked(body, uncertain, budget)
    return ReadDocument("html", encoding, "html", (Page(1, tuple(blocks)),), head=page.head_lines(head))


def _parked(body: str, uncertain: frozenset[str], budget: Budget) -> list[Block]:
    found: list[Block] = []
    for number, piece in enumerate(page.parked_in(body), 1):
        inner, _ = page.markup_of(piece)
        budget.check()
        blocks = _Walk(page.tokens_of(inner, uncertain), uncertain, budget).blocks(f"/html/body/parked[{number}]")
        if _has_large_grid(blocks):
            found += blocks
    return found


def _has_large_grid(blocks: Sequence[Block]) -> bool:
    return any(sum(len(row.cells) for row in block.grid) > SMALL_GRID for block in blocks if block.grid)


@dataclass(slots=True)
class _Table:
    """What a first look at the tokens tells about a table."""

    rows: int = 0
    cells: int = 0
    in_row: int = 0
    in_cell: int = 0
    is_wide: bool = False
    holds_grid: bool = False

    @property
    def is_grid(self) -> bool:
        """A layout table (one cell, one that holds another real grid, one with an article in a cell) is no grid.

        Its content is walked instead.
        """
        return self.cells > 1 and not self.holds_grid


@dataclass(slots=True)
class _Cell:
    """A cell while its tokens are read."""

    tag: str
    attributes: str
    parts: list[str]
    has_picture: bool = False


class _Walk:
    """One pass over the tokens of a body."""

    def __init__(self, tokens: Tokens, uncertain: frozenset[str], budget: Budget) -> None:
        self.tokens = tokens.of
        self.marked = tokens.marked
        self.uncertain = uncertain
        self.budget = budget
        self.grids = _grids(tokens.of)
        self.cells = 0

    def blocks(self, root: str) -> list[Block]:
        """Return paragraphs and grids in document order."""
        found: list[Block] = []
        buffer: list[str] = []
        path = _Path(root)
        place, index, last = root, 0, len(self.tokens)
        while index < last:
            slash, tag, attributes, text = self.tokens[index]
            index += 1
            if tag in BREAKING:
                found += _flushed(buffer, place)
            if slash:
                path.leave(tag)
            elif self._is_left_out(tag, attributes):
                index = page.end_of(self.tokens, index - 1)
                continue
            else:
                path.enter(tag)
                if tag == "table" and self.grids[index - 1].is_grid:
                    end = page.end_of(self.tokens, index - 1)
                    found.append(self._grid(index - 1, end, path.place))
                    index = end
                    continue
            if text and (buffer or not text.isspace()):
                if not buffer:
                    place = path.place
                buffer.append(text)
        return found + _flushed(buffer, place)

    def _is_left_out(self, tag: str, attributes: str) -> bool:
        """Hidden runs are left out; hidden containers stay: they are panels that a reader opens."""
        if tag in SKIPPED:
            return True
        if not self.marked or not attributes or tag in VOID:
            return False
        is_run = tag not in BREAKING and tag not in ROW_GROUPS
        return is_run and (page.is_gone(attributes) or page.is_unseen(attributes))

    def _grid(self, start: int, end: int, path: str) -> Block:
        rows: list[PrintedRow] = []
        busy: dict[int, int] = {}
        group = 0
        for number, (row_group, attributes, cells) in enumerate(self._rows(start, end), 1):
            if self.marked and page.is_gone(attributes):
                continue
            texts = [self._text(cell) for cell in cells]
            if attributes and not any(texts) and ZERO_HEIGHT.search(attributes):
                continue
            if row_group != group:
                busy, group = {}, row_group
            placed, busy = _placed(cells, texts, f"{path}/tr[{number}]", busy)
            self.cells += len(placed)
            self.budget.cells(self.cells)
            rows.append(PrintedRow(placed, f"{path}/tr[{number}]"))
        self.budget.check()
        return Block("", path, _ending(rows))

    def _rows(self, start: int, end: int) -> list[tuple[int, str, list[_Cell]]]:
        """Return (row group, attributes, cells) of a table's own rows; a table inside a cell is text of the cell."""
        group = depth = 0
        rows: list[tuple[int, str, list[_Cell]]] = []
        own: list[_Cell] = []
        cell: _Cell | None = None
        index = start + 1
        while index < end:
            slash, tag, attributes, text = self.tokens[index]
            index += 1
            if tag in OWN and not depth:
                cell = None
                if slash:
                    continue
                if tag == "tr":
                    own = []
                    rows.append((group, attributes, own))
                elif tag in ROW_GROUPS:
                    group += 1
                elif self.marked and page.is_gone(attributes):
                    index = page.end_of(self.tokens, index - 1)
                elif rows:
                    cell = _Cell(tag, attributes, [_in_line(text)])
                    own.append(cell)
                continue
            if tag == "table":
                depth += -1 if slash else 1
            if cell is not None:
                index = self._into_cell(cell, index, slash, tag, attributes, text)
        return rows

    def _into_cell(self, cell: _Cell, index: int, slash: str, tag: str, attributes: str, text: str) -> int:
        """Add one token to a cell; return where reading goes on."""
        if tag in BREAKING:
            cell.parts.append("\n")
        elif tag in SKIPPED and not slash:
            return page.end_of(self.tokens, index - 1)
        else:
            _mark(cell, slash, tag, attributes)
        if self.marked and attributes and not slash and tag not in VOID:
            if page.is_gone(attributes) or page.is_unseen(attributes):
                return page.end_of(self.tokens, index - 1)
            if page.is_struck(attributes) or page.in_classes(attributes, self.uncertain):
                cell.parts.append(UNREADABLE)
        if text:
            cell.parts.append(_in_line(text))
        return index

    def _text(self, cell: _Cell) -> str:
        """Text of a cell: runs joined as printed, breaks as line ends; a picture alone in a cell may be a figure."""
        if self.marked and page.is_unseen(cell.attributes):
            return ""
        text = cell.parts[0] if len(cell.parts) == 1 else "".join(cell.parts)
        if text.isalnum():
            return text
        return _lines(text) or (UNREADABLE if cell.has_picture else "")


def _in_line(text: str) -> str:
    """Line ends of the markup are white space; only elements break a line."""
    return text.replace("\n", " ") if "\n" in text else text


def _mark(cell: _Cell, slash: str, tag: str, attributes: str) -> None:
    """Note what is printed in a cell without being text of it."""
    if slash:
        return
    if tag == "img":
        cell.has_picture = True
    elif tag == "input" and not INPUT_SHOWN.search(attributes):
        cell.parts.append("".join(INPUT_VALUE.findall(attributes)))
    elif tag in SET_APART:
        cell.parts.append(UNREADABLE)


def _grids(tokens: Sequence[Token]) -> dict[int, _Table]:
    """Look once at all tables, by the index of their start tag."""
    found: dict[int, _Table] = {}
    open_tables: list[_Table] = []
    inner: _Table | None = None
    for index, (slash, tag, _, _) in enumerate(tokens):
        if tag == "table":
            if not slash:
                found[index] = _Table()
                open_tables.append(found[index])
            elif open_tables:
                closed = open_tables.pop()
                if open_tables and (closed.holds_grid or (closed.rows > 1 and closed.is_wide)):
                    open_tables[-1].holds_grid = True
            inner = open_tables[-1] if open_tables else None
        elif inner is not None and not slash and tag in COUNTED:
            _count(inner, tag)
    return found


def _count(table: _Table, tag: str) -> None:
    if tag == "td" or tag == "th":
        table.cells += 1
        table.in_row += 1
        table.in_cell = 0
        if table.in_row > 1:
            table.is_wide = True
    elif tag == "tr":
        table.rows += 1
        table.in_row = 0
    elif tag in PARAGRAPHS:
        table.in_cell += 1
        table.holds_grid = table.holds_grid or table.in_cell > MOST_PARAGRAPHS


class _Path:
    """Where in the page the reading is; runs, void elements and body leave no trace in it."""

    def __init__(self, root: str) -> None:
        self.steps = [root]
        self.counts: list[dict[str, int]] = [{}]

    @property
    def place(self) -> str:
        """The path as it is printed; row groups do not stand in it."""
        return "/".join(filter(None, self.steps))

    def enter(self, tag: str) -> None:
        """Go down one element; the rows of all row groups of a table are counted together."""
        if tag in ROW_GROUPS:
            self.steps.append("")
            self.counts.append(self.counts[-1])
        elif tag in BREAKING and tag not in VOID:
            number = self.counts[-1].get(tag, 0) + 1
            self.counts[-1][tag] = number
            self.steps.append(f"{tag}[{number}]")
            self.counts.append({})

    def leave(self, tag: str) -> None:
        """Go up again."""
        if len(self.steps) > 1 and (tag in ROW_GROUPS or (tag in BREAKING and tag not in VOID)):
            self.steps.pop()
            self.counts.pop()


def _flushed(buffer: list[str], place: str) -> list[Block]:
    if not buffer:
        return []
    text = BLANKS.sub(" ", unescape("".join(buffer)).replace("\n", " ")).strip()
    buffer.clear()
    return [Block(text, place)] if text else []


@lru_cache(maxsize=8192)
def _lines(raw: str) -> str:
    lines = (BLANKS.sub(" ", line).strip() for line in unescape(raw).split("\n"))
    return "\n".join(line for line in lines if line)


def _placed(
    cells: Sequence[_Cell], texts: Sequence[str], row: str, busy: dict[int, int]
) -> tuple[tuple[PrintedCell, ...], dict[int, int]]:
    """Give every cell of a row its grid column, honouring spans that reach down; return what reaches into the next.

    `row` is the place of the row, `busy` tells for how many more rows cells above reach into a column.
    """
    placed: list[PrintedCell] = []
    column = 0
    reaching = {c: left - 1 for c, left in busy.items() if left > 1}
    for index, (cell, text) in enumerate(zip(cells, texts, strict=True), 1):
        while column in busy:
            column += 1
        place = f"{row}/{cell.tag}[{index}]"
        if "span=" not in cell.attributes:
            placed.append(printed_cell((text, place, 1, 1, column, 1.0, None)))
            column += 1
            continue
        row_span, column_span = _spans(cell.attributes)
        # A span never runs over the widest table; that it counts as 1 at least keeps its cell.
        column_span = max(1, min(column_span, MOST_COLUMNS - column))
        placed.append(printed_cell((text, place, row_span, column_span, column, 1.0, None)))
        if row_span != 1:
            reaching.update(dict.fromkeys(range(column, column + column_span), row_span - 1))
        column += column_span
    return tuple(placed), reaching


@lru_cache(maxsize=1024)
def _spans(attributes: str) -> tuple[int, int]:
    """Return (rowspan, colspan); unreadable ones count as 1, rowspan=0 runs to the end of the row group."""
    stated = {name: int(number) for name, number in SPAN.findall(attributes)}
    return stated.get("row", 1) or MOST_ROWS, stated.get("col", 1)


MOST_ROWS = 65534


def _ending(rows: Sequence[PrintedRow]) -> tuple[PrintedRow, ...]:
    """Cut the spans that run over the end of the table."""
    cut = []
    for left, row in zip(range(len(rows), 0, -1), rows, strict=True):
        if max([cell.row_span for cell in row.cells], default=1) > left:
            row = PrintedRow(
                tuple(
                    PrintedCell(c.text, c.place, min(c.row_span, left), c.column_span, c.column) for c in row.cells
                ),
                row.place,
            )
        cut.append(row)
    return tuple(cut)
