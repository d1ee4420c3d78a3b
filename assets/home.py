"""Where gongkai keeps its state: the folders below GONGKAI_HOME.

Belongs here: the one list of paths. Does not: reading or writing any of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

LOOPBACK = "127.0.0.1"
PAGES_PORT = 3001
PAGES_URL = f"http://{LOOPBACK}:{PAGES_PORT}"
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Home:
    """The folders of one installation; `root` is GONGKAI_HOME (default `var/` in the project).

    pages_url: where a browser finds what lies below `root`: GONGKAI_PAGES_URL, else where `gongkai dev` serves it.
    """

    root: Path
    pages_url: str = PAGES_URL

    @classmethod
    def from_environment(cls) -> Home:
        """Return the home that GONGKAI_HOME names, or `var/` beside the code."""
        root = Path(os.environ.get("GONGKAI_HOME") or PROJECT / "var").resolve()
        return cls(root, (os.environ.get("GONGKAI_PAGES_URL") or PAGES_URL).rstrip("/"))

    def page(self, path: Path) -> str:
        """Return the address of a page below `root`, for a link."""
        return f"{self.pages_url}/{quote(path.relative_to(self.root).as_posix())}"

    @property
    def inbox(self) -> Path:
        """Folder people drop documents into."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Content-addressed bytes of every document, never overwritten."""
        return self.root / "archive"

    @property
    def ledger(self) -> Path:
        """SQLite file with one row per document."""
        return self.root / "ledger.sqlite"

    @property
    def lake(self) -> Path:
        """Parquet tables: lake/<table>/<partition>.parquet."""
        return self.root / "lake"

    @property
    def build(self) -> Path:
        """Dbt's private DuckDB file and target folder; nobody else opens it."""
        return self.root / "build"

    @property
    def data_docs(self) -> Path:
        """Great Expectations' data docs of the latest gate."""
        return self.root / "data_docs"

    @property
    def published(self) -> Path:
        """Immutable snapshots and the pointer to the newest."""
        return self.root / "published"

    @property
    def published_data_docs(self) -> Path:
        """The data docs of every year, published/data_docs/<snapshot id>: beside the snapshot, for they name run times.

        In it they would make a new snapshot of unchanged content every night.
        """
        return self.published / "data_docs"

    @property
    def published_model_docs(self) -> Path:
        """The page on the models of each snapshot, published/model_docs/<snapshot id>; it stays as first written."""
        return self.published / "model_docs"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME: run and event storage of the Dagster instance."""
        return self.root / "dagster"
