"""Makes the lake of a whole country over several report years: every table that dbt reads, at any size.

Belongs here: organs that report every year, their reports, and what the stages would have written of them.
Does not: judging (the marts take the verdicts as they are), one year for the gate (made_lake.py), measuring (marts.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path

import numpy as np
import polars as pl

from assets import lake
from assets.form import cells as form
from assets.home import PROJECT, Home
from assets.lake_files import LakeFiles
from assets.marts.reference import write_reference
from benchmarks.made_lake import AT_ONCE, ID, figures_of
from expectations.registry import active_rules

MADE_BY = "benchmark"
LAST_YEAR = 2025
TERRITORIES = PROJECT / "dbt_project" / "seeds" / "territories.csv"
# Sets of figures whose sums hold: each report has those of one of them.
SETS = 4_000
HELD_SHARE = 0.03
SECOND_VERSION_SHARE = 0.01
NOT_CERTAIN_SHARE = 0.02
REFUSED_SHARE = 0.01
WARNED_SHARE = 0.3
# Of one territory: its government, the government's office, departments.
OF_TERRITORY = 50
PROSE = "坚持以公开为常态、不公开为例外，围绕年度重点任务推进主动公开工作，全年通过门户网站发布各类信息若干条。" * 6
FACTS = ("organ_name", "period_end", "period_start", "published_date", "report_year", "signed_date", "title")
EVIDENCE = ("title", "signature", "site_code", "filing_number", "text")
LAYOUTS = ("html_table", "pdf_table", "docx_table", "tab_rows")
RULE = "R01_balance"

Make = Callable[[int, pl.DataFrame], pl.DataFrame]


def years_of(years: int) -> list[int]:
    """Return so many report years, the last one `LAST_YEAR`."""
    return list(range(LAST_YEAR - years + 1, LAST_YEAR + 1))


def made_nation(root: Path, reports: int, years: Sequence[int]) -> Home:
    """Return a home whose lake holds that many reports of each year; years that are there already are used again."""
    home = Home(root)
    write_reference(home)
    for year in years:
        if not LakeFiles(home.lake).path(lake.ACCEPTED_CELLS, str(year)).exists():
            make_year(home, year, reports)
    return home


def make_year(home: Home, year: int, reports: int) -> None:
    """Write (or write anew) one report year of the lake."""
    files, known = LakeFiles(home.lake), _reports(year, reports)
    for table, make in MADE:
        files.write_parts(table, str(year), _parts(table, partial(make, year), known), MADE_BY)


def _parts(table: lake.LakeTable, make: Callable[[pl.DataFrame], pl.DataFrame], known: pl.DataFrame
           ) -> Iterator[pl.DataFrame]:
    for part in known.iter_slices(AT_ONCE):
        yield table.conform(make(part))


def _chance(year: int, what: str, size: int) -> np.ndarray:
    seed = int(hashlib.sha256(f"{what} {year}".encode()).hexdigest()[:8], 16)
    return np.random.default_rng(seed).random(size)


def _reports(year: int, reports: int) -> pl.DataFrame:
    """The reports of a year in the order of their ids: organ, set of figures, and what became of them."""
    again = int(reports * SECOND_VERSION_SHARE)
    organ = np.concatenate([np.arange(reports - again), np.arange(again)])
    copy = np.repeat([0, 1], [reports - again, again])
    documents = [
        hashlib.sha256(f"{year} {one} {two}".encode()).hexdigest() for one, two in zip(organ, copy, strict=True)
    ]
    chance = _chance(year, "reports", reports)
    held = np.digitize(_chance(year, "held", reports), [HELD_SHARE / 3, HELD_SHARE * 2 / 3, HELD_SHARE])
    return (
        pl.DataFrame({
            "document_id": documents, "organ": organ, "copy": copy, "set": (chance * SETS).astype(np.int64),
            "held": np.array([*form.table_codes(), ""])[held],
            "certain": _chance(year, "organs", reports) >= NOT_CERTAIN_SHARE,
            "warned": _chance(year, "warned", reports) < WARNED_SHARE,
        })
        .join(_organs(reports), on="organ")
        .with_columns((pl.col("document_id").str.slice(0, 16) + "-1").alias(ID), layout=pl.col("organ") % len(LAYOUTS))
        .sort(ID)
    )


@cache
def _organs(reports: int) -> pl.DataFrame:
    """Every organ of the country: a government, its office and departments in each territory."""
    places = pl.read_csv(TERRITORIES, infer_schema=False).filter(
        pl.col("valid_to").is_null() & pl.col("level").is_in(["prefecture", "county"])
    ).unique("code", keep="first", maintain_order=True)
    number = np.arange(reports)
    place, kind = (number // OF_TERRITORY) % places.height, number % OF_TERRITORY + OF_TERRITORY * (
        number // OF_TERRITORY // places.height
    )
    own = np.where(kind == 0, "人民政府", np.where(kind == 1, "人民政府办公室", [f"第{one}局" for one in kind]))
    return pl.DataFrame({"organ": number, "own_name": own}).with_columns(
        places["code"].gather(place).alias("territory_code"), places["name"].gather(place).alias("place"),
        places["level"].gather(place).alias("level"),
        organ_type=pl.Series(np.where(kind == 0, "government", np.where(kind == 1, "general_office", "department"))),
        scope=pl.Series(np.where(kind == 0, "government_own_level", "own_organ")),
    ).with_columns(
        organ_name=pl.col("place") + pl.col("own_name"), organ_id=pl.col("territory_code") + "-" + pl.col("own_name")
    )


def _edition(year: int) -> str:
    return form.editions()[0 if year < 2021 else -1].code


@cache
def _sets(edition: str) -> tuple[pl.DataFrame, np.ndarray]:
    """The form's cells in the order of their codes, and the figures of every set on them."""
    printed = sorted(form.cells(edition), key=lambda cell: cell.code)
    names = np.array([f"set {number}" for number in range(SETS)])
    figures = figures_of(edition, names, edition, {})
    codes = pl.DataFrame({
        "cell_code": [cell.code for cell in printed], "table_code": [cell.table for cell in printed],
        "line_code": [cell.line.code for cell in printed], "column_code": [cell.column.code for cell in printed],
        "unit": [cell.column.unit for cell in printed],
        "place": [f"page 3, table {number % 3}, row {number % 31}" for number in range(len(printed))],
    })
    return codes, np.stack([figures[cell.code] for cell in printed], axis=1).astype(np.int32)


def _cells(year: int, part: pl.DataFrame) -> pl.DataFrame:
    codes, figures = _sets(_edition(year))
    blank = figures[part["set"].to_numpy()].astype(np.float64)
    blank[_chance(year, f"blank {part[ID][0]}", blank.size).reshape(blank.shape) < 0.0005] = np.nan
    value = pl.Series(blank.ravel(), nan_to_null=True).cast(pl.Int64)
    return part.select(ID, "held").join(codes, how="cross").with_columns(
        value=value, printed_text=value.cast(pl.String).fill_null(""), edition=pl.lit(_edition(year)),
        state=pl.when(value.is_null()).then(pl.lit("blank")).otherwise(pl.lit("reported")),
    )


def _accepted(year: int, part: pl.DataFrame) -> pl.DataFrame:
    return _cells(year, part).filter(pl.col("table_code") != pl.col("held"))


def _documents(year: int, part: pl.DataFrame) -> pl.DataFrame:
    seen = datetime(year + 1, 3, 1, tzinfo=UTC)
    return _with_refused(part).select(
        "document_id", file_name="document_id", byte_size=50_000, partition=pl.lit(str(year)),
        first_seen=pl.lit(seen) + pl.duration(days=pl.col("copy")),
    )


def _parsed(year: int, part: pl.DataFrame) -> pl.DataFrame:
    refused = pl.col("refused")
    return _with_refused(part).select(
        "document_id", parser_version=pl.lit("p1"), media=pl.lit("html"), encoding=pl.lit("utf-8"),
        reader=pl.lit("html"), state=pl.when(refused).then(pl.lit("refused")).otherwise(pl.lit("report")),
        refusal_kind=pl.when(refused).then(pl.lit("not_a_report")), report_count=pl.when(refused).then(0).otherwise(1),
    )


def _with_refused(part: pl.DataFrame) -> pl.DataFrame:
    """The documents of the reports and some that are none, their ids just behind those of reports."""
    refused = part.head(int(part.height * REFUSED_SHARE)).with_columns(pl.col("document_id") + "0")
    return pl.concat([part.with_columns(refused=False), refused.with_columns(refused=True)]).sort("document_id")


def _report_rows(year: int, part: pl.DataFrame) -> pl.DataFrame:
    edition = pl.lit(_edition(year))
    late = pl.duration(days=pl.col("organ") % 60)
    return part.with_columns(
        report_year=year, title=pl.col("organ_name") + f"{year}年政府信息公开工作年度报告",
        period_start=pl.lit(date(year, 1, 1)), period_end=pl.lit(date(year, 12, 31)),
        signed_date=pl.lit(date(year + 1, 1, 10)) + late, published_date=pl.lit(date(year + 1, 1, 12)) + late,
        form=edition, normalizer_version=pl.lit("n1"), **{f"edition_{table}": edition for table in form.table_codes()},
    )


def _organ_rows(_: int, part: pl.DataFrame) -> pl.DataFrame:
    certain = pl.col("certain")
    known = ("organ_id", "organ_name", "own_name", "territory_code", "organ_type", "level", "scope")
    words = {name: pl.when(~certain).then(pl.lit("one_piece")) for name in ("reason", "reason_zh", "reason_en")}
    return part.with_columns(
        *(pl.when(certain).then(pl.col(name)).alias(name) for name in known), **words,
        state=pl.when(certain).then(pl.lit("resolved")).otherwise(pl.lit("review")),
    )


def _times(part: pl.DataFrame, **columns: Sequence[object]) -> pl.DataFrame:
    """Every report once per row of `columns`, in this order."""
    return part.join(pl.DataFrame(columns), how="cross")


def _facts(year: int, part: pl.DataFrame) -> pl.DataFrame:
    return _times(part, fact=sorted(FACTS)).with_columns(
        source=pl.lit("title"), value=pl.col("organ_name"), text=pl.col("organ_name") + f"{year}年度报告",
        place=pl.lit("paragraph 1"), standing=pl.lit("used"),
    )


def _evidence(_: int, part: pl.DataFrame) -> pl.DataFrame:
    numbers = list(range(1, len(EVIDENCE) + 1))
    return _times(part, piece_no=numbers, kind=EVIDENCE, kind_zh=EVIDENCE, kind_en=EVIDENCE).with_columns(
        says=pl.col("organ_id"), text=pl.col("organ_name"), place=pl.lit("paragraph 1"),
        standing=pl.when("certain").then(pl.lit("agrees")).otherwise(pl.lit("neutral")),
    )


def _section_texts(_: int, part: pl.DataFrame) -> pl.DataFrame:
    return _times(part, section=["1", "5"]).with_columns(
        text=pl.col("document_id") + PROSE, characters=len(PROSE) + 64, signature=pl.lit(bytes(64)),
    )


def _observations(_: int, part: pl.DataFrame) -> pl.DataFrame:
    rows = _times(part, table_code=sorted(form.table_codes()))
    layout = pl.lit(pl.Series(LAYOUTS)).gather(pl.col("layout"))
    return pl.concat([
        rows.with_columns(fact=pl.lit("layout"), scope=pl.lit("table"), value=layout),
        rows.with_columns(fact=pl.lit("value_rows"), scope=pl.col("table_code"), value=pl.lit("25")),
    ]).sort(lake.OBSERVATIONS.key)


def _report_observations(year: int, part: pl.DataFrame) -> pl.DataFrame:
    stated = str(year)
    kind = pl.when(pl.col("organ_type") == "government").then(pl.lit("government")).otherwise(pl.lit("department"))
    return _times(part, fact=["deadline_kind", "stated_year"], scope=["document", "title"]).with_columns(
        table_code=pl.lit("document"),
        value=pl.when(pl.col("fact") == "deadline_kind").then(kind).otherwise(pl.lit(stated)),
    )


def _states(year: int, part: pl.DataFrame) -> pl.DataFrame:
    held = pl.col("table_code") == pl.col("held")
    return _times(part, table_code=sorted(form.table_codes())).with_columns(
        edition=pl.lit(_edition(year)), state=pl.when(held).then(pl.lit("quarantined")).otherwise(pl.lit("published")),
    )


def _counts(_: int, part: pl.DataFrame) -> pl.DataFrame:
    places = sorted((rule.code, table) for rule in active_rules() for table in rule.tables or ("document",))
    return _times(part, rule=[rule for rule, _ in places], table_code=[table for _, table in places]).with_columns(
        holds=pl.col("organ") % 7 + 1, unknown=pl.col("organ") % 3,
        breaks=((pl.col("table_code") == pl.col("held")) & (pl.col("rule") == RULE)).cast(pl.Int32),
    )


def _broken(part: pl.DataFrame) -> pl.DataFrame:
    """What breaks: the rule that holds a table back, and warnings."""
    held = part.filter(pl.col("held") != "").with_columns(
        table_code="held", rule=pl.lit(RULE), severity=pl.lit("error"), scope=pl.col("held") + ".total"
    )
    warned = part.filter("warned").with_columns(
        table_code=pl.lit("requests"), rule=pl.lit("P01_issued_bound"), severity=pl.lit("warning"),
        scope=pl.lit("requests.received"),
    )
    return pl.concat([warned, held], how="diagonal").sort(ID, "rule", "scope").with_columns(
        verdict=pl.lit("breaks"), left=13.0, right=14.0, difference=-1.0, message_zh=pl.lit("总计列不平衡，请核对原文"),
        message_en=pl.lit("the total column does not balance: compare it with the document"),
    )


def _findings(_: int, part: pl.DataFrame) -> pl.DataFrame:
    return _broken(part)


def _breaks(_: int, part: pl.DataFrame) -> pl.DataFrame:
    cell = pl.struct(
        side=pl.lit("left"), cell_code=pl.lit("requests.received.total"), value=pl.lit(13.0), text=pl.lit("13"),
        place=pl.lit("page 3, table 2"),
    )
    return _broken(part).with_columns(
        finding_id=pl.col(ID) + "." + pl.col("rule"), rule_zh=pl.lit("收支平衡"), rule_en=pl.lit("balance"),
        table_zh=pl.lit("表"), table_en=pl.lit("table"), cells=pl.concat_list(cell),
        related=pl.lit([], pl.List(pl.String)),
    )


def _held(_: int, part: pl.DataFrame) -> pl.DataFrame:
    return part.filter(pl.col("held") != "").with_columns(
        table_code="held", reasons=pl.concat_list(pl.lit(RULE)), reason_count=1, summary_zh=pl.lit("总计列不平衡"),
        summary_en=pl.lit("the total column does not balance"), layout=pl.lit("html_table"), signature=pl.lit("s"),
        verdict=pl.lit("publisher"),
    )


# Accepted cells come last: a year that has them is complete.
MADE: tuple[tuple[lake.LakeTable, Make], ...] = (
    (lake.DOCUMENTS, _documents), (lake.PARSED_DOCUMENTS, _parsed), (lake.REPORTS, _report_rows),
    (lake.DOCUMENT_FACTS, _facts), (lake.ORGANS, _organ_rows), (lake.ORGAN_EVIDENCE, _evidence),
    (lake.SECTION_TEXTS, _section_texts), (lake.OBSERVATIONS, _observations),
    (lake.REPORT_OBSERVATIONS, _report_observations), (lake.TABLE_STATES, _states), (lake.VERDICT_COUNTS, _counts),
    (lake.FINDINGS, _findings), (lake.BREAKS, _breaks), (lake.QUARANTINED_TABLES, _held), (lake.CELLS, _cells),
    (lake.ACCEPTED_CELLS, _accepted),
)
