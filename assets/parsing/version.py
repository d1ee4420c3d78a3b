"""The version of a stage: a hash of the files that decide its result.

Belongs here: the hash. Does not: any list of versions kept by hand, which would be forgotten one day.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent
KEPT = frozenset({".py", ".yaml", ".csv", ".gz"})


@cache
def version_of(*folders: str) -> str:
    """Return 12 hex digits that change whenever code or data in the folders of `assets/` changes."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((ASSETS / folder).rglob("*")):
            if path.suffix in KEPT and path.name != "asset.py" and "examples" not in path.parts:
                digest.update(path.relative_to(ASSETS).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def parser_version() -> str:
    """Return the version of reading and placing: the form and everything under parsing."""
    return version_of("form", "parsing")
