"""What a layout is.

Belongs here: the `Layout` value. Does not: any layout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.typesetting.publication import Publication


@dataclass(frozen=True)
class Layout:
    """One way to set a report: its name, the ending of its files, and the function that sets it."""

    name: str
    suffix: str
    render: Callable[[Publication], bytes]
