"""What a build of the marts has to build anew: everything, or the years whose lake files changed since the last one.

Belongs here: telling the lake and the project of a finished build from those of now, and the mark that remembers them.
Does not: how dbt builds some years only (dbt_project/macros/years.sql), calling dbt (dbt.py, asset.py).

Some years suffice only where nothing else differs: the last build was carried to its end, and project, dbt, DuckDB and
the reference tables are the same byte for byte. In doubt everything is built.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from assets.home import Home
from assets.lake import TABLES
from assets.lake_files import LakeFiles
from assets.marts.dbt import build_file, project_fingerprint
from assets.marts.reference import REFERENCE
from assets.writing import replace_file

REBUILT_YEARS, ALL_YEARS = "GONGKAI_REBUILT_YEARS", "GONGKAI_ALL_YEARS"
# What a partial build leaves behind: no project has this fingerprint.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Made:
    """What a build was made of: the project's fingerprint, hashes of the reference tables, and those of each year."""

    project: str
    reference: dict[str, str]
    years: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Plan:
    """What to build: `years` are the partitions to build anew, None is everything; `reason` says why, for the log."""

    years: tuple[str, ...] | None
    reason: str
    made: Made

    def variables(self) -> dict[str, str]:
        """Return the environment variables that tell dbt which years to build anew, or all there are."""
        return {ALL_YEARS: ",".join(sorted(self.made.years))} if self.years is None else {
            REBUILT_YEARS: ",".join(self.years)
        }


def plan(home: Home, sources: Iterable[str]) -> Plan:
    """Return what has to be built so that the marts are those of the lake of now.

    Args:
        home: whose lake and last build are looked at.
        sources: the names of the lake tables that dbt reads.
    """
    made, before = _made(home, frozenset(sources)), _last(home)
    if before is None or not build_file(home).exists():
        return Plan(None, "no finished build to start from: everything is built", made)
    if before.project != made.project:
        return Plan(None, "the dbt project, dbt or DuckDB changed since the last build: everything is built", made)
    if before.reference != made.reference:
        names = sorted(name for name in made.reference if made.reference[name] != before.reference.get(name))
        return Plan(None, f"reference tables changed ({', '.join(names)}): everything is built", made)
    years = tuple(sorted(
        year for year in before.years.keys() | made.years.keys() if before.years.get(year) != made.years.get(year)
    ))
    return Plan(years, f"report years with changed lake files: {', '.join(years) or 'none'}", made)


def begin(home: Home) -> Made | None:
    """Take away the mark of a finished build before dbt touches the file; return what that build was made of."""
    before = _last(home)
    _mark(home).unlink(missing_ok=True)
    return before


def finish(home: Home, made: Made) -> None:
    """Record that the whole build, with every test that must hold, was carried to its end, and what it was made of."""
    replace_file(_mark(home), json.dumps(asdict(made)).encode())


def finish_part(home: Home, before: Made, built: Plan) -> None:
    """Record that some models of a finished build were built anew: the next whole build does it for all of them."""
    if built.years is None:
        finish(home, Made(UNKNOWN, before.reference, before.years))
    else:
        kept = {year: files for year, files in before.years.items() if year not in built.years}
        finish(home, Made(before.project, before.reference, kept))


def is_finished(home: Home) -> bool:
    """Tell whether the last build was carried to its end."""
    return _last(home) is not None and build_file(home).exists()


def _made(home: Home, sources: frozenset[str]) -> Made:
    files = LakeFiles(home.lake)
    years: dict[str, dict[str, str]] = {}
    for table in TABLES:
        for year in files.partitions(table) if table.name in sources else ():
            years.setdefault(year, {})[table.name] = files.digest(table, year)
    reference = {
        f"{table.name}/{part}": files.digest(table, part) for table in REFERENCE for part in files.partitions(table)
    }
    return Made(project_fingerprint(home), reference, years)


def _last(home: Home) -> Made | None:
    """Return what the last finished build was made of; None where it was not finished or says it in another way."""
    try:
        found = json.loads(_mark(home).read_bytes())
        return Made(found["project"], found["reference"], found["years"])
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError):
        return None


def _mark(home: Home) -> Path:
    return home.build / "finished"
