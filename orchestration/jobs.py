"""The jobs: the whole chain for one report year, and the lake's part of it alone.

Belongs here: what is run together. Does not: when (schedules.py).
"""

from __future__ import annotations

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from assets.lake import TABLES

LAKE_ASSETS = tuple(dg.AssetKey(table.name) for table in TABLES)


def build_jobs(years: dg.PartitionsDefinition) -> list[UnresolvedAssetJobDefinition]:
    """Return `nightly` (documents of a report year up to the published snapshot) and `report_year` (the lake only)."""
    nightly = dg.define_asset_job(
        "nightly",
        selection=dg.AssetSelection.all(),
        partitions_def=years,
        description=(
            "整条链：某报告年度的文件入库、解析、规范化、检查，然后重建全部数据集市并发布快照\n\n"
            "The whole chain: one report year's documents through the gate, then all marts and the published snapshot"
        ),
    )
    report_year = dg.define_asset_job(
        "report_year",
        selection=dg.AssetSelection.assets(*LAKE_ASSETS),
        partitions_def=years,
        description="某报告年度直到检查为止，不重建数据集市\n\nOne report year up to the gate, no marts, no snapshot",
    )
    return [nightly, report_year]
