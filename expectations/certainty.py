"""Figures that were recognised with doubt and that the sure figures of their table prove.

Belongs here: which doubts the identities of the registry settle. Does not: when a recognised figure is doubtful
(assets/parsing/placing/doubtful.py), what a doubt that stays leads to (V06).

A doubtful figure is proven where an identity holds whose other cells are all sure or proven: then the sums alone leave
no other number. Where the identity does not hold, nothing is proven, and the identity itself holds the table back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import polars as pl

from expectations.registry import EQUAL, Identity, active_rules, identities_of

FACT = "doubtful_reading"
ID = "report_version_id"
KEY = [ID, "table_code"]


def proven(values: Mapping[str, float | None], doubtful: Set[str], identities: Iterable[Identity]) -> frozenset[str]:
    """Return the doubtful cells that follow from sure ones.

    Args:
        values: the number of each cell of a table as it was read; None or absent where no number was.
        doubtful: the codes of cells recognised with doubt.
        identities: those of the table and its edition.
    """
    holding = [sides for one in identities if _holds(values, *(sides := (one.left, one.right)))]
    unsure = set(doubtful)
    while True:
        alone = [unsure.intersection((*left, *right)) for left, right in holding]
        settled = {cell for cells in alone if len(cells) == 1 for cell in cells}
        if not settled:
            return frozenset(set(doubtful) - unsure)
        unsure -= settled


def _holds(values: Mapping[str, float | None], left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    numbers = [[values.get(code) for code in side] for side in (left, right)]
    if any(number is None for side in numbers for number in side):
        return False
    first, second = (sum(number for number in side if number is not None) for side in numbers)
    return first == second


def without_proven(observations: pl.DataFrame, cells: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Return observations without the doubts that the figures of their own table settle.

    Args:
        observations: the lake's OBSERVATIONS; a doubt has the code of its cell as scope.
        cells: report_version_id, table_code, cell_code and value (Float64).
        tables: report_version_id, table_code and lines_edition.
    """
    doubts = observations.filter(fact=FACT)
    if doubts.is_empty():
        return observations
    settled = []
    for (report, table), own in doubts.group_by(KEY):
        edition = tables.filter(pl.col(ID) == report, table_code=table)["lines_edition"].item()
        figures = cells.filter(pl.col(ID) == report, table_code=table)
        values = dict(figures.select("cell_code", "value").iter_rows())
        for code in proven(values, set(own["scope"].to_list()), _identities(str(table), edition)):
            settled.append({ID: report, "table_code": table, "fact": FACT, "scope": code})
    if not settled:
        return observations
    gone = pl.DataFrame(settled, schema={name: observations.schema[name] for name in (*KEY, "fact", "scope")})
    return observations.join(gone, on=[*KEY, "fact", "scope"], how="anti")


def _identities(table: str, edition: str) -> tuple[Identity, ...]:
    return tuple(
        identity for rule in active_rules()
        if rule.kind == "linear" and rule.severity == "error" and table in rule.tables and edition in rule.editions
        for identity in identities_of(rule, table, edition) if identity.relation == EQUAL
    )
