"""How dbt is called: its executable, its environment, its manifest, its build file.

Belongs here: everything about running dbt that Dagster need not know.
Does not: what has to be built (changes.py), models and tests (dbt_project/), assets (asset.py), publication
(publishing.py).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assets.home import PROJECT, Home
from assets.writing import replace_file

DBT_PROJECT = PROJECT / "dbt_project"
# How much memory and how many cores DuckDB takes, where the environment does not say otherwise.
LIMITS = {"GONGKAI_DUCKDB_MEMORY": "4GB", "GONGKAI_DUCKDB_THREADS": "2"}
PROJECT_FILES = {".sql", ".yml", ".csv"}


class DbtError(RuntimeError):
    """dbt is not installed, or a call of it failed; the text holds what dbt printed."""


def build_file(home: Home) -> Path:
    """Return the private DuckDB file that dbt builds."""
    return home.build / "gongkai.duckdb"


def spill_folder(home: Home) -> Path:
    """Return where DuckDB puts aside what does not fit into its memory."""
    return home.build / "spill"


def limits() -> dict[str, str]:
    """Return the bounds of DuckDB as environment variables: those that are set, else the defaults."""
    return {name: os.environ.get(name) or default for name, default in LIMITS.items()}


def target_folder(home: Home) -> Path:
    """Return dbt's target folder: the manifest and what the last run compiled."""
    return home.build / "target"


def dbt_executable() -> Path:
    """Return the dbt that belongs to the running interpreter, else the one on PATH."""
    beside = Path(sys.executable).with_name("dbt")
    found = str(beside) if beside.exists() else shutil.which("dbt")
    if found is None:
        raise DbtError(f"no dbt beside {sys.executable} and none on PATH: install requirements.lock")
    return Path(found)


def dbt_environment(home: Home) -> dict[str, str]:
    """Return the environment variables that dbt needs to work on `home`, without any telemetry."""
    return {
        "GONGKAI_HOME": str(home.root),
        "DBT_PROFILES_DIR": str(DBT_PROJECT),
        "DBT_TARGET_PATH": str(target_folder(home)),
        "DBT_LOG_PATH": str(target_folder(home)),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "GONGKAI_SPILL": str(spill_folder(home)),
        **limits(),
    }


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables of this process for a while: dagster-dbt hands nothing else on to dbt."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def run_dbt(home: Home, *arguments: str, target: Path | None = None) -> str:
    """Run dbt on `home` and return what it printed; DbtError with its output if it fails."""
    home.build.mkdir(parents=True, exist_ok=True)
    variables = dbt_environment(home)
    if target is not None:
        variables |= {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    command = [str(dbt_executable()), "--no-use-colors", *arguments]
    done = subprocess.run(
        command, cwd=DBT_PROJECT, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        called = " ".join(arguments)
        raise DbtError(f"dbt {called} failed with exit code {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def ensure_manifest(home: Home) -> Path:
    """Return the manifest of the dbt project, parsed anew when the project, dbt or the home is not the one parsed."""
    target = target_folder(home)
    target.mkdir(parents=True, exist_ok=True)
    manifest, stamp = target / "manifest.json", target / "parsed_from"
    with locked(home.build / "target.lock"):
        wanted = project_fingerprint(home)
        if not (manifest.exists() and stamp.exists() and stamp.read_text() == wanted):
            _parse(home, target)
            replace_file(stamp, wanted.encode())
    return manifest


def sorted_by(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return by which columns models are sorted where they are published: `meta.sorted_by` of those that say it."""
    said = {node["alias"]: node["config"]["meta"] for node in manifest["nodes"].values() if "meta" in node["config"]}
    return {name: meta["sorted_by"] for name, meta in said.items() if "sorted_by" in meta}


def project_fingerprint(home: Home) -> str:
    """Return a hash over the project's files, the versions of dbt and DuckDB and the home's path.

    Equal means: the manifest is valid, and the same lake gives the same marts.
    """
    parts = [*map(version, ("dbt-core", "dbt-duckdb", "duckdb")), str(home.root), str(DBT_PROJECT)]
    files = sorted(path for path in DBT_PROJECT.rglob("*") if path.suffix in PROJECT_FILES and path.is_file())
    digests = [f"{path.relative_to(DBT_PROJECT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    return hashlib.sha256("\n".join(parts + digests).encode()).hexdigest()


def remove_build(home: Home) -> None:
    """Delete the build file and its write-ahead log: a full build starts empty, so no dropped model lives on."""
    for path in (build_file(home), build_file(home).with_name(build_file(home).name + ".wal")):
        path.unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file `path` among all processes of this machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _parse(home: Home, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=home.build, prefix=".parse") as folder:
        run_dbt(home, "--quiet", "parse", target=Path(folder))
        for name in ("partial_parse.msgpack", "manifest.json"):
            os.replace(Path(folder) / name, target / name)
