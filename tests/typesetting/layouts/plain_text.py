"""The text dialects without bars: a cell a paragraph, and what text extractors make of PDF tables.

Belongs here: C, C2, P1, P2, Q3 of the layouts' catalogue. Does not: tables of tabs (text.py) or bars (bar_text.py);
what destroys figures (destructive.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from assets.form import cells as form
from tests.typesetting.form import PrintedLine, PrintedTable
from tests.typesetting.grid import Grid, GridCell, grid
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.layouts.text import page
from tests.typesetting.publication import Publication

# P1: where the label and the columns of figures stand, counted in narrow characters.
INDENT = 6
LABEL_WIDTH = 34
COLUMN_WIDTH = 9
PAGE_LINES = 18


def c(publication: Publication) -> bytes:
    """Set one cell a paragraph; a label on two lines is two paragraphs, a blank cell leaves nothing."""
    return page(publication, lambda table: [
        line for cell in _cells(table) for piece in _paragraphs(cell) for line in ("", piece)
    ])


def c2(publication: Publication) -> bytes:
    """Set C, where a blank cell leaves one empty line more."""
    return page(publication, lambda table: [
        line for cell in _cells(table) for line in (("", cell.text) if cell.text else ("",))
    ])


def p1(publication: Publication) -> bytes:
    """Set what keeps the places of a PDF's words: figures in columns, labels over lines, page numbers between rows."""
    return _pages(publication, _laid_out)


def p2(publication: Publication) -> bytes:
    """Set what keeps a PDF's words in order only: figures behind their label or alone on the next line."""
    return _pages(publication, _raw)


def q3(publication: Publication) -> bytes:
    """Set P2 as sharing sites show it: blanks inside words at old line ends, a page number inside a word."""
    text = _pages(publication, _raw).decode()
    text = re.sub(r"([\u4e00-\u9fff]{11})(?=[\u4e00-\u9fff])", r"\1 ", text)
    return text.replace("其中", "其3中").encode()


LAYOUTS = (
    Layout("C", ".txt", c, keeps_blanks=False),
    Layout("C2", ".txt", c2),
    Layout("P1", ".txt", p1, keeps_blanks=False),
    Layout("P2", ".txt", p2, keeps_blanks=False),
    Layout("Q3", ".txt", q3, keeps_blanks=False),
)


def _cells(table: Grid) -> Iterator[GridCell]:
    return (cell for row in table.rows for cell in row)


def _paragraphs(cell: GridCell) -> tuple[str, ...]:
    """Return the paragraphs of a cell: heads and group labels are set on two lines."""
    text = cell.text
    if not text:
        return ()
    group = re.fullmatch(r"([(（][一-七][)）])(.{4})", text)
    if group:
        return group[1], group[2]
    if cell.role == "head" and len(text) in (4, 6, 7) and text[0] in "商科社法本":
        return text[:-4] or text[:2], text[-4:] if len(text) > 4 else text[2:]
    return (text,)


def _pages(publication: Publication, set_table: Callable[[PrintedTable], list[str]]) -> bytes:
    """Return the blocks, each on its lines, as the text of a PDF."""
    lines: list[str] = []
    for block in publication.blocks:
        lines += set_table(block) if isinstance(block, PrintedTable) else [block.text]
    return ("\n".join((*lines, *publication.footer)) + "\n").encode()


# ---------------------------------------------------------------------------------------------------------------------
# P1


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _at(words: Sequence[tuple[int, str]]) -> str:
    """Return a line with each word centred on its column."""
    line = ""
    for centre, word in words:
        line += " " * max(centre - _wide(word) // 2 - _wide(line), 1 if line else 0) + word
    return line


def _centre(column: int) -> int:
    return INDENT + LABEL_WIDTH + column * COLUMN_WIDTH + COLUMN_WIDTH // 2


def _laid_out(table: PrintedTable) -> list[str]:
    if table.code == form.REMEDIES:
        return _laid_out_forums(table)
    lines: list[str] = []
    rows = 0
    for block in table.blocks:
        lines += [block.heading] if block.heading else []
        lines += _laid_out_heads(table, [head for head in block.heads if head is not None])
        for line in block.lines:
            lines += _laid_out_line(line)
            rows += 1
            if rows == PAGE_LINES:
                lines += ["", " " * 40 + "- 4 -", "\f"]
    return lines


def _laid_out_heads(table: PrintedTable, heads: Sequence[str]) -> list[str]:
    words: dict[str, str] = form.vocabulary()["groups"][table.code]
    if table.code == form.PROACTIVE:
        return [_at([(INDENT + 6, words["content"]), *((_centre(2 * i), head) for i, head in enumerate(heads))])]
    torn = [(head[: len(head) // 2], head[len(head) // 2 :]) for head in heads[1:-1]]
    return [
        _at([(_centre(3), words["applicants"])]),
        _at([(_centre(3), words["organizations"])]),
        _at([(_centre(i + 1), upper) for i, (upper, _) in enumerate(torn)]),
        _at([(INDENT + 16, words["printed_identity"][:16]), (_centre(0), heads[0]), (_centre(6), heads[-1])]),
        _at([(_centre(i + 1), lower) for i, (_, lower) in enumerate(torn)]),
    ]


def _laid_out_line(line: PrintedLine) -> list[str]:
    """Return a row: a long label stands on the lines above and below its figures, groups in the left margin."""
    step = 2 if len(line.values) < 5 else 1
    figures = [(_centre(i * step), value) for i, value in enumerate(line.values) if value]
    group = "理" if line.code == "denied_process_information" else ""
    if _wide(line.label) <= LABEL_WIDTH - 4:
        label = " " * INDENT + line.label if not group else group + " " * (INDENT - 2) + line.label
        return [_at([(_wide(label) // 2, label), *figures])]
    half = 18
    return [" " * INDENT + line.label[:half], _at(figures), " " * INDENT + line.label[half:]]


def _laid_out_forums(table: PrintedTable) -> list[str]:
    """Return table 4: results on two lines, 总 计 on a third, the figures below."""
    heads = [head for head in table.blocks[0].heads if head is not None]
    litigation: str = form.vocabulary()["groups"][form.REMEDIES]["litigation"]
    first, *suits = table.lines
    results = list(enumerate([*heads] * 3))
    values = [value for line in table.lines for value in line.values]
    return [
        _at([(_forum(2), first.label), (_forum(9), litigation)]),
        _at([(_forum(7), suits[0].label), (_forum(12), suits[1].label)]),
        _at([(_forum(i), head[:2]) for i, head in results if len(head) > 2]),
        _at([(_forum(i), " ".join(head)) for i, head in results if len(head) == 2]),
        _at([(_forum(i), head[2:]) for i, head in results if len(head) > 2]),
        _at([(_forum(i), value) for i, value in enumerate(values) if value]),
    ]


def _forum(column: int) -> int:
    return INDENT + column * COLUMN_WIDTH


# ---------------------------------------------------------------------------------------------------------------------
# P2


def _raw(table: PrintedTable) -> list[str]:
    lines: list[str] = []
    for row in grid(table).rows:
        texts = [(cell.text, cell.role) for cell in row]
        lines += [text for text, role in texts if role in ("heading", "head")]
        labels = [text for text, role in texts if role == "label"]
        figures = " ".join(text for text, role in texts if role == "value" and text)
        lines += labels[:-1]
        last = labels[-1:]
        if last and len(last[0]) > 16:
            lines += [last[0][:16], last[0][16:], *([figures] if figures else [])]
        elif last or figures:
            lines.append(" ".join((*last, *([figures] if figures else []))))
    return lines
