"""What every mart that says how it is sorted must say: columns that it has, a key of its rows among them.

Belongs here: `meta.sorted_by` of the models. Does not: sorting (tests/unit/test_publishing.py).
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from assets.marts.dbt import DBT_PROJECT

MODELS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]
    for path in sorted((DBT_PROJECT / "models").rglob("*.yml"))
    if "models" in yaml.safe_load(path.read_text(encoding="utf-8"))
}
SORTED = {
    name: model["config"]["meta"]["sorted_by"] for name, model in MODELS.items()
    if "sorted_by" in model.get("config", {}).get("meta", {})
}


def keys(model: dict[str, Any]) -> list[set[str]]:
    """The sets of columns of which a test of the model says that no two rows agree in them."""
    found = [{column["name"]} for column in model["columns"] if "unique" in column.get("data_tests", ())]
    for test in model.get("data_tests", []):
        for kind, also in (("one_row_per", set()), ("stands_once_in_its_report", {"report_version_id"})):
            if kind in test:
                found.append({*test[kind]["arguments"]["columns"], *also})
    return found


def test_the_largest_marts_say_how_they_are_sorted() -> None:
    assert {"fct_requests", "mart_organ_year"} <= SORTED.keys()


@pytest.mark.parametrize("name", SORTED)
def test_a_mart_is_sorted_by_columns_of_its_own_and_by_a_key(name: str) -> None:
    columns = {column["name"] for column in MODELS[name]["columns"]}
    assert set(SORTED[name]) <= columns and len(set(SORTED[name])) == len(SORTED[name])
    assert any(key <= set(SORTED[name]) for key in keys(MODELS[name])), f"{name}: no key of its rows in {SORTED[name]}"
