"""What every lake asset has in common in Dagster's eyes: description, columns, version, where it is kept.

Belongs here: the step from a table of assets/lake.py to Dagster's outputs. Does not: any computation.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg
import polars as pl

from assets.lake import LakeTable
from assets.lake_files import LakeParts
from assets.versions import version_of

IO_MANAGER = "lake"


def lake_spec(table: LakeTable, group: str, deps: Iterable[str] = ()) -> dg.AssetSpec:
    """Return the asset of a lake table: its key is the table's name."""
    return dg.AssetSpec(
        table.name,
        deps=[dg.AssetKey(dependency) for dependency in deps],
        description=f"{table.zh}\n\n{table.en}",
        group_name=group,
        kinds={"polars", "parquet"},
        code_version=version_of(table) or None,
        metadata={"dagster/column_schema": column_schema(table), "key": ", ".join(table.key)},
    )


def lake_outs(
    tables: Iterable[LakeTable], group: str, kind: type[pl.DataFrame | LakeParts] = pl.DataFrame
) -> dict[str, dg.AssetOut]:
    """Return the outputs of a stage that fills `tables`, kept by the lake's IO manager: frames, or parts put aside."""
    return {
        table.name: dg.AssetOut.from_spec(lake_spec(table, group), dagster_type=kind, io_manager_key=IO_MANAGER)
        for table in tables
    }


def lake_ins(tables: Iterable[LakeTable]) -> dict[str, dg.AssetIn]:
    """Return the inputs of a stage that reads `tables` of its own partition."""
    return {table.name: dg.AssetIn(dg.AssetKey(table.name), input_manager_key=IO_MANAGER) for table in tables}


def column_schema(table: LakeTable) -> dg.TableSchema:
    """Return the columns of a lake table as Dagster shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name, str(kind), constraints=dg.TableColumnConstraints(nullable=name not in table.key))
            for name, kind in table.columns.items()
        ]
    )
