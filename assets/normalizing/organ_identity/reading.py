"""What an organ's name says: its places in the table of territories, its town, its kind, its level.

Belongs here: one name in, every way to read it out; several where its place has homonyms. Does not: which of them is
right (resolving.py), names that stand in a report (pieces.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from assets.normalizing import organ_kinds, organ_names
from assets.normalizing.organ_kinds import COUNTY, NATIONAL, PREFECTURE, PROVINCE, TOWNSHIP
from assets.normalizing.territories.history import ZONE, Territory
from assets.normalizing.territories.table import Chain, table

GOVERNMENT, OFFICE, TOWN_GOVERNMENT = "government", "general_office", "township_government"
DISPATCHED, ZONE_COMMITTEE, DEPARTMENT = "dispatched_office", "zone_committee", "department"
STATE_COUNCIL = "state_council_department"
# A town's name ends where what its organs are called begins; 镇 in 集镇 or 乡 in 乡村 is no town's.
TOWN = re.compile(
    r"(?P<name>[㐀-鿿]{1,16}?(?:街道|镇|乡|苏木|民族乡))(?=办事处|人民政府|政府|党政|党工委|社区|综合|便民|$)"
)
# What may follow a place that is written without its unit: the seat of a branch (青岛海关), a zone.
BEHIND_A_SHORT_NAME = re.compile(
    r"海关|海事局|(?:监管|银保监|金融监管)?分局|(?:金融)?监管局|监管支局|中心支行|分行|支行|调查总?队|边检|出入境|营业管理部|证监局|"
    r"(?:国家级?)?(?:高新|经济|经开|保税|综合保税|临空|临港|滨海|高铁|工业)[一-鿿]{0,12}(?:区|园|城)"
)
GOVERNMENTS_OWN = re.compile(r"(?:人民政府|政府)(?=.{2,}(?:局|委|委员会|办公室|办|研究室)$)(?!办公|综合|驻|办$)")
LONGEST_TOWN = 17
IN_BRACKETS = re.compile(r"\((?:本级|机关|公章|盖章)\)")
ZONE_NAME = re.compile(r"[一-鿿]{1,14}?(?:区|园|新城)(?=管委会|管理委员会)")
# Districts whose name is a character and the unit.
SHORT_DISTRICTS = ("城区", "郊区", "矿区", "东区", "西区")
JOINING = re.compile("[和与及、]")
BRANCH = re.compile(r"(?P<organ>.{2,16}局)(?P<place>[一-鿿]{2,6}?)(?P<kind>分局)")


@dataclass(frozen=True)
class Reading:
    """One way to read a name.

    places: the territories it names, the widest first. unit: the unit alone that stands for the place (区 in 区水利局).
    town: a town's name as printed. rest: the name behind the places, in full. unknown: a place of no list.
    organ_type, level: None where the name does not tell.
    """

    places: tuple[Territory, ...]
    rest: str
    organ_type: str | None
    level: str | None
    unit: str | None = None
    town: str | None = None
    unknown: str | None = None

    @property
    def code(self) -> str | None:
        """The code of the narrowest territory named."""
        return self.places[-1].code if self.places else None

    @property
    def town_code(self) -> str | None:
        """The code of the town, where the list of its county has it."""
        return table().town(self.places[-1].code, self.town) if self.places and self.town else None


@cache
def words() -> dict[str, Any]:
    """Return organ_types.yaml, its patterns compiled."""
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("organ_types.yaml").read_text(encoding="utf-8"))
    return {**found, "kinds": [{**kind, "pattern": re.compile(kind["pattern"])} for kind in found["kinds"]]}


@lru_cache(maxsize=65536)
def read(text: str, year: int | None) -> tuple[Reading, ...]:
    """Return every way to read a folded name in a report year (None: today); the last one has no places.

    Several readings with places differ in their place alone: a name that is that of several places.
    """
    name = IN_BRACKETS.sub("", text).removesuffix("关于").removesuffix("的")
    if is_state_council(name):
        return (Reading((), name.removeprefix(organ_kinds.COUNTRY), STATE_COUNCIL, NATIONAL),)
    central = next((one for one in words()["central_prefixes"] if name.startswith(one) and len(name) > len(one)), "")
    name = name.removeprefix(central)
    found: dict[Reading, None] = {}
    longest = 0
    for chain in table().chains(name, year):
        reading = _with_places(chain, name[chain.end :], central, year) if chain.end >= longest else None
        if reading is not None:
            found[reading], longest = None, chain.end
    return tuple(found) or (_without_places(name, central),)


def is_state_council(name: str) -> bool:
    """Tell whether a name is that of the State Council's office or of one of its bodies."""
    bare = name.removeprefix(organ_kinds.COUNTRY)
    return bare in words()["state_council"] or bare in organ_names.words()["state_council"]


def _with_places(chain: Chain, behind: str, central: str, year: int | None) -> Reading | None:
    if not chain.last_in_full and not BEHIND_A_SHORT_NAME.match(behind):
        return None
    # 人民政府 before a sub-district only says whose office it is.
    under_government = behind.removeprefix(organ_names.GOVERNMENT)
    behind = under_government if TOWN.match(under_government) else behind
    town = _town(chain.last, behind)
    rest = behind[len(town) :] if town else behind
    branch = BRANCH.fullmatch(rest)
    if branch and not central:
        inner = [one for one in table().named(branch["place"], year, short=True) if _lies_in(one, chain.last)]
        if len(inner) == 1:
            return Reading((*chain.places, inner[0]), rest, DEPARTMENT, inner[0].level)
        return Reading(chain.places, rest, DEPARTMENT, None, unknown=branch["place"])
    if zone := _zone(chain.last, rest, year):
        chain, rest = Chain((*chain.places, zone[0]), chain.end, True), zone[1]
    kind, level = kind_of(rest, chain.last, town, central)
    if kind is None and rest:
        return None
    unknown = None if kind == ZONE_COMMITTEE else _unknown_place(rest)
    return Reading(chain.places, in_full(rest), kind, level, town=town, unknown=unknown)


def _zone(place: Territory, rest: str, year: int | None) -> tuple[Territory, str] | None:
    """Return the listed zone of a place whose name begins the rest, however shortened, and what stands behind it."""
    match = ZONE_NAME.match(rest)
    if match is None:
        return None
    name = words()["zones"].get(match[0], match[0])
    listed = [one for stem in (place.short_name, place.name) for one in table().named(f"{stem}{name}", year)]
    return (listed[0], rest[match.end() :]) if listed and table().within(listed[0].code, place.code) else None


def _unknown_place(rest: str) -> str | None:
    """Return the lower territory that begins the rest of a name although no list of the year has it there."""
    first = next(iter(organ_names.name_of(rest).territories), "")
    is_place = first.endswith("市") or bool(first) and organ_kinds.level_of_unit(first) is not None
    return first if is_place and (len(first) > 2 or first in SHORT_DISTRICTS) else None


def _lies_in(one: Territory, other: Territory) -> bool:
    return one.code != other.code and one.level == COUNTY and table().within(one.code, other.code)


def _town(place: Territory, behind: str) -> str | None:
    if place.level not in (COUNTY, ZONE) and place.code[:4] not in ("4419", "4420", "4604", "6202"):
        return None
    towns = table().towns_of(place.code)
    listed = next((behind[:end] for end in range(LONGEST_TOWN, 1, -1) if behind[:end] in towns), None)
    # Beijing's 某地区办事处; of farms and zones that a county's list has it is not sure what they are.
    of_beijing = listed is not None and listed.endswith("地区") and behind.endswith("地区办事处")
    if listed and (listed.endswith(("镇", "乡", "苏木", "街道")) or of_beijing):
        return listed
    match = TOWN.match(behind)
    # Some cities write 某街 for 某街道.
    street = f"{behind}道" if f"{behind}道" in towns else None
    return match["name"] if match else street


def kind_of(rest: str, place: Territory | None, town: str | None, central: str = "") -> tuple[str | None, str | None]:
    """Return (organ type, level) that the rest of a name tells, each None where it does not."""
    if town is not None:
        return _kind_in_town(rest, town), TOWNSHIP
    full = in_full(rest)
    for kind in words()["kinds"]:
        if kind["pattern"].fullmatch(full) and (kind["type"] != GOVERNMENT or not central):
            return kind["type"], _level(place, full) if kind["level"] == "place" else None
    return None, None


def _kind_in_town(rest: str, town: str) -> str | None:
    street = town.endswith(("街道", "地区"))
    if rest in ("办事处", "") and street:
        return DISPATCHED
    if rest in organ_names.words()["governments"] or not rest:
        return DISPATCHED if street else TOWN_GOVERNMENT
    office = next(kind["pattern"] for kind in words()["kinds"] if kind["type"] == OFFICE)
    return OFFICE if office.fullmatch(rest.removeprefix("办事处")) else DEPARTMENT if rest[-1] in "局办室" else None


def _level(place: Territory | None, rest: str) -> str | None:
    if place is None:
        return PROVINCE if rest.endswith("厅") else None
    return place.level if place.level in (PROVINCE, PREFECTURE, COUNTY) else None


def in_full(rest: str) -> str:
    """Return the rest of a name written out: abbreviations, 委 and 办 at its end, no 人民政府 before a department."""
    rest = GOVERNMENTS_OWN.sub("", rest)
    rest = words()["abbreviations"].get(rest, rest)
    if rest in organ_names.words()["governments"]:
        return organ_names.GOVERNMENT
    if rest in organ_names.words()["offices"]:
        return organ_names.OFFICE
    if rest.endswith("委") and len(rest) > 2 or rest.endswith("管委"):
        return f"{rest}员会"
    return f"{rest}公室" if rest.endswith("办") and len(rest) > 2 else rest


def key_of(reading: Reading) -> str:
    """Return what tells an organ from the others of its territory, whatever way it is written."""
    if reading.town and reading.organ_type in (TOWN_GOVERNMENT, DISPATCHED):
        return reading.town
    rest = organ_names.OFFICE if reading.organ_type == OFFICE and not reading.town else reading.rest
    return JOINING.sub("", f"{reading.town or ''}{rest.replace('管理委员会', '管委会')}")


def _without_places(name: str, central: str) -> Reading:
    cut = organ_names.name_of(name)
    unit = cut.territories[0] if cut.territories and len(cut.territories[0]) == 1 else None
    if unit is not None:
        rest = in_full(name[1:])
        kind, level = kind_of(rest, None, None, central)
        level = {"省": PROVINCE, "州": PREFECTURE, "盟": PREFECTURE, "县": COUNTY, "旗": COUNTY, "区": COUNTY}.get(unit)
        return Reading((), rest, kind, level, unit=unit)
    if match := TOWN.match(name):
        rest = name[match.end() :]
        return Reading((), in_full(rest), _kind_in_town(rest, match["name"]), TOWNSHIP, town=match["name"])
    kind, level = kind_of(cut.rest, None, None, central)
    return Reading((), in_full(cut.rest), kind, level, unknown=cut.place or None)
