"""One report: its facts, its cells and the document's observations, from what parsing handed over.

Belongs here: putting the pieces together for one document. Does not: frames, Dagster.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assets.form import cells as form
from assets.normalizing import dating, numbering, organs, staleness, text_quality
from assets.normalizing.evidence import Evidence
from assets.normalizing.numbers import read_figure
from assets.normalizing.prose import Prose, prose_of
from assets.normalizing.version import normalizer_version

Row = dict[str, object]
DOCUMENT = "document"
# The placement of a cell whose column only the sums tell, and the state of its figure.
RECONSTRUCTED = "reconstructed"
# A line with such an observation is printed, but which figure belongs to which column is not certain.
UNREAD = ("value_count", "line_twice", "label_out_of_order")


@dataclass(frozen=True)
class Normalized:
    """Rows for the lake: one report, its cells, and observations of document scope."""

    report: Row
    cells: list[Row]
    observations: list[Row]


def normalize(
    document_id: str,
    report_version_id: str,
    printed: Sequence[Mapping[str, object]],
    text: Sequence[Mapping[str, object]],
    facts: Sequence[Mapping[str, object]],
) -> Normalized:
    """Normalise one report.

    Args:
        document_id: sha256 of the document.
        report_version_id: id of the report in it.
        printed: its rows of `printed_tables`.
        text: its rows of `printed_text`, in order.
        facts: its rows of `observations`.
    """
    prose = prose_of([(str(row["text"]), str(row["place"])) for row in text])
    editions = {str(fact["table_code"]): str(fact["value"]) for fact in facts if fact["fact"] == "edition"}
    report = _report(document_id, report_version_id, prose, editions)
    cells = _cells(report_version_id, printed, facts, editions)
    words = "".join(str(row["text"]) for row in (*text, *printed))
    return Normalized(report, cells, _document_facts(report_version_id, prose, words))


def _report(document_id: str, report_version_id: str, prose: Prose, editions: Mapping[str, str]) -> Row:
    titles, periods = dating.titles(prose), dating.periods(prose)
    years = [evidence for evidence, _ in titles] + [evidence for evidence, *_ in periods]
    names = organs.names(prose)
    organ = organs.organ_name(names)
    code, code_evidence = organs.territory_code(prose, organ)
    signed, published = [evidence for evidence, _ in dating.signatures(prose)], dating.publication_dates(prose)
    index, number = numbering.index_numbers(prose), numbering.document_numbers(prose)
    filings = numbering.filings(prose)
    year = dating.one_of(evidence.value for evidence in years)
    spans = {(start, end) for _, start, end in periods}
    span = spans.pop() if len(spans) == 1 else (None, None)
    distinct = set(editions.values())
    return {
        "report_version_id": report_version_id,
        "document_id": document_id,
        "organ_name": organ,
        "report_year": int(year) if year else None,
        "title": titles[0][0].text if titles else None,
        "period_start": span[0],
        "period_end": span[1],
        "signed_date": _as_date(dating.one_of(e.value for e in signed)),
        "published_date": _as_date(dating.one_of(e.value for e in published)),
        "index_number": numbering.one_trusted(index),
        "document_number": numbering.one_trusted(number),
        **{kind: numbering.one_trusted(pieces) for kind, pieces in filings.items()},
        "territory_code": code,
        **{f"edition_{table}": editions.get(table) for table in form.table_codes()},
        "form": None if not distinct else distinct.pop() if len(distinct) == 1 else "hybrid",
        "evidence": _evidence(
            organ_name=names,
            report_year=years,
            listing_year=dating.listings(prose),
            signed_date=signed,
            published_date=published,
            index_number=index,
            document_number=number,
            territory_code=code_evidence,
            **filings,
        ),
        "normalizer_version": normalizer_version(),
    }


def _as_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _evidence(**found: Iterable[Evidence]) -> str:
    pieces = {name: [piece.as_dict() for piece in evidence] for name, evidence in found.items()}
    return json.dumps(pieces, ensure_ascii=False, sort_keys=True)


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


def _document_facts(report_version_id: str, prose: Prose, words: str) -> list[Row]:
    """Return what the document states of itself, for rules D01 to D08: one row per fact, source and value."""
    titles = dating.titles(prose)
    facts = [("stated_year", "title", evidence.value) for evidence, _ in titles]
    facts += [("stated_year", "period", evidence.value) for evidence, *_ in dating.periods(prose)]
    facts += [("stated_year", "listing", evidence.value) for evidence in dating.listings(prose)]
    facts += [("period", DOCUMENT, f"{start}/{end}") for _, start, end in dating.periods(prose)]
    facts += [("signed_date", DOCUMENT, evidence.value) for evidence, _ in dating.signatures(prose)]
    facts += [("published_date", DOCUMENT, evidence.value) for evidence in dating.publication_dates(prose)]
    facts += [("stated_organ", evidence.source, evidence.value) for evidence in organs.names(prose)]
    facts += [("stale_year", DOCUMENT, text) for text in staleness.stale_years(prose)]
    facts += [("unfilled", DOCUMENT, text) for text in staleness.unfilled(prose)]
    facts.append(("mojibake_share", DOCUMENT, f"{text_quality.mojibake_share(words):.6f}"))
    return [
        {"report_version_id": report_version_id, "table_code": DOCUMENT, "fact": fact, "scope": scope, "value": value}
        for fact, scope, value in dict.fromkeys(facts)
    ]
