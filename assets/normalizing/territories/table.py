"""The territories as a table to look things up in: by code, by name, by the places that a name begins with.

Belongs here: loading the seeds once, what is valid in a report year, chains of places, towns. Does not: organs.

A report of a year is written in the first months of the next; so names count that were valid at any time from the
first day of the year to the 31st of March after it.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from assets.home import PROJECT
from assets.normalizing.territories.history import COUNTY, MERGE, PREFECTURE, PROVINCE, SPLIT, ZONE, Territory
from assets.normalizing.territories.names import names_with_unit, own_short_names, stem_and_unit

SEEDS = PROJECT / "dbt_project" / "seeds"
TOWNS = Path(__file__).with_name("towns.csv.gz")
# More than any territory went through since 2002; the way along its names ends there.
MOST_CHANGES = 9
Key = tuple[str, str]
RANKS = {PROVINCE: 0, PREFECTURE: 1, COUNTY: 2, ZONE: 2}


@dataclass(frozen=True)
class Chain:
    """Places that begin a name, each within the one before, where in the name they end, and how the last is written."""

    places: tuple[Territory, ...]
    end: int
    last_in_full: bool

    @property
    def last(self) -> Territory:
        """The narrowest place."""
        return self.places[-1]


@dataclass(frozen=True)
class Table:
    """All territories.

    by_code: rows, the oldest first. by_name, by_short_name: rows. heirs, ancestors: by code and name. only_in_lineage:
    what a code was that no list has. towns: county → name → code. lengths: of the names that begin with two characters.
    """

    by_code: Mapping[str, list[Territory]]
    by_name: Mapping[str, list[Territory]]
    by_short_name: Mapping[str, list[Territory]]
    heirs: Mapping[Key, Key]
    ancestors: Mapping[Key, Key]
    only_in_lineage: Mapping[str, Key]
    towns: Mapping[str, Mapping[str, str]]
    lengths: Mapping[str, tuple[int, ...]]

    def at(self, code: str, year: int | None) -> Territory | None:
        """Return the territory of a code as it was in the report year; None where there was none of that code."""
        rows = [row for row in self.by_code.get(code, ()) if is_valid(row, year)]
        return rows[-1] if rows else None

    def now(self, code: str, year: int | None) -> Territory | None:
        """Return what became of a code's territory by the report year, following renames and upgrades (not merges)."""
        found = self.at(code, year)
        rows = self.by_code.get(code)
        key: Key | None = (code, rows[-1].name) if rows else self.only_in_lineage.get(code)
        for _ in range(MOST_CHANGES):
            if found is not None or key is None or (key := self.heirs.get(key)) is None:
                break
            found = next((row for row in self.by_code[key[0]] if row.name == key[1] and is_valid(row, year)), None)
        return found

    def root(self, territory: Territory) -> str:
        """Return the code under which a territory was first listed: what renames, upgrades and recodes leave alone."""
        key: Key | None = (territory.code, territory.name)
        seen: list[Key] = []
        while key is not None and key[0] in self.by_code and key not in seen:
            seen.append(key)
            key = self.ancestors.get(key)
        # A code that was left and taken up again (定州市) is a ring: its first code is the one of the oldest list.
        return min(self.by_code[code][0].code for code, _ in seen) if key in seen else seen[-1][0]

    def named(self, name: str, year: int | None, short: bool = False) -> list[Territory]:
        """Return the territories of that full name (or with `short` also of that short name) in the report year."""
        rows = self.by_name.get(name, []) + (self.by_short_name.get(name, []) if short else [])
        return [row for row in rows if is_valid(row, year)]

    def ever_unique(self, name: str) -> bool:
        """Tell whether no two territories ever had that full name."""
        return len({self.root(row) for row in self.by_name.get(name, ())}) == 1

    def within(self, code: str, other: str) -> bool:
        """Tell whether the territory of `code` is that of `other` or lies in it."""
        return code.startswith(prefix(other))

    def town(self, county: str, name: str) -> str | None:
        """Return the nine-digit code of a town or sub-district of a county, by its name with or without 办事处."""
        return self.towns_of(county).get(name.removesuffix("办事处"))

    def towns_of(self, county: str) -> Mapping[str, str]:
        """Return name (without 办事处) → code of the towns of a county, or of what became of it."""
        listed = self.now(county, None)
        return self.towns.get(listed.code if listed else county, {})

    def chains(self, text: str, year: int | None) -> list[Chain]:
        """Return every chain of places that begins a text, the longest first; of a recoded place only the newest."""
        found = sorted(self._chains(text, 0, (), year), key=lambda chain: (-chain.end, not chain.last_in_full))
        return [chain for chain in found if not any(_replaces(other, chain, year) for other in found)]

    def _chains(self, text: str, at: int, before: tuple[Territory, ...], year: int | None) -> Iterator[Chain]:
        for end in (at + length for length in self.lengths.get(text[at : at + 2], ()) if at + length <= len(text)):
            name = text[at:end]
            for rows, full in ((self.by_name.get(name), True), (self.by_short_name.get(name), False)):
                for row in rows or ():
                    if is_valid(row, year) and _follows(row, before):
                        places = (*before, row)
                        yield Chain(places, end, full or name in names_with_unit(row.code, row.name))
                        yield from self._chains(text, end, places, year)


def is_valid(row: Territory, year: int | None) -> bool:
    """Tell whether a territory was there in a report year; with None, whether it is there now."""
    if year is None:
        return row.valid_to is None
    starts, ends = row.valid_from, row.valid_to
    return (starts is None or starts <= date(year + 1, 3, 31)) and (ends is None or ends > date(year, 1, 1))


def _replaces(one: Chain, other: Chain, year: int | None) -> bool:
    """Tell whether `one` is the same words and its last place is new in the year in which that of `other` ended."""
    mine, old = one.last, other.last
    same = one.end == other.end and mine.name == old.name and mine.parent == old.parent and mine.code != old.code
    return same and year is not None and mine.valid_to is None and old.valid_to is not None and (
        old.valid_to <= date(year, 12, 31)
    )


def prefix(code: str) -> str:
    """Return the digits of a code that all codes within its territory begin with."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _follows(row: Territory, before: tuple[Territory, ...]) -> bool:
    if not before:
        return True
    last = before[-1]
    return row.code != last.code and RANKS[row.level] > RANKS[last.level] and row.code.startswith(prefix(last.code))


@cache
def table() -> Table:
    """Return the table made from the seeds; read once."""
    by_code: dict[str, list[Territory]] = defaultdict(list)
    by_name: dict[str, list[Territory]] = defaultdict(list)
    by_short: dict[str, list[Territory]] = defaultdict(list)
    for row in _territories(SEEDS / "territories.csv"):
        by_code[row.code].append(row)
        by_name[row.name].append(row)
        stem = row.short_name if row.level == ZONE else stem_and_unit(row.name)[0]
        spoken = (*own_short_names().get(row.code, ()), *names_with_unit(row.code, row.name))
        for name in {row.short_name, stem, *spoken} - {row.name}:
            by_short[name].append(row)
    moves = _moves(SEEDS / "territory_changes.csv")
    unlisted = {old[0]: old for old, _ in moves if old[0] not in by_code}
    ancestors = {new: old for old, new in reversed(moves)}
    lengths = _lengths([*by_name, *by_short])
    return Table(by_code, by_name, by_short, dict(moves), ancestors, unlisted, _towns(), lengths)


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return how long the names are that begin with two characters, the longest first: what else need not be tried."""
    found: dict[str, set[int]] = defaultdict(set)
    for name in names:
        found[name[:2]].add(len(name))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}


def _territories(path: Path) -> Iterator[Territory]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Territory(
                row["code"], row["name"], row["short_name"], row["parent"] or None, row["level"],
                _day(row["valid_from"]), _day(row["valid_to"]), row["source"],
            )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _moves(path: Path) -> list[tuple[Key, Key]]:
    """Return (old, new) where one territory became one other; a code alone does not tell, for codes are given anew."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] not in (MERGE, SPLIT)]
    return [((row["old_code"], row["old_name"]), (row["new_code"], row["new_name"])) for row in rows]


def town_rows() -> Iterator[tuple[str, str, str]]:
    """Return (nine-digit code, name, source) of every town and sub-district."""
    with gzip.open(TOWNS, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from ((code, name, source) for code, name, source in rows)


def _towns() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for code, name, _ in town_rows():
        found[code[:6]][name.removesuffix("办事处")] = code
    return found
