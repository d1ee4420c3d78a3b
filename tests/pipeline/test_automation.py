"""When the chain is asked to run: nights of sweep, and new documents in the inbox, once.

Belongs here: the schedule and the sensor as Dagster evaluates them, on a home without a lake. Does not: running
anything (tests/pipeline).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

from assets.fetching.intake import desk_of, find_sources, take_in
from assets.home import PROJECT, Home
from orchestration.definitions import build_definitions
from orchestration.partitions import report_years
from orchestration.schedules import is_sweep
from orchestration.sensors import inbox_requests
from orchestration.years import partition_keys

TODAY = date(2026, 11, 25)
SAMPLE = PROJECT / "samples" / "inbox" / "fenyang_2024.txt"
OF_YEAR_DUE = PROJECT / "samples" / "inbox" / "gaocheng_2025.txt"


@pytest.mark.parametrize(("night", "sweep"), [
    (date(2026, 1, 1), True), (date(2026, 4, 15), True), (date(2026, 4, 16), False), (date(2026, 4, 20), True),
    (date(2026, 12, 31), False),
])
def test_every_night_of_the_season_is_swept_and_every_monday_else(night: date, sweep: bool) -> None:
    assert is_sweep(night) is sweep


def drop(home: Home) -> None:
    home.inbox.mkdir(parents=True, exist_ok=True)
    shutil.copy(SAMPLE, home.inbox)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as made:
        yield made


def evaluated(home: Home, moment: datetime, instance: dg.DagsterInstance) -> list[dg.RunRequest]:
    definitions = build_definitions(home=home, today=TODAY)
    schedule = definitions.resolve_schedule_def("nightly_refresh")
    context = dg.build_schedule_context(
        instance=instance, scheduled_execution_time=moment, repository_def=definitions.get_repository_def()
    )
    data = schedule.evaluate_tick(context)
    assert bool(data.skip_message) != bool(data.run_requests)
    return list(data.run_requests or [])


def test_a_quiet_night_outside_the_season_is_skipped_unless_something_waits(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    home, wednesday = Home(tmp_path), datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert evaluated(home, wednesday, instance) == []
    assert [one.partition_key for one in evaluated(home, datetime(2026, 11, 23, 2, tzinfo=UTC), instance)] == ["2025"]
    drop(home)
    found = evaluated(home, wednesday, instance)
    assert [one.partition_key for one in found] == ["2024", "2024", "2025"]
    assert {one.tags["gongkai/asked_by"] for one in found} == {"schedule"}


def test_a_document_of_the_year_due_alone_is_something_that_waits(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    home, wednesday = Home(tmp_path), datetime(2026, 11, 25, 2, tzinfo=UTC)
    home.inbox.mkdir(parents=True)
    shutil.copy(OF_YEAR_DUE, home.inbox)
    assert [one.partition_key for one in evaluated(home, wednesday, instance)] == ["2025"]
    take_in(find_sources(home.inbox), desk_of(home, partition_keys(TODAY)), datetime(2026, 11, 25, tzinfo=UTC))
    assert [one.partition_key for one in evaluated(home, wednesday, instance)] == ["2025"]


def test_a_whole_run_that_failed_is_tried_again_the_next_night(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    home, wednesday = Home(tmp_path), datetime(2026, 11, 25, 2, tzinfo=UTC)
    job = build_definitions(home=home, today=TODAY).resolve_job_def("nightly")
    instance.create_run_for_job(job_def=job, status=dg.DagsterRunStatus.FAILURE)
    assert [one.partition_key for one in evaluated(home, wednesday, instance)] == ["2025"]
    instance.create_run_for_job(job_def=job, status=dg.DagsterRunStatus.SUCCESS)
    assert evaluated(home, wednesday, instance) == []


def test_the_inbox_is_asked_for_once_also_after_a_restart(tmp_path: Path) -> None:
    home, years = Home(tmp_path), report_years(TODAY)
    assert isinstance(inbox_requests(home, years, TODAY, None), dg.SkipReason)
    drop(home)
    asked = inbox_requests(home, years, TODAY, None)
    assert isinstance(asked, dg.SensorResult)
    assert [one.partition_key for one in asked.run_requests or []] == ["2024", "2024", "2025"]
    assert {one.tags["gongkai/asked_by"] for one in asked.run_requests or []} == {"inbox"}
    assert isinstance(inbox_requests(home, years, TODAY, asked.cursor), dg.SkipReason)
    take_in(find_sources(home.inbox), desk_of(home, partition_keys(TODAY)), datetime(2026, 11, 25, tzinfo=UTC))
    assert isinstance(inbox_requests(home, years, TODAY, None), dg.SkipReason)


def test_the_inbox_waits_for_runs_that_are_not_finished(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    home = Home(tmp_path)
    drop(home)
    definitions = build_definitions(home=home)
    sensor = definitions.resolve_sensor_def("inbox")

    def asked() -> int:
        repository = definitions.get_repository_def()
        with dg.build_sensor_context(instance=instance, repository_def=repository) as context:
            return len(sensor.evaluate_tick(context).run_requests or [])

    run = instance.create_run_for_job(job_def=_job(), status=dg.DagsterRunStatus.STARTED)
    assert asked() == 0
    instance.delete_run(run.run_id)
    assert asked() == 3


def _job() -> dg.JobDefinition:
    @dg.op
    def nothing() -> None:
        """Do nothing."""

    @dg.job
    def waits() -> None:
        nothing()

    return waits
