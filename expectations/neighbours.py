"""What other reports say that a rule compares a report with: last year's, next year's, copies, members of a government.

Belongs here: which report is which other's neighbour, and the neighbour's cells beside it. Pure: frames in, frames out.
Does not: any rule (kinds/), reading names (organs.py), reading files (assets/quarantine).

A neighbour is named only where there is one: of several reports of one organ and year whose cells differ none is taken,
and what is said of them is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from assets.form import cells as form
from assets.lake import CELLS, REPORTS, SECTION_TEXTS
from expectations.organs import memberships, organ_key
from expectations.registry import active_rules, cells_beside
from expectations.terms import NEXT, PREVIOUS

ID = "report_version_id"
OTHER = "other_id"
COPY, MEMBER, OFFICE = "copy", "member", "office"
RELATIONS = (PREVIOUS, NEXT, COPY, MEMBER, OFFICE)
YEARS = {PREVIOUS: -1, NEXT: 1}
ABOUT = [ID, "document_id", "organ", "organ_name", "report_year"]


@dataclass(frozen=True)
class Known:
    """All reports that are looked at: those to be judged and those around them.

    reports: the lake's REPORTS. cells: its CELLS. texts: its SECTION_TEXTS. The last two are read only in part.
    """

    reports: pl.DataFrame
    cells: pl.LazyFrame
    texts: pl.LazyFrame


NOBODY = Known(REPORTS.empty(), CELLS.empty().lazy(), SECTION_TEXTS.empty().lazy())


@dataclass(frozen=True)
class Neighbours:
    """What stands beside each report.

    beside: relation → one row per report and neighbour: report_version_id, other_id (NULL where the neighbour is one
        of several that differ), other_name, other_year, and one Float64 column `<relation>:<cell code>` for every cell
        that a rule compares. A report without such a neighbour has no row.
    organs: report_version_id, organ, report_year of all reports known.
    texts: the texts of all reports known.
    """

    beside: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    organs: pl.DataFrame = field(default_factory=lambda: _about(REPORTS.empty()))
    texts: pl.LazyFrame = field(default_factory=lambda: NOBODY.texts)

    def of(self, relation: str) -> pl.DataFrame:
        """Return the neighbours of one relation: previous, next, copy, member or office."""
        return self.beside[relation] if relation in self.beside else _nothing_beside(relation)


def neighbours(known: Known) -> Neighbours:
    """Find the neighbours of all reports that are known."""
    about = _about(known.reports)
    related = _related(about, _representatives(about, known.cells))
    wide = {relation: _wide(known.cells, rows, relation) for relation, rows in related.items()}
    beside = {
        relation: rows.join(wide[relation], on=OTHER, how="left").join(_names(about), on=OTHER, how="left")
        for relation, rows in related.items()
    }
    return Neighbours(beside, about, known.texts)


def _about(reports: pl.DataFrame) -> pl.DataFrame:
    names = reports["organ_name"].unique().to_list()
    keys = {name: organ_key(name) for name in names}
    return reports.with_columns(
        organ=pl.col("organ_name").replace_strict(keys, default=None, return_dtype=pl.String)
    ).select(ABOUT)


def _names(about: pl.DataFrame) -> pl.DataFrame:
    return about.select(
        pl.col(ID).alias(OTHER), pl.col("organ_name").alias("other_name"), pl.col("report_year").alias("other_year")
    )


def _representatives(about: pl.DataFrame, cells: pl.LazyFrame) -> pl.DataFrame:
    """One row per organ and year: the report that speaks for it; NULL where several do whose cells differ."""
    listed = about.drop_nulls(["organ", "report_year"])
    groups = listed.group_by("organ", "report_year").agg(pl.col(ID).min().alias(OTHER), pl.len().alias("reports"))
    several = listed.join(groups.filter(pl.col("reports") > 1), on=["organ", "report_year"], how="semi")
    if several.is_empty():
        return groups.drop("reports")
    printed = _of_reports(cells, several[ID]).sort(ID, "cell_code").group_by(ID).agg("cell_code", "value").collect()
    contents = several.join(printed, on=ID, how="left")
    differ = contents.group_by("organ", "report_year").agg(
        pl.struct("cell_code", "value").n_unique().alias("contents")
    ).filter(pl.col("contents") > 1)
    return groups.join(differ, on=["organ", "report_year"], how="left").select(
        "organ", "report_year", pl.when(pl.col("contents").is_null()).then(pl.col(OTHER)).alias(OTHER)
    )


def _of_reports(cells: pl.LazyFrame, ids: pl.Series) -> pl.LazyFrame:
    """The numbers of the cells of some reports: report_version_id, cell_code, value (Float64)."""
    number = pl.when(pl.col("state").is_in(form.number_states())).then(pl.col("value").cast(pl.Float64))
    wanted = pl.LazyFrame({ID: ids.unique()})
    return cells.select(ID, "cell_code", number.alias("value")).join(wanted, on=ID, how="semi")


def _related(about: pl.DataFrame, speakers: pl.DataFrame) -> dict[str, pl.DataFrame]:
    listed = about.drop_nulls(["organ", "report_year"])
    key = ["organ", "report_year"]
    found = {
        relation: listed.with_columns(pl.col("report_year") + step).join(speakers, on=key).select(ID, OTHER)
        for relation, step in YEARS.items()
    }
    twins = listed.join(listed, on=key, suffix="_other").filter(pl.col("document_id") != pl.col("document_id_other"))
    found[COPY] = twins.select(ID, pl.col(f"{ID}_other").alias(OTHER))
    members = _members(listed).join(speakers.rename({"organ": "member"}), on=["member", "report_year"])
    governments = listed.rename({"organ": "government"}).select(ID, "government", "report_year")
    of_governments = governments.join(members, on=["government", "report_year"])
    found[MEMBER] = of_governments.select(ID, OTHER)
    found[OFFICE] = of_governments.filter("office").select(ID, OTHER)
    return found


def _members(listed: pl.DataFrame) -> pl.DataFrame:
    rows = [
        (year, one.government, one.organ, one.office)
        for (year,), of_year in listed.group_by("report_year") for one in memberships(of_year["organ"])
    ]
    schema = {"report_year": pl.Int32, "government": pl.String, "member": pl.String, "office": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _wide(cells: pl.LazyFrame, rows: pl.DataFrame, relation: str) -> pl.DataFrame:
    """One row per neighbour and one column per cell that the rules compare with it."""
    wanted = cells_beside(relation)
    numbers = _of_reports(cells, rows[OTHER].drop_nulls()).filter(pl.col("cell_code").is_in(wanted)).collect()
    found = numbers.pivot("cell_code", index=ID, values="value") if numbers.height else numbers.select(ID)
    return found.select(
        pl.col(ID).alias(OTHER),
        *(
            (pl.col(code) if code in found.columns else pl.lit(None, dtype=pl.Float64)).alias(f"{relation}:{code}")
            for code in wanted
        ),
    )


def _nothing_beside(relation: str) -> pl.DataFrame:
    columns = {f"{relation}:{code}": pl.Float64 for code in cells_beside(relation)}
    about = {ID: pl.String, OTHER: pl.String, "other_name": pl.String, "other_year": pl.Int32}
    return pl.DataFrame(schema={**about, **columns})


def judged_relations() -> tuple[str, ...]:
    """Return the relations that an active rule compares over."""
    return tuple(relation for relation in RELATIONS if cells_beside(relation) and active_rules())
