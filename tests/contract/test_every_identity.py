"""Every rule of the registry is held to its own examples, and the registry's page to the registry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.form import cells as form
from assets.lake import FINDINGS
from expectations.docs import PAGE, page
from expectations.examples import frames_of, sample_of
from expectations.judging import evaluate
from expectations.kinds import KINDS
from expectations.registry import VERDICTS, Rule, active_rules, kinds, load_registry

# How the source of a rule begins that is not of the form but of this project.
OWN = "本项目的规定"
SPECIFICATION = Path(__file__).resolve().parents[3] / "shared" / "spec" / "line_items.json"


def examples() -> Iterator[Any]:
    for rule in load_registry():
        for number, example in enumerate(rule.examples, start=1):
            yield pytest.param(rule, example, id=f"{rule.code}-{number}-{example['verdict']}")


@pytest.mark.parametrize(("rule", "example"), list(examples()))
def test_rule_gives_the_verdict_of_its_example(rule: Rule, example: Mapping[str, Any]) -> None:
    given = frames_of([sample_of(example)])
    found = evaluate(given.cells, given.observations, given.reports, (rule,), given.claims)
    finding = found.row(by_predicate=pl.col("scope") == example["scope"], named=True)
    assert finding["verdict"] == example["verdict"]
    assert finding["severity"] == example.get("severity", rule.severity)
    assert (finding["table_code"] is None) == (rule.scope == "document")
    for language in ("message_zh", "message_en"):
        assert bool(finding[language]) == (example["verdict"] == "breaks"), finding[language]
        assert "{" not in (finding[language] or "")


@pytest.mark.parametrize("rule", load_registry(), ids=lambda rule: rule.code)
def test_every_rule_has_an_example_of_each_verdict(rule: Rule) -> None:
    assert {example["verdict"] for example in rule.examples} == set(VERDICTS)


@pytest.mark.parametrize("rule", load_registry(), ids=lambda rule: rule.code)
def test_codes_and_severities_are_those_of_the_specification(rule: Rule) -> None:
    if not SPECIFICATION.exists():
        pytest.skip(f"the specification is not beside the repository: {SPECIFICATION}")
    specified = {entry["code"]: entry["severity"] for entry in json.loads(SPECIFICATION.read_text("utf-8"))["rules"]}
    if rule.code in specified:
        assert specified[rule.code] == rule.severity
    else:
        assert rule.source.zh.startswith(OWN), "a rule that the specification lacks says that it is ours"


def test_every_kind_is_computed_and_has_its_placeholders() -> None:
    assert set(KINDS) == set(kinds())
    assert {rule.kind for rule in load_registry()} == set(KINDS)


@pytest.mark.parametrize("edition", [edition.code for edition in form.editions()])
def test_every_rule_speaks_about_every_report(edition: str) -> None:
    given = frames_of([sample_of({"edition": edition, "fill": 0})])
    found = evaluate(given.cells, given.observations, given.reports)
    assert set(found["rule"]) == {rule.code for rule in active_rules() if edition in rule.editions}
    assert found.schema == FINDINGS.empty().schema
    assert not found.select(FINDINGS.key).is_duplicated().any()


def test_the_committed_page_is_the_one_the_registry_makes() -> None:
    assert PAGE.read_text("utf-8") == page(load_registry()), "run `python -m expectations.docs`"


def test_the_page_names_every_rule() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"\n## {rule.code}\n" in text for rule in load_registry())
