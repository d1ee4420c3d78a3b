"""Heads of tables: parting them from the first line where a layout lost the mark between them, and rejoining torn labels.

Belongs here: which leading words of a row are column heads. Does not: comparing heads with the form (common).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from assets.form import cells as form
from assets.parsing.placing import labels
from assets.parsing.placing.rows import SplitRow, is_blank

MOST_PIECES = 3


@cache
def head_words(table: str) -> frozenset[str]:
    """Return every normalised word of a table's head: columns, group headings, block headings."""
    columns = [column for edition in form.editions() for column in edition.table(table).columns]
    words = {labels.normal(text) for column in columns for text in (column.zh, *column.variants)}
    words |= {labels.normal(text) for text in form.vocabulary()["groups"][table].values()}
    words |= {labels.normal(h) for edition in form.editions() for h in edition.table(table).block_headings}
    if table == form.REMEDIES:
        words |= {labels.normal(line.zh) for line in form.all_lines(table)}
    return frozenset(words)


def parted(rows: Iterable[SplitRow], table: str) -> list[SplitRow]:
    """Part every row that begins with head words and goes on with a line's label or with figures."""
    found: list[SplitRow] = []
    for row in rows:
        end = _head_end(row, table) if row.figures and len(row.labels) > 1 else 0
        if table == form.REMEDIES and row.figures and row.labels:
            end = row.label_end
        if not 0 < end < len(row.row.cells):
            found.append(row)
            continue
        cells = row.row.cells
        head_labels = sum(not is_blank(cell.text) for cell in cells[:end])
        head = SplitRow(replace(row.row, cells=cells[:end], pads=0), row.labels[:head_labels], end)
        rest = SplitRow(replace(row.row, cells=cells[end:]), row.labels[head_labels:], row.label_end - end)
        found += [head, rest]
    return found


def _head_end(row: SplitRow, table: str) -> int:
    """Return the index after the last head word among the labels; a short word counts only with labels to follow.

    A row label such as 其他 or 总计 stands last before the figures, a column head of that name does not.
    """
    texts = [cell.text for cell in row.row.cells[: row.label_end]]
    words = head_words(table)
    end = index = 0
    seen = 0
    while index < len(texts):
        size = next((n for n in range(MOST_PIECES, 0, -1) if labels.normal("".join(texts[index : index + n])) in words), 0)
        size = min(size, len(texts) - index)
        if size and index + size < len(texts):
            end, seen = index + size, seen + 1
        index += size or 1
    return end if seen > 1 else 0


def rejoined(texts: Sequence[str], table: str) -> list[str]:
    """Join neighbouring pieces that together are one head word (商业 + 企业)."""
    words = head_words(table)
    joined: list[str] = []
    index = 0
    while index < len(texts):
        size = next(
            (n for n in range(MOST_PIECES, 1, -1) if index + n <= len(texts)
             and labels.normal("".join(texts[index : index + n])) in words), 1,
        )
        joined.append("".join(texts[index : index + size]))
        index += size
    return joined
