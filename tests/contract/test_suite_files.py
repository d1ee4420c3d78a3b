"""The committed files of suites and checkpoint are what the registry makes, and Great Expectations reads them.

Belongs here: expectations/gx/ against expectations/identities/. Does not: running suites (tests/pipeline).
"""

from __future__ import annotations

import pytest
from great_expectations.expectations.expectation import Expectation

from expectations.registry import Rule, active_rules
from expectations.suites import CHECKPOINT, FILES, ExpectAccountingIdentity, file_contents, load_suite

CURE = "run `python -m expectations.suites` and commit what it writes"


def test_the_files_are_what_the_registry_makes() -> None:
    on_disk = {path.name: path.read_text("utf-8") for path in FILES.glob("*.yaml")}
    made = file_contents()
    assert on_disk.keys() == made.keys(), CURE
    assert [name for name in made if made[name] != on_disk[name]] == [], CURE


def test_every_active_rule_stands_in_a_suite_in_chinese_with_its_formula() -> None:
    stated: dict[str, list[str]] = {}
    for name in file_contents().keys() - {CHECKPOINT}:
        for expectation in load_suite(name.removesuffix(".yaml")).expectations:
            stated.setdefault(_rule(expectation), []).append(str(expectation.description))
    assert stated.keys() == {rule.code for rule in active_rules()}
    for rule in active_rules():
        assert all(rule.words.zh in said and rule.formula in said for said in stated[rule.code])


@pytest.mark.parametrize("rule", [rule for rule in active_rules() if rule.kind == "linear"], ids=lambda rule: rule.code)
def test_a_linear_rule_is_stated_as_identities_of_its_relation(rule: Rule) -> None:
    own = [e for e in load_suite(f"{rule.tables[0]}_{rule.scope}").expectations if _rule(e) == rule.code]
    assert own
    for expectation in own:
        assert isinstance(expectation, ExpectAccountingIdentity)
        assert expectation.relation == rule.parameters.get("relation", "equal")


def _rule(expectation: Expectation) -> str:
    assert expectation.meta is not None
    return str(expectation.meta["rule"])
