"""All smallest sets of changed cells that make the identities hold, by exact search.

Belongs here: the search and its bound. Does not: typed causes (hypotheses/), which repair is likely (ranking.py).

Freeing a cell eliminates it from the equations. An equation that is left without freed cells and with a surplus shows
that one more of its cells is wrong: the search branches on them, the shortest such equation first, and forbids in each
branch the cells of the branches before it, so that no set comes twice. Where no surplus is left, the freed cells
follow by substitution. If a number comes out that a cell cannot hold, a cell that it was derived from changes too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from math import ceil, floor
from operator import and_
from typing import NamedTuple

from assets.quarantine.localization.matrix import Frame, Matrix, Value, divided

# Coefficients of an equation are packed into one integer, a field of so many bits per cell, so that adding equations
# is one addition. They are 1 or -1 at first and hardly grow: a sum of two that share a cell
# beside the one eliminated makes a 2.
FIELD = 16
HALF = 1 << (FIELD - 1)
FULL = (1 << FIELD) - 1
# A cell that no equation ties is tried with at most so many numbers.
MOST_NUMBERS = 24

Solution = dict[int, Value]


class _Equation(NamedTuple):
    mask: int
    packed: int
    surplus: Value


# The freed cells in order, each with the equation that it was eliminated by.
Pivots = tuple[tuple[int, _Equation], ...]


class OutOfNodes(Exception):
    """The bound stopped the search."""


@dataclass(frozen=True)
class Found:
    """What a search found: the size and every repair of that size, whether the bound came first, the nodes it took."""

    size: int | None
    solutions: tuple[Solution, ...]
    complete: bool
    nodes: int


class Search:
    """The search over one table."""

    def __init__(self, frame: Frame, nodes: int) -> None:
        self._frame = frame
        self._cells = len(frame.values)
        self._offset = sum(HALF << (FIELD * cell) for cell in range(self._cells))
        self._bound = nodes
        self.nodes = 0
        self._numbers_left_out = False

    def smallest(self, most: int) -> Found:
        """Return all repairs with the fewest cells, at most `most` of them."""
        for size in range(self._least(self._start()), most + 1):
            try:
                solutions = tuple(self.of_size(size))
            except OutOfNodes:
                return Found(None, (), False, self.nodes)
            if solutions:
                return Found(size, solutions, not self._numbers_left_out, self.nodes)
        return Found(None, (), False, self.nodes)

    def of_size(self, size: int) -> Iterator[Solution]:
        """Yield every repair of exactly `size` cells of which no part is a repair; OutOfNodes at the bound."""
        equations = self._start()
        allowed = 0
        for equation in equations:
            allowed |= equation.mask
        yield from self._descend(equations, (), allowed, size)

    def _start(self) -> list[_Equation]:
        frame, packed = self._frame, _packed(self._frame.matrix)
        return [_Equation(frame.matrix.masks[index], packed[index], frame.surplus[index]) for index in frame.known]

    def _descend(
        self, equations: list[_Equation], pivots: Pivots, allowed: int, left: int
    ) -> Iterator[Solution]:
        self.nodes += 1
        if self.nodes > self._bound:
            raise OutOfNodes
        broken = [equation for equation in equations if equation.surplus]
        if not broken:
            yield from self._substituted(equations, pivots, allowed, left)
            return
        masks = [equation.mask & allowed for equation in broken]
        if _too_many(masks, left):
            return
        if left == 1:
            yield from self._last(equations, broken, pivots, allowed)
        else:
            yield from self._branch(min(masks, key=int.bit_count), masks, equations, pivots, allowed, left)

    def _last(
        self, equations: list[_Equation], broken: list[_Equation], pivots: Pivots, allowed: int
    ) -> Iterator[Solution]:
        """Yield the repairs with one more cell: it stands in all broken equations and in no other."""
        for equation in equations:
            allowed &= equation.mask if equation.surplus else ~equation.mask
        while allowed:
            bit = allowed & -allowed
            allowed ^= bit
            cell = bit.bit_length() - 1
            pivot = broken[0]
            factor = self._coefficient(pivot, cell)
            if all(one.surplus * factor == pivot.surplus * self._coefficient(one, cell) for one in broken):
                yield from self._substituted([], (*pivots, (cell, pivot)), 0, 0)

    def _branch(
        self, candidates: int, broken: list[int], equations: list[_Equation], pivots: Pivots, allowed: int,
        left: int,
    ) -> Iterator[Solution]:
        """Free each candidate in turn, unless too few cells are left for the broken equations that it stands not in."""
        while candidates:
            bit = candidates & -candidates
            candidates ^= bit
            allowed ^= bit
            if _too_many([mask & allowed for mask in broken if not mask & bit], left - 1):
                continue
            cell = bit.bit_length() - 1
            rest, pivot = self._without(equations, cell, bit)
            if pivot is None:
                yield from self._family(rest, pivots, cell, left)
            else:
                yield from self._descend(rest, (*pivots, (cell, pivot)), allowed, left - 1)

    def _without(self, equations: list[_Equation], cell: int, bit: int) -> tuple[list[_Equation], _Equation | None]:
        """Return the equations with a cell eliminated, and the equation that did it: the shortest broken one."""
        with_cell = [equation for equation in equations if equation[0] & bit]
        rest = [equation for equation in equations if not equation[0] & bit]
        if not with_cell:
            return rest, None
        pivot = min(with_cell, key=_shortness)
        factor = self._coefficient(pivot, cell)
        for equation in with_cell:
            if equation is not pivot:
                rest.append(self._combined(equation, factor, pivot, -self._coefficient(equation, cell)))
        return rest, pivot

    def _coefficient(self, equation: _Equation, cell: int) -> int:
        return ((equation.packed + self._offset) >> (FIELD * cell) & FULL) - HALF

    def _combined(self, one: _Equation, first: int, two: _Equation, second: int) -> _Equation:
        if first < 0:
            first, second = -first, -second
        packed = one.packed * first + two.packed * second
        both, mask, fields = one.mask & two.mask, one.mask | two.mask, packed + self._offset
        while both:
            bit = both & -both
            both ^= bit
            if fields >> (FIELD * (bit.bit_length() - 1)) & FULL == HALF:
                mask ^= bit
        return _Equation(mask, packed, one.surplus * first + two.surplus * second)

    def _substituted(
        self, equations: list[_Equation], pivots: Pivots, allowed: int, left: int
    ) -> Iterator[Solution]:
        """Yield the repair that the pivots give, or go on from a number that its cell cannot hold."""
        solution = self._numbers(pivots, {})
        wrong = [cell for cell, value in solution.items() if not self._frame.allows(cell, value)]
        if not wrong:
            if left == 0 and self._changes_all(solution):
                yield solution
        elif left:
            # Only a cell in no equation that is left, or more than one cell, can move the number.
            tied = 0
            for equation in equations:
                tied |= equation.mask
            derived = self._derived_from(wrong[0], pivots) & allowed
            yield from self._branch(derived & ~tied if left == 1 else derived, [], equations, pivots, allowed, left)

    def _numbers(self, pivots: Pivots, given: Solution) -> Solution:
        """Return the new number of every freed cell, in the form's order, for the numbers given of cells left open."""
        values = self._frame.values
        differences: Solution = {cell: value - (values[cell] or 0) for cell, value in given.items()}
        for cell, pivot in reversed(pivots):
            rest = pivot.surplus
            for other, difference in differences.items():
                if pivot.mask >> other & 1:
                    rest += self._coefficient(pivot, other) * difference
            differences[cell] = divided(-rest, self._coefficient(pivot, cell))
        return {cell: (values[cell] or 0) + differences[cell] for cell in sorted(differences)}

    def _changes_all(self, solution: Solution) -> bool:
        return all(value != self._frame.values[cell] for cell, value in solution.items())

    def _derived_from(self, cell: int, pivots: Pivots) -> int:
        """Return the cells that the number of a freed cell was derived from."""
        place = next(n for n, (freed, _) in enumerate(pivots) if freed == cell)
        equation = pivots[place][1]
        for freed, pivot in pivots[place + 1 :]:
            if equation.mask >> freed & 1:
                factor = self._coefficient(pivot, freed)
                equation = self._combined(equation, factor, pivot, -self._coefficient(equation, freed))
        return equation.mask & ~(1 << cell)

    def _family(
        self, equations: list[_Equation], pivots: Pivots, cell: int, left: int
    ) -> Iterator[Solution]:
        """Yield the repairs in which a cell that no equation ties takes the numbers that let the others be allowed."""
        if left != 1 or any(equation.surplus for equation in equations):
            self._numbers_left_out = self._numbers_left_out or left > 1
            return
        low, high = self._range(pivots, cell)
        if high is None or high - low >= MOST_NUMBERS:
            self._numbers_left_out = True
            high = low + MOST_NUMBERS - 1 if high is None else min(high, low + MOST_NUMBERS - 1)
        for value in range(low, high + 1):
            solution = self._numbers(pivots, {cell: value})
            allowed = all(self._frame.allows(freed, number) for freed, number in solution.items())
            if allowed and self._changes_all(solution):
                yield solution

    def _range(self, pivots: Pivots, cell: int) -> tuple[int, int | None]:
        """Return the numbers of a free cell between which every other freed cell stays at 0 or above."""
        now = self._frame.values[cell] or 0
        at = [self._numbers(pivots, {cell: now + step}) for step in (0, 1)]
        low: int = 0
        high: int | None = None
        for other, value in at[0].items():
            if other == cell:
                continue
            slope = at[1][other] - value
            if slope > 0:
                low = max(low, ceil(now - Fraction(value) / slope))
            elif slope < 0:
                top = floor(now + Fraction(value) / -slope)
                high = top if high is None else min(high, top)
        return low, high

    def _least(self, equations: list[_Equation]) -> int:
        return max(1, _disjoint([equation.mask for equation in equations if equation.surplus]))


def _shortness(equation: _Equation) -> tuple[bool, int]:
    return not equation.surplus, equation.mask.bit_count()


@lru_cache(maxsize=16)
def _packed(matrix: Matrix) -> tuple[int, ...]:
    return tuple(sum(c << (FIELD * cell) for cell, c in equation.items()) for equation in matrix.equations)


def _too_many(masks: list[int], left: int) -> bool:
    """Return whether so many cells cannot be in all the masks."""
    if not masks:
        return False
    if left <= 1:
        return left == 0 or not reduce(and_, masks)
    return not all(masks) or (len(masks) > left and _disjoint(masks) > left)


def _disjoint(masks: list[int]) -> int:
    """Return how many of the masks share no cell: at least so many cells are wrong.

    The most are sought shortest first and longest first: rows and columns cross, so that taking one bars the other.
    """
    ordered = sorted(masks, key=int.bit_count)
    return max(_apart(ordered), _apart(reversed(ordered)))


def _apart(masks: Iterable[int]) -> int:
    taken = count = 0
    for mask in masks:
        if not mask & taken:
            taken |= mask
            count += 1
    return count
