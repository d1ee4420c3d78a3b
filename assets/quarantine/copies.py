"""Two documents of one report, such as a web page and its PDF, compared cell by cell.

Belongs here: the numbers that another document of the same organ and year gives for a table that is held back.
Does not: what follows from it (verdicts.py, localization/), telling versions of a report apart.
"""

from __future__ import annotations

import polars as pl

from assets.form import cells as form

ID = "report_version_id"
KEY = [ID, "table_code"]
OTHER = "other_version_id"
# A document of the same organ and year is a copy of a table if it agrees on so many of the figures that are not 0 in
# both; otherwise it is another report, such as that of the whole area beside that of the office.
ALIKE = 0.5


def copied_cells(
    held: pl.DataFrame, cells: pl.LazyFrame, observations: pl.LazyFrame, owned: pl.DataFrame
) -> pl.DataFrame:
    """Return the cells of held tables that hold a number there and in another document of the same organ and year.

    Args:
        held: report_version_id and table_code of the tables held back.
        cells: the lake's CELLS, of all reports among which a copy may be.
        observations: their OBSERVATIONS, which name the layout that each table was read by.
        owned: whose report each is (owners.owners).

    Returns:
        report_version_id, table_code, cell_code, value, other_version_id, other_value (both Float64), and
        `other_layout`: whether the other table was read by another layout, so that one fault cannot explain both.
    """
    pairs = _pairs(held, owned)
    concerned = pl.concat([pairs[ID], pairs[OTHER]]).unique().implode()
    numbers = cells.filter(pl.col(ID).is_in(concerned), pl.col("state").is_in(form.number_states())).select(
        ID, "table_code", "cell_code", pl.col("value").cast(pl.Float64)
    ).collect()
    own = numbers.join(held.select(KEY), on=KEY, how="semi")
    others = numbers.join(pairs.select(pl.col(OTHER).alias(ID)).unique(), on=ID, how="semi").rename(
        {ID: OTHER, "value": "other_value"}
    )
    both = own.join(pairs, on=KEY).join(others, on=[OTHER, "table_code", "cell_code"])
    read = observations.filter(pl.col(ID).is_in(concerned), fact="layout").collect()
    layouts = read.select(*KEY, pl.col("value").alias("layout")).unique(KEY)
    named = both.join(layouts, on=KEY, how="left").join(
        layouts.rename({ID: OTHER}), on=[OTHER, "table_code"], how="left", suffix="_of_other"
    )
    differs = (pl.col("layout") != pl.col("layout_of_other")).fill_null(False)
    telling = (pl.col("value") != 0) | (pl.col("other_value") != 0)
    same = (pl.col("value") == pl.col("other_value")).filter(telling).mean().over(*KEY, OTHER).fill_null(1.0)
    alike = named.filter(same >= ALIKE).sort(*KEY, OTHER, "cell_code")
    return alike.select(*KEY, "cell_code", "value", OTHER, "other_value", other_layout=differs)


def _pairs(held: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    """Each held table with every other document of its organ and year: report_version_id, table_code, other."""
    about = owned.select(ID, "document_id", "report_year", "organ").drop_nulls()
    own = held.select(KEY).join(about, on=ID)
    found = own.join(about, on=["organ", "report_year"], suffix="_other")
    return found.filter(pl.col("document_id") != pl.col("document_id_other")).select(
        *KEY, pl.col(f"{ID}_other").alias(OTHER)
    )
