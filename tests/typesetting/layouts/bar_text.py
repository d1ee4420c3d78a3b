"""The text dialects with bars: a page's tables as extractors leave them, by the letters of the layouts' catalogue.

Belongs here: A, A3, A4, A5, B, B2, B3, B4, E2, F, G, L, M. Does not: A2, D and E (text.py: `bar_at_row_end`,
`bar_at_row_start`, `cell_per_line`); dialects without bars (plain_text.py); what destroys figures (destructive.py).

What a blank cell leaves is what makes a dialect: a line break before its bar (A), its bar alone (B, E, F, L, M),
white space between two bars (A3, A4), or nothing but one bar more in the padding (A5, B4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.typesetting.form import PrintedTable
from tests.typesetting.grid import Grid, GridCell, Row, grid, rectangle
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.layouts.text import HALF_WIDTH, page
from tests.typesetting.publication import Publication

# How many columns the title cell of a page in one line spans.
FLOOD = 340


def a(publication: Publication) -> bytes:
    """Set `cell | cell |`, one table row a line, without padding; a blank cell prints as a line break and its bar."""
    return page(publication, lambda table: [_broken(row) for row in table.rows])


def a3(publication: Publication) -> bytes:
    """Set A with indents and cells filled up with blanks; a blank cell is blanks."""
    return page(publication, lambda table: ["".join(f"      {c.text}  |" for c in row) + "   " for row in table.rows])


def a4(publication: Publication) -> bytes:
    """Set full rectangles: an empty cell for every place that a span covers, head labels over two table rows."""
    return page(publication, lambda table: [line for row in rectangle(table) for line in _rectangular(row)])


def a5(publication: Publication) -> bytes:
    """Set rows without their blank cells, then padded."""
    return page(publication, lambda table: [_without_blanks(row, table.width) for row in table.rows])


def b(publication: Publication) -> bytes:
    """Set one cell a line, `0 |`, without row marks or padding."""
    return page(publication, lambda table: [_cell(cell.text) for row in table.rows for cell in row])


def b2(publication: Publication) -> bytes:
    """Set one cell a line and the padding of a row on a line of its own."""
    return page(publication, lambda table: [
        line for row in table.rows for line in (*(_cell(c.text) for c in row), "|" * (table.width - len(row))) if line
    ])


def b3(publication: Publication) -> bytes:
    """Set one cell a line and the padding of a row on its last cell's line."""
    return page(publication, lambda table: [line for row in table.rows for line in _ended(row, table.width)])


def b4(publication: Publication) -> bytes:
    """Set one cell a line without the blank ones, which only make the padding longer."""
    return page(publication, lambda table: [line for row in table.rows for line in _moved(row, table.width)])


def e2(publication: Publication) -> bytes:
    """Set a line `|` before each row, then one cell a line, without padding."""
    return page(publication, lambda table: [
        line for row in table.rows for line in ("|", *(_cell(cell.text) for cell in row))
    ])


def f(publication: Publication) -> bytes:
    """Set each cell on a line and a line `|` after it."""
    return page(publication, lambda table: [
        line for row in table.rows for cell in row for line in (cell.text, "|") if line
    ])


def g(publication: Publication) -> bytes:
    """Set everything in one line, headings run into the prose, after a flood of bars from a wide title cell."""
    lines = []
    for block in publication.blocks:
        lines.append(_row_in_line(grid(block)) if isinstance(block, PrintedTable) else block.text)
    text = lines[0] + " " + "|" * FLOOD + " ".join((*lines[1:], *publication.footer)) + "\n"
    return text.translate(HALF_WIDTH).encode()


def l(publication: Publication) -> bytes:  # noqa: E743 - the catalogue's letter
    """Set `| label`, a line `|`, then values and lines `|` in turn; some heads carry their bar on their line."""
    return page(publication, lambda table: [line for row in table.rows for line in _opened(row)])


def m(publication: Publication) -> bytes:
    """Set cells behind a tab, one a line, the last of a row and its bar on two lines."""
    return page(publication, lambda table: [line for row in table.rows for line in _indented(row)])


LAYOUTS = (
    Layout("A", ".txt", a),
    Layout("A3", ".txt", a3),
    Layout("A4", ".txt", a4),
    Layout("A5", ".txt", a5, keeps_blanks=False),
    Layout("B", ".txt", b),
    Layout("B2", ".txt", b2, keeps_blanks=False),
    Layout("B3", ".txt", b3),
    Layout("B4", ".txt", b4, keeps_blanks=False),
    Layout("E2", ".txt", e2),
    Layout("F", ".txt", f),
    Layout("G", ".txt", g, keeps_blanks=False),
    Layout("L", ".txt", l),
    Layout("M", ".txt", m),
)


def _broken(row: Row) -> str:
    return "".join(f"{cell.text} | " if cell.text else "\n| " for cell in row).rstrip(" ")


def _rectangular(row: Sequence[GridCell | None]) -> list[str]:
    texts = ["" if cell is None else cell.text for cell in row]
    heads = [cell is not None and cell.role == "head" for cell in row]
    if "商业企业" not in texts:
        return [_barred(texts)]
    upper = [text[:-2] if head and len(text) > 2 else text for text, head in zip(texts, heads, strict=True)]
    lower = [text[-2:] if head and len(text) > 2 else "" for text, head in zip(texts, heads, strict=True)]
    return [_barred(upper), _barred(lower)]


def _barred(texts: list[str]) -> str:
    return re.sub(r" +", " ", "| " + " | ".join(texts) + " |")


def _without_blanks(row: Row, width: int) -> str:
    texts = [cell.text for cell in row if cell.text]
    return (" | ".join(texts) + " | " + "|" * (width - len(texts))).rstrip()


def _cell(text: str) -> str:
    return f"{text} |".strip()


def _ended(row: Row, width: int) -> list[str]:
    lines = [_cell(cell.text) for cell in row]
    return [*lines[:-1], f"{lines[-1]} {'|' * (width - len(row))}".rstrip()]


def _moved(row: Row, width: int) -> list[str]:
    shown = [cell.text for cell in row if cell.text]
    padding = "|" * (width - len(shown))
    return [*map(_cell, shown), *([padding] if padding else [])]


def _row_in_line(table: Grid) -> str:
    return " ".join(
        re.sub(r" +", " ", " | ".join(c.text for c in row) + " | " + "|" * (table.width - len(row))).strip()
        for row in table.rows
    )


def _opened(row: Row) -> list[str]:
    first, *rest = row
    lines = [f"| {first.text}".strip(), "|"]
    for cell in rest:
        lines += [_cell(cell.text)] if cell.role == "head" and len(cell.text) == 7 else [cell.text, "|"]
    return [line for line in lines if line]


def _indented(row: Row) -> list[str]:
    *others, last = row
    lines = ["\t" + _cell(cell.text) for cell in others]
    return [*lines, *(["\t" + last.text] if last.text else []), "|"]
