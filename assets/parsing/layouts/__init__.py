"""Layouts: how a table is set in what the reader gives. One folder each, found by being there.

Belongs here: `Layout`, the choice of the one layout that claims a region, and a folder per layout with
`layout.py` (a module-level `LAYOUT`) and `examples/` with approved answers.
Does not: matching of labels (assets/parsing/placing).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from assets.parsing.document import Block, PrintedRow


@dataclass(frozen=True)
class Reading:
    """The rows a layout found in a region, and the indexes of the blocks they came from.

    `exact`: in this region every blank cell left a trace, although the layout does not promise it.
    `unmarked`: the rows were cut where words follow figures, so one may hold the words of several; `row_marks`: a row
    of figures alone then begins with the blank cell that its mark looks like.
    """

    rows: tuple[PrintedRow, ...]
    used: frozenset[int]
    exact: bool = False
    unmarked: bool = False
    row_marks: bool = False


class Layout(Protocol):
    """One way of setting a table. A layout claims a region by its marks alone, never by the form's labels."""

    name: str
    # True where a blank cell leaves a trace of its own, so that trailing blanks can be told from padding.
    keeps_blanks: bool

    def claims(self, region: Sequence[Block]) -> bool:
        """Tell whether the region is set in this layout."""

    def read(self, region: Sequence[Block]) -> Reading:
        """Return the rows of a region that this layout claims."""


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout, by name; a folder without `layout.LAYOUT` is an ImportError or AttributeError."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return tuple(importlib.import_module(f"{__name__}.{name}.layout").LAYOUT for name in names)


def claimants(region: Sequence[Block]) -> tuple[Layout, ...]:
    """Return the layouts that claim a region: none and several are both findings, never first-come."""
    return tuple(layout for layout in layouts() if layout.claims(region))
