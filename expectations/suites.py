"""The registry as Great Expectations suites: written as files, run through a checkpoint, shown as data docs.

Belongs here: everything that imports great_expectations, and nothing else does. Import this module inside the step that
needs it: the import takes seconds. `python -m expectations.suites` writes the files in gx/.
Does not: the rules (identities/), what the suites are shown (shown.py), what the pages look like (data_docs.py), asset
checks (orchestration/gates.py).

Great Expectations would rewrite files that it stores itself; ours are read, never written, when the gate runs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, cast

import great_expectations as gx
import pandas as pd
import polars as pl
import yaml
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
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (
    MulticolumnMapMetricProvider,
)
from great_expectations.expectations.row_conditions import AndCondition, Column, Condition, OrCondition

from assets.form import cells as form
from expectations import data_docs
from expectations.registry import DOCUMENT, Identity, Rule, identities_of
from expectations.shown import ID, LINEAR, rules_of, suite_name, suite_names, suite_of_finding, verdict_column
from expectations.wording import places

FILES = Path(__file__).with_name("gx")
CHECKPOINT = "checkpoint.yaml"
METRIC = "multicolumn_values.accounting_identity"
HEAD = """# 由 `python -m expectations.suites` 根据 expectations/identities/ 生成，请勿在此修改。
# Made by `python -m expectations.suites` from expectations/identities/. Do not edit here.
"""
GX_SEVERITY = {
    "error": FailureSeverity.CRITICAL, "warning": FailureSeverity.WARNING,
    "info": FailureSeverity.INFO, "diagnostic": FailureSeverity.INFO,
}
# COMPLETE in full costs 0.45 ms for each violation; without the values it returns every report id in a tenth of that.
FAST = {
    "result_format": "COMPLETE", "unexpected_index_column_names": [ID],
    "exclude_unexpected_values": True, "partial_unexpected_count": 0,
}

Relation = Literal["equal", "at_most", "at_least"]


class AccountingIdentity(MulticolumnMapMetricProvider):
    """Row by row, how the sum of the left side's cells stands to that of the right side's; exact, no tolerance."""

    condition_metric_name = METRIC
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ("lhs", "rhs", "relation")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(  # noqa: N805
        cls, column_list: Any, lhs: list[str], rhs: list[str], relation: Relation, **_: Any
    ) -> Any:
        left, right = (column_list[side].sum(axis=1, skipna=False) for side in (lhs, rhs))
        return {"equal": left.eq, "at_most": left.le, "at_least": left.ge}[relation](right)


class StatedOnce(Expectation):
    """An expectation that writes down what it states once; Great Expectations asks for that a hundred times of each."""

    _stated: ExpectationConfiguration | None = pydantic.PrivateAttr(None)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a field; what was stated before holds no longer."""
        super().__setattr__(name, value)
        if name != "_stated":
            self._stated = None

    def copy(self, **changed: Any) -> Any:
        """Return a copy, which states anew: pydantic changes its fields past __setattr__."""
        copied = super().copy(**changed)
        copied._stated = None
        return copied

    @property
    def configuration(self) -> ExpectationConfiguration:
        """What the expectation states, as Great Expectations writes it."""
        if self._stated is None:
            self._stated = super().configuration
        return self._stated


class ExpectNoBreaks(StatedOnce, ExpectColumnValuesToNotBeInSet):
    """Expect no "breaks" among the verdicts of a rule on a table; a verdict that is missing is not judged."""

    value_set: list[str] = pydantic.Field(default_factory=lambda: ["breaks"])


class ExpectAccountingIdentity(StatedOnce, MulticolumnMapExpectation):
    """Expect the sum of the columns `lhs` to stand in `relation` to that of `rhs` (0 where there is none).

    A row with a missing cell is not judged.
    """

    lhs: list[str]
    rhs: list[str]
    relation: Relation = "equal"
    column_list: list[str] = pydantic.Field(default_factory=list)
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "any_value_is_missing"

    map_metric: ClassVar[str] = METRIC
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "lhs", "rhs", "relation")

    @pydantic.root_validator(pre=True)
    def _columns(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        cells = [*values["lhs"], *values["rhs"]]
        # Great Expectations wants two columns or more; the id is never missing and is not added up.
        values["column_list"] = cells if len(cells) > 1 else [*cells, ID]
        return values


class ReportFrame(pd.DataFrame):
    """The reports as Great Expectations reads them.

    For each metric of each expectation it asks anew for the rows that the expectation judges, five times the same ones.
    Only the columns of the expectation are copied, and what was copied once is kept as long as the frame: without both
    a year of 150,000 reports is not bearable. Nothing changes what it is given.
    """

    _complete: dict[tuple[str, ...], pd.DataFrame]
    _chosen: dict[Any, tuple[pd.Series, pd.DataFrame]]
    _internal_names = [*pd.DataFrame._internal_names, "_complete", "_chosen"]
    _internal_names_set = set(_internal_names)

    @classmethod
    def of(cls, shown: pl.DataFrame, ids: pd.Index) -> ReportFrame:
        """Return some columns of shown.shown(), with its ids as named index as well: so failing rows name them at once.

        `ids` are those of `shown` as plain texts.
        """
        frame = cls(shown.drop(ID).to_pandas().set_index(ids))
        frame.insert(0, ID, ids)
        frame._complete, frame._chosen = {}, {}
        return frame

    def __getitem__(self, key: Any) -> Any:
        """Return a column, or the rows that a condition on one column chooses: of these only that column."""
        if not (isinstance(key, pd.Series) and key.dtype == bool and key.name in self.columns):
            return super().__getitem__(key)
        condition, rows = self._chosen.get(key.name, (None, None))
        if condition is None or not condition.equals(key):
            rows = pd.DataFrame(super().__getitem__([key.name]))[key]
            self._chosen[key.name] = key, rows
        return rows

    def dropna(self, *, subset: Sequence[str], how: Literal["any", "all"] = "any", **_: Any) -> pd.DataFrame:
        """Return `subset` of the rows in which no (how: any) or not every (how: all) value is missing."""
        asked = (how, *subset)
        if asked not in self._complete:
            self._complete[asked] = pd.DataFrame(self[list(subset)]).dropna(how=how)
        return self._complete[asked]


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

    suite: its name. reports: how many were looked at. evaluated: how many expectations.
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
    shown: pl.DataFrame,
    tally: pl.DataFrame,
    data_docs_dir: Path,
    *,
    title: str = "",
    accept: Callable[[Sequence[SuiteResult]], None] = lambda results: None,
    files: Path = FILES,
) -> list[SuiteResult]:
    """Run the checkpoint over judged reports; write validation results and data docs where it is accepted.

    Args:
        shown: the reports as shown.shown() makes them, all parts together.
        tally: the verdicts of polars on the same reports, as shown.tally() counts them.
        data_docs_dir: replaced as a whole, once the new docs are complete; open its index.html from disk.
        title: what the pages are about, for example the report year.
        accept: is given the results before anything is replaced, and raises to keep what is there.
        files: the folder of suites and checkpoint.

    Returns:
        One result per suite, in the order of the checkpoint.

    Raises:
        SuiteError: Great Expectations raised inside an expectation, for example for lack of a column.
    """
    data_docs_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_docs_dir.parent, prefix=f".{data_docs_dir.name}.") as scratch:
        built = Path(scratch) / "new"
        results = _run(shown, tally, built, files, accept)
        data_docs.finish(built, title, shown.height, tally)
        data_docs.replace(data_docs_dir, built, Path(scratch) / "old")
    return results


def write_files(folder: Path = FILES) -> list[Path]:
    """Write suites and checkpoint of the active rules into `folder`, away with others, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = file_contents()
    for stale in {path.name for path in folder.glob("*.yaml")} - made.keys():
        (folder / stale).unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in made]


def file_contents() -> dict[str, str]:
    """Return what the files in gx/ must hold: file name → text."""
    suites = {
        f"{suite_name(table, scope)}.yaml": _suite(table, scope)
        for table in (*form.table_codes(), DOCUMENT) for scope in ("column", "line", "table", "cell", DOCUMENT)
        if rules_of(table, scope)
    }
    checkpoint = {"name": "gate", "suites": list(suite_names()), "result_format": FAST}
    return {name: HEAD + _yaml(content) for name, content in {CHECKPOINT: checkpoint, **suites}.items()}


def load_suite(name: str, files: Path = FILES) -> gx.ExpectationSuite:
    """Return one suite as its file says."""
    return gx.ExpectationSuite(**yaml.load((files / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader))


def _yaml(content: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
    return text


def _run(
    shown: pl.DataFrame, tally: pl.DataFrame, built: Path, files: Path, accept: Callable[[Sequence[SuiteResult]], None]
) -> list[SuiteResult]:
    stated = yaml.safe_load((files / CHECKPOINT).read_text(encoding="utf-8"))
    context = _context(built)
    asset = context.data_sources.add_pandas("lake").add_dataframe_asset("reports")
    batch = asset.add_batch_definition_whole_dataframe("all")
    run_id = RunIdentifier(run_name=stated["name"], run_time=datetime.now(UTC))
    ids = pd.Index(shown[ID].to_list(), dtype=object, name=ID)
    found = {}
    for name in stated["suites"]:
        suite = context.suites.add(load_suite(name, files))
        definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
        # One suite at a time: each is given only its own columns, for Great Expectations goes through all there are.
        checkpoint = gx.Checkpoint(
            name=f"{stated['name']}_{name}", validation_definitions=[definition], result_format=stated["result_format"]
        )
        # A column that is not there Great Expectations has to miss itself.
        columns = [column for column in _columns_of(suite) if column in shown.columns]
        frame = ReportFrame.of(shown.select(ID, "report_year", *columns), ids)
        run = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": frame}, run_id=run_id)
        (found[name],) = run.run_results.values()
    results = [_suite_result(found[name], shown.height, tally) for name in stated["suites"]]
    accept(results)
    context.build_data_docs()
    return results


def _columns_of(suite: gx.ExpectationSuite) -> list[str]:
    """The columns of the shown reports that a suite looks at."""
    looked_at: list[str] = []
    for expectation in suite.expectations:
        kwargs = expectation.configuration.kwargs
        looked_at += [kwargs["column"]] if "column" in kwargs else [*kwargs["lhs"], *kwargs["rhs"]]
    return list(dict.fromkeys(looked_at))


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


# --- from rules to the files of suites


def _suite(table: str, scope: str) -> dict[str, Any]:
    expectations = [one for rule in rules_of(table, scope) for one in _expectations(rule, table)]
    return {
        "name": suite_name(table, scope),
        "notes": " · ".join(data_docs.suite_title(suite_name(table, scope))),
        "meta": {"table": table, "scope": scope},
        "expectations": [_stated(expectation) for expectation in expectations],
    }


def _stated(expectation: Expectation) -> dict[str, Any]:
    """An expectation as its file states it: what Great Expectations derives or defaults is left out."""
    whole: dict[str, Any] = dict(expectation.configuration.to_json_dict())
    kwargs = {name: value for name, value in whole["kwargs"].items() if name not in ("column_list", "ignore_row_if")}
    return {
        "type": whole["type"], "severity": whole["severity"], "description": whole["description"],
        "kwargs": kwargs, "meta": whole["meta"],
    }


def _expectations(rule: Rule, table: str) -> Iterable[Expectation]:
    if rule.kind != LINEAR:
        return [_of_verdicts(rule, table, severity) for severity in rule.severities]
    # The editions share most identities; of those they do not share, a report has the cells of its own edition only.
    stated: dict[Identity, list[str]] = {}
    for edition in rule.editions:
        for identity in identities_of(rule, table, edition):
            stated.setdefault(identity, []).append(edition)
    return [_of_identity(rule, identity, editions) for identity, editions in stated.items()]


def _of_identity(rule: Rule, identity: Identity, editions: list[str]) -> Expectation:
    instruments = "、".join(form.edition(code).instrument for code in editions)
    of_edition = f"（{instruments}）" if len(editions) < len(rule.editions) else ""
    return ExpectAccountingIdentity(
        lhs=list(identity.left), rhs=list(identity.right), relation=cast(Relation, identity.relation),
        severity=GX_SEVERITY[rule.severity], description=_description(rule, identity.scope, of_edition),
        meta=_meta(rule, identity.scope, rule.severity), row_condition=_year_condition(rule),
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


def _of_verdicts(rule: Rule, table: str, severity: str) -> Expectation:
    return ExpectNoBreaks(
        column=verdict_column(rule.code, table, severity), severity=GX_SEVERITY[severity],
        description=_description(rule, table), meta=_meta(rule, table, severity),
    )


def _meta(rule: Rule, scope: str, severity: str) -> dict[str, Any]:
    return {
        "rule": rule.code, "scope": scope, "severity": severity,
        "report_years": {"first": rule.first_year, "last": rule.last_year},
    }


def _description(rule: Rule, scope: str, of_edition: str = "") -> str:
    """In data docs a description takes the place of the expectation's own text, so it carries the formula too."""
    zh, en = places()[scope]
    return (
        f"{rule.code} {rule.title.zh} · {zh}{of_edition}：{rule.words.zh} [{rule.formula}] "
        f"{rule.title.en} · {en}: {rule.words.en}"
    )


# --- from validation results to ours


def _suite_result(
    result: ExpectationSuiteValidationResult, reports: int, tally: pl.DataFrame
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
    return SuiteResult(suite, reports, len(result.results), failures, _unknown(suite, tally))


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


def _unknown(suite: str, tally: pl.DataFrame) -> dict[str, int]:
    unknown = tally.filter(pl.col("verdict") == "unknown", suite_of_finding() == suite).group_by("rule", "scope").agg(
        pl.col("reports").sum()
    ).sort("rule", "scope")
    return {f"{rule} {scope}": count for rule, scope, count in unknown.iter_rows()}


if __name__ == "__main__":
    for path in write_files():
        print(path)
