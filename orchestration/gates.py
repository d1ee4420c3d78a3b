"""What the Dagster UI shows of the rules: one asset check per suite, one on the quarantine, one that blocks.

Belongs here: turning the results of the gate into asset checks. Does not: judging (expectations/).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg
import polars as pl

from assets.home import Home
from assets.lake import FINDINGS, QUARANTINED_TABLES
from assets.quarantine.grouping import groups
from assets.quarantine.verdicts import verdict_words
from expectations.data_docs import suite_title
from expectations.gate import QUARANTINED
from expectations.parts import JudgedYear
from expectations.registry import load_registry
from expectations.shown import suite_names
from expectations.wording import places
from orchestration.overview import conserved

if TYPE_CHECKING:
    from expectations.suites import SuiteResult

NOTHING_QUARANTINED = "nothing_quarantined"
CONSERVATION = "conservation"
MARTS_STATUS = "mart_report_status"
ROWS_SHOWN = 200
# The lake's findings name all; a check is read in a browser.
IDS_SHOWN = 1_000
WARN = dg.AssetCheckSeverity.WARN


class GateDisagreementError(RuntimeError):
    """Great Expectations and polars judge the same reports differently: neither may be believed."""


def gate_check_specs(years: dg.PartitionsDefinition) -> list[dg.AssetCheckSpec]:
    """Return the checks that the gate's step reports: every suite, on `findings`, and the quarantine."""
    suites = [
        dg.AssetCheckSpec(
            suite, asset=FINDINGS.name, partitions_def=years,
            description="{}：没有报告违反错误级规则\n\n{}: no report breaks an error rule".format(*suite_title(suite)),
        )
        for suite in suite_names()
    ]
    quarantine = dg.AssetCheckSpec(
        NOTHING_QUARANTINED, asset=QUARANTINED_TABLES.name, partitions_def=years,
        description="没有表被隔离\n\nNo table is held back for review",
    )
    return [*suites, quarantine]


def gate_checks(
    results: Sequence["SuiteResult"], judged: JudgedYear, reports: pl.DataFrame, data_docs: str
) -> Iterator[dg.AssetCheckResult]:
    """Yield the result of every check of `gate_check_specs`; `data_docs` is the address of their pages."""
    organs = dict(reports.select("report_version_id", "organ_name").iter_rows())
    for result in results:
        yield _suite_check(result, organs, data_docs)
    yield _quarantine_check(judged, organs, data_docs)


def build_conservation(home: Home) -> dg.AssetChecksDefinition:
    """Return the blocking check between the marts and the published snapshot.

    It counts over all partitions of the lake against the ledger, so that a document lost in any report year stops
    the publication of this one.
    """

    @dg.asset_check(
        asset=MARTS_STATUS, name=CONSERVATION, blocking=True,
        description=(
            "守恒：每份文件成为报告或被拒收，每张表或发布、或隔离、或缺失，不多不少；否则不发布\n\n"
            "Conservation: every document is a report or refused, every table in exactly one state; or nothing goes out"
        ),
    )
    def conservation() -> dg.AssetCheckResult:
        found = conserved(home)
        offenders = [(check, subject, f"{zh} / {en}") for check, subject, zh, en in found.offenders.iter_rows()]
        return dg.AssetCheckResult(
            passed=found.ok,
            severity=dg.AssetCheckSeverity.ERROR,
            description="" if found.ok else "; ".join(" ".join(row) for row in offenders[:3]),
            metadata={
                "documents": found.documents, "reports": found.reports, "refused": found.refused,
                **{f"tables_{state}": count for state, count in found.tables.items()},
                "offenders": len(offenders),
                "what": _markdown(("检查 check", "对象 subject", "如何处理 what to do"), offenders),
            },
        )

    return conservation


def _suite_check(result: "SuiteResult", organs: dict[str, str | None], data_docs: str) -> dg.AssetCheckResult:
    failing = result.failing_reports()
    broken = [failure for failure in result.failures for _ in failure.report_ids]
    return dg.AssetCheckResult(
        check_name=result.suite, asset_key=FINDINGS.name, passed=not failing, severity=WARN,
        description=f"{len(failing)} / {result.reports} 份报告违反错误级规则 reports break an error rule",
        metadata={
            "reports_checked": result.reports, "reports_failing": len(failing),
            "expectations_evaluated": result.evaluated, "breaks": len(broken),
            "unknown": sum(result.unknown.values()), "data_docs": dg.MetadataValue.url(f"{data_docs}#{result.suite}"),
            "failing_report_ids": dg.MetadataValue.json(list(failing[:IDS_SHOWN])),
            "failing_reports": _markdown(
                ("报告 report", "机关 organ", "规则 rule", "位置 place", "级别 severity"), _failure_rows(result, organs)
            ),
        },
    )


def _failure_rows(result: "SuiteResult", organs: dict[str, str | None]) -> list[tuple[str, ...]]:
    titles = {rule.code: rule.title.zh for rule in load_registry()}
    names = places()
    return [
        (
            report, organs[report] or "—", f"{failure.rule} {titles[failure.rule]}",
            names.get(failure.scope, (failure.scope,))[0], failure.severity,
        )
        for failure in result.failures for report in failure.report_ids
    ]


def _quarantine_check(judged: JudgedYear, organs: dict[str, str | None], data_docs: str) -> dg.AssetCheckResult:
    held, tables = judged.quarantined_tables, judged.table_states
    rows = [
        (
            row["report_version_id"], organs[row["report_version_id"]] or "—", row["summary_zh"],
            " ".join(verdict_words()[row["verdict"]]), row["best_repair_zh"] or "—",
        )
        for row in held.iter_rows(named=True)
    ]
    alike = groups(held)
    printed = tables.filter(pl.col("state") != "missing").height
    return dg.AssetCheckResult(
        check_name=NOTHING_QUARANTINED, asset_key=QUARANTINED_TABLES.name, passed=held.is_empty(), severity=WARN,
        description=f"{held.height} / {printed} 张表被隔离 tables held back",
        metadata={
            "tables_quarantined": tables.filter(state=QUARANTINED).height, "tables_printed": printed,
            "share": held.height / printed if printed else 0.0, "data_docs": dg.MetadataValue.url(data_docs),
            "groups": alike.height,
            "alike": _markdown(("张 tables", "情形 what", "例 samples"), _group_rows(alike)),
            **{f"verdict_{verdict}": held.filter(verdict=verdict).height for verdict in verdict_words()},
            "quarantined": _markdown(
                ("报告 report", "机关 organ", "原因 reason", "何方有误 whose fault", "最佳修正 best repair"), rows
            ),
        },
    )


def _group_rows(alike: pl.DataFrame) -> list[tuple[str, ...]]:
    return [
        (str(row["count"]), row["sentence_zh"], ", ".join(row["samples"])) for row in alike.iter_rows(named=True)
    ]


def require_agreement(results: Iterable["SuiteResult"], judged: JudgedYear) -> None:
    """Raise GateDisagreementError where Great Expectations and polars differ on any rule of any report."""
    by_gx = {
        (failure.rule, failure.severity, report)
        for result in results for failure in result.failures for report in failure.report_ids
    }
    broken = judged.broken.select("rule", "severity", "report_version_id").unique()
    differ = sorted(by_gx ^ set(broken.iter_rows()))
    if differ:
        raise GateDisagreementError(
            f"Great Expectations and polars disagree on {len(differ)} verdicts (rule, severity, report): {differ[:5]}; "
            "compare expectations/suites.py and expectations/kinds/; nothing was written"
        )


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> dg.MarkdownMetadataValue:
    if not rows:
        return dg.MetadataValue.md("无 none")
    lines = [head, ["---"] * len(head), *rows[:ROWS_SHOWN]]
    table = "\n".join(f"| {' | '.join(map(_one_line, line))} |" for line in lines)
    rest = f"\n\n…… 另有 {len(rows) - ROWS_SHOWN} 行 more rows" if len(rows) > ROWS_SHOWN else ""
    return dg.MetadataValue.md(table + rest)


def _one_line(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
