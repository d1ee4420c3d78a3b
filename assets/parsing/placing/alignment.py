"""The monotone alignment of printed labels with the form's labels.

Belongs here: which printed label is which official one, in the form's order; what is doubled or out of order.
Does not: cells and values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import lt

from assets.parsing.placing import labels

# Two official labels that match a printed one about equally well leave it unplaced.
MARGIN = 0.05


@dataclass(frozen=True)
class Alignment:
    """`matches` maps printed index to official index; the others are printed indexes with the official one meant."""

    matches: dict[int, int]
    doubled: dict[int, int]
    out_of_order: dict[int, int]
    unknown: tuple[int, ...]


def align(printed: Sequence[str], official: Sequence[tuple[str, ...]]) -> Alignment:
    """Match printed labels with official ones (each a tuple of spellings), one to one and in order.

    A label that matches well but only against the order, or twice, is reported, not placed.
    """
    names = tuple(official)
    meant = {index: found for index, label in enumerate(printed) if (found := _best(label, names)) is not None}
    chosen = _longest_increasing(meant)
    matches = {index: meant[index][0] for index in chosen}
    placed = set(matches.values())
    rest = {index: found[0] for index, found in meant.items() if index not in matches}
    doubled = {index: line for index, line in rest.items() if line in placed}
    strays = {index: line for index, line in rest.items() if line not in placed}
    unknown = tuple(index for index in range(len(printed)) if index not in meant)
    return Alignment(matches, doubled, strays, unknown)


@lru_cache(maxsize=65536)
def _best(label: str, official: tuple[tuple[str, ...], ...]) -> tuple[int, float] | None:
    """Return (official index, score) of the one clear match, or None."""
    ranked = sorted(
        ((labels.score(label, spellings), -index) for index, spellings in enumerate(official)), reverse=True
    )
    if not ranked or ranked[0][0] < labels.THRESHOLD:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN:
        return None
    return -ranked[0][1], ranked[0][0]


def _longest_increasing(meant: dict[int, tuple[int, float]]) -> list[int]:
    """Return the printed indexes of the best-scoring strictly increasing chain of official indexes."""
    lines = [line for line, _ in meant.values()]
    if all(map(lt, lines, lines[1:])):
        # All in order, as nearly every table is: no chain scores more than the whole.
        return list(meant)
    best: dict[int, tuple[float, int | None]] = {}
    for index, (line, score) in meant.items():
        before = [(best[i][0], i) for i in best if meant[i][0] < line]
        total, previous = max(before, default=(0.0, None), key=lambda pair: pair[0])
        best[index] = (total + score, previous)
    last: int | None = max(best, key=lambda i: best[i][0])
    chain: list[int] = []
    while last is not None:
        chain.append(last)
        last = best[last][1]
    return chain[::-1]
