"""Typesets annual reports: any figures, any prose, in every layout that gongkai reads.

Belongs here: what a report states (report.py, reports/*.yaml), how the form is printed (form.py, grid.py), how a page
or a text is set (layouts/), named damage (changes.py), and what is made of them (make_samples.py, make_documents.py).
Does not: reading anything back (assets/parsing), or any expectation of what a reader should make of it.

    from tests.typesetting import LAYOUTS, load, typeset
    content = typeset(load("linhu_2024"), "bar_at_row_end")
"""

from __future__ import annotations

from tests.typesetting.layouts import LAYOUTS, Layout
from tests.typesetting.publication import Publication, compose
from tests.typesetting.report import ReportText, load

__all__ = ["LAYOUTS", "Layout", "Publication", "ReportText", "compose", "load", "typeset"]


def typeset(report: ReportText, layout: str) -> bytes:
    """Return `report` as the bytes of a file set in the layout of that name; KeyError if there is none."""
    return LAYOUTS[layout].render(compose(report))
