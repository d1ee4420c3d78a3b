"""Malformed pages: named ways in which published markup is broken, hidden, parked or set without tables.

Belongs here: functions from the markup of a well-formed page to that of a malformed one, by name, and whether the
damage leaves everything readable. Does not: what must become of a damaged report (tests), damage to its content.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

Change = Callable[[str], str]
TABLE = re.compile(r"<table.*?</table>", re.S)


@dataclass(frozen=True)
class Malformed:
    """A change of a page's markup; `complete` tells that every figure is still there to be read for certain.

    Where it is not, a reader may read what it can, hold back the table or refuse the page.
    """

    change: Change
    complete: bool = True
    encode: Callable[[str], bytes] = str.encode


def _tables(markup: str, change: Callable[[str, int], str]) -> str:
    """Change every table, given its number from 0."""
    count = iter(range(1000))
    return TABLE.sub(lambda match: change(match[0], next(count)), markup)


def _third(markup: str, change: Callable[[str], str]) -> str:
    """Change table 3 only: the longest one."""
    longest = max(TABLE.findall(markup), key=len)
    return markup.replace(longest, change(longest))


def _body(markup: str, change: Callable[[str], str]) -> str:
    start, end = markup.index("<body>") + len("<body>"), markup.index("</body>")
    return markup[:start] + change(markup[start:end]) + markup[end:]


def _unclosed(*tags: str) -> Change:
    return lambda markup: re.sub(rf"</(?:{'|'.join(tags)})>", "", markup)


def _rows(table: str) -> list[str]:
    return re.findall(r"<tr>.*?</tr>", table, re.S)


def _split(table: str, *after: int) -> str:
    """Set a table as several, cut after so many rows; label cells that ran over are not repeated."""
    rows = _rows(table)
    pieces = (rows[first:last] for first, last in zip((0, *after), (*after, len(rows)), strict=True))
    return "<p></p>".join(f"<table>{''.join(piece)}</table>" for piece in pieces)


def _spans_as_text(table: str) -> str:
    """Empty the pieces of the head instead of merging them: each merged cell stands once, blank cells beside it."""
    rows = _rows(table)
    labels = "<th></th>" * 3
    rows[0] = rows[0].replace(' rowspan="3" colspan="3"', ' colspan="3"')
    rows[1] = re.sub(r' rowspan="2"', "", rows[1]).replace("<tr>", f"<tr>{labels}")
    rows[2] = rows[2].replace("<tr>", f"<tr>{labels}<th></th>").replace("</tr>", "<th></th></tr>")
    return f"<table>{''.join(rows)}</table>"


def _as_divs(table: str) -> str:
    """Set a table with elements that are displayed as table, row and cell; blank cells stand in for spans."""
    rows = []
    for row in _rows(table):
        cells = re.findall(r"<t[dh]([^>]*)>(.*?)</t[dh]>", row, re.S)
        rows.append("".join(f'<div style="display: table-cell">{text}</div>' for _, text in cells))
    inner = "".join(f'<div style="display:table-row">{row}</div>' for row in rows)
    return f'<div style="display:table">{inner}</div>'


def _as_plain_divs(table: str) -> str:
    """Set a table with elements that only a style sheet makes a table of."""
    rows = []
    for row in _rows(table):
        texts = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
        rows.append('<div class="row">' + "".join(f'<div class="col">{text}</div>' for text in texts) + "</div>")
    return f'<div class="grid">{"".join(rows)}</div>'


def _in_figures(change: Callable[[str], str]) -> Change:
    """Change the text of every cell that shows a figure."""
    return lambda markup: re.sub(r"(<td[^>]*>)([\d.]+)(</td>)", lambda m: m[1] + change(m[2]) + m[3], markup)


def _first_figure(change: Callable[[str], str]) -> Change:
    """Change the text of the first cell of table 3 that shows a figure of two digits."""

    def changed(table: str) -> str:
        return re.sub(r"(<td[^>]*>)(\d\d)(</td>)", lambda m: m[1] + change(m[2]) + m[3], table, count=1)

    return lambda markup: _third(markup, changed)


def _word_width_row(table: str) -> str:
    row = '<tr height=0>' + "<td width=60 style='border:none'></td>" * 15 + "</tr>"
    return table.replace("</table>", f"{row}</table>")


def _rowspan_zero(table: str) -> str:
    """Let the group label of the outcomes run to the end of its row group, the last row in a group of its own."""
    opened = re.sub(r'rowspan="2[0-9]"', 'rowspan="0"', table)
    last = _rows(opened)[-1]
    return opened.replace(last, f"</tbody><tbody>{last}").replace("<table border=\"1\">", "<table border=\"1\"><tbody>")


def _head_apart(table: str) -> str:
    """Set the three rows of the head in a row group of their own."""
    first = _rows(table)[3]
    return table.replace(first, f"</thead><tbody>{first}").replace('<table border="1">', '<table border="1"><thead>')


def _deep(markup: str) -> str:
    return _body(markup, lambda body: "<div>" * 600 + body + "</div>" * 600)


def _runs(text: str) -> str:
    return "".join(f'<span lang="EN-US"><font>{character}</font></span>' for character in text)


MALFORMED: dict[str, Malformed] = {
    # --- tags
    "cells_unclosed": Malformed(_unclosed("td", "th")),
    "rows_unclosed": Malformed(_unclosed("tr")),
    "cells_and_rows_unclosed": Malformed(_unclosed("td", "th", "tr")),
    "paragraphs_unclosed": Malformed(_unclosed("p", "h1", "h2")),
    "tables_unclosed": Malformed(_unclosed("table"), complete=False),
    "rows_without_start": Malformed(lambda markup: markup.replace("</tr>\n<tr>", "</tr>\n")),
    "stray_end_tags": Malformed(lambda markup: markup.replace("</tr>", "</div></span></tr></p>")),
    "form_and_anchor_between_rows": Malformed(lambda markup: markup.replace("<tr>", "<form><a name=x></a><tr>")),
    "upper_case_tags": Malformed(lambda markup: re.sub(
        r"<(/?)(table|tr|td|th|body|p)\b", lambda m: f"<{m[1]}{m[2].upper()}", markup)),
    "attributes_unquoted": Malformed(lambda markup: re.sub(r'(rowspan|colspan)="(\d+)"', r"\1=\2", markup)),
    "attributes_with_brackets": Malformed(lambda markup: markup.replace("<td", '<td title="a>b" data-x=\'"\'')),
    "duplicate_body_and_html": Malformed(
        lambda markup: _body(markup, lambda body: f"<html><body>{body}</body></html>")),
    "conditional_comments": Malformed(lambda markup: markup.replace(
        "<tr>", "<!--[if gte mso 9]><tr><td>9</td></tr><![endif]--><![if !mso]><tr><![endif]>")),
    "office_namespaces": Malformed(lambda markup: _in_figures(lambda text: f"{text}<o:p>&nbsp;</o:p>")(
        markup.replace("<body>", '<body><?xml:namespace prefix = o ns = "urn:schemas" />'))),
    "deep_nesting": Malformed(_deep),
    # --- text of cells
    "a_run_per_character": Malformed(lambda markup: _in_figures(_runs)(markup)),
    "line_ends_in_source": Malformed(_in_figures(lambda text: f"\n   {text}\n  ")),
    "odd_blanks": Malformed(_in_figures(lambda text: f"&nbsp;&#12288;{text}&#8203;&ensp;")),
    "entities": Malformed(_in_figures(lambda text: "".join(f"&#{ord(character)};" for character in text))),
    "hidden_runs": Malformed(_in_figures(lambda text: f'<span style="display:none">9</span>{text}')),
    "hidden_by_attribute": Malformed(_in_figures(lambda text: f"<b hidden>7</b>{text}")),
    "hidden_by_size": Malformed(_in_figures(lambda text: f'<span style="font-size: 0px">3</span>{text}')),
    "hidden_by_style_sheet": Malformed(lambda markup: _first_figure(lambda text: f'<i class="nz">8</i>{text}')(
        markup.replace("</head>", "<style>.nz{display:none}</style></head>")), complete=False),
    "raised_note_mark": Malformed(_first_figure(lambda text: f"{text}<sup>1</sup>"), complete=False),
    "struck_figure": Malformed(_first_figure(lambda text: f"<s>9</s>{text}"), complete=False),
    "struck_by_style": Malformed(
        _first_figure(lambda text: f'<span style="text-decoration: line-through">9</span>{text}'), complete=False),
    "figure_over_two_lines": Malformed(_first_figure(lambda text: f"{text[0]}<br>{text[1]}"), complete=False),
    "picture_of_a_figure": Malformed(_first_figure(lambda text: '<img src="7.png">'), complete=False),
    "figures_in_fields": Malformed(_in_figures(lambda text: f'<input type="text" value="{text}">')),
    "nested_box_in_cell": Malformed(_in_figures(lambda text: f"<table><tr><td>{text}</td></tr></table>")),
    # --- spans and tables
    "word_width_row": Malformed(lambda markup: _tables(markup, lambda table, _: _word_width_row(table))),
    "rowspan_zero": Malformed(lambda markup: _third(markup, _rowspan_zero)),
    "huge_spans": Malformed(lambda markup: markup.replace('colspan="4"', 'colspan="99999"').replace(
        'rowspan="22"', 'rowspan="70000"')),
    "unreadable_spans": Malformed(lambda markup: markup.replace("<td>", '<td rowspan="x" colspan="-1">')),
    "hidden_row_and_cells": Malformed(lambda markup: markup.replace(
        "<tr>", '<tr style="display:none"><td>5</td></tr><tr><td style="display:none">4</td>')),
    "split_with_labels_running_over": Malformed(
        lambda markup: _third(markup, lambda table: _split(table, 12))),
    "split_twice": Malformed(lambda markup: _third(markup, lambda table: _split(table, 9, 14, 20))),
    "head_pieces_emptied": Malformed(lambda markup: _third(markup, _spans_as_text)),
    "head_in_a_row_group": Malformed(lambda markup: _third(markup, _head_apart)),
    "layout_tables_around": Malformed(lambda markup: _body(markup, lambda body: (
        f"<table><tr><td>菜单</td><td><table width=100%><tr><td>{body}</td></tr></table></td></tr></table>"))),
    "table_in_table_cell": Malformed(lambda markup: _tables(
        markup, lambda table, _: f"<table><tbody><tr><td>{table}</td></tr></tbody></table>")),
    "tables_in_hidden_panel": Malformed(lambda markup: _body(
        markup, lambda body: f'<div class="tab" style="display:none">{body}</div>')),
    "divs_displayed_as_table": Malformed(lambda markup: _tables(markup, lambda table, _: _as_divs(table))),
    "divs_of_a_style_sheet": Malformed(
        lambda markup: _tables(markup, lambda table, _: _as_plain_divs(table)), complete=False),
    # --- parked content
    "parked_in_textarea": Malformed(lambda markup: _body(
        markup, lambda body: f"<div>正在加载</div><textarea style='display:none'>{escape(body)}</textarea>")),
    "parked_in_script": Malformed(lambda markup: _body(
        markup, lambda body: f'<script type="text/html" id="t">{body}</script>')),
    "parked_in_noscript": Malformed(lambda markup: _body(markup, lambda body: f"<noscript>{body}</noscript>")),
    "parked_in_xmp": Malformed(lambda markup: _body(markup, lambda body: f"<xmp>{body}</xmp>")),
    "old_copy_parked": Malformed(lambda markup: _body(markup, lambda body: (
        body + f"<textarea>{escape(re.sub('[0-9]', '7', body))}</textarea>"))),
    # --- bytes
    "utf_16": Malformed(lambda markup: markup, encode=lambda text: text.encode("utf-16")),
    "utf_16_without_bom": Malformed(lambda markup: markup, encode=lambda text: text.encode("utf-16-le")),
    "gb18030_said_to_be_utf_8": Malformed(lambda markup: markup, encode=lambda text: text.encode("gb18030")),
    "utf_8_said_to_be_gb2312": Malformed(lambda markup: markup.replace('charset="utf-8"', 'charset="gb2312"')),
    "one_broken_byte": Malformed(lambda markup: markup, encode=lambda text: text.encode().replace(
        "。".encode(), b"\xe3\x80", 1), complete=False),
    "cut_inside_a_character": Malformed(lambda markup: markup, encode=lambda text: text.encode() + "完".encode()[:2]),
}


def malformed(markup: str, name: str) -> bytes:
    """Return the bytes of a page changed as MALFORMED says; ValueError if nothing changed."""
    case = MALFORMED[name]
    content = case.encode(case.change(markup))
    if content == markup.encode():
        raise ValueError(f"{name} changes nothing in this page")
    return content
