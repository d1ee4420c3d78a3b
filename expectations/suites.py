"""The registry as Great Expectations suites: built in memory, run through a checkpoint, shown as data docs.

Belongs here: everything that imports great_expectations, and nothing else does. Import this module inside the step that
needs it: the import takes seconds.
Does not: the rules (identities/), their polars evaluation (kinds/), asset checks (orchestration/gates.py).

Linear identities are computed by Great Expectations itself, over the cells. Every other rule is judged in polars, and
its verdict is shown to Great Expectations as a column in which "breaks" must not occur. An unknown is a missing value
there: skipped and counted, never a success of the rule.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

import great_expectations as gx
import polars as pl
from great_expectations.compatibility import pydantic
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.core.expect_column_values_to_not_be_in_set import ExpectColumnValuesToNotBeInSet
from great_expectations.expectations.expectation import Expectation, MulticolumnMapExpectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (
    MulticolumnMapMetricProvider,
)
from great_expectations.expectations.row_conditions import AndCondition, Column, Condition, OrCondition

from assets.form import cells as form
from expectations.evidence import Evidence, evidence
from expectations.registry import DOCUMENT, Identity, Rule, active_rules, identities_of
from expectations.wording import places

ID = "report_version_id"
ASSETS = Path(__file__).with_name("data_docs_assets")
METRIC = "multicolumn_values.accounting_identity"
GX_SEVERITY = {
    "error": FailureSeverity.CRITICAL, "warning": FailureSeverity.WARNING,
    "info": FailureSeverity.INFO, "diagnostic": FailureSeverity.INFO,
}
# COMPLETE in full costs 0.45 ms for each violation; without the values it returns every report id in a tenth of that.
FAST = {
    "result_format": "COMPLETE", "unexpected_index_column_names": [ID],
    "exclude_unexpected_values": True, "partial_unexpected_count": 0,
}


class AccountingIdentity(MulticolumnMapMetricProvider):
    """Row by row, whether the cells of the left side add up to those of the right side; exact, without tolerance."""

    condition_metric_name = METRIC
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ("lhs", "rhs")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: Any, lhs: list[str], rhs: list[str], **_: Any) -> Any:  # noqa: N805
        return column_list[lhs].sum(axis=1, skipna=False) == column_list[rhs].sum(axis=1, skipna=False)


class ExpectAccountingIdentity(MulticolumnMapExpectation):
    """Expect the columns of `lhs` to add up to the columns of `rhs`; a row with a missing cell is not judged."""

    lhs: list[str]
    rhs: list[str]
    column_list: list[str] = pydantic.Field(default_factory=list)
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "any_value_is_missing"

    map_metric: ClassVar[str] = METRIC
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "lhs", "rhs")

    @pydantic.root_validator(pre=True)
    def _columns(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        values["column_list"] = [*values["lhs"], *values["rhs"]]
        return values


class SuiteError(RuntimeError):
    """Great Expectations could not evaluate a rule; its result must not be read as a success."""


@dataclass(frozen=True)
class Failure:
    """One rule that some reports break at one scope. Rules on single cells are shown per table here."""

    rule: str
    scope: str
    severity: str
    report_ids: tuple[str, ...]


@dataclass(frozen=True)
class SuiteResult:
    """The outcome of one suite.

    suite: the table it speaks of, or "document". reports: how many were looked at. evaluated: how many expectations.
    failures: the rules that some reports break, by severity and code. unknown: "rule scope" → number of reports for
    which polars could not judge.
    """

    suite: str
    reports: int
    evaluated: int
    failures: tuple[Failure, ...]
    unknown: dict[str, int]

    def failing_reports(self, severity: str = "error") -> tuple[str, ...]:
        """Return the ids of all reports that break a rule of that severity, sorted."""
        return tuple(sorted({i for f in self.failures if f.severity == severity for i in f.report_ids}))


def run_checkpoint(
    cells: pl.DataFrame, observations: pl.DataFrame, reports: pl.DataFrame, findings: pl.DataFrame, data_docs_dir: Path
) -> list[SuiteResult]:
    """Run every suite over these reports and write validation results and data docs.

    Args:
        cells: the lake's CELLS of these reports.
        observations: the lake's OBSERVATIONS, those of parsing and of normalizing together.
        reports: the lake's REPORTS.
        findings: what polars found on the same frames (GateResult.findings).
        data_docs_dir: replaced as a whole, once the new docs are complete; open its index.html from disk.

    Returns:
        One result per suite: the three tables and "document".

    Raises:
        SuiteError: Great Expectations raised inside an expectation, for example for lack of a column.
        EvidenceError: the frames do not fit together.
    """
    facts = evidence(cells, observations, reports)
    data_docs_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_docs_dir.parent, prefix=f".{data_docs_dir.name}.") as scratch:
        built = Path(scratch) / "new"
        results = _run(facts, findings, built)
        _make_offline(built)
        _replace(data_docs_dir, built, Path(scratch) / "old")
    return results


def suite_of(name: str, rules: Iterable[Rule]) -> gx.ExpectationSuite:
    """Return the suite of one table, or of "document": one expectation per identity, or per rule and severity."""
    mine = [rule for rule in rules if name in (rule.tables or (DOCUMENT,))]
    expectations = [expectation for rule in mine for expectation in _expectations(rule, name)]
    return gx.ExpectationSuite(name=name, expectations=expectations)


def _run(facts: Evidence, findings: pl.DataFrame, built: Path) -> list[SuiteResult]:
    context = _context(built)
    frame = _frame(facts, findings)
    asset = context.data_sources.add_pandas("lake").add_dataframe_asset("reports")
    batch = asset.add_batch_definition_whole_dataframe("all")
    definitions = []
    for name in (*form.table_codes(), DOCUMENT):
        suite = context.suites.add(suite_of(name, active_rules()))
        definition = gx.ValidationDefinition(name=name, data=batch, suite=suite)
        definitions.append(context.validation_definitions.add(definition))
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name="gate", validation_definitions=definitions, result_format=FAST)
    )
    run = checkpoint.run(
        batch_parameters={"dataframe": frame.to_pandas()},
        run_id=RunIdentifier(run_name="gate", run_time=datetime.now(UTC)),
    )
    context.build_data_docs()
    results = [_suite_result(result, facts, findings) for result in run.run_results.values()]
    return sorted(results, key=lambda result: [*form.table_codes(), DOCUMENT].index(result.suite))


def _context(built: Path) -> EphemeralDataContext:
    """A context that reads and writes nothing but the data docs and validation results below `built`."""
    defaults = InMemoryStoreBackendDefaults()
    defaults.stores[defaults.validation_results_store_name]["store_backend"] = {
        "class_name": "TupleFilesystemStoreBackend", "base_directory": str(built / "validation_results"),
    }
    site = {
        "class_name": "SiteBuilder", "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(built)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    config = DataContextConfig(
        store_backend_defaults=defaults, data_docs_sites={"gate": site}, analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context: EphemeralDataContext = gx.get_context(mode="ephemeral", project_config=config)
    return context


# --- from rules to expectations


def _expectations(rule: Rule, name: str) -> Iterable[Expectation]:
    if rule.kind != "linear":
        return [_of_verdicts(rule, name, severity) for severity in rule.severities]
    # The editions share most identities; of those they do not share, a report has the cells of its own edition only.
    stated: dict[Identity, list[str]] = {}
    for edition in rule.editions:
        for identity in identities_of(rule, name, edition):
            stated.setdefault(identity, []).append(edition)
    return [_of_identity(rule, identity, editions) for identity, editions in stated.items()]


def _of_identity(rule: Rule, identity: Identity, editions: list[str]) -> Expectation:
    instruments = "、".join(form.edition(code).instrument for code in editions)
    of_edition = f"（{instruments}）" if len(editions) < len(rule.editions) else ""
    return ExpectAccountingIdentity(
        lhs=list(identity.left), rhs=list(identity.right), severity=GX_SEVERITY[rule.severity],
        description=_description(rule, identity.scope) + of_edition, meta=_meta(rule, identity.scope, rule.severity),
        row_condition=_year_condition(rule),
    )


def _year_condition(rule: Rule) -> OrCondition | None:
    """The rows within the rule's report years; a report without a year is not exempt."""
    year = Column("report_year")
    bounds: list[Condition] = []
    if rule.first_year is not None:
        bounds.append(year >= rule.first_year)
    if rule.last_year is not None:
        bounds.append(year <= rule.last_year)
    return OrCondition(conditions=[year.is_null(), AndCondition(conditions=bounds)]) if bounds else None


def _of_verdicts(rule: Rule, name: str, severity: str) -> Expectation:
    return ExpectColumnValuesToNotBeInSet(
        column=_verdict_column(rule.code, name, severity), value_set=["breaks"], severity=GX_SEVERITY[severity],
        description=_description(rule, name), meta=_meta(rule, name, severity),
    )


def _verdict_column(rule: str, name: str, severity: str) -> str:
    return f"{rule} {name} {severity}"


def _meta(rule: Rule, scope: str, severity: str) -> dict[str, Any]:
    return {"rule": rule.code, "scope": scope, "severity": severity}


def _description(rule: Rule, scope: str) -> str:
    """In data docs a description takes the place of the expectation's own text, so it carries the formula too."""
    zh, en = places()[scope]
    return f"{rule.code} {rule.title.zh} · {zh}：{rule.words.zh} [{rule.formula}] ({rule.title.en}, {en})"


# --- from frames to the one wide frame that all suites read


def _frame(facts: Evidence, findings: pl.DataFrame) -> pl.DataFrame:
    needed = {
        cell: None for rule in active_rules() if rule.kind == "linear" for table in rule.tables
        for edition in rule.editions for i in identities_of(rule, table, edition) for cell in (*i.left, *i.right)
    }
    rows = facts.wide.select(ID, *needed).join(facts.reports, on=ID, how="left")
    verdicts = _verdicts(findings)
    frame = _of_own_edition(rows, facts).join(verdicts, on=ID, how="left")
    return frame.with_columns(_absent(verdicts)).sort(ID)


def _of_own_edition(rows: pl.DataFrame, facts: Evidence) -> pl.DataFrame:
    """Leave only the cells that a report's own edition prints, so that no other edition's identity judges it."""
    for table in form.table_codes():
        lines = facts.tables.filter(table_code=table).select(ID, "lines_edition")
        printed = {e.code: {c.code for c in form.cells(e.code) if c.table == table} for e in form.editions()}
        everywhere = set.intersection(*printed.values())
        own = [
            pl.when(pl.col("lines_edition").is_in([code for code, cells in printed.items() if cell in cells]))
            .then(pl.col(cell))
            for cell in rows.columns if cell.startswith(f"{table}.") and cell not in everywhere
        ]
        rows = rows.join(lines, on=ID, how="left").with_columns(own).drop("lines_edition")
    return rows


def _verdicts(findings: pl.DataFrame) -> pl.DataFrame:
    """One column per rule, table and severity, with its worst verdict: "breaks", "holds", or missing where unknown."""
    linear = [rule.code for rule in active_rules() if rule.kind == "linear"]
    name = pl.concat_str("rule", pl.col("table_code").fill_null(DOCUMENT), "severity", separator=" ")
    judged = findings.filter(~pl.col("rule").is_in(linear), pl.col("verdict") != "unknown")
    # "breaks" comes before "holds" in the alphabet, so the least is the worst.
    return judged.with_columns(name=name).pivot("name", index=ID, values="verdict", aggregate_function="min")


def _absent(verdicts: pl.DataFrame) -> list[pl.Expr]:
    """Columns of rules that nobody could judge: all missing, so that their expectation sees them and judges nothing."""
    names = [
        _verdict_column(rule.code, table, severity) for rule in active_rules() if rule.kind != "linear"
        for table in (rule.tables or (DOCUMENT,)) for severity in rule.severities
    ]
    return [pl.lit(None, dtype=pl.String).alias(name) for name in names if name not in verdicts.columns]


# --- from validation results to ours


def _suite_result(
    result: ExpectationSuiteValidationResult, facts: Evidence, findings: pl.DataFrame
) -> SuiteResult:
    failing: dict[tuple[str, str, str], set[str]] = {}
    for single in result.results:
        meta, ids = _failing(single)
        if ids:
            failing.setdefault((meta["severity"], meta["rule"], meta["scope"]), set()).update(ids)
    failures = tuple(
        Failure(rule, scope, severity, tuple(sorted(ids))) for (severity, rule, scope), ids in sorted(failing.items())
    )
    suite = str(result.suite_name)
    return SuiteResult(suite, facts.reports.height, len(result.results), failures, _unknown(suite, findings))


def _failing(single: ExpectationValidationResult) -> tuple[dict[str, Any], list[str]]:
    """The rule of one result and the reports that break it; SuiteError where it was not evaluated at all."""
    config = single.expectation_config
    meta: dict[str, Any] = dict(config.meta or {}) if config is not None else {}
    counted = single.result.get("element_count") if isinstance(single.result, dict) else None
    if _raised(single.exception_info) or "rule" not in meta or counted is None:
        raise SuiteError(
            f"rule {meta.get('rule')} at {meta.get('scope')} was not evaluated by Great Expectations, so nothing may "
            f"be published on it: {single.exception_info}"
        )
    listed = single.result.get("unexpected_index_list") or []
    ids = [report for entry in listed for report in _ids(entry[ID])]
    if len(ids) != single.result["unexpected_count"]:
        raise SuiteError(
            f"rule {meta['rule']} at {meta['scope']}: {single.result['unexpected_count']} reports break it, "
            f"but {len(ids)} were named; the result format must return every report"
        )
    return meta, ids


def _ids(entry: Any) -> list[str]:
    return list(entry) if isinstance(entry, list) else [entry]


def _raised(info: Any) -> bool:
    """A failed metric comes as a dict per metric, a failed expectation as one dict."""
    if not isinstance(info, dict):
        return False
    flat = [info, *(value for value in info.values() if isinstance(value, dict))]
    return any(part.get("raised_exception") for part in flat)


def _unknown(suite: str, findings: pl.DataFrame) -> dict[str, int]:
    unknown = findings.filter(
        pl.col("verdict") == "unknown", pl.col("table_code").fill_null(DOCUMENT) == suite
    ).group_by("rule", "scope").len().sort("rule", "scope")
    return {f"{rule} {scope}": count for rule, scope, count in unknown.iter_rows()}


# --- data docs that need no network

STYLES = (
    "bootstrap-table.min.css", "bootstrap.min.css", "bootstrap-table-filter-control.min.css",
    "bootstrap-datepicker.min.css", "fontawesome.min.css", "solid.min.css",
)
SCRIPTS = (
    "jquery.min.js", "popper.min.js", "bootstrap.min.js", "bootstrap-table.min.js",
    "bootstrap-table-filter-control.min.js", "bootstrap-datepicker.min.js",
)
OUTSIDE_LINK = re.compile(r"<link[^>]*href=\"https?://[^>]*>\s*")
OUTSIDE_SCRIPT = re.compile(r"<script[^>]*src=\"https?://[^>]*>\s*</script>\s*")
OUTSIDE_IMAGE = re.compile(r"<img[^>]*src=\"https?://[^>]*>", re.DOTALL)
OUTSIDE_STYLE = re.compile(r"url\(\s*['\"]?https?://[^)]*\)")
ICON = re.compile(r"href=\"[./]*static/")  # Great Expectations counts one folder too few
NEWSLETTER = re.compile(r"<footer>.*?</footer>", re.DOTALL)
REQUESTS = re.compile(r"(?:src|<link[^>]*href)\s*=\s*[\"'](?:https?:)?//[^\"']*|url\(\s*['\"]?(?:https?:)?//[^)]*")


def _make_offline(built: Path) -> None:
    """Point the pages at vendored assets; SuiteError if a page would still ask another host."""
    shutil.copytree(ASSETS, built / "assets", ignore=shutil.ignore_patterns("README.md"))
    for page in sorted(built.rglob("*.html")):
        up = "../" * (len(page.relative_to(built).parts) - 1)
        text = offline_page(page.read_text(encoding="utf-8"), up)
        left = REQUESTS.findall(text)
        if left:
            name = page.relative_to(built)
            raise SuiteError(f"data docs page {name} asks other hosts: {left[:3]}; vendor these files")
        page.write_text(text, encoding="utf-8")


def offline_page(text: str, up: str) -> str:
    """Return a data docs page that loads styles and scripts from `assets/` below `up`, and asks no other host."""
    local = [f'<link rel="stylesheet" href="{up}assets/css/{name}">' for name in STYLES]
    local += [f'<script src="{up}assets/js/{name}"></script>' for name in SCRIPTS]
    for outside in (OUTSIDE_LINK, OUTSIDE_SCRIPT, OUTSIDE_IMAGE, NEWSLETTER):
        text = outside.sub("", text)
    text = ICON.sub(f'href="{up}static/', text)
    head = "\n".join(local)
    # Before the page's own styles, which refine those of the libraries.
    return OUTSIDE_STYLE.sub("none", text).replace("<style>", f"{head}\n<style>", 1)


def _replace(target: Path, built: Path, old: Path) -> None:
    if target.exists():
        target.rename(old)
    built.rename(target)
