"""The archive: every document's bytes under their own sha256, written once and never again.

Belongs here: storing and fetching bytes by content. Does not: names, dates or years of documents (ledger.py).
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from assets.home import Home
from assets.writing import replace_file, sweep_strays


class DamagedArchiveError(RuntimeError):
    """The bytes under a document_id are gone or are no longer the bytes that were stored."""


STORE = "GONGKAI_ARCHIVE_STORE"


class Archive:
    """Content-addressed files below `root`: `<first two hex digits>/<sha256>`, read-only."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, document_id: str) -> Path:
        """Return where the bytes of `document_id` lie, stored or not."""
        return self.root / document_id[:2] / document_id

    def store(self, content: bytes) -> str:
        """Keep `content` and return its document_id (sha256 in hex); bytes already there are left untouched."""
        document_id = hashlib.sha256(content).hexdigest()
        path = self.path(document_id)
        if not path.exists():
            replace_file(path, content, mode=0o444)
        return document_id

    def fetch(self, document_id: str) -> bytes:
        """Return the stored bytes; DamagedArchiveError when they are missing or do not hash to their name."""
        path = self.path(document_id)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise DamagedArchiveError(
                f"archive: document {document_id} stands in the ledger but {path} is gone; restore it from a backup "
                "or drop the document into the inbox again"
            ) from error
        found = hashlib.sha256(content).hexdigest()
        if found != document_id:
            raise DamagedArchiveError(
                f"archive: {path} should hold sha256 {document_id}, its {len(content)} bytes hash to {found}; "
                "delete the file and drop the document into the inbox again"
            )
        return content

    def sweep(self) -> list[Path]:
        """Delete and return what killed writes left behind."""
        return sweep_strays(self.root, "*")


def archive_of(home: Home) -> Archive:
    """Return the archive of a home: its folder, or the store that GONGKAI_ARCHIVE_STORE names (s3://bucket/prefix)."""
    store = os.environ.get(STORE, "")
    if not store:
        return Archive(home.archive)
    from assets.fetching.object_store import StoredArchive

    return StoredArchive(store)
