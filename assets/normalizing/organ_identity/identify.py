"""A report's organ from its prose and facts: the one call that the normalizing stage makes.

Belongs here: putting pieces, decision and scope together. Does not: any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assets.normalizing.facts import Fact
from assets.normalizing.organ_identity.pieces import METADATA, SIGNATURE, TITLE, Listed, parent_in_text, pieces_of
from assets.normalizing.organ_identity.resolving import Identity, candidates, resolve
from assets.normalizing.organ_identity.scope import scope_of
from assets.normalizing.prose import Prose


@dataclass(frozen=True)
class Owner:
    """Whose report it is and what it speaks of; scope None unless the organ is resolved."""

    identity: Identity
    scope: str | None


def owner_of(prose: Prose, stated: Mapping[str, Fact], listed: Listed | None = None) -> Owner:
    """Return whose report it is, by its prose, the facts that facts_of found in it, and the publisher it is from."""
    stated_year = stated["report_year"].value
    year = int(stated_year) if stated_year else None
    found = pieces_of(prose, stated, year, listed)
    named_at = frozenset(piece.place for piece in found if piece.kind in (TITLE, SIGNATURE, METADATA))
    parents = [parent_in_text(code, year, prose, named_at) for code in sorted(candidates(found, year))]
    identity = resolve(found, year, [piece for piece in parents if piece])
    kind = identity.organ_type
    return Owner(identity, scope_of(kind, (one.folded for one in prose.paragraphs)) if kind else None)
