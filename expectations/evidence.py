"""What the rules judge: the lake's cells and observations of many reports, arranged so that polars can judge at once.

Belongs here: joining, pivoting, and the checks that the frames are what the lake promises.
Does not: any rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import polars as pl

from assets.form import cells as form
from assets.lake import CLAIMS
from expectations.certainty import without_proven
from expectations.neighbours import Neighbours
from expectations.organs import is_government

ID = "report_version_id"
HYBRID = "hybrid_other"
HYBRID_EDITION = "cn_ogi_2021"
HYBRID_LINES = "cn_ogi_2019"
ALONE = Neighbours()
TABLE = pl.Enum(form.table_codes())
# What a cell has of the form, as Enums in the form's order; its code says of which table it is.
OF_THE_FORM = {
    "cell_code": pl.Enum(form.all_cell_codes()), "edition": pl.Enum([edition.code for edition in form.editions()]),
}
TABLE_OF_CELL = pl.Series("table_code", [form.cell(code).table for code in form.all_cell_codes()], dtype=TABLE)


class EvidenceError(ValueError):
    """The frames break the contract of the lake; the text names report, table and what was expected."""


@dataclass(frozen=True)
class Evidence:
    """The facts about a set of reports.

    tables: one row per report and statutory table: report_version_id, report_year, table_code, edition,
        lines_edition (the edition whose lines it prints: a 2021 table with the single line 其他处理 prints those of
        2019), value_rows, present.
    figures: for each cell of the form its numbers, one per report in the order of `reports`; NaN is a cell that holds
        none. Float64 adds whole numbers below 2**53 exactly; the identities add nothing else (V01 judges the rest).
    wide: the same as a frame of one column per cell, beside report_version_id; NULL where there is no number.
    cells: the cells as rows, with `value` as Float64 where the state says that it holds a number, else NULL, and
        `row`, the position of their report in `reports`: a number is compared faster than the text of an id.
    observations: the facts as they came, without doubts that the figures settle (certainty.py).
    claims: what the prose says of figures: the lake's CLAIMS.
    governments: report_version_id of the reports of governments.
    around: what other reports say (neighbours.py); nothing where a report is judged alone.

    In all of them report_version_id is an Enum of the ids in `reports`: numbers are joined in half the time of texts.
    """

    reports: pl.DataFrame
    tables: pl.DataFrame
    figures: Mapping[str, np.ndarray]
    wide: pl.DataFrame
    cells: pl.DataFrame
    observations: pl.DataFrame
    claims: pl.DataFrame
    governments: pl.DataFrame
    around: Neighbours = ALONE
    # Not carried over by replace(): kept rows of other tables or claims would be wrong in silence.
    _claims: dict[str, pl.DataFrame] = field(default_factory=dict, init=False, compare=False)
    _printing: dict[tuple[str, tuple[str, ...]], pl.DataFrame] = field(default_factory=dict, init=False, compare=False)

    def printing(self, table: str, editions: tuple[str, ...]) -> pl.DataFrame:
        """Return the rows of `tables` of one table in these editions of lines; kept, for many rules ask for it."""
        found = self._printing.get((table, editions))
        if found is None:
            found = self.tables.filter(pl.col("lines_edition").is_in(editions), table_code=table)
            self._printing[table, editions] = found
        return found

    def claims_of(self, kind: str) -> pl.DataFrame:
        """Return the claims of one kind; kept, as above."""
        if not self._claims:
            self._claims.update({str(key): own for (key,), own in self.claims.group_by("kind")})
        return self._claims.get(kind, self.claims.clear())

    @property
    def ids(self) -> pl.Enum:
        """The ids of the reports, in the order of `reports`."""
        return cast(pl.Enum, self.reports.schema[ID])


def evidence(
    cells: pl.DataFrame, observations: pl.DataFrame, reports: pl.DataFrame, claims: pl.DataFrame | None = None,
    around: Neighbours = ALONE,
) -> Evidence:
    """Arrange frames of the lake's CELLS, OBSERVATIONS, REPORTS and CLAIMS; EvidenceError if they do not fit together.

    Without `claims` the prose says nothing: what rules ask of it is unknown.
    """
    stated = CLAIMS.empty() if claims is None else claims
    ids = pl.Enum(reports[ID])
    reports = reports.with_columns(pl.col(ID).cast(ids))
    cells, observations, stated = (
        _known("cells", cells, ids), _known("observations", observations, ids), _known("claims", stated, ids)
    )
    cells = _of_the_form(cells)
    numbers = cells.select(
        pl.col(ID).to_physical().cast(pl.UInt32).alias("row"),
        ID, *OF_THE_FORM, "table_code", "state", "printed_text",
        pl.when(pl.col("state").is_in(form.number_states())).then(pl.col("value").cast(pl.Float64)).alias("value"),
    )
    tables = _tables(numbers, observations, reports)
    figures = _figures(numbers, reports)
    return Evidence(
        reports.select(ID, "report_year"), tables, figures, _wide(figures, reports), numbers,
        without_proven(observations, numbers, tables), stated, _governments(reports), around.narrowed(ids),
    )


def _governments(reports: pl.DataFrame) -> pl.DataFrame:
    names = {name: is_government(name) for name in reports["organ_name"].unique()}
    return reports.filter(
        pl.col("organ_name").replace_strict(names, default=False, return_dtype=pl.Boolean)
    ).select("report_version_id")


def _known(name: str, frame: pl.DataFrame, ids: pl.Enum) -> pl.DataFrame:
    """The frame with the ids of reports as that Enum; EvidenceError where one is of no report."""
    known = frame.with_columns(_coded(frame[ID], ids))
    if known[ID].null_count():
        others = frame.filter(known[ID].is_null())[ID].unique().sort()
        listed = ", ".join(others.head(5).to_list())
        raise EvidenceError(f"{name}: {others.len()} report(s) without a row in reports: {listed}; write reports first")
    return known


def _coded(texts: pl.Series, kind: pl.Enum) -> pl.Series:
    """The texts as an Enum, NULL where it has no such text. Equal texts lie together: each run is looked up once."""
    starts = texts.ne_missing(texts.shift())
    if len(starts):
        starts[0] = True
    return texts.filter(starts).cast(kind, strict=False).gather(starts.cum_sum() - 1).alias(texts.name)


def _of_the_form(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells with their codes as Enums, compared faster than texts; EvidenceError on a code the form does not have.

    A cell may be of no edition.
    """
    coded = cells.with_columns(_coded(cells[name], kind) for name, kind in OF_THE_FORM.items())
    for name, kind in OF_THE_FORM.items():
        odd = coded[name].is_null() & cells[name].is_not_null()
        if odd.any() or (name == "cell_code" and coded[name].null_count()):
            row = cells.filter(odd | coded["cell_code"].is_null()).row(0, named=True)
            raise EvidenceError(
                f"cells: the form has no {name} {row[name]} (report {row[ID]}, cell {row['cell_code']}); "
                f"expected one of {', '.join(kind.categories)}"
            )
    return coded.with_columns(TABLE_OF_CELL.gather(coded["cell_code"].to_physical()))


def _figures(cells: pl.DataFrame, reports: pl.DataFrame) -> dict[str, np.ndarray]:
    """Put each value at its cell and report of one matrix: a tenth of the time that a pivot takes."""
    codes = form.all_cell_codes()
    places = cells["cell_code"].to_physical().cast(pl.Int64).to_numpy() * reports.height + cells["row"].to_numpy()
    if places.size and np.bincount(places).max() > 1:
        row = cells.filter(cells.select(ID, "cell_code").is_duplicated()).row(0, named=True)
        raise EvidenceError(f"cells: {row['cell_code']} of report {row[ID]} stands twice; expected once")
    matrix = np.full((len(codes), reports.height), np.nan)
    matrix.reshape(-1)[places] = cells["value"].fill_null(np.nan).to_numpy()
    return dict(zip(codes, matrix, strict=True))


def _wide(figures: Mapping[str, np.ndarray], reports: pl.DataFrame) -> pl.DataFrame:
    columns = {code: pl.Series(figure, nan_to_null=True) for code, figure in figures.items()}
    return reports.select(ID).with_columns(**columns)


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
    found = _found(cells)
    mixed = found.filter(pl.col("first") != pl.col("last")).join(hybrid, on=key, how="anti")
    if not mixed.is_empty():
        row = mixed.row(0, named=True)
        raise EvidenceError(
            f"cells: table {row['table_code']} of report {row[ID]} has cells of editions {row['first']}, "
            f"{row['last']}; expected one edition per table"
        )
    named = reports.unpivot(
        [f"edition_{table}" for table in form.table_codes()], index="report_version_id",
        variable_name="table_code", value_name="named",
    ).with_columns(pl.col("table_code").str.strip_prefix("edition_"))
    return named.join(found, on=key, how="left").select(*key, pl.coalesce("first", "named").alias("edition"))


def _found(cells: pl.DataFrame) -> pl.DataFrame:
    """The first and the last edition, in the order of the form, among the cells of each table that has any."""
    numbered = cells.drop_nulls("edition").select(ID, "table_code", pl.col("edition").to_physical())
    # The cells of a table mostly lie together and are of one edition: one row of each such run says it all.
    numbered = numbered.filter(pl.any_horizontal(pl.all().ne_missing(pl.all().shift())))
    found = numbered.group_by(ID, "table_code").agg(first=pl.col("edition").min(), last=pl.col("edition").max())
    names = dict(enumerate(OF_THE_FORM["edition"].categories))
    return found.with_columns(
        pl.col("table_code").cast(pl.String), pl.col("first", "last").replace_strict(names, return_dtype=pl.String)
    )


def _expected(reports: pl.DataFrame) -> dict[int, str]:
    years = reports["report_year"].drop_nulls().unique().to_list()
    editions = ((year, form.expected_edition(year)) for year in years)
    return {year: edition.code for year, edition in editions if edition is not None}
