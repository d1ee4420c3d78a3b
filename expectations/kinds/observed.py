"""Rules on what was observed: about a table, or about the document as a whole.

Belongs here: judging observations of the lake. Does not: making them (assets/parsing, assets/normalizing).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from re import escape

import polars as pl

from assets.form import cells as form
from assets.parsing.refusals import table_refusals
from expectations.evidence import Evidence
from expectations.kinds.common import (
    ID,
    KEY,
    Words,
    findings,
    holds_when_present,
    of_document,
    scope_name,
    subjects,
    table_name,
)
from expectations.registry import DOCUMENT, Rule
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import COMMA, LANGUAGES, fact, number, place

YEAR = "{year}"
REASON = {"zh": "：", "en": ": "}


def observed_none(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """None of the rule's `facts` was observed; what was observed is listed, and may be softened."""
    if rule.scope == DOCUMENT:
        yield _none_of_document(rule, facts)
    for table in rule.tables:
        own = subjects(rule, facts, table)
        wanted = (pl.col("table_code") == table) & pl.col("fact").is_in(rule.parameters["facts"])
        seen = facts.observations.filter(wanted).join(
            own.filter("present"), on=KEY, how="semi"
        ).sort("fact", "scope", "value")
        place_of_break = pl.lit(table) if rule.scope == "table" else pl.col("scope")
        broken = seen.with_columns(place_of_break.alias("at"), _softened(rule)).group_by(ID, "at").agg(
            *(_items(language) for language in LANGUAGES), pl.col("soft").all(),
            pl.col("value").drop_nulls().unique(maintain_order=True).str.join(COMMA["zh"]),
        ).with_columns(scope=pl.col("at").cast(SCOPE), verdict=BREAKS, severity=_severity(rule))
        rest = own.join(broken, on=ID, how="anti").select(
            ID, pl.lit(table, SCOPE).alias("scope"), verdict=holds_when_present(), severity=pl.lit(rule.severity)
        )
        yield findings(pl.concat([broken, rest], how="diagonal"), rule, table, _observed_words(table))


def _none_of_document(rule: Rule, facts: Evidence) -> Verdicts:
    """The same about the document: it holds only where the rule's fact `looked` shows that one did look."""
    order = {code: section["order"] for code, section in form.vocabulary()["sections"].items()}
    seen = facts.observations.filter(pl.col("fact").is_in(rule.parameters["facts"])).sort(
        "fact", pl.col("scope").replace_strict(order, default=0, return_dtype=pl.Int32), "value"
    )
    looked = facts.observations.filter(fact=rule.parameters["looked"]).select(ID, looked=pl.lit(True)).unique()
    per_report = seen.group_by(ID).agg(*(_items_of_document(language) for language in LANGUAGES))
    frame = of_document(rule, facts, per_report).join(looked, on=ID, how="left")
    none = pl.when(pl.col("looked")).then(HOLDS).otherwise(UNKNOWN)
    verdict = pl.when(pl.col(f"items_{LANGUAGES[0]}").is_null()).then(none).otherwise(BREAKS)
    return findings(frame.with_columns(verdict=verdict), rule, None, _listed)


def _items_of_document(language: str) -> pl.Expr:
    where = pl.when(pl.col("scope") == DOCUMENT).then(pl.lit("")).otherwise(
        pl.lit(" ") + place(pl.col("scope"), language)
    )
    words = pl.when(pl.col("value") == "").then(pl.lit("")).otherwise(pl.lit("“") + pl.col("value") + pl.lit("”"))
    return (fact(pl.col("fact"), language) + where + words).str.join(COMMA[language]).alias(f"items_{language}")


def _items(language: str) -> pl.Expr:
    where = pl.lit(" ") + place(pl.col("scope"), language)
    elsewhere = pl.when(pl.col("scope") != pl.col("table_code")).then(where).otherwise(pl.lit(""))
    one = fact(pl.col("fact"), language) + elsewhere
    return one.str.join(COMMA[language]).alias(f"items_{language}")


def _observed_words(table: str) -> Words:
    return lambda language: {
        "table": table_name(table, language), "scope": scope_name(language), "items": pl.col(f"items_{language}"),
        "value": pl.col("value"),
    }


def _softened(rule: Rule) -> pl.Expr:
    """Whether one observation may be softened: the softening fact itself, or a scope that it explains."""
    softened = rule.parameters.get("softened")
    if softened is None:
        return pl.lit(False).alias("soft")
    excused = pl.col("fact").eq(softened["by"]) | pl.col("scope").is_in(softened.get("covers", []))
    by = pl.col("fact").eq(softened["by"]).any().over(ID)
    return (excused & by).alias("soft")


def _severity(rule: Rule) -> pl.Expr:
    return pl.when(pl.col("soft")).then(pl.lit(rule.severities[-1])).otherwise(pl.lit(rule.severity))


def observed_count(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """The number observed as the rule's `fact` is `at_least` so many."""
    for table in rule.tables:
        counts = facts.observations.filter(fact=rule.parameters["fact"], table_code=table).select(
            ID, pl.col("value").cast(pl.Float64).alias("left")
        )
        limit = float(rule.parameters["at_least"])
        enough = pl.when(pl.col("left") >= limit).then(HOLDS).otherwise(BREAKS)
        frame = subjects(rule, facts, table).select(ID).join(counts, on=ID, how="left").join(
            _reasons(facts, table), on=ID, how="left"
        ).with_columns(
            scope=pl.lit(table, SCOPE), right=pl.lit(limit),
            verdict=pl.when(pl.col("left").is_null()).then(UNKNOWN).otherwise(enough),
        )
        yield findings(frame, rule, table, _count_words(table))


def _count_words(table: str) -> Words:
    return lambda language: {
        "table": table_name(table, language), "value": number(pl.col("left")), "items": pl.col(f"items_{language}"),
    }


def _reasons(facts: Evidence, table: str) -> pl.DataFrame:
    """The named reasons why a table could not be read, one row per report, as the end of a clause."""
    seen = facts.observations.filter(pl.col("table_code") == table, pl.col("fact").is_in(list(table_refusals())))
    listed = seen.sort("fact").group_by(ID).agg(
        fact(pl.col("fact"), language).str.join(COMMA[language]).alias(f"items_{language}") for language in LANGUAGES
    )
    return listed.with_columns(
        (pl.lit(REASON[language]) + pl.col(f"items_{language}")).alias(f"items_{language}") for language in LANGUAGES
    )


def observed_agree(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """All values observed as the rule's `fact` are one; fewer than two sources are unknown."""
    rows = facts.observations.filter(fact=rule.parameters["fact"])
    stated = rows.unique([ID, "scope", "value"]).sort("scope", "value")
    per_report = stated.group_by(ID).agg(
        pl.len().alias("stated"), pl.col("value").n_unique().alias("different"),
        *(_stated(language) for language in LANGUAGES),
    )
    agree = pl.when(pl.col("different") == 1).then(HOLDS).otherwise(BREAKS)
    frame = of_document(rule, facts, per_report).with_columns(
        verdict=pl.when(pl.col("stated").fill_null(0) < 2).then(UNKNOWN).otherwise(agree)
    )
    yield findings(frame, rule, None, _listed)


def _listed(language: str) -> Mapping[str, pl.Expr]:
    return {"items": pl.col(f"items_{language}")}


def _stated(language: str) -> pl.Expr:
    one = place(pl.col("scope"), language) + pl.lit(" ") + pl.col("value")
    return one.str.join(COMMA[language]).alias(f"items_{language}")


def observed_below(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """The share observed as the rule's `fact` lies `below` a limit."""
    limit = float(rule.parameters["below"])
    per_report = facts.observations.filter(fact=rule.parameters["fact"]).group_by(ID).agg(
        pl.col("value").cast(pl.Float64).max().alias("left")
    )
    below = pl.when(pl.col("left") < limit).then(HOLDS).otherwise(BREAKS)
    frame = of_document(rule, facts, per_report).with_columns(
        right=pl.lit(limit), verdict=pl.when(pl.col("left").is_null()).then(UNKNOWN).otherwise(below)
    )
    shares = {"value": pl.col("left").cast(pl.String), "limit": pl.lit(str(limit))}
    yield findings(frame, rule, None, lambda language: shares)


def observed_like(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Every value observed as the rule's `fact` is like one of its `patterns` (* any text, {year} the report year)."""
    rows = facts.observations.filter(fact=rule.parameters["fact"]).join(
        facts.reports.select(ID, "report_year"), on=ID, how="left"
    ).sort("scope", "value")
    patterns: list[str] = rule.parameters["patterns"]
    like = pl.any_horizontal(pl.col("value").str.contains(_with_year(_regex(pattern))) for pattern in patterns)
    judged = rows.with_columns(like=like, expected=_with_year(COMMA["zh"].join(patterns)))
    per_report = judged.group_by(ID).agg(
        pl.col("like").all(ignore_nulls=False), pl.col("expected").first(),
        pl.col("value").filter(~pl.col("like")).str.join(COMMA["zh"]).alias("odd"),
    )
    known = pl.when(pl.col("like")).then(HOLDS).otherwise(BREAKS)
    frame = of_document(rule, facts, per_report).with_columns(
        verdict=pl.when(pl.col("like").is_null()).then(UNKNOWN).otherwise(known)
    )
    yield findings(frame, rule, None, lambda _: {"value": pl.col("odd"), "expected": pl.col("expected")})


def _regex(pattern: str) -> str:
    return f"^{escape(pattern)}$".replace(escape("*"), ".*").replace(escape(YEAR), YEAR)


def _with_year(text: str) -> pl.Expr:
    """A text with the report year in the place of {year}; NULL where it needs a year that is not known."""
    before, *rest = text.split(YEAR)
    year = pl.col("report_year").cast(pl.String)
    return pl.concat_str(pl.lit(before), *(piece for part in rest for piece in (year, pl.lit(part))))
