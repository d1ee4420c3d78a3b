"""From which columns a column is made.

Belongs here: SQL as dbt compiles it. Does not: what Dagster shows of it (tests/pipeline/test_marts.py).
"""

from __future__ import annotations

from assets.marts.column_lineage import columns_made_of


def test_a_column_is_made_of_the_columns_its_expression_reads_through_any_number_of_ctes() -> None:
    sql = """
        with parts as (select report_id, value, code from "gongkai"."main"."facts" where kept),
        sums as (select report_id, max(value) filter (where code = 'a') as a from parts group by report_id)
        select names.name as organ, sums.a / 2 as half, 1 as one
        from sums left join "gongkai"."main"."names" as names on names.report_id = sums.report_id
    """
    parents = {
        "facts": {"report_id": "VARCHAR", "value": "BIGINT", "code": "VARCHAR", "kept": "BOOLEAN"},
        "names": {"report_id": "VARCHAR", "name": "VARCHAR"},
    }
    assert columns_made_of(sql, parents) == {
        "organ": [("names", "name")], "half": [("facts", "code"), ("facts", "value")], "one": [],
    }


def test_a_column_may_have_dots_in_its_name() -> None:
    sql = 'select figures."requests.total.count" as total from "gongkai"."steps"."figures" as figures'
    assert columns_made_of(sql, {"figures": {"requests.total.count": "BIGINT", "count": "BIGINT"}}) == {
        "total": [("figures", "requests.total.count")],
    }
