"""Which version of the code fills which table of the lake.

Belongs here: one answer per lake table, so that stages, files and the nightly plan agree on what is out of date.
Does not: how a version is computed (assets/parsing/version.py).
"""

from __future__ import annotations

from assets import lake
from assets.lake import LakeTable
from assets.normalizing.version import normalizer_version
from assets.parsing.version import parser_version
from assets.parsing.version import version_of as hash_of


def version_of(table: LakeTable) -> str:
    """Return the version of the code that fills `table`; `documents` is copied from the ledger and has none."""
    if table is lake.DOCUMENTS:
        return ""
    if table in (
        lake.PARSED_DOCUMENTS, lake.PRINTED_TABLES, lake.PRINTED_TEXT, lake.CELL_PICTURES, lake.OBSERVATIONS
    ):
        return parser_version()
    if table in (lake.REPORTS, lake.DOCUMENT_FACTS, lake.CELLS, lake.CLAIMS, lake.REPORT_OBSERVATIONS):
        return normalizer_version()
    return rules_version()


def rules_version() -> str:
    """Return the version of the rules and of what follows: the form, everything under expectations and quarantine."""
    return hash_of("form", "../expectations", "quarantine")
