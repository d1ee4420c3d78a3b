"""The tables of the lake: their names, columns, keys and meaning, written once.

Belongs here: the polars schema of every Parquet table that one stage hands to the next.
Does not: how a table is filled (the stages), where files lie (assets/home.py), the marts (dbt_project).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

VALUE = pl.Decimal(20, 6)
TEXT = pl.String()
WHOLE = pl.Int32()


@dataclass(frozen=True)
class LakeTable:
    """One Parquet table: one file per report-year partition, sorted by `key`."""

    name: str
    key: tuple[str, ...]
    columns: dict[str, pl.DataType]
    zh: str
    en: str

    def empty(self) -> pl.DataFrame:
        """Return a frame of no rows with this table's schema."""
        return pl.DataFrame(schema=self.columns)

    def frame(self, rows: list[dict[str, object]]) -> pl.DataFrame:
        """Return `rows` as a frame of this table's schema, sorted by key; an unknown column is a ValueError."""
        unknown = {name for row in rows for name in row} - set(self.columns)
        if unknown:
            raise ValueError(f"{self.name}: columns not in the lake's schema: {sorted(unknown)}")
        return pl.DataFrame(rows, schema=self.columns, orient="row").sort(self.key)

    def sort(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows sorted by key: as they are if they are sorted, else in half the time of a sort by texts."""
        if self.in_order(frame):
            return frame
        keys = frame.select(self.key)
        if keys.null_count().sum_horizontal().item() or any(kind != TEXT for kind in keys.dtypes):
            return frame.sort(self.key)
        # Each text as its position among those there are: a row's place is then one whole number.
        place = pl.Series([0], dtype=pl.UInt64).new_from_index(0, frame.height)
        for column in keys:
            names = column.unique().sort()
            place = place * names.len() + column.cast(pl.Enum(names)).to_physical()
        return frame.rechunk()[place.arg_sort()]

    def in_order(self, frame: pl.DataFrame) -> bool:
        """Tell whether the rows are sorted by key and no two have the same."""
        after, same = pl.lit(False), pl.lit(True)
        for name in self.key:
            column = pl.col(name)
            after = after | (same & (column > column.shift(1)))
            same = same & (column == column.shift(1))
        return bool(frame.select(after.slice(1).fill_null(False).all()).item())

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a frame with this table's columns and types; those that `frame` lacks are NULL."""
        missing = [pl.lit(None, kind).alias(name) for name, kind in self.columns.items() if name not in frame.columns]
        return frame.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in self.columns.items())


DOCUMENTS = LakeTable(
    "documents",
    ("document_id",),
    {
        "document_id": TEXT,
        "file_name": TEXT,
        "byte_size": pl.Int64(),
        "first_seen": pl.Datetime("us", "UTC"),
        "partition": TEXT,
    },
    "收到的文件，每个内容一行",
    "One received document per row; document_id is the sha256 of its bytes",
)
PUBLISHER_OUTCOMES = LakeTable(
    "publisher_outcomes",
    ("publisher",),
    {
        "publisher": TEXT,
        "year": TEXT,
        "state": TEXT,
        "reason": TEXT,
        "territory_code": TEXT,
        "floor": WHOLE,
        "reports": WHOLE,
        "fetched": WHOLE,
        "unchanged": WHOLE,
        "spared": WHOLE,
        "failed": WHOLE,
        "refused": WHOLE,
        "queued": WHOLE,
        "started": TEXT,
        "ended": TEXT,
    },
    "每个发布单位最近一次抓取的结果：完整、不足下限、有失败、被拒绝，及其说明",
    "What became of each publisher the last time it was asked: complete, short of its floor, troubled, blocked; why",
)
PARSED_DOCUMENTS = LakeTable(
    "parsed_documents",
    ("document_id",),
    {
        "document_id": TEXT,
        "parser_version": TEXT,
        "media": TEXT,
        "encoding": TEXT,
        "reader": TEXT,
        "state": TEXT,
        "refusal_kind": TEXT,
        "refusal_detail": TEXT,
        "report_count": WHOLE,
    },
    "每个文件的读取结果：报告（一份或多份）或拒收及其原因",
    "What became of each document: one report or several, or refused and why",
)
PRINTED_TABLES = LakeTable(
    "printed_tables",
    ("document_id", "report_number", "table_code", "row", "column"),
    {
        "document_id": TEXT,
        "report_number": WHOLE,
        "table_code": TEXT,
        "row": WHOLE,
        "column": WHOLE,
        "row_span": WHOLE,
        "column_span": WHOLE,
        "text": TEXT,
        "place": TEXT,
        "role": TEXT,
        "cell_code": TEXT,
        "layout": TEXT,
        "placement": TEXT,
        "confidence": pl.Float32(),
        "alternative": TEXT,
    },
    "按原样读到的表格单元格及其位置",
    "Every printed cell as read, where it stands, and the cell of the form it was placed on",
)
PRINTED_TEXT = LakeTable(
    "printed_text",
    ("document_id", "report_number", "block_no"),
    {"document_id": TEXT, "report_number": WHOLE, "block_no": WHOLE, "text": TEXT, "place": TEXT},
    "表格以外的文字，逐段；被拒收文件的报告序号为 0",
    "The prose of each report of a document, paragraph by paragraph; report number 0 where the document is refused",
)
CELL_PICTURES = LakeTable(
    "cell_pictures",
    ("document_id", "place"),
    {"document_id": TEXT, "place": TEXT, "png": pl.Binary()},
    "扫描件中识别存疑的单元格图片，供复核",
    "Pictures (PNG) of cells of scans whose figure is doubtful, for review; `place` is that of printed_tables",
)
OBSERVATIONS = LakeTable(
    "observations",
    ("report_version_id", "table_code", "fact", "scope", "value"),
    {"report_version_id": TEXT, "table_code": TEXT, "fact": TEXT, "scope": TEXT, "value": TEXT},
    "关于表格结构与文件的客观记录，供规则判断",
    "What was observed about tables and document, for the rules to judge",
)
REPORTS = LakeTable(
    "reports",
    ("report_version_id",),
    {
        "report_version_id": TEXT,
        "document_id": TEXT,
        "organ_name": TEXT,
        "report_year": WHOLE,
        "title": TEXT,
        "period_start": pl.Date(),
        "period_end": pl.Date(),
        "signed_date": pl.Date(),
        "published_date": pl.Date(),
        "index_number": TEXT,
        "document_number": TEXT,
        "police_filing": TEXT,
        "icp_filing": TEXT,
        "website_code": TEXT,
        "territory_code": TEXT,
        "edition_proactive_disclosure": TEXT,
        "edition_requests": TEXT,
        "edition_reconsideration_litigation": TEXT,
        "form": TEXT,
        "normalizer_version": TEXT,
    },
    "年度报告：机关、年度、日期、编号、格式版本",
    "One annual report: organ, year, dates, numbers, editions; NULL = not stated, or stated in conflict",
)
DOCUMENT_FACTS = LakeTable(
    "document_facts",
    ("report_version_id", "fact", "source", "value", "place"),
    {
        "report_version_id": TEXT,
        "fact": TEXT,
        "source": TEXT,
        "value": TEXT,
        "text": TEXT,
        "place": TEXT,
        "standing": TEXT,
    },
    "标题、机关、年度、日期、编号等各自的依据：原文、位置、是否采用",
    "The evidence for what a report states about itself: words, place, and how it stands to the value in `reports`",
)
ORGANS = LakeTable(
    "organs",
    ("report_version_id",),
    {
        "report_version_id": TEXT,
        "organ_id": TEXT,
        "organ_name": TEXT,
        "own_name": TEXT,
        "territory_code": TEXT,
        "town_code": TEXT,
        "organ_type": TEXT,
        "level": TEXT,
        "scope": TEXT,
        "state": TEXT,
        "reason": TEXT,
        "reason_zh": TEXT,
        "reason_en": TEXT,
    },
    "每份报告属于哪个机关、哪个地方、什么范围；未确定的只写状态与原因",
    "Whose report each is, of which place and scope; where that is not certain, only the state and the reason",
)
ORGAN_EVIDENCE = LakeTable(
    "organ_evidence",
    ("report_version_id", "piece_no"),
    {
        "report_version_id": TEXT,
        "piece_no": WHOLE,
        "kind": TEXT,
        "kind_zh": TEXT,
        "kind_en": TEXT,
        "says": TEXT,
        "text": TEXT,
        "place": TEXT,
        "standing": TEXT,
    },
    "判断报告机关的每处依据：种类、所指、原文、位置、与结论是否一致",
    "Every piece of evidence for whose report it is: kind, what it says, words, place, how it stands to the result",
)
CELLS = LakeTable(
    "cells",
    ("report_version_id", "cell_code"),
    {
        "report_version_id": TEXT,
        "cell_code": TEXT,
        "table_code": TEXT,
        "line_code": TEXT,
        "column_code": TEXT,
        "edition": TEXT,
        "value": VALUE,
        "unit": TEXT,
        "state": TEXT,
        "printed_text": TEXT,
        "place": TEXT,
    },
    "国家格式的每个单元格：数值、状态、原文、位置",
    "Every cell of the national form: value or NULL, state, printed text, place",
)
CLAIMS = LakeTable(
    "claims",
    ("report_version_id", "claim_no"),
    {
        "report_version_id": TEXT,
        "claim_no": WHOLE,
        "kind": TEXT,
        "subject": TEXT,
        "section": WHOLE,
        "lower": pl.Float64(),
        "upper": pl.Float64(),
        "parts_lower": pl.List(pl.Float64()),
        "parts_upper": pl.List(pl.Float64()),
        "strength": TEXT,
        "text": TEXT,
        "place": TEXT,
    },
    "正文中关于件数、合计、比例、收费的每处表述：数值区间（上限为空表示不封顶）、所指单元格、原文、位置",
    "Every statement of the prose on counts, sums, shares and fees: the number as an interval (upper NULL is open), "
    "the cells or forum it speaks of, its words and place",
)
SECTION_TEXTS = LakeTable(
    "section_texts",
    ("report_version_id", "section"),
    {"report_version_id": TEXT, "section": TEXT, "characters": WHOLE, "text": TEXT, "signature": pl.Binary()},
    "第一、五部分的文字（全角半角统一、去空白）及其特征，供查找雷同",
    "The prose of sections 1 and 5, folded, without white space, and its signature: for finding texts that are alike",
)
REPORT_OBSERVATIONS = LakeTable(
    "report_observations",
    OBSERVATIONS.key,
    OBSERVATIONS.columns,
    "关于整份文件的客观记录（各处所述年度、机关、日期，乱码比例），供规则判断",
    "What was observed about the document as a whole (stated years, organs, days, mojibake), for the rules to judge",
)
FINDINGS = LakeTable(
    "findings",
    ("report_version_id", "rule", "scope"),
    {
        "report_version_id": TEXT,
        "rule": TEXT,
        "scope": TEXT,
        "table_code": TEXT,
        "verdict": TEXT,
        "severity": TEXT,
        "left": pl.Float64(),
        "right": pl.Float64(),
        "difference": pl.Float64(),
        "message_zh": TEXT,
        "message_en": TEXT,
    },
    "每条规则在每份报告中不成立之处；成立与无法判断的只计数（verdict_counts）",
    "Where one rule breaks in one report, one row per scope; what holds or is unknown is counted (verdict_counts)",
)
VERDICT_COUNTS = LakeTable(
    "verdict_counts",
    ("report_version_id", "rule", "table_code"),
    {
        "report_version_id": TEXT,
        "rule": TEXT,
        "table_code": TEXT,
        "holds": WHOLE,
        "breaks": WHOLE,
        "unknown": WHOLE,
    },
    "每份报告每条规则在每张表（或整份报告 document）中成立、不成立、无法判断各几处",
    "In how many places of each table (or of the document) one rule holds, breaks and is unknown in one report",
)
TABLE_STATES = LakeTable(
    "table_states",
    ("report_version_id", "table_code"),
    {"report_version_id": TEXT, "table_code": TEXT, "edition": TEXT, "state": TEXT},
    "每份报告每张表的去向：发布、隔离、缺失",
    "Where each table of each report ended: published, quarantined or missing",
)
QUARANTINED_TABLES = LakeTable(
    "quarantined_tables",
    ("report_version_id", "table_code"),
    {
        "report_version_id": TEXT,
        "document_id": TEXT,
        "table_code": TEXT,
        "reasons": pl.List(TEXT),
        "reason_count": WHOLE,
        "summary_zh": TEXT,
        "summary_en": TEXT,
        "layout": TEXT,
        "signature": TEXT,
        "verdict": TEXT,
        "verdict_reasons": pl.List(TEXT),
        "verdict_reasons_zh": TEXT,
        "verdict_reasons_en": TEXT,
        "repair_count": WHOLE,
        "best_repair_zh": TEXT,
        "best_repair_en": TEXT,
    },
    "被隔离的表：原因、同类特征、是报告有误还是读取有误、最佳修正",
    "Tables held back for review: reasons, signature of what is alike, publisher or parser wrong, the best repair",
)
BREAKS = LakeTable(
    "breaks",
    ("report_version_id", "rule", "scope"),
    {
        "finding_id": TEXT,
        "report_version_id": TEXT,
        "document_id": TEXT,
        "rule": TEXT,
        "rule_zh": TEXT,
        "rule_en": TEXT,
        "severity": TEXT,
        "scope": TEXT,
        "table_code": TEXT,
        "table_zh": TEXT,
        "table_en": TEXT,
        "line_code": TEXT,
        "line_zh": TEXT,
        "line_en": TEXT,
        "column_code": TEXT,
        "column_zh": TEXT,
        "column_en": TEXT,
        "left": pl.Float64(),
        "right": pl.Float64(),
        "difference": pl.Float64(),
        "cells": pl.List(
            pl.Struct({"side": TEXT, "cell_code": TEXT, "value": pl.Float64(), "text": TEXT, "place": TEXT})
        ),
        "related": pl.List(TEXT),
        "message_zh": TEXT,
        "message_en": TEXT,
    },
    "不成立的判断（错误与警告），各附编号、位置、所涉单元格、相关的其他判断，供人处理",
    "Errors and warnings that people can act on: id, place in the form's words, cells, related findings",
)
REPAIRS = LakeTable(
    "repairs",
    ("report_version_id", "table_code", "number"),
    {
        "report_version_id": TEXT,
        "table_code": TEXT,
        "number": WHOLE,
        "rank": WHOLE,
        "ties": WHOLE,
        "repair_count": WHOLE,
        "complete": pl.Boolean(),
        "kind": TEXT,
        "times": WHOLE,
        "kind_zh": TEXT,
        "kind_en": TEXT,
        "cost": pl.Float64(),
        "changes": pl.List(pl.Struct({"cell": TEXT, "from": VALUE, "to": VALUE})),
        "closes": pl.List(TEXT),
        "evidence": pl.List(pl.Struct({"code": TEXT, "supports": pl.Boolean(), "zh": TEXT, "en": TEXT})),
    },
    "被隔离的表可能的修正，按可信程度排列，附证据；只供复核，从不自动采用",
    "Repairs of held tables, the most plausible first, with evidence: proposals for reviewers that nothing applies",
)
ACCEPTED_CELLS = LakeTable(
    "accepted_cells",
    ("report_version_id", "cell_code"),
    CELLS.columns,
    "通过检查、可以发布的单元格",
    "The cells of tables that passed the gate",
)

TABLES = (
    PUBLISHER_OUTCOMES,
    DOCUMENTS,
    PARSED_DOCUMENTS,
    PRINTED_TABLES,
    PRINTED_TEXT,
    CELL_PICTURES,
    OBSERVATIONS,
    REPORTS,
    DOCUMENT_FACTS,
    ORGANS,
    ORGAN_EVIDENCE,
    CELLS,
    CLAIMS,
    SECTION_TEXTS,
    REPORT_OBSERVATIONS,
    FINDINGS,
    VERDICT_COUNTS,
    TABLE_STATES,
    QUARANTINED_TABLES,
    BREAKS,
    REPAIRS,
    ACCEPTED_CELLS,
)
