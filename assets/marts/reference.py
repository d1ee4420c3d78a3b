"""What the marts look up, written as lake tables: form, identities, rules, indicators, deadlines, refusals, towns.

Belongs here: turning registries (YAML) and lists (towns, populations) into Parquet that dbt reads as a source.
Does not: the registries (assets/form, expectations, assets/parsing/refusals.yaml, indicators.yaml), territories from
the county up (dbt_project/seeds), the marts made of it (dbt_project/).
"""

from __future__ import annotations

import polars as pl
import yaml

from assets.form import cells as form
from assets.home import PROJECT, Home
from assets.lake import TEXT, WHOLE, LakeTable
from assets.lake_files import LakeFiles
from assets.marts.indicators import indicators, series_breaks, series_of
from assets.normalizing.territories.names import stem_and_unit
from assets.normalizing.territories.table import town_rows
from expectations.kinds.days import deadlines
from expectations.registry import Identity, Rule, active_rules, identities_of

POPULATIONS = PROJECT / "assets" / "marts" / "populations.csv"
REFUSALS = PROJECT / "assets" / "parsing" / "refusals.yaml"
PARTITION = "all"
MADE_BY = "assets.marts.reference"

FORM_CELLS = LakeTable(
    "form_cells", ("form_order",),
    {
        "cell_code": TEXT, "form_order": WHOLE, "table_code": TEXT, "table_zh": TEXT, "table_en": TEXT,
        "line_code": TEXT, "line_zh": TEXT, "line_en": TEXT, "line_kind": TEXT, "parent_line_code": TEXT,
        "column_code": TEXT, "column_zh": TEXT, "column_en": TEXT, "column_kind": TEXT, "article": TEXT,
        "number_kind": TEXT, "unit": TEXT, "is_leaf": pl.Boolean(), "editions": TEXT, "series_code": TEXT,
        "comparability": TEXT,
    },
    "国家格式各版本的全部单元格", "Every cell of every edition of the national form",
)
FORM_IDENTITIES = LakeTable(
    "form_identities", ("rule", "edition", "scope", "side", "cell_code"),
    {
        "rule": TEXT, "rule_zh": TEXT, "rule_en": TEXT, "formula": TEXT, "table_code": TEXT, "edition": TEXT,
        "scope": TEXT, "relation": TEXT, "side": TEXT, "cell_code": TEXT,
    },
    "每条勾稽关系左右两边的单元格", "The cells on both sides of every identity that a published table must satisfy",
)
REFUSAL_KINDS = LakeTable(
    "refusal_kinds", ("refusal_kind",),
    {"refusal_kind": TEXT, "refusal_zh": TEXT, "refusal_en": TEXT},
    "拒收种类及其说明", "Kinds of refusal, in words",
)

TOWNS = LakeTable(
    "towns", ("town_code",),
    {"town_code": TEXT, "town_name": TEXT, "short_name": TEXT, "county_code": TEXT, "source": TEXT},
    "乡、镇、街道，每个一行", "Towns and sub-districts, one per row",
)
FORM_RULES = LakeTable(
    "form_rules", ("rule",),
    {"rule": TEXT, "rule_zh": TEXT, "rule_en": TEXT, "severity": TEXT, "scope": TEXT, "formula": TEXT},
    "判断报告的规则", "The rules that reports are judged by",
)
INDICATORS = LakeTable(
    "indicators", ("indicator_order",),
    {
        "indicator": TEXT, "indicator_order": WHOLE, "indicator_zh": TEXT, "indicator_en": TEXT, "kind": TEXT,
        "helps": TEXT, "numerator": TEXT, "denominator": TEXT, "applicants": TEXT, "cells": TEXT,
    },
    "指标及其公式", "The indicators with their formulas",
)
SERIES_BREAKS = LakeTable(
    "series_breaks", ("series_break", "indicator"),
    {
        "series_break": TEXT, "indicator": TEXT, "day": pl.Date(), "first_report_year": WHOLE, "reason_zh": TEXT,
        "reason_en": TEXT,
    },
    "指标序列的断点", "From which report year on an indicator no longer measures the same",
)
DEADLINES = LakeTable(
    "deadlines", ("deadline_kind",),
    {
        "deadline_kind": TEXT, "month": WHOLE, "day": WHOLE, "last_report_year": WHOLE, "basis_zh": TEXT,
        "basis_en": TEXT,
    },
    "公布年度报告的期限", "By when a report is published",
)
POPULATION = LakeTable(
    "populations", ("territory_code", "report_year"),
    {"territory_code": TEXT, "report_year": WHOLE, "population": pl.Int64(), "source": TEXT},
    "各地人口（普查或年末），附来源", "Population by territory and year (census or end of year), with its source",
)
REFERENCE = (
    FORM_CELLS, FORM_IDENTITIES, REFUSAL_KINDS, TOWNS, FORM_RULES, INDICATORS, SERIES_BREAKS, DEADLINES, POPULATION,
)


def form_cells() -> pl.DataFrame:
    """Return one row per cell of the form over all editions, labelled as the newest edition that prints it does."""
    return FORM_CELLS.frame([_form_cell(order, code) for order, code in enumerate(form.all_cell_codes(), start=1)])


def form_identities() -> pl.DataFrame:
    """Return one row per cell of each identity that holds a table back: its rule, edition, place and side."""
    return FORM_IDENTITIES.frame([
        row
        for rule in active_rules() if rule.kind == "linear" and rule.severity == "error"
        for table in rule.tables for edition in rule.editions
        for identity in identities_of(rule, table, edition)
        for row in _terms(rule, edition, identity)
    ])


def refusal_kinds() -> pl.DataFrame:
    """Return one row per kind of refusal with its words in Chinese and English."""
    kinds: dict[str, dict[str, str]] = yaml.safe_load(REFUSALS.read_text(encoding="utf-8"))
    return REFUSAL_KINDS.frame(
        [{"refusal_kind": kind, "refusal_zh": words["zh"], "refusal_en": words["en"]} for kind, words in kinds.items()]
    )


def towns() -> pl.DataFrame:
    """Return one row per town and sub-district with its county."""
    return TOWNS.frame([
        {
            "town_code": code, "town_name": name, "short_name": stem_and_unit(name)[0], "county_code": code[:6],
            "source": source,
        }
        for code, name, source in town_rows()
    ])


def form_rules() -> pl.DataFrame:
    """Return one row per rule that is judged."""
    return FORM_RULES.frame([
        {
            "rule": rule.code, "rule_zh": rule.title.zh, "rule_en": rule.title.en, "severity": rule.severity,
            "scope": rule.scope, "formula": rule.formula,
        }
        for rule in active_rules()
    ])


def indicator_rows() -> pl.DataFrame:
    """Return one row per indicator with its formulas as the registry writes them and the cells it needs."""
    return INDICATORS.frame([
        {
            "indicator": one.code, "indicator_order": order, "indicator_zh": one.zh, "indicator_en": one.en,
            "kind": one.kind, "helps": one.helps, "numerator": one.numerator, "denominator": one.denominator,
            "applicants": ",".join(one.applicants), "cells": ",".join(one.cells),
        }
        for order, one in enumerate(indicators(), start=1)
    ])


def series_break_rows() -> pl.DataFrame:
    """Return one row per break of a series and indicator that it touches."""
    return SERIES_BREAKS.frame([
        {
            "series_break": entry["code"], "indicator": indicator, "day": entry["day"],
            "first_report_year": entry["first_report_year"], "reason_zh": entry["zh"], "reason_en": entry["en"],
        }
        for entry in series_breaks() for indicator in entry["indicators"]
    ])


def deadline_rows() -> pl.DataFrame:
    """Return one row per kind of deadline."""
    return DEADLINES.frame([
        {
            "deadline_kind": kind, "month": one["month"], "day": one["day"],
            "last_report_year": one.get("last_report_year"), "basis_zh": one["zh"], "basis_en": one["en"],
        }
        for kind, one in deadlines().items()
    ])


def populations() -> pl.DataFrame:
    """Return the populations that populations.csv holds, and no others."""
    return POPULATION.sort(pl.read_csv(POPULATIONS, schema=POPULATION.columns))


def write_reference(home: Home) -> dict[str, int]:
    """Write the tables into the lake (bytes that are there already stay); return the rows of each."""
    lake = LakeFiles(home.lake)
    frames = (
        (FORM_CELLS, form_cells()), (FORM_IDENTITIES, form_identities()), (REFUSAL_KINDS, refusal_kinds()),
        (TOWNS, towns()), (FORM_RULES, form_rules()), (INDICATORS, indicator_rows()),
        (SERIES_BREAKS, series_break_rows()), (DEADLINES, deadline_rows()), (POPULATION, populations()),
    )
    for table, frame in frames:
        lake.write(table, PARTITION, frame, MADE_BY)
    return {table.name: frame.height for table, frame in frames}


def _terms(rule: Rule, edition: str, identity: Identity) -> list[dict[str, object]]:
    common: dict[str, object] = {
        "rule": rule.code, "rule_zh": rule.title.zh, "rule_en": rule.title.en, "formula": rule.formula,
        "table_code": identity.table, "edition": edition, "scope": identity.scope, "relation": identity.relation,
    }
    sides = (("left", identity.left), ("right", identity.right))
    return [{**common, "side": side, "cell_code": code} for side, codes in sides for code in codes]


def _form_cell(order: int, code: str) -> dict[str, object]:
    cell = form.cell(code)
    printed_by = [edition for edition in form.editions() if code in {other.code for other in form.cells(edition.code)}]
    table = printed_by[-1].table(cell.table)
    series_code, comparability = series_of(cell, len(printed_by))
    return {
        "cell_code": code, "form_order": order,
        "table_code": table.code, "table_zh": table.zh, "table_en": table.en,
        "line_code": cell.line.code, "line_zh": cell.line.zh, "line_en": cell.line.en,
        "line_kind": cell.line.kind, "parent_line_code": cell.line.parent,
        "column_code": cell.column.code, "column_zh": cell.column.zh, "column_en": cell.column.en,
        "column_kind": cell.column.kind, "article": cell.line.article or None, "number_kind": cell.column.number,
        "unit": cell.column.unit, "is_leaf": cell.line.kind != "total" and cell.column.kind == "leaf",
        "editions": ",".join(edition.code for edition in printed_by), "series_code": series_code,
        "comparability": comparability,
    }
