"""The settings that destroy what a table says: no reading of theirs may be published.

Belongs here: H, J, K, P3, Q1, Q2 of the layouts' catalogue, labels gone, pages whose only bars are those of widgets.
Does not: layouts that lose blank cells only (`Layout.keeps_blanks`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assets.form import cells as form
from tests.typesetting.form import PrintedTable
from tests.typesetting.grid import Grid, Row
from tests.typesetting.layouts import plain_text
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.layouts.text import page
from tests.typesetting.publication import Publication, Words


def lines_deduplicated(publication: Publication) -> bytes:
    """Set C and take away every line that stood before (H); a label of the site's menu goes too."""
    seen = {"规章"}
    kept: list[str] = []
    for line in plain_text.c(publication).decode().split("\n"):
        if not line or line not in seen:
            kept.append(line)
        seen.add(line)
    return "\n".join(kept).encode()


def tables_as_pictures(publication: Publication) -> bytes:
    """Set the headings with nothing under them (J)."""
    return page(replace(publication, blocks=tuple(b for b in publication.blocks if isinstance(b, Words))), lambda _: [])


def cells_glued(publication: Publication) -> bytes:
    """Set each row's cells without anything between them (K)."""
    return page(publication, lambda table: ["".join(cell.text for cell in row) for row in table.rows])


def labels_gone(publication: Publication) -> bytes:
    """Set B without the labels 不予公开 1 to 8: 56 bare figures follow."""
    return page(publication, lambda table: [
        f"{cell.text} |".strip() for row in table.rows for cell in row if not _is_denial(cell.text)
    ])


def compared(publication: Publication) -> bytes:
    """Set every table twice, this year's and another year's, under one heading (P3)."""
    blocks: list[Words | PrintedTable] = []
    for block in publication.blocks:
        blocks += [block, _next_year(block)] if isinstance(block, PrintedTable) else [block]
    return plain_text.p1(replace(publication, blocks=tuple(blocks)))


def rows_torn(publication: Publication) -> bytes:
    """Set Markdown whose rows are torn from their labels (Q1)."""
    return page(publication, lambda table: [line for row in _markdown(table) for line in row])


def head_invented(publication: Publication) -> bytes:
    """Set Markdown under heads that nobody printed (Q2)."""
    return page(publication, _invented)


def bars_of_widgets(publication: Publication) -> bytes:
    """Set the headings, and bars that part the words of a menu."""
    menu = "智能问答 | 无障碍浏览 | 网站地图 |\n长者模式 | 登录 | 注册 |\n"
    return tables_as_pictures(publication).replace("四、".encode(), f"{menu}四、".encode())


LAYOUTS = (
    Layout("H", ".txt", lines_deduplicated),
    Layout("J", ".txt", tables_as_pictures),
    Layout("K", ".txt", cells_glued),
    Layout("P3", ".txt", compared),
    Layout("Q1", ".txt", rows_torn),
    Layout("Q2", ".txt", head_invented),
    Layout("labels_gone", ".txt", labels_gone),
    Layout("widgets", ".txt", bars_of_widgets),
)


def _is_denial(text: str) -> bool:
    lines = form.vocabulary()["lines"][form.REQUESTS]
    return any(words["zh"].lstrip("12345678.") in text for code, words in lines.items() if code.startswith("denied_"))


def _next_year(table: PrintedTable) -> PrintedTable:
    more: Callable[[str], str] = lambda text: str(int(text) + 1) if text.isdigit() else text  # noqa: E731
    return replace(table, blocks=tuple(
        replace(block, lines=tuple(replace(line, values=tuple(map(more, line.values))) for line in block.lines))
        for block in table.blocks
    ))


def _barred(texts: list[str]) -> str:
    return "| " + " | ".join(texts) + " |"


def _markdown(table: Grid) -> list[list[str]]:
    """Return rows as Markdown; of every third row of table 3 the figures stand alone and the label comes later."""
    rows: list[list[str]] = []
    scraps: list[str] = []
    for number, row in enumerate(table.rows):
        values = [cell.text for cell in row if cell.role == "value"]
        words = [cell.text for cell in row if cell.role != "value"]
        if number == 1:
            rows.append([_barred(["---"] * table.width)])
        if table.width == 10 and number % 3 == 0 and values:
            rows.append([_barred(values)])
            scraps += words
        else:
            rows.append([_barred([*words, *values])])
    return [*rows, scraps]


def _invented(table: Grid) -> list[str]:
    rows = [[cell.text for cell in row] for row in table.rows if not _is_head(row)]
    width = max(len(row) for row in rows)
    head = ["项目", *(f"数据{number}" for number in range(1, width))]
    return [_barred(head), _barred(["---"] * width), *(_barred(row) for row in rows)]


def _is_head(row: Row) -> bool:
    return all(cell.role in ("heading", "head") for cell in row)
