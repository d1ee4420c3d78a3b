"""What the marts look up, written as lake tables: the form's cells, its identities, kinds of refusal, the towns.

Belongs here: turning the YAML of form, rules and refusals, and the list of towns, into Parquet that dbt reads as a
source. Does not: the YAML itself (assets/form, expectations/identities, assets/parsing/refusals.yaml), territories from
the county up (dbt_project/seeds), the marts made of it (dbt_project/).
"""

from __future__ import annotations

import polars as pl
import yaml

from assets.form import cells as form
from assets.home import PROJECT, Home
from assets.lake import TEXT, WHOLE, LakeTable
from assets.lake_files import LakeFiles
from assets.normalizing.territories.names import stem_and_unit
from assets.normalizing.territories.table import town_rows
from expectations.registry import Identity, Rule, active_rules, identities_of

REFUSALS = PROJECT / "assets" / "parsing" / "refusals.yaml"
PARTITION = "all"
MADE_BY = "assets.marts.reference"

FORM_CELLS = LakeTable(
    "form_cells", ("form_order",),
    {
        "cell_code": TEXT, "form_order": WHOLE, "table_code": TEXT, "table_zh": TEXT, "table_en": TEXT,
        "line_code": TEXT, "line_zh": TEXT, "line_en": TEXT, "line_kind": TEXT, "parent_line_code": TEXT,
        "column_code": TEXT, "column_zh": TEXT, "column_en": TEXT, "column_kind": TEXT, "article": TEXT,
        "number_kind": TEXT, "unit": TEXT, "is_leaf": pl.Boolean(), "editions": TEXT,
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


def write_reference(home: Home) -> dict[str, int]:
    """Write the tables into the lake (bytes that are there already stay); return the rows of each."""
    lake = LakeFiles(home.lake)
    frames = (
        (FORM_CELLS, form_cells()), (FORM_IDENTITIES, form_identities()), (REFUSAL_KINDS, refusal_kinds()),
        (TOWNS, towns()),
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
    return {
        "cell_code": code, "form_order": order,
        "table_code": table.code, "table_zh": table.zh, "table_en": table.en,
        "line_code": cell.line.code, "line_zh": cell.line.zh, "line_en": cell.line.en,
        "line_kind": cell.line.kind, "parent_line_code": cell.line.parent,
        "column_code": cell.column.code, "column_zh": cell.column.zh, "column_en": cell.column.en,
        "column_kind": cell.column.kind, "article": cell.line.article or None, "number_kind": cell.column.number,
        "unit": cell.column.unit, "is_leaf": cell.line.kind != "total" and cell.column.kind == "leaf",
        "editions": ",".join(edition.code for edition in printed_by),
    }
