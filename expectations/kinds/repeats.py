"""Rules on reports that repeat another one: its figures, or its words.

Belongs here: all cells equal, texts alike. Does not: finding the other report (neighbours.py), comparing texts
(likeness.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import ID, findings, other_report, within_years
from expectations.neighbours import OFFICE, OTHER_ORGAN
from expectations.registry import DOCUMENT, Rule
from expectations.terms import PREVIOUS
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import ALL_CELLS, TEXT, number, place


def repeats_previous(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Not all cells equal last year's with one above 0; the texts, if at least `shortest`, are less than `alike`."""
    figures = _same_cells(_of_reports(rule, facts), facts, PREVIOUS).with_columns(scope=pl.lit(ALL_CELLS, SCOPE))
    yield findings(figures.with_columns(verdict=_repeated("positive")), rule, None, _words)
    texts = _of_reports(rule, facts).join(facts.around.texts(PREVIOUS), on=ID, how="left")
    yield findings(_judged_texts(texts, rule), rule, None, _words)


def unlike_office(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """A government's cells are not all those of its office where the cell `above_zero` is above 0."""
    governments = _of_reports(rule, facts).join(facts.governments, on=ID, how="semi")
    figures = _same_cells(governments, facts, OFFICE).with_columns(scope=pl.lit(DOCUMENT, SCOPE)).join(
        facts.wide.select(ID, (pl.col(rule.parameters["above_zero"]) > 0).alias("any_request")), on=ID, how="left"
    )
    yield findings(figures.with_columns(verdict=_repeated("any_request")), rule, None, _words)


def text_alike(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """No other organ's text of the year is `alike`; unknown where no other has one, or this one is not `shortest`."""
    rows = _of_reports(rule, facts).join(
        facts.around.texts(OTHER_ORGAN).with_columns(looked_at=pl.lit(True)), on=ID, how="left"
    )
    # Below what was compared exactly the other text may be of any length.
    enough = pl.when(pl.col("looked_at")).then(pl.col("other_characters").fill_null(pl.col("characters")))
    judged = _judged_texts(rows.with_columns(other_characters=enough), rule)
    yield findings(judged.with_columns(scope=pl.lit(DOCUMENT, SCOPE)), rule, None, _words)


def _of_reports(rule: Rule, facts: Evidence) -> pl.DataFrame:
    return within_years(rule, facts.reports).select(ID)


def _judged_texts(rows: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    alike, shortest = float(rule.parameters["alike"]), int(rule.parameters["shortest"])
    known = (pl.min_horizontal("characters", "other_characters") >= shortest) & pl.col("other_characters").is_not_null()
    unlike = pl.when((pl.col("ratio") >= alike).fill_null(False)).then(BREAKS).otherwise(HOLDS)
    return rows.with_columns(
        scope=pl.lit(TEXT, SCOPE), left=pl.col("ratio"), right=pl.lit(alike),
        verdict=pl.when(known.fill_null(False)).then(unlike).otherwise(UNKNOWN),
    )


def _same_cells(reports: pl.DataFrame, facts: Evidence, relation: str) -> pl.DataFrame:
    """One row per report: left = its cells that equal the neighbour's, right = all cells, NULL where one is missing.

    `positive` says whether any of them is above 0.
    """
    beside = facts.around.of(relation).join(reports, on=ID, how="semi").unique(ID, keep="first", maintain_order=True)
    rows = beside[ID].to_physical().to_numpy()
    known, positive = np.full(len(rows), True), np.full(len(rows), False)
    same, cells = np.zeros(len(rows)), np.zeros(len(rows))
    printed = {
        table: facts.reports.join(
            facts.tables.filter(table_code=table), on=ID, how="left", maintain_order="left"
        )["lines_edition"].gather(rows)
        for table in form.table_codes()
    }
    # Column by column: an expression of two hundred cells is slower to plan than this is to compute.
    for code, printed_in in _editions_of_cells().items():
        own = printed[form.cell(code).table].is_in(printed_in).to_numpy()
        ours, theirs = facts.figures[code][rows], beside[f"{relation}:{code}"].to_numpy()
        known &= ~own | ~(np.isnan(ours) | np.isnan(theirs))
        positive |= own & (ours > 0)
        same += own & (ours == theirs)
        cells += own
    counted = beside.select(
        ID, "other_id", "other_name", "other_year", left=pl.Series(same), right=pl.Series(cells),
        positive=pl.Series(positive),
    ).with_columns(pl.when(pl.Series(known)).then(pl.col("left", "right")))
    return reports.join(counted, on=ID, how="left")


@cache
def _editions_of_cells() -> dict[str, list[str]]:
    return {
        code: [e.code for e in form.editions() if any(cell.code == code for cell in form.cells(e.code))]
        for code in form.all_cell_codes()
    }


def _repeated(above_zero: str) -> pl.Expr:
    repeated = (pl.col("left") == pl.col("right")) & pl.col(above_zero)
    verdict = pl.when(repeated).then(BREAKS).otherwise(HOLDS)
    return pl.when(pl.col("right").is_not_null()).then(verdict).otherwise(UNKNOWN)


def _words(language: str) -> dict[str, pl.Expr]:
    percent = (pl.col("left") * 100).round(1).cast(pl.String) + pl.lit("%")
    equal = number(pl.col("left"))
    return {
        "scope": place(pl.col("scope"), language), "other": other_report(language),
        "share": pl.when(pl.col("left") <= 1).then(percent).otherwise(equal),
    }

