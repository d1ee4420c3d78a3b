"""Placing of table 4, 行政复议、行政诉讼情况: one value row of three forums with five results each.

Belongs here: the head of three rows, the value row. Does not: the other tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from assets.form import cells as form
from assets.parsing.document import Observation, ParsedTable
from assets.parsing.placing import heads, labels
from assets.parsing.placing.common import placed_row, spellings, unplaced_row
from assets.parsing.placing.rows import Setting, SplitRow, usual_width, values

TABLE = form.REMEDIES


def place(rows: Sequence[SplitRow], setting: Setting, edition: str | None) -> ParsedTable:
    """Place the value row; the table is the same in all editions, so the report's other tables tell which."""
    rows = heads.parted(rows, TABLE, setting)
    table = form.edition(edition or form.editions()[-1].code).table(TABLE)
    codes = [f"{TABLE}.{line.code}.{column}" for line in table.lines for column in line.columns]
    candidates = _value_rows(rows, len(codes))
    facts = [Observation(TABLE, "value_rows", TABLE, str(min(1, len(candidates))))]
    cells = []
    if candidates:
        facts += _head_facts([row for row in rows if row.labels], table)
        facts += [
            Observation(TABLE, "line_twice", f"{TABLE}.{line.code}") for line in table.lines if len(candidates) > 1
        ]
    width = usual_width([rows[i] for i in candidates])
    for number, row in enumerate(rows):
        run = values(row, len(codes), setting, width) if candidates == [number] else None
        if run is not None:
            cells += placed_row(row, number, codes, run, "order")
            continue
        cells += unplaced_row(row, number)
        if number in candidates:
            facts += [
                Observation(TABLE, "value_count", f"{TABLE}.{line.code}", f"{row.figures} of {len(codes)}")
                for line in table.lines
            ]
    found = edition if candidates else None
    return ParsedTable(TABLE, found, "", tuple(cells), tuple(dict.fromkeys(facts)))


def _value_rows(rows: Sequence[SplitRow], count: int) -> list[int]:
    """Rows without a label that show figures; failing any, rows of blank cells as wide as the form."""
    shown = [i for i, row in enumerate(rows) if row.figures and not row.labels]
    return shown or [i for i, row in enumerate(rows) if not row.labels and len(row.tail) >= count][:1]


def _head_facts(top: Sequence[SplitRow], table: form.Table) -> list[Observation]:
    """Compare the printed results, in reading order, with the five results of each forum; and the forums' names."""
    texts = [cell.text for head in top for cell in head.row.cells if labels.normal(cell.text)]
    results = [code for text in texts if (code := _result(text, table)) is not None]
    expected = [(line.code, column) for line in table.lines for column in line.columns]
    matcher = SequenceMatcher(None, results, [column for _, column in expected], autojunk=False)
    found = {block.b + i for block in matcher.get_matching_blocks() for i in range(block.size)}
    facts = [
        Observation(TABLE, "column_missing", f"{TABLE}.{line}.{column}")
        for i, (line, column) in enumerate(expected)
        if i not in found
    ]
    if len(results) > len(expected):
        facts.append(Observation(TABLE, "column_twice", TABLE, f"{len(results)} of {len(expected)}"))
    forums = {line.code for line in table.lines if any(labels.score(text, spellings(line)) == 1 for text in texts)}
    facts += [
        Observation(TABLE, "label_missing", f"{TABLE}.{line.code}") for line in table.lines if line.code not in forums
    ]
    return facts


def _result(text: str, table: form.Table) -> str | None:
    """Return the code of the result column that a head cell names exactly, or None."""
    for column in table.columns:
        if labels.normal(text) in {labels.normal(name) for name in spellings(column)}:
            return column.code
    return None
