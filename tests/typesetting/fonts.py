"""The fonts that tests set documents in: those of packages of the lock, so that every machine sets the same pages.

Belongs here: where the files are. Does not: setting anything (scans.py, layouts/pdf.py).
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

# Noto Sans SC (OFL) lies in the wheel of zhplot; the digits of Times and its kin in that of matplotlib.
FILES = {
    "NotoSansSC": ("zhplot", "fonts/NotoSansSC-Regular.ttf"),
    "STIXGeneral": ("matplotlib", "mpl-data/fonts/ttf/STIXGeneral.ttf"),
    "DejaVuSans": ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf"),
    "DejaVuSerif": ("matplotlib", "mpl-data/fonts/ttf/DejaVuSerif.ttf"),
}


@cache
def font_file(name: str) -> Path:
    """Return the file of a font of FILES; nothing of the package that carries it is imported.

    Raises:
        KeyError: no such font.
        FileNotFoundError: its package is not installed.
    """
    package, inside = FILES[name]
    found = importlib.util.find_spec(package)
    for folder in (found.submodule_search_locations or ()) if found else ():
        file = Path(folder) / inside
        if file.is_file():
            return file
    raise FileNotFoundError(f"font {name}: the package {package} of requirements.lock lacks {inside}")
