"""One to three lines were lost and the lines below moved up, so that as many empty lines stand at the end.

Belongs here: putting lines back in, empty ones or ones whose numbers follow from the rest. Does not: lines that are
empty in their place (emptied.py).

Where lines are put back, every row still adds up; the equations over the lines of a column are what tells. Between two
lines put back the printed lines all move by the same number of places, so running sums over the printed lines, one per
number of places, give the surplus of a choice of places: all choices are tried at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import inf
from random import Random

import numpy as np
from numpy.typing import NDArray

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.hypotheses.proposal import Hypothesis, Proposal
from assets.quarantine.localization.matrix import Frame
from assets.quarantine.localization.words import bits, surcharge, usual_lines, weight

MOST_LINES = 3
# So many tables are proposed for each number of lost lines, the likeliest first.
MOST_TABLES = 100
# Two choices give one table where its sum with these weights is the same: otherwise by chance, once in 2**62.
WEIGHT_BITS = 62
# A determinant of whole numbers is 0 or at least 1.
DIFFERENT = 0.5

Array = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class _Choices:
    """Choices of places at which the table closes over its lines.

    places: of the lines put back; solved: of those that hold numbers, or one past the last line; numbers: theirs.
    """

    places: Array
    solved: Array
    numbers: Array


def _propose(frame: Frame, facts: Facts) -> Iterator[Proposal]:
    table = _figures(frame)
    if table is None:
        return
    cheapest = inf
    for lost in range(1, MOST_LINES + 1):
        unlikely = (bits("line_lost") + surcharge("label_found")) * lost >= cheapest
        if table[-lost].any() or (unlikely and lost > len(facts.missing_lines)):
            return
        for proposal in _tables(frame, table, lost, facts):
            yield proposal
            cheapest = min(cheapest, proposal.bits)


def _figures(frame: Frame) -> Array | None:
    """The table as lines of whole numbers; None where it cannot have slipped."""
    matrix = frame.matrix
    if not frame.broken or not matrix.over_lines or not matrix.within_lines.isdisjoint(frame.broken):
        return None
    table = frame.whole[np.array(matrix.lines)]
    return None if (table < 0).any() else table


def _tables(frame: Frame, table: Array, lost: int, facts: Facts) -> Iterator[Proposal]:
    """Yield the likeliest tables with so many lines put back, each once."""
    choices = _closing(frame, table, lost)
    if not len(choices.places):
        return
    codes = frame.matrix.line_codes
    cost = _bits(choices, np.array([code not in facts.missing_lines for code in codes]))
    order, cost = _each_table_once(_keys(table, choices), cost)
    full = _put_back(table, choices, order)
    usual = [n for n, code in enumerate(codes) if code in usual_lines()]
    filled = full[:, usual].any(axis=2).sum(axis=1) * weight("usual_line", True)
    likeliest = np.argsort(np.round(cost + filled, 6), kind="stable")[:MOST_TABLES]
    tables = full[likeliest].reshape(len(likeliest), -1)
    closed = np.flatnonzero(np.count_nonzero(tables @ frame.matrix.dense.T, axis=1) == 0)
    printed = table.ravel()
    for row, choice in zip(closed, likeliest[closed], strict=True):
        changed = np.flatnonzero(tables[row] != printed)
        changes = dict(zip(changed.tolist(), tables[row, changed].tolist(), strict=True))
        lines = tuple(codes[place] for place in choices.places[order[choice]].tolist())
        yield Proposal("line_lost", changes, float(cost[choice]), lost, lines)


@lru_cache(maxsize=16)
def _places(lines: int, lost: int) -> Array:
    """Every choice of places for the lost lines in the full table."""
    return np.array(list(combinations(range(lines), lost)), dtype=np.int64)


@lru_cache(maxsize=16)
def _weights(count: int, seed: int) -> Array:
    chance = Random(seed)
    return np.array([chance.getrandbits(WEIGHT_BITS) for _ in range(count)], dtype=np.int64)


def _summed(each: Array, coefficients: Array, places: Array) -> Array:
    """Return per choice of places the sum of coefficient × printed line over the full table.

    each: per printed line its numbers; coefficients: per line of the full table those of the sums wanted.
    """
    count, lost = len(each), places.shape[1]
    first = np.full((len(places), 1), -1, dtype=np.int64)
    last = np.full((len(places), 1), count, dtype=np.int64)
    borders = np.hstack([first, places, last])
    total = np.zeros((len(places), coefficients.shape[1], each.shape[1]), dtype=np.int64)
    for moved in range(lost + 1):
        # The printed lines between two lines put back: all of them stand `moved` places lower in the full table.
        terms = coefficients[moved:, :, None] * each[: count - moved, None, :]
        sums = np.concatenate([np.zeros_like(terms[:1]), np.cumsum(terms, axis=0)])
        total += sums[borders[:, moved + 1] - moved] - sums[borders[:, moved] + 1 - moved]
    return total


def _closing(frame: Frame, table: Array, lost: int) -> _Choices:
    """Return the choices of places, and of lines among them that hold numbers, at which all columns close."""
    places, equations = _places(len(table), lost), np.array(frame.matrix.over_lines, dtype=np.int64)
    surplus = _summed(table, equations.T, places)
    broken = surplus.any(axis=(1, 2))
    none = np.zeros((int((~broken).sum()), 0, table.shape[1]), dtype=np.int64)
    found = [_with_numbers(len(table), places[~broken], (), none)]
    for chosen in (slots for size in (1, 2) for slots in combinations(range(lost), size)):
        parts = np.moveaxis(equations[:, places[:, chosen]], 0, 1)
        fit = np.flatnonzero(broken & _solvable(parts, surplus))
        numbers = _solved(parts[fit], surplus[fit])
        full = np.all(numbers >= 0, axis=(1, 2)) & np.all(np.any(numbers, axis=2), axis=1)
        found.append(_with_numbers(len(table), places[fit[full]], chosen, numbers[full]))
    return _Choices(
        np.concatenate([one.places for one in found]), np.concatenate([one.solved for one in found]),
        np.concatenate([one.numbers for one in found]),
    )


def _with_numbers(lines: int, places: Array, chosen: tuple[int, ...], numbers: Array) -> _Choices:
    """Return choices with room for the numbers of two lines; one that is not needed is put past the last line."""
    spare = 2 - len(chosen)
    solved = np.hstack([places[:, list(chosen)], np.full((len(places), spare), lines, dtype=np.int64)])
    return _Choices(places, solved, np.pad(numbers, ((0, 0), (0, spare), (0, 0))))


def _solvable(parts: Array, surplus: Array) -> NDArray[np.bool_]:
    """Return for which choices of places the lines chosen can hold the surplus: one line, or two that differ."""
    possible: NDArray[np.bool_] = np.zeros(len(parts), dtype=np.bool_)
    if parts.shape[2] == 1:
        # The surpluses must stand to each other as the coefficients of the line do.
        pivot = _pivot(parts)
        by = np.take_along_axis(parts, pivot, 1)
        possible = (surplus * by == parts * np.take_along_axis(surplus, pivot, 1)).all(axis=(1, 2))
    elif parts.shape[1] == parts.shape[2]:
        possible = np.abs(np.linalg.det(parts)) > DIFFERENT
    return possible


def _pivot(parts: Array) -> Array:
    """Return per choice the first equation that a single line stands in."""
    first: Array = np.argmax(parts != 0, axis=1)
    return first[:, None]


def _solved(parts: Array, surplus: Array) -> Array:
    """Return the numbers of the lines chosen, rounded: whether they close the table is asked of the whole table."""
    if parts.shape[2] == 1:
        pivot = _pivot(parts)
        return -np.take_along_axis(surplus, pivot, 1) // np.take_along_axis(parts, pivot, 1)
    return np.rint(np.linalg.solve(parts, -surplus)).astype(np.int64)


def _bits(choices: _Choices, unsaid: NDArray[np.bool_]) -> Numbers:
    """Return what each choice costs; `unsaid`: the lines of which the reader did not say that they are missing."""
    lost, lines = choices.places.shape[1], len(unsaid)
    cost = bits("line_lost") * lost + surcharge("label_found") * unsaid[choices.places].sum(axis=1)
    cost += surcharge("numbers_solved") * (choices.solved < lines).sum(axis=1)
    made: Numbers = cost + np.log2(choices.numbers[:, :, :-1] + 1).sum(axis=(1, 2))
    return np.round(made, 6)


def _keys(table: Array, choices: _Choices) -> Array:
    """Return one number per choice, the same for those that give the same table: its sum with fixed random weights."""
    columns, lines = _weights(table.shape[1], 1), _weights(len(table), 2)
    printed = _summed((table @ columns)[:, None], lines[:, None], choices.places)[:, 0, 0]
    solved: Array = ((choices.numbers @ columns) * np.append(lines, 0)[choices.solved]).sum(axis=1)
    return printed + solved


def _each_table_once(keys: Array, cost: Numbers) -> tuple[Array, Numbers]:
    """Return per table its cheapest choice and what it costs: the more cheapest choices give it, the likelier it is."""
    order = np.lexsort((cost, keys))
    keys, cost = keys[order], cost[order]
    starts = np.append(0, 1 + np.flatnonzero(np.diff(keys)))
    sizes = np.diff(np.append(starts, len(keys)))
    cheapest = np.repeat(cost[starts], sizes) == cost
    return order[starts], cost[starts] - np.log2(np.add.reduceat(cheapest.astype(np.int64), starts))


def _put_back(table: Array, choices: _Choices, order: Array) -> Array:
    """Return the full tables of some choices."""
    places, lines = choices.places[order], len(table)
    index = np.arange(lines, dtype=np.int64)
    before = (places[:, :, None] < index).sum(axis=1)
    put_in = (places[:, :, None] == index).any(axis=1)
    padded = np.vstack([table, np.zeros_like(table[:1])])
    full = padded[np.pad(np.where(put_in, lines, index - before), ((0, 0), (0, 1)), constant_values=lines)]
    rows = np.arange(len(order))[:, None]
    full[rows, choices.solved[order]] = choices.numbers[order]
    whole: Array = full[:, :lines]
    return whole


HYPOTHESIS = Hypothesis(("line_lost",), _propose)
