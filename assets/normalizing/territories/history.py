"""The history of the territories out of dated lists: which name was valid when, and which became which.

Belongs here: comparing lists, changes known by hand. Does not: reading packages (lists.py), writing files (build.py).

A list only says what was so on its day. What changed between two lists did so on an unknown day between them: the old
territory is valid up to the later list and the new one from the earlier list on, so that a report of that time finds
both. A change whose day is known by hand (changes.csv) has that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assets.normalizing.territories.lists import DatedList
from assets.normalizing.territories.names import short_name, stem_and_unit

PROVINCE, PREFECTURE, COUNTY, ZONE, TOWNSHIP = "province", "prefecture", "county", "zone", "township"
RENAME, UPGRADE, MERGE, SPLIT, RECODE = "rename", "upgrade", "merge", "split", "recode"
MUNICIPALITIES = ("11", "12", "31", "50")
# Territories that the statistics office does not list: their last list is of the standard, and they go on.
NOT_IN_STATISTICS = ("71", "81", "82")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Territory:
    """A territory under one name and code; `valid_from` None: before the first list, `valid_to` None: still valid."""

    code: str
    name: str
    short_name: str
    parent: str | None
    level: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True)
class Change:
    """One territory became another (or a part of it) by `day`; `exact` where it is the day, not the next list's."""

    old_code: str
    old_name: str
    new_code: str
    new_name: str
    day: date
    exact: bool
    kind: str
    source: str


Key = tuple[str, str]


def spans(lists: Sequence[DatedList], known: Sequence[Change]) -> list[Territory]:
    """Return every territory of the lists (in order of their days) with the time in which it is valid.

    A name that comes back to a code after years is two rows. The first list with zones tells no day for them: they were
    there before.
    """
    found: list[Territory] = []
    running: dict[Key, Territory] = {}
    for before, one in zip([None, *lists], lists, strict=False):
        for key in [key for key in running if _ended(key, one)]:
            found.append(replace(running.pop(key), valid_to=one.day))
        for code, name in one.names.items():
            row = running.get((code, name))
            if row is None:
                since = before.day + DAY if before and (level_of(code, name) != ZONE or _has_zones(before)) else None
                row = _territory(code, name, since, "")
            first, last = row.source.partition("/")[0], f"{one.source} {one.day}"
            running[code, name] = replace(row, source=f"{first}/{last}" if first else last)
    rows = [*_with_known_days([*found, *running.values()], known), *_younger(lists, known)]
    return sorted((_with_parent(row, rows) for row in rows), key=lambda row: (row.code, str(row.valid_to or "9")))


def _territory(code: str, name: str, since: date | None, source: str) -> Territory:
    level = level_of(code, name)
    # Nobody shortens a zone's name to that of its city: 兰州新区 is not 兰州.
    return Territory(code, name, name if level == ZONE else short_name(code, name), None, level, since, None, source)


def _ended(key: Key, one: DatedList) -> bool:
    code, name = key
    return one.names.get(code) != name and not (one.source != "gb2260" and code[:2] in NOT_IN_STATISTICS)


def _has_zones(one: DatedList) -> bool:
    return any(level_of(code, name) == ZONE for code, name in one.names.items())


def level_of(code: str, name: str) -> str:
    """Return the level of a six-digit code; a zone stands in a county's place with numbers from 71 on."""
    if code.endswith("0000"):
        return PROVINCE
    if code.endswith("00"):
        return PREFECTURE
    zone = "71" <= code[4:] <= "79" and code[2:4] != "90" or name.endswith(("委员会", "管委会"))
    return ZONE if zone else COUNTY


def _with_parent(row: Territory, rows: Sequence[Territory]) -> Territory:
    if row.level == PROVINCE:
        return row
    parent = f"{row.code[:4]}00"
    known = row.level != PREFECTURE and any(one.code == parent and _overlap(one, row) for one in rows)
    return replace(row, parent=parent if known else f"{row.code[:2]}0000")


def _overlap(one: Territory, other: Territory) -> bool:
    first, last = date.min, date.max
    starts, ends = (one.valid_from or first, other.valid_from or first), (one.valid_to or last, other.valid_to or last)
    return max(starts) < min(ends)


def _younger(lists: Sequence[DatedList], known: Iterable[Change]) -> Iterator[Territory]:
    """Return the territories that only a change by hand names, because they are younger than the last list."""
    for one in {(one.new_code, one.new_name): one for one in known if one.day > lists[-1].day}.values():
        code, name = one.new_code, one.new_name
        yield _territory(code, name, one.day, "changes.csv")


def _with_known_days(rows: Iterable[Territory], known: Sequence[Change]) -> Iterator[Territory]:
    ends = {(one.old_code, one.old_name): one for one in known if one.exact and one.kind != SPLIT}
    starts = {(one.new_code, one.new_name): one for one in known if one.exact}
    for row in rows:
        end, start = ends.get((row.code, row.name)), starts.get((row.code, row.name))
        if end and (row.valid_to is None or end.day <= row.valid_to):
            row = replace(row, valid_to=end.day)
        if start and row.valid_from and start.day >= row.valid_from:
            row = replace(row, valid_from=start.day)
        yield row


def lineage(lists: Sequence[DatedList], known: Iterable[Change]) -> list[Change]:
    """Return the changes between the lists: those known by hand, and those that names and codes make plain."""
    stated = list(known)
    by_hand = {(one.old_code, one.old_name) for one in stated if one.kind != SPLIT}
    found = list(stated)
    for before, after in zip(lists, lists[1:], strict=False):
        if before.source == after.source:
            found += [one for one in _between(before, after) if (one.old_code, one.old_name) not in by_hand]
    return sorted(found, key=lambda one: (one.day, one.old_code, one.new_code))


def _between(before: DatedList, after: DatedList) -> Iterator[Change]:
    """Pair what is gone with what is new: by stem and place first, for a code may be given to another territory."""
    gone = {(code, name) for code, name in before.names.items() if after.names.get(code) != name}
    new = {(code, name) for code, name in after.names.items() if before.names.get(code) != name}
    heirs = {old: heir for old in sorted(gone) if (heir := _heir(old, new)) is not None}
    for old, heir in heirs.items():
        yield _change(old, heir, after.day, RECODE if old[1] == heir[1] else UPGRADE)
    taken = set(heirs.values())
    for code, name in sorted(gone - heirs.keys()):
        here = (code, after.names.get(code, ""))
        if here in new - taken:
            yield _change((code, name), here, after.day, RENAME)


def _change(old: Key, new: Key, day: date, kind: str) -> Change:
    return Change(*old, *new, day, False, kind, "lists compared")


def _heir(old: Key, new: Iterable[Key]) -> Key | None:
    """Return the one new territory of the same stem and place: within the prefecture, else within the province."""
    code, stem = old[0], stem_and_unit(old[1])[0]
    same = [one for one in new if stem_and_unit(one[1])[0] == stem and _same_rank(code, one[0])]
    for digits in (6, 4, 2):
        near = [one for one in same if one[0][:digits] == code[:digits]]
        if near:
            return near[0] if len(near) == 1 else None
    return None


def _same_rank(one: str, other: str) -> bool:
    return one.endswith("00") == other.endswith("00")
