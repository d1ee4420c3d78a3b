"""What there is and what is wrong with it, read from a home.

Belongs here: the figures of the summary and of `gongkai status`. Does not: Dagster, dbt, printing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets import lake
from assets.fetching.intake import UNDATED
from assets.fetching.ledger import Ledger
from assets.home import Home
from assets.lake import LakeTable
from assets.lake_files import LakeFileError, LakeFiles
from assets.marts.publishing import PublicationError, latest_path
from assets.quarantine.grouping import groups
from expectations.conservation import Conservation, conservation
from expectations.wording import places
from orchestration.waiting import behind

READ = (lake.DOCUMENTS, lake.PARSED_DOCUMENTS, lake.REPORTS, lake.TABLE_STATES, lake.QUARANTINED_TABLES)


@dataclass(frozen=True)
class Overview:
    """The state of a home; `problems` are what needs somebody now, in words.

    tables: one row per report and table: report_version_id, document_id, organ_name, report_year, file_name,
        table_code, table_zh, state, reason (Chinese, empty where published); where held also signature (of
        what is alike), verdict and best_repair_zh.
    groups: the held tables that are alike, the largest group first (assets/quarantine/grouping.py).
    refused: one row per refused document: document_id, file_name, refusal_kind, refusal_detail.
    undated: file names of the documents no report year was found for.
    """

    documents: int
    reports: int
    tables: pl.DataFrame
    groups: pl.DataFrame
    refused: pl.DataFrame
    undated: tuple[str, ...]
    snapshot: Path | None
    problems: tuple[str, ...]

    def count(self, state: str) -> int:
        """Return how many tables are `published`, `quarantined` or `missing`."""
        return self.tables.filter(pl.col("state") == state).height


def overview(home: Home, keys: Iterable[str]) -> Overview:
    """Return the state of `home`; `keys` are the partitions there are."""
    files = LakeFiles(home.lake)
    late = [f"{key}: {reason}" for key, reason in behind(home, keys).items()]
    documents = Ledger(home.ledger).documents()
    frames = {table.name: _rows(files, table) for table in READ}
    snapshot, problem = _snapshot(home)
    undated = documents.filter(pl.col("partition") == UNDATED)["file_name"].sort()
    return Overview(
        documents.height,
        frames["reports"].height,
        _tables(frames),
        groups(frames["quarantined_tables"]),
        _refused(frames),
        tuple(undated),
        snapshot,
        (*late, *problem, *_offences(home)),
    )


def conserved(home: Home) -> Conservation:
    """Return whether every document of the ledger and every table of a report ended in exactly one state."""
    files = LakeFiles(home.lake)
    return conservation(
        Ledger(home.ledger).documents(),
        files.read_all(lake.PARSED_DOCUMENTS),
        files.read_all(lake.REPORTS),
        files.read_all(lake.TABLE_STATES),
        files.read_all(lake.QUARANTINED_TABLES),
        files.read_keys(lake.ACCEPTED_CELLS, ("report_version_id", "table_code")),
    )


def _offences(home: Home) -> list[str]:
    try:
        offenders = conserved(home).offenders
    except LakeFileError as error:
        return [str(error)]
    return [f"{check} {subject}: {zh} / {en}" for check, subject, zh, en in offenders.iter_rows()]


def _rows(files: LakeFiles, table: LakeTable) -> pl.DataFrame:
    readable = [partition for partition in files.partitions(table) if files.readable(table, partition)]
    return pl.concat([table.empty(), *(files.read(table, partition) for partition in readable)])


def _tables(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    names = {code: zh.strip("“”") for code, (zh, _) in places().items()}
    reports = frames["reports"].select("report_version_id", "document_id", "organ_name", "report_year")
    reasons = frames["quarantined_tables"].select(
        "report_version_id", "table_code", "signature", "verdict", "best_repair_zh", reason="summary_zh"
    )
    missing = pl.when(pl.col("state") == "missing").then(pl.lit("文件中没有这张表")).otherwise(pl.lit(""))
    return (
        frames["table_states"].join(reports, on="report_version_id", how="left")
        .join(frames["documents"].select("document_id", "file_name"), on="document_id", how="left")
        .join(reasons, on=["report_version_id", "table_code"], how="left")
        .with_columns(pl.col("reason").fill_null(missing), table_zh=pl.col("table_code").replace(names))
        .sort("file_name", "report_version_id", "table_code")
    )


def _refused(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return (
        frames["parsed_documents"].filter(pl.col("state") == "refused")
        .join(frames["documents"].select("document_id", "file_name"), on="document_id", how="left")
        .select("document_id", "file_name", "refusal_kind", "refusal_detail").sort("file_name")
    )


def _snapshot(home: Home) -> tuple[Path | None, list[str]]:
    try:
        path = latest_path(home)
    except PublicationError as error:
        return None, [str(error)]
    published = (home.published / "latest.json").stat().st_mtime_ns
    newer = [file for file in home.lake.glob("*/[!.]*.parquet") if file.stat().st_mtime_ns > published]
    if newer:
        return path, [f"{len(newer)} lake files are newer than the snapshot {path.name}: the last run did not publish"]
    return path, []
