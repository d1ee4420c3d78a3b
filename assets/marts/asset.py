"""The marts in Dagster: reference tables, the dbt models with their tests as checks, the published snapshot.

Belongs here: handing pure functions and the dbt project to Dagster, and what the UI shows of them.
Does not: SQL (dbt_project/), how a snapshot is written (publishing.py), jobs and gates (orchestration/).
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from packaging.version import Version

from assets.home import PROJECT, Home
from assets.lake import LakeTable
from assets.marts import changes
from assets.marts import dbt as dbt_calls
from assets.marts.column_lineage import columns_made_of
from assets.marts.model_docs import INDEX, model_docs
from assets.marts.publishing import MANIFEST, Snapshot, publish_snapshot, quality_counts
from assets.marts.reference import REFERENCE, write_reference
from assets.writing import replace_file
from expectations.data_docs import publish

SCHEMA, LINEAGE = "dagster/column_schema", "dagster/column_lineage"
TAKING_PART = ("duckdb", "dbt-core", "dbt-duckdb", "polars")


class InstalledDbt(DbtCliResource):
    """The dbt of this environment; its version is looked up instead of asked for by a call that costs 4 seconds."""

    @property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))


class MartsTranslator(DagsterDbtTranslator):
    """Groups dbt models by their folder: staging, marts."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Return the folder of the model below models/."""
        folders: list[str] = dbt_resource_props["fqn"][1:-1]
        return folders[0] if folders else None


def build_marts(home: Home) -> tuple[list[dg.AssetsDefinition], dict[str, Any]]:
    """Return the assets from the lake to the snapshot, and the resources they need; a new mart needs no edit here.

    The assets: the reference tables (one step, no upstream), every dbt model, `published_snapshot`.
    None of them is partitioned. All must be in the job that publishes. dbt's project is parsed here when it changed.
    """
    # as a dict: dagster-dbt would remember what it read from a path for as long as the process lives
    manifest: dict[str, Any] = json.loads(dbt_calls.ensure_manifest(home).read_bytes())
    project = DbtProject(
        dbt_calls.DBT_PROJECT, target_path=dbt_calls.target_folder(home), profiles_dir=dbt_calls.DBT_PROJECT
    )
    folder = str(dbt_calls.DBT_PROJECT)
    dbt = InstalledDbt(project_dir=folder, profiles_dir=folder, dbt_executable=str(dbt_calls.dbt_executable()))
    return [_reference(home), _models(home, manifest, project), _snapshot(home, manifest)], {"dbt": dbt}


def _reference(home: Home) -> dg.AssetsDefinition:
    @dg.multi_asset(specs=[_reference_spec(table) for table in REFERENCE], name="reference_tables")
    def reference_tables() -> Iterator[dg.MaterializeResult[Any]]:
        """Write the registries that the marts look up as tables."""
        for name, rows in write_reference(home).items():
            yield dg.MaterializeResult(asset_key=name, metadata={"dagster/row_count": rows})

    return reference_tables


def _reference_spec(table: LakeTable) -> dg.AssetSpec:
    columns = [dg.TableColumn(name, str(kind)) for name, kind in table.columns.items()]
    return dg.AssetSpec(
        table.name,
        description=f"{table.zh}。\n\n{table.en}.",
        group_name="reference",
        kinds={"polars", "parquet"},
        metadata={SCHEMA: dg.TableSchema(columns=columns)},
    )


def _models(home: Home, manifest: dict[str, Any], project: DbtProject) -> dg.AssetsDefinition:
    settings = DagsterDbtTranslatorSettings(enable_code_references=True)
    sources = [source["name"] for source in manifest["sources"].values()]

    @dbt_assets(
        manifest=manifest, project=project, dagster_dbt_translator=MartsTranslator(settings), name="dbt_models"
    )
    def dbt_models(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        """Build the models and run their tests: those of the report years that changed where that is enough, else all.

        A broken test that must hold fails the step: nothing is published, and the next build is of everything.
        """
        whole, built = _is_whole(context), changes.plan(home, sources)
        context.log.info(built.reason)
        before = changes.begin(home)
        if whole and built.years is None:
            dbt_calls.remove_build(home)
        with dbt_calls.environment(dbt_calls.dbt_environment(home) | built.variables()):
            yield from _built(context, dbt, _run_folder(home), built)
        if whole:
            changes.finish(home, built.made)
        elif before is not None:
            changes.finish_part(home, before, built)

    return dbt_models


def _run_folder(home: Home) -> Path:
    """Return dbt's target folder of the build: its manifest holds the SQL that was run."""
    return dbt_calls.target_folder(home) / "run"


def _is_whole(context: dg.AssetExecutionContext) -> bool:
    models = context.assets_def
    whole_keys, whole_checks = set(models.keys), set(models.check_keys)
    return bool(context.selected_asset_keys == whole_keys and context.selected_asset_check_keys == whole_checks)


def _built(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, target: Path, plan: changes.Plan
) -> Iterator[Any]:
    # Unit tests look at the project's SQL, never at the lake: they hold as long as the project is the same.
    unneeded = [] if plan.years is None else ["--exclude-resource-type", "unit_test"]
    invocation = dbt.cli(["build", *unneeded], context=context, target_path=target)
    columns: dict[str, dict[str, str]] = {}
    try:
        for event in invocation.stream().fetch_row_counts().fetch_column_metadata(with_column_lineage=False):
            columns = columns or _columns(invocation)
            yield _with_columns(event, invocation.manifest, columns, target)
    finally:
        _close(invocation)


def _columns(invocation: DbtCliInvocation) -> dict[str, dict[str, str]]:
    """Return the columns of every table and view of the build with their types; to be called when dbt has finished."""
    assert invocation.adapter is not None
    with invocation.adapter.connection_named("columns"):
        _, rows = invocation.adapter.execute(
            "select table_name, column_name, data_type from duckdb_columns() where not internal", fetch=True
        )
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _close(invocation: DbtCliInvocation) -> None:
    """Let go of the build file: fetching row counts and columns opened it in this process."""
    if invocation.adapter is not None:
        invocation.adapter.cleanup_connections()
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


def _with_columns(
    event: Any, manifest: Mapping[str, Any], columns: Mapping[str, Mapping[str, str]], target: Path
) -> Any:
    """Give the event of a model its columns: their descriptions, and what each is made of."""
    schema = event.metadata.get(SCHEMA) if isinstance(event, dg.Output) else None
    if not isinstance(schema, dg.TableSchemaMetadataValue):
        return event
    unique_id = event.metadata["unique_id"].text
    node = manifest["nodes"][unique_id]
    described = [
        dg.TableColumn(column.name, column.type, node["columns"].get(column.name, {}).get("description"))
        for column in schema.schema.columns
    ]
    added: dict[str, Any] = {SCHEMA: dg.TableSchema(columns=described)}
    if node["resource_type"] == "model":
        added[LINEAGE] = _lineage(node, manifest, columns, target)
    return event.with_metadata({**event.metadata, **added})


def _lineage(
    node: Mapping[str, Any], manifest: Mapping[str, Any], columns: Mapping[str, Mapping[str, str]], target: Path
) -> dg.TableColumnLineage:
    parents = [manifest["nodes"][one] for one in manifest["parent_map"][node["unique_id"]] if one in manifest["nodes"]]
    keys = {parent["name"]: MartsTranslator().get_asset_key(parent) for parent in parents}
    compiled = target / "compiled" / node["package_name"] / node["original_file_path"]
    made_of = columns_made_of(compiled.read_text("utf-8"), {name: columns[name] for name in keys})
    return dg.TableColumnLineage({
        column: [dg.TableColumnDep(keys[parent], of) for parent, of in deps] for column, deps in made_of.items()
    })


def _snapshot(home: Home, manifest: dict[str, Any]) -> dg.AssetsDefinition:
    @dg.asset(
        deps=_mart_keys(manifest),
        group_name="publication",
        kinds={"duckdb", "parquet"},
        description=(
            "发布的快照：不可变的文件夹（Parquet 与一个 DuckDB 文件），然后一步切换指针；内容未变则不新建。"
            "旁边是检查结果与数据模型的网页。\n\n"
            "The published snapshot: an immutable folder, then a pointer flip. Unchanged content makes no new one. "
            "Beside it the pages on what was checked and on the models."
        ),
    )
    def published_snapshot() -> dg.MaterializeResult[Any]:
        build = _finished_build(home)
        versions = {name: version(name) for name in TAKING_PART}
        orders = dbt_calls.sorted_by(manifest)
        snapshot = publish_snapshot(build, home, _git_revision(), versions, quality_counts(build), orders)
        pages = {
            "data_docs": publish(home.data_docs, home.published_data_docs / snapshot.id),
            "model_docs": _page_on_models(home, snapshot),
        }
        return dg.MaterializeResult(
            metadata=_about(snapshot, quality_counts(build), {name: home.page(path) for name, path in pages.items()}),
            data_version=dg.DataVersion(snapshot.content),
        )

    return published_snapshot


def _page_on_models(home: Home, snapshot: Snapshot) -> Path:
    """Return the page on the models of a snapshot; like the snapshot, it stays as it was first written."""
    page = home.published_model_docs / snapshot.id / INDEX
    if not page.exists():
        replace_file(page, model_docs(home, _run_folder(home)).encode(), mode=0o444)
    return page


def _finished_build(home: Home) -> Path:
    """Return the build file; DbtError if the last build did not reach its end, so that nothing half-built goes out."""
    if not changes.is_finished(home):
        build = dbt_calls.build_file(home)
        raise dbt_calls.DbtError(f"{build} is not a finished build: materialize the marts, all of them, first")
    return dbt_calls.build_file(home)


def _mart_keys(manifest: dict[str, Any]) -> list[dg.AssetKey]:
    marts = [node for node in manifest["nodes"].values() if node["resource_type"] == "model" and "mart" in node["tags"]]
    return [MartsTranslator().get_asset_key(node) for node in marts]


def _about(snapshot: Snapshot, quality: Mapping[str, int], pages: Mapping[str, str]) -> dict[str, Any]:
    return {
        "snapshot": snapshot.id,
        "path": dg.MetadataValue.path(snapshot.path),
        "manifest": dg.MetadataValue.path(snapshot.path / MANIFEST),
        **{name: dg.MetadataValue.url(address) for name, address in pages.items()},
        "new_content": snapshot.created,
        "dagster/row_count": sum(snapshot.rows.values()),
        **{f"rows/{mart}": rows for mart, rows in snapshot.rows.items()},
        **{f"quality/{name}": count for name, count in quality.items()},
    }


def _git_revision() -> str:
    """Return the commit the code was checked out at, or "unknown" where there is no git or no repository."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=10
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return "unknown"
    return done.stdout.strip() if done.returncode == 0 else "unknown"
