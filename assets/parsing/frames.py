"""Parsed documents as tables of the lake.

Belongs here: turning `ParsedDocument`s into rows of assets/lake.py. Does not: parsing itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from assets import lake
from assets.parsing.document import ParsedDocument
from assets.parsing.parse import parse_document
from assets.parsing.version import parser_version

Row = dict[str, object]
# So many digits of a document's id stand in those of its reports.
ID_DIGITS = 16


@dataclass(frozen=True)
class ParsedFrames:
    """The tables that parsing fills."""

    parsed_documents: pl.DataFrame
    printed_tables: pl.DataFrame
    printed_text: pl.DataFrame
    observations: pl.DataFrame
    cell_pictures: pl.DataFrame


def document_id_of(content: bytes) -> str:
    """Return the identity of a document: the sha256 of its bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def report_version_id_of(document_id: str, number: int = 1) -> str:
    """Return the id of a report in a document; `number` counts the reports of the document from 1."""
    return f"{document_id[:ID_DIGITS]}-{number}"


def report_version_ids() -> pl.Expr:
    """Return the ids of reports, as an expression over the columns `document_id` and `report_number`."""
    start = pl.col("document_id").str.slice(0, ID_DIGITS)
    return pl.concat_str(start, pl.lit("-"), pl.col("report_number").cast(pl.String))


def parsed_frames(documents: Iterable[tuple[str, str, bytes]]) -> ParsedFrames:
    """Parse documents given as (document_id, file name, bytes)."""
    parsed = [(document_id, parse_document(content, name)) for document_id, name, content in documents]
    return ParsedFrames(
        lake.PARSED_DOCUMENTS.frame([_document_row(document_id, result) for document_id, result in parsed]),
        lake.PRINTED_TABLES.frame([row for document_id, result in parsed for row in _cell_rows(document_id, result)]),
        lake.PRINTED_TEXT.frame([row for document_id, result in parsed for row in _text_rows(document_id, result)]),
        lake.OBSERVATIONS.frame([row for document_id, result in parsed for row in _fact_rows(document_id, result)]),
        lake.CELL_PICTURES.frame([row for document_id, result in parsed for row in _picture_rows(document_id, result)]),
    )


def _document_row(document_id: str, parsed: ParsedDocument) -> Row:
    refusal = parsed.refusal
    return {
        "document_id": document_id,
        "parser_version": parser_version(),
        "media": parsed.media,
        "encoding": parsed.encoding,
        "reader": parsed.reader,
        "state": "refused" if refusal else "report",
        "refusal_kind": refusal.kind if refusal else None,
        "refusal_detail": refusal.detail if refusal else None,
        "report_count": len(parsed.reports),
    }


def _cell_rows(document_id: str, parsed: ParsedDocument) -> Iterable[Row]:
    for number, report in enumerate(parsed.reports, 1):
        for table in report.tables:
            for placed in table.cells:
                cell = placed.cell
                yield {
                    "document_id": document_id,
                    "report_number": number,
                    "table_code": table.code,
                    "row": placed.row,
                    "column": placed.column,
                    "row_span": cell.row_span,
                    "column_span": cell.column_span,
                    "text": cell.text,
                    "place": cell.place,
                    "role": placed.role,
                    "cell_code": placed.cell_code,
                    "layout": table.layout,
                    "placement": placed.placement,
                    "confidence": cell.confidence,
                    "alternative": cell.alternative,
                }


def _text_rows(document_id: str, parsed: ParsedDocument) -> Iterable[Row]:
    """Text of a refused document has the report number 0."""
    parts = [(0, parsed.refused_text), *((n, report.text) for n, report in enumerate(parsed.reports, 1))]
    for number, blocks in parts:
        for block_no, block in enumerate(blocks):
            yield {
                "document_id": document_id,
                "report_number": number,
                "block_no": block_no,
                "text": block.text,
                "place": block.place,
            }


def _picture_rows(document_id: str, parsed: ParsedDocument) -> Iterable[Row]:
    for place, png in parsed.pictures:
        yield {"document_id": document_id, "place": place, "png": png}


def _fact_rows(document_id: str, parsed: ParsedDocument) -> Iterable[Row]:
    for number, report in enumerate(parsed.reports, 1):
        for table in report.tables:
            for fact in table.observations:
                yield {
                    "report_version_id": report_version_id_of(document_id, number),
                    "table_code": fact.table,
                    "fact": fact.fact,
                    "scope": fact.scope,
                    "value": fact.value,
                }
