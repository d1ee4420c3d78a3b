"""When the chain runs.

Belongs here: the nightly schedule and the report years it asks for. Does not: what runs (jobs.py).

Nights of sweep: every night from 1 January to 15 April, when reports are published, and on Mondays otherwise. On the
other nights the chain runs only where something waits for it, or the last whole run failed.

Why these years. Reports of a year are published from January of the next one and corrected until it ends, so last
year's partition is asked for every night, as the last request and with the marts, the checks and the publication.
Other years, and `undated`, are asked for when something waits for them: a document in the inbox or in the ledger
that the lake lacks, or lake files made by other code. First all years with new documents are read, then they and the
years beside them are judged, for reports are compared with those of the years before and after; the last request
publishes them. The runs queue up (dagster.yaml lets one run at a time) and are started in the order in which they are
asked for.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import dagster as dg

from assets.fetching.fetched import waiting_fetched
from assets.fetching.intake import desk_of, find_sources, waiting_partitions
from assets.home import Home
from orchestration.jobs import ASKED_BY, JUDGED_ASSETS, NIGHTLY, READ_ASSETS
from orchestration.waiting import behind, in_order, to_judge, unread
from orchestration.years import due_year

# A tick must answer within a minute. What it does not look at tonight it sees tomorrow, when these are known.
NEW_FILES_PER_TICK = 2_000
SEASON_ENDS = (4, 15)
MONDAY = 0


class StaleCodeLocationError(RuntimeError):
    """Dagster holds definitions from a year ago: the partitions lack the report year that is due."""


def build_schedules(home: Home, years: dg.PartitionsDefinition) -> list[dg.ScheduleDefinition]:
    """Return the nightly schedule at 02:00 Asia/Shanghai, running by default."""

    @dg.schedule(
        job_name=NIGHTLY,
        cron_schedule="0 2 * * *",
        execution_timezone="Asia/Shanghai",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=(
            "北京时间两点：1 月 1 日至 4 月 15 日每晚，其余每周一，运行整条链；其他夜晚仅在有待处理内容时运行\n\n"
            "The whole chain at 02:00 Beijing time: every night from 1 January to 15 April, else on Mondays; on other "
            "nights where something waits"
        ),
    )
    def nightly_refresh(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        """Ask for reading, then for judging each report year that something waits for, for last year's at the end."""
        night, keys = context.scheduled_execution_time.date(), years.get_partition_keys()
        unseen = unseen_partitions(home, keys)
        if is_sweep(night) or unseen or behind(home, keys) or the_last_failed(context.instance):
            yield from requests_for(home, keys, due_year(night), unseen, str(night), "schedule")
        else:
            yield dg.SkipReason("今夜无待处理内容，下次全面运行在周一 · nothing waits; the next sweep is on Monday")

    return [nightly_refresh]


def is_sweep(night: date) -> bool:
    """Tell whether the chain runs on this night though nothing may wait."""
    return (night.month, night.day) <= SEASON_ENDS or night.weekday() == MONDAY


def unseen_partitions(home: Home, keys: Sequence[str]) -> set[str]:
    """Return the report years of documents in the inbox, or fetched, that the ledger of documents does not know."""
    desk = desk_of(home, keys)
    inbox = waiting_partitions(find_sources(home.inbox), desk, NEW_FILES_PER_TICK)
    return inbox | waiting_fetched(home.ledger, desk, NEW_FILES_PER_TICK)


def the_last_failed(instance: dg.DagsterInstance) -> bool:
    """Tell whether the newest whole run failed: what it did not publish is tried again the next night."""
    newest = instance.get_runs(dg.RunsFilter(job_name=NIGHTLY), limit=1)
    return bool(newest) and newest[0].status == dg.DagsterRunStatus.FAILURE


def requests_for(
    home: Home, keys: Sequence[str], due: str, unseen: set[str], label: str, asked_by: str
) -> Iterator[dg.RunRequest]:
    """Return the requests for what waits, those of `unseen` documents included; the year `due` is the last one.

    Args:
        home: whose lake is looked at.
        keys: the report years there are.
        due: the report year of the request that publishes.
        unseen: the report years of documents that the ledger does not know.
        label: begins the key of each request; Dagster runs no key twice.
        asked_by: who asks, for the tag of the runs.
    """
    tags = {ASKED_BY: asked_by}
    if due not in keys:
        raise StaleCodeLocationError(
            f"report year {due} is due, the code location was loaded when the last one was {keys[-1]}: reload it"
        )
    waiting = unread(home, keys).keys() | unseen
    *to_read, _ = in_order(waiting, due)
    # The year due is read first by itself only where others are then judged beside it.
    *others, _ = in_order(to_judge(home, keys, waiting), due)
    for key in [*to_read, *([due] if due in waiting and others else [])]:
        selection = list(READ_ASSETS)
        yield dg.RunRequest(f"{label}-{key}-reading", partition_key=key, asset_selection=selection, tags=tags)
    for key in others:
        selection = list(JUDGED_ASSETS)
        yield dg.RunRequest(f"{label}-{key}-judging", partition_key=key, asset_selection=selection, tags=tags)
    yield dg.RunRequest(f"{label}-{due}", partition_key=due, tags=tags)
