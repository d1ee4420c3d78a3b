"""Makes the lake's frames of small invented reports: the examples of the registry, and whatever a test wants to say.

Belongs here: turning "these cells, these observations" into frames of the lake's schemas.
Does not: the examples themselves (identities/), typesetting of documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from assets.form import cells as form
from assets.lake import CELLS, CLAIMS, OBSERVATIONS, REPORTS

FIRST_ID = "0000000000000001-1"


@dataclass(frozen=True)
class Sample:
    """An invented report.

    fill: the number in every cell that `cells` does not name; None leaves them blank.
    cells: cell code → number, None (blank), or a mapping with state, value and text.
    absent: tables that the document lacks. unobserved: tables of which not even the number of rows was observed.
    observations: mappings with fact, scope, and perhaps table and value.
    claims: mappings with kind, text, and perhaps subject, section, value (a number or [lower, upper]), parts, strength.
    """

    edition: str = "cn_ogi_2021"
    report_year: int | None = 2025
    fill: int | None = None
    cells: Mapping[str, Any] = field(default_factory=dict)
    absent: Sequence[str] = ()
    unobserved: Sequence[str] = ()
    observations: Sequence[Mapping[str, str]] = ()
    claims: Sequence[Mapping[str, Any]] = ()
    report_version_id: str = FIRST_ID


@dataclass(frozen=True)
class Frames:
    """The frames that the rules judge."""

    cells: pl.DataFrame
    observations: pl.DataFrame
    reports: pl.DataFrame
    claims: pl.DataFrame


def sample_of(example: Mapping[str, Any]) -> Sample:
    """Return the report that an example of the registry describes."""
    described = {name: value for name, value in example.items() if name not in ("verdict", "scope", "severity")}
    return Sample(**described)


def frames_of(samples: Iterable[Sample]) -> Frames:
    """Return the frames of invented reports; a cell that its edition does not print is a KeyError."""
    listed = list(samples)
    return Frames(
        CELLS.frame([row for sample in listed for row in _cells(sample)]),
        OBSERVATIONS.frame([row for sample in listed for row in _observations(sample)]),
        REPORTS.frame([_report(sample) for sample in listed]),
        CLAIMS.frame([row for sample in listed for row in _claims(sample)]),
    )


def _report(sample: Sample) -> dict[str, object]:
    editions = {f"edition_{table}": sample.edition for table in form.table_codes()}
    return {
        "report_version_id": sample.report_version_id, "document_id": sample.report_version_id.split("-")[0],
        "organ_name": "某某市人民政府办公室", "report_year": sample.report_year, **editions,
    }


def _cells(sample: Sample) -> Iterable[dict[str, object]]:
    printed = form.cells(sample.edition)
    wrong = set(sample.cells) - {cell.code for cell in printed}
    if wrong:
        raise KeyError(f"{sample.edition} does not print {', '.join(sorted(wrong))}")
    for cell in printed:
        given = sample.cells.get(cell.code, sample.fill)
        content = {"state": "missing_table"} if cell.table in sample.absent else _content(given)
        yield {
            "report_version_id": sample.report_version_id, "cell_code": cell.code, "table_code": cell.table,
            "line_code": cell.line.code, "column_code": cell.column.code, "edition": sample.edition,
            "unit": cell.column.unit, **content,
        }


def _content(given: Any) -> dict[str, object]:
    if given is None:
        return {"state": "blank", "value": None, "printed_text": ""}
    if isinstance(given, Mapping):
        return {
            "state": given.get("state", "reported"), "value": given.get("value"), "printed_text": given["text"],
        }
    return {"state": "reported", "value": given, "printed_text": str(given)}


def _claims(sample: Sample) -> Iterable[dict[str, object]]:
    for claim_no, given in enumerate(sample.claims, start=1):
        value = given.get("value")
        lower, upper = value if isinstance(value, list) else (value, value)
        plain = {name: given.get(name) for name in ("kind", "subject", "section", "strength", "text")}
        parts = [float(part) for part in given.get("parts", ())]
        yield {
            "report_version_id": sample.report_version_id, "claim_no": claim_no, **plain, "lower": lower,
            "upper": upper, "parts_lower": parts, "parts_upper": parts, "place": f"line {claim_no}",
        }


def _observations(sample: Sample) -> Iterable[dict[str, object]]:
    for table in form.table_codes():
        if table in sample.unobserved:
            continue
        rows = 0 if table in sample.absent else len(form.edition(sample.edition).table(table).lines)
        yield _observation(sample, table, "value_rows", table, str(rows))
    for given in sample.observations:
        table = given.get("table", "document")
        yield _observation(sample, table, given["fact"], given["scope"], given.get("value", ""))


def _observation(sample: Sample, table: str, fact: str, scope: str, value: str) -> dict[str, object]:
    names = ("report_version_id", "table_code", "fact", "scope", "value")
    return dict(zip(names, (sample.report_version_id, table, fact, scope, value), strict=True))
