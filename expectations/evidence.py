"""What the rules judge: the lake's cells and observations of many reports, arranged so that polars can judge at once.

Belongs here: joining, pivoting, and the checks that the frames are what the lake promises.
Does not: any rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from assets.form import cells as form
from assets.lake import CLAIMS
from expectations.certainty import without_proven

HYBRID = "hybrid_other"
HYBRID_EDITION = "cn_ogi_2021"
HYBRID_LINES = "cn_ogi_2019"


class EvidenceError(ValueError):
    """The frames break the contract of the lake; the text names report, table and what was expected."""


@dataclass(frozen=True)
class Evidence:
    """The facts about a set of reports.

    tables: one row per report and statutory table: report_version_id, report_year, table_code, edition,
        lines_edition (the edition whose lines it prints: a 2021 table with the single line 其他处理 prints those of
        2019), value_rows, present.
    wide: one row per report and one Float64 column per cell of the form; NULL is a cell that holds no number.
        Float64 adds whole numbers below 2**53 exactly; the identities add nothing else (V01 judges the rest).
    cells: the cells as rows, with `value` as Float64 where the state says that it holds a number, else NULL.
    observations: the facts as they came, without doubts that the figures settle (certainty.py).
    claims: what the prose says of figures: the lake's CLAIMS.
    """

    reports: pl.DataFrame
    tables: pl.DataFrame
    wide: pl.DataFrame
    cells: pl.DataFrame
    observations: pl.DataFrame
    claims: pl.DataFrame


def evidence(
    cells: pl.DataFrame, observations: pl.DataFrame, reports: pl.DataFrame, claims: pl.DataFrame | None = None
) -> Evidence:
    """Arrange frames of the lake's CELLS, OBSERVATIONS, REPORTS and CLAIMS; EvidenceError if they do not fit together.

    Without `claims` the prose says nothing: what rules ask of it is unknown.
    """
    stated = CLAIMS.empty() if claims is None else claims
    for name, frame in (("cells", cells), ("observations", observations), ("claims", stated)):
        _check_known(name, frame, reports)
    numbers = cells.select(
        "report_version_id", "cell_code", "table_code", "line_code", "column_code", "edition", "state", "printed_text",
        pl.when(pl.col("state").is_in(form.number_states())).then(pl.col("value").cast(pl.Float64)).alias("value"),
    )
    tables = _tables(numbers, observations, reports)
    return Evidence(
        reports.select("report_version_id", "report_year"), tables, _wide(numbers, reports), numbers,
        without_proven(observations, numbers, tables), stated,
    )


def _check_known(name: str, frame: pl.DataFrame, reports: pl.DataFrame) -> None:
    unknown = frame.select("report_version_id").unique().join(reports, on="report_version_id", how="anti")
    if not unknown.is_empty():
        ids = ", ".join(sorted(unknown["report_version_id"].to_list())[:5])
        raise EvidenceError(f"{name}: {unknown.height} report(s) without a row in reports: {ids}; write reports first")


def _wide(cells: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    try:
        pivoted = cells.pivot("cell_code", index="report_version_id", values="value")
    except pl.exceptions.ComputeError as error:
        twice = cells.filter(cells.select("report_version_id", "cell_code").is_duplicated())
        if twice.is_empty():
            raise
        row = twice.row(0, named=True)
        raise EvidenceError(
            f"cells: {row['cell_code']} of report {row['report_version_id']} stands twice; expected once"
        ) from error
    wide = reports.select("report_version_id").join(pivoted, on="report_version_id", how="left")
    absent = [code for code in form.all_cell_codes() if code not in wide.columns]
    return wide.with_columns(pl.lit(None, dtype=pl.Float64).alias(code) for code in absent)


def _tables(cells: pl.DataFrame, observations: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    key = ["report_version_id", "table_code"]
    base = reports.select("report_version_id", "report_year").join(
        pl.DataFrame({"table_code": form.table_codes()}), how="cross"
    )
    hybrid = observations.filter(fact=HYBRID).select(key).unique().with_columns(hybrid=pl.lit(True))
    rows = observations.filter(fact="value_rows").select(*key, pl.col("value").cast(pl.Int64).alias("value_rows"))
    joined = (
        base.join(rows, on=key, how="left", validate="1:1")
        .join(hybrid, on=key, how="left")
        .join(_editions(cells, reports, hybrid), on=key, how="left")
    )
    fallback = pl.col("report_year").replace_strict(_expected(reports), default=form.editions()[-1].code)
    edition = pl.when(pl.col("hybrid")).then(pl.lit(HYBRID_EDITION)).otherwise(pl.col("edition").fill_null(fallback))
    lines = pl.when(pl.col("hybrid")).then(pl.lit(HYBRID_LINES)).otherwise(edition)
    return joined.select(
        *key, "report_year", "value_rows", edition.alias("edition"), lines.alias("lines_edition"),
        (pl.col("value_rows") > 0).alias("present"),
    )


def _editions(cells: pl.DataFrame, reports: pl.DataFrame, hybrid: pl.DataFrame) -> pl.DataFrame:
    """The edition of each table: from its cells, else from its report; two in one table are an error unless hybrid."""
    key = ["report_version_id", "table_code"]
    found = cells.group_by(key).agg(pl.col("edition").drop_nulls().unique().alias("found"))
    mixed = found.filter(pl.col("found").list.len() > 1).join(hybrid, on=key, how="anti")
    if not mixed.is_empty():
        row = mixed.row(0, named=True)
        editions = ", ".join(sorted(row["found"]))
        raise EvidenceError(
            f"cells: table {row['table_code']} of report {row['report_version_id']} has cells of editions {editions}; "
            "expected one edition per table"
        )
    named = reports.unpivot(
        [f"edition_{table}" for table in form.table_codes()], index="report_version_id",
        variable_name="table_code", value_name="named",
    ).with_columns(pl.col("table_code").str.strip_prefix("edition_"))
    return named.join(found, on=key, how="left").select(
        *key, pl.coalesce(pl.col("found").list.first(), pl.col("named")).alias("edition")
    )


def _expected(reports: pl.DataFrame) -> dict[int, str]:
    years = reports["report_year"].drop_nulls().unique().to_list()
    editions = ((year, form.expected_edition(year)) for year in years)
    return {year: edition.code for year, edition in editions if edition is not None}
