"""The archive in an S3-compatible store.

Belongs here: storing and fetching bytes by content over obstore. Does not: which store (GONGKAI_ARCHIVE_STORE), keys
and regions (the AWS_… variables that obstore reads).
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import S3Store

from assets.fetching.archive import Archive, DamagedArchiveError


class StoredArchive(Archive):
    """Objects `<first two hex digits>/<sha256>` below such an address as s3://bucket/prefix, never overwritten."""

    def __init__(self, address: str) -> None:
        super().__init__(Path(address))
        self.address = address
        self._store = S3Store.from_url(address, client_options={"allow_http": True})

    def store(self, content: bytes) -> str:
        """Keep `content` and return its document_id; an object already there is left untouched."""
        document_id = hashlib.sha256(content).hexdigest()
        with suppress(AlreadyExistsError):
            obstore.put(self._store, _key(document_id), content, mode="create")
        return document_id

    def fetch(self, document_id: str) -> bytes:
        """Return the stored bytes; DamagedArchiveError when they are missing or do not hash to their name."""
        try:
            content = bytes(obstore.get(self._store, _key(document_id)).bytes())
        except FileNotFoundError as error:
            raise DamagedArchiveError(f"archive: document {document_id} is not in {self.address}") from error
        if hashlib.sha256(content).hexdigest() != document_id:
            raise DamagedArchiveError(f"archive: {self.address}: {document_id} does not hash to its name")
        return content

    def sweep(self) -> list[Path]:
        """Return nothing: a store takes an object whole or not at all."""
        return []


def _key(document_id: str) -> str:
    return f"{document_id[:2]}/{document_id}"
