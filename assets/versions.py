"""Which version of the code fills which table of the lake, and of what a judged table was made.

Belongs here: one answer per lake table, so that stages, files and the nightly plan agree on what is out of date.
Does not: how a version is computed (assets/parsing/version.py).
"""

from __future__ import annotations

import hashlib

from assets import lake
from assets.lake import LakeTable
from assets.lake_files import LakeFiles
from assets.normalizing.version import normalizer_version
from assets.parsing.version import parser_version
from assets.parsing.version import version_of as hash_of

PARSED = (lake.PARSED_DOCUMENTS, lake.PRINTED_TABLES, lake.PRINTED_TEXT, lake.CELL_PICTURES, lake.OBSERVATIONS)
NORMALIZED = (
    lake.REPORTS, lake.DOCUMENT_FACTS, lake.ORGANS, lake.ORGAN_EVIDENCE, lake.CELLS, lake.CLAIMS, lake.SECTION_TEXTS,
    lake.REPORT_OBSERVATIONS,
)
# What is read of a document, and what is judged of reports; a judged year is out of date with what is read of its own
# and of the neighbouring years.
READ = (lake.PUBLISHER_OUTCOMES, lake.DOCUMENTS, *PARSED, *NORMALIZED)
JUDGED = tuple(table for table in lake.TABLES if table not in READ)
COMPARED = (lake.REPORTS, lake.ORGANS, lake.CELLS, lake.SECTION_TEXTS)
JUDGED_BY = (*COMPARED, lake.CLAIMS, lake.PRINTED_TABLES, lake.OBSERVATIONS, lake.REPORT_OBSERVATIONS)


def version_of(table: LakeTable) -> str:
    """Return the version of the code that fills `table`; `documents` and outcomes are copied from the ledger."""
    if table in (lake.DOCUMENTS, lake.PUBLISHER_OUTCOMES):
        return ""
    if table in PARSED:
        return parser_version()
    if table in NORMALIZED:
        return normalizer_version()
    return rules_version()


def rules_version() -> str:
    """Return the version of the rules and of what follows: the form, everything under expectations and quarantine."""
    return hash_of("form", "../expectations", "quarantine")


def made_by(files: LakeFiles, table: LakeTable, partition: str) -> str:
    """Return what a file of `table` written now is made by: the code, and for a judged table the files it judges."""
    if table not in JUDGED:
        return version_of(table)
    return f"{version_of(table)} {_digest_of_inputs(files, partition)}"


def neighbouring_years(partition: str) -> tuple[str, ...]:
    """Return the report years whose reports are compared with those of `partition`; none for `undated`."""
    return (str(int(partition) - 1), str(int(partition) + 1)) if partition.isdigit() else ()


def _digest_of_inputs(files: LakeFiles, partition: str) -> str:
    own = [files.digest(table, partition) for table in JUDGED_BY]
    around = [files.digest(table, year) for year in neighbouring_years(partition) for table in COMPARED]
    return hashlib.sha256(" ".join([*own, *around]).encode()).hexdigest()[:16]
