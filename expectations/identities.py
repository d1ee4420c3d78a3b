"""Judges reports: every rule of the registry, on every report at once, three-valued.

Belongs here: how each kind of rule is computed, in polars.
Does not: what the rules are (identities.yaml), what follows from a verdict (gate.py), Great Expectations (suites.py).

The rule above all: a verdict of holds or breaks needs every cell and fact the rule speaks of. NULL is never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from assets.form import cells as form
from assets.lake import FINDINGS
from assets.parsing.refusals import table_refusals
from expectations.evidence import Evidence, evidence
from expectations.registry import DOCUMENT, Identity, Rule, active_rules, identities_of, load_registry
from expectations.wording import COMMA, LANGUAGES, edition, fact, filled, number, place, signed, terms

__all__ = ["evaluate", "judge", "load_registry"]

ID = "report_version_id"
KEY = [ID, "table_code"]
MAX_DECIMALS = 6
NO_NUMBER = pl.lit(None, dtype=pl.Float64)
REASON = {"zh": "：", "en": ": "}
Words = Callable[[str], Mapping[str, pl.Expr]]


def evaluate(
    cells: pl.DataFrame, observations: pl.DataFrame, reports: pl.DataFrame, rules: tuple[Rule, ...] | None = None
) -> pl.DataFrame:
    """Judge every report of `reports` by every active rule.

    Args:
        cells: the lake's CELLS of these reports.
        observations: the lake's OBSERVATIONS, those of parsing and of normalizing together.
        reports: the lake's REPORTS.
        rules: the rules to judge by; the active rules of the registry if None.

    Returns:
        The lake's FINDINGS: one row per report, rule and scope, also where the rule holds.

    Raises:
        EvidenceError: the frames do not fit together.
    """
    return judge(evidence(cells, observations, reports), active_rules() if rules is None else rules)


def judge(facts: Evidence, rules: Iterable[Rule]) -> pl.DataFrame:
    """Judge arranged facts by `rules`; the lake's FINDINGS, sorted by key."""
    frames = [frame for rule in rules for frame in KINDS[rule.kind](rule, facts)]
    return pl.concat([FINDINGS.empty(), *frames]).sort(FINDINGS.key)


# --- what all kinds share


def _subjects(rule: Rule, facts: Evidence, table: str) -> pl.DataFrame:
    """The rows of facts.tables that the rule speaks of: its table, its editions, its report years."""
    in_edition = pl.col("lines_edition").is_in(rule.editions)
    return facts.tables.filter(pl.col("table_code") == table, in_edition, _in_years(rule))


def _in_years(rule: Rule) -> pl.Expr:
    year = pl.col("report_year")
    bounds = (rule.first_year is None or year >= rule.first_year), (rule.last_year is None or year <= rule.last_year)
    return pl.all_horizontal(pl.lit(True), *bounds).fill_null(True)


def _findings(frame: pl.DataFrame, rule: Rule, table: str | None, words: Words) -> pl.DataFrame:
    """Give judged rows the columns of FINDINGS; messages are made for the breaks only.

    `frame` has the report, `scope` and `verdict`, and may have left, right and severity. `words` returns, for a
    language, the expressions that fill the rule's message.
    """
    defaults = {"left": NO_NUMBER, "right": NO_NUMBER, "severity": pl.lit(rule.severity)}
    frame = frame.with_columns(
        pl.lit(rule.code).alias("rule"), pl.lit(table, dtype=pl.String).alias("table_code"),
        *(value.alias(name) for name, value in defaults.items() if name not in frame.columns),
    ).with_columns(difference=pl.col("left") - pl.col("right"))
    breaks = pl.col("verdict") == "breaks"
    columns = list(FINDINGS.columns)
    nothing = [pl.lit(None, dtype=pl.String).alias(f"message_{language}") for language in LANGUAGES]
    silent, broken = frame.filter(~breaks).with_columns(nothing).select(columns), frame.filter(breaks)
    if broken.is_empty():
        return silent
    spoken = broken.with_columns(_message(rule, language, words) for language in LANGUAGES)
    return pl.concat([silent, spoken.select(columns)])


def _message(rule: Rule, language: str, words: Words) -> pl.Expr:
    template = rule.message.zh if language == "zh" else rule.message.en
    return filled(template, words(language)).alias(f"message_{language}")


def _table(table: str, language: str) -> pl.Expr:
    return place(pl.lit(table), language)


def _scope(language: str) -> pl.Expr:
    return place(pl.col("scope"), language)


# --- linear: the cells of the left side add up to the cells of the right side


def _linear(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    for table in rule.tables:
        subjects = _subjects(rule, facts, table)
        for code in rule.editions:
            ids = subjects.filter(pl.col("lines_edition") == code).select(ID)
            if ids.is_empty():
                continue
            rows = facts.wide.join(ids, on=ID, how="semi")
            yield from (_judged_identity(rule, identity, rows) for identity in identities_of(rule, table, code))


def _judged_identity(rule: Rule, identity: Identity, rows: pl.DataFrame) -> pl.DataFrame:
    left, right = (pl.sum_horizontal(side, ignore_nulls=False) for side in (identity.left, identity.right))
    frame = rows.select(ID, *identity.left, *identity.right).with_columns(
        pl.lit(identity.scope).alias("scope"), left.alias("left"), right.alias("right")
    ).with_columns(verdict=_equal(pl.col("left"), pl.col("right")))

    def words(language: str) -> Mapping[str, pl.Expr]:
        return {
            "table": _table(identity.table, language), "scope": _scope(language),
            "left_terms": terms(_labels(rule, identity.left, language), language),
            "right_terms": terms(_labels(rule, identity.right, language), language),
            "left": number(pl.col("left")), "right": number(pl.col("right")),
            "difference": signed(pl.col("left") - pl.col("right")),
        }

    return _findings(frame, rule, identity.table, words)


def _equal(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    known = left.is_not_null() & right.is_not_null()
    return pl.when(~known).then(pl.lit("unknown")).when(left == right).then(pl.lit("holds")).otherwise(pl.lit("breaks"))


def _labels(rule: Rule, codes: tuple[str, ...], language: str) -> dict[str, str]:
    cells = {code: form.cell(code) for code in codes}
    parts = {code: cell.line if rule.scope == "column" else cell.column for code, cell in cells.items()}
    return {code: part.zh if language == "zh" else part.en for code, part in parts.items()}


# --- observed facts about a table


def _observed_none(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    for table in rule.tables:
        subjects = _subjects(rule, facts, table)
        wanted = (pl.col("table_code") == table) & pl.col("fact").is_in(rule.parameters["facts"])
        seen = facts.observations.filter(wanted).join(
            subjects.filter("present"), on=KEY, how="semi"
        ).sort("fact", "scope", "value")
        place_of_break = pl.lit(table) if rule.scope == "table" else pl.col("scope")
        broken = seen.with_columns(place_of_break.alias("at"), _softened(rule)).group_by(ID, "at").agg(
            *(_items(language) for language in LANGUAGES), pl.col("soft").all(),
            pl.col("value").drop_nulls().unique(maintain_order=True).str.join(COMMA["zh"]),
        ).rename({"at": "scope"}).with_columns(verdict=pl.lit("breaks"), severity=_severity(rule))
        rest = subjects.join(broken, on=ID, how="anti").select(
            ID, pl.lit(table).alias("scope"), verdict=_when_present("holds"), severity=pl.lit(rule.severity)
        )
        yield _findings(pl.concat([broken, rest], how="diagonal"), rule, table, _observed_words(table))


def _items(language: str) -> pl.Expr:
    where = pl.lit(" ") + place(pl.col("scope"), language)
    elsewhere = pl.when(pl.col("scope") != pl.col("table_code")).then(where).otherwise(pl.lit(""))
    one = fact(pl.col("fact"), language) + elsewhere
    return one.str.join(COMMA[language]).alias(f"items_{language}")


def _observed_words(table: str) -> Words:
    return lambda language: {
        "table": _table(table, language), "scope": _scope(language), "items": pl.col(f"items_{language}"),
        "value": pl.col("value"),
    }


def _when_present(verdict: str) -> pl.Expr:
    return pl.when(pl.col("present").fill_null(False)).then(pl.lit(verdict)).otherwise(pl.lit("unknown"))


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


def _observed_count(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    for table in rule.tables:
        counts = facts.observations.filter(fact=rule.parameters["fact"], table_code=table).select(
            ID, pl.col("value").cast(pl.Float64).alias("left")
        )
        limit = float(rule.parameters["at_least"])
        enough = pl.when(pl.col("left") >= limit).then(pl.lit("holds")).otherwise(pl.lit("breaks"))
        frame = _subjects(rule, facts, table).select(ID).join(counts, on=ID, how="left").join(
            _reasons(facts, table), on=ID, how="left"
        ).with_columns(
            scope=pl.lit(table), right=pl.lit(limit),
            verdict=pl.when(pl.col("left").is_null()).then(pl.lit("unknown")).otherwise(enough),
        )
        yield _findings(frame, rule, table, _count_words(table))


def _count_words(table: str) -> Words:
    return lambda language: {
        "table": _table(table, language), "value": number(pl.col("left")), "items": pl.col(f"items_{language}"),
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


# --- observed facts about the document


def _document(rule: Rule, facts: Evidence, per_report: pl.DataFrame) -> pl.DataFrame:
    """All reports the rule speaks of, with the aggregates of `per_report` beside them."""
    rows = facts.reports.filter(_in_years(rule)).select(ID).join(per_report, on=ID, how="left")
    return rows.with_columns(scope=pl.lit(DOCUMENT))


def _observed_agree(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    rows = facts.observations.filter(fact=rule.parameters["fact"])
    stated = rows.unique([ID, "scope", "value"]).sort("scope", "value")
    per_report = stated.group_by(ID).agg(
        pl.len().alias("stated"), pl.col("value").n_unique().alias("different"),
        *(_stated(language) for language in LANGUAGES),
    )
    agree = pl.when(pl.col("different") == 1).then(pl.lit("holds")).otherwise(pl.lit("breaks"))
    frame = _document(rule, facts, per_report).with_columns(
        verdict=pl.when(pl.col("stated").fill_null(0) < 2).then(pl.lit("unknown")).otherwise(agree)
    )
    yield _findings(frame, rule, None, lambda language: {"items": pl.col(f"items_{language}")})


def _stated(language: str) -> pl.Expr:
    one = place(pl.col("scope"), language) + pl.lit(" ") + pl.col("value")
    return one.str.join(COMMA[language]).alias(f"items_{language}")


def _observed_below(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    limit = float(rule.parameters["below"])
    per_report = facts.observations.filter(fact=rule.parameters["fact"]).group_by(ID).agg(
        pl.col("value").cast(pl.Float64).max().alias("left")
    )
    below = pl.when(pl.col("left") < limit).then(pl.lit("holds")).otherwise(pl.lit("breaks"))
    frame = _document(rule, facts, per_report).with_columns(
        right=pl.lit(limit), verdict=pl.when(pl.col("left").is_null()).then(pl.lit("unknown")).otherwise(below)
    )
    shares = {"value": pl.col("left").cast(pl.String), "limit": pl.lit(str(limit))}
    yield _findings(frame, rule, None, lambda language: shares)


# --- single cells


def _cell_number(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    """Counts are whole numbers not below 0, signed counts whole numbers, money not below 0 with at most 6 decimals."""
    value, text = pl.col("value"), pl.col("printed_text").fill_null("")
    # A cell of a row whose figures could not be told apart has no text of its own: S03, S04 and S08 speak of the row.
    printed = pl.col("printed_text").is_not_null()
    money = pl.col("number") == "money"
    too_fine = text.str.contains(rf"[.．]\d{{{MAX_DECIMALS + 1},}}")
    negative = (value < 0) & (pl.col("number") != "signed_count")
    holds_number = pl.col("state").is_in(form.number_states())
    unreadable = ((pl.col("state") == "unparsable") & printed) | (holds_number & value.is_null())
    wrong = unreadable | negative | pl.when(money).then(too_fine).otherwise(value != value.floor())
    for table in rule.tables:
        numbers = {column.code: column.number for e in form.editions() for column in e.table(table).columns}
        cells = facts.cells.filter(pl.col("table_code") == table).with_columns(
            number=pl.col("column_code").replace_strict(numbers, default=None)
        ).filter(pl.col("number").is_in(rule.parameters["numbers"]))
        was_read = holds_number | ((pl.col("state") == "unparsable") & printed)
        yield _cell_findings(rule, facts, table, cells.filter(wrong.fill_null(False)), cells.filter(was_read))


def _cell_state(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    for table in rule.tables:
        cells = facts.cells.filter(pl.col("table_code") == table)
        broken = cells.filter(pl.col("state").is_in(rule.parameters["states"]))
        yield _cell_findings(rule, facts, table, broken, facts.tables.filter("present", table_code=table))


def _cell_findings(
    rule: Rule, facts: Evidence, table: str, broken: pl.DataFrame, judged: pl.DataFrame
) -> pl.DataFrame:
    """One row per broken cell; a table without one holds if it is among `judged`, else it is unknown."""
    subjects = _subjects(rule, facts, table)
    rows = broken.join(subjects, on=ID, how="semi").select(
        ID, "printed_text", pl.col("cell_code").alias("scope"), pl.col("value").alias("left"), verdict=pl.lit("breaks")
    )
    judged_ids = judged.select(ID).unique().with_columns(present=pl.lit(True))
    rest = subjects.select(ID).join(broken, on=ID, how="anti").join(judged_ids, on=ID, how="left").select(
        ID, scope=pl.lit(table), verdict=_when_present("holds")
    )

    def words(language: str) -> Mapping[str, pl.Expr]:
        return {"table": _table(table, language), "scope": _scope(language), "text": pl.col("printed_text")}

    return _findings(pl.concat([rows, rest], how="diagonal"), rule, table, words)


# --- a whole table of cells


def _zero_printed(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    value, printed = pl.col("value"), pl.col("state").is_in(form.number_states())
    for table in rule.tables:
        counts = facts.cells.filter(pl.col("table_code") == table).group_by(ID).agg(
            (printed & (value != 0)).fill_null(False).sum().cast(pl.Float64).alias("not_zero"),
            (printed & (value == 0)).fill_null(False).sum().cast(pl.Float64).alias("left"),
        )
        sizes = {
            e.code: float(sum(cell.table == table for cell in form.cells(e.code))) for e in form.editions()
        }
        joined = _subjects(rule, facts, table).join(counts, on=ID, how="left").with_columns(
            pl.col("not_zero", "left").fill_null(0.0),
            scope=pl.lit(table), right=pl.col("lines_edition").replace_strict(sizes, return_dtype=pl.Float64),
        )
        present, empty = pl.col("present").fill_null(False), pl.col("not_zero") == 0
        verdict = pl.when(empty & (pl.col("left") < pl.col("right"))).then(pl.lit("breaks")).otherwise(pl.lit("holds"))
        frame = joined.with_columns(
            pl.when(present & empty).then(pl.col("left", "right")),
            verdict=pl.when(present).then(verdict).otherwise(pl.lit("unknown")),
        )
        yield _findings(frame.drop("table_code"), rule, table, _zero_words(table))


def _zero_words(table: str) -> Words:
    return lambda language: {
        "table": _table(table, language), "printed": number(pl.col("left")), "cells": number(pl.col("right")),
    }


def _edition_expected(rule: Rule, facts: Evidence) -> Iterable[pl.DataFrame]:
    years = facts.reports["report_year"].drop_nulls().unique().to_list()
    editions = {year: found.code for year in years if (found := form.expected_edition(year)) is not None}
    for table in rule.tables:
        expected = pl.col("report_year").replace_strict(editions, default=None, return_dtype=pl.String)
        frame = _subjects(rule, facts, table).with_columns(scope=pl.lit(table), expected=expected)
        same = pl.when(pl.col("edition") == pl.col("expected")).then(pl.lit("holds")).otherwise(pl.lit("breaks"))
        known = pl.col("present").fill_null(False) & pl.col("expected").is_not_null()
        judged = frame.with_columns(verdict=pl.when(known).then(same).otherwise(pl.lit("unknown")))
        yield _findings(judged.drop("table_code"), rule, table, _edition_words(table))


def _edition_words(table: str) -> Words:
    return lambda language: {
        "table": _table(table, language), "year": pl.col("report_year").cast(pl.String),
        "edition": edition(pl.col("edition"), language), "expected": edition(pl.col("expected"), language),
    }


KINDS: dict[str, Callable[[Rule, Evidence], Iterable[pl.DataFrame]]] = {
    "linear": _linear,
    "observed_none": _observed_none,
    "observed_count": _observed_count,
    "observed_agree": _observed_agree,
    "observed_below": _observed_below,
    "cell_number": _cell_number,
    "cell_state": _cell_state,
    "zero_printed": _zero_printed,
    "edition_expected": _edition_expected,
}
