"""The gate's assets: findings, table states, the tables held back, the cells that may go on.

Belongs here: the hand-over of the gate to Dagster: judge in memory, report the checks, then write.
Does not: judging (expectations/), how a result is shown as a check (orchestration/gates.py).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg
import polars as pl

from assets import lake
from assets.asset import lake_ins, lake_outs
from assets.home import Home
from assets.lake_files import LakeParts
from expectations.data_docs import INDEX
from expectations.parts import JudgedYear, gate_in_parts

READ = (lake.CELLS, lake.OBSERVATIONS, lake.REPORT_OBSERVATIONS, lake.REPORTS)
TABLES = (lake.FINDINGS, lake.TABLE_STATES, lake.QUARANTINED_TABLES, lake.ACCEPTED_CELLS)

Checks = Callable[[Sequence[Any], JudgedYear, pl.DataFrame, Path], Iterable[dg.AssetCheckResult]]
Agree = Callable[[Sequence[Any], JudgedYear], None]


def build_quarantine(
    years: dg.PartitionsDefinition, check_specs: Sequence[dg.AssetCheckSpec], checks: Checks, agree: Agree
) -> dg.AssetsDefinition:
    """Return the multi-asset that judges the reports of a report year, partitioned by `years`.

    Args:
        years: the report years.
        check_specs: the asset checks that the step reports.
        checks: makes their results from suite results, the gate's decisions, the reports and the data docs' folder.
        agree: raises where the suites judge otherwise than the gate; then nothing is written, no page either.
    """

    @dg.multi_asset(
        name="gate", outs=lake_outs(TABLES, "gate", LakeParts), ins=lake_ins(READ), check_specs=check_specs,
        partitions_def=years,
    )
    def judge(
        context: dg.AssetExecutionContext,
        cells: pl.LazyFrame,
        observations: pl.LazyFrame,
        report_observations: pl.LazyFrame,
        reports: pl.DataFrame,
        home: dg.ResourceParam[Home],
    ) -> Iterator[dg.AssetCheckResult | dg.Output[LakeParts]]:
        """Judge every report of the year, part by part, then let its tables through or hold them back."""
        from expectations.suites import run_checkpoint  # Great Expectations takes three seconds to import

        docs = home.data_docs / context.partition_key
        with TemporaryDirectory(dir=home.root, prefix=".gate.") as aside:
            judged = gate_in_parts(cells, pl.concat([observations, report_observations]), reports, Path(aside))
            results = run_checkpoint(
                judged.shown, judged.tally, docs, title=context.partition_key,
                accept=lambda found: agree(found, judged),
            )
            yield from checks(results, judged, reports, docs)
            for table in TABLES:
                kept = judged.tables[table.name]
                yield dg.Output(kept, table.name, metadata={"data_docs": dg.MetadataValue.path(docs / INDEX)})

    return judge
