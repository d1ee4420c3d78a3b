"""The environment in which Dagster and dbt run for one home.

Belongs here: environment variables, DAGSTER_HOME and its dagster.yaml. Does not: importing Dagster.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from assets.home import PROJECT, Home
from assets.writing import replace_file

TEMPLATE = PROJECT / "dagster.yaml"


def prepare(home: Home) -> None:
    """Make DAGSTER_HOME with its dagster.yaml and set the variables that Dagster, its children and dbt read."""
    settings = TEMPLATE.read_bytes()
    target = home.dagster / TEMPLATE.name
    if not target.exists() or target.read_bytes() != settings:
        replace_file(target, settings)
    os.environ.update(variables(home))


def variables(home: Home) -> dict[str, str]:
    """Return the environment variables that name the home, find dbt beside the interpreter, and forbid telemetry."""
    tools = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return {
        "GONGKAI_HOME": str(home.root),
        "DAGSTER_HOME": str(home.dagster),
        "PATH": os.pathsep.join([tools, *(folder for folder in path if folder != tools)]),
        "DO_NOT_TRACK": "1",
    }
