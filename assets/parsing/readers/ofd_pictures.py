"""Pages of OFD that are pictures: put together on a sheet as they are placed, and recognised.

Belongs here: pictures on a sheet. Does not: where they stand (ofd.py), recognition (assets/parsing/recognition).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assets.parsing import recognition
from assets.parsing.geometry.printed import LatticePage
from assets.parsing.readers import image
from assets.parsing.readers.bounds import Budget, Unreadable

POINTS = 72.0
FINEST, COARSEST = 300.0, 72.0
MOST_PIXELS = 40_000_000


@dataclass(frozen=True)
class Placed:
    """A picture on a page: its resource, its corner and size in pt, whether it is turned or mirrored."""

    resource: str
    x: float
    y: float
    width: float
    height: float
    turned: bool


def recognised(
    pictures: Sequence[tuple[Placed, bytes]], width: float, height: float, number: int, budget: Budget
) -> LatticePage:
    """Return what is recognised on a page of pictures.

    Raises:
        Unreadable: needs_ocr, if the extra is not installed; unsupported_format for a turned picture; as image.frames.
    """
    recognition.require()
    import numpy
    from PIL import Image

    drawn = [(placed, next(iter(image.frames(content, budget)))[0]) for placed, content in pictures]
    if any(placed.turned for placed, _ in drawn):
        raise Unreadable("unsupported_format", f"OFD: page {number} is a turned picture")
    finest = max(grey.shape[1] * POINTS / placed.width for placed, grey in drawn)
    scale = min(max(finest, COARSEST), FINEST) / POINTS
    if width * height * scale * scale > MOST_PIXELS:
        raise Unreadable("too_large", f"OFD: page {number} measures {width:.0f} x {height:.0f} pt")
    sheet = Image.new("L", (max(1, round(width * scale)), max(1, round(height * scale))), 255)
    for placed, grey in drawn:
        size = (max(1, round(placed.width * scale)), max(1, round(placed.height * scale)))
        if size[0] * size[1] > MOST_PIXELS:
            raise Unreadable("too_large", f"OFD: a picture of page {number} is larger than the page")
        shown = Image.fromarray(grey)
        shown = shown if shown.size == size else shown.resize(size, Image.Resampling.LANCZOS)
        sheet.paste(shown, (round(placed.x * scale), round(placed.y * scale)))
    return recognition.recognise(numpy.asarray(sheet, numpy.uint8), number, 1 / scale, budget)
