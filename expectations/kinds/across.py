"""Linear rules that reach beyond one table or one year: sums of cells against cells of another table or of last year.

Belongs here: comparing such sums, in this report and, where a rule speaks to both years, in the earlier one.
Does not: sums within one table (linear.py), finding last year's report (neighbours.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import (
    ID,
    by_edition,
    compared,
    findings,
    other_report,
    scope_name,
    table_name,
    verdict_of,
)
from expectations.registry import Rule, comparisons_of
from expectations.terms import NEXT, PREVIOUS, Comparison, Term
from expectations.verdicts import SCOPE, Verdicts
from expectations.wording import NEXT_YEAR, number, signed

BEFORE_PLACE = {
    PREVIOUS: {"zh": "上年报告", "en": "last year's "},
    NEXT: {"zh": "次年报告", "en": "next year's "},
    "": {"zh": "", "en": ""},
}


def linear_across(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Each comparison of the rule, on every report whose table is of its edition; unknown without last year's cells.

    A rule with `both_years` is said of the earlier report as well, with next year's cells on the left.
    """
    for table in rule.tables:
        for edition, ids in by_edition(rule, facts, table):
            rows = facts.wide.join(ids, on=ID, how="semi")
            for one in comparisons_of(rule, table, edition):
                yield _judged(rule, facts, table, one, rows, PREVIOUS)
                if rule.parameters.get("both_years"):
                    yield _judged(rule, facts, table, one, rows, NEXT)


def _judged(
    rule: Rule, facts: Evidence, table: str, one: Comparison, rows: pl.DataFrame, relation: str
) -> Verdicts:
    """Findings of one comparison with last year's report, or of the same one as next year's report makes it with us."""
    scope = one.scope if relation == PREVIOUS else f"{NEXT_YEAR}{one.scope}"
    terms = {column: term for term in (*one.left, *one.right) for column in [_column(term, relation)]}
    here = [column for column in terms if ":" not in column]
    there = [column for column in terms if ":" in column]
    beside = facts.around.of(relation).select(ID, "other_id", "other_name", "other_year", *there)
    frame = rows.select(ID, *here).join(beside, on=ID, how="left").with_columns(
        scope=pl.lit(scope, SCOPE), left=_sum(one.left, relation), right=_sum(one.right, relation)
    ).with_columns(verdict=verdict_of(compared(one.relation, pl.col("left"), pl.col("right"))))

    def words(language: str) -> Mapping[str, pl.Expr]:
        return {
            "table": table_name(table, language), "scope": scope_name(language),
            "left_terms": _spoken(one.left, relation, rule.scope, language),
            "right_terms": _spoken(one.right, relation, rule.scope, language),
            "left": number(pl.col("left")), "right": number(pl.col("right")),
            "difference": signed(pl.col("left") - pl.col("right")), "other": other_report(language),
        }

    return findings(frame, rule, table, words)


def _whose(term: Term, relation: str) -> str:
    """Whose cell a term is: "" for the report that is judged, else the relation to it."""
    if relation == PREVIOUS:
        return PREVIOUS if term.previous else ""
    return "" if term.previous else NEXT


def _column(term: Term, relation: str) -> str:
    whose = _whose(term, relation)
    return f"{whose}:{term.cell}" if whose else term.cell


def _sum(terms: tuple[Term, ...], relation: str) -> pl.Expr:
    signs = [(-1.0 if term.minus else 1.0, _column(term, relation)) for term in terms]
    return pl.sum_horizontal([pl.col(column) * sign for sign, column in signs], ignore_nulls=False)


def _spoken(terms: tuple[Term, ...], relation: str, scope: str, language: str) -> pl.Expr:
    """The terms with their labels, values and signs, as text."""
    parts = []
    for position, term in enumerate(terms):
        joint = (" − " if term.minus else " + ") if position or term.minus else ""
        label = BEFORE_PLACE[_whose(term, relation)][language] + _label(term, scope, language)
        parts += [pl.lit(f"{joint}{label} "), number(pl.col(_column(term, relation)))]
    return pl.concat_str(parts)


def _label(term: Term, scope: str, language: str) -> str:
    cell = form.cell(term.cell)
    line, column = (cell.line.zh, cell.column.zh) if language == "zh" else (cell.line.en, cell.column.en)
    return {"column": line, "line": column}.get(scope, f"{line} / {column}")
