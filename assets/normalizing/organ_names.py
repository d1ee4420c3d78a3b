"""An organ's name cut into its territory and the rest, and whether two names are one organ's.

Belongs here: cutting names by their words, comparing names. Does not: finding names (organs), their kind (organ_kinds),
which territory of the table a place is (organ_identity), verdicts (D05).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from assets.normalizing.organs import ORGAN
from assets.parsing.titles import fold

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
GOVERNMENT, OFFICE = "人民政府", "人民政府办公室"
# Words that begin the rest of a name and hold the character of a unit: 城市管理局, 乡村振兴局, 市场监督管理局.
NO_TERRITORY = r"城[市乡镇]|住房|乡[镇村]|社区|市场|区域"
NO_PLACE_NAME = r"[和与]城[市乡镇]"
# A unit followed by one of these is part of a name: 通州区, 新乡市, 沙市区, 津市市, 贵州省, 东乡族.
NO_UNIT_BEFORE = {
    "州": "[省市区县]", "镇": "[市县区]", "乡": "[市县区族村镇]",
    "盟": "[市县区](?![场域政])", "旗": "[市县区](?![场域政])",
    "市": "区(?![域县])|场|市(?![中场政民容直])",
}
LONGEST_PLACE = 15
# A place that any organ may have one of: towns, and zones without the name of their city.
NOT_TELLING = ("街道", "苏木", "镇", "乡", "开发区", "园区", "景区")
CENTRAL = re.compile("(?:国家|国务院|中国|中华).*|.*(?:部|总局)")
# A unit alone, as in 区水利局, 市政府办公室; not 市场监督管理局, 市政管理局.
BARE = re.compile(r"[省市州盟县旗区镇乡](?!场|域|村|镇|政(?!府)|民)")
JOINING = re.compile("[和与及、]")
ENDING = re.compile(r"(?:委员会|办公室|办公厅|局|委|厅|办)$")


@dataclass(frozen=True)
class Name:
    """An organ's name: its territories from the widest to the narrowest, and the rest ("" for a place alone)."""

    territories: tuple[str, ...]
    rest: str

    @property
    def place(self) -> str:
        """The territories as one text."""
        return "".join(self.territories)


@cache
def words() -> dict[str, Any]:
    """Return organ_kinds.yaml: what the words of names say."""
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("organ_kinds.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _part() -> re.Pattern[str]:
    units = (f"{unit}(?!{NO_UNIT_BEFORE[unit]})" if unit in NO_UNIT_BEFORE else unit for unit in words()["units"])
    return re.compile(rf"(?!{NO_TERRITORY})(?:(?!{NO_PLACE_NAME})[一-鿿]){{1,{LONGEST_PLACE}}}?(?:{'|'.join(units)})")


@lru_cache(maxsize=4096)
def name_of(text: str) -> Name:
    """Cut a folded name; the rest of a government and of its office is written in full (市政府办 → 人民政府办公室)."""
    territories: list[str] = []
    at = 0
    while text[at:] not in words()["offices"] and (match := _part().match(text, at) or _bare(text, at)):
        territories.append(match[0])
        at = match.end()
    rest = text[at:]
    if rest in words()["governments"]:
        rest = GOVERNMENT
    elif rest in words()["offices"]:
        rest = OFFICE
    return Name(tuple(territories), rest)


def _bare(text: str, at: int) -> re.Match[str] | None:
    return BARE.match(text) if at == 0 else None


def organ_key(text: str | None) -> str | None:
    """Return a name by which the reports of one organ find each other; None where it may be several organs'.

    A name is one organ's only if it says which province, city, county, prefecture or banner.
    """
    folded = fold(text or "")
    told = (place for place in name_of(folded).territories if len(place) > 1 and not place.endswith(NOT_TELLING))
    return folded if any(told) or CENTRAL.fullmatch(folded) else None


def compare(first: str, second: str) -> str:
    """Tell whether two folded names are one organ's: "same", "different" or, where an abbreviation may be, "unsure"."""
    one, two = name_of(first), name_of(second)
    answers = {_places(one.place, two.place), _rests(one.rest, two.rest)}
    if DIFFERENT in answers:
        return DIFFERENT
    return UNSURE if UNSURE in answers else SAME


def _places(one: str, two: str) -> str:
    short, long = sorted((one, two), key=len)
    if long.endswith(short):
        return SAME
    return UNSURE if long[-1] == short[-1] and _within(short, long) else DIFFERENT


def _rests(one: str, two: str) -> str:
    # A place alone stands for its government; the government's report is its office's work (article 49).
    if one == two or {one, two} <= {"", GOVERNMENT, OFFICE}:
        return SAME
    if not one or not two:
        return UNSURE
    short, long = sorted((ENDING.sub("", one), ENDING.sub("", two)), key=len)
    return UNSURE if _within(short, long) else DIFFERENT


def abbreviates(one: str, two: str) -> bool:
    """Tell whether one rest of a name is surely the other's: equal but for 和, 与, 及."""
    return JOINING.sub("", one) == JOINING.sub("", two)


def _within(short: str, long: str) -> bool:
    """Tell whether the characters of one text stand in the other in their order: 发改 in 发展和改革."""
    characters = iter(long)
    return all(character in characters for character in short)


def one_name(stated: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return stated names as (source, name), written alike where they are one organ's.

    Names that may or may not be one organ's give nothing; what is neither an organ nor a place is left out.
    """
    named = [(source, name) for source, name in stated if _is_name(name)]
    answers = {compare(one, two) for one, two in combinations(_distinct(named), 2)}
    if DIFFERENT in answers:
        return named
    if UNSURE in answers:
        return []
    longest = max((name for _, name in named), key=len, default="")
    return [(source, longest) for source, _ in named]


def _is_name(text: str) -> bool:
    name = name_of(text)
    return bool(ORGAN.fullmatch(text)) or name.rest in (GOVERNMENT, OFFICE) or (bool(name.place) and not name.rest)


def _distinct(named: Iterable[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for _, name in named))
