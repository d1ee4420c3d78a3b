"""Tables that cannot be read for a reason that can be named: what destroyed them.

Belongs here: telling the kind (`table_refusals.yaml`) from what was placed and from the lines of the section.
Does not: the words for a kind (refusals.py), what follows from it (expectations).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from assets.form import cells as form
from assets.parsing.bars import PADDING
from assets.parsing.document import Block, Observation, ParsedTable
from assets.parsing.placing import labels
from assets.parsing.placing.rows import is_blank, is_value

# So many bare labels of one table in the text say that the table is there.
FEWEST_LABELS = 3
# A whole table 3 has 23 lines or more; where its labels stand on lines of their own, some figure repeats.
FEWEST_LABEL_LINES = 10
# So many figures without a label are rows of a table.
FEWEST_FIGURES = 5
GLUED = re.compile(r"(\S*[^\d\s.])(\d[\d.]*)")
NOTE = re.compile(r"\s*\d[\d.,]*\s*[(（].*\D.*", re.S)
PIECES = re.compile(r"[|\t]")


@cache
def names_of(table: str) -> frozenset[str]:
    """Return the normalised labels of all lines and columns of a table."""
    names = {labels.normal(line.zh) for line in form.all_lines(table)}
    return frozenset(names | {labels.normal(c.zh) for e in form.editions() for c in e.table(table).columns})


def is_deduplicated(blocks: Iterable[Block]) -> bool:
    """Tell whether lines were taken out: none stands twice although lines hold single labels of table 3."""
    lines = [block.text.strip(PADDING) for block in blocks if block.grid is None]
    shown = [line for line in lines if line]
    if len(set(shown)) < len(shown):
        return False
    names = {labels.normal(line.zh) for line in form.all_lines(form.REQUESTS)}
    return sum(labels.normal(line) in names for line in shown) >= FEWEST_LABEL_LINES


def with_kinds(table: ParsedTable, blocks: Sequence[Block], deduplicated: bool) -> list[Observation]:
    """Return the reasons why a table of a report cannot be relied on; none for a table that was read.

    Args:
        table: as it was placed.
        blocks: those of its section.
        deduplicated: whether repeated lines were taken out of the document.
    """
    facts = Counter(fact.fact for fact in table.observations)
    rows = next((int(fact.value) for fact in table.observations if fact.fact == "value_rows"), 0)
    kinds = _of_read(table, facts) if rows else [_of_unread(table.code, facts, blocks)]
    if deduplicated and (rows or facts["table_heading"]):
        kinds = ["lines_deduplicated"]
    return [Observation(table.code, kind, table.code) for kind in kinds if kind and kind not in facts]


def _of_read(table: ParsedTable, facts: Counter[str]) -> list[str]:
    own = form.edition(table.edition or form.editions()[-1].code).table(table.code)
    widths = [len(line.columns) for line in own.lines]
    widest = sum(widths) if table.code == form.REMEDIES else max(widths)
    seen = {
        "rows_torn": facts["unclaimed_row"] > 0,
        "head_unknown": facts["column_missing"] > len(own.columns) / 2,
        "tables_repeated": facts["line_twice"] >= FEWEST_LABELS,
        "labels_gone": _most_figures(table) >= 2 * widest,
        "note_in_figure": any(placed.cell_code and NOTE.fullmatch(placed.cell.text) for placed in table.cells),
    }
    return [kind for kind, found in seen.items() if found]


def _most_figures(table: ParsedTable) -> int:
    """Return how many figures the row that shows most of them has; rows whose labels are gone run into one."""
    shown = Counter(p.row for p in table.cells if p.role == "value" and not is_blank(p.cell.text))
    return max(shown.values(), default=0)


def _of_unread(code: str, facts: Counter[str], blocks: Sequence[Block]) -> str:
    if not facts["table_heading"]:
        return "heading_absent"
    texts = [block.text.strip() for block in blocks]
    pieces = [piece for text in texts for piece in PIECES.split(text)]
    pieces += [cell.text for block in blocks for row in block.grid or () for cell in row.cells]
    shown = [piece for piece in pieces if not is_blank(piece)]
    known = len({labels.normal(piece) for piece in shown} & names_of(code))
    figures = sum(is_value(piece) for piece in shown)
    if sum(_is_glued(text, code) for text in texts) >= FEWEST_LABELS or any(_is_heads(text, code) for text in texts):
        return "cells_glued"
    if known >= FEWEST_LABELS:
        return "unread_table" if figures else "labels_only"
    if figures >= FEWEST_FIGURES:
        return "labels_gone"
    return "bars_of_page" if any("|" in text for text in texts) else "picture_or_attachment"


@cache
def _names_in_a_row(code: str) -> re.Pattern[str]:
    """Return the pattern of several labels of a table with nothing between them."""
    longest = "|".join(sorted(map(re.escape, filter(None, names_of(code))), key=len, reverse=True))
    return re.compile(rf"(?:{longest}){{{FEWEST_LABELS},}}")


def _is_glued(text: str, code: str) -> bool:
    """Tell whether a line is a label of the table and figures right behind it."""
    match = GLUED.fullmatch(text)
    return match is not None and labels.normal(match[1]) in names_of(code)


def _is_heads(text: str, code: str) -> bool:
    """Tell whether a line is several labels of the table with nothing between them."""
    return len(text.split()) == 1 and _names_in_a_row(code).fullmatch(text) is not None
