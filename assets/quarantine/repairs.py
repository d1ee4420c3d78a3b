"""Ranked repairs of the tables that are held back because their sums break, with the evidence for each.

Belongs here: what the lake knows of a table as facts for localization, and repairs as rows with a sentence each.
Does not: finding or ranking repairs (localization/). Nothing here is applied to anything: reviewers decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import cache
from multiprocessing import get_context
from typing import Any

import polars as pl

from assets.form import cells as form
from assets.lake import OBSERVATIONS, REPAIRS
from assets.quarantine.localization import Claim, Facts, Localization, Repair, TableFigures, localize
from expectations.kinds.claims import meanings
from expectations.registry import active_rules
from expectations.wording import LANGUAGES, places

ID = "report_version_id"
KEY = [ID, "table_code"]
# A table has 175 cells: beyond so many proposals nobody reads on. How many there are in all is kept.
MOST_KEPT = 20
WEAK = "weak"
DOUBTFUL, LINE_MISSING = "doubtful_reading", "line_missing"
BEST = {
    "zh": "{kind}：{changes}；{standing}", "en": "{kind}: {changes}; {standing}",
}
STANDING = {
    "zh": ("唯一排在首位的修正（共 {count} 种）", "与另外 {others} 种并列首位（共 {count} 种）"),
    "en": ("alone in first place (of {count})", "{others} more share first place (of {count})"),
}
NOTHING = {"zh": "空", "en": "blank"}
BETWEEN = {"zh": "，", "en": ", "}
# A table takes some 20 ms; for fewer than these the start of other processes would take longer than it saves.
POOLED_FROM = 1_000
CHUNK = 50
# The observation from which rules of this kind are judged: how many smallest repairs there are, of how many cells.
SMALLEST = "minimal_repairs"
Key = tuple[str, str]
Sums = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


def localized(
    tables: Mapping[Key, TableFigures], facts: Mapping[Key, Facts], pooled_from: int = POOLED_FROM
) -> dict[Key, Localization]:
    """Return what is wrong with each table; many tables are shared out to a process for each processor.

    Args:
        tables: the tables that break sums, by report version and table.
        facts: what else is known of them; a table without an entry has no evidence.
        pooled_from: from how many tables on other processes are started.
    """
    told = [facts.get(key, Facts()) for key in tables]
    if len(tables) < pooled_from:
        return dict(zip(tables, map(localize, tables.values(), told), strict=True))
    # Spawned, not forked: polars keeps threads, which do not survive a fork.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return dict(zip(tables, pool.map(localize, tables.values(), told, chunksize=CHUNK), strict=True))


def repairs(found: Mapping[Key, Localization]) -> pl.DataFrame:
    """Return the lake's REPAIRS, the best first, at most MOST_KEPT for each table."""
    return REPAIRS.frame([row for key, one in found.items() for row in _rows(key, one)])


def smallest_repairs(found: Mapping[Key, Localization]) -> pl.DataFrame:
    """Return an observation for each table whose smallest repairs are all known: how many, and of how many cells."""
    rows: list[dict[str, object]] = []
    for (report, table), one in found.items():
        count = sum(len(repair.changes) == one.smallest for repair in one.repairs)
        if one.complete and count:
            value = f"{count} of {one.smallest}"
            rows.append({ID: report, "table_code": table, "fact": SMALLEST, "scope": table, "value": value})
    return OBSERVATIONS.frame(rows)


def best_repairs(found: pl.DataFrame) -> pl.DataFrame:
    """Return for each table that has repairs how many, and the best one in words: KEY, repair_count, best_repair_*."""
    best = found.filter(pl.col("number") == 1)
    rows = [
        (*(row[name] for name in (*KEY, "repair_count")), *(_best(row, language) for language in LANGUAGES))
        for row in best.iter_rows(named=True)
    ]
    words = {f"best_repair_{language}": pl.String for language in LANGUAGES}
    schema = {ID: pl.String, "table_code": pl.String, "repair_count": pl.Int32, **words}
    return pl.DataFrame(rows, schema=schema, orient="row")


def tables_to_repair(errors: pl.DataFrame, cells: pl.DataFrame, states: pl.DataFrame) -> dict[Key, TableFigures]:
    """Return the figures of the tables in which a sum breaks, by report version and table.

    Args:
        errors: findings of severity error that break.
        cells: the lake's CELLS of these reports.
        states: their TABLE_STATES, which name the edition whose lines each table prints.
    """
    sums = [rule.code for rule in active_rules() if rule.kind == "linear"]
    wanted = errors.filter(pl.col("rule").is_in(sums)).select(KEY).unique().join(states, on=KEY)
    number = pl.when(pl.col("state").is_in(form.number_states())).then(pl.col("value")).alias("number")
    listed = cells.join(wanted, on=KEY, how="semi").group_by(KEY).agg("cell_code", number, "printed_text")
    return {
        (row[ID], row["table_code"]): TableFigures(
            row["table_code"], row["edition"],
            {code: _exact(value) for code, value in zip(row["cell_code"], row["number"], strict=True)},
            {code: text for code, text in zip(row["cell_code"], row["printed_text"], strict=True) if text is not None},
        )
        for row in wanted.join(listed, on=KEY).sort(KEY).iter_rows(named=True)
    }


def facts_of(
    tables: Mapping[Key, TableFigures], claims: pl.DataFrame, observations: pl.DataFrame, copied: pl.DataFrame,
    last_year: pl.DataFrame | None = None,
) -> dict[Key, Facts]:
    """Return what else is known of each table.

    Args:
        tables: the tables to repair.
        claims: the lake's CLAIMS of these reports.
        observations: their OBSERVATIONS, which name doubtful cells and missing lines.
        copied: what other documents of the same reports say (copies.copied_cells).
        last_year: report_version_id, column_code and value of what last year's report carried out, where there is one.
    """
    stated = _by(claims.join(_ids(tables), on=ID, how="semi"), [ID])
    noted = _by(observations.filter(pl.col("fact").is_in([DOUBTFUL, LINE_MISSING])), KEY)
    copies = _by(copied, KEY)
    carried = _by(last_year, [ID]) if last_year is not None else {}
    return {
        key: Facts(
            claims=tuple(_claims(stated.get(key[:1], ()), figures)),
            last_carried_out={row["column_code"]: int(row["value"]) for row in carried.get(key[:1], ())},
            second_copy=_second_copy(copies.get(key, ())),
            missing_lines=frozenset(
                row["scope"].split(".")[1] for row in noted.get(key, ()) if row["fact"] == LINE_MISSING
            ),
            doubtful=frozenset(row["scope"] for row in noted.get(key, ()) if row["fact"] == DOUBTFUL),
        )
        for key, figures in tables.items()
    }


def _rows(key: Key, found: Localization) -> Iterable[dict[str, object]]:
    for number, repair in enumerate(found.repairs[:MOST_KEPT], start=1):
        changes = [{"cell": cell, "from": _decimal(old), "to": _decimal(new)} for cell, old, new in repair.changes]
        yield {
            ID: key[0], "table_code": key[1], "number": number, "rank": repair.rank, "ties": repair.ties,
            "repair_count": len(found.repairs), "complete": found.complete, "kind": repair.kind, "times": repair.times,
            "kind_zh": repair.zh, "kind_en": repair.en, "cost": repair.cost,
            "changes": changes, "closes": [f"{rule} {scope}" for rule, scope in repair.closes],
            "evidence": _evidence(repair),
        }


def _evidence(repair: Repair) -> list[dict[str, object]]:
    return [{"code": one.code, "supports": one.supports, "zh": one.zh, "en": one.en} for one in repair.evidence]


def _best(row: Mapping[str, Any], language: str) -> str:
    position = LANGUAGES.index(language)
    changes = BETWEEN[language].join(
        f"{places()[one['cell']][position]} {_plain(one['from'], language)}→{_plain(one['to'], language)}"
        for one in row["changes"]
    )
    alone, shared = STANDING[language]
    standing = (alone if row["ties"] == 1 else shared).format(count=row["repair_count"], others=row["ties"] - 1)
    return BEST[language].format(kind=row[f"kind_{language}"], changes=changes, standing=standing)


def _plain(value: Decimal | None, language: str) -> str:
    return NOTHING[language] if value is None else f"{value.normalize():f}"


def _claims(stated: Iterable[Mapping[str, Any]], figures: TableFigures) -> Iterable[Claim]:
    for row in stated:
        for rule, subject, sums in _meant(figures.table_code, figures.edition).get(row["kind"], ()):
            lower, upper = _whole(row["lower"]), _whole(row["upper"])
            told = row["strength"] != WEAK and subject in (None, row["subject"]) and (lower, upper) != (None, None)
            (cells, taken), *others = sums
            if told and not taken:
                yield Claim(rule, cells, lower, upper, row["text"], tuple(others))


@cache
def _meant(table: str, edition: str) -> Mapping[str, list[tuple[str, str | None, Sums]]]:
    """Which sums a claim of each kind may mean, as (rule, subject, sums)."""
    found: dict[str, list[tuple[str, str | None, Sums]]] = {}
    for rule in active_rules():
        plain = rule.kind == "claim_in" and not {"relation", "times"} & set(rule.parameters)
        if not plain or table not in rule.tables or edition not in rule.editions:
            continue
        for statement in rule.parameters["statements"]:
            if sums := meanings(statement, edition):
                found.setdefault(statement["claim"], []).append((rule.code, statement.get("subject"), sums))
    return found


def _second_copy(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The other document's whole numbers; a cell on which several documents differ is left out."""
    seen: dict[str, set[float]] = {}
    for row in rows:
        seen.setdefault(row["cell_code"], set()).add(row["other_value"])
    single = {code: next(iter(values)) for code, values in seen.items() if len(values) == 1}
    return {code: int(value) for code, value in single.items() if value.is_integer()}


def _by(frame: pl.DataFrame, key: list[str]) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    rows: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        rows.setdefault(tuple(row[name] for name in key), []).append(row)
    return rows


def _ids(tables: Iterable[Key]) -> pl.DataFrame:
    return pl.DataFrame({ID: sorted({report for report, _ in tables})}, schema={ID: pl.String})


def _whole(value: float | None) -> int | None:
    return int(value) if value is not None and value.is_integer() else None


def _exact(value: Decimal | None) -> int | Decimal | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)
