"""Placing of table 3, 收到和处理政府信息公开申请情况: 23 or 25 lines of seven values.

Belongs here: the head of two to three rows, the lines, and the edition by （六）其他处理.
Does not: the other tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

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

TABLE = form.REQUESTS
# The heading of the lines （一） to （七）, and from which likeness on a label is that heading, whole.
OUTCOMES, WHOLE = "outcomes", 0.9


def place(rows: Sequence[SplitRow], setting: Setting) -> ParsedTable:
    """Place the rows of table 3; every value that cannot be placed with certainty stays without a code."""
    lines = form.all_lines(TABLE)
    rows = heads.parted([settled(row, lines, setting) for row in rows], TABLE, setting)
    rows = heads.stacked(rows, TABLE)
    top = [index for index, row in enumerate(rows) if _is_head(row)]
    body = [index for index, row in enumerate(rows) if index not in top and (row.figures or row.labels)]
    found = align([leaf_label(rows[i], lines) for i in body], [spellings(line) for line in lines])
    found = _without_group_rows(found, [rows[i] for i in body])
    if not found.matches:
        cells = [cell for i, row in enumerate(rows) for cell in unplaced_row(row, i)]
        return ParsedTable(TABLE, None, "", tuple(cells), (Observation(TABLE, "value_rows", TABLE, "0"),))
    edition = _edition(found, lines)
    table = form.edition(edition).table(TABLE)
    facts = [Observation(TABLE, "value_rows", TABLE, str(len(found.matches)))]
    facts += line_facts(TABLE, found, lines, table.lines)
    facts += column_facts(TABLE, head_labels([rows[i] for i in top]), table.columns)
    facts += _stray_facts(found, [rows[i] for i in body])
    facts += _heading_facts([rows[i] for i in body])
    placed, more = place_rows(rows, Body(table, lines, tuple(body), found, setting))
    return ParsedTable(TABLE, edition, "", tuple(placed), tuple(facts + more))


def _edition(found: Alignment, lines: Sequence[form.Line]) -> str:
    """The 2021 edition splits （六）其他处理 into three lines, the 2019 edition prints it as one."""
    placed = {lines[index].code for index in found.matches.values()}
    sets = {edition.code: {line.code for line in edition.table(TABLE).lines} for edition in form.editions()}
    shared = set.intersection(*sets.values())
    for code in reversed(sets):
        if placed & (sets[code] - shared):
            return code
    return form.editions()[-1].code


@cache
def _applicants() -> frozenset[str]:
    """Return the words of the head that name applicants."""
    groups = form.vocabulary()["groups"][TABLE]
    columns = form.editions()[-1].table(TABLE).columns
    words = [groups[name] for name in ("applicants", "organizations")]
    return frozenset(map(labels.normal, [*words, *(column.zh for column in columns if len(column.zh) > 2)]))


def _is_head(row: SplitRow) -> bool:
    """Rows of the head name applicants; no value line does."""
    named = len({labels.normal(cell.text) for cell in row.row.cells} & _applicants())
    return named > 1 or (named == 1 and row.figures == 0)


def head_labels(heads: Sequence[SplitRow]) -> list[str]:
    """Return the column labels left to right: the organizations' row stands in for their group heading."""
    groups = form.vocabulary()["groups"][TABLE]
    skip = {labels.normal(groups["applicants"])}
    identity = labels.normal(groups["printed_identity"])[:6]
    rows = [
        [
            c.text
            for c in head.row.cells
            if labels.normal(c.text)
            and labels.normal(c.text) not in skip
            and not labels.normal(c.text).startswith(identity)
        ]
        for head in heads
    ]
    first = next((row for row in rows if _has(row, "自然人")), None)
    group = labels.normal(groups["organizations"])
    if first is not None and _has(first, "商业企业", "科研机构"):
        return _in_print_order(first, group)
    members = next((row for row in rows if row is not first and _has(row, "商业企业", "科研机构")), [])
    if first is None:
        return [text for row in rows for text in row if labels.normal(text) != group]
    flat = [text for cell in first for text in (members if labels.normal(cell) == group else [cell])]
    above = [
        row[-1] for row in rows if row and row is not first and row is not members and _has(row[-1:], "总计", "合计")
    ]
    return flat + above


def _in_print_order(texts: Sequence[str], group: str) -> list[str]:
    """Return the heads of one run left to right: in print order the tall 总计 comes before a group's members."""
    place = next((i for i, text in enumerate(texts) if labels.normal(text) == group), None)
    if place is None:
        return list(texts)
    after = texts[place + 1 :]
    tall = [text for text in after[:1] if _has((text,), "总计", "合计")]
    return [*texts[:place], *after[len(tall) :], *tall]


def _has(row: Sequence[str], *words: str) -> bool:
    return any(labels.normal(text) in words for text in row)


def _without_group_rows(found: Alignment, body: Sequence[SplitRow]) -> Alignment:
    """A label on a row that shows no value and no room for any is a heading, not a line."""

    def has_room(index: int) -> bool:
        row = body[index]
        enough = len(form.editions()[-1].table(TABLE).columns)
        return row.figures > 0 or row.roomy or len(row.tail) + row.row.pads >= enough

    return Alignment(
        {i: line for i, line in found.matches.items() if has_room(i)},
        {i: line for i, line in found.doubled.items() if has_room(i)},
        {i: line for i, line in found.out_of_order.items() if has_room(i)},
        tuple(i for i in found.unknown if body[i].figures),
    )


def _heading_facts(body: Sequence[SplitRow]) -> list[Observation]:
    """Observe a group heading beside a line that is printed whole and yet not as the form words it.

    One that is torn over several rows or cut short says nothing: formats do that.
    """
    heading = form.vocabulary()["groups"][TABLE][OUTCOMES]
    printed = [row.labels[0] for row in body if len(row.labels) > 1]
    worded = [text for text in printed if WHOLE <= labels.score(text, (heading,)) < 1]
    return [Observation(TABLE, "label_variant", f"{TABLE}.{OUTCOMES}", " ".join(text.split())) for text in worded]


def _stray_facts(found: Alignment, body: Sequence[SplitRow]) -> list[Observation]:
    facts = []
    for index in found.unknown:
        text = "".join(body[index].labels)
        fact = "unknown_line" if text else "unclaimed_row"
        facts.append(Observation(TABLE, fact, TABLE, text or body[index].row.place))
    return facts
