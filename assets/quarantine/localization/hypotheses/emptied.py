"""The numbers of one to three lines are missing: they are printed as 0, or blank.

Belongs here: lines without any number other than 0 whose numbers follow from the other lines. Does not: lines that are
not there at all (lost.py), single blank totals (blanks.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import combinations, islice
from operator import or_

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.evidence import carried_in
from assets.quarantine.localization.hypotheses.proposal import Hypothesis, Proposal
from assets.quarantine.localization.matrix import Frame, Value
from assets.quarantine.localization.words import bits, surcharge

MOST_LINES = 3
# More sets of lines than this are not tried: where so many lines are empty, nothing tells them apart.
MOST_SETS = 400


def _propose(frame: Frame, facts: Facts) -> Iterator[Proposal]:
    empty = [n for n, line in enumerate(frame.matrix.lines) if not any(frame.values[cell] for cell in line)]
    blank = [n for n in empty if all(frame.values[cell] is None for cell in frame.matrix.lines[n])]
    given = _known_of_last_year(frame, facts, empty)
    if not frame.broken and not blank:
        return
    broken = [frame.matrix.masks[index] for index in frame.broken]
    covered = {n: sum(1 << k for k, mask in enumerate(broken) if mask & frame.matrix.line_masks[n]) for n in empty}
    told = sum(frame.matrix.line_codes[n] in facts.missing_lines for n in empty)
    settled: dict[tuple[int, ...], list[Value]] = {}
    for size in range(max(1, len(blank)), MOST_LINES + 1):
        found = False
        for lines in islice(_covering(covered, len(broken), set(blank), size), MOST_SETS):
            for taken in ({}, given) if given else ({},):
                changes = _filled(frame, lines, taken, settled)
                if changes:
                    found = True
                    cost = sum(_bits(frame, line, facts) for line in lines)
                    codes = tuple(frame.matrix.line_codes[line] for line in lines)
                    yield Proposal("line_emptied", changes, cost, len(lines), codes)
                    break
        if found and size >= told:
            return


def _covering(covered: dict[int, int], broken: int, blank: set[int], size: int) -> Iterator[tuple[int, ...]]:
    """Yield the sets of so many empty lines, all blank ones among them, that stand in every broken identity."""
    everything = (1 << broken) - 1
    if reduce(or_, covered.values(), 0) != everything:
        return
    for lines in combinations(covered, size):
        if reduce(or_, (covered[line] for line in lines), 0) == everything and blank.issubset(lines):
            yield lines


def _known_of_last_year(frame: Frame, facts: Facts, empty: list[int]) -> dict[int, Value]:
    known = {frame.matrix.number[code]: number for code, number in carried_in(facts).items()
             if code in frame.matrix.number}
    return {cell: number for cell, number in known.items() if frame.matrix.line_of[cell] in empty}


def _filled(
    frame: Frame, lines: tuple[int, ...], last_year: dict[int, Value], settled: dict[tuple[int, ...], list[Value]]
) -> dict[int, Value]:
    """Return the numbers that the lines must have held; none where they leave a choice, or do not close the table.

    settled: the same for lines of the same kinds, as far as no number of last year was taken.
    """
    matrix = frame.matrix
    cells = [cell for line in lines for cell in matrix.lines[line]]
    given = {cell: last_year[cell] for cell in cells if cell in last_year}
    if given:
        numbers = _settled(frame, cells, given)
    else:
        kinds = tuple(matrix.line_kinds[line] for line in lines)
        if kinds not in settled:
            settled[kinds] = _settled(frame, cells, given)
        numbers = settled[kinds]
    # No numbers: the identities leave a choice.
    changes = {cell: value for cell, value in zip(cells, numbers, strict=False) if value != frame.values[cell]}
    filled = {matrix.line_of[cell] for cell in changes} == set(lines)
    return changes if filled and frame.closes(changes) else {}


def _settled(frame: Frame, cells: list[int], given: dict[int, Value]) -> list[Value]:
    """Return the numbers that the identities leave for the cells, in their order; none where they leave a choice."""
    values = frame.settled(set(cells) - set(given), given)
    return [values[cell] for cell in cells] if len(values) == len(cells) else []


def _bits(frame: Frame, line: int, facts: Facts) -> float:
    blank = all(frame.values[cell] is None for cell in frame.matrix.lines[line])
    known = blank or frame.matrix.line_codes[line] in facts.missing_lines
    return bits("line_emptied") + (0 if known else surcharge("label_found"))


HYPOTHESIS = Hypothesis(("line_emptied",), _propose)
