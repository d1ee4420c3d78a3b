"""The conservation check: each way of losing or doubling something is found and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl
import pytest

from assets.lake import DOCUMENTS, PARSED_DOCUMENTS
from expectations.conservation import CHECKS, Conservation, conservation
from expectations.examples import Sample, frames_of
from expectations.gate import gate

PUBLISHED, HELD, NOT_A_REPORT = "0000000000000001", "0000000000000002", "0000000000000003"


@dataclass(frozen=True)
class Lake:
    """The six tables that the check reads."""

    documents: pl.DataFrame
    parsed_documents: pl.DataFrame
    reports: pl.DataFrame
    table_states: pl.DataFrame
    quarantined_tables: pl.DataFrame
    accepted_cells: pl.DataFrame

    def check(self) -> Conservation:
        return conservation(**vars(self))


def sound() -> Lake:
    """One published report, one with a table held back and a table missing, one refused document."""
    frames = frames_of([
        Sample(report_version_id=f"{PUBLISHED}-1", fill=0),
        Sample(report_version_id=f"{HELD}-1", fill=0, cells={"requests.received.total": 1},
               absent=["reconsideration_litigation"]),
    ])
    gated = gate(frames.cells, frames.observations, frames.reports)
    ids = [PUBLISHED, HELD, NOT_A_REPORT]
    states = ["report", "report", "refused"]
    return Lake(
        DOCUMENTS.frame([{"document_id": i} for i in ids]),
        PARSED_DOCUMENTS.frame([
            {"document_id": i, "state": s, "report_count": int(s == "report")} for i, s in zip(ids, states, strict=True)
        ]),
        frames.reports, gated.table_states, gated.quarantined_tables, gated.accepted_cells,
    )


def test_a_sound_lake_adds_up() -> None:
    outcome = sound().check()
    assert outcome.ok, outcome.offenders.rows()
    assert (outcome.documents, outcome.reports, outcome.refused) == (3, 2, 1)
    assert outcome.tables == {"missing": 1, "published": 4, "quarantined": 1}


def test_an_empty_lake_adds_up() -> None:
    assert Lake(**{name: frame.clear() for name, frame in vars(sound()).items()}).check().ok


def lose(table: str, **row: str) -> Callable[[Lake], Lake]:
    keep = ~pl.all_horizontal(pl.col(name) == value for name, value in row.items())
    return lambda lake: replace(lake, **{table: getattr(lake, table).filter(keep)})


def double(table: str) -> Callable[[Lake], Lake]:
    return lambda lake: replace(lake, **{table: pl.concat([getattr(lake, table), getattr(lake, table).head(1)])})


def put(table: str, column: str, value: str, **row: str) -> Callable[[Lake], Lake]:
    here = pl.all_horizontal(pl.col(name) == wanted for name, wanted in row.items())
    new = pl.when(here).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
    return lambda lake: replace(lake, **{table: getattr(lake, table).with_columns(new)})


@pytest.mark.parametrize(
    ("damage", "check", "subject"),
    [
        (double("documents"), "document_twice", PUBLISHED),
        (lose("parsed_documents", document_id=NOT_A_REPORT), "document_lost", NOT_A_REPORT),
        (put("parsed_documents", "state", "report", document_id=NOT_A_REPORT), "document_lost", NOT_A_REPORT),
        (put("parsed_documents", "state", "refused", document_id=HELD), "document_in_two_states", HELD),
        (lose("documents", document_id=PUBLISHED), "document_unregistered", PUBLISHED),
        (double("parsed_documents"), "parse_twice", PUBLISHED),
        (double("reports"), "report_twice", f"{PUBLISHED}-1"),
        (lose("table_states", report_version_id=f"{HELD}-1", table_code="requests"),
         "table_lost", f"{HELD}-1 requests"),
        (double("table_states"), "table_in_two_states", f"{PUBLISHED}-1 proactive_disclosure"),
        (put("table_states", "state", "somewhere", report_version_id=f"{HELD}-1", table_code="requests"),
         "table_unknown", f"{HELD}-1 requests somewhere"),
        (put("table_states", "report_version_id", "nobody", report_version_id=f"{HELD}-1", table_code="requests"),
         "table_unknown", "nobody requests quarantined"),
        (lose("quarantined_tables", table_code="requests"), "quarantine_not_listed", f"{HELD}-1 requests"),
        (put("table_states", "state", "published", report_version_id=f"{HELD}-1", table_code="requests"),
         "quarantine_not_stated", f"{HELD}-1 requests"),
        (double("quarantined_tables"), "quarantine_twice", f"{HELD}-1 requests"),
        (put("table_states", "state", "missing", report_version_id=f"{PUBLISHED}-1", table_code="requests"),
         "cells_not_published", f"{PUBLISHED}-1 requests"),
        (lose("accepted_cells", report_version_id=f"{PUBLISHED}-1", table_code="requests"),
         "cells_lost", f"{PUBLISHED}-1 requests"),
    ],
)
def test_damage_is_named_with_what_to_do(damage: Callable[[Lake], Lake], check: str, subject: str) -> None:
    outcome = damage(sound()).check()
    assert not outcome.ok
    named = outcome.offenders.filter(check=check)
    assert named.select("subject", "zh", "en").rows() == [(subject, *CHECKS[check])]


def test_two_reports_in_one_document_are_not_two_states() -> None:
    lake = sound()
    second = lake.reports.filter(report_version_id=f"{PUBLISHED}-1").with_columns(
        report_version_id=pl.lit(f"{PUBLISHED}-2"), document_id=pl.lit(PUBLISHED)
    )
    frames = frames_of([Sample(report_version_id=f"{PUBLISHED}-2", fill=0)])
    gated = gate(frames.cells, frames.observations, frames.reports)
    both = replace(
        lake, parsed_documents=put("parsed_documents", "report_count", 2, document_id=PUBLISHED)(lake).parsed_documents,
        reports=pl.concat([lake.reports, second]),
        table_states=pl.concat([lake.table_states, gated.table_states]),
        accepted_cells=pl.concat([lake.accepted_cells, gated.accepted_cells]),
    )
    assert both.check().ok
