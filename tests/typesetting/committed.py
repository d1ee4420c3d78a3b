"""Writes generated files, or says which committed ones differ from what the generator makes.

Belongs here: comparing and writing a set of files. Does not: making any content.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write(made: Mapping[Path, bytes]) -> None:
    """Write every file whose bytes differ, and say which."""
    for path, content in made.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"written: {path}")


def differing(made: Mapping[Path, bytes], present: set[Path]) -> list[str]:
    """Return one sentence per file that is missing, differs, or stands there without being generated."""
    missing = [f"missing: {path}" for path in made if path not in present]
    changed = [f"differs: {path}" for path, content in made.items() if path in present and path.read_bytes() != content]
    return sorted([*missing, *changed, *(f"nobody makes it: {path}" for path in present - set(made))])
