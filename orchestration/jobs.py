"""The jobs: the whole chain for one report year, and its two parts that fill the lake: reading and judging.

Belongs here: what is run together. Does not: when (schedules.py).
"""

from __future__ import annotations

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from assets import versions

# The tag that says who asked for a run: schedule or inbox; a run started by hand has none.
ASKED_BY = "gongkai/asked_by"
NIGHTLY = "nightly"
READ_ASSETS = tuple(dg.AssetKey(table.name) for table in versions.READ)
JUDGED_ASSETS = tuple(dg.AssetKey(table.name) for table in versions.JUDGED)


def build_jobs(years: dg.PartitionsDefinition) -> list[UnresolvedAssetJobDefinition]:
    """Return `nightly` (a report year's documents up to the published snapshot), `reading` and `judging`.

    Reports are compared with those of the years before and after: every year is read before any is judged.
    """
    nightly = dg.define_asset_job(
        NIGHTLY,
        selection=dg.AssetSelection.all(),
        partitions_def=years,
        description=(
            "整条链：某报告年度的文件入库、解析、规范化、检查，然后重建全部数据集市并发布快照\n\n"
            "The whole chain: one report year's documents through the gate, then all marts and the published snapshot"
        ),
    )
    reading = dg.define_asset_job(
        "reading",
        selection=dg.AssetSelection.assets(*READ_ASSETS),
        partitions_def=years,
        description="某报告年度的文件入库、解析、规范化\n\nOne report year's documents taken in, parsed, normalised",
    )
    judging = dg.define_asset_job(
        "judging",
        selection=dg.AssetSelection.assets(*JUDGED_ASSETS),
        partitions_def=years,
        description=(
            "检查某报告年度的全部报告，与前后两年对照\n\n"
            "Judges all reports of one report year, beside those of the years before and after"
        ),
    )
    return [nightly, reading, judging]
