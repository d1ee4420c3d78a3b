"""What a hypothesis proposes.

Belongs here: the values that hypotheses yield, and their protocols. Does not: any hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.matrix import Frame, Value

Array = NDArray[np.int64]


@dataclass(frozen=True)
class Proposal:
    """One fault undone: the cells that change and their numbers.

    bits: how implausible it is. times: how often the fault struck. lines: codes of lines that it says are missing.
    """

    kind: str
    changes: Mapping[int, Value]
    bits: float
    times: int = 1
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hypothesis:
    """A cause whose proposals are made to fit the whole table."""

    kinds: tuple[str, ...]
    propose: Callable[[Frame, Facts], Iterable[Proposal]]


# Cell numbers and the numbers that these cells then hold: a row per move.
Moves = tuple[Array, Array]


@dataclass(frozen=True)
class Movement:
    """A cause that moves numbers that are there, whatever else is wrong, so that several can be put together.

    undo: undoes one fault wherever it may have struck; the moves of each item change the same number of cells.
    """

    kind: str
    undo: Callable[[Frame], Sequence[Moves]]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Its kind, as that of a hypothesis that has several."""
        return (self.kind,)
