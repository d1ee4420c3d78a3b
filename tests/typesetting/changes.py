"""Named changes that damage a valid report, each the way published reports are damaged.

Belongs here: functions on a composed publication (rows, labels, heads moved or lost) and on a file's bytes.
Does not: changed figures (`ReportText.with_figures`); what must come of a damaged document (tests/documents).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.typesetting.form import PrintedBlock, PrintedLine, PrintedTable
from tests.typesetting.publication import Publication, Words

Lines = tuple[PrintedLine, ...]


def drop_line(publication: Publication, table: str, line: str) -> Publication:
    """Take one row away, label and figures."""
    return on_lines(publication, table, lambda lines: _without(lines, line))


def repeat_line(publication: Publication, table: str, line: str) -> Publication:
    """Print one row twice."""
    return on_lines(publication, table, lambda lines: _replaced(lines, line, lambda one: (one, one)))


def swap_lines(publication: Publication, table: str, first: str, second: str) -> Publication:
    """Exchange two rows, labels and figures together, each staying under its group label."""

    def exchange(lines: Lines) -> Lines:
        one, two = (next(line for line in lines if line.code == code) for code in (first, second))
        places = {one.code: replace(two, groups=one.groups), two.code: replace(one, groups=two.groups)}
        return tuple(places.get(line.code, line) for line in lines)

    return on_lines(publication, table, exchange)


def insert_line(publication: Publication, table: str, after: str, label: str, values: tuple[str, ...]) -> Publication:
    """Print a row that is not of the form below the row `after`."""
    return on_lines(
        publication, table,
        lambda lines: _replaced(lines, after, lambda one: (one, replace(one, label=label, values=values))),
    )


def shift_figures(publication: Publication, table: str, first: str) -> Publication:
    """Move all figures from the row `first` on down by one; `first` gets zeros and the last row's figures are lost."""

    def shift(lines: Lines) -> Lines:
        start = _position(lines, first)
        zeros = tuple("0" for _ in lines[start].values)
        moved = (zeros, *(line.values for line in lines[start:-1]))
        return (*lines[:start], *(replace(line, values=v) for line, v in zip(lines[start:], moved, strict=True)))

    return on_lines(publication, table, shift)


def drop_value(publication: Publication, table: str, line: str, column: int) -> Publication:
    """Take one figure of a row away together with its cell, so that the row has one cell too few."""

    def lose(one: PrintedLine) -> Lines:
        return (replace(one, values=one.values[:column] + one.values[column + 1 :]),)

    return on_lines(publication, table, lambda lines: _replaced(lines, line, lose))


def relabel(publication: Publication, table: str, line: str, label: str) -> Publication:
    """Print another label, or none, beside a row."""
    return on_lines(publication, table, lambda lines: _replaced(lines, line, lambda one: (replace(one, label=label),)))


def drop_head(publication: Publication, table: str, column: int) -> Publication:
    """Take one column head of a table away; its figures stay."""
    return on_heads(publication, table, lambda heads: (*heads[:column], None, *heads[column + 1 :]))


def swap_heads(publication: Publication, table: str, first: int, second: int) -> Publication:
    """Exchange two column heads of a table; the figures stay."""

    def exchange(heads: tuple[str | None, ...]) -> tuple[str | None, ...]:
        order = list(range(len(heads)))
        order[first], order[second] = second, first
        return tuple(heads[place] for place in order)

    return on_heads(publication, table, exchange)


def cut_after_line(publication: Publication, table: str, line: str) -> Publication:
    """End the document below one row of a table: nothing of what follows is there."""
    blocks: list[Words | PrintedTable] = []
    for block in publication.blocks:
        if isinstance(block, PrintedTable) and block.code == table:
            kept = block.lines[: _position(block.lines, line) + 1]
            return replace(publication, blocks=(*blocks, _with_lines(block, kept)))
        blocks.append(block)
    raise KeyError(table)


def append(publication: Publication, other: Publication) -> Publication:
    """Print another report below this one, in the same file."""
    return replace(publication, blocks=(*publication.blocks, *other.blocks))


def without_title(publication: Publication) -> Publication:
    """Print a report without its title."""
    kept = tuple(block for block in publication.blocks if not (isinstance(block, Words) and block.kind == "title"))
    return replace(publication, blocks=kept)


def _on_table(publication: Publication, table: str, change: Callable[[PrintedTable], PrintedTable]) -> Publication:
    if not any(isinstance(block, PrintedTable) and block.code == table for block in publication.blocks):
        raise KeyError(table)
    return replace(publication, blocks=tuple(
        change(block) if isinstance(block, PrintedTable) and block.code == table else block
        for block in publication.blocks
    ))


def on_lines(publication: Publication, table: str, change: Callable[[Lines], Lines]) -> Publication:
    """Change the lines of one table; each new line stays in the block that its code belongs to."""
    return _on_table(publication, table, lambda printed: _with_lines(printed, change(printed.lines)))


def _with_lines(printed: PrintedTable, lines: Lines) -> PrintedTable:
    """Return a table with other lines, each in the block that its code or that of the line before it belongs to."""
    block_of = {line.code: number for number, block in enumerate(printed.blocks) for line in block.lines}
    blocks = tuple(
        replace(block, lines=tuple(line for line in lines if block_of[line.code] == number))
        for number, block in enumerate(printed.blocks)
    )
    return PrintedTable(printed.code, tuple(block for block in blocks if block.lines))


def on_heads(
    publication: Publication, table: str, change: Callable[[tuple[str | None, ...]], tuple[str | None, ...]]
) -> Publication:
    """Change the heads of the first block of one table."""

    def changed(printed: PrintedTable) -> PrintedTable:
        first, *others = printed.blocks
        return replace(printed, blocks=(PrintedBlock(first.heading, change(first.heads), first.lines), *others))

    return _on_table(publication, table, changed)


def _position(lines: Lines, code: str) -> int:
    return [line.code for line in lines].index(code)


def _without(lines: Lines, code: str) -> Lines:
    return _replaced(lines, code, lambda _: ())


def _replaced(lines: Lines, code: str, change: Callable[[PrintedLine], Lines]) -> Lines:
    place = _position(lines, code)
    return (*lines[:place], *change(lines[place]), *lines[place + 1 :])
