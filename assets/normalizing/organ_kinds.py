"""What an organ's name tells of it: its level, which deadline is its, whether it may make rules.

Belongs here: conclusions from the name alone, None where it does not tell. Does not: the words (organ_kinds.yaml),
the deadlines themselves (expectations/deadlines.yaml), verdicts (rules D04, P02, P05).
"""

from __future__ import annotations

from assets.normalizing.organ_names import GOVERNMENT, OFFICE, Name, name_of, words

NATIONAL, PROVINCE, PREFECTURE, COUNTY, TOWNSHIP = "national", "province", "prefecture", "county", "township"
OF_DEPARTMENT, OF_GOVERNMENT, SOFT = "department", "government", "soft"
HELD, NONE = "held", "none"
COUNTRY = "中华人民共和国"


def level(text: str) -> str | None:
    """Return the level of the organ of that folded name: national, province, prefecture, county, township or None."""
    if _state_council(text):
        return NATIONAL
    name = name_of(text)
    if not name.territories:
        return None
    if name.rest.startswith("街道"):
        return TOWNSHIP
    *above, last = name.territories
    if last.endswith("市"):
        return _level_of_city(above, last)
    if last == "区" and name.rest.endswith("厅"):
        return None
    found: str | None = words()["units"][_unit(last)]
    # A zone with a people's government is a district: 浦东新区人民政府.
    return COUNTY if found is None and last.endswith("新区") and name.rest in (GOVERNMENT, OFFICE) else found


def _level_of_city(above: list[str], city: str) -> str | None:
    if not above:
        return PROVINCE if city in words()["municipalities"] else None
    below_city = above[-1] not in words()["municipalities"] and _unit(above[-1]) in words()["above_county_cities"]
    return COUNTY if below_city else None


def level_of_unit(territory: str) -> str | None:
    """Return the level that the unit at the end of a place's name tells; None where it does not (市, zones)."""
    level: str | None = words()["units"][_unit(territory)]
    return level


def _unit(territory: str) -> str:
    units: dict[str, str | None] = words()["units"]
    return next(unit for unit in units if territory.endswith(unit))


def _state_council(text: str) -> bool:
    return text.removeprefix(COUNTRY) in words()["state_council"]


def deadline_kind(text: str) -> str | None:
    """Return whose deadline is the organ's: department, government, soft (no date in the law), or None."""
    if _state_council(text):
        return OF_DEPARTMENT
    name = name_of(text)
    if level(text) == TOWNSHIP:
        return SOFT
    if name.rest == GOVERNMENT:
        return OF_GOVERNMENT if name.territories else None
    return OF_DEPARTMENT if _is_department(name) else None


def _is_department(name: Name) -> bool:
    """Tell whether the name is that of a department of a local government; its general office is one (article 49)."""
    ends = name.rest.endswith
    return ends(tuple(words()["departments"])) and not ends(tuple(words()["no_departments"]))


def rule_power(text: str) -> str | None:
    """Return whether the organ makes rules (规章): "held", "none", or None where the name does not tell."""
    if _state_council(text):
        return HELD
    name, at = name_of(text), level(text)
    if _is_department(name) or at in (COUNTY, TOWNSHIP):
        return NONE
    if name.rest != GOVERNMENT or at is None:
        return None
    makers = words()["rule_making_governments"]
    return HELD if at in makers or _unit(name.territories[-1]) in makers else NONE
