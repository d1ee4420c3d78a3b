"""Which government an organ is a member of, as far as their names tell.

Belongs here: members and offices among named organs. Does not: cutting names (assets/normalizing/organ_names.py), the
identity of organs, their mergers and renamings (assets/normalizing/organ_identity).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assets.normalizing.organ_names import GOVERNMENT, OFFICE, name_of, organ_key

# What the name of a department or office ends with, behind the territory.
DEPARTMENT = re.compile("(?!人民政府)[一-鿿()、]{1,30}(?:局|委员会|委|厅|办公室|办公厅|办|中心)")


@dataclass(frozen=True)
class Membership:
    """An organ, the government whose member it is, and whether it is that government's own office."""

    organ: str
    government: str
    office: bool


def is_government(name: str | None) -> bool:
    """Tell whether an organ is a government that is known by its territory (某某市人民政府)."""
    # Most organs are none, and that is seen sooner than their name is cut.
    return (name or "").rstrip().endswith(GOVERNMENT) and organ_key(name) is not None


def memberships(keys: Iterable[str]) -> list[Membership]:
    """Return which of these organs are members of which of the governments among them; an office is a member too.

    The narrowest territory that a name states counts (吕梁市离石区 before 吕梁市); what is no department or office is
    left out.
    """
    named = sorted(set(keys))
    governments = {key.removesuffix(GOVERNMENT): key for key in named if key.endswith(GOVERNMENT)}
    found = (_membership(key, governments) for key in named if not key.endswith(GOVERNMENT))
    return [one for one in found if one is not None]


def _membership(key: str, governments: Mapping[str, str]) -> Membership | None:
    name = name_of(key)
    government = governments.get(name.place)
    if government is None:
        return None
    if name.rest == OFFICE:
        return Membership(key, government, True)
    return Membership(key, government, False) if DEPARTMENT.fullmatch(name.rest) else None
