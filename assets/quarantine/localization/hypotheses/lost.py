"""One to three lines were lost and the lines below moved up, so that as many empty lines stand at the end.

Belongs here: putting lines back in, empty ones or ones whose numbers follow from the rest. Does not: lines that are
empty in their place (emptied.py).

Where lines are put back, every row still adds up; the equations over the lines of a column are what tells. They are the
same in all columns, so a random weight per column folds a table into one number per line, and all places for the lines
are tried at once; what fits the folded table is then tried on the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from random import Random

import numpy as np
from numpy.typing import NDArray

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.hypotheses.proposal import Hypothesis, Proposal
from assets.quarantine.localization.matrix import Frame, Value
from assets.quarantine.localization.words import bits, surcharge

MOST_LINES = 3
# Folded numbers must stay exact: a larger figure is no count of requests.
LARGEST = 1 << 36
WEIGHT_BITS = 18

Array = NDArray[np.int64]


def _propose(frame: Frame, facts: Facts) -> Iterator[Proposal]:
    table = _figures(frame)
    if table is None:
        return
    for lost in range(1, MOST_LINES + 1):
        if any(table[-lost]):
            return
        found: dict[tuple[tuple[int, Value], ...], Proposal] = {}
        for places, solved in _fitting(frame, table, lost):
            proposal = _put_back(frame, table, places, solved, facts)
            if proposal is not None:
                key = tuple(sorted(proposal.changes.items()))
                found[key] = min(proposal, found.get(key, proposal), key=lambda one: one.bits)
        yield from found.values()
        if found:
            return


def _figures(frame: Frame) -> list[list[int]] | None:
    """The table as lines of whole numbers; None where it cannot have slipped."""
    matrix = frame.matrix
    if not frame.broken or not matrix.over_lines or any(set(matrix.lines[matrix.line_of[min(equation)]]).issuperset(
        equation) for equation in (matrix.equations[index] for index in frame.broken)):
        return None
    lines: list[list[int]] = []
    for line in matrix.lines:
        numbers = [frame.values[cell] for cell in line]
        whole = [number for number in numbers if isinstance(number, int) and 0 <= number < LARGEST]
        if len(whole) < len(line):
            return None
        lines.append(whole)
    return lines


@lru_cache(maxsize=16)
def _sources(lines: int, lost: int) -> tuple[Array, Array]:
    """Per choice of places: the places, and per line of the full table the printed line it comes from, or the last."""
    places = np.array(list(combinations(range(lines), lost)), dtype=np.int64)
    index = np.arange(lines, dtype=np.int64)
    before = (places[:, :, None] < index).sum(axis=1)
    put_in = (places[:, :, None] == index).any(axis=1)
    return places, np.where(put_in, lines, index - before)


@lru_cache(maxsize=4)
def _column_weights(columns: int) -> Array:
    chance = Random(columns)
    return np.array([chance.getrandbits(WEIGHT_BITS) for _ in range(columns)], dtype=np.int64)


def _fitting(frame: Frame, table: list[list[int]], lost: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield places for the lost lines and which of them must hold numbers, where the folded table then adds up."""
    places, sources = _sources(len(table), lost)
    equations = np.array(frame.matrix.over_lines, dtype=np.int64)
    numbers = np.array([*table, [0] * len(table[0])], dtype=np.int64)
    folded = numbers @ _column_weights(len(table[0]))
    surplus = folded[sources] @ equations.T
    for choice in np.flatnonzero(~surplus.any(axis=1)):
        yield tuple(map(int, places[choice])), ()
    for slot in range(lost):
        parts = equations[:, places[:, slot]].T
        # A line can hold the surplus if the surpluses stand to each other as its coefficients do.
        pivot = np.argmax(parts != 0, axis=1)[:, None]
        at, by = np.take_along_axis(surplus, pivot, 1), np.take_along_axis(parts, pivot, 1)
        fits = (surplus * by == parts * at).all(axis=1) & surplus.any(axis=1)
        for choice in np.flatnonzero(fits):
            yield tuple(map(int, places[choice])), (int(places[choice, slot]),)
    if lost == 2:
        for choice in range(len(places)):
            pair = (int(places[choice, 0]), int(places[choice, 1]))
            if np.linalg.matrix_rank(equations[:, list(pair)]) == 2:
                yield pair, pair


def _put_back(
    frame: Frame, table: list[list[int]], places: tuple[int, ...], solved: tuple[int, ...], facts: Facts
) -> Proposal | None:
    rows = iter(table)
    full = [[0] * len(table[0]) if n in places else next(rows) for n in range(len(table))]
    changes: dict[int, Value] = {}
    for cells, numbers in zip(frame.matrix.lines, full, strict=True):
        changes |= dict(zip(cells, numbers, strict=True))
    unknown = {cell for line in solved for cell in frame.matrix.lines[line]}
    if unknown:
        moved = frame.changed(changes)
        changes |= (settled := moved.settled(unknown))
        if len(settled) < len(unknown):
            return None
    changes = {cell: value for cell, value in changes.items() if value != frame.values[cell]}
    if not frame.closes(changes):
        return None
    codes = tuple(frame.matrix.line_codes[place] for place in places)
    cost = bits("line_lost") * len(places) + surcharge("numbers_solved") * len(solved)
    cost += surcharge("label_found") * len(set(codes) - facts.missing_lines)
    return Proposal("line_lost", changes, cost, len(places), codes)


HYPOTHESIS = Hypothesis(("line_lost",), _propose)
