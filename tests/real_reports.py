"""The five real reports, which lie beside the repository and not in it: ../shared/reports.

Belongs here: finding their files, and saying so where they are not there. Does not: anything about their content.
"""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "reports"
NUMBERS = ("000", "001", "002", "003", "004")


def real_report(number: str, ending: str = ".txt") -> Path:
    """Return the document of a report, or with ending `.truth.json` its cells as checked by hand.

    Where they are not beside the repository the test is skipped; a file that is missing among others is an error.
    """
    if not FOLDER.is_dir():
        pytest.skip(f"the real reports are not beside the repository: {FOLDER}")
    [file] = FOLDER.glob(f"{number}_*{ending}")
    return file
