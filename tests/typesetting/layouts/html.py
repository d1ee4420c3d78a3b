"""The HTML layouts: a clean page, a paste from a word processor, a page of a content management system, split tables.

Belongs here: markup around publications and grids. Does not: which cell spans what (grid.py); text dialects (text.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from tests.typesetting.form import PrintedTable
from tests.typesetting.grid import Grid, GridCell, cut, grid
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.publication import Publication, Words

# A page of paper holds about so many rows; a table that is longer is split when it is pasted page by page.
PAGE_ROWS = 14


def html_clean(publication: Publication) -> bytes:
    """Set a plain page: headings, paragraphs, tables with rowspan and colspan."""
    body = _body(publication, _plain_words, lambda table: _table(grid(table), _plain_cell, ' border="1"'))
    return _document("utf-8", body, _first_title(publication)).encode()


def html_split_table(publication: Publication) -> bytes:
    """Set a plain page in which a long table is two tables, the second without column heads."""
    body = _body(publication, _plain_words, _split_tables)
    return _document("utf-8", body, _first_title(publication)).encode()


def html_word(publication: Publication) -> bytes:
    """Set what a word processor pastes: a span per run, nbsp in blank cells, labels over two paragraphs; GB18030."""
    body = _body(publication, _word_words, lambda table: _table(grid(table), _word_cell, ' class="MsoTableGrid"'))
    return _document("gb2312", f'<div class="WordSection1">\n{body}\n</div>', "").encode("gb18030")


def html_cms(publication: Publication) -> bytes:
    """Set a page of a content management system: navigation, widgets, layout tables and metadata around the report."""
    body = _body(publication, _plain_words, lambda table: _table(grid(table), _cms_cell, ' cellspacing="0"'))
    footer = "".join(f"<p>{escape(line)}</p>" for line in publication.footer)
    page = _CMS.format(metadata=_metadata(publication), body=body, footer=footer)
    return _document("utf-8", page, _first_title(publication)).encode()


LAYOUTS = (
    Layout("html_clean", ".html", html_clean),
    Layout("html_split_table", ".html", html_split_table),
    Layout("html_word", ".html", html_word),
    Layout("html_cms", ".html", html_cms),
)

_CMS = """<div class="top"><a href="/">网站首页</a><a href="/zwgk/">政务公开</a><a href="/bsfw/">办事服务</a></div>
<table class="nav"><tr><td><a href="/gkzn/">政府信息公开指南</a></td><td><a href="/gkzd/">政府信息公开制度</a></td>
<td><a href="/fdgk/">法定主动公开内容</a></td><td><a href="/ndbg/">政府信息公开工作年度报告</a></td></tr></table>
<div class="path">当前位置：首页 &gt; 政务公开 &gt; 政府信息公开工作年度报告</div>
<table width="100%"><tr>
<td class="side"><ul><li>机构职能</li><li>规章</li><li>行政规范性文件</li><li>行政许可</li><li>其他</li></ul></td>
<td class="main">
{metadata}
<div class="tools">字体大小：<a>大</a> <a>中</a> <a>小</a> | <a>打印</a> | 浏览次数：<span id="hits">0</span></div>
<div class="article">
{body}
</div>
<div class="share">扫一扫在手机打开当前页</div>
</td>
</tr></table>
<div class="foot">{footer}<p>网站地图 | 联系我们 | 无障碍浏览</p></div>
<script>document.getElementById("hits").textContent = "1";</script>"""


def _document(charset: str, body: str, title: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="{charset}">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _first_title(publication: Publication) -> str:
    lines = [block.text for block in publication.blocks if isinstance(block, Words) and block.kind == "title"]
    return lines[-1] if lines else "政府信息公开"


def _body(
    publication: Publication, words: Callable[[Words], str], table: Callable[[PrintedTable], str]
) -> str:
    return "\n".join(
        table(block) if isinstance(block, PrintedTable) else words(block) for block in publication.blocks
    )


def _table(of: Grid, cell: Callable[[GridCell], str], attributes: str) -> str:
    rows = ["<tr>" + "".join(cell(item) for item in row) + "</tr>" for row in of.rows]
    return f"<table{attributes}>\n" + "\n".join(rows) + "\n</table>"


def _spans(cell: GridCell) -> str:
    row_span = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    column_span = f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    return row_span + column_span


def _plain_words(words: Words) -> str:
    tag = {"title": "h1", "heading": "h2"}.get(words.kind, "p")
    return f"<{tag}>{escape(words.text)}</{tag}>"


def _plain_cell(cell: GridCell) -> str:
    tag = "td" if cell.role in ("value", "label") else "th"
    return f"<{tag}{_spans(cell)}>{escape(cell.text)}</{tag}>"


def _cms_cell(cell: GridCell) -> str:
    """Return a cell of a page editor: everything a td with a paragraph, blanks as nbsp."""
    return f'<td{_spans(cell)}><p align="center">{escape(cell.text) or "&nbsp;"}</p></td>'


def _split_tables(table: PrintedTable) -> str:
    whole = grid(table)
    parts = cut(whole, PAGE_ROWS) if len(whole.rows) > PAGE_ROWS else (whole,)
    return "\n<p></p>\n".join(_table(part, _plain_cell, ' border="1"') for part in parts)


def _metadata(publication: Publication) -> str:
    """Return the table of index number, dates and so on that stands above a report, two entries a row."""
    cells = [f"<th>{escape(name)}：</th><td>{escape(value)}</td>" for name, value in publication.metadata]
    rows = ["<tr>" + "".join(cells[number : number + 2]) + "</tr>" for number in range(0, len(cells), 2)]
    return '<table class="metadata">' + "".join(rows) + "</table>" if rows else ""


# ---------------------------------------------------------------------------------------------------------------------
# html_word


def _word_words(words: Words) -> str:
    return f'<p class="MsoNormal" style="text-indent:32pt">{_runs(words.text)}</p>'


def _runs(text: str) -> str:
    """Return one span per run: numbers apart, and Chinese in pieces of three characters."""
    pieces = re.findall(r"[0-9.]+|[^0-9.]{1,3}", text)
    return "".join(
        f'<span lang="EN-US" style="font-size:16pt">{piece}</span>'
        if piece[0].isdigit()
        else f'<span style="font-family:仿宋_GB2312;font-size:16pt">{escape(piece)}</span>'
        for piece in pieces
    )


def _word_cell(cell: GridCell) -> str:
    inner = "".join(f'<p class="MsoNormal" align="center">{_runs(part)}</p>' for part in _paragraphs(cell))
    return f'<td{_spans(cell)} valign="top" style="padding:0cm 5.4pt">{inner or _BLANK}</td>'


_BLANK = '<p class="MsoNormal"><span lang="EN-US"><o:p>&nbsp;</o:p></span></p>'


def _paragraphs(cell: GridCell) -> tuple[str, ...]:
    """Return a cell's paragraphs: column heads of four characters are set on two lines."""
    if cell.role == "head" and len(cell.text) == 4:
        return cell.text[:2], cell.text[2:]
    return (cell.text,) if cell.text else ()
