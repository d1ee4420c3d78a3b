"""How a stage tells whoever waits how far it is.

Belongs here: the one interface between long work and its display. Does not: any display (orchestration/cli.py).
"""

from __future__ import annotations


class Progress:
    """Takes note of advancing work; this one shows nothing."""

    def step(self, what: str, done: int, total: int) -> None:
        """Be told that `done` of `total` documents have gone through the stage `what`."""
