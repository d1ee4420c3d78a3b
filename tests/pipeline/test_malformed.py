"""Malformed pages: everything that is still there is read, and nothing wrong is ever published.

Belongs here: the named changes of tests/typesetting/malformed.py on whole reports. Does not: the reader's own units.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any, cast

import pytest

from assets.extract import extract_documents
from tests.pipeline.test_documents import unpublished, wrongly_published
from tests.typesetting import load, typeset
from tests.typesetting.malformed import MALFORMED, malformed

# Both editions; tables with many figures.
REPORTS = ("qingpi_health_2024", "qingpi_2019", "danzhu_2022")
FEWEST = 22


@cache
def judged() -> dict[tuple[str, str], dict[str, Any]]:
    pairs = list(product(MALFORMED, REPORTS))
    pages = {report: typeset(load(report), "html_clean").decode() for report in REPORTS}
    found = extract_documents([(name, malformed(pages[report], name)) for name, report in pairs])
    return dict(zip(pairs, cast(list[dict[str, Any]], found), strict=True))


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_page_is_read_whole_or_held_back(name: str, report: str) -> None:
    result, truth = judged()[name, report], load(report).cells()
    assert wrongly_published(result, truth) == []
    if MALFORMED[name].complete:
        assert result["status"] == "published", result["reason"]
        assert unpublished(result, truth) == []


def test_the_battery_is_large_enough() -> None:
    assert len(MALFORMED) >= FEWEST
    assert sum(case.complete for case in MALFORMED.values()) >= FEWEST
