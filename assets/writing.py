"""How a file of ours comes to be: whole or not at all, also when the process is killed.

Belongs here: the one temp-fsync-replace. Does not: formats, folders, what is written.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STRAY = ".*.part"


def replace_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path` by temporary file, fsync and rename; a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, mode) as temporary:
        temporary.write_bytes(content)


@contextmanager
def replacing(path: Path, mode: int = 0o644, may_drop: bool = False) -> Iterator[Path]:
    """Give a temporary file to write to; at the end it takes the place of `path`.

    With `may_drop`, the caller may delete it to leave `path` as it is; otherwise a lost one is a FileNotFoundError.
    """
    temporary = path.parent / f".{path.name}.{uuid.uuid4().hex}.part"
    try:
        yield temporary
        if temporary.exists() or not may_drop:
            sync(temporary)
            temporary.chmod(mode)
            os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sweep_strays(folder: Path, depth: str) -> list[Path]:
    """Delete and return the temporary files that killed writes left `depth` (such as `*`) below `folder`."""
    strays = sorted(folder.glob(f"{depth}/{STRAY}"))
    for stray in strays:
        stray.unlink(missing_ok=True)
    return strays


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk; OSError if the disk refuses."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
