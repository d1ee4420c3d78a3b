"""Faults of a set page: rows, labels, heads and blocks moved, lost or repeated.

Belongs here: one function per class of step `page`: (chance, publication) → the damaged publication, or None where
the page has nothing to strike at. Does not: the changes themselves where changes.py has them; figures; bytes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from assets.form import cells as form
from tests.typesetting import changes
from tests.typesetting.changes import on_heads, on_lines
from tests.typesetting.figures import made_report
from tests.typesetting.form import PrintedLine, PrintedTable
from tests.typesetting.publication import Publication, Words, compose

Change = Callable[[random.Random, Publication], Publication | None]
Lines = tuple[PrintedLine, ...]

# Tables whose lines have a label each; the lines of table 4 stand side by side under heads.
LISTED = (form.PROACTIVE, form.REQUESTS)


def _table(page: Publication, code: str) -> PrintedTable:
    return next(block for block in page.blocks if isinstance(block, PrintedTable) and block.code == code)


def _line(chance: random.Random, page: Publication) -> tuple[str, str]:
    table = chance.choice((*LISTED, form.REQUESTS))
    return table, chance.choice(_table(page, table).lines).code


def _alike(chance: random.Random, page: Publication) -> tuple[str, PrintedLine, PrintedLine]:
    """Return two different lines of one table that have as many figures as one another."""
    table, code = _line(chance, page)
    lines = {line.code: line for line in _table(page, table).lines}
    others = [line for line in lines.values() if line.code != code and len(line.values) == len(lines[code].values)]
    return (table, lines[code], chance.choice(others)) if others else _alike(chance, page)


def _on_line(page: Publication, table: str, code: str, change: Callable[[PrintedLine], PrintedLine]) -> Publication:
    return on_lines(page, table, lambda lines: tuple(change(line) if line.code == code else line for line in lines))


def _line_dropped(chance: random.Random, page: Publication) -> Publication | None:
    return changes.drop_line(page, *_line(chance, page))


def _line_repeated(chance: random.Random, page: Publication) -> Publication | None:
    return changes.repeat_line(page, *_line(chance, page))


def _lines_exchanged(chance: random.Random, page: Publication) -> Publication | None:
    table, one, two = _alike(chance, page)
    return changes.swap_lines(page, table, one.code, two.code)


def _lines_shuffled(chance: random.Random, page: Publication) -> Publication | None:
    def shuffle(lines: Lines) -> Lines:
        mixed = chance.sample(lines, len(lines))
        return tuple(replace(line, groups=place.groups) for line, place in zip(mixed, lines, strict=True))

    return on_lines(page, form.REQUESTS, shuffle)


def _figures_slipped(chance: random.Random, page: Publication) -> Publication | None:
    lines = _table(page, form.REQUESTS).lines[:-1]
    return changes.shift_figures(page, form.REQUESTS, chance.choice(lines).code)


def _label_lost(chance: random.Random, page: Publication) -> Publication | None:
    table, code = _line(chance, page)
    return changes.relabel(page, table, code, "")


def _label_worn(chance: random.Random, page: Publication) -> Publication | None:
    def wear(line: PrintedLine) -> PrintedLine:
        place = chance.randrange(len(line.label))
        return replace(line, label=line.label[:place] + chance.choice("□?口 ") + line.label[place + 1 :])

    return _on_line(page, *_line(chance, page), wear)


def _label_of_another(chance: random.Random, page: Publication) -> Publication | None:
    table, one, two = _alike(chance, page)
    return changes.relabel(page, table, one.code, two.label)


def _labels_exchanged(chance: random.Random, page: Publication) -> Publication | None:
    table, one, two = _alike(chance, page)
    other = changes.relabel(page, table, one.code, two.label)
    return changes.relabel(other, table, two.code, one.label)


def _headed(chance: random.Random, page: Publication) -> tuple[str, int]:
    table = chance.choice(form.table_codes())
    return table, chance.randrange(len(_table(page, table).blocks[0].heads))


def _head_lost(chance: random.Random, page: Publication) -> Publication | None:
    return changes.drop_head(page, *_headed(chance, page))


def _heads_exchanged(chance: random.Random, page: Publication) -> Publication | None:
    table, first = _headed(chance, page)
    width = len(_table(page, table).blocks[0].heads)
    return changes.swap_heads(page, table, first, (first + chance.randrange(1, width)) % width)


def _head_repeated(chance: random.Random, page: Publication) -> Publication | None:
    table, place = _headed(chance, page)
    return on_heads(page, table, lambda heads: (*heads[:place], heads[place - 1], *heads[place + 1 :]))


def _with_values(
    chance: random.Random, page: Publication, change: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> Publication | None:
    table = chance.choice(form.table_codes())
    code = chance.choice(_table(page, table).lines).code
    return _on_line(page, table, code, lambda line: replace(line, values=change(line.values)))


def _value_lost(chance: random.Random, page: Publication) -> Publication | None:
    def lose(values: tuple[str, ...]) -> tuple[str, ...]:
        place = chance.randrange(len(values))
        return values[:place] + values[place + 1 :]

    return _with_values(chance, page, lose)


def _value_inserted(chance: random.Random, page: Publication) -> Publication | None:
    def insert(values: tuple[str, ...]) -> tuple[str, ...]:
        place = chance.randint(0, len(values))
        return (*values[:place], chance.choice(("0", "", "3", values[0])), *values[place:])

    return _with_values(chance, page, insert)


def _glued(chance: random.Random, page: Publication, after: tuple[str, ...]) -> Publication | None:
    def glue(values: tuple[str, ...]) -> tuple[str, ...]:
        if len(values) < 2:
            return values
        place = chance.randrange(len(values) - 1)
        return (*values[:place], values[place] + values[place + 1], *after, *values[place + 2 :])

    made = _with_values(chance, page, glue)
    return None if made == page else made


def _values_glued(chance: random.Random, page: Publication) -> Publication | None:
    return _glued(chance, page, ())


def _values_glued_blank_after(chance: random.Random, page: Publication) -> Publication | None:
    return _glued(chance, page, ("",))


def _extra_line(chance: random.Random, page: Publication) -> Publication | None:
    table, code = _line(chance, page)
    width = len(next(line for line in _table(page, table).lines if line.code == code).values)
    values = tuple(str(chance.randint(0, 400)) for _ in range(width))
    return changes.insert_line(page, table, code, "本地另行统计的其他事项", values)


def _groups_lost(chance: random.Random, page: Publication) -> Publication | None:
    return on_lines(page, form.REQUESTS, lambda lines: tuple(
        replace(line, groups=line.groups[:1] + ("",) * (len(line.groups) - 1)) for line in lines
    ))


def _table_cut(chance: random.Random, page: Publication) -> Publication | None:
    table, code = _line(chance, page)
    return changes.cut_after_line(page, table, code)


def _with_blocks(page: Publication, blocks: list[Words | PrintedTable]) -> Publication:
    return replace(page, blocks=tuple(blocks))


def _tables(page: Publication) -> list[int]:
    return [place for place, block in enumerate(page.blocks) if isinstance(block, PrintedTable)]


def _table_lost(chance: random.Random, page: Publication) -> Publication | None:
    blocks = list(page.blocks)
    del blocks[chance.choice(_tables(page))]
    return _with_blocks(page, blocks)


def _table_repeated(chance: random.Random, page: Publication) -> Publication | None:
    blocks = list(page.blocks)
    place = chance.choice(_tables(page))
    blocks.insert(place, blocks[place])
    return _with_blocks(page, blocks)


def _tables_exchanged(chance: random.Random, page: Publication) -> Publication | None:
    blocks = list(page.blocks)
    first, second = chance.sample(_tables(page), 2)
    blocks[first], blocks[second] = blocks[second], blocks[first]
    return _with_blocks(page, blocks)


def _heading_lost(chance: random.Random, page: Publication) -> Publication | None:
    blocks = list(page.blocks)
    headings = [n for n, block in enumerate(blocks) if isinstance(block, Words) and block.kind == "heading"]
    del blocks[chance.choice(headings)]
    return _with_blocks(page, blocks)


def _blocks_shuffled(chance: random.Random, page: Publication) -> Publication | None:
    return _with_blocks(page, chance.sample(page.blocks, len(page.blocks)))


def _blocks_repeated(chance: random.Random, page: Publication) -> Publication | None:
    start = chance.randrange(len(page.blocks))
    stop = chance.randint(start + 1, len(page.blocks))
    return _with_blocks(page, [*page.blocks[:stop], *page.blocks[start:]])


def _other_report_appended(chance: random.Random, page: Publication) -> Publication | None:
    return changes.append(page, compose(made_report(chance.getrandbits(48))))


def _other_table_appended(chance: random.Random, page: Publication) -> Publication | None:
    other = compose(made_report(chance.getrandbits(48)))
    place = chance.choice(_tables(page))
    code = next(block.code for block in page.blocks[place:] if isinstance(block, PrintedTable))
    blocks = list(page.blocks)
    blocks.insert(place + chance.randint(0, 1), _table(other, code))
    return _with_blocks(page, blocks)


FAULTS: dict[str, Change] = {change.__name__.removeprefix("_"): change for change in (
    _line_dropped, _line_repeated, _lines_exchanged, _lines_shuffled, _figures_slipped, _label_lost, _label_worn,
    _label_of_another, _labels_exchanged, _head_lost, _heads_exchanged, _head_repeated, _value_lost, _value_inserted,
    _values_glued, _values_glued_blank_after, _extra_line, _groups_lost, _table_cut, _table_lost, _table_repeated,
    _tables_exchanged, _heading_lost, _blocks_shuffled, _blocks_repeated, _other_report_appended,
    _other_table_appended,
)}
