"""One to three lines were lost and the lines below moved up, so that as many empty lines stand at the end.

Belongs here: putting lines back in, empty ones or ones whose numbers follow from the rest. Does not: lines that are
empty in their place (emptied.py).

Where lines are put back, every row still adds up; the equations over the lines of a column are what tells. They are the
same in all columns, so a random weight per column folds a table into one number per line, and all places for the lines
are tried at once; what fits the folded table is then tried on the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from math import inf, log2
from random import Random

import numpy as np
from numpy.typing import NDArray

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.hypotheses.proposal import Hypothesis, Proposal
from assets.quarantine.localization.matrix import Frame, Value
from assets.quarantine.localization.words import bits, surcharge

MOST_LINES = 3
# So many tables are proposed for each number of lost lines, the likeliest first.
MOST_TABLES = 100
# Folded numbers must stay exact: a larger figure is no count of requests.
LARGEST = 1 << 36
WEIGHT_BITS = 18

# A determinant of whole numbers is 0 or at least 1.
DIFFERENT = 0.5

Array = NDArray[np.int64]
Changes = tuple[tuple[int, Value], ...]


def _propose(frame: Frame, facts: Facts) -> Iterator[Proposal]:
    table = _figures(frame)
    if table is None:
        return
    cheapest = inf
    for lost in range(1, MOST_LINES + 1):
        if table[-lost].any() or (bits("line_lost") + surcharge("label_found")) * lost >= cheapest:
            return
        found: dict[Changes, list[Proposal]] = {}
        for places, full, solved in _fitting(frame, table, lost):
            proposal = _put_back(frame, places, full, solved, facts)
            found.setdefault(tuple(proposal.changes.items()), []).append(proposal)
        likeliest = sorted((_weighed(same) for same in found.values()), key=lambda one: one.bits)[:MOST_TABLES]
        for proposal in likeliest:
            if frame.closes(proposal.changes):
                yield proposal
                cheapest = min(cheapest, proposal.bits)


def _weighed(same: list[Proposal]) -> Proposal:
    """Return one proposal for all places that give one and the same table: the more there are, the likelier it is."""
    likeliest = min(same, key=lambda one: one.bits)
    return replace(likeliest, bits=likeliest.bits - log2(sum(one.bits == likeliest.bits for one in same)))


def _figures(frame: Frame) -> Array | None:
    """The table as lines of whole numbers; None where it cannot have slipped."""
    matrix = frame.matrix
    if not frame.broken or not matrix.over_lines or not all(
        isinstance(number, int) and 0 <= number < LARGEST for number in frame.values
    ):
        return None
    within = {index for index in frame.broken for mask in matrix.line_masks if not matrix.masks[index] & ~mask}
    return None if within else np.array([[frame.values[cell] for cell in line] for line in matrix.lines], np.int64)


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


def _fitting(frame: Frame, table: Array, lost: int) -> Iterator[tuple[tuple[int, ...], Array, tuple[int, ...]]]:
    """Yield places for the lost lines, the table with them put back, and which of them hold numbers."""
    places, sources = _sources(len(table), lost)
    equations = np.array(frame.matrix.over_lines, dtype=np.int64)
    padded = np.vstack([table, np.zeros_like(table[:1])])
    surplus = (padded @ _column_weights(table.shape[1]))[sources] @ equations.T
    for choice in np.flatnonzero(~surplus.any(axis=1)):
        yield tuple(places[choice].tolist()), padded[sources[choice]], ()
    slots = [(slot,) for slot in range(lost)] + ([(0, 1)] if lost == 2 else [])
    for chosen in slots:
        parts = np.moveaxis(equations[:, places[:, chosen]], 0, 1)
        choices = np.flatnonzero(_solvable(parts, surplus) & surplus.any(axis=1))
        full = padded[sources[choices]]
        numbers = _solved(parts[choices], equations @ full)
        for n in np.flatnonzero(np.all(numbers >= 0, axis=(1, 2)) & np.all(np.any(numbers, axis=2), axis=1)):
            solved = places[choices[n], list(chosen)]
            full[n, solved] = numbers[n]
            yield tuple(places[choices[n]].tolist()), full[n], tuple(solved.tolist())


def _solvable(parts: Array, surplus: Array) -> NDArray[np.bool_]:
    """Return for which choices of places the lines chosen can hold the surplus: one line, or two that differ."""
    possible: NDArray[np.bool_] = np.zeros(len(parts), dtype=np.bool_)
    if parts.shape[2] == 1:
        # The surpluses must stand to each other as the coefficients of the line do.
        pivot = _pivot(parts)
        at, by = np.take_along_axis(surplus, pivot, 1), np.take_along_axis(parts[:, :, 0], pivot, 1)
        possible |= (surplus * by == parts[:, :, 0] * at).all(axis=1)
    elif parts.shape[1] == parts.shape[2]:
        possible |= np.abs(np.linalg.det(parts)) > DIFFERENT
    return possible


def _pivot(parts: Array) -> Array:
    """Return per choice the first equation that a single line stands in."""
    first: Array = np.argmax(parts[:, :, 0] != 0, axis=1)
    return first[:, None]


def _solved(parts: Array, surplus: Array) -> Array:
    """Return the numbers of the lines chosen, rounded: whether they close the table is asked of the whole table."""
    if parts.shape[2] == 1:
        pivot = _pivot(parts)
        by = np.take_along_axis(parts[:, :, 0], pivot, 1)[:, :, None]
        return -np.take_along_axis(surplus, pivot[:, :, None], 1) // by
    return np.rint(np.linalg.solve(parts, -surplus)).astype(np.int64)


def _put_back(
    frame: Frame, places: tuple[int, ...], full: Array, solved: tuple[int, ...], facts: Facts
) -> Proposal:
    numbers: list[int] = full.ravel().tolist()
    order = [cell for line in frame.matrix.lines for cell in line]
    changes = {cell: number for cell, number in zip(order, numbers, strict=True) if number != frame.values[cell]}
    codes = tuple(frame.matrix.line_codes[place] for place in places)
    cost = bits("line_lost") * len(places) + surcharge("label_found") * len(set(codes) - facts.missing_lines)
    cost += sum(surcharge("numbers_solved") + float(np.log2(full[line, :-1] + 1).sum()) for line in solved)
    return Proposal("line_lost", changes, cost, len(places), codes)


HYPOTHESIS = Hypothesis(("line_lost",), _propose)
