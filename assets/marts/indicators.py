"""The indicators of the marts, from indicators.yaml: their cells, their SQL, their columns.

Belongs here: reading formulas, and writing what dbt takes from them: `python -m assets.marts.indicators` writes the
macro file and the columns of the marts that show every indicator; a test holds both to the registry.
Does not: the formulas themselves (indicators.yaml), how a rate is divided (dbt_project/macros/sums.sql).
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assets.form import cells as form
from assets.home import PROJECT

REGISTRY = Path(__file__).with_name("indicators.yaml")
DBT = PROJECT / "dbt_project"
MACROS = DBT / "macros" / "indicators.sql"
MARTS = DBT / "models" / "marts"
KINDS = ("count", "rate", "growth", "per_population", "difference")
ALL_REQUESTS = "all_requests"
OTHER = "other"
START, END = "      # made by `python -m assets.marts.indicators`", "      # end of what is made"
CURE = "run `python -m assets.marts.indicators` and commit what it writes"


class IndicatorError(ValueError):
    """indicators.yaml is wrong; the text names the indicator and what was expected."""


@dataclass(frozen=True)
class Indicator:
    """One indicator: its names, kind and formulas; `whole` tells whether the numerator is part of the denominator."""

    code: str
    zh: str
    en: str
    kind: str
    numerator: str
    denominator: str | None = None
    whole: bool = False
    helps: str | None = None
    applicants: tuple[str, ...] = ("total",)

    @property
    def cells(self) -> tuple[str, ...]:
        """The codes of the cells it is made of; none for a difference, which is made of two indicators."""
        if self.kind == "difference":
            return ()
        formulas = [self.numerator, *([self.denominator] if self.denominator else [])]
        return tuple(dict.fromkeys(
            cell for formula in formulas for cell in re.findall(r'"([^"]+)"', sql_of(formula, self.applicants))
        ))


@cache
def indicators() -> tuple[Indicator, ...]:
    """Return all indicators in the registry's order; IndicatorError if one is not as it must be."""
    made = tuple(
        Indicator(**entry | {"applicants": tuple(entry.get("applicants", ("total",)))})
        for entry in _registry()["indicators"]
    )
    for one in made:
        if one.kind not in KINDS or (one.denominator is not None) != (one.kind in ("rate", "difference")):
            raise IndicatorError(f"{one.code}: kind {one.kind} with denominator {one.denominator}; see {REGISTRY.name}")
    return made


@cache
def series_breaks() -> tuple[dict[str, Any], ...]:
    """Return the breaks of series: code, day, first_report_year, zh, en, and the codes of the indicators they touch."""
    of_requests = [one.code for one in indicators() if any(cell.startswith(form.REQUESTS) for cell in one.cells)]
    return tuple(
        entry | {"indicators": of_requests if entry["indicators"] == [ALL_REQUESTS] else entry["indicators"]}
        for entry in _registry()["series_breaks"]
    )


def series_of(cell: form.Cell, editions: int) -> tuple[str | None, str]:
    """Return under which cell code the series of a cell runs over the editions (None: it has none), and how far.

    Args:
        cell: a cell of the form.
        editions: how many editions print it.
    """
    both = editions == len(form.editions())
    for entry in _registry()["comparability"]:
        if entry["kind"] == "in_name_only" and not both:
            continue
        if cell.line.code in entry.get("lines", ()) or cell.column.code in entry.get("columns", ()):
            line, column = entry.get("series_line", cell.line.code), entry.get("series_column", cell.column.code)
            return f"{cell.table}.{line}.{column}", entry["kind"]
    return (cell.code, "same") if both or cell.line.code == OTHER else (None, "none")


def sql_of(formula: str, applicants: tuple[str, ...] = ("total",)) -> str:
    """Return a formula as SQL over columns named by cell codes; IndicatorError for a name the form does not know."""
    return _sql(ast.parse(formula, mode="eval").body, applicants)


def needed_cells() -> tuple[str, ...]:
    """Return the codes of all cells that some indicator is made of, in the form's order."""
    needed = {cell for one in indicators() for cell in one.cells}
    return tuple(code for code in form.all_cell_codes() if code in needed)


def macro_file() -> str:
    """Return dbt's macros: the indicators with their SQL, and the cells they need."""
    listed = [
        {
            "code": one.code, "kind": one.kind, "whole": one.whole,
            "numerator": one.numerator if one.kind == "difference" else sql_of(one.numerator, one.applicants),
            "denominator": one.denominator if one.kind == "difference" or one.denominator is None
            else sql_of(one.denominator, one.applicants),
        }
        for one in indicators()
    ]
    rows = ",\n".join("    " + json.dumps(one) for one in listed).replace("null", "none")
    cells = ",\n".join(f'    "{code}"' for code in needed_cells())
    return (
        "{# Made by `python -m assets.marts.indicators` from assets/marts/indicators.yaml. Do not edit here. #}\n\n"
        "{% macro indicators() %}{{ return([\n" + rows.replace("true", "True").replace("false", "False")
        + "\n]) }}{% endmacro %}\n\n"
        "{% macro indicator_cells() %}{{ return([\n" + cells + "\n]) }}{% endmacro %}\n"
    )


def organ_columns() -> list[str]:
    """Return the YAML lines of the indicators' columns in mart_organ_year."""
    return [line for one in indicators() for line in _organ_columns(one)]


def territory_columns() -> list[str]:
    """Return the YAML lines of the rates' columns in mart_territory_year, each with the number of its organs."""
    return [
        line for one in indicators() if one.kind == "rate"
        for line in (
            *_rate_columns(one),
            _column(f"{one.code}_organs", "integer", f"{one.zh}所含机关数（分子分母齐全者）。",
                    f"Organs counted in the {one.en}: those with both figures."),
        )
    ]


def made_files() -> dict[Path, str]:
    """Return every file that is made from the registry, whole or in part, with the text it must have."""
    columns = {"mart_organ_year.yml": organ_columns(), "mart_territory_year.yml": territory_columns()}
    filled = {MARTS / name: _filled((MARTS / name).read_text(encoding="utf-8"), made) for name, made in columns.items()}
    return {MACROS: macro_file(), **filled}


def _organ_columns(one: Indicator) -> Iterator[str]:
    zh, en = one.zh, one.en
    if one.kind == "count":
        yield _column(one.code, "bigint", f"{zh}：{one.numerator}。", f"{en.capitalize()}: {one.numerator}.")
        return
    if one.kind == "rate":
        yield from _rate_columns(one)
    elif one.kind == "difference":
        yield _column(one.code, "double", f"{zh}；任一比率为空则为空。", f"The {en}; NULL if one of the two rates is.")
    else:
        per = "上年" if one.kind == "growth" else "人口"
        of = "the year before" if one.kind == "growth" else "the population"
        yield _column(f"{one.code}_numerator", "bigint", f"{zh}的分子：{one.numerator}。",
                      f"Numerator of the {en}: {one.numerator}.")
        yield _column(f"{one.code}_denominator", "bigint", f"{zh}的分母：{per}。", f"Denominator of the {en}: {of}.")
        yield _column(one.code, "double", f"{zh}；分母为零或缺数则为空。",
                      f"The {en}; NULL if the denominator is 0 or a figure is missing.")
    yield _column(
        f"{one.code}_rank", "integer",
        f"{zh}在同年度、同范围、同级别、同类型机关中的名次（由高到低）；分母不足十则为空。",
        f"Rank of the {en}, highest first, among organs of the same year, scope, level and type; "
        "NULL where a denominator is under 10.",
    )


def _rate_columns(one: Indicator) -> Iterator[str]:
    zh, en = one.zh, one.en
    of = "" if one.applicants == ("total",) else "（" + "、".join(one.applicants) + "）"
    yield _column(f"{one.code}_numerator", "bigint", f"{zh}的分子：{one.numerator}{of}。",
                  f"Numerator of the {en}: {one.numerator}.")
    yield _column(f"{one.code}_denominator", "bigint", f"{zh}的分母：{one.denominator}{of}。",
                  f"Denominator of the {en}: {one.denominator}.")
    yield _column(one.code, "double", f"{zh}；分母为零或所需单元格为空则为空。",
                  f"The {en}; NULL if the denominator is 0 or a needed cell is NULL.")


def _column(name: str, kind: str, zh: str, en: str) -> str:
    return f"      - {{name: {name}, data_type: {kind}, description: {json.dumps(f'{zh} {en}', ensure_ascii=False)}}}"


def _filled(text: str, lines: list[str]) -> str:
    before, _, rest = text.partition(START + "\n")
    _, found, after = rest.partition(END + "\n")
    if not found:
        raise IndicatorError(f"a mart's .yml lacks the lines `{START.strip()}` and `{END.strip()}` around the columns")
    return "\n".join([before + START, *lines, END, after])


def _sql(node: ast.expr, applicants: tuple[str, ...]) -> str:
    match node:
        case ast.BinOp(left, ast.Add(), right):
            return f"{_sql(left, applicants)} + {_sql(right, applicants)}"
        case ast.BinOp(left, ast.Sub(), right) if not isinstance(right, ast.BinOp):
            taken = _sql(right, applicants)
            return f"{_sql(left, applicants)} - " + (f"({taken})" if " + " in taken else taken)
        case ast.Name(code):
            return " + ".join(_line(code, applicant) for applicant in applicants)
        case ast.Attribute(ast.Name(line), column):
            return _cell(line, column)
    raise IndicatorError(f"{ast.unparse(node)}: expected codes of the form, added and subtracted")


def _line(code: str, applicant: str) -> str:
    """Return a line of the requests table, or the sum of the lines of a group; `other` as its edition prints it."""
    lines = _lines_of(code)
    if not lines:
        return _cell(code, applicant)
    parts = " + ".join(_cell(line, applicant) for line in lines)
    return f"coalesce({_cell(code, applicant)}, {parts})" if code == OTHER else parts


@cache
def _lines_of(group: str) -> tuple[str, ...]:
    newest = form.editions()[-1].table(form.REQUESTS)
    if group in {line.code for line in newest.lines}:
        return ()
    return tuple(line.code for line in newest.lines if line.parent == group)


def _cell(line: str, column: str) -> str:
    found = [code for code in form.all_cell_codes() if code.split(".")[1:] == [line, column]]
    if len(found) != 1:
        raise IndicatorError(f"{line}.{column}: {len(found)} cells of the form have this line and column; expected one")
    return f'"{found[0]}"'


@cache
def _registry() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    return data


if __name__ == "__main__":
    for path, content in made_files().items():
        path.write_text(content, encoding="utf-8")
