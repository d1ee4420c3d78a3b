"""Rows that lost blank cells: the one reading that the printed totals leave, if they leave exactly one.

Belongs here: pure search over the ways to set a row's figures into its columns, in their order.
Does not: deciding where figures may be missing (common), what a figure is worth (assets/normalizing).

What is assumed: figures keep their order, and a blank cell among the parts of a sum adds nothing to it. A sum whose
total is blank tells nothing: such readings count as possible, and none of them is ever chosen. A table in which two
readings fit, none fits, or too many would have to be tried, has no reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from assets.form import cells as form

# A row's figures by column; None is a blank cell.
Reading = tuple[int | None, ...]
MOST_STEPS = 20_000
INFLOWS = ("received", "carried_in")
OUTCOME_TOTAL, CARRIED_OUT = "outcome_total", "carried_out"


def ways(figures: Sequence[int], count: int) -> Iterator[Reading]:
    """Yield every way to set figures into `count` columns in their order."""
    for chosen in combinations(range(count), len(figures)):
        reading: list[int | None] = [None] * count
        for column, figure in zip(chosen, figures, strict=True):
            reading[column] = figure
        yield tuple(reading)


def closes(reading: Reading) -> bool:
    """Tell whether the parts of a row add up to its last cell, or that cell is blank."""
    return reading[-1] is None or sum(part or 0 for part in reading[:-1]) == reading[-1]


def is_confirmed(reading: Reading) -> bool:
    """Tell whether a printed total confirms the parts of a row; a blank row needs none."""
    return reading[-1] is not None or all(part is None for part in reading)


def _worth(reading: Reading) -> tuple[int | None, ...]:
    """Return what a row adds to the sums: two readings of the same worth are never told apart by any sum."""
    return (*(part or 0 for part in reading[:-1]), reading[-1])


class _TooMany(Exception):
    """The search would take too long."""


@dataclass
class _Search:
    """Depth-first over the lines of table 3; stops at the second reading."""

    candidates: dict[str, list[Reading]]
    leaves: list[str]
    most: list[list[int]] = field(default_factory=list)
    steps: int = 0
    found: list[dict[str, Reading]] = field(default_factory=list)

    def run(self) -> None:
        """Collect up to two readings of the table."""
        self.most = self._most_left()
        for total in self.candidates[OUTCOME_TOTAL]:
            for carried_out in self.candidates[CARRIED_OUT]:
                for inflow in self._inflows(total, carried_out):
                    chosen = {**inflow, OUTCOME_TOTAL: total, CARRIED_OUT: carried_out}
                    self._leaves(0, chosen, [0] * len(total), False)
                    if len(self.found) > 1:
                        return

    def _inflows(self, total: Reading, carried_out: Reading) -> Iterator[dict[str, Reading]]:
        for received in self.candidates[INFLOWS[0]]:
            for carried_in in self.candidates[INFLOWS[1]]:
                self._step()
                if all(_balance(*cells) for cells in self._columns(received, carried_in, total, carried_out)):
                    yield dict(zip(INFLOWS, (received, carried_in), strict=True))

    @staticmethod
    def _columns(*rows: Reading) -> Iterator[tuple[bool, tuple[int | None, ...]]]:
        last = len(rows[0]) - 1
        return ((column == last, cells) for column, cells in enumerate(zip(*rows, strict=True)))

    def _most_left(self) -> list[list[int]]:
        """Return for every depth the most that the lines from there on can add to each column."""
        width = len(self.candidates[OUTCOME_TOTAL][0])
        most = [[0] * width]
        for line in reversed(self.leaves):
            columns = zip(*self.candidates[line], strict=True)
            own = [max((cell or 0 for cell in column), default=0) for column in columns]
            most.append([a + b for a, b in zip(most[-1], own, strict=True)])
        return most[::-1]

    def _leaves(self, depth: int, chosen: dict[str, Reading], sums: list[int], free: bool) -> None:
        """Choose a reading for every line from `depth` on; `free`: a row's blank total leaves the last column open."""
        limits = chosen[OUTCOME_TOTAL]
        if depth == len(self.leaves):
            self.found.append(dict(chosen))
            return
        line = self.leaves[depth]
        for reading in self.candidates[line]:
            self._step()
            now = [got + (cell or 0) for got, cell in zip(sums, reading, strict=True)]
            is_free = free or reading[-1] is None
            if not self._can_fit(limits, now, self.most[depth + 1], is_free):
                continue
            chosen[line] = reading
            self._leaves(depth + 1, chosen, now, is_free)
            if len(self.found) > 1:
                return
        chosen.pop(line, None)

    def _can_fit(self, limits: Reading, now: Sequence[int], more: Sequence[int], free: bool) -> bool:
        """Tell whether every column can still reach its total (R02); totals below what is there fit in no case."""
        last = len(limits) - 1
        for column, limit in enumerate(limits):
            if limit is None:
                continue
            if now[column] > limit:
                return False
            # A line to come may leave its total blank, so the last column is bound at the end only.
            if now[column] + more[column] < limit and not (column == last and (free or more is not self.most[-1])):
                return False
        return True

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _TooMany


def _balance(is_total_column: bool, cells: tuple[int | None, ...]) -> bool:
    """R01 of one column; nothing is known where the total of outcomes or, in the total column, any cell is blank."""
    received, carried_in, total, carried_out = cells
    if total is None or is_total_column and None in cells:
        return True
    return (received or 0) + (carried_in or 0) == total + (carried_out or 0)


def only_requests(figures: Mapping[str, Sequence[int]], whole: Mapping[str, Reading]) -> dict[str, Reading] | None:
    """Return the one reading of table 3, or None where two or none fit (R01, R02, R03) or the search is too long.

    Args:
        figures: by line code, the figures of a row that may lack blank cells.
        whole: by line code, the rows whose every cell is known.

    Raises:
        KeyError: one of the four flow lines is in neither.
    """
    count = len(form.editions()[-1].table(form.REQUESTS).columns)
    short: dict[str, list[Reading]] = {}
    for line, row in figures.items():
        short[line] = [reading for reading in ways(row, count) if closes(reading)]
        if len({_worth(reading) for reading in short[line]}) < max(1, len(short[line])):
            return None
    candidates = {**{line: [row] for line, row in whole.items()}, **short}
    leaves = [line for line in candidates if line not in (*INFLOWS, OUTCOME_TOTAL, CARRIED_OUT)]
    leaves.sort(key=lambda line: len(candidates[line]))
    search = _Search(candidates, leaves)
    try:
        search.run()
    except _TooMany:
        return None
    if len(search.found) != 1:
        return None
    found = search.found[0]
    stated = None not in found[OUTCOME_TOTAL] and all(map(is_confirmed, found.values()))
    return found if stated else None


def only_remedies(figures: Sequence[int], forums: int, results: int) -> Reading | None:
    """Return the one reading of table 4's row, or None where two or none fit (L01).

    Args:
        figures: the figures of the row, in order.
        forums: how many forums stand side by side.
        results: how many columns each has, the last one its total.
    """
    found: list[Reading] = []
    for reading in ways(figures, forums * results):
        if all(map(closes, _forums(reading, results))):
            found.append(reading)
            if len(found) > 1:
                return None
    return found[0] if found and all(map(is_confirmed, _forums(found[0], results))) else None


def _forums(reading: Reading, results: int) -> list[Reading]:
    return [reading[start : start + results] for start in range(0, len(reading), results)]
