"""What the assets are given: the home, the lake's IO manager, the display of progress.

Belongs here: making resources for a home. Does not: dbt's (assets/marts), what they do.
"""

from __future__ import annotations

from assets.asset import IO_MANAGER
from assets.home import Home
from assets.progress import Progress
from orchestration.io import LakeIOManager


def resources(home: Home, progress: Progress) -> dict[str, object]:
    """Return the resources of the lake's assets, by key."""
    return {IO_MANAGER: LakeIOManager(root=str(home.root)), "home": home, "progress": progress}
