"""Which cells of a table that breaks identities are wrong: every likely repair, ranked.

Belongs here: typed causes first, then the search, then ranking. Does not: applying anything; wiring (asset.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf

from assets.quarantine.localization.combining import Combined, whole_explanations
from assets.quarantine.localization.contract import Bounds, Facts, Localization, TableFigures
from assets.quarantine.localization.hypotheses import Proposal
from assets.quarantine.localization.matrix import Frame, frame_of
from assets.quarantine.localization.ranking import SEVERAL, cell_by_cell, ranked
from assets.quarantine.localization.search import Found, OutOfNodes, Search
from assets.quarantine.localization.words import bits

# What a cell costs at least: a larger set of cells can only be likelier than the best found if so many bits allow it.
CHEAPEST_CELL = bits("digit_changed")
# Where a typed cause is known, sets of cells that are less likely by so many bits are not searched.
FAR_LESS_LIKELY = 24
# The same for a fault that moves numbers.
CHEAPEST_MOVE = bits("row_shifted")
# Beyond the smallest size, sets of at most so many cells are searched for digit errors.
MOST_DIGIT_ERRORS = 3
UNLIKELY = ("value_changed", SEVERAL)


def localize(figures: TableFigures, facts: Facts | None = None, bounds: Bounds | None = None) -> Localization:
    """Return what is wrong with a table: broken identities and ranked repairs. Nothing is applied.

    A cell without a number makes its identities unknown: it is never taken as 0, and only a repair that says so
    (`total_blank`, `line_emptied`) gives it a number. KeyError for a table or edition that the form does not have.
    """
    frame, told, limits = frame_of(figures), facts or Facts(), bounds or Bounds()
    broken = tuple((frame.matrix.identities[n].rule, frame.matrix.identities[n].scope) for n in frame.broken)
    if not broken and None not in frame.values:
        return Localization((), (), True, None, 0)
    whole = whole_explanations(frame, told)
    if not broken:
        repairs, cut = ranked(frame, whole, told, limits.repairs)
        return Localization((), repairs, not cut, None, 0)
    proposals, found, nodes = _proposals(frame, told, limits, whole)
    repairs, cut = ranked(frame, proposals, told, limits.repairs)
    return Localization(broken, repairs, found.complete and not cut, found.size, nodes)


def _proposals(
    frame: Frame, facts: Facts, limits: Bounds, whole: Sequence[Proposal]
) -> tuple[list[Proposal], Found, int]:
    """Return what explains a table, cheap explanations first: a dearer one is sought while it can still be likelier."""
    known, moves = list(whole), Combined(frame)
    for times in range(1, min(2, limits.combined) + 1):
        known += _moved_back(moves, times, known)
    search = Search(frame, limits.nodes_explained)
    found = search.smallest(int(min(limits.cells, (_least_bits(known) + FAR_LESS_LIKELY) // CHEAPEST_CELL)))
    single = [cell_by_cell(frame, solution) for solution in found.solutions]
    single += _digit_errors(frame, search, found, [*known, *single])
    for times in range(3, limits.combined + 1):
        known += _moved_back(moves, times, [*known, *single])
    nodes = search.nodes
    if not found.complete and not known and limits.nodes > limits.nodes_explained:
        search = Search(frame, limits.nodes)
        found = search.smallest(limits.cells)
        single = [cell_by_cell(frame, solution) for solution in found.solutions]
        nodes += search.nodes
    return [*known, *single], found, nodes


def _least_bits(known: Iterable[Proposal]) -> float:
    return min((proposal.bits for proposal in known), default=inf)


def _moved_back(moves: Combined, times: int, known: Sequence[Proposal]) -> list[Proposal]:
    """Return what moving numbers back so many times explains, if that can be likelier than what is known."""
    return moves.together(times) if CHEAPEST_MOVE * times < _least_bits(known) else []


def _digit_errors(frame: Frame, search: Search, found: Found, known: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield larger sets of typed cell errors, as long as they can be likelier than the likeliest repair known.

    Several slips of a digit are likelier than fewer cells with numbers that no slip explains.
    """
    likeliest = min((proposal.bits for proposal in known), default=0.0)
    for size in range((found.size or MOST_DIGIT_ERRORS) + 1, MOST_DIGIT_ERRORS + 1):
        if CHEAPEST_CELL * size >= likeliest:
            return
        try:
            for solution in search.of_size(size):
                proposal = cell_by_cell(frame, solution)
                if proposal.kind not in UNLIKELY:
                    yield proposal
        except OutOfNodes:
            return
