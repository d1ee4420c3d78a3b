"""The gate's assets: findings, table states, the tables held back and what is known of them, the cells that may go on.

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
from assets.quarantine.cases import Cases, Known, cases
from expectations.gate import gate

READ = (lake.CELLS, lake.OBSERVATIONS, lake.REPORT_OBSERVATIONS, lake.REPORTS, lake.CLAIMS)
TABLES = (
    lake.FINDINGS, lake.TABLE_STATES, lake.QUARANTINED_TABLES, lake.BREAKS, lake.REPAIRS, lake.ACCEPTED_CELLS,
)

Checks = Callable[[Sequence[Any], Cases, pl.DataFrame], Iterable[dg.AssetCheckResult]]


def build_quarantine(
    years: dg.PartitionsDefinition, check_specs: Sequence[dg.AssetCheckSpec], checks: Checks
) -> dg.AssetsDefinition:
    """Return the multi-asset that judges the reports of a report year, partitioned by `years`.

    Args:
        years: the report years.
        check_specs: the asset checks that the step reports.
        checks: makes their results from suite results, the completed result of the gate and the reports.
    """

    @dg.multi_asset(
        name="gate", outs=lake_outs(TABLES, "gate"), ins=lake_ins(READ), deps=[lake.PRINTED_TABLES.name],
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
        """Judge every report of the year in memory, then let its tables through or hold them back."""
        from expectations.suites import run_checkpoint  # Great Expectations takes three seconds to import

        observed = pl.concat([observations, report_observations])
        judged = gate(cells, observed, reports, claims)
        # Of all that was printed, only the tables held back are looked at again.
        held = judged.quarantined_tables["document_id"].unique()
        everything = LakeFiles(home.lake).scan(lake.PRINTED_TABLES, context.partition_key)
        printed = everything.filter(pl.col("document_id").is_in(held.implode())).collect()
        completed = cases(judged, Known(cells, observed, reports, printed, claims))
        results = run_checkpoint(cells, observed, reports, completed.findings, home.data_docs / context.partition_key)
        yield from checks(results, completed, reports)
        for table in TABLES:
            yield dg.Output(getattr(completed, table.name), table.name)

    return judge
