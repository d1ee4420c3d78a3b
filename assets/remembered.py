"""What a partition already knows, so that a night without new documents parses nothing.

Belongs here: which documents are remembered, and putting remembered and fresh rows together.
Does not: reading or writing the lake (assets/lake_files.py), the work itself (the stages).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

Frames = Mapping[str, pl.DataFrame]
PREFIX = 16


@dataclass(frozen=True)
class Plan:
    """The documents whose rows are kept, and those to work on, each sorted."""

    remembered: tuple[str, ...]
    to_do: tuple[str, ...]


def plan(wanted: Mapping[str, str], known: Mapping[str, str]) -> Plan:
    """Split the `wanted` documents {document_id: version} by whether `known` holds them at that version."""
    remembered = {document_id for document_id, version in wanted.items() if known.get(document_id) == version}
    return Plan(tuple(sorted(remembered)), tuple(sorted(wanted.keys() - remembered)))


def versions(frame: pl.DataFrame, column: str) -> dict[str, str]:
    """Return {document_id: version} of a frame that has one row per document (or report)."""
    return dict(frame.select("document_id", column).unique().iter_rows())


def rows_of(frame: pl.DataFrame, document_ids: Iterable[str]) -> pl.DataFrame:
    """Return the rows that belong to the documents, by document_id or by the start of report_version_id."""
    ids = list(document_ids)
    if "document_id" in frame.columns:
        return frame.filter(pl.col("document_id").is_in(ids))
    starts = [document_id[:PREFIX] for document_id in ids]
    return frame.filter(pl.col("report_version_id").str.slice(0, PREFIX).is_in(starts))


def together(previous: Frames, remembered: Iterable[str], fresh: Iterable[Frames]) -> dict[str, pl.DataFrame]:
    """Return for each table the kept rows of the remembered documents followed by all fresh rows."""
    kept_ids = list(remembered)
    parts = {name: [rows_of(frame, kept_ids)] for name, frame in previous.items()}
    for frames in fresh:
        for name, rows in parts.items():
            rows.append(frames[name])
    return {name: pl.concat(rows) for name, rows in parts.items()}
