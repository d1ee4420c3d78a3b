"""Placing of table 2, 主动公开政府信息情况: blocks with heads of their own, lines of one to three values.

Belongs here: the edition by the column heads, the lines and their block's columns.
Does not: the other tables.
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.form import cells as form
from assets.parsing.document import Observation, ParsedTable
from assets.parsing.placing import heads, labels
from assets.parsing.placing.alignment import Alignment, align
from assets.parsing.placing.common import (
    Body,
    column_facts,
    leaf_label,
    line_facts,
    place_rows,
    settled,
    spellings,
    unplaced_row,
)
from assets.parsing.placing.rows import Setting, SplitRow

TABLE = form.PROACTIVE


def place(rows: Sequence[SplitRow], setting: Setting) -> ParsedTable:
    """Place the rows of table 2; every value that cannot be placed with certainty stays without a code."""
    lines = form.all_lines(TABLE)
    rows = heads.parted([settled(row, lines, setting) for row in rows], TABLE, setting)
    rows = heads.stacked(rows, TABLE)
    printed = {index: head for index, row in enumerate(rows) if (head := _head(row))}
    body = [i for i, row in enumerate(rows) if i not in printed and _may_be_line(row)]
    found = align([leaf_label(rows[i], lines) for i in body], [spellings(line) for line in lines])
    if not found.matches:
        cells = [cell for i, row in enumerate(rows) for cell in unplaced_row(row, i)]
        return ParsedTable(TABLE, None, "", tuple(cells), (Observation(TABLE, "value_rows", TABLE, "0"),))
    edition = _edition(list(printed.values()), found, lines)
    table = form.edition(edition).table(TABLE)
    facts = [Observation(TABLE, "value_rows", TABLE, str(len(found.matches)))]
    facts += line_facts(TABLE, found, lines, table.lines)
    facts += _head_facts(table, printed, {body[i]: lines[line].code for i, line in found.matches.items()})
    facts += [_stray(rows[body[i]]) for i in found.unknown if rows[body[i]].figures]
    placed, more = place_rows(rows, Body(table, lines, tuple(body), found, setting))
    return ParsedTable(TABLE, edition, "", tuple(placed), tuple(facts + more))


def _may_be_line(row: SplitRow) -> bool:
    text = "".join(row.labels)
    return bool(row.figures or text) and not labels.normal(text).startswith("第二十条")


def _head(row: SplitRow) -> list[str]:
    """Return the column labels of a head row (信息内容 | …), or an empty list for any other row."""
    texts = [cell.text for cell in row.row.cells if labels.normal(cell.text)]
    # A label may be of nothing but signs, and then has no text to compare.
    if row.figures or not row.labels or not texts:
        return []
    content = labels.normal(form.vocabulary()["groups"][TABLE]["content"])
    if labels.normal(texts[0]) == content:
        return texts[1:] or [""]
    known = [spellings(column) for edition in form.editions() for column in edition.table(TABLE).columns]
    return texts if any(labels.score(text, names) >= 0.9 for text in texts for names in known) else []


def _edition(heads: Sequence[Sequence[str]], found: Alignment, lines: Sequence[form.Line]) -> str:
    """Return the edition whose column heads and lines the printed ones match best; the newest on a tie."""
    printed = [text for head in heads for text in head]
    placed = {lines[index].code for index in found.matches.values()}

    def likeness(edition: form.Edition) -> float:
        table = edition.table(TABLE)
        own = {line.code for line in table.lines}
        names = [spellings(column) for column in table.columns]
        heads_like = sum(max(labels.score(text, name) for name in names) for text in printed)
        return heads_like + len(placed & own)

    return max(reversed(form.editions()), key=likeness).code


def _head_facts(table: form.Table, heads: dict[int, list[str]], line_at: dict[int, str]) -> list[Observation]:
    """Compare each block's head with its columns; a block without a head lacks all its columns."""
    facts: list[Observation] = []
    own = {line.code: line for line in table.lines}
    seen: set[int] = set()
    for index, head in heads.items():
        following = next((line_at[i] for i in sorted(line_at) if i > index and line_at[i] in own), None)
        if following is None:
            continue
        line = own[following]
        seen.add(line.block)
        facts += column_facts(TABLE, head, [table.column(code) for code in line.columns])
    for line in table.lines:
        if line.block not in seen and line.code in line_at.values():
            facts += [Observation(TABLE, "column_missing", f"{TABLE}.{code}") for code in line.columns]
    return list(dict.fromkeys(facts))


def _stray(row: SplitRow) -> Observation:
    text = "".join(row.labels)
    return Observation(TABLE, "unknown_line" if text else "unclaimed_row", TABLE, text or row.row.place)
