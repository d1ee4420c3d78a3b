"""One fault, or several of one kind together, that make all identities hold.

Belongs here: putting proposals together. Does not: the proposals (hypotheses/).

Faults in different cells add up, so each is folded into one number, what it adds to the imbalance of the table: those
that make it 0 together are found by looking the last of them up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.hypotheses import HYPOTHESES, Hypothesis, Proposal
from assets.quarantine.localization.matrix import Frame, Value

# Three faults are put together only where no more than so many looks-up are needed.
MOST_LOOKS = 40_000


@dataclass(frozen=True)
class _Move:
    frame: Frame
    proposal: Proposal
    adds: Value

    @cached_property
    def cells(self) -> int:
        """The cells it changes, as bits."""
        return sum(1 << cell for cell in self.proposal.changes)

    @cached_property
    def surplus(self) -> dict[int, Value]:
        """What it adds to the surplus of each identity."""
        return self.frame.added(self.proposal.changes)


class Moves:
    """The causes that combine, proposed for one table."""

    def __init__(self, frame: Frame, facts: Facts) -> None:
        self._frame = frame
        self._by_kind = [_moves(frame, one, facts) for one in HYPOTHESES if one.combines] if frame.broken else []

    def together(self, times: int) -> list[Proposal]:
        """Return every set of so many faults of one kind that makes all identities hold."""
        return [proposal for moves in self._by_kind for proposal in _together(self._frame, moves, times)]


def whole_explanations(frame: Frame, facts: Facts) -> list[Proposal]:
    """Return what the causes that do not combine propose."""
    return [proposal for one in HYPOTHESES if not one.combines for proposal in one.propose(frame, facts)]


def _moves(frame: Frame, hypothesis: Hypothesis, facts: Facts) -> list[_Move]:
    """The proposals that change what the identities see; those that they cannot see explain nothing."""
    moves, pull, values = [], frame.pull, frame.values
    for proposal in hypothesis.propose(frame, facts):
        adds: Value = 0
        for cell, value in proposal.changes.items():
            adds += pull[cell] * (value - (values[cell] or 0))
        if adds:
            moves.append(_Move(frame, proposal, adds))
    return moves


def _together(frame: Frame, moves: Sequence[_Move], times: int) -> Iterator[Proposal]:
    """Yield every set of so many moves in different cells that makes all identities hold."""
    by_sum: dict[Value, list[_Move]] = defaultdict(list)
    for move in moves:
        by_sum[move.adds].append(move)
    seen: set[frozenset[int]] = set()
    for chosen in _chosen(frame, moves, by_sum, times):
        key = frozenset(map(id, chosen))
        if len(key) < times or key in seen or not _apart(chosen):
            continue
        seen.add(key)
        changes = {cell: value for move in chosen for cell, value in move.proposal.changes.items()}
        if frame.closes(changes):
            yield Proposal(chosen[0].proposal.kind, changes, sum(move.proposal.bits for move in chosen), times)


def _chosen(
    frame: Frame, moves: Sequence[_Move], by_sum: dict[Value, list[_Move]], times: int
) -> Iterator[tuple[_Move, ...]]:
    if times == 1:
        yield from ((move,) for move in by_sum.get(-frame.imbalance, ()))
        return
    touching: dict[int, list[_Move]] = defaultdict(list)
    for move in moves:
        for index in {index for cell in move.proposal.changes for index in frame.matrix.member_of[cell]}:
            touching[index].append(move)
    first = touching[min(frame.broken, key=lambda index: len(touching[index]))]
    looks = 0
    for one in first:
        left = frame.imbalance + one.adds
        if times == 2:
            yield from ((one, two) for two in by_sum.get(-left, ()))
            continue
        for two in _next(frame, one, touching):
            looks += 1
            if looks > MOST_LOOKS:
                return
            yield from ((one, two, three) for three in by_sum.get(-left - two.adds, ()))


def _next(frame: Frame, one: _Move, touching: dict[int, list[_Move]]) -> list[_Move]:
    """The moves that can mend the identity with the fewest such moves among those broken after the first move."""
    broken = [index for index in {*frame.broken, *one.surplus}
              if frame.surplus[index] + one.surplus.get(index, 0)]
    return touching[min(broken, key=lambda index: (len(touching[index]), index))] if broken else []


def _apart(moves: Sequence[_Move]) -> bool:
    taken = 0
    for move in moves:
        if move.cells & taken:
            return False
        taken |= move.cells
    return True
