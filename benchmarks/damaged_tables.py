"""Consistent tables 3 of several magnitudes, and faults that strike their figures one, two or three times.

Belongs here: the tables and the eight classes of faults that peers measured. Does not: localizing (localization.py).

A fault always changes the table, and those of one case strike different places.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assets.form import cells as form
from assets.quarantine.localization import Claim, Facts
from tests.typesetting.figures import NEW, OLD, made_report, truth

Grid = list[list[int]]
Strike = Callable[[random.Random, Grid, set[object]], bool]

# The table that peers measured on: 23 lines (one line for other outcomes), most of them 0. Line number → numbers.
PEERS_EDITION = OLD
PEERS_TABLE = {0: (23, 1), 2: (2, 0), 3: (4, 0), 9: (1, 0), 12: (15, 1), 13: (1, 0), 21: (23, 1)}
PEERS = "peers"
MAGNITUDES = ("town", "county", "city", "metropolis")
MOST_TRIES = 40


@dataclass(frozen=True)
class Case:
    """A table as it was and as it was damaged.

    facts: what prose and last year say; reader: these, and which labels a reader of the damaged table did not find.
    """

    edition: str
    original: dict[str, int]
    damaged: dict[str, int]
    facts: Facts
    reader: Facts


def table(magnitude: str, number: int) -> tuple[str, Grid]:
    """Return the edition and the lines of a consistent table 3."""
    if magnitude == PEERS:
        width = len(form.edition(PEERS_EDITION).table(form.REQUESTS).columns)
        lines = form.edition(PEERS_EDITION).table(form.REQUESTS).lines
        parts = [(*PEERS_TABLE.get(n, ()), *[0] * width)[: width - 1] for n in range(len(lines))]
        return PEERS_EDITION, [[*part, sum(part)] for part in parts]
    report = made_report(f"localization/{number}", NEW, magnitude)
    numbers = {code: int(value) for code, value in truth(report).items()
               if code.startswith(f"{form.REQUESTS}.") and value is not None}
    return NEW, [[numbers[f"{form.REQUESTS}.{line.code}.{column}"] for column in line.columns]
                 for line in form.edition(NEW).table(form.REQUESTS).lines]


def as_cells(edition: str, grid: Grid) -> dict[str, int]:
    """Return the lines of a table by cell code."""
    lines = form.edition(edition).table(form.REQUESTS).lines
    return {f"{form.REQUESTS}.{line.code}.{column}": number for line, numbers in zip(lines, grid, strict=True)
            for column, number in zip(line.columns, numbers, strict=True)}


def cases(magnitude: str, fault: str, times: int, numbers: range) -> Iterator[Case]:
    """Yield one damaged table per number; tables that the fault cannot strike so often are passed over."""
    strike = FAULTS[fault]
    for number in numbers:
        for attempt in range(MOST_TRIES):
            edition, original = table(magnitude, number * MOST_TRIES + attempt)
            chance = random.Random(f"{fault}/{times}/{number}/{attempt}")
            damaged, places = [list(line) for line in original], set[object]()
            if all(strike(chance, damaged, places) for _ in range(times)) and damaged != original:
                cells = as_cells(edition, original)
                facts = true_facts(cells)
                reader = replace(facts, missing_lines=_missing(edition, fault, places))
                yield Case(edition, cells, as_cells(edition, damaged), facts, reader)
                break


def true_facts(cells: dict[str, int]) -> Facts:
    """Return what the prose and last year's report would say of a table: five numbers, and seven carried over."""
    stated = ("received.total", "carried_in.total", "outcome_total.total", "carried_out.total",
              "received.natural_person")
    claims = tuple(Claim("N", (code,), cells[code], cells[code]) for code in (f"{form.REQUESTS}.{c}" for c in stated))
    carried = f"{form.REQUESTS}.carried_in."
    return Facts(claims, {code.removeprefix(carried): n for code, n in cells.items() if code.startswith(carried)})


def _missing(edition: str, fault: str, places: set[object]) -> frozenset[str]:
    """Return the codes of the lines that are not there; other faults leave every label in its place."""
    lines = form.edition(edition).table(form.REQUESTS).lines
    gone = places if fault in ("emptied", "lost") else set()
    return frozenset(lines[place].code for place in gone if isinstance(place, int))


def _digit(least: int) -> Strike:
    def strike(chance: random.Random, grid: Grid, places: set[object]) -> bool:
        free = [(r, c) for r, line in enumerate(grid) for c, n in enumerate(line)
                if n >= least and (r, c) not in places]
        if not free:
            return False
        row, column = chance.choice(free)
        digits = str(grid[row][column])
        place = chance.randrange(len(digits))
        fit = [d for d in "0123456789" if d != digits[place] and (d != "0" or place or len(digits) == 1)]
        grid[row][column] = int(digits[:place] + chance.choice(fit) + digits[place + 1 :])
        places.add((row, column))
        return True

    return strike


def _transposed(chance: random.Random, grid: Grid, places: set[object]) -> bool:
    free = []
    for r, line in enumerate(grid):
        for c, n in enumerate(line):
            text = str(n)
            free += [(r, c, k) for k in range(len(text) - 1)
                     if text[k] != text[k + 1] and (k or text[1] != "0") and (r, c) not in places]
    if not free:
        return False
    row, column, k = chance.choice(free)
    text = str(grid[row][column])
    grid[row][column] = int(text[:k] + text[k + 1] + text[k] + text[k + 2 :])
    places.add((row, column))
    return True


def _swapped(chance: random.Random, grid: Grid, places: set[object]) -> bool:
    free = [(r, c) for r, line in enumerate(grid) for c in range(len(line) - 1)
            if line[c] != line[c + 1] and not places & {(r, c), (r, c + 1)}]
    if not free:
        return False
    row, column = chance.choice(free)
    line = grid[row]
    line[column], line[column + 1] = line[column + 1], line[column]
    places.update({(row, column), (row, column + 1)})
    return True


def _shifted(kept: int) -> Strike:
    """One cell to the right or left: a 0 comes in, the number at the end falls off; `kept` cells at the end stay."""
    def strike(chance: random.Random, grid: Grid, places: set[object]) -> bool:
        made = {}
        for r, line in enumerate(grid):
            moving, rest = line[: len(line) - kept], line[len(line) - kept :]
            for right in (True, False):
                new = ([0, *moving[:-1]] if right else [*moving[1:], 0]) + rest
                if new != line and r not in places:
                    made[r, right] = new
        if not made:
            return False
        row, right = chance.choice(list(made))
        grid[row] = made[row, right]
        places.add(row)
        return True

    return strike


def _emptied(chance: random.Random, grid: Grid, places: set[object]) -> bool:
    full = [r for r, line in enumerate(grid) if any(line)]
    if not full:
        return False
    row = chance.choice(full)
    grid[row] = [0] * len(grid[row])
    places.add(row)
    return True


def _lost(chance: random.Random, grid: Grid, places: set[object]) -> bool:
    """A line goes, those below move up, an empty one comes in at the end; `places` are lines as they were numbered."""
    there = [n for n in range(len(grid)) if n not in places]
    last = len(there)
    fit = [r for r in range(last) if any(grid[n] != grid[n + 1] for n in range(r, last - 1)) or any(grid[last - 1])]
    if not fit:
        return False
    row = chance.choice(fit)
    grid.append([0] * len(grid.pop(row)))
    places.add(there[row])
    return True


FAULTS: dict[str, Strike] = {
    "digit": _digit(0),
    "digit_not_zero": _digit(1),
    "transposed": _transposed,
    "swapped": _swapped,
    "shifted_total_kept": _shifted(1),
    "shifted": _shifted(0),
    "emptied": _emptied,
    "lost": _lost,
}
