"""What other reports say that a rule compares a report with: last year's, next year's, copies, members of a government.

Belongs here: which report is which other's neighbour, and what of the neighbour stands beside it. Pure: frames in,
frames out. Does not: any rule (kinds/), whose a report is (owners.py), comparing texts (likeness.py), reading files.

A neighbour is named only where there is one: of several reports of one organ and year whose cells differ none is taken,
and what is said of them is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import polars as pl

from assets.form import cells as form
from assets.lake import CELLS, ORGANS, REPORTS, SECTION_TEXTS
from expectations.likeness import characters, likeness_of_others, likeness_of_pairs
from expectations.owners import members_of_governments, owners
from expectations.registry import active_rules, comparisons_of
from expectations.terms import NEXT, PREVIOUS

ID, OTHER = "report_version_id", "other_id"
COPY, MEMBER, OFFICE, OTHER_ORGAN = "copy", "member", "office", "other_organ"
RELATIONS = (PREVIOUS, NEXT, COPY, MEMBER, OFFICE)
STEPS = {PREVIOUS: -1, NEXT: 1}
OF_YEAR = ["organ", "report_year"]
NAMED: dict[str, pl.DataType] = {
    ID: pl.String(), OTHER: pl.String(), "other_name": pl.String(), "other_year": pl.Int32(),
}
ALIKE = {**NAMED, "characters": pl.Int32(), "other_characters": pl.Int32(), "ratio": pl.Float64()}
PEERS = {"report_year": pl.Int32(), "cell_code": pl.String(), "change": pl.Float64()}


@dataclass(frozen=True)
class Known:
    """All reports that are looked at, those to be judged and those around them.

    reports: the lake's REPORTS. cells: its CELLS. texts: its SECTION_TEXTS; of these two only a part is read.
    organs: the lake's ORGANS; a report without a row there is known by the name it prints.
    """

    reports: pl.DataFrame
    cells: pl.LazyFrame
    texts: pl.LazyFrame
    organs: pl.DataFrame = field(default_factory=ORGANS.empty)


NOBODY = Known(REPORTS.empty(), CELLS.empty().lazy(), SECTION_TEXTS.empty().lazy())


@dataclass(frozen=True)
class Neighbours:
    """What stands beside each report that is judged.

    beside: relation → one row per report and neighbour: report_version_id, other_id (NULL where it is one of several
        that differ), other_name, other_year, and for every cell that is compared a Float64 column
        `<relation>:<cell code>`. A report without such a neighbour has no row.
    alike: `previous` → one row per report and last year's report; `other_organ` → one row per report of a named organ
        whose text was looked at, with that other organ's report whose text is most alike. `ratio` is NULL below
        likeness.EXACT_FROM; the numbers of characters are NULL where a section is missing.
    peers: how much a cell changed against last year, |ln(now / before)|, for every report in which it can be said.
    """

    beside: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    alike: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    peers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PEERS))

    def of(self, relation: str) -> pl.DataFrame:
        """Return the neighbours of one relation: previous, next, copy, member or office."""
        return self.beside[relation] if relation in self.beside else _none_beside(relation)

    def narrowed(self, ids: pl.Enum) -> Neighbours:
        """Return what stands beside the reports `ids`, with their ids as that Enum."""
        of_these = pl.col(ID).cast(ids, strict=False)
        beside = {one: self.of(one).with_columns(of_these).drop_nulls(ID) for one in RELATIONS}
        alike = {one: self.texts(one).with_columns(of_these).drop_nulls(ID) for one in (PREVIOUS, OTHER_ORGAN)}
        return Neighbours(beside, alike, self.peers)

    def texts(self, relation: str) -> pl.DataFrame:
        """Return whose text is how much alike: `previous` or `other_organ`."""
        return self.alike.get(relation, pl.DataFrame(schema=ALIKE))


def neighbours(known: Known, judged: pl.Series) -> Neighbours:
    """Find what stands beside the reports with the ids `judged`, among all that are known."""
    about = owners(known.reports, known.organs)
    own = about.filter(pl.col(ID).is_in(judged.implode()))
    speakers = _speakers(about, known.cells)
    related = _related(own, about, speakers)
    named = {relation: rows.join(_names(about), on=OTHER, how="left") for relation, rows in related.items()}
    beside = {
        relation: rows.join(_wide(known.cells, rows[OTHER], relation), on=OTHER, how="left")
        for relation, rows in named.items()
    }
    alike = {
        PREVIOUS: _alike_previous(known.texts, named[PREVIOUS]),
        OTHER_ORGAN: _alike_others(known.texts, own, about),
    }
    return Neighbours(beside, alike, _peers(known.cells, own, about, speakers))


def compared_cells(relation: str) -> tuple[str, ...]:
    """Return the cells of a neighbour that the rules compare, in the form's order."""
    if relation == NEXT:
        return _mirrored_cells()
    if relation == MEMBER:
        return tuple(code for code in form.all_cell_codes() if code.endswith(".total"))
    return form.all_cell_codes()


@cache
def _none_beside(relation: str) -> pl.DataFrame:
    columns = {f"{relation}:{code}": pl.Float64() for code in compared_cells(relation)}
    return pl.DataFrame(schema={**NAMED, **columns})


def _mirrored_cells() -> tuple[str, ...]:
    """The cells of next year's report in the rules that speak to both years."""
    rules = [rule for rule in active_rules() if rule.parameters.get("both_years")]
    found = {
        term.cell for rule in rules for table in rule.tables for edition in rule.editions
        for one in comparisons_of(rule, table, edition) for term in one.left
    }
    return tuple(code for code in form.all_cell_codes() if code in found)


def _names(about: pl.DataFrame) -> pl.DataFrame:
    return about.select(
        pl.col(ID).alias(OTHER), pl.col("organ_name").alias("other_name"), pl.col("report_year").alias("other_year")
    )


def _speakers(about: pl.DataFrame, cells: pl.LazyFrame) -> pl.DataFrame:
    """One row per organ and year: the report that speaks for it; NULL where several do whose cells differ."""
    listed = about.drop_nulls(OF_YEAR)
    groups = listed.group_by(OF_YEAR).agg(pl.col(ID).min().alias(OTHER), pl.len().alias("reports"))
    several = listed.join(groups.filter(pl.col("reports") > 1), on=OF_YEAR, how="semi")
    printed = _numbers(cells, several[ID]).sort(ID, "cell_code").group_by(ID).agg("cell_code", "value").collect()
    contents = several.select(ID, *OF_YEAR).join(printed, on=ID, how="left")
    differ = contents.group_by(OF_YEAR).agg(contents=pl.struct("cell_code", "value").n_unique()).filter(
        pl.col("contents") > 1
    )
    one = pl.when(pl.col("contents").is_null()).then(pl.col(OTHER))
    return groups.join(differ, on=OF_YEAR, how="left").select(*OF_YEAR, one.alias(OTHER))


def _numbers(cells: pl.LazyFrame, ids: pl.Series) -> pl.LazyFrame:
    """The numbers in the cells of some reports: report_version_id, cell_code, value (Float64)."""
    number = pl.when(pl.col("state").is_in(form.number_states())).then(pl.col("value").cast(pl.Float64))
    wanted = pl.LazyFrame({ID: ids.drop_nulls().unique()}, schema={ID: pl.String})
    return cells.join(wanted, on=ID, how="semi").select(ID, "cell_code", number.alias("value"))


def _related(own: pl.DataFrame, about: pl.DataFrame, speakers: pl.DataFrame) -> dict[str, pl.DataFrame]:
    listed = own.drop_nulls(OF_YEAR)
    found = {relation: _of_step(listed, speakers, step) for relation, step in STEPS.items()}
    of_years = about.join(listed.select("report_year").unique(), on="report_year", how="semi")
    members = members_of_governments(of_years).join(
        speakers.rename({"organ": "member"}), on=["member", "report_year"]
    )
    of_own = listed.rename({"organ": "government"}).select(ID, "government", "report_year").join(
        members, on=["government", "report_year"]
    )
    found[MEMBER], found[OFFICE] = of_own.select(ID, OTHER), of_own.filter("office").select(ID, OTHER)
    return found | {COPY: _copies(listed, about)}


def _copies(own: pl.DataFrame, about: pl.DataFrame) -> pl.DataFrame:
    """For each report one of the same organ and year in another document: the first there is, for the first the second.

    Where all agree with the first, all agree with each other.
    """
    documents = about.drop_nulls(OF_YEAR).sort(ID).unique([*OF_YEAR, "document_id"], keep="first", maintain_order=True)
    firsts = documents.group_by(OF_YEAR, maintain_order=True).agg(pl.col("document_id", ID).head(2)).filter(
        pl.col(ID).list.len() > 1
    )
    mine_is_first = pl.col("document_id") == pl.col("document_id_right").list.first()
    other = pl.when(mine_is_first).then(pl.col(f"{ID}_right").list.last()).otherwise(pl.col(f"{ID}_right").list.first())
    return own.join(firsts, on=OF_YEAR).select(ID, other.alias(OTHER))


def _wide(cells: pl.LazyFrame, ids: pl.Series, relation: str) -> pl.DataFrame:
    """One row per neighbour and one column per cell that the rules compare with it.

    Written into a grid by row and column: polars' pivot takes seven times as long for millions of cells.
    """
    wanted, known = compared_cells(relation), ids.drop_nulls().unique().sort()
    numbers = _numbers(cells, known).filter(pl.col("cell_code").is_in(wanted)).drop_nulls("value").select(
        pl.col(ID).cast(pl.Enum(known)).to_physical().alias("row"),
        pl.col("cell_code").cast(pl.Enum(wanted)).to_physical().alias("column"), "value",
    ).collect()
    grid = np.full((len(wanted), len(known)), np.nan)
    grid[numbers["column"].to_numpy(), numbers["row"].to_numpy()] = numbers["value"].to_numpy()
    columns = [pl.Series(f"{relation}:{code}", grid[place]) for place, code in enumerate(wanted)]
    return pl.DataFrame([known.alias(OTHER), *columns]).with_columns(pl.col(pl.Float64).fill_nan(None))


def _alike_previous(texts: pl.LazyFrame, named: pl.DataFrame) -> pl.DataFrame:
    pairs = named.drop_nulls(OTHER)
    return _with_characters(pairs.join(likeness_of_pairs(texts, pairs), on=[ID, OTHER], how="left"), characters(texts))


def _alike_others(texts: pl.LazyFrame, own: pl.DataFrame, about: pl.DataFrame) -> pl.DataFrame:
    """The most alike text of another organ, for the reports of a year in which at least two organs have a text."""
    lengths = characters(texts)
    frames = [pl.DataFrame(schema=ALIKE)]
    for (year,), judged in own.drop_nulls(OF_YEAR).group_by("report_year"):
        of_year = about.filter(report_year=year).drop_nulls("organ").join(lengths, on=ID, how="semi")
        if of_year["organ"].n_unique() < 2:
            continue
        found = likeness_of_others(texts, of_year.select(ID, "organ"))
        rows = judged.join(of_year, on=ID, how="semi").select(ID).join(found, on=ID, how="left")
        frames.append(_with_characters(rows.join(_names(about), on=OTHER, how="left"), lengths))
    return pl.concat(frames)


def _with_characters(rows: pl.DataFrame, lengths: pl.DataFrame) -> pl.DataFrame:
    others = lengths.rename({ID: OTHER, "characters": "other_characters"})
    joined = rows.join(lengths, on=ID, how="left").join(others, on=OTHER, how="left")
    return joined.select(pl.col(name).cast(kind) for name, kind in ALIKE.items())


def _peers(cells: pl.LazyFrame, own: pl.DataFrame, about: pl.DataFrame, speakers: pl.DataFrame) -> pl.DataFrame:
    """How much the cells of rules of kind jump changed, in all reports of the years that are judged."""
    codes = [code for rule in active_rules() if rule.kind == "jump" for code in rule.parameters["cells"]]
    peers = about.drop_nulls(OF_YEAR).join(own.select("report_year").unique(), on="report_year", how="semi")
    before = _of_step(peers, speakers, STEPS[PREVIOUS]).drop_nulls(OTHER)
    numbers = _numbers(cells, pl.concat([before[ID], before[OTHER]])).filter(pl.col("cell_code").is_in(codes)).collect()
    then = numbers.rename({ID: OTHER, "value": "before"})
    both = before.join(numbers, on=ID).join(then, on=[OTHER, "cell_code"]).join(peers, on=ID)
    changed = both.with_columns(change=change(pl.col("value"), pl.col("before"))).drop_nulls("change")
    return changed.select(pl.col(name).cast(kind) for name, kind in PEERS.items())


def _of_step(reports: pl.DataFrame, speakers: pl.DataFrame, step: int) -> pl.DataFrame:
    """The report of the same organ so many years later, beside each that has one."""
    return reports.with_columns(pl.col("report_year") + step).join(speakers, on=OF_YEAR).select(ID, OTHER)


def change(now: pl.Expr, before: pl.Expr) -> pl.Expr:
    """Return |ln(now / before)|; NULL where one is missing or not above 0."""
    return pl.when((now > 0) & (before > 0)).then((now / before).log().abs())
