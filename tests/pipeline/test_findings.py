"""The five real reports: every finding of every rule, against data checked by hand.

Belongs here: the findings as a whole, and the verdicts that the specification names for the rules about the document.
Does not: cells, facts and the states of tables (test_reports.py). `python -m tests.pipeline.test_findings` writes the
data anew; read the difference before you commit it. Without ../shared the tests are skipped.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.extract import extract
from tests.real_reports import NUMBERS, real_report

DATA = Path(__file__).with_name("five_reports.yaml")
HEAD = """# What every rule says of the five real reports.
# breaks: rule, scope, severity. counts: rule → how many verdicts are holds and unknown, where it has any.
# Belongs here: findings checked against the documents. Written by `python -m tests.pipeline.test_findings`.
"""
# What the specification (section 4.2) says of the rules about the document: h holds, b breaks, u unknown.
STATED = {
    "S01_six_sections": "hhhhh",
    "S07_host_official": "uuuuu",
    "D01_year": "hhhhu",
    "D02_period": "hhhhh",
    # Signed after the period, but 000 and 001 state no day of publication.
    "D03_signed_after_period": "uuubu",
    "D04_deadline": "uuuhu",
    "D05_organ_match": "hhuhu",
    "D06_stale_year": "hhhhh",
    "D08_mojibake": "hhhhh",
}


@cache
def findings(number: str) -> tuple[dict[str, Any], ...]:
    path = real_report(number)
    found: Any = extract(path.read_bytes(), path.name)["findings"]
    return tuple(found)


def whole(number: str) -> dict[str, Any]:
    """Return what five_reports.yaml says of a report."""
    breaks = sorted(
        f"{one['rule']} {one['scope']} {one['severity']}" for one in findings(number) if one["verdict"] == "breaks"
    )
    counted = Counter((one["rule"], one["verdict"]) for one in findings(number))
    counts = {
        rule: {verdict: counted[rule, verdict] for verdict in ("holds", "unknown") if counted[rule, verdict]}
        for rule in sorted({one["rule"] for one in findings(number)})
    }
    return {"breaks": breaks, "counts": {rule: count for rule, count in counts.items() if count}}


def page() -> str:
    """Return five_reports.yaml as the rules of today would write it: one line for each break and each rule."""
    lines = [HEAD.rstrip("\n")]
    for number in NUMBERS:
        found = whole(number)
        counts = {
            rule: ", ".join(f"{name}: {one}" for name, one in count.items()) for rule, count in found["counts"].items()
        }
        lines += [f'"{number}":', "  breaks:" if found["breaks"] else "  breaks: []"]
        lines += [f"    - {one}" for one in found["breaks"]]
        lines += ["  counts:", *(f"    {rule}: {{{count}}}" for rule, count in counts.items())]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("number", NUMBERS)
def test_every_finding_is_the_one_checked_by_hand(number: str) -> None:
    expected = yaml.safe_load(DATA.read_text(encoding="utf-8"))[number]
    found = whole(number)
    assert found["breaks"] == expected["breaks"]
    assert found["counts"] == expected["counts"]


@pytest.mark.parametrize("rule", STATED)
def test_rules_about_the_document_give_the_verdicts_of_the_specification(rule: str) -> None:
    found = "".join(one["verdict"][0] for number in NUMBERS for one in findings(number) if one["rule"] == rule)
    assert found == STATED[rule]


def test_003_is_told_that_it_was_signed_before_the_year_was_over() -> None:
    [broken] = [one for one in findings("003") if one["rule"] == "D03_signed_after_period"]
    assert "落款日期 2024-12-31" in broken["message"] and broken["severity"] == "warning"


if __name__ == "__main__":
    DATA.write_text(page(), encoding="utf-8")
