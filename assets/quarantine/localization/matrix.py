"""The identities of one table as equations over its cells, and one table's figures set into them.

Belongs here: what a cell takes part in, what breaks, whether a set of changes makes everything hold.
Does not: which changes to try (search.py, hypotheses/).

Only the registry decides what is an equation: active linear rules of severity error whose relation is equality. An
identity with a cell that holds no number is unknown: it neither asks for a repair nor vouches for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from random import Random

import numpy as np
from numpy.typing import NDArray

from assets.form import cells as form
from assets.quarantine.localization.contract import Number, TableFigures
from expectations.registry import Identity, active_rules, identities_of

Value = int | Fraction
Changes = Mapping[int, Value]
# One weight per identity: the sum of weight × surplus is 0 where all hold, and by chance otherwise once in 2**64.
WEIGHT_BITS = 64
# Sums of figures must stay exact: a larger figure is no count of requests.
LARGEST = 1 << 36


@dataclass(frozen=True, eq=False)
class Matrix:
    """The equations of a table: per identity, cell number → coefficient. Cells are numbered in the form's order.

    rows: the cells of each printed row; table 4 prints its three lines side by side, which is one row more.
    """

    cells: tuple[str, ...]
    lines: tuple[tuple[int, ...], ...]
    rows: tuple[tuple[int, ...], ...]
    identities: tuple[Identity, ...]
    equations: tuple[Mapping[int, int], ...]

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each cell code."""
        return {code: index for index, code in enumerate(self.cells)}

    @cached_property
    def member_of(self) -> tuple[tuple[int, ...], ...]:
        """Per cell, the identities it stands in."""
        found: list[list[int]] = [[] for _ in self.cells]
        for index, equation in enumerate(self.equations):
            for cell in equation:
                found[cell].append(index)
        return tuple(map(tuple, found))

    @cached_property
    def line_codes(self) -> tuple[str, ...]:
        """The code of each line."""
        return tuple(self.cells[line[0]].split(".")[1] for line in self.lines)

    @cached_property
    def sums(self) -> frozenset[int]:
        """The cells that are the sum of others: alone on their side of an identity."""
        sides = (sides for one in self.identities for sides in ((one.left, one.right), (one.right, one.left)))
        return frozenset(self.number[side[0]] for side, parts in sides if len(side) == 1 and parts)

    @cached_property
    def masks(self) -> tuple[int, ...]:
        """Per identity, its cells as bits."""
        return tuple(sum(1 << cell for cell in equation) for equation in self.equations)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Per cell, the kind of number it holds."""
        return tuple(form.cell(code).column.number for code in self.cells)

    @cached_property
    def line_masks(self) -> tuple[int, ...]:
        """Per line, its cells as bits."""
        return tuple(sum(1 << cell for cell in line) for line in self.lines)

    @cached_property
    def within_lines(self) -> frozenset[int]:
        """The identities whose cells all stand in one line."""
        return frozenset(index for index, mask in enumerate(self.masks)
                         if any(not mask & ~line for line in self.line_masks))

    @cached_property
    def dense(self) -> NDArray[np.int64]:
        """The coefficients: a row per identity, a column per cell."""
        made = np.zeros((len(self.equations), len(self.cells)), dtype=np.int64)
        for row, equation in zip(made, self.equations, strict=True):
            row[list(equation)] = list(equation.values())
        return made

    @cached_property
    def line_kinds(self) -> tuple[int, ...]:
        """Per line, a number that it shares with the lines that stand in the same identities of several lines.

        Lines of one kind are alike to the identities: what one of them can hold in its place, the others can.
        """
        kinds: dict[tuple[object, ...], int] = {}
        found = []
        for line in self.lines:
            within = [[(line.index(cell), c) for cell, c in self.equations[index].items()]
                      for index in sorted(self.within_lines) if line[0] <= min(self.equations[index]) <= line[-1]]
            across = [[(index, self.equations[index][cell]) for index in self.member_of[cell]
                       if index not in self.within_lines] for cell in line]
            kind = (len(line), *map(tuple, within), *map(tuple, across))
            found.append(kinds.setdefault(kind, len(kinds)))
        return tuple(found)

    @cached_property
    def row_totals(self) -> tuple[frozenset[int], ...]:
        """Per printed row, the cells that are the sum of others of their own line."""
        found = []
        for row in self.rows:
            here = set(row)
            sides = (side for one, equation in zip(self.identities, self.equations, strict=True)
                     if here.issuperset(equation) for side in (one.left, one.right) if len(side) == 1)
            found.append(frozenset(self.number[side[0]] for side in sides))
        return tuple(found)

    @cached_property
    def line_of(self) -> dict[int, int]:
        """The line of each cell."""
        return {cell: line for line, cells in enumerate(self.lines) for cell in cells}

    @cached_property
    def weights(self) -> NDArray[np.uint64]:
        """One fixed random weight per identity."""
        chance = Random(WEIGHT_BITS)
        return np.array([chance.getrandbits(WEIGHT_BITS) for _ in self.equations], dtype=np.uint64)

    @cached_property
    def over_lines(self) -> tuple[tuple[int, ...], ...]:
        """The equations that hold alike in every column: per equation, the coefficient of each line.

        Empty where the lines of the table differ in their columns.
        """
        width = len(self.lines[0])
        if any(len(line) != width for line in self.lines):
            return ()
        place = {cell: (line, column) for line, cells in enumerate(self.lines) for column, cell in enumerate(cells)}
        seen: dict[tuple[int, ...], set[int]] = {}
        for equation in self.equations:
            columns = {place[cell][1] for cell in equation}
            if len(columns) == 1:
                coefficients = [0] * len(self.lines)
                for cell, coefficient in equation.items():
                    coefficients[place[cell][0]] = coefficient
                seen.setdefault(tuple(coefficients), set()).update(columns)
        return tuple(pattern for pattern, columns in seen.items() if len(columns) == width)


def matrix_of(table: str, edition: str) -> Matrix:
    """Return the equations of a table; KeyError for a table or edition that the form does not have."""
    identities = tuple(
        identity for rule in active_rules()
        if rule.kind == "linear" and rule.severity == "error" and rule.parameters.get("relation", "equal") == "equal"
        and table in rule.tables and edition in rule.editions
        for identity in identities_of(rule, table, edition)
    )
    return _matrix(table, edition, identities)


@lru_cache(maxsize=16)
def _matrix(table: str, edition: str, identities: tuple[Identity, ...]) -> Matrix:
    printed = form.edition(edition).table(table)
    codes = [[f"{table}.{line.code}.{column}" for column in line.columns] for line in printed.lines]
    cells = tuple(code for line in codes for code in line)
    number = {code: index for index, code in enumerate(cells)}
    lines = tuple(tuple(number[code] for code in line) for line in codes)
    side_by_side = (tuple(range(len(cells))),) if table == form.REMEDIES else ()
    equations = tuple(_equation(identity, number) for identity in identities)
    return Matrix(cells, lines, (*lines, *side_by_side), identities, equations)


def _equation(identity: Identity, number: Mapping[str, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for side, sign in ((identity.left, 1), (identity.right, -1)):
        for code in side:
            found[number[code]] = found.get(number[code], 0) + sign
    return {cell: coefficient for cell, coefficient in found.items() if coefficient}


@lru_cache(maxsize=64)
def _pull(matrix: Matrix, known: tuple[int, ...]) -> NDArray[np.uint64]:
    coefficients = matrix.dense[list(known)].astype(np.uint64)
    return np.append(matrix.weights[list(known)] @ coefficients, np.uint64(0))


@lru_cache(maxsize=64)
def _seen_by(matrix: Matrix, known: tuple[int, ...]) -> NDArray[np.int64]:
    found = np.zeros((len(matrix.cells) + 1, len(matrix.equations)), dtype=np.int64)
    found[:-1, list(known)] = matrix.dense[list(known)].T
    return found


def exact(number: Number | None) -> Value | None:
    """Return a figure as a whole number where it is one, else as a fraction."""
    if number is None or isinstance(number, int):
        return number
    fraction = Fraction(number)
    return int(fraction) if fraction.denominator == 1 else fraction


def divided(value: Value, by: int) -> Value:
    """Return an exact quotient: a whole number where it is one."""
    if by in (1, -1):
        return value * by
    quotient = Fraction(value, by)
    return int(quotient) if quotient.denominator == 1 else quotient


def as_number(value: Value) -> Number:
    """Return a value as callers hold figures: a whole number, or a decimal."""
    return value if isinstance(value, int) else Decimal(value.numerator) / Decimal(value.denominator)


class Frame:
    """One table's figures in its equations; what it computes is kept."""

    def __init__(self, matrix: Matrix, values: Iterable[Value | None], texts: Mapping[int, str]) -> None:
        self.matrix = matrix
        self.values: tuple[Value | None, ...] = tuple(values)
        self.texts = texts
        blank = sum(1 << cell for cell, value in enumerate(self.values) if value is None)
        self.known = tuple(index for index, mask in enumerate(matrix.masks) if not mask & blank)
        self.surplus = {index: self._surplus(index) for index in self.known}
        self.broken = tuple(index for index, surplus in self.surplus.items() if surplus)

    @cached_property
    def numbers(self) -> tuple[Number | None, ...]:
        """Per cell, its value as callers hold figures."""
        return tuple(None if value is None else as_number(value) for value in self.values)

    @cached_property
    def whole(self) -> NDArray[np.int64]:
        """The numbers of all cells, -1 where one is no count or a spurious one; last, 0 for a cell that is none."""
        counts = [value if isinstance(value, int) and 0 <= value < LARGEST else -1 for value in self.values]
        return np.array([*counts, 0], dtype=np.int64)

    @cached_property
    def countable(self) -> bool:
        """Whether all surpluses are such as counts can have: neither parts of one nor too large to be exact."""
        return all(isinstance(surplus, int) and abs(surplus) < LARGEST << 8 for surplus in self.surplus.values())

    @cached_property
    def surpluses(self) -> NDArray[np.int64]:
        """Per identity, its surplus; 0 where it is unknown. Only of a countable table."""
        return np.array([self.surplus.get(index, 0) for index in range(len(self.matrix.equations))], dtype=np.int64)

    @cached_property
    def seen_by(self) -> NDArray[np.int64]:
        """The coefficients of the known identities, 0 in the others: a row per cell, last a cell that is none."""
        return _seen_by(self.matrix, self.known)

    @cached_property
    def judged(self) -> NDArray[np.bool_]:
        """Per identity, whether it is known; last, false for none."""
        found = np.zeros(len(self.matrix.equations) + 1, dtype=np.bool_)
        found[list(self.known)] = True
        return found

    @cached_property
    def pull(self) -> NDArray[np.uint64]:
        """Per cell, what one more in it adds to `imbalance`; last, 0 for a cell that is none."""
        return _pull(self.matrix, self.known)

    @cached_property
    def imbalance(self) -> int:
        """Weights × surpluses, the remainder by 2**64: 0 where all known identities hold. Only of a countable table."""
        return int((self.matrix.weights * self.surpluses.astype(np.uint64)).sum())

    def text(self, cell: int) -> str:
        """Return what a cell prints; without a text of its own, its number written plainly."""
        printed = self.texts.get(cell)
        if printed is not None:
            return printed
        value = self.values[cell]
        return "" if value is None else str(as_number(value))

    def allows(self, cell: int, value: Value) -> bool:
        """Return whether a cell can hold a value: counts are whole and not negative."""
        kind = self.matrix.numbers[cell]
        return (value >= 0 or kind == "signed_count") and (value.denominator == 1 or kind == "money")

    def added(self, changes: Changes) -> dict[int, Value]:
        """Return what the changes add to the surplus of each known identity that they touch."""
        found: dict[int, Value] = {}
        for cell, value in changes.items():
            difference = value - (self.values[cell] or 0)
            for index in self.matrix.member_of[cell]:
                if index in self.surplus:
                    found[index] = found.get(index, 0) + self.matrix.equations[index][cell] * difference
        return found

    def changed(self, changes: Changes) -> Frame:
        """Return the table with some cells changed."""
        values = list(self.values)
        for cell, value in changes.items():
            values[cell] = value
        return Frame(self.matrix, values, {})

    def closes(self, changes: Changes) -> bool:
        """Return whether the changes are allowed and leave no identity broken that can be judged before or after."""
        if not changes or not all(self.allows(cell, value) for cell, value in changes.items()):
            return False
        if any(self.values[cell] is None for cell in changes):
            return not self.changed(changes).broken
        added = self.added(changes)
        return all(not self.surplus[index] + more for index, more in added.items()) and added.keys() >= set(self.broken)

    def settled(self, unknown: set[int], given: Changes | None = None) -> dict[int, Value]:
        """Return the numbers that the identities leave for cells of `unknown`, as far as they leave no choice.

        An identity whose only unknown is one cell says its number; so on until no more follows. Whether all identities
        then hold is for `closes` to say. `given` holds numbers of other cells that are taken in place of their own.
        """
        values: dict[int, Value] = dict(given or {})
        left = set(unknown)
        touched = {index for cell in unknown for index in self.matrix.member_of[cell]}
        found = -1
        while left and len(values) > found:
            found = len(values)
            for index in sorted(touched):
                open_cells = [cell for cell in self.matrix.equations[index] if cell in left]
                if len(open_cells) == 1 and (value := self._solved(index, open_cells[0], values)) is not None:
                    values[open_cells[0]] = value
                    left.discard(open_cells[0])
        return values

    def _solved(self, index: int, cell: int, values: Changes) -> Value | None:
        equation = self.matrix.equations[index]
        rest: Value = 0
        for other, coefficient in equation.items():
            if other != cell:
                value = values.get(other, self.values[other])
                if value is None:
                    return None
                rest += coefficient * value
        return divided(-rest, equation[cell])

    def _surplus(self, index: int) -> Value:
        values = self.values
        return sum(c * v for cell, c in self.matrix.equations[index].items() if (v := values[cell]) is not None)


def frame_of(figures: TableFigures) -> Frame:
    """Return the figures of a table in its equations."""
    matrix = matrix_of(figures.table_code, figures.edition)
    values = (exact(figures.values.get(code)) for code in matrix.cells)
    texts = {matrix.number[code]: text for code, text in figures.printed.items() if code in matrix.number}
    return Frame(matrix, values, texts)
