"""When the chain runs.

Belongs here: the nightly schedule and the report years it asks for. Does not: what runs (jobs.py).

Why these years. Reports of a year are published from January of the next one and corrected until it ends, so last
year's partition is asked for every night, as the last request and with the marts, the checks and the publication.
Other years, and `undated`, are asked for when something waits for them: a document in the inbox or in the ledger
that the lake lacks, or lake files made by other code. First all years with new documents are read, then they and the
years beside them are judged, for reports are compared with those of the years before and after; the last request
publishes them. The runs queue up (dagster.yaml lets one run at a time) and are started in the order in which they are
asked for.
"""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from assets.fetching.intake import desk_of, find_sources, waiting_partitions
from assets.home import Home
from orchestration.jobs import JUDGED_ASSETS, READ_ASSETS
from orchestration.waiting import in_order, to_judge, unread
from orchestration.years import due_year

# A tick must answer within a minute. What it does not look at tonight it sees tomorrow, when these are known.
NEW_FILES_PER_TICK = 2_000


class StaleCodeLocationError(RuntimeError):
    """Dagster holds definitions from a year ago: the partitions lack the report year that is due."""


def build_schedules(home: Home, years: dg.PartitionsDefinition) -> list[dg.ScheduleDefinition]:
    """Return the nightly schedule at 02:00 Asia/Shanghai, running by default."""

    @dg.schedule(
        job_name="nightly",
        cron_schedule="0 2 * * *",
        execution_timezone="Asia/Shanghai",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="每晚北京时间两点运行整条链\n\nThe whole chain, every night at 02:00 Beijing time",
    )
    def nightly_refresh(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        """Ask for reading, then for judging each report year that something waits for, for last year's at the end."""
        night = context.scheduled_execution_time
        yield from nightly_requests(home, years, night.date())

    return [nightly_refresh]


def nightly_requests(home: Home, years: dg.PartitionsDefinition, night: date) -> Iterator[dg.RunRequest]:
    """Return the requests of one night (see the module's docstring)."""
    keys = years.get_partition_keys()
    due = due_year(night)
    if due not in keys:
        raise StaleCodeLocationError(
            f"report year {due} is due, the code location was loaded when the last one was {keys[-1]}: reload it"
        )
    unseen = waiting_partitions(find_sources(home.inbox), desk_of(home, keys), NEW_FILES_PER_TICK)
    waiting = unread(home, keys).keys() | unseen
    *to_read, _ = in_order(waiting, due)
    # The year due is read first by itself only where others are then judged beside it.
    *others, _ = in_order(to_judge(home, keys, waiting), due)
    for key in [*to_read, *([due] if due in waiting and others else [])]:
        yield dg.RunRequest(run_key=f"{night}-{key}-reading", partition_key=key, asset_selection=list(READ_ASSETS))
    for key in others:
        yield dg.RunRequest(run_key=f"{night}-{key}-judging", partition_key=key, asset_selection=list(JUDGED_ASSETS))
    yield dg.RunRequest(run_key=f"{night}-{due}", partition_key=due)
