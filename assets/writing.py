"""How a file of ours comes to be: whole or not at all, also when the process is killed.

Belongs here: the one temp-fsync-replace. Does not: formats, folders, what is written.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

STRAY = ".*.part"


def replace_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path` by temporary file, fsync and rename; a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{path.name}.{uuid.uuid4().hex}.part"
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def sweep_strays(folder: Path, depth: str) -> list[Path]:
    """Delete and return the temporary files that killed writes left `depth` (such as `*`) below `folder`."""
    strays = sorted(folder.glob(f"{depth}/{STRAY}"))
    for stray in strays:
        stray.unlink(missing_ok=True)
    return strays


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
