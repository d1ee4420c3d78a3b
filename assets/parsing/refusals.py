"""The words for each kind of refusal.

Belongs here: reading `refusals.yaml`. Does not: deciding what is refused (parse, sniffing).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml


@cache
def _kinds() -> dict[str, dict[str, str]]:
    kinds: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("refusals.yaml").read_text(encoding="utf-8")
    )
    return kinds


def refusal_words(kind: str) -> tuple[str, str]:
    """Return the Chinese and English words for a kind; KeyError for a kind that refusals.yaml lacks."""
    words = _kinds()[kind]
    return words["zh"], words["en"]
