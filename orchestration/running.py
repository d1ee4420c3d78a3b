"""Runs the jobs in this process, against the instance that the Dagster UI shows.

Belongs here: one run of one job, its steps told to a listener, its failure in words, runs that a kill left open.
Does not: which report years to run (waiting.py), what is shown (cli.py).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import dagster as dg

from assets.home import Home
from assets.progress import Progress
from orchestration.definitions import build_definitions
from orchestration.io import HomeBusyError, home_lock

IN_PROCESS = {"gongkai/started_by": "gongkai run"}
UNFINISHED = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]

Listener = Callable[[str, str], None]


@dataclass(frozen=True)
class RunResult:
    """How a run ended: its id, and for a failed one the step and what it said."""

    run_id: str
    success: bool
    failures: tuple[tuple[str, str], ...]


class Runner:
    """Runs jobs of one home; `told` hears the type and the step of every event of a step (STEP_START, …)."""

    def __init__(self, home: Home, instance: dg.DagsterInstance, progress: Progress, told: Listener) -> None:
        self.instance = instance
        self.definitions = build_definitions(home=home, progress=progress, loggers={"steps": step_logger(told)})

    def steps(self, job: str) -> int:
        """Return how many steps a run of `job` has."""
        return len(self.definitions.resolve_job_def(job).graph.nodes)

    def run(self, job: str, partition: str, verbose: bool = False) -> RunResult:
        """Run `job` for one report year to its end, good or bad; `verbose` prints Dagster's log as well."""
        loggers: dict[str, object] = {"steps": {}, **({"console": {}} if verbose else {})}
        result = self.definitions.resolve_job_def(job).execute_in_process(
            instance=self.instance, partition_key=partition, run_config={"loggers": loggers},
            tags=IN_PROCESS, raise_on_error=False,
        )
        failures = [event for event in result.all_events if event.is_step_failure]
        return RunResult(
            result.run_id, result.success, tuple((str(event.step_key), failure_text(event)) for event in failures)
        )


def failure_text(event: dg.DagsterEvent) -> str:
    """Return what a failed step said, its innermost cause first."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error is not None else (event.message or "")


def close_dead_runs(home: Home, instance: dg.DagsterInstance) -> list[str]:
    """Mark runs as failed that a killed `gongkai run` left open, and return their ids.

    Who holds the home's lock knows that no other run is at work in it.
    """
    try:
        with home_lock(home, patience_seconds=0):
            dead = instance.get_runs(filters=dg.RunsFilter(statuses=UNFINISHED, tags=IN_PROCESS))
            for run in dead:
                instance.report_run_failed(run, "the process of this run was killed; found by the next `gongkai run`")
            return [run.run_id for run in dead]
    except HomeBusyError:
        return []


def step_logger(told: Listener) -> dg.LoggerDefinition:
    """Return a Dagster logger that prints nothing and tells `told` of the events of steps."""

    def steps(context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.getLogger("gongkai.steps")
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.handlers = [_StepHandler(told)]
        return logger

    return dg.LoggerDefinition(steps, description="Tells the command line of every step")


class _StepHandler(logging.Handler):
    def __init__(self, told: Listener) -> None:
        super().__init__()
        self.told = told

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is not None and event.is_step_event and event.step_key:
            self.told(event.event_type_value, event.step_key)
