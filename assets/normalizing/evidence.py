"""Evidence: one piece of text that says something about a report, and where it stands.

Belongs here: the shape of it. Does not: finding or weighing it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """`source` says what kind of place it is (title, period, signature, metadata …); `value` what was read there."""

    source: str
    value: str
    text: str
    place: str
