"""The gate's assets: findings, table states, the tables held back, the cells that may go on.

Belongs here: the hand-over of the gate to Dagster: judge in memory, report the checks, then write.
Does not: judging (expectations/), how a result is shown as a check (orchestration/gates.py).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import dagster as dg
import polars as pl

from assets import lake
from assets.asset import lake_ins, lake_outs
from assets.home import Home
from assets.lake_files import LakeFiles
from assets.versions import neighbouring_years
from expectations.gate import GateResult, gate
from expectations.neighbours import Known, Neighbours, neighbours

READ = (lake.CELLS, lake.OBSERVATIONS, lake.REPORT_OBSERVATIONS, lake.REPORTS, lake.CLAIMS)
TABLES = (lake.FINDINGS, lake.TABLE_STATES, lake.QUARANTINED_TABLES, lake.ACCEPTED_CELLS)

Checks = Callable[[Sequence[Any], GateResult, pl.DataFrame], Iterable[dg.AssetCheckResult]]


def build_quarantine(
    years: dg.PartitionsDefinition, check_specs: Sequence[dg.AssetCheckSpec], checks: Checks
) -> dg.AssetsDefinition:
    """Return the multi-asset that judges the reports of a report year, partitioned by `years`.

    Args:
        years: the report years.
        check_specs: the asset checks that the step reports.
        checks: makes their results from suite results, the gate's result and the reports.
    """

    @dg.multi_asset(
        name="gate", outs=lake_outs(TABLES, "gate"), ins=lake_ins(READ), deps=[dg.AssetKey(lake.SECTION_TEXTS.name)],
        check_specs=check_specs, partitions_def=years,
    )
    def judge(
        context: dg.AssetExecutionContext,
        cells: pl.DataFrame,
        observations: pl.DataFrame,
        report_observations: pl.DataFrame,
        reports: pl.DataFrame,
        claims: pl.DataFrame,
        home: dg.ResourceParam[Home],
    ) -> Iterator[dg.AssetCheckResult | dg.Output[pl.DataFrame]]:
        """Judge every report of the year, beside those of the neighbouring years, then hand on what passes."""
        from expectations.suites import run_checkpoint  # Great Expectations takes three seconds to import

        observed = pl.concat([observations, report_observations])
        around = around_year(LakeFiles(home.lake), context.partition_key)
        judged = gate(cells, observed, reports, claims, around)
        results = run_checkpoint(cells, observed, reports, judged.findings, home.data_docs / context.partition_key)
        yield from checks(results, judged, reports)
        for table in TABLES:
            yield dg.Output(getattr(judged, table.name), table.name)

    return judge


def around_year(files: LakeFiles, partition: str) -> Neighbours:
    """Find what stands beside the reports of a report year, among its own and those of the years before and after."""
    partitions = (partition, *neighbouring_years(partition))
    known = Known(
        pl.concat([files.read(lake.REPORTS, one) for one in partitions]),
        pl.concat([files.scan(lake.CELLS, one) for one in partitions]),
        pl.concat([files.scan(lake.SECTION_TEXTS, one) for one in partitions]),
    )
    return neighbours(known, files.read(lake.REPORTS, partition)["report_version_id"])
