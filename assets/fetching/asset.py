"""The `documents` asset: what came in for one report year.

Belongs here: the hand-over of intake to Dagster. Does not: intake itself (intake.py).
"""

from datetime import UTC, datetime

import dagster as dg
import polars as pl

from assets.asset import IO_MANAGER, lake_spec
from assets.fetching.intake import KNOWN, NEW, SKIPPED, UNREADABLE, desk_of, find_sources, take_in
from assets.home import Home
from assets.lake import DOCUMENTS


def build_fetching(years: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset `documents`, partitioned by `years`."""
    spec = lake_spec(DOCUMENTS, "fetching")

    @dg.asset(
        name=DOCUMENTS.name, description=spec.description, group_name=spec.group_name, kinds=spec.kinds,
        metadata=spec.metadata, io_manager_key=IO_MANAGER, partitions_def=years,
    )
    def documents(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> pl.DataFrame:
        """Take in what waits in the inbox for this report year, then list the year's documents."""
        desk = desk_of(home, years.get_partition_keys())
        intake = take_in(find_sources(home.inbox), desk, datetime.now(UTC), only=context.partition_key)
        for arrival in (*intake.of(SKIPPED), *intake.of(UNREADABLE)):
            context.log.warning(f"intake {arrival.outcome}: {arrival.path}: {arrival.reason}")
        context.add_output_metadata({f"inbox_{kind}": len(intake.of(kind)) for kind in (NEW, KNOWN, UNREADABLE)})
        return desk.ledger.documents(context.partition_key)

    return documents
