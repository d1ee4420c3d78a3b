"""The parsing assets: what stands printed in the documents of one report year.

Belongs here: the hand-over of parsing to Dagster, document by document, remembering what is known.
Does not: parsing itself (parse.py, frames.py).
"""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import polars as pl

from assets.asset import lake_ins, lake_outs
from assets.fetching.archive import Archive, archive_of
from assets.home import Home
from assets.lake import CELL_PICTURES, DOCUMENTS, OBSERVATIONS, PARSED_DOCUMENTS, PRINTED_TABLES, PRINTED_TEXT
from assets.lake_files import LakeFiles
from assets.parsing.frames import parsed_frames
from assets.parsing.version import parser_version
from assets.progress import Progress
from assets.remembered import Frames, plan, together, versions

# parsed_documents, which says by its version what is remembered, is written last: killed in between, nothing is lost.
TABLES = (PRINTED_TABLES, PRINTED_TEXT, CELL_PICTURES, OBSERVATIONS, PARSED_DOCUMENTS)
BATCH = 50


def build_parsing(years: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the multi-asset that parses the documents of a report year, partitioned by `years`."""

    @dg.multi_asset(name="parsing", outs=lake_outs(TABLES, "parsing"), ins=lake_ins([DOCUMENTS]), partitions_def=years)
    def parsing(
        context: dg.AssetExecutionContext,
        documents: pl.DataFrame,
        home: dg.ResourceParam[Home],
        progress: dg.ResourceParam[Progress],
    ) -> Iterator[dg.Output[pl.DataFrame]]:
        """Parse the documents that this version of the parser has not seen yet."""
        names: dict[str, str] = dict(documents.select("document_id", "file_name").iter_rows())
        previous = LakeFiles(home.lake).previous(TABLES, context.partition_key)
        known = versions(previous[PARSED_DOCUMENTS.name], "parser_version")
        work = plan(dict.fromkeys(names, parser_version()), known)
        fresh = _parsed(work.to_do, names, archive_of(home), progress)
        frames = together(previous, work.remembered, fresh)
        counts = {"documents_parsed": len(work.to_do), "documents_remembered": len(work.remembered)}
        context.log.info(f"parsing {context.partition_key}: {counts}")
        for table in TABLES:
            yield dg.Output(frames[table.name], table.name, metadata=counts)

    return parsing


def _parsed(to_do: Sequence[str], names: Mapping[str, str], archive: Archive, progress: Progress) -> Iterator[Frames]:
    for start in range(0, len(to_do), BATCH):
        batch = to_do[start : start + BATCH]
        frames = parsed_frames((document_id, names[document_id], archive.fetch(document_id)) for document_id in batch)
        yield {table.name: getattr(frames, table.name) for table in TABLES}
        progress.step("parsing", start + len(batch), len(to_do))
