"""One fault, or several of one kind together, that make all identities hold.

Belongs here: putting moves together. Does not: the moves (hypotheses/).

Faults in different cells add up, so each is folded into one number, what it adds to the imbalance of the table: those
that make it 0 together are found by looking the last of them up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.hypotheses import HYPOTHESES, MOVEMENTS, Movement, Proposal
from assets.quarantine.localization.hypotheses.proposal import Array, Moves
from assets.quarantine.localization.matrix import Frame
from assets.quarantine.localization.words import bits

# Three faults are put together only where no more than so many looks-up are needed.
MOST_LOOKS = 40_000


@dataclass(frozen=True)
class _Kind:
    """The moves of one kind, a row each, without those that the identities cannot see: they explain nothing.

    adds: what each adds to the imbalance of the table, the remainder by 2**64.
    """

    frame: Frame
    name: str
    cells: Array
    numbers: Array
    adds: NDArray[np.uint64]

    @cached_property
    def more(self) -> Array:
        """Per move and cell, what is added to its number."""
        return self.numbers - self.frame.whole[self.cells]

    @cached_property
    def touches(self) -> NDArray[np.bool_]:
        """Per move and known identity, whether the move changes one of its cells."""
        found: NDArray[np.bool_] = ((self.frame.seen_by[self.cells] != 0) & (self.more != 0)[:, :, None]).any(axis=1)
        return found

    @cached_property
    def sorted(self) -> tuple[Array, NDArray[np.uint64]]:
        """The moves in the order of what they add, and what they add."""
        order = np.argsort(self.adds, kind="stable")
        return order, self.adds[order]

    def adding(self, wanted: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
        """Yield (place in `wanted`, move) for every move that adds a number wanted."""
        order, adds = self.sorted
        first, last = np.searchsorted(adds, wanted, "left"), np.searchsorted(adds, wanted, "right")
        for place in np.flatnonzero(last > first).tolist():
            yield from ((place, move) for move in order[first[place] : last[place]].tolist())

    def changes(self, move: int) -> dict[int, int]:
        """Return the cells that a move changes, and their numbers."""
        changed = self.more[move] != 0
        return dict(zip(self.cells[move, changed].tolist(), self.numbers[move, changed].tolist(), strict=True))


class Combined:
    """The causes that combine, in one table."""

    def __init__(self, frame: Frame) -> None:
        self._kinds = [_kind(frame, one) for one in MOVEMENTS] if frame.broken and frame.countable else []

    def together(self, times: int) -> list[Proposal]:
        """Return every set of so many faults of one kind that makes all identities hold."""
        return [proposal for kind in self._kinds if len(kind.adds) for proposal in _together(kind, times)]


def whole_explanations(frame: Frame, facts: Facts) -> list[Proposal]:
    """Return what the causes that do not combine propose."""
    return [proposal for one in HYPOTHESES for proposal in one.propose(frame, facts)]


def _kind(frame: Frame, movement: Movement) -> _Kind:
    cells, numbers = _alike(movement.undo(frame), len(frame.values))
    more = numbers - frame.whole[cells]
    adds = (more.astype(np.uint64) * frame.pull[cells]).sum(axis=1)
    seen = adds != 0
    return _Kind(frame, movement.kind, cells[seen], numbers[seen], adds[seen])


def _alike(moves: Sequence[Moves], spare: int) -> Moves:
    """Return all moves with the same number of cells; the spare cell, which holds 0, stands in for those not needed."""
    shape = sum(len(cells) for cells, _ in moves), max((cells.shape[1] for cells, _ in moves), default=0)
    all_cells, all_numbers = np.full(shape, spare, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    start = 0
    for cells, numbers in moves:
        here = slice(start, start + len(cells)), slice(cells.shape[1])
        all_cells[here], all_numbers[here] = cells, numbers
        start += len(cells)
    return all_cells, all_numbers


def _together(kind: _Kind, times: int) -> Iterator[Proposal]:
    """Yield every set of so many moves in different cells that makes all identities hold."""
    seen: set[frozenset[int]] = set()
    for chosen in _chosen(kind, times):
        key = frozenset(chosen)
        if len(key) < times or key in seen:
            continue
        seen.add(key)
        each = [kind.changes(move) for move in chosen]
        changes = {cell: number for one in each for cell, number in one.items()}
        if len(changes) == sum(map(len, each)) and kind.frame.closes(changes):
            yield Proposal(kind.name, changes, bits(kind.name) * times, times)


def _chosen(kind: _Kind, times: int) -> Iterator[tuple[int, ...]]:
    """Yield sets of moves that add what makes the imbalance 0, one of them in a broken identity."""
    frame = kind.frame
    wanted = np.array([-frame.imbalance % 2**64], dtype=np.uint64)
    if times == 1:
        yield from ((move,) for _, move in kind.adding(wanted))
        return
    first = _fewest(kind, np.array(frame.broken))
    if times == 2:
        yield from ((int(first[place]), move) for place, move in kind.adding(wanted - kind.adds[first]))
        return
    looks = 0
    for one in first.tolist():
        two = _fewest(kind, np.flatnonzero(frame.surpluses + kind.more[one] @ frame.seen_by[kind.cells[one]]))
        looks += len(two)
        if looks > MOST_LOOKS:
            return
        for place, move in kind.adding(wanted - kind.adds[one] - kind.adds[two]):
            yield one, int(two[place]), move


def _fewest(kind: _Kind, broken: Array) -> Array:
    """Return the moves that can mend the identity with the fewest such moves among those broken."""
    if not len(broken):
        return broken
    touching = kind.touches[:, broken]
    found: Array = np.flatnonzero(touching[:, touching.sum(axis=0).argmin()])
    return found
