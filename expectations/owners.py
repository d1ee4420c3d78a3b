"""Whose report each is, for the rules that compare reports: by the organ's id, by its name only where it has none.

Belongs here: one key per organ among the reports that are looked at, and how governments and members find each other.
Pure: frames in, frames out. Does not: finding out whose a report is (assets/normalizing/organ_identity), what a name's
words say (organs.py), what stands beside a report (neighbours.py).

A name stands for an organ only as long as nothing speaks for another: where reports of two organs bear it, a report
that only has the name is nobody's.
"""

from __future__ import annotations

import polars as pl

from assets.normalizing.organ_identity.resolving import RESOLVED
from assets.normalizing.organ_names import organ_key
from expectations.organs import memberships

ID = "report_version_id"
# Reasons why an organ is not resolved that say that its name is, or was, several organs'.
OF_SEVERAL = ("namesakes", "name_alone")
# Whose reports are a government's or those of its departments; a vertical organ's are not, whatever its name.
OF_GOVERNMENTS = ("government", "general_office", "department")
MEMBERS = {
    "report_year": pl.Int32(), "government": pl.String(), "member": pl.String(), "office": pl.Boolean(),
}


def owners(reports: pl.DataFrame, organs: pl.DataFrame) -> pl.DataFrame:
    """Return whose each report is.

    Args:
        reports: the lake's REPORTS.
        organs: its ORGANS; a report without a row there is not resolved.

    Returns:
        report_version_id, document_id, organ_name, report_year; organ: equal for reports of one organ, NULL where it
        may be several; territory: the code that the organ's territory was first listed under, and organ_type, both NULL
        unless resolved; named: its name as printed, full_name: its name in full, both NULL where they tell no place.
    """
    keys = {name: organ_key(name) for name in pl.concat([reports["organ_name"], organs["organ_name"]]).unique()}
    is_sure = pl.col("state") == RESOLVED
    sure = organs.select(
        ID, "reason", *(pl.when(is_sure).then(pl.col(name)) for name in ("organ_id", "organ_type")),
        full_name=pl.when(is_sure).then(_key(keys)),
    )
    known = reports.select(ID, "document_id", "organ_name", "report_year", named=_key(keys)).join(
        sure, on=ID, how="left", maintain_order="left"
    )
    bearers = _bearers(known)
    named = pl.when(~pl.col("reason").is_in(OF_SEVERAL).fill_null(False)).then(pl.col("named"))
    by_name = pl.when(pl.col("bearers").is_null()).then(named).when(pl.col("bearers") == 1).then(
        pl.when(named.is_not_null()).then(pl.col("bearer"))
    )
    return known.join(bearers, on="named", how="left", maintain_order="left").select(
        ID, "document_id", "organ_name", "report_year", "organ_type", "named", "full_name",
        organ=pl.coalesce("organ_id", by_name), territory=pl.col("organ_id").str.split("-").list.first(),
    )


def _key(keys: dict[str | None, str | None]) -> pl.Expr:
    return pl.col("organ_name").replace_strict(keys, default=None, return_dtype=pl.String)


def _bearers(known: pl.DataFrame) -> pl.DataFrame:
    """How many organs are resolved that bear a name, as printed or in full, and one of them."""
    borne = known.drop_nulls("organ_id")
    both = pl.concat([borne.select("named", "organ_id"), borne.select(pl.col("full_name").alias("named"), "organ_id")])
    return both.drop_nulls().group_by("named").agg(
        pl.col("organ_id").n_unique().alias("bearers"), pl.col("organ_id").min().alias("bearer")
    )


def members_of_governments(owned: pl.DataFrame) -> pl.DataFrame:
    """Return which organs are members of which government in each year: report_year, government, member, office.

    They find each other by their names, in full or as printed. Two of different territories never do, nor does one by a
    name that two organs bear, unless both are resolved and of one territory.
    """
    listed = owned.drop_nulls(["organ", "report_year"]).filter(
        pl.col("organ_type").is_in(OF_GOVERNMENTS).fill_null(True)
    )
    told = ["report_year", "organ", "territory"]
    names = pl.concat([
        listed.select(*told, pl.col(column).alias("name")) for column in ("named", "full_name")
    ]).drop_nulls("name").unique()
    names = names.with_columns(several=pl.col("organ").n_unique().over("report_year", "name") > 1)
    rows = [
        (year, one.government, one.organ, one.office)
        for (year,), of_year in names.group_by("report_year") for one in memberships(of_year["name"])
    ]
    pairs = pl.DataFrame(rows, schema=MEMBERS, orient="row").join(
        names, left_on=["report_year", "government"], right_on=["report_year", "name"]
    ).join(names, left_on=["report_year", "member"], right_on=["report_year", "name"], suffix="_of_member")
    one_territory = (pl.col("territory") == pl.col("territory_of_member")).fill_null(
        ~(pl.col("several") | pl.col("several_of_member"))
    )
    return pairs.filter(one_territory).select(
        "report_year", "office", government=pl.col("organ"), member=pl.col("organ_of_member")
    ).select(*MEMBERS).unique(maintain_order=True)
