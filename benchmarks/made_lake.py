"""Makes the lake of one report year at any size: reports whose sums hold, and a share of them with one wrong figure.

Belongs here: the frames that the gate reads, made with numpy from the form and written as lake files.
Does not: documents (tests/typesetting), judging, measuring (gate.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from assets.form import cells as form
from assets.lake import CELLS, OBSERVATIONS, REPORT_OBSERVATIONS, REPORTS, LakeTable
from assets.lake_files import LakeFiles

PARTITION = "2025"
YEAR = 2025
MADE_BY = "benchmark"
BROKEN_SHARE = 0.1
BLANK_SHARE = 0.02
OLD_EDITION_SHARE = 0.03
AT_ONCE = 10_000
ID = "report_version_id"

Figures = dict[str, np.ndarray]


def made_lake(folder: Path, reports: int) -> LakeFiles:
    """Return lake files with that many reports of one year below `folder`; what is there already is used again."""
    files = LakeFiles(folder / str(reports))
    if files.path(REPORTS, PARTITION).exists():
        return files
    ids = np.array(sorted(hashlib.sha256(str(number).encode()).hexdigest()[:16] + "-1" for number in range(reports)))
    rows: tuple[tuple[LakeTable, Callable[[np.ndarray], pl.DataFrame]], ...] = (
        (CELLS, _cells), (OBSERVATIONS, _observations), (REPORT_OBSERVATIONS, _report_observations),
        (REPORTS, _reports),
    )
    for table, make in rows:
        files.write_parts(table, PARTITION, _parts(table, make, ids), MADE_BY)
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


def _reports(ids: np.ndarray) -> pl.DataFrame:
    edition = pl.Series(_edition_of(ids))
    return pl.DataFrame({
        ID: ids, "document_id": [name.split("-")[0] for name in ids],
        "organ_name": [f"第{name[:8]}号人民政府办公室" for name in ids],
    }).with_columns(report_year=pl.lit(YEAR), **{f"edition_{table}": edition for table in form.table_codes()})


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
    stated = {"title": np.full(len(ids), str(YEAR)), "period": np.where(wrong, str(YEAR - 1), str(YEAR))}
    facts = [("stated_year", scope, values) for scope, values in stated.items()]
    facts.append(("mojibake_share", "text", np.full(len(ids), "0")))
    return pl.concat([
        pl.DataFrame({ID: ids, "value": values}).with_columns(
            table_code=pl.lit("document"), fact=pl.lit(fact), scope=pl.lit(scope)
        )
        for fact, scope, values in facts
    ])


def _cells(ids: np.ndarray) -> pl.DataFrame:
    edition = _edition_of(ids)
    return pl.concat([_cells_of(ids[edition == e.code], e.code) for e in form.editions() if (edition == e.code).any()])


def _cells_of(ids: np.ndarray, edition: str) -> pl.DataFrame:
    chance = _random(ids, "cells")
    figures = _figures(chance, len(ids), edition)
    printed = form.cells(edition)
    values = np.stack([figures[cell.code] for cell in printed], axis=1).astype(np.float64)
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
    return pl.DataFrame({ID: ids}).join(codes, how="cross").with_columns(
        value=pl.Series(values.ravel(), nan_to_null=True)
    ).with_columns(
        edition=pl.lit(edition), place=pl.lit("table 3 row 5 column 7"),
        printed_text=value.cast(pl.Int64).cast(pl.String).fill_null(""),
        state=pl.when(value.is_null()).then(pl.lit("blank")).otherwise(pl.lit("reported")),
    )


def _figures(chance: np.random.Generator, size: int, edition: str) -> Figures:
    """Whole numbers for every cell, most of them small; all sums of the form hold."""
    figures = {cell.code: _small(chance, size) for cell in form.cells(edition)}
    leaves = form.outcome_leaves(edition)
    *applicants, total = (column.code for column in form.edition(edition).table("requests").columns)
    for column in applicants:
        at = {line: f"requests.{line}.{column}" for line in _lines("requests", edition)}
        figures[at["outcome_total"]] = sum((figures[at[leaf]] for leaf in leaves), np.zeros(size, dtype=np.int64))
        known = figures[at["outcome_total"]] + figures[at["carried_out"]]
        figures[at["carried_in"]] = np.minimum(figures[at["carried_in"]], known)
        figures[at["received"]] = known - figures[at["carried_in"]]
    for line in _lines("requests", edition):
        parts = [figures[f"requests.{line}.{column}"] for column in applicants]
        figures[f"requests.{line}.{total}"] = np.sum(parts, axis=0)
    return figures | _forums(figures, edition)


def _forums(figures: Figures, edition: str) -> Figures:
    code = "reconsideration_litigation"
    *outcomes, total = (column.code for column in form.edition(edition).table(code).columns)
    return {
        f"{code}.{line}.{total}": np.sum([figures[f"{code}.{line}.{column}"] for column in outcomes], axis=0)
        for line in _lines(code, edition)
    }


def _lines(table: str, edition: str) -> list[str]:
    return [line.code for line in form.edition(edition).table(table).lines]


def _small(chance: np.random.Generator, size: int) -> np.ndarray:
    return np.where(chance.random(size) < 0.6, 0, chance.integers(0, 40, size))
