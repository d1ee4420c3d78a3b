"""The page on the models: what is in it, what may not be, and that it asks nobody.

Belongs here: the page made of small manifests, and dbt's own template as it is installed. Does not: dbt writing
manifest and catalog, the page of a whole run (tests/pipeline/test_chain.py).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from typing import Any

import pytest

from assets.marts.model_docs import ModelDocsError, page

TEMPLATE = (
    '<!doctype html><html><head><title>dbt Docs</title><link rel="canonical" href="/overview/">'
    '<meta property="og:type" content="website"/></head><body><script defer="defer">'
    'var n={manifest:"MANIFEST.JSON INLINE DATA",catalog:"CATALOG.JSON INLINE DATA"};</script></body></html>'
)
PLACES = {"/srv/one/var/": "$GONGKAI_HOME/", "/srv/one/": ""}


def manifest(**changed: Any) -> dict[str, Any]:
    """A manifest as a run on one machine writes it."""
    node = {
        "name": "mart", "description": "表</script><b>", "created_at": 1.5, "root_path": "/srv/one/dbt_project",
        "compiled_path": "/srv/one/var/build/target/mart.sql",
        "compiled_code": "select * from read_parquet('/srv/one/var/lake/reports/*.parquet')",
        "refs": [{"name": "/srv/one/dbt_project/x"}],
    }
    return {
        "metadata": {
            "project_name": "gongkai", "send_anonymous_usage_stats": True, "generated_at": "2026-11-29T00:51:08Z",
            "invocation_id": "b0fd11a2", "user_id": "somebody",
        },
        "nodes": {"model.gongkai.mart": node},
        "macros": {"macro.dbt.x": {"package_name": "dbt"}, "macro.gongkai.y": {"package_name": "gongkai"}},
        **changed,
    }


def inlined(text: str) -> dict[str, Any]:
    [found] = re.findall(r"var n=\{manifest:(.*),catalog:", text)
    read: dict[str, Any] = json.loads(found)
    return read


def test_nothing_of_a_run_or_a_machine_is_left() -> None:
    text = page(TEMPLATE, manifest(), {"nodes": {}}, PLACES)
    assert "/srv/" not in text and "somebody" not in text and "2026-11-29" not in text
    read = inlined(text)
    assert read["nodes"]["model.gongkai.mart"] == {
        "name": "mart", "description": "表</script><b>", "refs": [{"name": "dbt_project/x"}],
        "compiled_code": "select * from read_parquet('$GONGKAI_HOME/lake/reports/*.parquet')",
    }
    assert read["metadata"] == {"project_name": "gongkai", "send_anonymous_usage_stats": False}
    assert read["macros"].keys() == {"macro.gongkai.y"}


def test_a_column_stays_whatever_its_name_is() -> None:
    columns = {name: {"name": name, "created_at": 1.5} for name in ("created_at", "columns", "env")}
    read = inlined(page(TEMPLATE, manifest(nodes={"model.gongkai.mart": {"columns": columns}}), {}, PLACES))
    assert read["nodes"]["model.gongkai.mart"]["columns"] == {name: {"name": name} for name in columns}


def test_two_runs_on_one_content_give_one_page() -> None:
    other = manifest(metadata={**manifest()["metadata"], "generated_at": "later", "invocation_id": "another"})
    reordered = dict(reversed(other.items()))
    assert page(TEMPLATE, manifest(), {}, PLACES) == page(TEMPLATE, reordered, {}, PLACES)


def test_only_the_script_that_is_in_the_page_may_run_and_nothing_may_be_asked_for() -> None:
    text = page(TEMPLATE, manifest(), {}, PLACES)
    assert text.count("</script") == 1
    [script] = re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    [policy] = re.findall(r'<head><meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'" and rules["img-src"] == rules["font-src"] == "data:"
    assert rules["base-uri"] == rules["form-action"] == "'none'" and "connect-src" not in rules


def test_the_page_of_the_dbt_that_is_installed_has_the_shape_that_is_known() -> None:
    template = files("dbt.task.docs").joinpath("index.html").read_text("utf-8")
    text = page(template, manifest(), {"nodes": {}}, PLACES)
    assert text.startswith('<!doctype html><html dir="ltr" lang="en-US"')
    head = text[: text.index("<script")]
    assert re.findall(r'(?:src|href)="([^"]*)"', head) == ["data:,"]
    assert "<title>数据模型 Data models · gongkai</title>" in head and head.count("<meta property") == 0


@pytest.mark.parametrize("template", [
    TEMPLATE.replace("CATALOG.JSON", "catalog.json"), TEMPLATE.replace("<body>", "<body><script>let x</script>"),
])
def test_a_page_of_another_shape_is_refused(template: str) -> None:
    with pytest.raises(ModelDocsError, match=r"adapt assets/marts/model_docs\.py"):
        page(template, manifest(), {}, PLACES)
