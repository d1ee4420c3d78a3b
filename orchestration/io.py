"""Keeps the lake's assets as Parquet files, and lets one run at a time into a home.

Belongs here: Dagster's view of assets/lake_files.py. Does not: writing Parquet itself.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import polars as pl

from assets.fetching.archive import archive_of
from assets.fetching.fetch_ledger import BusyError, crawl_lock
from assets.home import Home
from assets.lake import TABLES, LakeTable
from assets.lake_files import LakeFiles, LakeParts
from assets.versions import made_by

LOCK_POLL_SECONDS = 0.5
LOCK_PATIENCE_SECONDS = 6 * 3600.0
BY_NAME = {table.name: table for table in TABLES}


class HomeBusyError(RuntimeError):
    """Another run has been at work in the same home for too long."""


class LakeIOManager(dg.ConfigurableIOManager):
    """One Parquet file per table and report year below `<root>/lake`, untouched where the bytes are the same.

    For as long as a run lasts it holds `<root>/run.lock`, so that the nightly run and one started by hand follow
    one another, and it begins by sweeping away what killed runs left half written.
    """

    root: str
    patience_seconds: float = LOCK_PATIENCE_SECONDS

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[LakeIOManager]:
        """Hold the home's lock and sweep strays, for one run."""
        home = Home(Path(self.root))
        with home_lock(home, self.patience_seconds):
            for stray in [*LakeFiles(home.lake).sweep(), *archive_strays(home)]:
                if context.log:
                    context.log.warning(f"deleted what a killed run left half written: {stray}")
            yield self

    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame | LakeParts) -> None:
        """Write one partition of one table; what changed goes into the metadata."""
        table = _table(context.asset_key)
        partition = context.partition_key
        parts = obj if isinstance(obj, LakeParts) else [obj]
        changed = self._files.write_parts(table, partition, parts, made_by(self._files, table, partition))
        path = self._files.path(table, partition)
        context.add_output_metadata(
            {
                "dagster/row_count": self._files.height(table, context.partition_key), "bytes_changed": changed,
                "path": dg.MetadataValue.path(path),
            }
        )

    def load_input(self, context: dg.InputContext) -> pl.DataFrame | pl.LazyFrame:
        """Read the partitions asked for, or scan them for a LazyFrame; one that was never written has no rows."""
        table = _table(context.asset_key)
        keys = context.asset_partition_keys if context.has_asset_partitions else self._files.partitions(table)
        if context.dagster_type.typing_type is pl.LazyFrame:
            return pl.concat([table.empty().lazy(), *(self._files.scan(table, key) for key in keys)])
        return pl.concat([table.empty(), *(self._files.read(table, key) for key in keys)])

    @property
    def _files(self) -> LakeFiles:
        return LakeFiles(Home(Path(self.root)).lake)


@contextmanager
def home_lock(home: Home, patience_seconds: float) -> Iterator[None]:
    """Hold `<home>/run.lock`; the system lets go of it when the process dies. HomeBusyError after the patience."""
    home.root.mkdir(parents=True, exist_ok=True)
    path = home.root / "run.lock"
    until = time.monotonic() + patience_seconds
    with path.open("a") as file:
        while not _locked(file.fileno()):
            if time.monotonic() >= until:
                raise HomeBusyError(f"{path}: another run has held the lock for more than {patience_seconds:g} seconds")
            time.sleep(LOCK_POLL_SECONDS)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def archive_strays(home: Home) -> list[Path]:
    """Sweep the archive and return what was deleted; nothing while a crawl writes there, it may be under way."""
    try:
        with crawl_lock(home.ledger):
            return archive_of(home).sweep()
    except BusyError:
        return []


def _table(key: dg.AssetKey) -> LakeTable:
    return BY_NAME[key.path[-1]]
