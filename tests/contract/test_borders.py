"""Borders that are tested by crossing them: the pure modules load where Dagster or Great Expectations is not there.

Belongs here: imports in a process that lacks a package. Does not: who may import whom (import-linter, pyproject.toml).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("assets", "expectations", "orchestration")

# Run apart: this very process has long loaded what is to be missing.
WITHOUT = """
import importlib, json, sys
missing, modules = json.loads(sys.argv[1])
for name in missing:
    sys.modules[name] = None
broken = {}
for module in modules:
    try:
        importlib.import_module(module)
    except ImportError as problem:
        broken[module] = str(problem)
print(json.dumps(broken))
"""


def modules(wanted: Callable[[str], bool]) -> list[str]:
    """Return the dotted names of our own modules that `wanted` accepts."""
    files = (file.relative_to(PROJECT) for room in ROOMS for file in (PROJECT / room).rglob("*.py"))
    names = {".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files}
    return sorted(filter(wanted, names))


def imports_that_fail(missing: list[str], names: list[str]) -> dict[str, str]:
    """Return the modules that cannot be imported where the packages `missing` are not there, with the reason."""
    command = [sys.executable, "-c", WITHOUT, json.dumps([missing, names])]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(run.stdout)
    return found


def is_pure(module: str) -> bool:
    return not module.startswith("orchestration") and not module.endswith(".asset")


def test_pure_modules_load_without_dagster() -> None:
    names = modules(is_pure)
    assert "assets.parsing.parse" in names
    assert imports_that_fail(["dagster", "dagster_dbt"], names) == {}


def test_everything_but_the_suites_loads_without_great_expectations() -> None:
    names = modules(lambda module: module != "expectations.suites")
    assert "orchestration.definitions" in names
    assert imports_that_fail(["great_expectations"], names) == {}


@pytest.mark.parametrize(
    ("missing", "module"), [("dagster", "assets.asset"), ("great_expectations", "expectations.suites")]
)
def test_a_crossing_would_be_seen(missing: str, module: str) -> None:
    assert list(imports_that_fail([missing], [module])) == [module]
