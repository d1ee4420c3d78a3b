"""The fonts that tests set documents in.

Belongs here: where the files are. Does not: setting anything (scans.py, layouts/pdf.py).

The sans comes in a wheel of requirements.lock, so every machine has it. The serif, which most scanned reports are set
in, comes in no wheel of a clear licence: `.ci/system` installs Debian's package where it may; elsewhere the sans stands
in for it, and pictures are tried in one font instead of two.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import NamedTuple

SERIF, SANS = "serif", "sans"


class Font(NamedTuple):
    """A file, and which face of it, for files that hold several."""

    file: Path
    face: int = 0


# Debian's package fonts-noto-cjk; the third face of the collection is the simplified Chinese one.
DEBIAN = Font(Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"), 2)
PACKAGE, INSIDE = "zhplot", "fonts/NotoSansSC-Regular.ttf"


@cache
def font(name: str) -> Font:
    """Return the font SERIF or SANS; nothing of the package that carries it is imported.

    Raises:
        FileNotFoundError: the package of requirements.lock is not installed.
    """
    if name == SERIF and DEBIAN.file.is_file():
        return DEBIAN
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found else ():
        file = Path(folder) / INSIDE
        if file.is_file():
            return Font(file)
    raise FileNotFoundError(f"no Chinese font: {PACKAGE} of requirements.lock lacks {INSIDE}")
