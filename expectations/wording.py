"""Puts findings into words: the names of places on the form, numbers, and filled-in message templates.

Belongs here: polars expressions that make text in Chinese and English.
Does not: the sentences themselves (identities/, gate.py), the labels themselves (assets/form/vocabulary.yaml).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Formatter

import polars as pl

from assets.form import cells as form
from assets.parsing.refusals import table_refusals

LANGUAGES = ("zh", "en")
ALL_TERMS_UP_TO = 6
COMMA = {"zh": "、", "en": ", "}
SEMICOLON = {"zh": "；", "en": "; "}
REST_IS_ZERO = {"zh": "（其余 {} 项为 0）", "en": " (the other {} are 0)"}
ALL_ZERO = {"zh": "均为 0", "en": "all 0"}

ALL_CELLS, TEXT = "cells", "text"
# Stands before a scope whose finding comes of next year's report.
NEXT_YEAR = "next_year:"
AGAINST_NEXT_YEAR = ("（与次年报告对照）", ", against next year's report")

OTHER_PLACES = {
    ALL_CELLS: ("全部单元格", "all cells"),
    TEXT: ("第一、五部分的文字", "the text of sections 1 and 5"),
    "document": ("整份报告", "the whole report"),
    "title": ("标题", "title"),
    "period": ("统计期间", "stated period"),
    "listing": ("网站栏目", "listing"),
    "signature": ("落款", "signature"),
    "file_name": ("文件名", "file name"),
    "metadata": ("信息栏", "metadata"),
    "year_end": ("报告年度末日", "the last day of the report year"),
    "signed_date": ("落款日期", "the day of signature"),
    "published_date": ("发布日期", "the day of publication"),
    "deadline": ("公布期限", "the deadline"),
}

# The sections that are no table; the others are called as their table is.
SECTIONS = {
    "overview": "1. Overview",
    "problems_improvements": "5. Problems and improvements",
    "other_matters": "6. Other matters",
}

FACTS = {
    "line_missing": ("缺行", "line missing"),
    "line_twice": ("行重复", "line twice"),
    "hybrid_other": ("只印“（六）其他处理”一行，不分三项", "\"other handling\" printed as one line"),
    "value_count": ("数值个数不符", "number of values"),
    "doubtful_reading": ("识别存疑", "doubtful reading"),
    "reconstructed": (
        "空白格丢失，数值所在的列由合计唯一推定", "blank cells lost; the sums leave one reading of the columns"
    ),
    "label_variant": ("标签写法不同", "label worded differently"),
    "label_missing": ("缺行标签", "line label missing"),
    "label_twice": ("行标签重复", "line label twice"),
    "label_out_of_order": ("行标签次序不符", "line label out of order"),
    "column_missing": ("缺列标签", "column label missing"),
    "column_twice": ("列标签重复", "column label twice"),
    "column_out_of_order": ("列标签次序不符", "column label out of order"),
    "heading_missing": ("缺标题", "heading missing:"),
    "heading_out_of_order": ("标题次序不符", "heading out of order:"),
    "left_over_word": ("遗留字样", "left-over words "),
    "county": ("县级机关", "an organ at county level"),
    "township": ("乡镇街道机关", "an organ of a town or subdistrict"),
    "yuan": ("正文以元表述收费金额", "the prose states fees in yuan"),
    "none": ("无规章制定权的机关", "an organ without rule-making power"),
    **table_refusals(),
}


@cache
def places() -> dict[str, tuple[str, str]]:
    """Return the Chinese and English name of every scope: tables, table.line, table.column, cells, the document."""
    outcomes = form.vocabulary()["groups"][form.REQUESTS]["outcomes"]
    names = {**OTHER_PLACES, f"{form.REQUESTS}.outcomes": (outcomes, "Outcomes of the year (heading)")}
    names |= {code: (f"“{words['zh']}”", SECTIONS[code]) for code, words in form.vocabulary()["sections"].items()
              if code in SECTIONS}
    for edition in form.editions():
        for table in edition.tables:
            names[table.code] = (f"“{table.zh}”", table.en)
            names |= {f"{table.code}.{line.code}": (line.zh, line.en) for line in table.lines}
            names |= {f"{table.code}.{column.code}": (column.zh, column.en) for column in table.columns}
        for cell in form.cells(edition.code):
            names[cell.code] = (f"{cell.line.zh} · {cell.column.zh}", f"{cell.line.en} / {cell.column.en}")
    zh, en = AGAINST_NEXT_YEAR
    columns = [f"{table.code}.{column.code}" for e in form.editions() for table in e.tables for column in table.columns]
    return names | {f"{NEXT_YEAR}{code}": (names[code][0] + zh, names[code][1] + en) for code in columns}


def place(scope: pl.Expr, language: str) -> pl.Expr:
    """Return the name of a scope in "zh" or "en"; a scope without a name keeps its code."""
    position = LANGUAGES.index(language)
    return scope.replace({code: names[position] for code, names in places().items()})


def fact(code: pl.Expr, language: str) -> pl.Expr:
    """Return what an observed fact is called in "zh" or "en"."""
    position = LANGUAGES.index(language)
    return code.replace({name: names[position] for name, names in FACTS.items()})


def edition(code: pl.Expr, language: str) -> pl.Expr:
    """Return the name of an edition of the form: its instrument in "zh", its first report year in "en"."""
    names = {e.code: e.instrument if language == "zh" else f"of {e.first_year}" for e in form.editions()}
    return code.replace(names)


def number(value: pl.Expr) -> pl.Expr:
    """Return a Float64 as text: whole numbers without decimals."""
    return pl.when(value == value.floor()).then(value.cast(pl.Int64).cast(pl.String)).otherwise(value.cast(pl.String))


def signed(value: pl.Expr) -> pl.Expr:
    """Return a Float64 as text with its sign."""
    return pl.when(value > 0).then(pl.lit("+") + number(value)).otherwise(number(value))


def terms(columns: Mapping[str, str], language: str) -> pl.Expr:
    """Return "label value + label value" of cell columns (column → label); of many terms only those not 0.

    Of no columns it is "0": that is what a side without a term is.
    """
    if not columns:
        return pl.lit("0")
    parts = [pl.lit(f"{label} ") + number(pl.col(column)) for column, label in columns.items()]
    if len(parts) <= ALL_TERMS_UP_TO:
        return pl.concat_str(parts, separator=" + ")
    shown = [pl.when(pl.col(column) != 0).then(part) for column, part in zip(columns, parts, strict=True)]
    some = pl.concat_str(shown, separator=" + ", ignore_nulls=True)
    zeros = pl.sum_horizontal(pl.col(column) == 0 for column in columns)
    before, after = REST_IS_ZERO[language].split("{}")
    rest = pl.when(zeros > 0).then(pl.concat_str(pl.lit(before), zeros.cast(pl.String), pl.lit(after)))
    every = pl.lit(ALL_ZERO[language])
    return pl.when(zeros == len(parts)).then(every).otherwise(some + rest.fill_null(""))


def filled(template: str, values: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return `template` with its {names} replaced by expressions of text; a value that is NULL becomes empty text."""
    parts: list[pl.Expr] = []
    for text, name, _, _ in Formatter().parse(template):
        parts.append(pl.lit(text))
        if name is not None:
            parts.append(values[name].fill_null(""))
    return pl.concat_str(parts)
