"""Properties of Word's binary format: lists of modifiers (sprms), and what they make of runs, paragraphs and rows.

Belongs here: cutting such a list into modifiers, and the few of them that decide what is printed and where.
Does not: where the lists stand in the file (word_binary.py), text (doc.py).
Names and numbers are those of Microsoft's open specification [MS-DOC].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assets.parsing.readers.bounds import Unreadable

Modifier = tuple[int, bytes]

# Size of the operand by the three highest bits; 6 says that the size stands in front of the operand.
OPERAND_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
T_DEF_TABLE, P_CHG_TABS = 0xD608, 0xC615
P_IN_TABLE, P_ROW_END, P_DEPTH, P_DEPTH_CHANGE = 0x2416, 0x2417, 0x6649, 0x664A
P_INNER_CELL_END, P_INNER_ROW_END = 0x244B, 0x244C
P_STYLE, P_HUGE, P_HUGE_OLD = 0x4600, 0x6646, 0x6645
T_MERGE, T_SPLIT, T_VERTICAL_MERGE = 0x5624, 0x5625, 0xD62B
T_INSERT, T_DELETE, T_WIDTH = 0x7621, 0x5622, 0x7623
C_DELETED, C_FIELD_HIDDEN, C_VANISH, C_STRIKE, C_DOUBLE_STRIKE = 0x0800, 0x0802, 0x083C, 0x0837, 0x2A53
C_RAISED, C_SYMBOL, C_STYLE, C_PLAIN = 0x2A48, 0x6A09, 0x4A30, 0x2A33
# A piece of the text may carry one modifier in short form: its number here, its operand in one byte.
SHORT = {
    0x18: P_IN_TABLE, 0x19: P_ROW_END, 0x41: C_DELETED, 0x43: C_FIELD_HIDDEN, 0x57: C_STRIKE, 0x5C: C_VANISH,
    0x68: C_RAISED, 0x73: C_DOUBLE_STRIKE,
}
MOST_COLUMNS = 64
TC_SIZE = 20

Vertical = Literal["none", "first", "rest"]


@dataclass(frozen=True)
class CellProperties:
    """One defined cell of a row: its part in regions merged across and down."""

    across: int = 0
    down: Vertical = "none"


@dataclass(frozen=True)
class RowProperties:
    """Where a row's cells begin and end, in twips: one edge more than cells."""

    edges: tuple[int, ...]
    cells: tuple[CellProperties, ...]


@dataclass(frozen=True)
class ParagraphProperties:
    """What a paragraph is in the tables of the text; `depth` 0 is outside any, `row` is given at the end of a row."""

    style: int = 0
    depth: int = 0
    ends_row: bool = False
    ends_inner_cell: bool = False
    ends_inner_row: bool = False
    row: RowProperties | None = None


@dataclass(frozen=True)
class RunProperties:
    """What decides whether a run is printed (`hidden`, None where its style decides) and whether its digits count."""

    deleted: bool = False
    hidden: bool | None = None
    result_hidden: bool = False
    marked: bool = False
    symbol: bool = False
    style: int | None = None


def modifiers(listed: bytes) -> Iterator[Modifier]:
    """Cut a list of modifiers; Unreadable('broken') if one runs over the end."""
    position = 0
    while position + 2 <= len(listed):
        (code,) = struct.unpack_from("<H", listed, position)
        position += 2
        if code == 0 and not listed[position:].strip(b"\0"):
            return
        start, end = _operand(code, listed, position)
        if end > len(listed):
            raise Unreadable("broken", f"DOC: the operand of modifier {code:#06x} is cut off")
        yield code, listed[start:end]
        position = end


def _operand(code: int, listed: bytes, position: int) -> tuple[int, int]:
    """Return where the operand of a modifier starts and ends."""
    fixed = OPERAND_SIZES.get(code >> 13)
    if fixed is not None:
        return position, position + fixed
    if code == T_DEF_TABLE:
        size = int.from_bytes(listed[position : position + 2], "little")
        return position + 2, position + 1 + max(size, 1)
    size = listed[position] if position < len(listed) else 0
    if code == P_CHG_TABS and size == 255:
        deleted = listed[position + 1] if position + 1 < len(listed) else 0
        added_at = position + 2 + 4 * deleted
        added = listed[added_at] if added_at < len(listed) else 0
        return position + 1, added_at + 1 + 3 * added
    return position + 1, position + 1 + size


# ---------------------------------------------------------------------------------------------------------------------
# Runs


def run_properties(listed: Sequence[Modifier]) -> RunProperties:
    """Return what modifiers make of a run."""
    made = RunProperties()
    for code, operand in listed:
        on = bool(operand and operand[0] & 1)
        if code == C_PLAIN:
            made = RunProperties(deleted=made.deleted)
        elif code == C_DELETED:
            made = replace(made, deleted=on)
        elif code == C_VANISH:
            # 128 and 129 say "as the style" and "the other way round".
            made = replace(made, hidden=None if operand[0] == 128 else on)
        elif code == C_FIELD_HIDDEN:
            made = replace(made, result_hidden=on)
        elif code in (C_STRIKE, C_DOUBLE_STRIKE, C_RAISED):
            made = replace(made, marked=made.marked or operand[0] not in (0, 128))
        elif code == C_SYMBOL:
            made = replace(made, symbol=True)
        elif code == C_STYLE:
            made = replace(made, style=int.from_bytes(operand[:2], "little"))
    return made


# ---------------------------------------------------------------------------------------------------------------------
# Paragraphs and rows


def paragraph_properties(style: int, listed: Sequence[Modifier]) -> ParagraphProperties:
    """Return what modifiers make of a paragraph; Unreadable('broken') for a row definition that cannot be."""
    flags: dict[int, bool] = {}
    depth: int | None = None
    for code, operand in listed:
        if code in (P_IN_TABLE, P_ROW_END, P_INNER_CELL_END, P_INNER_ROW_END):
            flags[code] = operand[0] != 0
        elif code == P_DEPTH:
            depth = int.from_bytes(operand, "little", signed=True)
        elif code == P_DEPTH_CHANGE:
            depth = (depth or 0) + int.from_bytes(operand, "little", signed=True)
        elif code == P_STYLE:
            style = int.from_bytes(operand[:2], "little")
    inside = flags.get(P_IN_TABLE, False)
    ends = flags.get(P_ROW_END, False) or flags.get(P_INNER_ROW_END, False)
    return ParagraphProperties(
        style, max(1, 1 if depth is None else depth) if inside else 0, flags.get(P_ROW_END, False),
        flags.get(P_INNER_CELL_END, False), flags.get(P_INNER_ROW_END, False),
        _row_properties(listed) if ends else None,
    )


def _row_properties(listed: Sequence[Modifier]) -> RowProperties | None:
    """Return the row that modifiers define, None if none does; changes that follow the definition are applied."""
    row: RowProperties | None = None
    for code, operand in listed:
        if code == T_DEF_TABLE:
            row = _defined(operand)
        elif row is not None and code in (T_MERGE, T_SPLIT):
            row = replace(row, cells=_marked_across(row.cells, operand[0], operand[1], code == T_MERGE))
        elif row is not None and code == T_VERTICAL_MERGE and len(operand) >= 2:
            down = {operand[0]: _vertical(operand[1])}
            row = replace(row, cells=tuple(replace(c, down=down.get(i, c.down)) for i, c in enumerate(row.cells)))
        elif row is not None and code in (T_INSERT, T_DELETE, T_WIDTH):
            row = _resized(row, code, operand)
    return row


def _defined(operand: bytes) -> RowProperties:
    count = operand[0] if operand else 0
    if not 0 < count < MOST_COLUMNS or len(operand) < 1 + 2 * (count + 1):
        raise Unreadable("broken", f"DOC: a table row defined with {count} cells in {len(operand)} bytes")
    edges = struct.unpack_from(f"<{count + 1}h", operand, 1)
    if list(edges) != sorted(edges):
        raise Unreadable("broken", "DOC: a table row whose cells end before they begin")
    first = 1 + 2 * (count + 1)
    flags = [int.from_bytes(operand[at : at + 2], "little") for at in range(first, first + TC_SIZE * count, TC_SIZE)]
    return RowProperties(edges, tuple(CellProperties(word & 3, _vertical(word >> 5 & 3)) for word in flags))


def _vertical(bits: int) -> Vertical:
    """Return the part of a cell in a region merged down: 1 goes on, 3 begins it."""
    return "rest" if bits == 1 else "first" if bits > 1 else "none"


def _marked_across(
    cells: tuple[CellProperties, ...], first: int, end: int, merged: bool
) -> tuple[CellProperties, ...]:
    marks: Mapping[int, int] = {i: (1 if i == first else 2) if merged else 0 for i in range(first, end)}
    return tuple(replace(cell, across=marks.get(index, cell.across)) for index, cell in enumerate(cells))


def _resized(row: RowProperties, code: int, operand: bytes) -> RowProperties:
    """Insert or delete cells, or set their width."""
    widths = [after - before for before, after in zip(row.edges, row.edges[1:], strict=False)]
    cells = list(row.cells)
    first, second = operand[0], operand[1]
    if code == T_DELETE:
        del widths[first:second], cells[first:second]
    else:
        width = max(0, int.from_bytes(operand[2:4], "little", signed=True))
        if code == T_INSERT:
            widths[first:first], cells[first:first] = [width] * second, [CellProperties()] * second
        else:
            widths[first:second] = [width] * len(widths[first:second])
    edges = [row.edges[0]]
    for width in widths:
        edges.append(edges[-1] + width)
    if not 0 < len(cells) < MOST_COLUMNS:
        raise Unreadable("broken", f"DOC: a table row changed to {len(cells)} cells")
    return RowProperties(tuple(edges), tuple(cells))
