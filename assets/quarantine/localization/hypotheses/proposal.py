"""What a hypothesis proposes.

Belongs here: the value that every hypothesis yields, and its protocol. Does not: any hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from assets.quarantine.localization.contract import Facts
from assets.quarantine.localization.matrix import Frame, Value


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
    """A cause and how to undo it wherever it may have struck in a table.

    combines: one fault moves numbers that are there, whatever else is wrong, so that several can be put together;
    otherwise a proposal is made to fit the whole table.
    """

    kinds: tuple[str, ...]
    propose: Callable[[Frame, Facts], Iterable[Proposal]]
    combines: bool = False
