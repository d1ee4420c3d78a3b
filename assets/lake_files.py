"""Reads and writes the lake's Parquet files: whole or not at all, and only when the bytes differ.

Belongs here: lake/<table>/<partition>.parquet and the version each file was made by.
Does not: schemas (assets/lake.py), what is in the rows (the stages), Dagster (orchestration/io.py).
"""

from __future__ import annotations

import filecmp
import hashlib
import io
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from assets.lake import LakeTable
from assets.writing import replace_file, replacing, sweep_strays

MADE_BY = "gongkai.made_by"
# Rows that are read together at the least: small, so that a few reports can be read out of a large file.
ROW_GROUP = 256 * 1024


class LakeFileError(RuntimeError):
    """A lake file, or a frame on its way into one, is not what its table says."""


class LakeFiles:
    """The Parquet files below `root`, one per table and partition."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, table: LakeTable, partition: str) -> Path:
        """Return where the file of `table` and `partition` lies, written or not."""
        return self.root / table.name / f"{partition}.parquet"

    def partitions(self, table: LakeTable) -> list[str]:
        """Return the partitions of `table` that have been written, sorted."""
        return sorted(path.stem for path in (self.root / table.name).glob("[!.]*.parquet"))

    def read(self, table: LakeTable, partition: str) -> pl.DataFrame:
        """Return the rows of one partition, none where it was never written; LakeFileError on another schema."""
        path = self.path(table, partition)
        if not path.exists():
            return table.empty()
        frame = pl.read_parquet(path, memory_map=False)
        if dict(frame.schema) != table.columns:
            raise LakeFileError(
                f"{path}: columns {dict(frame.schema)}, expected {table.columns}; run this partition again"
            )
        return frame

    def read_all(self, table: LakeTable) -> pl.DataFrame:
        """Return the rows of every partition that has been written."""
        return pl.concat([table.empty(), *(self.read(table, name) for name in self.partitions(table))])

    def read_keys(self, table: LakeTable, key: Sequence[str]) -> pl.DataFrame:
        """Return the distinct values of the columns `key` over all partitions, without loading the others."""
        files = [self.path(table, name) for name in self.partitions(table)]
        found = [pl.read_parquet(file, columns=list(key), memory_map=False).unique() for file in files]
        return pl.concat([table.empty().select(key), *found]).unique()

    def previous(self, tables: Iterable[LakeTable], partition: str) -> dict[str, pl.DataFrame]:
        """Return {table name: rows} of one partition for remembering: none of any where one cannot be read."""
        wanted = tuple(tables)
        whole = all(self.readable(table, partition) for table in wanted)
        return {table.name: self.read(table, partition) if whole else table.empty() for table in wanted}

    def readable(self, table: LakeTable, partition: str) -> bool:
        """Tell whether the partition has been written with the table's present schema."""
        path = self.path(table, partition)
        return path.exists() and dict(pl.read_parquet_schema(path)) == table.columns

    def scan(self, table: LakeTable, partition: str) -> pl.LazyFrame:
        """Return the rows of one partition to be read in part; LakeFileError on another schema, like `read`."""
        path = self.path(table, partition)
        if not path.exists():
            return table.empty().lazy()
        found = dict(pl.read_parquet_schema(path))
        if found != table.columns:
            raise LakeFileError(f"{path}: columns {found}, expected {table.columns}; run this partition again")
        return pl.scan_parquet(path)

    def digest(self, table: LakeTable, partition: str) -> str:
        """Return a hash of the file's bytes, "" where there is no file."""
        path = self.path(table, partition)
        if not path.exists():
            return ""
        state = path.stat()
        return _digest(path, state.st_ino, state.st_mtime_ns, state.st_size)

    def made_by(self, table: LakeTable, partition: str) -> str | None:
        """Return the version of the code that wrote the file, None where there is no file."""
        path = self.path(table, partition)
        return pl.read_parquet_metadata(path).get(MADE_BY, "") if path.exists() else None

    def write(self, table: LakeTable, partition: str, frame: pl.DataFrame, made_by: str) -> bool:
        """Write the rows sorted by key; False, and the file untouched, when the same bytes are there already."""
        content = _parquet(table, partition, frame, made_by)
        path = self.path(table, partition)
        if path.exists() and path.read_bytes() == content:
            return False
        replace_file(path, content)
        return True

    def write_parts(self, table: LakeTable, partition: str, parts: Iterable[pl.DataFrame], made_by: str) -> bool:
        """Write rows that come in parts, each part's first column behind that of the part before; else like `write`.

        Of one part the file is that of `write`. Several are never in memory together.
        """
        coming = iter(parts)
        first, second = next(coming, table.empty()), next(coming, None)
        if second is None:
            return self.write(table, partition, first, made_by)
        path = self.path(table, partition)
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path, may_drop=True) as temporary:
            _write_parquet(temporary, table, partition, chain((first, second), coming), made_by)
            same = path.exists() and filecmp.cmp(temporary, path, shallow=False)
            if same:
                temporary.unlink()
        return not same

    def height(self, table: LakeTable, partition: str) -> int:
        """Return how many rows the partition has, none where it was never written."""
        return int(self.scan(table, partition).select(pl.len()).collect().item())

    def sweep(self) -> list[Path]:
        """Delete and return what killed writes left behind."""
        return sweep_strays(self.root, "*")


@cache
def _digest(path: Path, *_state: int) -> str:
    """The hash of a file, remembered for as long as its inode, time and size stay the same."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class LakeParts(ABC):
    """Rows of a lake table that come part by part, each time they are asked for."""

    def __init__(self, table: LakeTable) -> None:
        self.table = table

    @abstractmethod
    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the parts; each one's keys lie behind those of the part before."""

    def read(self) -> pl.DataFrame:
        """Return all parts together."""
        whole: pl.DataFrame = pl.concat([self.table.empty(), *self])
        return whole


class Aside(LakeParts):
    """Rows on their way, kept in a folder of their own until they are written."""

    def __init__(self, folder: Path, table: LakeTable) -> None:
        super().__init__(table)
        self.folder = folder
        self._files: list[Path] = []

    def add(self, part: pl.DataFrame) -> None:
        """Put a part aside."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{len(self._files):05d}.parquet"
        part.write_parquet(file, compression="lz4")
        self._files.append(file)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the parts in the order in which they came."""
        return (pl.read_parquet(file, memory_map=False) for file in self._files)


def _write_parquet(
    path: Path, table: LakeTable, partition: str, parts: Iterable[pl.DataFrame], made_by: str
) -> None:
    schema = table.empty().to_arrow().schema.with_metadata({MADE_BY: made_by})
    before: str | None = None
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in parts:
            _check(table, partition, part)
            rows = table.sort(part)
            leading = rows[table.key[0]]
            if rows.is_empty():
                continue
            if before is not None and leading[0] <= before:
                raise LakeFileError(
                    f"lake table {table.name}, partition {partition}: a part begins with {leading[0]!r}, "
                    f"which must lie behind {before!r}, the end of the part before"
                )
            before = leading[-1]
            for group in rows.iter_slices(ROW_GROUP):
                writer.write_table(group.to_arrow().replace_schema_metadata(schema.metadata))


def _parquet(table: LakeTable, partition: str, frame: pl.DataFrame, made_by: str) -> bytes:
    _check(table, partition, frame)
    buffer = io.BytesIO()
    table.sort(frame).rechunk().write_parquet(buffer, compression="zstd", metadata={MADE_BY: made_by})
    return buffer.getvalue()


def _check(table: LakeTable, partition: str, frame: pl.DataFrame) -> None:
    if dict(frame.schema) != table.columns:
        raise LakeFileError(
            f"lake table {table.name}, partition {partition}: a frame with columns {dict(frame.schema)} was handed in, "
            f"expected {table.columns} (assets/lake.py)"
        )
    if table.in_order(frame):
        return
    twice = frame.select(table.key).filter(pl.struct(table.key).is_duplicated()).head(5)
    if twice.height:
        raise LakeFileError(
            f"lake table {table.name}, partition {partition}: the key {table.key} must be unique, "
            f"it is not for {twice.unique().rows()}"
        )
