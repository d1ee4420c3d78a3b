"""The gate's assets: findings, table states, the tables held back and what is known of them, the cells that may go on.

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
from assets.lake_files import LakeFiles, LakeParts
from assets.quarantine.cases import completing
from assets.versions import neighbouring_years
from expectations.data_docs import INDEX
from expectations.neighbours import Known, Neighbours, neighbours
from expectations.owners import owners
from expectations.parts import OF_VERDICTS, JudgedYear, Year, gate_in_parts, loading

READ = (lake.CELLS, lake.OBSERVATIONS, lake.REPORT_OBSERVATIONS, lake.REPORTS, lake.CLAIMS)
BESIDE = (lake.ORGANS, lake.SECTION_TEXTS, lake.PRINTED_TABLES)
COMPLETED = (lake.TABLE_STATES, lake.QUARANTINED_TABLES, lake.BREAKS, lake.REPAIRS)
# Great Expectations takes seconds to import.
SUITES = "expectations.suites"
TABLES = (*OF_VERDICTS, *COMPLETED, lake.ACCEPTED_CELLS)

Checks = Callable[[Sequence[Any], JudgedYear, pl.DataFrame, str], Iterable[dg.AssetCheckResult]]
Agree = Callable[[Sequence[Any], JudgedYear], None]


def build_quarantine(
    years: dg.PartitionsDefinition, check_specs: Sequence[dg.AssetCheckSpec], checks: Checks, agree: Agree
) -> dg.AssetsDefinition:
    """Return the multi-asset that judges the reports of a report year, partitioned by `years`.

    Args:
        years: the report years.
        check_specs: the asset checks that the step reports.
        checks: makes their results of suite results, the gate's decisions, the reports and the data docs' address.
        agree: raises where the suites judge otherwise than the gate; then nothing is written, no page either.
    """

    @dg.multi_asset(
        name="gate", outs=lake_outs(TABLES, "gate", LakeParts), ins=lake_ins(READ),
        deps=[dg.AssetKey(table.name) for table in BESIDE], check_specs=check_specs, partitions_def=years,
    )
    def judge(
        context: dg.AssetExecutionContext,
        cells: pl.LazyFrame,
        observations: pl.LazyFrame,
        report_observations: pl.LazyFrame,
        reports: pl.DataFrame,
        claims: pl.LazyFrame,
        home: dg.ResourceParam[Home],
    ) -> Iterator[dg.AssetCheckResult | dg.Output[LakeParts]]:
        """Judge every report of the year, beside those of the neighbouring years, part by part; hand on what passes."""
        files, year, docs = LakeFiles(home.lake), context.partition_key, home.data_docs / context.partition_key
        observed = pl.concat([observations, report_observations])
        printed, owned = files.scan(lake.PRINTED_TABLES, year), owners(reports, files.read(lake.ORGANS, year))
        judging = Year(reports, cells, observed, claims, around_year(files, year))
        with loading(SUITES) as suites, TemporaryDirectory(dir=home.root, prefix=".gate.") as aside:
            judged = gate_in_parts(judging, completing(judging, printed, owned), COMPLETED, Path(aside))
            results = suites().run_checkpoint(
                judged.shown, judged.tally, docs, title=year, accept=lambda found: agree(found, judged)
            )
            page = home.page(docs / INDEX)
            yield from checks(results, judged, reports, page)
            for table in TABLES:
                kept = judged.tables[table.name]
                yield dg.Output(kept, table.name, metadata={"data_docs": dg.MetadataValue.url(page)})

    return judge


def around_year(files: LakeFiles, partition: str) -> Neighbours:
    """Find what stands beside the reports of a report year, among its own and those of the years before and after."""
    partitions = (partition, *neighbouring_years(partition))
    known = Known(
        pl.concat([files.read(lake.REPORTS, one) for one in partitions]),
        pl.concat([files.scan(lake.CELLS, one) for one in partitions]),
        pl.concat([files.scan(lake.SECTION_TEXTS, one) for one in partitions]),
        pl.concat([files.read(lake.ORGANS, one) for one in partitions]),
    )
    return neighbours(known, files.read(lake.REPORTS, partition)["report_version_id"])
