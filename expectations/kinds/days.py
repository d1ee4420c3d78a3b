"""Rules on days that must follow one another: end of the report year, signature, publication, deadline.

Belongs here: comparing days. Does not: finding them (assets/normalizing), the deadlines (expectations/deadlines.yaml).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from expectations.evidence import Evidence
from expectations.kinds.common import ID, findings, of_document, only_value
from expectations.registry import Rule
from expectations.verdicts import BREAKS, HOLDS, UNKNOWN, Verdicts
from expectations.wording import LANGUAGES, SEMICOLON, filled, place

DEADLINES = Path(__file__).parents[1] / "deadlines.yaml"
LEGACY = "legacy"
STATED = ("signed_date", "published_date")
STEP = {
    "zh": {True: "{first} {first_day} 应早于{then} {then_day}", False: "{first} {first_day} 应不晚于{then} {then_day}"},
    "en": {True: "{first} {first_day} must be before {then} {then_day}",
           False: "{first} {first_day} must not be after {then} {then_day}"},
}


@cache
def deadlines() -> dict[str, dict[str, Any]]:
    """Return deadlines.yaml: kind of deadline → month, day, basis in zh and en, and perhaps last_report_year."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(DEADLINES.read_text(encoding="utf-8"))["deadlines"]
    return found


def days_in_order(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Every pair of days of the rule's `order` stands in order; one that does not breaks, whatever else is missing."""
    steps: list[Mapping[str, Any]] = rule.parameters["order"]
    frame = of_document(rule, facts, _days(facts))
    true = pl.all_horizontal(_in_order(step) for step in steps)
    known = pl.when(true).then(HOLDS).otherwise(BREAKS)
    judged = frame.with_columns(verdict=pl.when(true.is_null()).then(UNKNOWN).otherwise(known))

    def words(language: str) -> Mapping[str, pl.Expr]:
        broken = [pl.when(~_in_order(step)).then(_spoken(step, language)) for step in steps]
        items = pl.concat_str(broken, separator=SEMICOLON[language], ignore_nulls=True)
        return {"items": items, "basis": pl.col(f"basis_{language}")}

    yield findings(judged, rule, None, words)


def _in_order(step: Mapping[str, Any]) -> pl.Expr:
    first, then = pl.col(step["first"]), pl.col(step["then"])
    return first < then if step.get("strictly") else first <= then


def _spoken(step: Mapping[str, Any], language: str) -> pl.Expr:
    values = {name: place(pl.lit(step[name]), language) for name in ("first", "then")}
    values |= {f"{name}_day": pl.col(step[name]).cast(pl.String) for name in ("first", "then")}
    return filled(STEP[language][bool(step.get("strictly"))], values)


def _days(facts: Evidence) -> pl.DataFrame:
    """The days of each report by name, and the basis of its deadline; NULL where one is not known."""
    year = pl.col("report_year")
    frame = facts.reports.select(ID, "report_year").join(only_value(facts, "deadline_kind"), on=ID, how="left")
    for fact in STATED:
        frame = frame.join(only_value(facts, fact), on=ID, how="left").with_columns(pl.col(fact).str.to_date())
    of_kind = pl.col("deadline_kind")
    old = year <= deadlines()[LEGACY]["last_report_year"]
    kind = pl.when(old).then(pl.lit(LEGACY)).when(year.is_not_null()).then(of_kind)
    kinds = deadlines()
    parts = {part: {code: one[part] for code, one in kinds.items()} for part in ("month", "day", *LANGUAGES)}
    frame = frame.with_columns(kind=kind).with_columns(
        *(pl.col("kind").replace_strict(parts[part], default=None, return_dtype=pl.Int32).alias(part)
          for part in ("month", "day")),
        *(pl.col("kind").replace_strict(parts[language], default=None, return_dtype=pl.String)
          .alias(f"basis_{language}") for language in LANGUAGES),
    )
    return frame.with_columns(
        year_end=pl.date(year, 12, 31), deadline=pl.date(year + 1, pl.col("month"), pl.col("day"))
    ).drop("report_year", "kind", "deadline_kind", "month", "day")
