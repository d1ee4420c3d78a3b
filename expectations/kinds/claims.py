"""Rules on the prose: what the text says of figures against the cells it speaks of, and against itself.

Belongs here: claims compared with sums of cells, with shares, with their own parts, and their presence.
Does not: finding claims (assets/normalizing/claims), which cells (the registry).

Every claim of one scope is judged; one that contradicts breaks. No claim, or one missing cell among all the sums that
the claim may mean, is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import polars as pl

from assets.form import cells as form
from expectations.evidence import Evidence
from expectations.kinds.common import ID, Words, by_edition, findings, of_document, scope_name, subjects, table_name
from expectations.registry import Rule
from expectations.verdicts import BREAKS, HOLDS, SCOPE, UNKNOWN, Verdicts
from expectations.wording import COMMA, LANGUAGES, number, places, signed, terms

WEAK = "weak"
MINUS = "-"
OR = {"zh": "；或 ", "en": "; or "}


@dataclass(frozen=True)
class _Sum:
    """Cells of one edition that are added, and cells that are taken away."""

    plus: tuple[str, ...]
    minus: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        return (*self.plus, *self.minus)

    @property
    def value(self) -> pl.Expr:
        total = pl.sum_horizontal(self.plus, ignore_nulls=False)
        return total - pl.sum_horizontal(self.minus, ignore_nulls=False) if self.minus else total

    def words(self, language: str) -> pl.Expr:
        """“label 3 + label 4 − label 1”, as an expression."""
        position = LANGUAGES.index(language)
        labels = {code: places()[code][position] for code in self.cells}
        added = terms({code: labels[code] for code in self.plus}, language)
        if not self.minus:
            return added
        return added + pl.lit(" − ") + terms({code: labels[code] for code in self.minus}, language)


def claim_in(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Each claim contains one of the sums it may mean; `relation: at_most`: its least is no more than the sum."""
    for said in _statements(rule, facts, "sums"):
        values = [one.value * rule.parameters.get("times", 1) for one in said.sums]
        judged = _judged(said.rows, values, rule.parameters.get("relation", "contains"), 0.0)
        yield from _found(rule, said, judged, lambda language, sums=said.sums: _either(sums, language))


def claim_percent(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """Each percentage is that of one of the shares it may mean: of `numerator`, else of the count beside it."""
    for said in _statements(rule, facts, "of"):
        above = said.above
        upper = above.value if above else pl.col("parts_lower").list.first()
        values = [pl.when(one.value > 0).then(100 * upper / one.value) for one in said.sums]
        judged = _judged(said.rows, values, "contains", float(rule.parameters["tolerance"]))
        yield from _found(
            rule, said, judged, lambda language, sums=said.sums, above=above: _share(above, sums, language)
        )


def claim_list(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """The parts of each list add up to its total; where the list need not be all of it, to no more than that."""
    said = facts.claims_of(rule.parameters["claim"]).with_columns(
        low=pl.col("parts_lower").list.sum(),
        high=pl.when(pl.col("parts_upper").list.eval(pl.element().is_null()).list.any()).then(None)
        .otherwise(pl.col("parts_upper").list.sum()),
    )
    enough = pl.col("strength").eq(WEAK) | pl.col("high").is_null() | (pl.col("high") >= pl.col("lower"))
    true = (pl.col("upper").is_null() | (pl.col("low") <= pl.col("upper"))) & enough
    judged = said.with_columns(
        verdict=pl.when(true).then(HOLDS).otherwise(BREAKS),
        left=pl.col("lower"), right=pl.col("low"), strength=pl.lit(None, dtype=pl.String),
    )
    quoted = judged.with_columns(_quotes(language) for language in LANGUAGES)
    frame = of_document(rule, facts, _by_report(rule, quoted)).with_columns(
        pl.col("verdict").fill_null(UNKNOWN), pl.col("severity").fill_null(rule.severity)
    )
    yield findings(frame, rule, None, _words(None, None))


def claim_present(rule: Rule, facts: Evidence) -> Iterable[Verdicts]:
    """The report says it, in `section`, where `given` shows that there is text there to say it in.

    `if_positive` names a cell: where it is 0 nothing need be said, where it is missing it is unknown.
    """
    said, given = (_with_claim(facts, rule.parameters[name], rule.parameters["section"]) for name in ("claim", "given"))
    stated = pl.when("said").then(HOLDS).when("given").then(BREAKS).otherwise(UNKNOWN)
    table = rule.tables[0] if rule.tables else None
    if table is None:
        own = facts.tables.filter(pl.col("lines_edition").is_in(rule.editions)).select(ID).unique()
        frame = of_document(rule, facts, own.with_columns(of_edition=pl.lit(True))).filter("of_edition")
        verdict = stated
    else:
        cell = pl.col(rule.parameters["if_positive"])
        at = pl.lit(rule.parameters["if_positive"])
        frame = subjects(rule, facts, table).select(ID).join(
            facts.wide.select(ID, cell), on=ID
        ).with_columns(scope=at, left=cell)
        asked = pl.when(cell == 0).then(HOLDS).otherwise(stated)
        verdict = pl.when(cell.is_null()).then(UNKNOWN).otherwise(asked)
    frame = frame.join(said.select(ID, said=pl.lit(True)), on=ID, how="left").join(
        given.select(ID, given=pl.lit(True)), on=ID, how="left"
    ).with_columns(pl.col("said", "given").fill_null(False)).with_columns(verdict=verdict)

    def words(language: str) -> Mapping[str, pl.Expr]:
        named = {"table": table_name(table, language)} if table else {}
        return {**named, "scope": scope_name(language), "value": number(pl.col("left"))}

    yield findings(frame, rule, table, words)


def _with_claim(facts: Evidence, kind: str, section: int) -> pl.DataFrame:
    return facts.claims_of(kind).filter(section=section).select(ID).unique()


# --- statements: the claims of one kind and subject, beside the cells of the report's edition


@dataclass(frozen=True)
class _Said:
    """What the reports of one edition say of a statement of the rule.

    rows: each claim beside the cells that it may speak of; `missing` where one of them is. silent: the reports that
    claim nothing. sums: what a claim may mean. above: the numerator of a share, where the statement names one.
    """

    statement: Mapping[str, Any]
    rows: pl.DataFrame
    silent: pl.DataFrame
    sums: tuple[_Sum, ...]
    above: _Sum | None


def _statements(rule: Rule, facts: Evidence, name: str) -> Iterable[_Said]:
    """Yield each statement in each edition that has the cells it speaks of."""
    table = rule.tables[0]
    for statement in rule.parameters["statements"]:
        said = facts.claims_of(statement["claim"]).filter(pl.col("lower").is_not_null())
        if "subject" in statement:
            said = said.filter(pl.col("subject") == statement["subject"])
        for edition, ids in by_edition(rule, facts, table):
            sums = tuple(one for terms_ in statement[name] if (one := _sum_of(terms_, edition)))
            if not sums:
                continue
            above = _sum_of(statement["numerator"], edition) if "numerator" in statement else None
            rows, silent = _beside_cells(said, ids, facts, sums if above is None else (*sums, above))
            yield _Said(statement, rows, silent, sums, above)


def _beside_cells(
    said: pl.DataFrame, ids: pl.DataFrame, facts: Evidence, sums: Iterable[_Sum]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The claims of the reports `ids` beside the cells of `sums`, and those of `ids` that claim nothing.

    Reports are numbered, and their cells arrays: taking these by number is sooner done than joining them.
    """
    asked = np.zeros(facts.reports.height, dtype=bool)
    asked[ids[ID].to_physical().to_numpy()] = True
    reports = said[ID].to_physical().to_numpy()
    own = asked[reports]
    reports = reports[own]
    figures = {code: facts.figures[code][reports] for one in sums for code in one.cells}
    missing = np.logical_or.reduce([np.isnan(figure) for figure in figures.values()])
    rows = said.filter(pl.Series(own)).with_columns(
        **{code: pl.Series(figure, nan_to_null=True) for code, figure in figures.items()}, missing=pl.Series(missing)
    )
    asked[reports] = False
    return rows, facts.reports.select(ID)[np.flatnonzero(asked)]


def meanings(statement: Mapping[str, Any], edition: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return the sums that a statement may mean in an edition, each as cells added and cells taken away."""
    sums = (_sum_of(written, edition) for written in statement["sums"])
    return tuple((one.plus, one.minus) for one in sums if one)


def _sum_of(written: Sequence[str], edition: str) -> _Sum | None:
    """Expand * and leading minus signs over the cells of an edition; None where the edition lacks a term."""
    known = [cell.code for cell in form.cells(edition)]
    plus: list[str] = []
    minus: list[str] = []
    for term in written:
        found = [code for code in known if fnmatchcase(code, term.removeprefix(MINUS))]
        if not found:
            return None
        (minus if term.startswith(MINUS) else plus).extend(found)
    return _Sum(tuple(plus), tuple(minus))


# --- verdicts


def _judged(rows: pl.DataFrame, values: Sequence[pl.Expr], relation: str, tolerance: float) -> pl.DataFrame:
    """One verdict per claim: `right` is the value that meets it, else the first; `left` what is claimed, nearest it."""
    low, high = pl.col("lower") - tolerance, pl.col("upper") + tolerance
    met = [
        (value >= low) & (pl.lit(relation == "at_most") | high.is_null() | (value <= high)) for value in values
    ]
    right = pl.coalesce(*(pl.when(one).then(value) for one, value in zip(met, values, strict=True)), values[0])
    nothing = pl.col("missing") | pl.any_horizontal(value.is_null() for value in values)
    true = pl.any_horizontal(met)
    framed = rows.with_columns(
        right=right, verdict=pl.when(nothing).then(UNKNOWN).when(true).then(HOLDS)
        .otherwise(BREAKS),
    )
    nearest = pl.when(pl.col("right") > pl.col("upper")).then(pl.col("upper")).when(
        pl.col("right") < pl.col("lower")).then(pl.col("lower")).otherwise(pl.col("right"))
    return framed.with_columns(left=pl.col("lower") if relation == "at_most" else nearest)


def _found(rule: Rule, said: _Said, judged: pl.DataFrame, figures: Any) -> Iterable[Verdicts]:
    """The verdicts on the reports that claim something, in words where one breaks, and on those that claim nothing."""
    at, words = pl.lit(said.statement["at"], SCOPE), _words(rule.tables[0], "figures")
    breaking = judged.filter(verdict="breaks")
    if breaking.is_empty():
        quiet = judged
    else:
        quiet = judged.join(breaking, on=ID, how="anti")
        spoken = judged.join(breaking, on=ID, how="semi").with_columns(
            *(figures(language).alias(f"figures_{language}") for language in LANGUAGES),
            *(_quotes(language) for language in LANGUAGES),
        )
        yield findings(_by_report(rule, spoken).with_columns(scope=at), rule, rule.tables[0], words)
    yield findings(_unbroken(quiet).with_columns(scope=at), rule, rule.tables[0], words)
    yield findings(said.silent.with_columns(scope=at, verdict=UNKNOWN), rule, rule.tables[0], words)


def _unbroken(judged: pl.DataFrame) -> pl.DataFrame:
    """One row per report of which no claim breaks: one that is unknown before one that holds."""
    known = pl.col("verdict") != "unknown"
    return judged.select(ID, "claim_no", "verdict", "left", "right").sort(known, "claim_no").unique(
        ID, keep="first", maintain_order=True
    )


def _by_report(rule: Rule, judged: pl.DataFrame) -> pl.DataFrame:
    """One row per report: breaks before unknown before holds; weak words alone soften what breaks.

    Of the texts `figures_…` the first is kept, of the quotes `claims_…` those of the claims that break.
    """
    order = pl.col("verdict").replace_strict({"breaks": 0, "unknown": 1, "holds": 2}, return_dtype=pl.Int8)
    breaking = pl.col("verdict") == "breaks"
    soft = (pl.col("strength").eq(WEAK) | ~breaking).fill_null(False).all() & breaking.any()
    figures, quotes = ([n for n in judged.columns if n.startswith(start)] for start in ("figures_", "claims_"))
    return judged.with_columns(order=order).sort(ID, "order", "claim_no").group_by(ID, maintain_order=True).agg(
        pl.col("verdict", "left", "right", *figures).first(),
        pl.when(soft).then(pl.lit(rule.severities[-1])).otherwise(pl.lit(rule.severity)).alias("severity"),
        *(pl.col(quote).filter(breaking).unique(maintain_order=True).str.join(COMMA[quote.removeprefix("claims_")])
          for quote in quotes),
    )


def _quotes(language: str) -> pl.Expr:
    where = {"zh": ("（第", "部分）"), "en": (" (section ", ")")}[language]
    section = pl.lit(where[0]) + pl.col("section").cast(pl.String) + pl.lit(where[1])
    return (pl.lit("“") + pl.col("text") + pl.lit("”") + section.fill_null("")).alias(f"claims_{language}")


# --- words


def _either(sums: Sequence[_Sum], language: str) -> pl.Expr:
    """What the table says, for each sum that the claim may mean."""
    parts = [
        one.words(language) if len(one.cells) == 1 else one.words(language) + pl.lit(" = ") + number(one.value)
        for one in sums
    ]
    return pl.concat_str(parts, separator=OR[language])


def _share(above: _Sum | None, sums: Sequence[_Sum], language: str) -> pl.Expr:
    counted = above.words(language) if above else number(pl.col("parts_lower").list.first())
    shares = [pl.concat_str(counted, pl.lit(" / ("), one.words(language), pl.lit(")")) for one in sums]
    return pl.concat_str(shares, separator=OR[language])


def _words(table: str | None, figures: str | None) -> Words:
    def words(language: str) -> Mapping[str, pl.Expr]:
        named = {"table": table_name(table, language)} if table else {}
        shown = {"figures": pl.col(f"{figures}_{language}")} if figures else {}
        return {
            **named, **shown, "scope": scope_name(language), "claims": pl.col(f"claims_{language}"),
            "claimed": _rounded(pl.col("left")), "expected": _rounded(pl.col("right")),
            "difference": signed((pl.col("left") - pl.col("right")).round(2)),
        }

    return words


def _rounded(value: pl.Expr) -> pl.Expr:
    return number(value.round(2))
