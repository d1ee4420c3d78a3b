"""Who reads the marts: dbt's exposures against the marts there are and the statements that read them.

Belongs here: that every mart is read by somebody, and that the exposures name what is really read. Does not: whether
the names exist (dbt parses them), what the statements answer (tests/pipeline/test_chain.py).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
import sqlglot
import yaml
from sqlglot import expressions as sql

from assets.home import PROJECT
from assets.marts.dbt import DBT_PROJECT
from assets.marts.finding_files import MART

MARTS = {path.stem for path in (DBT_PROJECT / "models" / "marts").glob("*.sql")}


@cache
def exposures() -> dict[str, dict[str, Any]]:
    stated = yaml.safe_load((DBT_PROJECT / "models" / "exposures.yml").read_text("utf-8"))
    return {one["name"]: one for one in stated["exposures"]}


def read_by(exposure: str) -> list[str]:
    return [re.fullmatch(r"ref\('(\w+)'\)", one)[1] for one in exposures()[exposure]["depends_on"]]  # type: ignore[index]


def relations(statement: str) -> set[str]:
    parsed = sqlglot.parse_one(statement, dialect="duckdb")
    own = {one.alias for one in parsed.find_all(sql.CTE)}
    return {one.name for one in parsed.find_all(sql.Table)} - own


def test_every_mart_is_read_by_somebody_and_nothing_else_is() -> None:
    assert {mart for name in exposures() for mart in read_by(name)} == MARTS


@pytest.mark.parametrize("name", exposures())
def test_an_exposure_says_in_both_languages_what_reads_which_marts_in_order(name: str) -> None:
    said = exposures()[name]
    zh, en = re.fullmatch(r"(.*[。；]) ([A-Z].*\.)", said["description"], re.DOTALL).groups()  # type: ignore[union-attr]
    assert re.search("[一-鿿]", zh) and not re.search("[一-鿿]", en)
    assert re.search("[一-鿿]", said["label"]) and re.search("[a-z]", said["label"])
    assert read_by(name) == sorted(set(read_by(name)))


def test_the_questions_read_what_their_statements_name() -> None:
    statements = re.findall(r"```sql\n(.*?)```", (PROJECT / "docs" / "questions.md").read_text("utf-8"), re.DOTALL)
    assert len(statements) == 10
    assert set(read_by("ten_questions")) == set().union(*map(relations, statements))


def test_the_finding_files_are_made_of_the_mart_they_name() -> None:
    assert read_by("findings_files") == [MART]
