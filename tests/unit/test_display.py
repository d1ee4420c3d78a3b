"""What the summary on the screen shows of tables that are held back.

Belongs here: orchestration/display.py on made-up overviews. Does not: the command line (tests/pipeline).
"""

from __future__ import annotations

import io

import polars as pl
from rich.console import Console

from assets.lake import QUARANTINED_TABLES
from assets.quarantine.grouping import groups
from orchestration.display import SAMPLES_SHOWN, show_overview
from orchestration.overview import Overview

ALIKE = 5


def overview(names: list[str], signatures: list[str]) -> Overview:
    held = QUARANTINED_TABLES.frame([
        {"report_version_id": name, "document_id": name, "table_code": "requests", "summary_zh": "两边不等",
         "summary_en": "not equal", "layout": "tab_rows", "signature": signature, "verdict": "publisher",
         "best_repair_zh": "自然人 1→0"}
        for name, signature in zip(names, signatures, strict=True)
    ])
    tables = held.select(
        "report_version_id", "document_id", "table_code", "signature", "verdict", "best_repair_zh",
        organ_name=pl.lit("某局"),
        report_year=pl.lit(2025), file_name=pl.col("document_id") + ".html", table_zh=pl.lit("表三"),
        state=pl.lit("quarantined"), reason="summary_zh",
    )
    refused = pl.DataFrame(schema=dict.fromkeys(("file_name", "refusal_kind"), pl.String))
    return Overview(len(names), len(names), tables, groups(held), refused, (), None, ())


def shown(found: Overview) -> str:
    told = io.StringIO()
    show_overview(Console(file=told, width=400), found)
    return told.getvalue()


def test_tables_held_back_alike_are_one_line_with_samples() -> None:
    names = [f"site{number}" for number in range(ALIKE)]
    text = shown(overview([*names, "other"], ["same"] * ALIKE + ["single"]))
    [group] = [line for line in text.splitlines() if f"{ALIKE} 张相同 alike" in line]
    assert [name in group for name in names] == [True] * SAMPLES_SHOWN + [False] * (ALIKE - SAMPLES_SHOWN)
    assert f"{ALIKE} 张表情形相同：两边不等（版式 tab_rows；报告本身有误 {ALIKE}）" in text
    assert text.count("site4.html") == 0
    assert text.count("other.html") == 1


def test_a_single_table_says_whose_fault_it_is_and_the_best_repair() -> None:
    text = shown(overview(["alone"], ["single"]))
    assert "报告本身有误 the report itself is wrong" in text
    assert "可能的修正 possible repair：自然人 1→0" in text
