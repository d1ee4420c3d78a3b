"""The marts end to end: a small lake through dbt, Dagster and publication.

Belongs here: what the marts hold for reports whose figures are known, and what stops a publication.
Does not: parsing and the gate (their frames are made here), the snapshot's own promises (tests/unit/test_publishing).
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from assets import lake
from assets.form import cells as form
from assets.home import Home
from assets.lake_files import LakeFiles
from assets.marts import changes
from assets.marts import dbt as dbt_calls
from assets.marts.asset import build_marts
from assets.marts.dbt import DBT_PROJECT, DbtError, build_file, ensure_manifest, run_dbt, target_folder
from assets.marts.publishing import PublicationError, latest_path, open_latest, publish_snapshot
from assets.marts.reference import REFERENCE, write_reference
from assets.normalizing.facts import facts_of
from assets.normalizing.organ_identity.identify import Owner, owner_of
from assets.normalizing.organ_identity.resolving import Identity
from assets.normalizing.organ_identity.rows import evidence_rows, organ_row
from assets.normalizing.prose import prose_of

Row = dict[str, Any]
SOURCES = (
    lake.DOCUMENTS, lake.PARSED_DOCUMENTS, lake.REPORTS, lake.FINDINGS, lake.TABLE_STATES, lake.QUARANTINED_TABLES,
    lake.ACCEPTED_CELLS, lake.DOCUMENT_FACTS, lake.BREAKS, lake.ORGANS, lake.ORGAN_EVIDENCE, lake.CELLS,
    lake.SECTION_TEXTS, lake.VERDICT_COUNTS, lake.OBSERVATIONS, lake.REPORT_OBSERVATIONS,
)
BALANCED = {
    "received": 30, "carried_in": 4, "granted_in_full": 8, "granted_in_part": 4, "denied_state_secret": 6,
    "denied_administrative_inquiry": 2, "unable_not_held": 4, "unable_still_unclear": 2, "not_processed_duplicate": 5,
    "outcome_total": 32, "carried_out": 2,
}


@dataclass
class Report:
    """A report to put into the lake: figures of natural persons in table 3, and the tables that were not published."""

    name: str
    partition: str = "2024"
    edition: str = "cn_ogi_2021"
    organ: str | None = "离石区人民政府办公室"
    figures: Mapping[str, int] = field(default_factory=lambda: BALANCED | {"other_misc": 1})
    blank: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    received: date = date(2026, 11, 22)
    prose: str = "主动公开工作有序开展"

    @property
    def document(self) -> str:
        """The document's id: 64 digits that begin with the name."""
        return self.name.ljust(64, "0")

    @property
    def version(self) -> str:
        """The report version's id."""
        return self.document[:16] + "-1"

    def state(self, table: str) -> str:
        """Where `table` ended."""
        return self.states.get(table, "published")


class Lake:
    """Rows for every table that dbt reads, written as one file per partition."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[str, Row]]] = {table.name: [] for table in SOURCES}

    def add(self, table: lake.LakeTable, partition: str, /, **row: object) -> None:
        self.rows[table.name].append((partition, row))

    def refuse(self, name: str, kind: str, detail: str) -> None:
        self._document(name.ljust(64, "0"), f"{name}.bin", "undated", "refused", kind, detail)

    def report(self, report: Report) -> None:
        name = f"{report.name}.txt"
        self._document(report.document, name, report.partition, "report", None, None, report.received)
        self.add(
            lake.REPORTS, report.partition, report_version_id=report.version, document_id=report.document,
            organ_name=report.organ, report_year=int(report.partition), title="年度报告", territory_code="141102",
            signed_date=date(int(report.partition) + 1, 1, 20), form=report.edition,
            normalizer_version="n1", **{f"edition_{table}": report.edition for table in form.table_codes()},
        )
        self.add(
            lake.DOCUMENT_FACTS, report.partition, report_version_id=report.version, fact="report_year", source="title",
            value=report.partition, text=f"{report.partition}年度报告", place="line 1", standing="used",
        )
        self._organ(report)
        for table in form.table_codes():
            self._table(report, table)
        for cell in form.cells(report.edition):
            self._cell(report, cell)
        self.add(
            lake.SECTION_TEXTS, report.partition, report_version_id=report.version, section="1",
            characters=len(report.prose), text=report.prose,
        )
        self.add(
            lake.REPORT_OBSERVATIONS, report.partition, report_version_id=report.version, table_code="document",
            fact="deadline_kind", scope="document", value="department",
        )

    def warn(self, report: Report, table: str | None) -> None:
        self.add(
            lake.FINDINGS, report.partition, report_version_id=report.version, rule="P01_issued_bound",
            scope=table or "document", table_code=table, verdict="breaks", severity="warning",
        )

    def write(self, home: Home) -> None:
        files = LakeFiles(home.lake)
        for table in SOURCES:
            for partition in ("2019", "2024", "undated"):
                rows = [row for place, row in self.rows[table.name] if place == partition]
                files.write(table, partition, table.frame(rows), "test")

    def _document(
        self, document: str, name: str, partition: str, state: str, kind: str | None, detail: str | None,
        received: date = date(2026, 11, 22),
    ) -> None:
        self.add(
            lake.DOCUMENTS, partition, document_id=document, file_name=name, byte_size=7,
            first_seen=datetime(received.year, received.month, received.day, 2, tzinfo=UTC), partition=partition,
        )
        self.add(
            lake.PARSED_DOCUMENTS, partition, document_id=document, parser_version="p1", media="text", encoding="utf-8",
            reader="text", state=state, refusal_kind=kind, refusal_detail=detail,
        )

    def _organ(self, report: Report) -> None:
        """A report that names its organ is resolved, as the normalizing stage would; another is nobody's."""
        lines = [f"吕梁市{report.organ}{report.partition}年政府信息公开工作年度报告"] if report.organ else []
        lines += ["六、其他需要报告的事项", f"吕梁市{report.organ or ''}", f"{int(report.partition) + 1}年1月20日"]
        prose = prose_of([(line, f"line {number}") for number, line in enumerate(lines, start=1)])
        owner = owner_of(prose, facts_of(prose)) if report.organ else Owner(Identity("unresolved", "no_name"), None)
        self.add(lake.ORGANS, report.partition, **organ_row(report.version, owner))
        for row in evidence_rows(report.version, owner):
            self.add(lake.ORGAN_EVIDENCE, report.partition, **row)

    def _table(self, report: Report, table: str) -> None:
        state = report.state(table)
        self.add(
            lake.TABLE_STATES, report.partition, report_version_id=report.version, table_code=table,
            edition=report.edition, state=state,
        )
        self.add(
            lake.OBSERVATIONS, report.partition, report_version_id=report.version, table_code=table, fact="layout",
            scope="table", value="tab_rows",
        )
        self.add(
            lake.VERDICT_COUNTS, report.partition, report_version_id=report.version, rule="L01_forum_sum",
            table_code=table, holds=2, breaks=int(state == "quarantined"), unknown=1,
        )
        if state == "quarantined":
            self.add(
                lake.QUARANTINED_TABLES, report.partition, report_version_id=report.version,
                document_id=report.document, table_code=table,
                reasons=[f"R01_balance {table}.total", "R02_outcome_sum"], reason_count=2,
                summary_zh="总计列不平衡", summary_en="the total column does not balance", verdict="publisher",
            )
            self.add(
                lake.BREAKS, report.partition, finding_id=f"{report.name}{table[:4]}", report_version_id=report.version,
                document_id=report.document, rule="R01_balance", rule_zh="收支平衡", severity="error",
                scope=f"{table}.total", table_code=table, table_zh="表三", column_zh="总计", left=13.0, right=14.0,
                difference=-1.0, related=["one", "two"], message_zh="总计列不平衡", cells=[
                    {"side": "left", "cell_code": f"{table}.received.total", "value": 13.0, "text": "13"},
                    {"side": "right", "cell_code": f"{table}.carried_out.total", "value": 1.0, "text": "1",
                     "place": "line 9"},
                ],
            )

    def _cell(self, report: Report, cell: form.Cell) -> None:
        counted = cell.table == form.REQUESTS and cell.column.code in ("natural_person", "total")
        value = report.figures.get(cell.line.code, 0) if counted else 0
        blank = cell.code in report.blank
        row: Row = {
            "report_version_id": report.version, "cell_code": cell.code, "table_code": cell.table,
            "line_code": cell.line.code, "column_code": cell.column.code, "edition": report.edition,
            "value": None if blank else Decimal(value), "unit": cell.column.unit or None,
            "state": "blank" if blank else "reported", "printed_text": "" if blank else str(value), "place": "line 1",
        }
        self.add(lake.CELLS, report.partition, **row)
        if report.state(cell.table) == "published":
            self.add(lake.ACCEPTED_CELLS, report.partition, **row)


GOOD = Report("aaaa")
HELD = Report("bbbb", organ="离石区民政局", states={form.REQUESTS: "quarantined", form.REMEDIES: "missing"})
OLD = Report("cccc", partition="2019", edition="cn_ogi_2019", figures=BALANCED | {"other": 1})
BLANK = Report(
    "dddd", organ=None,
    blank=("requests.denied_state_secret.total", "proactive_disclosure.administrative_fees.fee_amount"),
)


def lake_of_all_kinds() -> Lake:
    made = Lake()
    for report in (GOOD, HELD, OLD, BLANK):
        made.report(report)
    made.warn(GOOD, form.PROACTIVE)
    made.warn(GOOD, None)
    made.refuse("eeee", "not_a_report", "没有标题")
    return made


def materialize(home: Home, raise_on_error: bool = True, **options: Any) -> dg.ExecuteInProcessResult:
    assets, resources = build_marts(home)
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(assets, resources=resources, instance=instance, raise_on_error=raise_on_error, **options)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def result(home: Home) -> dg.ExecuteInProcessResult:
    lake_of_all_kinds().write(home)
    return materialize(home)


@pytest.fixture
def published(home: Home, result: dg.ExecuteInProcessResult) -> Any:
    assert result.success
    with open_latest(home) as connection:
        yield connection


def one(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> tuple[Any, ...]:
    [row] = connection.execute(sql, values).fetchall()
    return tuple(row)


def test_every_report_has_its_status(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("""
        select report_version_id, status, tables_published, tables_quarantined, tables_missing, file_name, first_seen
        from dim_report order by all
    """).fetchall()
    seen = datetime(2026, 11, 22, 2)
    assert rows == [
        (GOOD.version, "published", 3, 0, 0, "aaaa.txt", seen),
        (HELD.version, "partly_published", 1, 1, 1, "bbbb.txt", seen),
        (OLD.version, "published", 3, 0, 0, "cccc.txt", seen),
        (BLANK.version, "published", 3, 0, 0, "dddd.txt", seen),
    ]


def test_facts_are_the_cells_of_published_tables_and_no_others(published: duckdb.DuckDBPyConnection) -> None:
    def counts(fact: str) -> list[tuple[Any, ...]]:
        return published.execute(f"select report_version_id, count(*) from {fact} group by all order by all").fetchall()

    assert counts("fct_requests") == [(GOOD.version, 175), (OLD.version, 161), (BLANK.version, 175)]
    assert counts("fct_document_facts") == [(one.version, 1) for one in (GOOD, HELD, OLD, BLANK)]
    assert counts("fct_remedies") == [(GOOD.version, 15), (OLD.version, 15), (BLANK.version, 15)]
    assert counts("fct_proactive_disclosure") == [
        (GOOD.version, 10), (HELD.version, 10), (OLD.version, 22), (BLANK.version, 10)
    ]


def test_every_report_has_its_organ_or_says_why_it_has_none(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("""
        select report_version_id, territory_code, organ_type, scope, organ_state, organ_reason_en
        from dim_report order by all
    """).fetchall()
    office = ("141102", "general_office", "own_organ", "resolved", None)
    nobody = (None, None, None, "unresolved", "no place names the organ of the report")
    bureau = ("141102", "department", "own_organ", "resolved", None)
    assert rows == [
        (GOOD.version, *office), (HELD.version, *bureau), (OLD.version, *office), (BLANK.version, *nobody),
    ]
    assert one(published, """
        select organ_name, own_name, territory_code, first_territory_code, first_report_year, last_report_year,
            report_versions
        from dim_organ where organ_type = 'general_office'
    """) == ("吕梁市离石区人民政府办公室", "人民政府办公室", "141102", "142302", 2019, 2024, 2)
    assert one(published, "select count(*) from fct_organ_evidence where standing = 'agrees'")[0] >= 6


def test_territories_are_a_dimension_with_history_and_towns(published: duckdb.DuckDBPyConnection) -> None:
    valid = "select name from dim_territory where code = $1 and coalesce(valid_to, '9999-01-01') > $2 " \
            "and coalesce(valid_from, '0001-01-01') <= $2"
    assert published.execute(valid, ["130182", date(2013, 12, 31)]).fetchall() == [("藁城市",)]
    assert published.execute(valid, ["130182", date(2023, 12, 31)]).fetchall() == []
    assert published.execute(valid, ["130109", date(2023, 12, 31)]).fetchall() == [("藁城区",)]
    assert one(published, "select parent, level from dim_territory where code = '141102002'") == ("141102", "township")
    assert one(published, "select new_code, kind from territory_lineage where old_code = '140421'") == (
        "140404", "upgrade"
    )
    seeds = {"territories", "territory_changes", "organ_reforms"}
    assert not seeds & {name for (name,) in published.execute("select table_name from duckdb_tables()").fetchall()}


def test_a_blank_cell_is_null_and_a_printed_zero_is_zero(published: duckdb.DuckDBPyConnection) -> None:
    sql = """
        select value, state, printed_text, typeof(value)
        from fct_requests where report_version_id = $1 and cell_code = $2
    """
    assert one(published, sql, BLANK.version, "requests.denied_state_secret.total") == (
        None, "blank", "", "DECIMAL(20,6)"
    )
    assert one(published, sql, GOOD.version, "requests.denied_security_stability.total")[:3] == (
        Decimal(0), "reported", "0"
    )


def test_the_form_is_a_dimension_of_226_cells(published: duckdb.DuckDBPyConnection) -> None:
    assert one(published, "select count(*), count(*) filter (where is_leaf) from dim_cell") == (226, 191)
    row = one(published, "select line_zh, line_en, article, unit, is_leaf, editions, parent_line_code from dim_cell "
              "where cell_code = 'requests.denied_state_secret.natural_person'")
    assert row == ("1.属于国家秘密", "State secrets", "14", "件", True, "cn_ogi_2019,cn_ogi_2021", "denied")
    assert one(published, "select count(*) from fct_requests anti join dim_cell using (cell_code)") == (0,)


INDICATORS = """
    select workload, disclosure_rate_numerator, disclosure_rate_denominator, disclosure_rate, full_disclosure_rate,
        partial_disclosure_rate, denial_rate, strict_denial_rate, unable_rate, not_held_rate, not_processed_rate,
        other_rate
    from mart_organ_year where report_version_id = $1
"""


@pytest.mark.parametrize("report", [GOOD, OLD], ids=["2021 form", "2019 form"])
def test_indicators_of_both_editions(published: duckdb.DuckDBPyConnection, report: Report) -> None:
    rates = [numerator / 32 for numerator in (12, 8, 4, 8, 6, 6, 4, 5, 1)]
    assert one(published, INDICATORS, report.version) == (34, 12, 32, *rates)


def test_one_blank_line_makes_only_the_figures_that_need_it_null(published: duckdb.DuckDBPyConnection) -> None:
    values = one(published, INDICATORS, BLANK.version)
    assert values[6:8] == (None, None)
    assert None not in values[:6] + values[8:]


def test_a_quarantined_table_gives_a_row_without_figures(published: duckdb.DuckDBPyConnection) -> None:
    assert set(one(published, INDICATORS, HELD.version)) == {None}
    assert one(published, "select requests_state from mart_organ_year where report_version_id = $1", HELD.version) == (
        "quarantined",
    )


def test_figures_come_from_both_editions_only_where_they_are_comparable(published: duckdb.DuckDBPyConnection) -> None:
    sql = "select series_code, comparability from dim_cell where cell_code = $1"
    assert one(published, sql, "requests.other_misc.total") == ("requests.other.total", "summed")
    assert one(published, sql, "proactive_disclosure.rules.newly_made") == (
        "proactive_disclosure.rules.issued", "with_break"
    )
    for cell in ("rules.in_force", "rules.published_total", "administrative_fees.fee_amount",
                 "administrative_fees.item_change", "other_external_services.decisions"):
        assert one(published, sql, f"proactive_disclosure.{cell}") == (None, "none")
    assert one(published, "select document_turnover_denominator from mart_organ_year where report_year = 2019") == (
        None,
    )
    lines = published.execute("""
        select report_version_id, count(*), sum(requests), max(requests) filter (where outcome_code = 'other')
        from mart_outcomes_long where report_version_id <> $1 group by all order by all
    """, [BLANK.version]).fetchall()
    assert lines == [(GOOD.version, 19, 32, 1), (OLD.version, 19, 32, 1)]


def test_series_breaks_stand_in_the_year_they_begin(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("""
        select distinct organ.report_year, organ.series_break, year.series_break
        from mart_organ_year as organ inner join dim_year as year using (report_year) order by all
    """).fetchall()
    assert rows == [
        (2019, "regulations_2019", "regulations_2019"), (2024, "reconsideration_law_2024", "reconsideration_law_2024")
    ]


def test_a_territory_tells_how_many_organs_were_expected_found_and_published(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute("""
        select territory_code, scope, report_year, organs_expected, organs_found, organs_published,
            organs_partly_published, organs_with_requests, received, disclosure_rate, disclosure_rate_organs
        from mart_territory_year order by report_year
    """).fetchall()
    assert rows == [
        ("141102", "own_organ", 2019, None, 1, 1, 0, 1, 30, 0.375, 1),
        ("141102", "own_organ", 2020, 1, 0, 0, 0, 0, None, None, 0),
        ("141102", "own_organ", 2024, None, 2, 1, 1, 1, 30, 0.375, 1),
    ]


def test_verdicts_are_counted_by_rule_year_province_and_layout(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("""
        select report_year, province_name, layout, sum(reports), sum(holds), sum(breaks), sum(unknown)
        from mart_quality where rule = 'L01_forum_sum' group by all order by all
    """).fetchall()
    assert rows == [
        ("2019", "山西省", "tab_rows", 3, 6, 0, 3), ("2024", "山西省", "tab_rows", 6, 12, 1, 6),
        ("2024", None, "tab_rows", 3, 6, 0, 3),
    ]


def test_what_is_held_back_stands_in_the_quarantine(published: duckdb.DuckDBPyConnection) -> None:
    assert one(published, "select report_version_id, table_code, organ_name, verdict, layout from mart_quarantine") == (
        HELD.version, form.REQUESTS, "离石区民政局", "publisher", "tab_rows"
    )


def test_a_report_without_a_day_of_publication_is_not_called_late(published: duckdb.DuckDBPyConnection) -> None:
    sql = "select deadline, signed_date, published_date, is_late from mart_timeliness where report_version_id = $1"
    assert one(published, sql, GOOD.version) == (date(2025, 1, 31), date(2025, 1, 20), None, None)


def test_the_dictionary_holds_every_published_column_in_both_languages(published: duckdb.DuckDBPyConnection) -> None:
    lost = published.execute("""
        select table_name, column_name from duckdb_columns() where not internal
        except select table_name, column_name from mart_data_dictionary
    """).fetchall()
    assert lost == []
    assert one(published, """
        select description_zh, numerator, denominator from mart_data_dictionary
        where table_name = 'mart_organ_year' and column_name = 'denial_rate'
    """) == ("不予公开率；分母为零或所需单元格为空则为空。", "denied", "outcome_total")


def test_every_document_appears_with_its_reason(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("""
        select subject, status, reason_zh, reason_en, refusal_kind, rules, reason_count, warning_count
        from mart_report_status where file_name in ('bbbb.txt', 'eeee.bin')
        order by subject, table_code
    """).fetchall()
    held = "R01_balance requests.total; R02_outcome_sum"
    assert rows == [
        ("document", "refused", "不是政府信息公开工作年度报告：没有标题", "not an OGI annual report: 没有标题",
         "not_a_report", None, 0, 0),
        ("report", "partly_published",
         "三、收到和处理政府信息公开申请情况：总计列不平衡；四、政府信息公开行政复议、行政诉讼情况：文件中没有这张表的数值行",
         "Requests received and handled: the total column does not balance; "
         "Administrative reconsideration and administrative litigation over OGI: "
         "the document has no row of values for this table", None, held, 2, 0),
        ("table", "published", "没有违反必须成立的规则", "no rule that must hold is broken", None, None, 0, 0),
        ("table", "missing", "文件中没有这张表的数值行", "the document has no row of values for this table",
         None, None, 0, 0),
        ("table", "quarantined", "总计列不平衡", "the total column does not balance", None, held, 2, 0),
    ]


def test_findings_lie_beside_the_marts_for_people_and_scripts(published: duckdb.DuckDBPyConnection, home: Home) -> None:
    folder = latest_path(home)
    [found] = json.loads((folder / "findings.json").read_text("utf-8"))
    assert (found["finding_id"], found["organ_name"], found["place"]) == ("bbbbrequ", "离石区民政局", "line 9")
    assert (found["value"], found["expected"], found["difference"], found["verdict"]) == (13.0, 14.0, -1.0, "publisher")
    assert found["cells"][1]["cell_code"] == "requests.carried_out.total"
    content = (folder / "findings.csv").read_bytes()
    assert content.startswith(codecs.BOM_UTF8)
    [row] = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert (row["数值 value"], row["应为 expected"], row["相差 difference"]) == ("13", "14", "-1")
    assert row["相关 related"] == "one; two"
    assert row["单元格 cells"] == "left requests.received.total = 13; right requests.carried_out.total = 1 @ line 9"
    listed = {file["path"]: file for file in json.loads((folder / "manifest.json").read_text("utf-8"))["files"]}
    assert listed["findings.csv"]["rows"] == listed["findings.json"]["rows"] == 1
    assert listed["findings.csv"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_warnings_are_counted_and_hold_nothing_back(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("""
        select coalesce(table_code, 'report'), status, warning_count
        from mart_report_status where report_version_id = $1 order by all
    """, [GOOD.version]).fetchall()
    assert rows == [
        ("proactive_disclosure", "published", 1), ("reconsideration_litigation", "published", 0),
        ("report", "published", 2), ("requests", "published", 0),
    ]


def test_the_snapshot_is_described_for_people(published: duckdb.DuckDBPyConnection) -> None:
    sql = "select count(*), count(comment) from duckdb_columns() where not internal"
    columns, described = one(published, sql)
    assert columns == described > 100


def test_dagster_shows_rows_columns_and_lineage(result: dg.ExecuteInProcessResult) -> None:
    made = {tuple(one.asset_key.path): one.metadata for one in result.asset_materializations_for_node("dbt_models")}
    metadata, step = made["mart_organ_year",], dg.AssetKey(["steps", "organ_figures"])
    assert metadata["dagster/row_count"].value == 4
    columns = {column.name: column for column in metadata["dagster/column_schema"].value.columns}
    assert columns["disclosure_rate"].type == "DOUBLE"
    assert "公开率" in columns["disclosure_rate"].description
    lineage = metadata["dagster/column_lineage"].value.deps_by_column
    assert dg.TableColumnDep(dg.AssetKey("dim_report"), "organ_name") in lineage["organ_name"]
    figures = [one.column_name for one in lineage["disclosure_rate"] if one.asset_key == step]
    before = made[tuple(step.path)]["dagster/column_lineage"].value.deps_by_column
    of_form = dg.AssetKey(["steps", "form_figures"])
    listed = dg.TableColumnDep(of_form, "figures")
    assert "requests.granted_in_full.total" in figures and all(listed in before[figure] for figure in figures)
    printed = made[tuple(of_form.path)]["dagster/column_lineage"].value.deps_by_column["figures"]
    assert dg.TableColumnDep(dg.AssetKey("fct_requests"), "value") in printed


def test_every_dbt_test_is_a_check_that_ran(home: Home, result: dg.ExecuteInProcessResult) -> None:
    nodes = json.loads(ensure_manifest(home).read_text())["nodes"].values()
    checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
    assert checks == {node["name"]: True for node in nodes if node["resource_type"] == "test"}
    assert {
        "every_report_has_exactly_three_table_states", "no_fact_from_a_quarantined_table_in_fct_requests",
        "the_identities_of_the_form_hold_in_fct_requests", "every_document_is_either_reported_or_refused",
    } <= checks.keys()


def test_the_build_file_is_closed_after_the_run(home: Home, result: dg.ExecuteInProcessResult) -> None:
    with duckdb.connect(str(build_file(home))) as connection:
        assert connection.execute("select count(*) from dim_report").fetchone() == (4,)
    assert not build_file(home).with_name("gongkai.duckdb.wal").exists()


def test_lineage_runs_from_the_lake_to_the_snapshot(home: Home) -> None:
    assets, _ = build_marts(home)
    specs = [spec for made in assets for spec in made.specs]
    deps = {spec.key.to_user_string(): {dep.asset_key.to_user_string() for dep in spec.deps} for spec in specs}
    assert deps["published_snapshot"] == {path.stem for path in (DBT_PROJECT / "models" / "marts").glob("*.sql")}
    reached: set[str] = set()
    frontier = {"published_snapshot"}
    while frontier:
        reached |= frontier
        frontier = {dep for key in frontier for dep in deps.get(key, set())} - reached
    assert {table.name for table in (*SOURCES, *REFERENCE)} <= reached
    assert reached >= deps.keys()


def test_building_again_publishes_nothing_new(home: Home, result: dg.ExecuteInProcessResult) -> None:
    before = latest_path(home)
    run_dbt(home, "build")
    snapshot = publish_snapshot(build_file(home), home, "another", {}, {}, {})
    assert (snapshot.created, snapshot.path) == (False, before)


def test_an_empty_lake_gives_empty_marts(tmp_path: Path) -> None:
    home = Home(tmp_path)
    Lake().write(home)
    write_reference(home)
    ensure_manifest(home)
    run_dbt(home, "build")
    snapshot = publish_snapshot(build_file(home), home, "", {}, {}, {})
    assert {mart for mart, rows in snapshot.rows.items() if rows} == {
        "dim_applicant", "dim_cell", "dim_identity", "dim_indicator", "dim_rule", "dim_series_break", "dim_territory",
        "dim_year", "mart_data_dictionary", "territory_lineage",
    }
    assert len(snapshot.rows) == len(list((DBT_PROJECT / "models" / "marts").glob("*.sql")))


def faulty_lake() -> Lake:
    """Return a lake in which each of the promises between gate and marts is broken once."""
    made = Lake()
    made.report(Report("aaaa", states={form.REQUESTS: "quarantined"}))
    made.report(Report("bbbb"))
    made.report(Report("cccc", figures=BALANCED | {"other_misc": 2}))
    made.report(Report("dddd", figures=BALANCED | {"other_misc": 1, "carried_out": 3}))
    leaked = [row for _, row in made.rows["accepted_cells"] if row["report_version_id"] == Report("bbbb").version]
    made.add(lake.ACCEPTED_CELLS, "2024", **leaked[20] | {"report_version_id": Report("aaaa").version})
    cells = {row["cell_code"]: row for row in leaked}
    cells["requests.granted_in_part.total"]["value"] = Decimal(5)
    cells["requests.received.commercial_enterprise"]["value"] = Decimal("0.5")
    cells["requests.carried_in.research_institution"]["value"] = None
    cells["reconsideration_litigation.litigation_direct.total"]["value"] = Decimal(1)
    gone = next(row for row in leaked if row["cell_code"] == "proactive_disclosure.rules.issued")
    made.rows["accepted_cells"] = [pair for pair in made.rows["accepted_cells"] if pair[1] is not gone]
    states = made.rows["table_states"]
    states.remove(next(pair for pair in states if pair[1]["report_version_id"] == Report("dddd").version))
    organs = {row["report_version_id"]: row for _, row in made.rows["organs"]}
    organs[Report("cccc").version]["state"] = "review"
    organs[Report("bbbb").version] |= {"organ_type": "government", "scope": "government_own_level"}
    made.refuse("eeee", "empty", "")
    made.rows["parsed_documents"].pop()
    made.add(
        lake.BREAKS, "2024", finding_id="lost", report_version_id="of no report", document_id="x", rule="R01_balance",
        scope="requests.total", severity="error",
    )
    return made


BROKEN_BY_THE_FAULTS = {
    "every_finding_belongs_to_a_report",
    "no_fact_from_a_quarantined_table_in_fct_requests",
    "no_fact_from_a_quarantined_table_in_fct_proactive_disclosure",
    "the_identities_of_the_form_hold_in_fct_requests",
    "the_identities_of_the_form_hold_in_fct_remedies",
    "counts_are_whole_numbers_in_fct_requests",
    "a_value_stands_exactly_where_a_number_is_printed_in_fct_requests",
    "every_published_table_has_all_its_cells_in_fct_proactive_disclosure",
    "every_report_has_exactly_three_table_states",
    "every_document_is_either_reported_or_refused",
    "no_organ_that_is_not_certain_has_a_territory",
    "a_government_and_its_office_are_never_one_organ",
    "no_figure_of_a_table_that_is_not_published_stands_in_an_organ_year",
    "the_outcomes_of_an_organ_add_up_to_its_total",
}


@pytest.fixture(scope="module")
def faulty_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("faulty"))
    faulty_lake().write(home)
    write_reference(home)
    ensure_manifest(home)
    return home


def test_each_broken_promise_breaks_its_own_test(faulty_home: Home) -> None:
    run_dbt(faulty_home, "seed")
    run_dbt(faulty_home, "run")
    with pytest.raises(DbtError, match="every_report_has_exactly_three_table_states"):
        run_dbt(faulty_home, "test", "--exclude", "test_type:unit")
    results = json.loads((target_folder(faulty_home) / "run_results.json").read_text())["results"]
    broken = {row["unique_id"].split(".")[2] for row in results if row["status"] != "pass"}
    assert broken == BROKEN_BY_THE_FAULTS


def test_a_broken_promise_stops_the_publication(faulty_home: Home) -> None:
    run = materialize(faulty_home, raise_on_error=False)
    assert not run.success
    assert {event.node_name for event in run.get_step_failure_events()} == {"dbt_models"}
    with pytest.raises(PublicationError, match="nothing has been published"):
        latest_path(faulty_home)
    with pytest.raises(DbtError, match="not a finished build"):
        materialize(faulty_home, selection="published_snapshot")


def test_a_year_built_anew_is_what_a_full_build_gives(
    home: Home, result: dg.ExecuteInProcessResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is built; then 2024 changes in every way there is; then 2024 alone is built, and then everything."""
    manifest = json.loads(ensure_manifest(home).read_bytes())
    sources = [source["name"] for source in manifest["sources"].values()]
    assert result.success and changes.plan(home, sources).years == ()
    changed_2024().write(home)
    planned = changes.plan(home, sources)
    assert planned.years == ("2024",)
    for variable, years in planned.variables().items():
        monkeypatch.setenv(variable, years)
    run_dbt(home, "build", "--exclude-resource-type", "unit_test")
    by_year = tables_of(home)
    monkeypatch.delenv(changes.REBUILT_YEARS)
    run_dbt(home, "run")
    full = tables_of(home)
    assert by_year.keys() == full.keys()
    assert {name for name in full if by_year[name] != full[name]} == set()
    assert len(full["fct_requests"]) == 161 + 2 * 175
    assert {row[-1] for row in full["fct_requests"]} == {"2019", "2024"}


def changed_2024() -> Lake:
    """A report of 2024 has other figures, one is gone, a held one is published, one is new; 2019 is as it was."""
    made = Lake()
    higher = BALANCED | {"received": 31, "granted_in_full": 9, "outcome_total": 33, "other_misc": 1}
    published = replace(HELD, states={}, figures=higher)
    for report in (replace(GOOD, figures=higher), published, OLD, replace(HELD, name="ffff")):
        made.report(report)
    made.warn(HELD, form.REQUESTS)
    made.refuse("eeee", "not_a_report", "没有标题")
    return made


def tables_of(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the build, those between the marts too."""
    with duckdb.connect(str(build_file(home)), read_only=True) as build:
        names = build.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
        return {
            name: build.execute(f'select * from "{schema}"."{name}" order by all').fetchall() for schema, name in names
        }


def test_a_new_mart_needs_no_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = shutil.copytree(DBT_PROJECT, tmp_path / "dbt_project")
    monkeypatch.setattr(dbt_calls, "DBT_PROJECT", project)
    home = Home(tmp_path / "home")
    build_marts(home)
    (project / "models" / "marts" / "mart_new.sql").write_text("select 1 as figure")
    (project / "models" / "marts" / "mart_new.yml").write_text(
        "models: [{name: mart_new, columns: [{name: figure, data_type: integer}]}]"
    )
    assets, _ = build_marts(home)
    specs = {spec.key.to_user_string(): spec for made in assets for spec in made.specs}
    assert specs["mart_new"].group_name == "marts"
    assert dg.AssetKey("mart_new") in {dep.asset_key for dep in specs["published_snapshot"].deps}
