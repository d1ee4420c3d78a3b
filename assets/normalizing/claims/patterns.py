"""Typed access to patterns.yaml: the patterns compiled, with their guards.

Belongs here: loading, macros, and clear errors for a pattern that is wrong. Does not: the patterns themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("patterns.yaml")
GAP = re.compile(r"\{\.\.(\d+)\}")
MACRO = re.compile(r"\{([a-z_0]+)\}")
# The characters of a skeleton that a gap never crosses: numbers, years, and what separates clauses.
NUMBERS = "\ue000-\ue0ff"


class PatternError(ValueError):
    """patterns.yaml is wrong; the text names the entry and what was expected."""


@dataclass(frozen=True)
class Guard:
    """Words that make a match no claim; `where`: match, clause, sentence, before (right before), after."""

    name: str
    where: str
    words: re.Pattern[str]


@dataclass(frozen=True)
class Pattern:
    """One way to state something; `value` is claimed where no number is printed."""

    kind: str
    subject: str | None
    words: re.Pattern[str]
    value: float | None
    strength: str | None
    context: str | None
    guards: tuple[Guard, ...]


@cache
def data() -> dict[str, Any]:
    """Return the file as it is written."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def patterns() -> tuple[Pattern, ...]:
    """Return every pattern in the order of the file; PatternError names what cannot be read."""
    return tuple(_pattern(entry, given) for entry in data()["claims"] for given in entry["patterns"])


@cache
def compiled(text: str) -> re.Pattern[str]:
    """Compile words with their macros: {name} of `words`, {..8} for up to eight characters of one part of a clause."""
    gaps = GAP.sub(rf"[^,;:、。{NUMBERS}]{{0,\1}}?", text)
    try:
        return re.compile(MACRO.sub(lambda match: _macro(match[1]), gaps))
    except re.error as error:
        raise PatternError(f"{FILE.name}: {text}: {error}") from error


def _macro(name: str) -> str:
    words = data()["words"]
    if name not in words:
        raise PatternError(f"{FILE.name}: no words are called {{{name}}}; known are {', '.join(sorted(words))}")
    return f"(?:{MACRO.sub(lambda match: _macro(match[1]), words[name])})" if name not in ("n", "m") else words[name]


def _pattern(entry: dict[str, Any], given: Any) -> Pattern:
    own = given if isinstance(given, dict) else {"pattern": given}
    names = [*data()["everywhere"], *entry.get("guards", []), *own.get("guards", [])]
    missing = [name for name in names if name not in data()["guards"]]
    if missing:
        raise PatternError(f"{FILE.name}: {entry['kind']}: no guard is called {', '.join(missing)}")
    guards = tuple(Guard(name, g["in"], compiled(g["words"])) for name in names for g in (data()["guards"][name],))
    context = own.get("context", entry.get("context"))
    return Pattern(
        entry["kind"], own.get("subject", entry.get("subject")), compiled(own["pattern"]), own.get("value"),
        own.get("strength", entry.get("strength")), None if context == "none" else context, guards,
    )
