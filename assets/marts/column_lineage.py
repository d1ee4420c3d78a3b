"""From which columns of its parents each column of a model is made, read from the SQL that dbt compiled.

Belongs here: lineage of columns by sqlglot, the SQL qualified once per model. Does not: Dagster (asset.py), dbt.
dagster-dbt's own reads the SQL anew for every column: minutes for a mart of 130 columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import cast

from sqlglot import exp, parse_one
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

DIALECT = "duckdb"
KNOWN_COLUMNS = 16_384


def columns_made_of(sql: str, parents: Mapping[str, Mapping[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Return for each column of a query the columns of its parents that it is made of, sorted.

    Args:
        sql: the compiled query.
        parents: name of each table that it reads, with its columns and their types.
    """
    schema: dict[str, object] = {name: dict(columns) for name, columns in parents.items()}
    tree = parse_one(sql, dialect=DIALECT)
    for table in tree.find_all(exp.Table):
        table.set("catalog", None)
        table.set("db", None)
    scope = build_scope(qualify(tree, dialect=DIALECT, schema=schema))
    if scope is None:
        return {}
    found = partial(lineage, sql=tree, schema=schema, dialect=DIALECT, scope=scope, trim_selects=False, copy=False)
    return {
        column: sorted({
            (node.source.name, _column(node.name))
            for node in found(column).walk()
            if isinstance(node.source, exp.Table) and node.source.name in parents
        })
        for column in cast(exp.Query, scope.expression).named_selects
    }


@lru_cache(KNOWN_COLUMNS)
def _column(qualified: str) -> str:
    """The name of `table."column"`; a column may have dots in its name, as codes of cells do."""
    return parse_one(qualified, dialect=DIALECT).name
