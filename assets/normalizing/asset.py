"""The normalizing assets: the reports of one report year and the cells of the form they fill.

Belongs here: the hand-over of normalizing to Dagster, remembering what is known.
Does not: normalizing itself (frames.py and its neighbours).
"""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import polars as pl

from assets import lake
from assets.asset import lake_ins, lake_outs
from assets.fetching.fetched import listed_documents
from assets.home import Home
from assets.lake_files import LakeFiles
from assets.normalizing.frames import normalized_frames
from assets.normalizing.organ_identity.pieces import Listed
from assets.normalizing.version import normalizer_version
from assets.progress import Progress
from assets.remembered import Frames, plan, rows_of, together, versions

READ = (lake.PARSED_DOCUMENTS, lake.PRINTED_TABLES, lake.PRINTED_TEXT, lake.OBSERVATIONS)
# reports, which says by its version what is remembered, is written last: killed in between, nothing is lost.
TABLES = (
    lake.CELLS, lake.CLAIMS, lake.SECTION_TEXTS, lake.REPORT_OBSERVATIONS, lake.DOCUMENT_FACTS, lake.ORGANS,
    lake.ORGAN_EVIDENCE, lake.REPORTS,
)
BATCH = 500


def build_normalizing(years: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the multi-asset that normalizes what was parsed for a report year, partitioned by `years`."""

    @dg.multi_asset(
        name="normalizing", outs=lake_outs(TABLES, "normalizing"), ins=lake_ins(READ), partitions_def=years
    )
    def normalizing(
        context: dg.AssetExecutionContext,
        parsed_documents: pl.DataFrame,
        printed_tables: pl.DataFrame,
        printed_text: pl.DataFrame,
        observations: pl.DataFrame,
        home: dg.ResourceParam[Home],
        progress: dg.ResourceParam[Progress],
    ) -> Iterator[dg.Output[pl.DataFrame]]:
        """Normalize the reports that this version of the code has not normalized yet."""
        reports = parsed_documents.filter(pl.col("state") == "report")
        wanted = dict.fromkeys(reports["document_id"], normalizer_version())
        previous = LakeFiles(home.lake).previous(TABLES, context.partition_key)
        work = plan(wanted, versions(previous[lake.REPORTS.name], "normalizer_version"))
        read = (parsed_documents, printed_tables, printed_text, observations)
        made = _normalized(work.to_do, read, progress, listed_documents(home.ledger))
        frames = together(previous, work.remembered, made)
        counts = {"documents_normalized": len(work.to_do), "documents_remembered": len(work.remembered)}
        context.log.info(f"normalizing {context.partition_key}: {counts}")
        for table in TABLES:
            yield dg.Output(frames[table.name], table.name, metadata=counts)

    return normalizing


def _normalized(
    to_do: Sequence[str], read: Sequence[pl.DataFrame], progress: Progress, listed: Mapping[str, Listed]
) -> Iterator[Frames]:
    for start in range(0, len(to_do), BATCH):
        batch = to_do[start : start + BATCH]
        parsed, tables, text, observations = (rows_of(frame, batch) for frame in read)
        made = normalized_frames(parsed, tables, text, observations, listed)
        yield {
            lake.REPORTS.name: made.reports,
            lake.CELLS.name: made.cells,
            lake.CLAIMS.name: made.claims,
            lake.SECTION_TEXTS.name: made.texts,
            lake.REPORT_OBSERVATIONS.name: made.observations,
            lake.DOCUMENT_FACTS.name: made.evidence,
            lake.ORGANS.name: made.organs,
            lake.ORGAN_EVIDENCE.name: made.organ_evidence,
        }
        progress.step("normalizing", start + len(batch), len(to_do))
