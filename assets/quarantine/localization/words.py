"""Typed access to words.yaml: names of causes, sentences of evidence, weights.

Belongs here: loading. Does not: using any of it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).with_name("words.yaml")


@cache
def words() -> dict[str, Any]:
    """Return words.yaml as a dict: kinds, surcharges, evidence, sentences."""
    data: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return data


@cache
def bits(kind: str) -> float:
    """Return how implausible one fault of a kind is; KeyError for a kind that words.yaml does not name."""
    return float(words()["kinds"][kind]["bits"])


@cache
def surcharge(name: str) -> float:
    """Return the further bits of that name; KeyError if there are none."""
    return float(words()["surcharges"][name])


@cache
def usual_lines() -> frozenset[str]:
    """Return the codes of the lines that hold numbers in most reports."""
    return frozenset(words()["usual_lines"])


@cache
def weight(fact: str, supports: bool) -> float:
    """Return what a fact weighs: negative bits where it supports a repair, positive where it contradicts one."""
    weights = words()["evidence"][fact]
    return -float(weights["supports"]) if supports else float(weights["contradicts"])


def named(kind: str, times: int) -> tuple[str, str]:
    """Return the Chinese and English name of a cause that struck so many times."""
    name = words()["kinds"][kind]
    if times == 1:
        return name["zh"], name["en"]
    return f"{name['zh']}（{times} 处）", f"{name['en']} ({times} times)"


def sentence(fact: str, supports: bool, **filled: object) -> tuple[str, str]:
    """Return the Chinese and English sentence of a fact, its names in braces filled in."""
    texts = words()["sentences"][fact]["supports" if supports else "contradicts"]
    return texts["zh"].format(**filled), texts["en"].format(**filled)
