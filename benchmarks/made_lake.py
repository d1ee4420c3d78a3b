"""Makes the lake of a report year and the one before at any size: reports whose sums hold, a share with a wrong figure.

Belongs here: the frames that the gate reads, made with numpy from the form and the registry, written as lake files.
Does not: documents (tests/typesetting), judging, measuring (gate.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from assets.form import cells as form
from assets.lake import CELLS, CLAIMS, OBSERVATIONS, REPORT_OBSERVATIONS, REPORTS, LakeTable
from assets.lake_files import LakeFiles
from expectations.kinds.claims import meanings
from expectations.registry import active_rules

PARTITION, BEFORE = "2025", "2024"
MADE_BY = "benchmark"
BROKEN_SHARE = 0.1
BLANK_SHARE = 0.02
OLD_EDITION_SHARE = 0.03
AT_ONCE = 10_000
# Organs of one county: its government, the government's office, departments.
COUNTY = 25
# As much as any figure of another organ, so that a government's are at least those of its departments.
OF_GOVERNMENT = 40
NUMERALS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"
ID = "report_version_id"

Figures = dict[str, np.ndarray]


def made_lake(folder: Path, reports: int) -> LakeFiles:
    """Return lake files with that many reports of one year below `folder`; what is there already is used again."""
    files = LakeFiles(folder / str(reports))
    if files.path(REPORTS, PARTITION).exists():
        return files
    ids = np.array(sorted(hashlib.sha256(str(number).encode()).hexdigest()[:16] + "-1" for number in range(reports)))
    rows: tuple[tuple[LakeTable, str, Callable[[np.ndarray], pl.DataFrame]], ...] = (
        (CELLS, BEFORE, partial(_cells, BEFORE)), (REPORTS, BEFORE, partial(_reports, BEFORE)),
        (CELLS, PARTITION, partial(_cells, PARTITION)), (OBSERVATIONS, PARTITION, _observations),
        (REPORT_OBSERVATIONS, PARTITION, _report_observations), (CLAIMS, PARTITION, _claims),
        (REPORTS, PARTITION, partial(_reports, PARTITION)),
    )
    for table, partition, make in rows:
        files.write_parts(table, partition, _parts(table, make, ids), MADE_BY)
    return files


def _parts(table: LakeTable, make: Callable[[np.ndarray], pl.DataFrame], ids: np.ndarray) -> Iterator[pl.DataFrame]:
    for start in range(0, len(ids), AT_ONCE):
        yield table.conform(make(ids[start : start + AT_ONCE])).sort(table.key)


def _random(ids: np.ndarray, what: str) -> np.random.Generator:
    """Chance that depends on nothing but the reports and what it is for."""
    return np.random.default_rng(int(hashlib.sha256(f"{what} {ids[0]}".encode()).hexdigest()[:8], 16))


def _edition_of(ids: np.ndarray) -> np.ndarray:
    old = _random(ids, "edition").random(len(ids)) < OLD_EDITION_SHARE
    return np.where(old, form.editions()[0].code, form.editions()[-1].code)


def _ids_in(partition: str, ids: np.ndarray) -> np.ndarray:
    """The ids of the same organs' reports: those of the year before stand second in their documents."""
    return ids if partition == PARTITION else np.array([f"{name.removesuffix('-1')}-2" for name in ids])


def _names(ids: np.ndarray) -> list[str]:
    counties = [ids[number - number % COUNTY] for number in range(len(ids))]
    rest = ("人民政府", "人民政府办公室", *(f"{_chinese(f'{number:x}')}局" for number in range(2, COUNTY)))
    return [f"{_chinese(county[:8])}县{rest[number % COUNTY]}" for number, county in enumerate(counties)]


def _chinese(digits: str) -> str:
    return "".join(NUMERALS[int(digit, 16)] for digit in digits)


def _reports(partition: str, ids: np.ndarray) -> pl.DataFrame:
    edition = pl.Series(_edition_of(ids))
    return pl.DataFrame({
        ID: _ids_in(partition, ids), "document_id": [name.split("-")[0] for name in ids],
        "organ_name": _names(ids),
    }).with_columns(report_year=pl.lit(int(partition)), **{f"edition_{table}": edition for table in form.table_codes()})


def _observations(ids: np.ndarray) -> pl.DataFrame:
    edition = _edition_of(ids)
    frames = []
    for code in form.table_codes():
        lines = {e.code: str(len(e.table(code).lines)) for e in form.editions()}
        rows = pl.DataFrame({ID: ids, "value": [lines[name] for name in edition]})
        frames.append(rows.with_columns(table_code=pl.lit(code), fact=pl.lit("value_rows"), scope=pl.lit(code)))
        odd = _random(ids, f"odd {code}").random(len(ids)) < BROKEN_SHARE / 10
        missing = f"{code}.{form.edition(edition[0]).table(code).lines[0].code}"
        frames.append(pl.DataFrame({ID: ids[odd]}).with_columns(
            value=pl.lit(""), table_code=pl.lit(code), fact=pl.lit("line_missing"), scope=pl.lit(missing)
        ))
    return pl.concat([frame.select(ID, "table_code", "fact", "scope", "value") for frame in frames])


def _report_observations(ids: np.ndarray) -> pl.DataFrame:
    wrong = _random(ids, "year").random(len(ids)) < BROKEN_SHARE / 100
    stated = {"title": np.full(len(ids), PARTITION), "period": np.where(wrong, BEFORE, PARTITION)}
    facts = [("stated_year", scope, values) for scope, values in stated.items()]
    facts.append(("mojibake_share", "text", np.full(len(ids), "0")))
    return pl.concat([
        pl.DataFrame({ID: ids, "value": values}).with_columns(
            table_code=pl.lit("document"), fact=pl.lit(fact), scope=pl.lit(scope)
        )
        for fact, scope, values in facts
    ])


def _cells(partition: str, ids: np.ndarray) -> pl.DataFrame:
    edition = _edition_of(ids)
    return pl.concat([_cells_of(partition, ids, edition == e.code, e.code) for e in form.editions()])


def _cells_of(partition: str, part: np.ndarray, own: np.ndarray, edition: str) -> pl.DataFrame:
    """The cells of those reports of a part that are `own`: of this edition."""
    chance, ids = _random(part, f"cells {partition} {edition}"), part[own]
    figures = _figures_in(partition, part, edition)
    printed = form.cells(edition)
    values = np.stack([figures[cell.code][own] for cell in printed], axis=1).astype(np.float64)
    broken = np.flatnonzero(chance.random(len(ids)) < BROKEN_SHARE)
    values[broken, chance.integers(0, len(printed), len(broken))] += 1
    blank = np.flatnonzero(chance.random(len(ids)) < BLANK_SHARE)
    values[blank, chance.integers(0, len(printed), len(blank))] = np.nan
    codes = pl.DataFrame({
        "cell_code": [cell.code for cell in printed], "table_code": [cell.table for cell in printed],
        "line_code": [cell.line.code for cell in printed], "column_code": [cell.column.code for cell in printed],
        "unit": [cell.column.unit for cell in printed],
    })
    value = pl.col("value")
    return pl.DataFrame({ID: _ids_in(partition, ids)}).join(codes, how="cross").with_columns(
        value=pl.Series(values.ravel(), nan_to_null=True)
    ).with_columns(
        edition=pl.lit(edition), place=pl.lit("table 3 row 5 column 7"),
        printed_text=value.cast(pl.Int64).cast(pl.String).fill_null(""),
        state=pl.when(value.is_null()).then(pl.lit("blank")).otherwise(pl.lit("reported")),
    )


def _claims(ids: np.ndarray) -> pl.DataFrame:
    """What the prose says of each sum that a rule holds it against: the true one, once in every report."""
    edition = _edition_of(ids)
    statements = [
        statement for rule in active_rules() if rule.kind == "claim_in" for statement in rule.parameters["statements"]
        # What is said of a sum that is 0 and only then.
        if statement["claim"] != "no_disputes"
    ]
    frames = []
    for e in form.editions():
        own = edition == e.code
        figures = {code: figure[own] for code, figure in _figures_in(PARTITION, ids, e.code).items()}
        said = [(one, sums[0]) for one in statements if (sums := meanings(one, e.code))]
        frames += [
            pl.DataFrame({ID: ids[own], "lower": _sum(figures, plus) - _sum(figures, minus)}).with_columns(
                claim_no=pl.lit(number), kind=pl.lit(one["claim"]), subject=pl.lit(one.get("subject"), pl.String),
                section=pl.lit(3), strength=pl.lit("strong"), text=pl.lit("收到申请若干件"),
                place=pl.lit("paragraph 9"),
            )
            for number, (one, (plus, minus)) in enumerate(said, 1)
        ]
    return pl.concat(frames).with_columns(upper=pl.col("lower"))


def _sum(figures: Figures, cells: tuple[str, ...]) -> np.ndarray:
    return sum((figures[cell] for cell in cells), np.zeros(1, dtype=np.int64))


def _figures_in(partition: str, ids: np.ndarray, edition: str) -> Figures:
    """The figures of a year; what the year before carried out is carried in."""
    before = figures_of("figures before", ids, edition, {})
    return before if partition == BEFORE else figures_of("figures", ids, edition, before)


def figures_of(what: str, ids: np.ndarray, edition: str, before: Figures) -> Figures:
    """Whole numbers for every cell, most of them small; all sums of the form hold."""
    chance, size = _random(ids, what), len(ids)
    government = np.arange(size) % COUNTY == 0
    figures = {
        cell.code: _small(chance, size) + np.where(government, OF_GOVERNMENT, 0) for cell in form.cells(edition)
    }
    leaves = form.outcome_leaves(edition)
    *applicants, total = (column.code for column in form.edition(edition).table("requests").columns)
    for column in applicants:
        at = {line: f"requests.{line}.{column}" for line in _lines("requests", edition)}
        figures[at["outcome_total"]] = sum((figures[at[leaf]] for leaf in leaves), np.zeros(size, dtype=np.int64))
        figures[at["carried_in"]] = before.get(at["carried_out"], figures[at["carried_in"]])
        lacking = figures[at["carried_in"]] - figures[at["outcome_total"]]
        figures[at["carried_out"]] = np.maximum(figures[at["carried_out"]], lacking)
        known = figures[at["outcome_total"]] + figures[at["carried_out"]]
        figures[at["received"]] = known - figures[at["carried_in"]]
    for line in _lines("requests", edition):
        parts = [figures[f"requests.{line}.{column}"] for column in applicants]
        figures[f"requests.{line}.{total}"] = np.sum(parts, axis=0)
    return figures | _stocks(figures, before) | _forums(figures, edition)


def _stocks(figures: Figures, before: Figures) -> Figures:
    """Rules and documents in force: those of last year, those issued, less those abolished."""
    made: Figures = {}
    for in_force in (code for code in figures if code.endswith(".in_force")):
        line = in_force.removesuffix("in_force")
        then = before.get(in_force, figures[in_force])
        abolished = np.minimum(figures[f"{line}abolished"], then)
        made |= {f"{line}abolished": abolished, in_force: then + figures[f"{line}issued"] - abolished}
    return made


def _forums(figures: Figures, edition: str) -> Figures:
    """The totals of table 4, none of whose cases is pending: so no year has too few for those of the year before."""
    code = "reconsideration_litigation"
    *outcomes, total = (column.code for column in form.edition(edition).table(code).columns)
    made: Figures = {}
    for line in _lines(code, edition):
        own = {column: figures[f"{code}.{line}.{column}"] for column in outcomes}
        own["pending"] = np.zeros_like(own["pending"])
        made |= {f"{code}.{line}.{column}": figure for column, figure in own.items()}
        made[f"{code}.{line}.{total}"] = np.sum(list(own.values()), axis=0)
    return made


def _lines(table: str, edition: str) -> list[str]:
    return [line.code for line in form.edition(edition).table(table).lines]


def _small(chance: np.random.Generator, size: int) -> np.ndarray:
    return np.where(chance.random(size) < 0.6, 0, chance.integers(0, 40, size))
