"""The two files of findings: the same rows give the same bytes, and no text runs as a formula.

Belongs here: assets/marts/finding_files.py against a small DuckDB table. Does not: dbt, snapshots (test_publishing).
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

from assets.marts.finding_files import COLUMNS, CSV, JSON, harmless, shown, write_finding_files

TEXTS = [name for name in COLUMNS if name not in ("value", "expected", "difference", "report_year", "related", "cells")]
TYPES = dict.fromkeys(TEXTS, "varchar") | {
    "value": "double", "expected": "double", "difference": "double", "report_year": "integer", "related": "varchar[]",
    "cells": "struct(side varchar, cell_code varchar, value double, text varchar, place varchar)[]", "scope": "varchar",
}


def written(folder: Path, ids: tuple[str, ...], organ: str = "某局") -> tuple[bytes, bytes]:
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"create table mart ({', '.join(f'{name} {kind}' for name, kind in TYPES.items())})")
        for one in ids:
            connection.execute(
                "insert into mart (finding_id, report_version_id, rule, scope, organ_name, value, difference, cells) "
                "values ($1, 'a-1', 'R01', $1, $2, 13.5, -1, [{'side': 'left', 'cell_code': 'x.y.z', 'value': 13.5, "
                "'text': '13.5', 'place': 'page 2'}])", [one, organ],
            )
        write_finding_files(connection, "mart", folder)
    return (folder / CSV).read_bytes(), (folder / JSON).read_bytes()


def test_the_bytes_follow_from_the_rows_and_not_from_their_order(tmp_path: Path) -> None:
    assert written(tmp_path / "one", ("f1", "f2")) == written(tmp_path / "two", ("f2", "f1"))


def test_a_spreadsheet_sees_no_formula_and_a_script_the_text_as_it_is(tmp_path: Path) -> None:
    table, data = written(tmp_path / "one", ("f1",), organ='=HYPERLINK("http://x","某局")')
    [row] = csv.DictReader(table.decode("utf-8-sig").splitlines())
    assert row["机关 organ"] == '\'=HYPERLINK("http://x","某局")'
    assert (row["数值 value"], row["相差 difference"], row["应为 expected"]) == ("13.5", "-1", "")
    assert row["单元格 cells"] == "left x.y.z = 13.5 @ page 2"
    [found] = json.loads(data)
    assert found["organ_name"] == '=HYPERLINK("http://x","某局")'
    assert found["cells"][0]["place"] == "page 2"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_would_run_is_set_off(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert shown([text]) == f"'{text}"


def test_numbers_and_plain_text_stay() -> None:
    assert [shown(value) for value in (-1.0, 0.25, 2025, None, "某局", [], ["a", "b"])] == [
        "-1", "0.25", "2025", "", "某局", "", "a; b",
    ]


def test_no_finding_is_an_empty_list(tmp_path: Path) -> None:
    table, data = written(tmp_path / "none", ())
    assert json.loads(data) == []
    assert table.decode("utf-8-sig").splitlines() == [",".join(COLUMNS.values())]
