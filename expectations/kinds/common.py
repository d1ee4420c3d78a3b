"""What all kinds of rules share: which reports a rule speaks of, and how judged rows become findings.

Belongs here: what more than one kind needs. Does not: any kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from assets.lake import FINDINGS
from expectations.evidence import Evidence
from expectations.registry import DOCUMENT, Rule
from expectations.verdicts import BREAKS, HOLDS, RULE, SCOPE, SEVERITY, TABLE, UNKNOWN, VERDICT, Verdicts
from expectations.wording import LANGUAGES, filled, place, places

ID = "report_version_id"
KEY = [ID, "table_code"]
NO_BREAKS = FINDINGS.empty()
NO_NUMBER = pl.lit(None, dtype=pl.Float64)
Words = Callable[[str], Mapping[str, pl.Expr]]


def subjects(rule: Rule, facts: Evidence, table: str) -> pl.DataFrame:
    """The rows of facts.tables that the rule speaks of: its table, its editions, its report years."""
    return within_years(rule, facts.printing(table, rule.editions))


def by_edition(rule: Rule, facts: Evidence, table: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield each of the rule's editions with the ids of the reports whose table prints its lines, if there are any."""
    for edition in rule.editions:
        ids = within_years(rule, facts.printing(table, (edition,))).select(ID)
        if not ids.is_empty():
            yield edition, ids


def only_value(facts: Evidence, fact: str) -> pl.DataFrame:
    """The value observed as `fact`, in a column of that name, of the reports of which exactly one was."""
    values = facts.observations.filter(fact=fact).select(ID, pl.col("value").alias(fact)).unique()
    return values.filter(pl.len().over(ID) == 1)


def within_years(rule: Rule, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows whose report_year lies within the rule's report years; a report without a year is not exempt."""
    year = pl.col("report_year")
    if rule.first_year is not None:
        frame = frame.filter((year >= rule.first_year).fill_null(True))
    if rule.last_year is not None:
        frame = frame.filter((year <= rule.last_year).fill_null(True))
    return frame


def findings(frame: pl.DataFrame, rule: Rule, table: str | None, words: Words) -> Verdicts:
    """Make verdicts of judged rows; messages are made for the breaks only.

    `frame` has the report, `scope` and `verdict`, and may have left, right and severity. `words` returns, for a
    language, the expressions that fill the rule's message.
    """
    defaults = {"left": NO_NUMBER, "right": NO_NUMBER, "severity": pl.lit(rule.severity)}
    missing = [value.alias(name) for name, value in defaults.items() if name not in frame.columns]
    frame = frame.with_columns(missing) if missing else frame
    breaks = frame["verdict"] == "breaks"
    some = breaks.any()
    silent = (frame.filter(~breaks) if some else frame).select(
        ID, pl.lit(table or DOCUMENT, TABLE).alias("table_code"), pl.lit(rule.code, RULE).alias("rule"),
        pl.col("scope").cast(SCOPE), pl.col("severity").cast(SEVERITY), pl.col("verdict").cast(VERDICT),
        pl.col("left", "right").cast(pl.Float64),
    )
    return Verdicts(_spoken(frame.filter(breaks), rule, table, words) if some else NO_BREAKS, silent)


def _spoken(broken: pl.DataFrame, rule: Rule, table: str | None, words: Words) -> pl.DataFrame:
    """Rows of the lake's FINDINGS, in few steps: planning one takes longer than computing it."""
    made = {
        "rule": pl.lit(rule.code), "table_code": pl.lit(table, pl.String),
        "difference": pl.col("left") - pl.col("right"),
        **{f"message_{language}": _message(rule, language, words) for language in LANGUAGES},
    }
    return broken.with_columns(pl.col("scope").cast(pl.String)).select(
        made.get(name, pl.col(name)).cast(kind).alias(name) for name, kind in FINDINGS.columns.items()
    )


def _message(rule: Rule, language: str, words: Words) -> pl.Expr:
    template = rule.message.zh if language == "zh" else rule.message.en
    return filled(template, words(language)).alias(f"message_{language}")


def table_name(table: str, language: str) -> pl.Expr:
    """The name of a table in "zh" or "en", as an expression."""
    return place_name(table, language)


def place_name(scope: str, language: str) -> pl.Expr:
    """The name of one place in "zh" or "en", as an expression: one text, not a table of all places to look it up."""
    return pl.lit(places()[scope][LANGUAGES.index(language)])


def scope_name(language: str) -> pl.Expr:
    """The name of the column `scope` in "zh" or "en", as an expression."""
    return place(pl.col("scope"), language)


def other_report(language: str) -> pl.Expr:
    """The neighbour that columns other_id, other_name and other_year tell of, in "zh" or "en", as an expression."""
    between, before, after = (" 年 ", "（", "）") if language == "zh" else (" ", " (", ")")
    year, name = pl.col("other_year").cast(pl.String), pl.col("other_name")
    return pl.concat_str(year, pl.lit(between), name, pl.lit(before), pl.col("other_id"), pl.lit(after))


def sum_of(cells: Sequence[str]) -> pl.Expr:
    """The sum of columns: NULL where one of them is, 0 where there is none."""
    return pl.sum_horizontal(cells, ignore_nulls=False) if cells else pl.lit(0.0)


def compared(relation: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Whether `left` stands in `relation` to `right`; NULL where one of them is."""
    return {"equal": left == right, "at_most": left <= right, "at_least": left >= right}[relation]


def verdict_of(true: pl.Expr) -> pl.Expr:
    """The verdict on a comparison; one that is NULL is unknown."""
    return pl.when(true).then(HOLDS).when(true.is_null()).then(UNKNOWN).otherwise(BREAKS)


def of_document(rule: Rule, facts: Evidence, per_report: pl.DataFrame) -> pl.DataFrame:
    """All reports the rule speaks of, with the aggregates of `per_report` beside them."""
    rows = within_years(rule, facts.reports).select(ID).join(per_report, on=ID, how="left")
    return rows.with_columns(scope=pl.lit(DOCUMENT, SCOPE))


def holds_when_present() -> pl.Expr:
    """Holds where the column `present` is true, else unknown."""
    return pl.when(pl.col("present").fill_null(False)).then(HOLDS).otherwise(UNKNOWN)
