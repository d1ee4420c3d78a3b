"""The assets `publisher_outcomes` and `documents`: what publishers gave, and what came in for one report year.

Belongs here: the hand-over of crawl and intake to Dagster. Does not: crawling (crawl.py), intake itself (intake.py).
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg
import polars as pl
from pydantic import Field

from assets.asset import IO_MANAGER, lake_spec
from assets.fetching.archive import archive_of
from assets.fetching.crawl import crawl
from assets.fetching.fetched import take_fetched
from assets.fetching.intake import KNOWN, NEW, SKIPPED, UNREADABLE, desk_of, find_sources, take_in
from assets.fetching.outcomes import outcomes
from assets.fetching.registry import chosen
from assets.fetching.settings import manners_of, publishers_of
from assets.home import Home
from assets.lake import DOCUMENTS, PUBLISHER_OUTCOMES
from assets.progress import Progress

LOG_EVERY = 200
ENDED = ("done", "unchanged", "spared", "failed", "refused")


class FetchConfig(dg.Config):
    """What a run asks of publishers; nothing unless it says so."""

    fetch: bool = Field(False, description="抓取 / ask the publishers; needs GONGKAI_CONTACT")
    publishers: list[str] = Field([], description="只这些 / only these; all verified ones where none is named")
    revisit: bool = Field(False, description="重看近日看过的 / ask again what was seen within a week")


def build_fetching(years: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the assets `publisher_outcomes` and `documents`, partitioned by `years`."""
    return [_build_outcomes(years), _build_documents(years)]


def _build_outcomes(years: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    spec = lake_spec(PUBLISHER_OUTCOMES, "fetching")

    @dg.asset(
        name=PUBLISHER_OUTCOMES.name, description=spec.description, group_name=spec.group_name, kinds=spec.kinds,
        metadata=spec.metadata, io_manager_key=IO_MANAGER, partitions_def=years,
    )
    def publisher_outcomes(
        context: dg.AssetExecutionContext, config: FetchConfig, home: dg.ResourceParam[Home],
        progress: dg.ResourceParam[Progress],
    ) -> pl.DataFrame:
        """Crawl the publishers where the run asks for it, then list what became of each the last time."""
        if config.fetch:
            _crawl(context, config, home, progress)
        rows = outcomes(home.ledger, context.partition_key, publishers_of())
        for row in rows:
            if row["state"] != "complete":
                context.log.warning(f"{row['publisher']}: {row['state']}: {row['reason']}")
        states = Counter(str(row["state"]) for row in rows)
        table = [{name: str(row[name] or "") for name in ("publisher", "state", "reports", "reason")} for row in rows]
        context.add_output_metadata({
            **{f"publishers_{state}": number for state, number in states.items()},
            "publishers": dg.MetadataValue.table([dg.TableRecord(one) for one in table], _columns()),
        })
        return PUBLISHER_OUTCOMES.frame(rows)

    return publisher_outcomes


def _columns() -> dg.TableSchema:
    return dg.TableSchema([dg.TableColumn(name) for name in ("publisher", "state", "reports", "reason")])


def _crawl(context: dg.AssetExecutionContext, config: FetchConfig, home: Home, progress: Progress) -> None:
    manners = manners_of()
    manners = replace(manners, revisit=0.0) if config.revisit else manners
    publishers = chosen(publishers_of(), config.publishers)
    said = Counter[str]()

    def told(counts: Counter[str]) -> None:
        ended = sum(counts[name] for name in ENDED)
        progress.step("fetching", ended, ended + counts["queued"])
        if ended >= said["next"]:
            said["next"] = ended + LOG_EVERY
            context.log.info(f"fetching: {dict(counts)}")

    counts = crawl(home.ledger, archive_of(home), publishers, context.partition_key, manners, told)
    context.log.info(f"fetched: {dict(counts)}")


def _build_documents(years: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    spec = lake_spec(DOCUMENTS, "fetching")

    @dg.asset(
        name=DOCUMENTS.name, description=spec.description, group_name=spec.group_name, kinds=spec.kinds,
        metadata=spec.metadata, io_manager_key=IO_MANAGER, partitions_def=years, deps=[PUBLISHER_OUTCOMES.name],
    )
    def documents(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> pl.DataFrame:
        """Take in what was fetched and what waits in the inbox for this report year, then list its documents."""
        desk = desk_of(home, years.get_partition_keys())
        fetched = take_fetched(home.ledger, desk, context.partition_key)
        intake = take_in(find_sources(home.inbox), desk, datetime.now(UTC), only=context.partition_key)
        for arrival in (*intake.of(SKIPPED), *intake.of(UNREADABLE)):
            context.log.warning(f"intake {arrival.outcome}: {arrival.path}: {arrival.reason}")
        context.add_output_metadata({
            "fetched_new": fetched, **{f"inbox_{kind}": len(intake.of(kind)) for kind in (NEW, KNOWN, UNREADABLE)},
        })
        return desk.ledger.documents(context.partition_key)

    return documents
