"""What a layout is.

Belongs here: the `Layout` value. Does not: any layout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.typesetting.publication import Publication


@dataclass(frozen=True)
class Layout:
    """One way to set a report: its name, the ending of its files, and the function that sets it.

    `keeps_blanks` is False where a blank cell may leave no trace of its own, so that a table with blanks may be held
    back; the layouts of destructive.py lose figures or labels even of a table without blanks.
    `promise` is the least share of the cells of fully printed reports that must be published right: 1 for text that is
    read, less for text that is recognised in pictures, whose doubtful figures are held back.
    """

    name: str
    suffix: str
    render: Callable[[Publication], bytes]
    keeps_blanks: bool = True
    promise: float = 1.0
