"""The one place where everything is put together for Dagster.

Belongs here: build_definitions, and the definitions that workspace.yaml and `dg` find.
Does not: assets (assets/*/asset.py), jobs, schedules, resources (their own files).
"""

from collections.abc import Mapping
from datetime import date

import dagster as dg

from assets.fetching.asset import build_fetching
from assets.home import Home
from assets.marts.asset import build_marts
from assets.normalizing.asset import build_normalizing
from assets.parsing.asset import build_parsing
from assets.progress import Progress
from assets.quarantine.asset import build_quarantine
from orchestration.gates import build_conservation, gate_check_specs, gate_checks, require_agreement
from orchestration.jobs import build_jobs
from orchestration.partitions import report_years
from orchestration.resources import resources
from orchestration.schedules import build_schedules
from orchestration.sensors import build_sensors


def build_definitions(
    *,
    home: Home | None = None,
    today: date | None = None,
    progress: Progress | None = None,
    loggers: Mapping[str, dg.LoggerDefinition] | None = None,
) -> dg.Definitions:
    """Return everything Dagster needs for one home.

    Args:
        home: Where state lies; default GONGKAI_HOME.
        today: Decides which report years there are; default the clock.
        progress: Shows the advance of long steps; default nothing.
        loggers: Further loggers that a run may ask for, by name.
    """
    home = home or Home.from_environment()
    years = report_years(today or date.today())
    mart_assets, mart_resources = build_marts(home)
    return dg.Definitions(
        assets=[
            *build_fetching(years), build_parsing(years), build_normalizing(years),
            build_quarantine(years, gate_check_specs(years), gate_checks, require_agreement), *mart_assets,
        ],
        asset_checks=[build_conservation(home)],
        jobs=build_jobs(years),
        schedules=build_schedules(home, years),
        sensors=build_sensors(home, years),
        resources={**resources(home, progress or Progress()), **mart_resources},
        executor=dg.in_process_executor,
        loggers={"console": dg.colored_console_logger, **(loggers or {})},
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return the definitions of the home that GONGKAI_HOME names."""
    return build_definitions()
