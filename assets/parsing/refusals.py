"""The words for each kind of refusal.

Belongs here: reading `refusals.yaml` (documents) and `table_refusals.yaml` (tables).
Does not: deciding what is refused (parse, sniffing, refusing).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml


@cache
def _kinds(file: str) -> dict[str, dict[str, str]]:
    kinds: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name(file).read_text(encoding="utf-8"))
    return kinds


def refusal_words(kind: str) -> tuple[str, str]:
    """Return the Chinese and English words for a kind; KeyError for a kind that refusals.yaml lacks."""
    words = _kinds("refusals.yaml")[kind]
    return words["zh"], words["en"]


def table_refusals() -> dict[str, tuple[str, str]]:
    """Return the Chinese and English words for every kind of table that cannot be relied on."""
    return {kind: (words["zh"], words["en"]) for kind, words in _kinds("table_refusals.yaml").items()}
