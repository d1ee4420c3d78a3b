"""How a file comes to be: whole, or aloud not at all.

Belongs here: assets/writing.py. Does not: what is written.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.writing import replace_file, replacing


def test_a_temporary_file_that_somebody_deleted_is_an_error_and_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_file(path, b"old")
    with pytest.raises(FileNotFoundError), replacing(path) as temporary:
        temporary.write_bytes(b"new")
        temporary.unlink()
    with replacing(path, may_drop=True) as temporary:
        temporary.write_bytes(b"new")
        temporary.unlink()
    assert path.read_bytes() == b"old" and [one.name for one in tmp_path.iterdir()] == ["file"]
