"""Zip files whose bytes depend on their content only.

Belongs here: writing members in order with a fixed date. Does not: what any member says.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

EARLIEST = (1980, 1, 1, 0, 0, 0)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file of the members in their order, deflated."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()
