"""Findings that people can act on: what broke, where in the form's words, which cells, what else hangs together.

Belongs here: one row for each error or warning that breaks, with a stable id. Pure: frames in, frames out.
Does not: judging and messages (expectations/), whether the reader is to blame (verdicts.py), files (assets/marts).
"""

from __future__ import annotations

import hashlib
from functools import cache

import polars as pl

from assets.form import cells as form
from assets.lake import BREAKS
from expectations.registry import active_rules, identities_of
from expectations.wording import LANGUAGES, place

ID = "report_version_id"
KEY = [ID, "rule", "scope"]
# What is only recorded (a blank cell, a label's variant) asks nothing of anybody, and is the most by far.
ACTIONABLE = ("error", "warning")
LEFT, RIGHT = "left", "right"
PARTS = ("table", "line", "column")


def finding_id(document_id: str, report_number: int, rule: str, scope: str) -> str:
    """Return the id of a finding: 16 hex digits that stay the same for as long as the document's bytes do."""
    told = "\n".join((document_id, str(report_number), rule, scope))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def breaks(
    broken: pl.DataFrame, states: pl.DataFrame, cells: pl.DataFrame, reports: pl.DataFrame
) -> pl.DataFrame:
    """Return the lake's BREAKS.

    Args:
        broken: the errors and warnings among the FINDINGS of these reports.
        states: their TABLE_STATES.
        cells: their CELLS.
        reports: their REPORTS.
    """
    named = _placed(broken.join(reports.select(ID, "document_id"), on=ID, how="left")).with_columns(_ids())
    involved = cells_involved(broken, states, cells)
    listed = involved.sort("side", "position").group_by(KEY).agg(
        pl.struct("side", "cell_code", "value", text="printed_text", place="place").alias("cells")
    )
    related = _related(named.select("finding_id", *KEY).join(involved, on=KEY))
    rows = named.join(listed, on=KEY, how="left").join(related, on="finding_id", how="left").with_columns(
        pl.col("cells", "related").fill_null([])
    )
    return rows.select(pl.col(name).cast(kind) for name, kind in BREAKS.columns.items()).sort(BREAKS.key)


def cells_involved(broken: pl.DataFrame, states: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the cells that broken findings speak of, by the registry, or by the scope where it is a cell.

    Returns:
        one row per finding and cell: report_version_id, rule, scope, side (left or right), position within the side,
        cell_code, table_code, value (Float64), printed_text, place.
    """
    editions = states.select(ID, "table_code", "edition")
    of_sums = broken.select(*KEY, "table_code").join(editions, on=[ID, "table_code"]).join(
        _cells_of_sums(), on=["rule", "scope", "edition"]
    ).select(*KEY, "side", "position", "cell_code")
    single = broken.filter(pl.col("scope").is_in(form.all_cell_codes())).select(
        *KEY, side=pl.lit(LEFT), position=pl.lit(0, dtype=pl.Int64), cell_code="scope"
    )
    printed = cells.join(broken.select(ID).unique(), on=ID, how="semi").select(
        ID, "cell_code", "table_code", pl.col("value").cast(pl.Float64), "printed_text", "place"
    )
    both = pl.concat([of_sums, single.select(of_sums.columns)])
    return both.join(printed, on=[ID, "cell_code"], how="inner")


@cache
def _cells_of_sums() -> pl.DataFrame:
    """The cells of every linear identity of the registry: rule, scope, edition, side, position, cell_code."""
    rows = [
        (rule.code, identity.scope, edition, side, position, code)
        for rule in active_rules() if rule.kind == "linear"
        for table in rule.tables for edition in rule.editions
        for identity in identities_of(rule, table, edition)
        for side, codes in ((LEFT, identity.left), (RIGHT, identity.right))
        for position, code in enumerate(codes)
    ]
    names = dict.fromkeys(("rule", "scope", "edition", "side"), pl.String)
    return pl.DataFrame(rows, schema={**names, "position": pl.Int64, "cell_code": pl.String}, orient="row")


def _related(involved: pl.DataFrame) -> pl.DataFrame:
    """The other findings of the same table that share a cell, or a line of cells, with each finding.

    One figure put right closes sums of its column and of its line at once: such findings belong on one desk.
    """
    line = pl.col("cell_code").str.splitn(".", 3).struct.field("field_1").alias("line")
    touched = involved.select(ID, "table_code", line, "finding_id").unique()
    pairs = touched.join(touched, on=[ID, "table_code", "line"], suffix="_other").filter(
        pl.col("finding_id") != pl.col("finding_id_other")
    )
    return pairs.group_by("finding_id").agg(pl.col("finding_id_other").unique().sort().alias("related"))


def _placed(broken: pl.DataFrame) -> pl.DataFrame:
    """Add table, line and column in the form's words, and the rule's title."""
    known = broken.join(_scopes(), on="scope", how="left")
    titles = {rule.code: (rule.title.zh, rule.title.en) for rule in active_rules()}
    words = [
        pl.col("rule").replace({code: title[position] for code, title in titles.items()}).alias(f"rule_{language}")
        for position, language in enumerate(LANGUAGES)
    ]
    names = [
        place(_scope_of(part), language).str.strip_chars("“”").alias(f"{part}_{language}")
        for part in PARTS for language in LANGUAGES
    ]
    return known.with_columns(words).with_columns(names)


def _scope_of(part: str) -> pl.Expr:
    table = pl.col("table_code")
    return table if part == "table" else table + pl.lit(".") + pl.col(f"{part}_code")


@cache
def _scopes() -> pl.DataFrame:
    """Which line and which column of its table each scope speaks of."""
    rows: dict[str, tuple[str | None, str | None]] = {}
    for edition in form.editions():
        for table in edition.tables:
            rows |= {f"{table.code}.{line.code}": (line.code, None) for line in table.lines}
            rows |= {f"{table.code}.{column.code}": (None, column.code) for column in table.columns}
        rows |= {cell.code: (cell.line.code, cell.column.code) for cell in form.cells(edition.code)}
    schema = {"scope": pl.String, "line_code": pl.String, "column_code": pl.String}
    return pl.DataFrame([(scope, *parts) for scope, parts in rows.items()], schema=schema, orient="row")


def _ids() -> pl.Expr:
    number = pl.col(ID).str.split("-").list.last().cast(pl.Int64)
    parts = pl.struct(pl.col("document_id"), number.alias("number"), pl.col("rule"), pl.col("scope"))
    return parts.map_elements(lambda one: finding_id(*one.values()), return_dtype=pl.String).alias("finding_id")
