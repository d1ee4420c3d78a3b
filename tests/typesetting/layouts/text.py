"""The text layouts: tables as lines of bars or tabs, as extractors of web pages and PDF files leave them.

Belongs here: the dialects `bar_at_row_end` (A2 of the catalogue), `bar_at_row_start` (D), `cell_per_line` (E),
`tab_rows`, and the page around all text dialects. Does not: HTML (html.py); which cell spans what (grid.py).

In the bar dialects every row ends with as many bars as the table is wide: the bars after the last cell are padding up
to the widest row, `width - cells in this row`, and a cell covered from above is not there at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assets.form import cells as form
from tests.typesetting.form import PrintedLine, PrintedTable
from tests.typesetting.grid import Grid, Row, cut, grid, rectangle
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.publication import Publication

# What extractors of web pages fold to half width.
HALF_WIDTH = str.maketrans("（），：；", "(),:;")


def bar_at_row_end(publication: Publication) -> bytes:
    """Set `cell | cell |`, one table row a line, padded."""
    return page(publication, lambda table: [_bars(row, table.width) for row in table.rows])


def bar_at_row_start(publication: Publication) -> bytes:
    """Set `| cell | cell |`, one table row a line, padded."""
    return page(publication, lambda table: ["| " + _bars(row, table.width) for row in table.rows])


def cell_per_line(publication: Publication) -> bytes:
    """Set a line `|` before each row, then one cell a line; the last cell's line carries the padding."""
    return page(publication, lambda table: [line for row in table.rows for line in _cell_lines(row, table.width)])


def tab_rows(publication: Publication) -> bytes:
    """Set rows of tabs as a PDF leaves them: pages break inside tables, and group labels are torn from their rows."""
    lines: list[str] = []
    for block in publication.blocks:
        set_lines = _torn_table(block) if isinstance(block, PrintedTable) else [_spaced(block.text)]
        lines += [*set_lines, ""]
    return "\n".join(["", "", *lines]).encode()


LAYOUTS = (
    Layout("bar_at_row_end", ".txt", bar_at_row_end),
    Layout("bar_at_row_start", ".txt", bar_at_row_start),
    Layout("cell_per_line", ".txt", cell_per_line),
    Layout("tab_rows", ".txt", tab_rows),
)


def page(publication: Publication, set_table: Callable[[Grid], list[str]]) -> bytes:
    """Return navigation and metadata, if any, then the blocks, each on its lines, all folded to half width."""
    lines = [f"| {name}：{value} | |" for name, value in publication.metadata]
    if lines:
        lines = ["当前位置：首页>政府信息公开>年度报告", "字体大小：【大】 【中】 【小】", *lines]
    for block in publication.blocks:
        lines += set_table(grid(block)) if isinstance(block, PrintedTable) else [block.text]
    lines += publication.footer
    return ("\n".join(lines) + "\n").translate(HALF_WIDTH).encode()


def _padding(row: Row, width: int) -> str:
    return "|" * (width - len(row))


def _bars(row: Row, width: int) -> str:
    """Return one row; an empty last cell runs together with the padding, as `行政事业性收费 | |||` does."""
    cells = re.sub(r" +", " ", " | ".join(cell.text for cell in row) + " |")
    padding = _padding(row, width)
    return cells + ("" if not row[-1].text or not padding else " ") + padding


def _cell_lines(row: Row, width: int) -> list[str]:
    lines = [f"{cell.text} |".strip() for cell in row]
    return ["|", *lines[:-1], f"{lines[-1]} {_padding(row, width)}".rstrip()]


# ---------------------------------------------------------------------------------------------------------------------
# tab_rows


def _spaced(text: str) -> str:
    """Return text with blanks around the numbers of dates, as a PDF's text layer has them."""
    return re.sub(r"(?<=\d)(?=[年月日])|(?<=[年月至])(?=\d)", " ", text)


def _torn_table(table: PrintedTable) -> list[str]:
    if table.code == form.REQUESTS:
        return _torn_requests(table)
    whole = grid(table)
    if table.code == form.PROACTIVE:
        # The page breaks under the second block's heading: what follows is a table of its own, as wide as it needs.
        breaks = [number for number, row in enumerate(whole.rows) if row[0].role == "heading"][1] + 1
        first, second = cut(whole, breaks)
        return [*_tabs(first), "", *_tabs(second)]
    return _tabs(whole)


def _tabs(of: Grid) -> list[str]:
    """Return rows of tabs with one field per column in which any cell starts."""
    filled = rectangle(of)
    used = [column for column in range(of.width) if any(row[column] for row in filled)]
    return ["\t".join(cell.text if (cell := row[column]) else "" for column in used) for row in filled]


def _torn_requests(table: PrintedTable) -> list[str]:
    """Return table 3 over three pages: the labels in one column on the first, in two columns on the others."""
    lines = table.lines
    first_page = next((n for n, line in enumerate(lines) if line.groups), len(lines)) + 1
    third_page = next((n for n, line in enumerate(lines) if line.code == "not_processed_reconfirmation"), len(lines))
    groups = _torn_groups(lines)
    rows = [_torn_row(line, groups.get(number, ""), number < first_page) for number, line in enumerate(lines)]
    heads = _torn_heads(table)
    return [*heads, *rows[:first_page], "", *rows[first_page:third_page], "", *rows[third_page:]]


def _torn_heads(table: PrintedTable) -> list[str]:
    """Return the three rows of heads: 总计 is printed above 自然人, for it is set in the middle of its tall cell."""
    words: dict[str, str] = form.vocabulary()["groups"][form.REQUESTS]
    natural, *organizations, total = [head or "" for head in table.blocks[0].heads]
    return [
        "\t".join((words["printed_identity"], words["applicants"], "", "", "", "", "", total, "")),
        "\t".join(("", natural, words["organizations"], "", "", "", "", "", "")),
        "\t".join(("", "", *organizations, "", "")),
    ]


def _torn_groups(lines: tuple[PrintedLine, ...]) -> dict[int, str]:
    """Return the scraps of group labels by the row that they are printed beside."""
    scraps: dict[int, str] = {}
    inner = dict.fromkeys(line.groups[1] for line in lines if len(line.groups) == 2)
    for group in inner:
        members = [number for number, line in enumerate(lines) if line.groups[1:] == (group,)]
        number_part, name = group[:3], group[3:]
        if name == "其他处理" and len(members) > 1:
            scraps |= {members[0]: number_part.translate(HALF_WIDTH), members[1]: name}
        else:
            scraps[members[min(1, len(members) - 1)]] = " ".join((number_part.translate(HALF_WIDTH), *name))
    outcomes = [number for number, line in enumerate(lines) if line.groups]
    if len(outcomes) > 1:
        scraps |= {outcomes[0]: "三、本"}
        scraps.setdefault(outcomes[1], "年度 办理 结果")
    return scraps


def _torn_row(line: PrintedLine, scrap: str, first_page: bool) -> str:
    label = re.sub(r"^（(.)）", r"(\1) ", line.label)
    if first_page:
        return "\t".join((f"{scrap} {label}".strip(), *line.values, ""))
    alone = len(line.groups) < 2 and not scrap
    return "\t".join((label, "", *line.values) if alone else (scrap, label, *line.values))
