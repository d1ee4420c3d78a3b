"""A report as one sequence of blocks, in reading order: what every layout sets.

Belongs here: title, foreword, the six sections with their tables, signature and date, in the form's order.
Does not: how a block is set (layouts/).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assets.form import cells as form
from tests.typesetting.form import PrintedTable, printed_table
from tests.typesetting.report import ReportText

Kind = Literal["title", "paragraph", "heading", "closing"]


@dataclass(frozen=True)
class Words:
    """A paragraph and what it is; `closing` are signature and date."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Publication:
    """A report ready for a layout: its blocks, and what stands around it on a page."""

    blocks: tuple[Words | PrintedTable, ...]
    metadata: tuple[tuple[str, str], ...] = ()
    footer: tuple[str, ...] = ()


def compose(report: ReportText) -> Publication:
    """Return a report as blocks in reading order."""
    blocks: list[Words | PrintedTable] = [Words("title", line) for line in report.title]
    blocks += [Words("paragraph", text) for text in report.foreword]
    for code, section in form.vocabulary()["sections"].items():
        blocks.append(Words("heading", report.labels.get(code, section["zh"])))
        blocks += [Words("paragraph", text) for text in report.sections.get(code, ())]
        if code in form.table_codes() and code not in report.absent:
            blocks.append(printed_table(report, code))
    blocks += [Words("closing", text) for text in _closing(report)]
    return Publication(tuple(blocks), report.metadata, report.footer)


def _closing(report: ReportText) -> list[str]:
    signed = report.signed
    day = None if signed is None else f"{signed.year}年{signed.month}月{signed.day}日"
    return [text for text in (report.signature, day) if text is not None]
