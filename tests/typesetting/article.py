"""Documents that are no report: articles, notices, statistics, and the blank form.

Belongs here: turning articles/*.yaml and the empty form into publications that any layout can set.
Does not: reports (report.py), or what must become of such a document (tests/documents).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.typesetting.publication import Publication, Words, compose
from tests.typesetting.report import ReportText, fill

ARTICLES = Path(__file__).parent / "articles"


def article(name: str) -> Publication:
    """Return the article that articles/<name>.yaml holds."""
    stated: dict[str, Any] = yaml.safe_load((ARTICLES / f"{name}.yaml").read_text(encoding="utf-8"))
    blocks = [Words("title", text) for text in stated["title"]]
    blocks += [Words("paragraph", text) for text in stated["paragraphs"]]
    blocks += [Words("closing", text) for text in stated.get("closing", ())]
    return Publication(tuple(blocks), tuple((key, str(text)) for key, text in stated.get("metadata", {}).items()))


def refused_pages() -> dict[str, list[Publication]]:
    """Return the pages of articles/refused.yaml: kind of refusal → pages."""
    stated: dict[str, list[dict[str, Any]]] = yaml.safe_load((ARTICLES / "refused.yaml").read_text(encoding="utf-8"))
    return {
        kind: [
            Publication((Words("title", page["title"]), *(Words("paragraph", text) for text in page["paragraphs"])))
            for page in pages
        ]
        for kind, pages in stated.items()
    }


def blank_form(edition: str) -> Publication:
    """Return the form as it is handed out: every table, no figure, no organ, no year."""
    figures = dict.fromkeys(fill(edition, {}), None)
    hint = "（简要写明本年度工作开展情况。）"
    return compose(ReportText(
        year=0, edition=edition, figures=figures, title=("XX（机关名称）", "××××年政府信息公开工作年度报告"),
        sections={"overview": (hint,), "problems_improvements": (hint,), "other_matters": ("（没有的写“无”。）",)},
    ))


def format_notice(edition: str) -> Publication:
    """Return a notice that hands the blank form out: dated and signed, its tables empty."""
    form = blank_form(edition)
    letter = (
        Words("title", "关于转发政府信息公开工作年度报告格式的通知"),
        Words("paragraph", "各科室、各直属单位：现将年度报告的统一格式转给你们，请照此填写，表格不得增减行列。"),
        Words("closing", "云岫市青陂区人民政府办公室"),
        Words("closing", "2021年10月11日"),
    )
    return Publication((*letter, *form.blocks))
