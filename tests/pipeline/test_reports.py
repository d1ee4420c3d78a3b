"""The five real reports: every cell, fact and verdict as checked by hand.

Belongs here: what `gongkai extract` says of the documents in ../shared/reports. Does not: reports of our own making.
The reports are not part of the project; where they are not beside it, these tests are skipped.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assets.extract import extract

FOLDER = Path(__file__).parents[3] / "shared" / "reports"
TRUTHS = sorted(FOLDER.glob("*.truth.json"))
PUBLISHED, QUARANTINED, MISSING = "published", "quarantined", "missing"
TABLES = ("proactive_disclosure", "requests", "reconsideration_litigation")

# report → state of its three tables, breaks of severity error
EXPECTED: dict[str, tuple[tuple[str, str, str], set[tuple[str, str]]]] = {
    "000": ((PUBLISHED, QUARANTINED, PUBLISHED), {
        ("R01_balance", "requests.natural_person"), ("R01_balance", "requests.commercial_enterprise"),
        ("R02_outcome_sum", "requests.commercial_enterprise"), ("R02_outcome_sum", "requests.total"),
    }),
    "001": ((PUBLISHED, PUBLISHED, MISSING), {("S02_tables_present", "reconsideration_litigation")}),
    "002": ((PUBLISHED, PUBLISHED, PUBLISHED), set()),
    "003": ((PUBLISHED, PUBLISHED, PUBLISHED), set()),
    "004": ((PUBLISHED, PUBLISHED, PUBLISHED), set()),
}

pytestmark = pytest.mark.skipif(not TRUTHS, reason="the five real reports are not beside the project (../shared)")


@cache
def judged(number: str) -> dict[str, Any]:
    path = next(FOLDER.glob(f"{number}_*.txt"))
    return extract(path.read_bytes(), path.name)


@cache
def truth(number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(next(FOLDER.glob(f"{number}_*.truth.json")).read_text(encoding="utf-8"))
    return found


def verdicts(number: str, verdict: str) -> set[tuple[str, str, str]]:
    findings = judged(number)["findings"]
    return {(f["rule"], f["scope"], f["severity"]) for f in findings if f["verdict"] == verdict}


@pytest.mark.parametrize("number", EXPECTED)
def test_every_cell_is_the_one_printed(number: str) -> None:
    cells = judged(number)["cells"]
    wrong = {
        code: (cells[code]["value"], value) for code, value in truth(number)["cells"].items()
        if (cells[code]["value"] is None) != (value is None)
        or value is not None and Decimal(str(cells[code]["value"])) != Decimal(str(value))
    }
    assert not wrong
    assert cells.keys() == truth(number)["cells"].keys()


def test_970_figures_and_one_blank_are_compared() -> None:
    values = [value for number in EXPECTED for value in truth(number)["cells"].values()]
    assert (sum(value is not None for value in values), sum(value is None for value in values)) == (970, 1)


@pytest.mark.parametrize("number", EXPECTED)
def test_tables_end_in_their_states_for_exactly_these_errors(number: str) -> None:
    states, errors = EXPECTED[number]
    assert tuple(judged(number)["tables"][table] for table in TABLES) == states
    assert {(rule, scope) for rule, scope, severity in verdicts(number, "breaks") if severity == "error"} == errors


def test_the_total_column_of_000_balances_because_two_errors_cancel() -> None:
    assert ("R01_balance", "requests.total", "error") in verdicts("000", "holds")


@pytest.mark.parametrize("number", EXPECTED)
def test_organ_year_and_signature_are_those_the_document_states(number: str) -> None:
    found = judged(number)
    assert (found["organ_name"], found["report_year"], found["signed_date"]) == (
        truth(number)["organ"], truth(number)["report_year"], truth(number)["signed_date"]
    )
    assert found["territory_code"] == truth(number)["territory_code"]
