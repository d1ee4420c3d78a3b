"""Conservation: nothing that came in is lost, and nothing is in two states. Blocks publication.

Belongs here: the count, pure; what does not add up and what to do about it.
Does not: reading the lake, asset checks (assets/marts, orchestration).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from assets.form import cells as form
from expectations.gate import KEY, MISSING, PUBLISHED, QUARANTINED

REFUSED = "refused"
STATES = (PUBLISHED, QUARANTINED, MISSING)

# check → what is wrong and what to do, Chinese and English
CHECKS: dict[str, tuple[str, str]] = {
    "document_twice": (
        "同一文件登记了两次；请检查收件台账，同一内容只应有一行",
        "the document is registered twice; check the intake ledger, one content is one row"),
    "document_lost": (
        "文件既没有成为报告，也没有被拒收；请对该年度分区重新运行解析",
        "the document is neither a report nor refused; run parsing again for its partition"),
    "document_in_two_states": (
        "文件既被拒收，又有报告；请对该年度分区重新运行解析，以新的结果为准",
        "the document is refused and has a report as well; run parsing again for its partition"),
    "document_unregistered": (
        "文件有解析结果或报告，却没有收件登记；请检查收件台账是否被删改",
        "the document has results but is not registered; check whether the intake ledger was changed"),
    "parse_twice": (
        "同一文件有两条解析结果；请对该年度分区重新运行解析",
        "the document has two parse results; run parsing again for its partition"),
    "report_lost": (
        "文件中的报告份数与规整出的份数不符；请对该年度分区重新运行规整",
        "the document holds more or fewer reports than were normalized; run normalizing again for its partition"),
    "report_twice": (
        "同一报告版本出现两次；请对该年度分区重新运行规整",
        "the report version stands twice; run normalizing again for its partition"),
    "table_lost": (
        "报告的这张表不在发布、隔离、缺失任何一种状态；请重新运行检查关口",
        "this table of the report is in no state; run the gate again"),
    "table_in_two_states": (
        "报告的这张表有不止一种状态；请重新运行检查关口",
        "this table of the report is in more than one state; run the gate again"),
    "table_unknown": (
        "状态所指的报告、表格或状态名不存在；请重新运行检查关口",
        "the state speaks of a report, a table or a state that does not exist; run the gate again"),
    "quarantine_not_listed": (
        "表处于隔离状态，却不在隔离清单中；请重新运行检查关口",
        "the table is quarantined but not on the list of quarantined tables; run the gate again"),
    "quarantine_not_stated": (
        "表在隔离清单中，状态却不是隔离；请重新运行检查关口",
        "the table is on the list of quarantined tables but not in that state; run the gate again"),
    "quarantine_twice": (
        "同一张表在隔离清单中出现两次；请重新运行检查关口",
        "the table stands twice on the list of quarantined tables; run the gate again"),
    "cells_not_published": (
        "未发布的表有单元格被放行；停止发布，请重新运行检查关口",
        "cells of a table that is not published were accepted; stop, and run the gate again"),
    "cells_lost": (
        "已发布的表没有一个放行的单元格；请重新运行检查关口",
        "a published table has no accepted cell; run the gate again"),
}


@dataclass(frozen=True)
class Conservation:
    """The outcome: counts for the log, and one row per offender: check, subject, zh, en."""

    documents: int
    reports: int
    refused: int
    tables: dict[str, int]
    offenders: pl.DataFrame

    @property
    def ok(self) -> bool:
        """Whether everything adds up."""
        return self.offenders.is_empty()


def conservation(
    documents: pl.DataFrame, parsed_documents: pl.DataFrame, reports: pl.DataFrame, table_states: pl.DataFrame,
    quarantined_tables: pl.DataFrame, accepted_cells: pl.DataFrame,
) -> Conservation:
    """Check that documents, reports and tables add up; every argument is the lake's table of that name.

    Every document is either refused or the document of as many reports as parsing found in it, not both. Every report
    has each of the three tables in exactly one of published, quarantined, missing. The quarantined tables are those in
    that state. Accepted cells belong to published tables, and every published table has some.
    """
    tables = accepted_cells.select(KEY).unique()
    found = [
        *_documents(documents, parsed_documents, reports), *_tables(reports, table_states),
        *_quarantine(table_states, quarantined_tables), *_cells(table_states, tables),
    ]
    counted = table_states.group_by("state").len().rows()
    refused = parsed_documents.filter(state=REFUSED).height
    return Conservation(documents.height, reports.height, refused, dict(sorted(counted)), _offenders(found))


Found = tuple[str, pl.DataFrame]


def _offenders(found: Iterable[Found]) -> pl.DataFrame:
    """One row per offender; the subject is the values of its row, such as report and table."""
    rows = [
        (check, " ".join(map(str, row)), *CHECKS[check])
        for check, frame in found for row in sorted(frame.unique().rows())
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("check", "subject", "zh", "en"), pl.String), orient="row")


def _twice(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return frame.group_by(key).len().filter(pl.col("len") > 1).select(key)


def _documents(documents: pl.DataFrame, parsed: pl.DataFrame, reports: pl.DataFrame) -> Iterable[Found]:
    key = ["document_id"]
    refused, reported = parsed.filter(state=REFUSED).select(key), reports.select(key)
    settled = pl.concat([refused, reported])
    yield "document_twice", _twice(documents, key)
    yield "document_lost", documents.select(key).join(settled, on=key, how="anti")
    yield "document_in_two_states", refused.join(reported, on=key, how="semi")
    yield "document_unregistered", pl.concat([parsed.select(key), reported]).join(documents, on=key, how="anti")
    yield "parse_twice", _twice(parsed, key)
    counted = reported.group_by(key).len("normalized")
    held = parsed.filter(pl.col("state") != REFUSED).select("document_id", "report_count")
    differing = held.join(counted, on=key, how="inner").filter(pl.col("report_count") != pl.col("normalized"))
    yield "report_lost", differing.select(key)
    yield "report_twice", _twice(reports, ["report_version_id"])


def _tables(reports: pl.DataFrame, states: pl.DataFrame) -> Iterable[Found]:
    expected = reports.select("report_version_id").join(pl.DataFrame({"table_code": form.table_codes()}), how="cross")
    known = states.filter(pl.col("state").is_in(STATES))
    yield "table_lost", expected.join(known, on=KEY, how="anti")
    yield "table_in_two_states", _twice(states, KEY)
    strange = states.filter(~pl.col("state").is_in(STATES).fill_null(False))
    yield "table_unknown", pl.concat([states.join(expected, on=KEY, how="anti"), strange]).select(*KEY, "state")


def _quarantine(states: pl.DataFrame, quarantined: pl.DataFrame) -> Iterable[Found]:
    held, listed = states.filter(state=QUARANTINED).select(KEY), quarantined.select(KEY)
    yield "quarantine_not_listed", held.join(listed, on=KEY, how="anti")
    yield "quarantine_not_stated", listed.join(held, on=KEY, how="anti")
    yield "quarantine_twice", _twice(listed, KEY)


def _cells(states: pl.DataFrame, accepted: pl.DataFrame) -> Iterable[Found]:
    published = states.filter(state=PUBLISHED).select(KEY)
    yield "cells_not_published", accepted.join(published, on=KEY, how="anti")
    yield "cells_lost", published.join(accepted, on=KEY, how="anti")
