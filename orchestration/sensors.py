"""What starts the chain between two nights: new documents in the inbox.

Belongs here: looking at the inbox, and remembering what was asked for. Does not: taking documents in
(assets/fetching), what is asked for (schedules.py), the nightly schedule.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date

import dagster as dg

from assets.fetching.intake import desk_of, find_sources, waiting_documents
from assets.home import Home
from orchestration.jobs import NIGHTLY
from orchestration.schedules import NEW_FILES_PER_TICK, requests_for
from orchestration.years import due_year

INTERVAL_SECONDS = 300
UNFINISHED = [
    dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING,
]


def build_sensors(home: Home, years: dg.PartitionsDefinition) -> list[dg.SensorDefinition]:
    """Return the sensor of the inbox, running by default."""

    @dg.sensor(
        name="inbox", job_name=NIGHTLY, minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            "收件箱有新文件时，运行其所属报告年度\n\n"
            "Runs the report years of new documents in the inbox, once for the same documents"
        ),
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        """Ask for the years of documents that were not asked for before; the cursor holds those that were."""
        if context.instance.get_runs_count(dg.RunsFilter(statuses=UNFINISHED)):
            return dg.SkipReason("有运行尚未结束，稍后再看收件箱 · the inbox is looked at once the runs have ended")
        return inbox_requests(home, years, date.today(), context.cursor)

    return [inbox]


def inbox_requests(
    home: Home, years: dg.PartitionsDefinition, today: date, cursor: str | None
) -> dg.SensorResult | dg.SkipReason:
    """Return the requests for documents in the inbox, and the cursor that remembers them.

    A document whose run failed is not asked for again: the schedule does it, and the failed run stands in the UI.
    """
    keys = years.get_partition_keys()
    waiting = waiting_documents(find_sources(home.inbox), desk_of(home, keys), NEW_FILES_PER_TICK)
    asked = set(json.loads(cursor or "[]"))
    fresh = sorted(waiting.keys() - asked)
    if not fresh:
        return dg.SkipReason("收件箱没有新文件 · no new document in the inbox")
    label = "inbox-" + hashlib.sha256(" ".join(fresh).encode()).hexdigest()[:16]
    requests = requests_for(home, keys, due_year(today), {waiting[one] for one in fresh}, label, "inbox")
    return dg.SensorResult(run_requests=list(requests), cursor=json.dumps(sorted(waiting)))
