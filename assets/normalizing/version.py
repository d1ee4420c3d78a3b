"""The version of normalising.

Belongs here: which folders decide the result. Does not: how the hash is made (assets/parsing/version.py).
"""

from __future__ import annotations

from assets.parsing.version import version_of


def normalizer_version() -> str:
    """Return a hash that changes with form, parser, normalizer, territories and publishers."""
    return version_of("form", "parsing", "normalizing", "../dbt_project/seeds", "fetching/publishers")
