"""The page on the models: dbt's own docs in one file that opens from disk, asks no host and names no machine.

Belongs here: what is kept of dbt's manifest and catalog, and the page they are written into. Does not: building the
models (dbt.py), descriptions (dbt_project/), the data docs of the gate (expectations/data_docs.py).

dbt's page would load a tracker, fonts and a picture by itself if it were told to; its Content-Security-Policy forbids
every request, and lets no script run but the one that is in it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assets.home import PROJECT, Home
from assets.marts.dbt import run_dbt

INDEX = "index.html"
TITLE = "数据模型 Data models · gongkai"
INLINE = {"manifest": '"MANIFEST.JSON INLINE DATA"', "catalog": '"CATALOG.JSON INLINE DATA"'}
SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
# Of the head: addresses that nothing answers, and words on dbt instead of on the project.
GONE = re.compile(r"<link\b[^>]*>|<meta (?:property|name=\"(?:twitter|description|msapplication))[^>]*>")
# What differs between two runs on one content, and what only dbt needs.
OF_A_RUN = {
    "generated_at", "invocation_id", "invocation_started_at", "run_started_at", "user_id", "created_at", "env",
    "build_path", "compiled_path", "root_path", "deferred", "project_id",
}


class ModelDocsError(RuntimeError):
    """The page is not what it must be; it is not put in place."""


def model_docs(home: Home, target: Path) -> str:
    """Return the page on the models that were built last.

    Args:
        home: where the build lies.
        target: dbt's target folder of that build; the catalog is written into it.

    Raises:
        DbtError: dbt could not write its docs.
        ModelDocsError: dbt's page has another shape than the one known here.
    """
    run_dbt(home, "--quiet", "docs", "generate", "--no-compile", target=target)
    manifest, catalog = (json.loads((target / name).read_bytes()) for name in ("manifest.json", "catalog.json"))
    told = {f"{home.root}/": "$GONGKAI_HOME/", f"{PROJECT}/": ""}
    return page((target / INDEX).read_text("utf-8"), manifest, catalog, told)


def page(template: str, manifest: Mapping[str, Any], catalog: Mapping[str, Any], places: Mapping[str, str]) -> str:
    """Return dbt's page `template` with manifest and catalog in it.

    Args:
        template: dbt's index.html.
        manifest: dbt's manifest of the build.
        catalog: dbt's catalog of the build file.
        places: folders of this machine, each with what the page says in its stead; the first that fits counts.

    Raises:
        ModelDocsError: `template` has no place for them, or more than one script.
    """
    text = GONE.sub("", template)
    for name, data in (("manifest", _of_the_project(manifest)), ("catalog", catalog)):
        if text.count(INLINE[name]) != 1:
            raise ModelDocsError(f"dbt's page has no single place for its {name}: adapt assets/marts/model_docs.py")
        # the sign that could end the script early
        inline = json.dumps(_cleaned(data, places), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
        text = text.replace(INLINE[name], inline)
    text = re.sub(r"<title>.*?</title>", f"<title>{html.escape(TITLE)}</title>", text, count=1)
    return text.replace("<head>", f"<head>{_policy(text)}", 1)


def _policy(text: str) -> str:
    scripts = SCRIPT.findall(text)
    if len(scripts) != 1:
        raise ModelDocsError(f"dbt's page has {len(scripts)} scripts instead of one: adapt assets/marts/model_docs.py")
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}"><link rel="icon" href="data:,">'


def _of_the_project(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out dbt's own macros, and what an installation tells dbt's makers: nothing."""
    own = manifest["metadata"]["project_name"]
    macros = {key: macro for key, macro in manifest["macros"].items() if macro["package_name"] == own}
    about = {**manifest["metadata"], "send_anonymous_usage_stats": False}
    return {**manifest, "macros": macros, "metadata": about}


def _cleaned(value: Any, places: Mapping[str, str], of_names: bool = False) -> Any:
    """Return a part of manifest or catalog without what a run or a machine adds to it.

    of_names: the keys of `value` are names of columns, which stay whatever they are.
    """
    if isinstance(value, dict):
        return {
            key: _cleaned(part, places, of_names=key == "columns" and not of_names)
            for key, part in value.items() if of_names or key not in OF_A_RUN
        }
    if isinstance(value, list):
        return [_cleaned(part, places) for part in value]
    if isinstance(value, str):
        for folder, said in places.items():
            value = value.replace(folder, said)
    return value
