"""The findings of a snapshot as two files that people and scripts open without any tool: CSV and JSON.

Belongs here: the columns, the order and the bytes of both files. Does not: what a finding is (assets/quarantine), SQL.

The bytes follow from the mart alone. The CSV is for spreadsheets: UTF-8 with a byte order mark, and a text that a
spreadsheet would run as a formula begins with an apostrophe. The JSON holds every text as it is.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

MART = "mart_findings"
CSV, JSON = "findings.csv", "findings.json"
# Excel, LibreOffice and others take a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BATCH = 10_000
COLUMNS = {
    "finding_id": "编号 finding id", "rule": "规则编码 rule", "rule_zh": "规则", "rule_en": "rule title",
    "severity": "级别 severity", "report_version_id": "报告 report id", "organ_name": "机关 organ",
    "report_year": "年度 year", "table_zh": "表", "table_en": "table", "line_zh": "行", "line_en": "row",
    "column_zh": "列", "column_en": "column", "value": "数值 value", "expected": "应为 expected",
    "difference": "相差 difference", "message_zh": "说明", "message_en": "message", "related": "相关 related",
    "place": "位置 source place", "cells": "单元格 cells", "document_id": "文件 document id",
    "file_name": "文件名 file name", "verdict": "何方有误 verdict", "best_repair_zh": "可能的修正",
    "best_repair_en": "possible repair",
}


def write_finding_files(build: duckdb.DuckDBPyConnection, relation: str, folder: Path) -> None:
    """Write findings.csv and findings.json of the rows of `relation` into `folder`, sorted by report and finding."""
    with (folder / CSV).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS.values())
        writer.writerows([shown(row[name]) for name in COLUMNS] for row in _rows(build, relation))
    with (folder / JSON).open("w", encoding="utf-8") as file:
        file.write("[")
        for number, row in enumerate(_rows(build, relation)):
            file.write(",\n" if number else "\n")
            file.write(json.dumps(row, ensure_ascii=False))
        file.write("\n]\n")


def shown(value: Any) -> str:
    """Return what a spreadsheet shows of a value: lists in one line, whole numbers without decimals, no formula."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list):
        return harmless("; ".join(_cell(one) if isinstance(one, Mapping) else str(one) for one in value))
    return harmless(value) if isinstance(value, str) else str(value)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def _cell(cell: Mapping[str, Any]) -> str:
    place = f" @ {cell['place']}" if cell["place"] else ""
    return f"{cell['side']} {cell['cell_code']} = {shown(cell['value']) or cell['text'] or '—'}{place}"


def _rows(build: duckdb.DuckDBPyConnection, relation: str) -> Iterator[dict[str, Any]]:
    found = build.execute(f"select * from {relation} order by report_version_id, rule, scope, finding_id")
    names = [column[0] for column in found.description]
    while batch := found.fetchmany(BATCH):
        yield from (dict(zip(names, row, strict=True)) for row in batch)
