"""Is the report wrong, or did we misread it: a verdict with its reasons for every table that is held back.

Belongs here: what speaks for the publisher and what for the parser, and what follows. Pure: frames in, frames out.
Does not: the words (verdicts.yaml), which rules break (expectations/), which cell is wrong (localization/).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import yaml

from assets.parsing.frames import report_version_ids
from expectations.wording import COMMA, LANGUAGES, filled, place, places

WORDS = Path(__file__).with_name("verdicts.yaml")
ID = "report_version_id"
KEY = [ID, "table_code"]
PUBLISHER, PARSER, NEUTRAL, UNCLEAR = "publisher", "parser", "neutral", "unclear"
CERTAIN, AGREES, DIFFERS, ELSEWHERE = "certain_reading", "copy_agrees", "copy_differs", "copy_differs_elsewhere"
LOST, UNREADABLE, RECOGNISED, DOCUMENT_ONLY = "values_lost", "text_unreadable", "recognised", "document_only"
UNREAD_STATES = ("unparsable", "missing_table")
PLACES_SHOWN = 6
MORE = {"zh": " 等 {} 处", "en": " and others, {} in all"}
BETWEEN = {"zh": "；", "en": "; "}


@dataclass(frozen=True)
class Reason:
    """One reason of verdicts.yaml: the side it speaks for, the facts and rules that give it, its words."""

    code: str
    side: str
    zh: str
    en: str
    facts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeldTables:
    """What the verdicts are made from.

    held: report_version_id and table_code of the tables held back.
    errors: findings of severity error that break, of these reports.
    involved: cells of those findings (breaks.cells_involved).
    cells, observations, printed: CELLS, OBSERVATIONS and PRINTED_TABLES of these reports.
    copied: what other documents of the same reports say (copies.copied_cells).
    """

    held: pl.DataFrame
    errors: pl.DataFrame
    involved: pl.DataFrame
    cells: pl.DataFrame
    observations: pl.DataFrame
    printed: pl.DataFrame
    copied: pl.DataFrame


@cache
def reasons() -> tuple[Reason, ...]:
    """Return the reasons of verdicts.yaml in its order, which is that of a verdict's sentence."""
    entries = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["reasons"]
    return tuple(
        Reason(code, one["side"], one["zh"], one["en"], tuple(one.get("facts", ())), tuple(one.get("rules", ())))
        for code, one in entries.items()
    )


@cache
def verdict_words() -> dict[str, tuple[str, str]]:
    """Return the words in Chinese and English for publisher, parser and unclear."""
    entries = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["verdicts"]
    return {code: (words["zh"], words["en"]) for code, words in entries.items()}


def verdicts(given: HeldTables) -> pl.DataFrame:
    """Judge for each held table whether its publisher or our reading is to blame.

    Publisher: the reading is certain, or a copy set differently has the same figures, and nothing speaks against it.
    Parser: something speaks against the reading, and no such copy confirms it. Unclear: anything else.

    Returns:
        report_version_id, table_code, verdict, verdict_reasons (codes), verdict_reasons_zh, verdict_reasons_en.
    """
    of_reading = pl.concat([*_observed(given), *_read(given)])
    certain = given.held.select(KEY).join(of_reading, on=KEY, how="anti").with_columns(scope="table_code")
    signs = pl.concat([of_reading, _signs(CERTAIN, certain), *_copied(given)]).unique()
    return _sentences(signs).join(_decided(signs), on=KEY).select(
        *KEY, "verdict", "verdict_reasons", *(f"verdict_reasons_{language}" for language in LANGUAGES)
    ).sort(KEY)


def _decided(signs: pl.DataFrame) -> pl.DataFrame:
    sides = {reason.code: reason.side for reason in reasons()}
    side, code = pl.col("code").replace_strict(sides), pl.col("code")
    against = (side == PARSER).any()
    verdict = (
        pl.when(against & ~(code == AGREES).any()).then(pl.lit(PARSER))
        .when(~against & (side == PUBLISHER).any() & (code != ELSEWHERE).all()).then(pl.lit(PUBLISHER))
        .otherwise(pl.lit(UNCLEAR))
    )
    return signs.group_by(KEY).agg(verdict.alias("verdict"))


def _signs(code: str, frame: pl.DataFrame) -> pl.DataFrame:
    """One sign per row of `frame`, which has the table and the scope that it speaks of."""
    return frame.select(*KEY, pl.lit(code).alias("code"), pl.col("scope").cast(pl.String)).unique()


def _observed(given: HeldTables) -> Iterable[pl.DataFrame]:
    """What parsing noted, and what rules on the reading found."""
    noted = given.observations.join(given.held.select(KEY), on=KEY, how="semi")
    broken = given.errors.filter(pl.col("table_code").is_not_null())
    for reason in reasons():
        if reason.facts:
            yield _signs(reason.code, noted.filter(pl.col("fact").is_in(reason.facts)))
        if reason.rules:
            yield _signs(reason.code, broken.filter(pl.col("rule").is_in(reason.rules)))
    of_table = broken.select(KEY).unique()
    alone = given.held.select(KEY).join(of_table, on=KEY, how="anti")
    yield _signs(DOCUMENT_ONLY, alone.with_columns(scope="table_code"))


def _read(given: HeldTables) -> Iterable[pl.DataFrame]:
    """What the cells say of how they were read."""
    cells = given.cells.join(given.held.select(KEY), on=KEY, how="semi")
    unread = cells.filter(pl.col("state").is_in(UNREAD_STATES))
    has_text = pl.col("printed_text").is_not_null()
    yield _signs(UNREADABLE, unread.filter(has_text).with_columns(scope="cell_code"))
    line = pl.col("table_code") + pl.lit(".") + pl.col("line_code")
    yield _signs(LOST, unread.filter(~has_text).with_columns(scope=line))
    unsure = given.printed.filter(pl.col("cell_code").is_not_null(), pl.col("confidence") < 1).select(
        report_version_ids().alias(ID), "table_code", scope="table_code"
    )
    yield _signs(RECOGNISED, unsure.join(given.held.select(KEY), on=KEY, how="semi"))


def _copied(given: HeldTables) -> Iterable[pl.DataFrame]:
    """What other documents of the same report say, where rules break and elsewhere."""
    struck = given.involved.select(*KEY, "cell_code").unique().with_columns(struck=pl.lit(True))
    compared = given.copied.join(struck, on=[*KEY, "cell_code"], how="left").with_columns(
        pl.col("struck").fill_null(False), same=pl.col("value") == pl.col("other_value"), scope=pl.col("cell_code")
    )
    other = compared.filter(pl.col("struck"), ~pl.col("same"))
    yield _signs(DIFFERS, other)
    yield _signs(ELSEWHERE, compared.filter(~pl.col("struck"), ~pl.col("same")))
    # Only a copy that shows every such cell, and was read in another way, confirms the reading.
    whole = compared.filter("struck").group_by(*KEY, "other_version_id").agg(
        pl.len().alias("shown"), (pl.col("same") & pl.col("other_layout")).all().alias("confirms")
    ).join(struck.group_by(KEY).len("needed"), on=KEY)
    confirming = whole.filter(pl.col("confirms"), pl.col("shown") == pl.col("needed"))
    scopes = given.involved.join(confirming.select(KEY).unique(), on=KEY, how="semi").with_columns(scope="scope")
    yield _signs(AGREES, scopes.join(other.select(KEY), on=KEY, how="anti"))


def _sentences(signs: pl.DataFrame) -> pl.DataFrame:
    """Put the signs of each table into one sentence per language, in the order of verdicts.yaml."""
    order = {reason.code: position for position, reason in enumerate(reasons())}
    of_form = {scope: position for position, scope in enumerate(places())}
    in_order = signs.sort(pl.col("scope").replace_strict(of_form, default=len(of_form)), "scope")
    parts = in_order.filter((pl.col("scope") != pl.col("table_code")) | (pl.len().over(*KEY, "code") == 1))
    per_code = parts.group_by(*KEY, "code", maintain_order=True).agg(*(_places(language) for language in LANGUAGES))
    worded = per_code.with_columns(_worded(language) for language in LANGUAGES)
    ordered = worded.sort(pl.col("code").replace_strict(order))
    return ordered.group_by(KEY, maintain_order=True).agg(
        pl.col("code").alias("verdict_reasons"),
        *(pl.col(f"text_{one}").str.join(BETWEEN[one]).alias(f"verdict_reasons_{one}") for one in LANGUAGES),
    )


def _places(language: str) -> pl.Expr:
    names = place(pl.col("scope"), language)
    before, after = MORE[language].split("{}")
    more = pl.when(pl.len() > PLACES_SHOWN).then(pl.lit(before) + pl.len().cast(pl.String) + pl.lit(after))
    return (names.head(PLACES_SHOWN).str.join(COMMA[language]) + more.fill_null("")).alias(f"places_{language}")


def _worded(language: str) -> pl.Expr:
    places = {"places": pl.col(f"places_{language}")}
    chosen = pl.lit(None, dtype=pl.String)
    for reason in reasons():
        text = filled(reason.zh if language == "zh" else reason.en, places)
        chosen = pl.when(pl.col("code") == reason.code).then(text).otherwise(chosen)
    return chosen.alias(f"text_{language}")
