"""Normalised reports as tables of the lake.

Belongs here: grouping the parsed frames by document and stacking the rows. Does not: the meaning of anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from assets import lake
from assets.normalizing.organ_identity.pieces import Listed
from assets.normalizing.reports import Normalized, normalize
from assets.parsing.frames import report_version_id_of


@dataclass(frozen=True)
class NormalizedFrames:
    """The tables that normalising fills; `observations` are those of document scope, beside the parser's own."""

    reports: pl.DataFrame
    evidence: pl.DataFrame
    cells: pl.DataFrame
    claims: pl.DataFrame
    observations: pl.DataFrame
    texts: pl.DataFrame
    organs: pl.DataFrame
    organ_evidence: pl.DataFrame


def normalized_frames(
    parsed_documents: pl.DataFrame, printed_tables: pl.DataFrame, printed_text: pl.DataFrame,
    observations: pl.DataFrame,
    listed: Mapping[str, Listed] | None = None,
) -> NormalizedFrames:
    """Normalise every report of the documents whose state is `report`; refused ones yield no rows.

    `listed` names by document_id the publisher that a document was fetched from.
    """
    key = ("document_id", "report_number")
    printed = _grouped(printed_tables.filter(pl.col("cell_code").is_not_null()), key)
    text = _grouped(printed_text.sort(*key, "block_no"), key)
    facts = _grouped(observations, ("report_version_id",))
    counts = parsed_documents.filter(pl.col("state") == "report").select("document_id", "report_count")
    results = [
        _normalize_one(document_id, number, printed, text, facts, (listed or {}).get(document_id))
        for document_id, count in counts.iter_rows()
        for number in range(1, count + 1)
    ]
    return NormalizedFrames(
        lake.REPORTS.frame([result.report for result in results]),
        lake.DOCUMENT_FACTS.frame([row for result in results for row in result.evidence]),
        lake.CELLS.frame([row for result in results for row in result.cells]),
        lake.CLAIMS.frame([row for result in results for row in result.claims]),
        lake.OBSERVATIONS.frame([row for result in results for row in result.observations]),
        lake.SECTION_TEXTS.frame([row for result in results for row in result.texts]),
        lake.ORGANS.frame([result.organ for result in results]),
        lake.ORGAN_EVIDENCE.frame([row for result in results for row in result.organ_evidence]),
    )


Groups = Mapping[tuple[object, ...], list[dict[str, object]]]


def _grouped(frame: pl.DataFrame, key: tuple[str, ...]) -> Groups:
    groups: dict[tuple[object, ...], list[dict[str, object]]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        groups[tuple(row[name] for name in key)].append(row)
    return groups


def _normalize_one(
    document_id: str, number: int, printed: Groups, text: Groups, facts: Groups, listed: Listed | None
) -> Normalized:
    report, own = report_version_id_of(document_id, number), (document_id, number)
    return normalize(document_id, report, printed.get(own, []), text.get(own, []), facts.get((report,), []), listed)
