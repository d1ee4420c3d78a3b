"""Repairs in the order in which a reviewer should look at them.

Belongs here: the likeliest cause of each set of changes, evidence added, ranks and ties. Does not: finding repairs.

The cost of a repair is a number of bits: how implausible its cause is, less what supports it, plus what contradicts it.
Repairs of equal cost share a rank: nothing here tells them apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assets.quarantine.localization.contract import Change, Facts, Repair
from assets.quarantine.localization.edits import edit
from assets.quarantine.localization.evidence import Weighed, Witnesses, closed_by
from assets.quarantine.localization.hypotheses import Proposal
from assets.quarantine.localization.matrix import Changes, Frame, Value, as_number
from assets.quarantine.localization.words import named

Key = tuple[tuple[int, Value], ...]
SEVERAL = "cells_changed"


def cell_by_cell(frame: Frame, changes: Changes) -> Proposal:
    """Return a set of changes as faults of single cells: of one kind if all are, else of several."""
    edits = [edit(frame, cell, value) for cell, value in changes.items()]
    kinds = {kind for kind, _ in edits}
    cost = sum(bits for _, bits in edits)
    return Proposal(kinds.pop() if len(kinds) == 1 else SEVERAL, changes, cost, len(edits))


def ranked(frame: Frame, proposals: Iterable[Proposal], facts: Facts, most: int) -> tuple[tuple[Repair, ...], bool]:
    """Return the repairs, best first, and whether `most` cut the list; the same changes count once."""
    best: dict[Key, Proposal] = {}
    for proposal in proposals:
        key = tuple(sorted(proposal.changes.items()))
        if key not in best or proposal.bits < best[key].bits:
            best[key] = proposal
    witnesses = Witnesses(frame, facts)
    weighed = []
    for key, proposal in best.items():
        evidence = witnesses.of(proposal.changes, proposal.lines)
        cost = round(proposal.bits + sum(one.bits for one in evidence), 3)
        weighed.append((cost, len(key), key, proposal, evidence))
    weighed.sort(key=lambda one: one[:3])
    costs = Counter(one[0] for one in weighed)
    repairs: list[Repair] = []
    rank, above = 1, None
    for place, (cost, _, key, proposal, evidence) in enumerate(weighed[:most], 1):
        rank = rank if cost == above else place
        above = cost
        repairs.append(_repair(frame, key, proposal, evidence, (cost, rank, costs[cost])))
    return tuple(repairs), len(weighed) > most


def _repair(
    frame: Frame, key: Key, proposal: Proposal, evidence: tuple[Weighed, ...], place: tuple[float, int, int]
) -> Repair:
    cost, rank, ties = place
    changes: tuple[Change, ...] = tuple(
        (frame.matrix.cells[cell], frame.numbers[cell], as_number(value)) for cell, value in key
    )
    zh, en = named(proposal.kind, proposal.times)
    told = tuple(one.evidence for one in evidence)
    return Repair(proposal.kind, proposal.times, changes, closed_by(frame, dict(key)), told, cost, rank, ties, zh, en)
