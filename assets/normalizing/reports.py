"""One report: its facts, its cells and the document's observations, from what parsing handed over.

Belongs here: putting the pieces together for one document. Does not: frames, Dagster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assets.form import cells as form
from assets.normalizing import text_quality
from assets.normalizing.claims.finding import claims_of
from assets.normalizing.facts import BETWEEN, Fact, facts_of
from assets.normalizing.likeness import section_texts, signature
from assets.normalizing.numbers import read_figure
from assets.normalizing.observing import observed
from assets.normalizing.organ_identity.identify import owner_of
from assets.normalizing.organ_identity.pieces import Listed
from assets.normalizing.organ_identity.rows import evidence_rows, organ_row
from assets.normalizing.prose import Prose, prose_of
from assets.normalizing.version import normalizer_version
from assets.parsing.geometry.shapes import UNREADABLE

Row = dict[str, object]
DOCUMENT = "document"
DAYS = ("signed_date", "published_date")
# A period that lost characters states its year like any other (rule D01 compares places, not their condition).
YEAR_SOURCES = {"period_worn": "period"}
# The placement of a cell whose column only the sums tell, and the state of its figure.
RECONSTRUCTED = "reconstructed"
# A line with such an observation is printed, but which figure belongs to which column is not certain.
UNREAD = ("value_count", "line_twice", "label_out_of_order")


@dataclass(frozen=True)
class Normalized:
    """Rows for the lake: a report, the evidence for it, cells, claims, observations of document scope, texts, organ."""

    report: Row
    evidence: list[Row]
    cells: list[Row]
    claims: list[Row]
    observations: list[Row]
    texts: list[Row]
    organ: Row
    organ_evidence: list[Row]


def normalize(
    document_id: str,
    report_version_id: str,
    printed: Sequence[Mapping[str, object]],
    text: Sequence[Mapping[str, object]],
    facts: Sequence[Mapping[str, object]],
    listed: Listed | None = None,
) -> Normalized:
    """Normalise one report.

    Args:
        document_id: sha256 of the document.
        report_version_id: id of the report in it.
        printed: its rows of `printed_tables`.
        text: its rows of `printed_text`, in order.
        facts: its rows of `observations`.
        listed: the publisher that the document was fetched from, None where it came otherwise.
    """
    prose = prose_of([(str(row["text"]), str(row["place"])) for row in text])
    editions = {str(fact["table_code"]): str(fact["value"]) for fact in facts if fact["fact"] == "edition"}
    stated = facts_of(prose)
    report = _report(document_id, report_version_id, stated, editions)
    cells = _cells(report_version_id, printed, facts, editions)
    words = "".join((*(str(row["text"]) for row in text), *map(_as_delivered, printed)))
    evidence = _evidence(report_version_id, stated)
    claims, observations = _claims(report, prose), _observations(report_version_id, stated, prose, words)
    owner = owner_of(prose, stated, listed)
    return Normalized(
        report, evidence, cells, claims, observations, _texts(report_version_id, prose),
        organ_row(report_version_id, owner), evidence_rows(report_version_id, owner),
    )


def _texts(report_version_id: str, prose: Prose) -> list[Row]:
    return [
        {
            "report_version_id": report_version_id, "section": section, "characters": len(text), "text": text,
            "signature": signature(text),
        }
        for section, text in section_texts(prose).items()
    ]


def _as_delivered(cell: Mapping[str, object]) -> str:
    """Return the text of a printed cell; what recognition could not read is doubt, not damage of the document."""
    text, confidence = str(cell["text"]), cell["confidence"]
    return text.replace(UNREADABLE, "") if isinstance(confidence, float) and confidence < 1 else text


def _report(document_id: str, report_version_id: str, facts: Mapping[str, Fact], editions: Mapping[str, str]) -> Row:
    values = {name: fact.value for name, fact in facts.items()}
    year, period = values.pop("report_year"), values.pop("period")
    start, _, end = (period or "").partition(BETWEEN)
    days = {name: _as_date(values.pop(name)) for name in DAYS}
    distinct = set(editions.values())
    return {
        "report_version_id": report_version_id,
        "document_id": document_id,
        "report_year": int(year) if year else None,
        "period_start": _as_date(start),
        "period_end": _as_date(end),
        **days,
        **values,
        **{f"edition_{table}": editions.get(table) for table in form.table_codes()},
        "form": None if not distinct else distinct.pop() if len(distinct) == 1 else "hybrid",
        "normalizer_version": normalizer_version(),
    }


def _evidence(report_version_id: str, facts: Mapping[str, Fact]) -> list[Row]:
    """Return a row for every piece of evidence; the same words twice in one place are one piece."""
    rows: dict[tuple[str, ...], Row] = {
        (name, piece.source, piece.value, piece.place): {
            "report_version_id": report_version_id,
            "fact": name,
            "source": piece.source,
            "value": piece.value,
            "text": piece.text,
            "place": piece.place,
            "standing": fact.standing(piece),
        }
        for name, fact in facts.items()
        for piece in fact.evidence
    }
    return list(rows.values())


def _as_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _cells(
    report_version_id: str,
    printed: Sequence[Mapping[str, object]],
    facts: Sequence[Mapping[str, object]],
    editions: Mapping[str, str],
) -> list[Row]:
    """Return a row for every cell of each table's edition; a table that was not read counts in the report's edition."""
    by_code = {str(row["cell_code"]): row for row in printed if row["cell_code"] is not None}
    unread = {str(fact["scope"]) for fact in facts if fact["fact"] in UNREAD}
    fallback = editions.get(form.PROACTIVE) or editions.get(form.REQUESTS) or form.editions()[-1].code
    rows: list[Row] = []
    for table in form.table_codes():
        edition = editions.get(table, fallback)
        for cell in form.cells(edition):
            if cell.table == table:
                rows.append(_cell(report_version_id, cell, edition, by_code.get(cell.code), unread))
    return rows


def _cell(
    report_version_id: str, cell: form.Cell, edition: str, printed: Mapping[str, object] | None, unread: set[str]
) -> Row:
    line = f"{cell.table}.{cell.line.code}"
    row: Row = {
        "report_version_id": report_version_id,
        "cell_code": cell.code,
        "table_code": cell.table,
        "line_code": cell.line.code,
        "column_code": cell.column.code,
        "edition": edition,
        "unit": cell.column.unit or None,
        "value": None,
        "printed_text": None,
        "place": None,
        "state": "unparsable" if line in unread else "missing_table",
    }
    if printed is None:
        return row
    figure = read_figure(str(printed["text"]), cell.column.number)
    value: Decimal | None = figure.value
    rebuilt = printed["placement"] == RECONSTRUCTED and figure.state == "reported"
    return row | {
        "value": value,
        "state": RECONSTRUCTED if rebuilt else figure.state,
        "unit": figure.unit or row["unit"],
        "printed_text": printed["text"],
        "place": printed["place"],
    }


def _claims(report: Row, prose: Prose) -> list[Row]:
    """Return a row for every claim of the prose, numbered in reading order."""
    year, organ = report["report_year"], report["organ_name"]
    found = claims_of(prose, year if isinstance(year, int) else None, str(organ) if organ else None)
    return [
        {
            "report_version_id": report["report_version_id"],
            "claim_no": number,
            "kind": claim.kind,
            "subject": claim.subject,
            "section": claim.section,
            "lower": claim.lower,
            "upper": claim.upper,
            "parts_lower": [lower for lower, _ in claim.parts],
            "parts_upper": [upper for _, upper in claim.parts],
            "strength": claim.strength,
            "text": claim.text,
            "place": claim.place,
        }
        for number, claim in enumerate(found, start=1)
    ]


def _observations(report_version_id: str, stated: Mapping[str, Fact], prose: Prose, words: str) -> list[Row]:
    """Return what the document states of itself, for rules on the document: one row per fact, source and value.

    A day of which the evidence differs is not observed.
    """
    facts = [("stated_year", YEAR_SOURCES.get(e.source, e.source), e.value) for e in stated["report_year"].evidence]
    organs = [(e.source, e.value) for e in stated["organ_name"].evidence if e.value]
    facts += [("stated_organ", *organ) for organ in organs]
    facts += [("period", DOCUMENT, e.value) for e in stated["period"].evidence]
    facts += [(name, DOCUMENT, value) for name in DAYS if (value := stated[name].value) is not None]
    facts += observed(prose, stated["organ_name"].value, organs, stated["report_year"].value)
    facts.append(("mojibake_share", DOCUMENT, f"{text_quality.mojibake_share(words):.6f}"))
    return [
        {"report_version_id": report_version_id, "table_code": DOCUMENT, "fact": fact, "scope": scope, "value": value}
        for fact, scope, value in dict.fromkeys(facts)
    ]
