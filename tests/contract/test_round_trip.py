"""Made-up reports, set in every layout of text and one of pictures, come back cell by cell or are held; never wrong.

Belongs here: a few reports of every form and magnitude per layout, of a fixed seed. Does not: the large run and the
shares (`python -m benchmarks reading`), single readers and layouts.
"""

from __future__ import annotations

from functools import cache

import pytest

from assets.extract import extract_documents
from tests.typesetting.figures import FORMS, MAGNITUDES, left_out, made_report, truth
from tests.typesetting.layouts import EVERY_LAYOUT, LAYOUTS
from tests.typesetting.report import ReportText
from tests.typesetting.round_trip import Outcome, Tally, compared, round_trip, tally

SEED = 20260331
# A picture takes 15 seconds: so many reports of one layout of pictures here, the others in the large run, which a
# promise below 1 needs anyway, and in the tests of their reader (tests/unit/test_pictures.py).
FEW = 1
PICTURE = "scan_pdf"
TRIED = [name for name, layout in EVERY_LAYOUT.items() if layout.promise == 1 or name == PICTURE]


def reports(layout: str) -> tuple[ReportText, ...]:
    """Return a report of each form, their magnitudes taking turns over the layouts; one of them for a picture."""
    sizes, start = tuple(MAGNITUDES), list(EVERY_LAYOUT).index(layout)
    made = [made_report(SEED, code, sizes[(start + 2 * n) % len(sizes)]) for n, code in enumerate(FORMS)]
    return tuple(made if EVERY_LAYOUT[layout].promise == 1 else made[:FEW])


@cache
def outcomes(layout: str) -> dict[float, Tally]:
    """Return what came of a layout by the share of zeros left blank; judged at once, for the rules cost the same."""
    each = [
        (share, left_out(report, n, share))
        for share in shares(layout) for n, report in enumerate(reports(layout))
    ]
    found = round_trip([report for _, report in each], layout)
    return {
        share: tally(outcome for (other, _), outcome in zip(each, found, strict=True) if other == share)
        for share in shares(layout)
    }


def shares(layout: str) -> tuple[float, ...]:
    """Return the shares of zeros left blank that a layout is tried with."""
    return (0.0, 0.5) if EVERY_LAYOUT[layout].promise == 1 else (0.5,)


@pytest.mark.parametrize(
    ("layout", "share_blank"), [(layout, share) for layout in TRIED for share in shares(layout)]
)
def test_nothing_wrong_comes_out_of_a_layout(layout: str, share_blank: float) -> None:
    found = outcomes(layout)[share_blank]
    assert found.crashes == ()
    assert found.wrong == ()
    assert found.facts == ()
    assert found.documents >= FEW


@pytest.mark.parametrize("layout", [name for name, layout in LAYOUTS.items() if layout.promise == 1])
def test_every_printed_cell_comes_back(layout: str) -> None:
    """One report says nothing about a share below 1: what pictures promise is measured in the large run."""
    found = outcomes(layout)[0.0]
    assert found.share_right == 1, found.statuses
    assert found.reconstructed == 0


def test_a_wrong_cell_would_be_noticed() -> None:
    """The comparison itself: a changed value, an invented one and a withheld one are told apart."""
    report = reports("html_clean")[0]
    cells = truth(report)
    codes = [code for code in cells if code.startswith("requests.")][:3]
    tables = dict.fromkeys(("proactive_disclosure", "requests", "reconsideration_litigation"), "published")
    read: dict[str, dict[str, object]] = {c: {"value": value, "state": "reported"} for c, value in cells.items()}
    read[codes[0]] = {"value": 987654, "state": "reported"}
    read[codes[1]] = {"value": None, "state": "blank"}
    read["requests.invented.total"] = {"value": 1, "state": "reported"}
    found = compared({"tables": tables, "cells": read, "status": "published", "reason": None}, cells)
    assert [wrong.split(":")[0] for wrong in found.wrong] == [codes[0], "requests.invented.total"]
    assert found.cells["withheld"] == 1
    assert found.cells["right"] == len(cells) - 2
    held = compared({"tables": {**tables, "requests": "quarantined"}, "cells": read, "status": "quarantined",
                     "reason": None}, cells)
    assert held.wrong == ()
    assert held.cells["held_wrong"] == 1


def test_an_exception_is_an_outcome_of_its_document_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(documents: list[tuple[str, bytes]]) -> list[dict[str, object]]:
        if any(name.startswith("1") for name, _ in documents):
            raise ZeroDivisionError("of this document")
        return extract_documents(documents)

    monkeypatch.setattr("tests.typesetting.round_trip.extract_documents", failing)
    found: list[Outcome] = round_trip(reports("html_clean"), "html_clean")
    assert [outcome.status for outcome in found] == ["published", "crashed", "published"]
