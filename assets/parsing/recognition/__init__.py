"""Recognition: pictures of pages to what stands on them, as the extra `gongkai[ocr]` has it.

Belongs here: everything that needs OpenCV, onnxruntime and the model. Does not: opening files (assets/parsing/readers),
tables of rules (assets/parsing/geometry), what a cell means (assets/parsing/placing).
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from assets.parsing.geometry.printed import LatticePage
from assets.parsing.readers.bounds import Budget, Unreadable

if TYPE_CHECKING:
    from assets.parsing.recognition.deskew import Grey

NEEDED = ("cv2", "numpy", "onnxruntime", "PIL", "rapidocr")
HOW = "install the extra: pip install 'gongkai[ocr]', rapidocr with --no-deps"


def recognise(grey: Grey, page_number: int, points_per_pixel: float | None, budget: Budget) -> LatticePage:
    """Return what stands on a picture of a page; see page.recognise.

    Raises:
        Unreadable: needs_ocr, if the extra is not installed; too_large, when it takes too long.
    """
    require()
    from assets.parsing.recognition import page

    return page.recognise(grey, page_number, points_per_pixel, budget)


def require() -> None:
    """Raise Unreadable('needs_ocr') unless the extra is installed; nothing of it is imported by that."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise Unreadable("needs_ocr", f"{HOW} (missing: {', '.join(missing)})")
