"""Rules on a government's figures against those of its departments; of other organs they say nothing.

Belongs here: at least each member, the sum of all. Does not: which organs are members (organs.py, neighbours.py).
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import ID, Words, findings, scope_name, subjects, table_name
from expectations.neighbours import MEMBER
from expectations.registry import Rule
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import COMMA, LANGUAGES, number, signed

COMPLETE = "members_complete"
SHOWN = 5


def at_least_members(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """In each line the government's figure is at least that of every member; one larger member breaks it."""
    larger = pl.col("theirs") > pl.col("left")
    for table, scope, rows in _lines(rule, facts):
        judged = rows.group_by(ID).agg(
            pl.col("left").first(), pl.col("theirs").max().alias("right"), larger.any().alias("exceeded"),
            pl.col("theirs").is_not_null().all().alias("known"), pl.len().alias("members"),
        )
        known = pl.col("known") & pl.col("left").is_not_null()
        verdict = pl.when(pl.col("exceeded").fill_null(False)).then(BREAKS).when(known).then(HOLDS).otherwise(UNKNOWN)
        framed = judged.with_columns(verdict=verdict, scope=pl.lit(scope, SCOPE))
        yield findings(_with_names(framed, rows, larger), rule, table, _words(table))


def sum_of_members(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """In each line the government's figure is the sum of its members', where the list of members is complete."""
    complete = facts.observations.filter(fact=COMPLETE).select(ID).unique().with_columns(complete=pl.lit(True))
    for table, scope, rows in _lines(rule, facts):
        every = pl.col("theirs").is_not_null().all()
        judged = rows.group_by(ID).agg(
            pl.col("left").first(), pl.when(every).then(pl.col("theirs").sum()).alias("right"),
            pl.len().alias("members"),
        ).join(complete, on=ID, how="left")
        known = pl.col("complete").fill_null(False) & pl.col("left").is_not_null() & pl.col("right").is_not_null()
        equal = pl.when(pl.col("left") == pl.col("right")).then(HOLDS).otherwise(BREAKS)
        framed = judged.with_columns(
            verdict=pl.when(known).then(equal).otherwise(UNKNOWN), scope=pl.lit(scope, SCOPE)
        )
        yield findings(_with_names(framed, rows, pl.lit(True)), rule, table, _words(table))


def _lines(rule: Rule, facts: Evidence) -> Iterable[tuple[str, str, pl.DataFrame]]:
    """For each line of each table: the government's figure beside each member's, one row at least per report."""
    for table in rule.tables:
        own = subjects(rule, facts, table).join(facts.governments, on=ID, how="semi").select(ID, "lines_edition")
        figures = facts.wide.join(own, on=ID, how="semi")
        for line in form.all_lines(table):
            editions = [e.code for e in form.editions() if line.code in [one.code for one in e.table(table).lines]]
            code = f"{table}.{line.code}.{rule.parameters['column']}"
            ids = own.filter(pl.col("lines_edition").is_in(editions)).select(ID)
            ours = ids.join(figures.select(ID, pl.col(code).alias("left")), on=ID, how="left")
            theirs = facts.around.of(MEMBER).select(ID, "other_name", pl.col(f"{MEMBER}:{code}").alias("theirs"))
            yield table, f"{table}.{line.code}", ours.join(theirs, on=ID, how="left")


def _with_names(judged: pl.DataFrame, rows: pl.DataFrame, which: pl.Expr) -> pl.DataFrame:
    """Beside what breaks the members that `which` chooses with their figures, SHOWN of them at most, per language."""
    one = pl.col("other_name") + pl.lit(" ") + number(pl.col("theirs"))
    listed = one.filter(which.fill_null(False)).sort().head(SHOWN)
    named = rows.join(judged.filter(verdict="breaks"), on=ID, how="semi").group_by(ID).agg(
        listed.str.join(COMMA[language]).alias(f"named_{language}") for language in LANGUAGES
    )
    return judged.join(named, on=ID, how="left")


def _words(table: str) -> Words:
    return lambda language: {
        "table": table_name(table, language), "scope": scope_name(language), "left": number(pl.col("left")),
        "right": number(pl.col("right")), "difference": signed(pl.col("left") - pl.col("right")),
        "members": pl.col("members").cast(pl.String), "named": pl.col(f"named_{language}"),
    }
