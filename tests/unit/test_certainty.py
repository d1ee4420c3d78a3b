"""Doubtful figures that sure ones prove.

Belongs here: expectations/certainty.py alone. Does not: recognising (test_recognition.py), the rule V06 (its examples).
"""

from __future__ import annotations

import polars as pl
import pytest

from expectations.certainty import proven, without_proven
from expectations.registry import Identity

ROW = Identity("L", "row", "t", ("a", "b"), ("c",))
COLUMN = Identity("R", "column", "t", ("a", "d"), ("e",))
VALUES: dict[str, float | None] = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}


@pytest.mark.parametrize(("doubtful", "expected"), [
    ({"a"}, {"a"}),
    ({"b", "c"}, set()),
    ({"a", "b"}, {"a", "b"}),
    ({"a", "b", "d"}, set()),
    ({"z"}, set()),
    (set(), set()),
])
def test_a_figure_is_proven_where_it_is_alone_in_an_identity_or_comes_to_be(
    doubtful: set[str], expected: set[str]
) -> None:
    assert proven(VALUES, doubtful, [ROW, COLUMN]) == expected


def test_an_identity_that_breaks_or_holds_a_blank_proves_nothing() -> None:
    assert proven(VALUES | {"c": 4}, {"a"}, [ROW]) == frozenset()
    assert proven(VALUES | {"b": None}, {"a"}, [ROW]) == frozenset()


def test_doubts_are_settled_report_by_report_and_other_facts_stay() -> None:
    """Table 4 of two reports, a row of 1 + 0 + 0 + 2 = 3 each; one has a doubt that the row settles, one has two."""
    table, forum = "reconsideration_litigation", "reconsideration"
    columns = ("upheld", "corrected", "other_result", "pending", "total")
    cells = pl.DataFrame([
        {"report_version_id": report, "table_code": table, "cell_code": f"{table}.{forum}.{column}", "value": value}
        for report in ("one", "two") for column, value in zip(columns, (1.0, 0.0, 0.0, 2.0, 3.0), strict=True)
    ])
    tables = pl.DataFrame({
        "report_version_id": ["one", "two"], "table_code": [table] * 2, "lines_edition": ["cn_ogi_2021"] * 2,
    })
    doubts = [("one", "upheld"), ("two", "upheld"), ("two", "total")]
    observations = pl.DataFrame([
        {"report_version_id": report, "table_code": table, "fact": "doubtful_reading",
         "scope": f"{table}.{forum}.{column}", "value": ""} for report, column in doubts
    ] + [{"report_version_id": "one", "table_code": table, "fact": "value_rows", "scope": table, "value": "1"}])
    left = without_proven(observations, cells, tables)
    assert sorted(left.select("report_version_id", "fact").rows()) == [
        ("one", "value_rows"), ("two", "doubtful_reading"), ("two", "doubtful_reading"),
    ]
