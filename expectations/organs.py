"""Which organ a report is of, as far as its name tells, and which government an organ belongs to.

Belongs here: reading names of organs. Does not: the register of organs, their codes, mergers and renamings: until there
is one, an organ is its name, and a name that may be several organs' is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assets.parsing.titles import fold

GOVERNMENT = "人民政府"
OFFICES = ("人民政府办公室", "人民政府办公厅")
# Words of what organs do that hold a character by which territories end.
NOT_A_TERRITORY = re.compile("市场|城市|城乡|乡村|社区|区域|园区|开发区|景区|林区|矿区|库区|灾区|自治|集镇|市政|市容")
# A name is taken for one organ's only if it says which province, city, county, prefecture or banner: 教育局 alone does
# not, and of towns there are thousands with the same name.
TERRITORY = re.compile("[一-鿿][省市县区旗州盟]")
CENTRAL = re.compile("(?:国家|国务院|中国|中华).*|.*(?:部|总局)")
# What may follow the territory in the name of one of its organs; a territory in between makes it another's.
ORGAN = re.compile("[一-鿿()、]{1,30}(?:局|委员会|委|厅|办公室|办公厅|办|中心)")
LOWER = re.compile("[一-鿿][省市县区旗州盟乡镇]|街道")


@dataclass(frozen=True)
class Membership:
    """An organ, the government whose member it is, and whether it is that government's own office."""

    organ: str
    government: str
    office: bool


def organ_key(name: str | None) -> str | None:
    """Return a name by which the reports of one organ find each other; None where it may be several organs'."""
    folded = fold(name or "")
    words = NOT_A_TERRITORY.sub("", folded)
    return folded if TERRITORY.search(words) or CENTRAL.fullmatch(folded) else None


def is_government(name: str | None) -> bool:
    """Tell whether an organ is a government that is known by its territory (某某市人民政府)."""
    return fold(name or "").endswith(GOVERNMENT) and organ_key(name) is not None


def memberships(keys: Iterable[str]) -> list[Membership]:
    """Return which of these organs are members of which of the governments among them; an office is a member too.

    The longest territory that begins a name counts (吕梁市离石区 before 吕梁市); what names a lower territory, and what
    is no department or office, is left out.
    """
    named = sorted(set(keys))
    governments = {key.removesuffix(GOVERNMENT): key for key in named if key.endswith(GOVERNMENT)}
    found = (_membership(key, governments) for key in named if not key.endswith(GOVERNMENT))
    return [one for one in found if one is not None]


def _membership(key: str, governments: Mapping[str, str]) -> Membership | None:
    for end in range(len(key) - 1, 1, -1):
        territory, rest = key[:end], key[end:]
        if territory in governments:
            if rest in OFFICES:
                return Membership(key, governments[territory], True)
            own = ORGAN.fullmatch(rest) and not rest.startswith(GOVERNMENT)
            lower = LOWER.search(NOT_A_TERRITORY.sub("", rest))
            return Membership(key, governments[territory], False) if own and not lower else None
    return None
