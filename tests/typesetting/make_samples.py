"""Makes the documents of samples/inbox: `python -m tests.typesetting.make_samples`.

Belongs here: which report is set in which layout for the samples. Does not: the reports (reports/*.yaml) or what must
become of each document (samples/expected.json, written by hand).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assets.form import cells as form
from tests.typesetting.article import article, blank_form
from tests.typesetting.committed import write
from tests.typesetting.layouts import LAYOUTS
from tests.typesetting.publication import Publication, compose
from tests.typesetting.report import ReportText, load

INBOX = Path(__file__).resolve().parents[2] / "samples" / "inbox"

# report → layout
REPORTS = {
    "lishi_2025": "bar_at_row_end",
    "fenyang_2024": "tab_rows",
    "gaocheng_2025": "cell_per_line",
    "shangdang_2024": "html_cms",
    "kazuo_2025": "bar_at_row_start",
    "qingpi_2019": "html_clean",
    "danzhu_hrss_2022": "html_word",
    "danzhu_2022": "html_split_table",
    "qingpi_health_2024": "tab_rows",
    "yunxiu_market_2024": "cell_per_line",
    "jiaocheng_trees_2024": "html_cms",
}
# What the first text of a report printed that its correction replaced: a digit lost, a request counted on another line.
FIRST_PRINTED = {
    "proactive_disclosure.administrative_penalty.decisions": 7,
    "requests.granted_in_part.natural_person": 1,
    "requests.granted_in_part.total": 1,
    "requests.unable_not_held.natural_person": 2,
    "requests.unable_not_held.total": 3,
}


def left_blank(report: ReportText, *tables: str) -> ReportText:
    """Return a report that prints nothing in any cell of the named tables."""
    return report.with_figures({code: None for code in report.figures if code.split(".")[0] in tables})


def as_first_published(report: ReportText) -> ReportText:
    """Return the text that a corrected report replaced: of the day it was signed, without the last paragraph."""
    sections = {**report.sections, "other_matters": report.sections["other_matters"][:-1]}
    metadata = tuple((key, str(report.signed) if key == "发布日期" else text) for key, text in report.metadata)
    return replace(report.with_figures(FIRST_PRINTED), sections=sections, metadata=metadata)


def samples() -> dict[Path, bytes]:
    """Return every sample document: path → bytes."""
    made = [(name, layout, compose(load(name))) for name, layout in REPORTS.items()]
    blank_tables = left_blank(load("baiyan_2024"), form.REQUESTS, form.REMEDIES)
    made += [
        ("jiaocheng_trees_2024_first", "html_cms", compose(as_first_published(load("jiaocheng_trees_2024")))),
        ("baiyan_2024", "html_cms", compose(blank_tables)),
        ("reading_guide", "html_cms", article("reading_guide")),
        ("blank_form", "html_clean", blank_form("cn_ogi_2021")),
    ]
    return dict(_document(name, layout, publication) for name, layout, publication in made)


def _document(name: str, layout: str, publication: Publication) -> tuple[Path, bytes]:
    chosen = LAYOUTS[layout]
    return INBOX / f"{name}{chosen.suffix}", chosen.render(publication)


if __name__ == "__main__":
    write(samples())
