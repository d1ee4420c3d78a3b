"""Reader of pictures: PNG, JPEG, TIFF of several pages, BMP, GIF.

Belongs here: opening a picture within bounds, its frames as grey pages, how large it is printed.
Does not: recognition (assets/parsing/recognition), tables of rules (assets/parsing/geometry).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from assets.parsing import recognition
from assets.parsing.document import ReadDocument
from assets.parsing.geometry.printed import LatticePage
from assets.parsing.geometry.stitching import stitch
from assets.parsing.readers.bounds import Budget, Unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

    from assets.parsing.recognition.deskew import Grey

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
# A3 at 300 dpi has 17 million pixels, a long picture of a web page about as many; more is reduced or refused.
MOST_PIXELS = 100_000_000
MOST_PIXELS_TOGETHER = 600_000_000
FINEST = 320.0
REDUCED = 250.0
POINTS = 72.0
# A stated resolution is believed from here on: below, programs write what they please.
LEAST_RESOLUTION = 100.0
NARROWEST_PAGE, WIDEST_PAGE = 250.0, 1300.0
# What Pillow's decoders raise over damaged files; it has no error of its own for them.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, ZeroDivisionError, OverflowError,
          AttributeError, NotImplementedError, struct.error, zlib.error)


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Recognise every frame of a picture as a page.

    Raises:
        Unreadable: needs_ocr, if the extra is not installed; broken; too_large, in pixels, frames or time.
    """
    recognition.require()
    pages = list(_recognised(content, budget))
    pictures = tuple((page.place(picture.box), picture.png) for page in pages for picture in page.pictures)
    return ReadDocument("image", "", "image", stitch(pages), pictures)


def _recognised(content: bytes, budget: Budget) -> Iterator[LatticePage]:
    for number, (grey, resolution) in enumerate(frames(content, budget), 1):
        yield recognition.recognise(grey, number, POINTS / resolution if resolution else None, budget)


def frames(content: bytes, budget: Budget) -> Iterator[tuple[Grey, float | None]]:
    """Yield each frame as a grey picture with its resolution in dpi, None where none can be believed.

    Raises:
        Unreadable: broken or too_large; sizes are looked at before anything is unpacked.
    """
    from PIL import Image, ImageOps

    total = 0
    with _named():
        picture = Image.open(BytesIO(content), formats=FORMATS)
    with picture:
        with _named():
            count = int(getattr(picture, "n_frames", 1))
        budget.pages(count)
        for number in range(count):
            with _named():
                picture.seek(number)
            total += _pixels(picture, total)
            with _named():
                resolution, shown = _resolution(picture), _flat(ImageOps.exif_transpose(picture))
            yield _grey(shown, resolution)
            budget.check()


@contextmanager
def _named() -> Iterator[None]:
    """Turn what Pillow raises over a file into a refusal; nothing but Pillow's work stands inside."""
    from PIL import Image

    try:
        yield
    except Image.DecompressionBombError as problem:
        raise Unreadable("too_large", f"picture: {problem}") from problem
    except BROKEN as problem:
        raise Unreadable("broken", f"picture: {problem}") from problem


def _pixels(picture: Image, before: int) -> int:
    """Return the pixels of a frame; too many, alone or with those before, are refused."""
    count = picture.width * picture.height
    if count > MOST_PIXELS or before + count > MOST_PIXELS_TOGETHER:
        raise Unreadable("too_large", f"a picture of {picture.width} x {picture.height} pixels")
    return count


def _flat(picture: Image) -> Image:
    """Return a decoded picture without colours or transparency; one of more than 8 bits keeps its mode."""
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        picture.load()
        return picture
    if picture.mode in ("P", "PA", "LA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    return picture.convert("L")


def _grey(shown: Image, resolution: float | None) -> tuple[Grey, float | None]:
    """Return a flat picture as pixels, made smaller where it is finer than reading needs, and its resolution."""
    import numpy
    from PIL import Image

    deep = shown.mode.startswith(("I", "F"))
    grey = _stretched(numpy.asarray(shown, numpy.float64)) if deep else numpy.asarray(shown, numpy.uint8)
    if resolution and resolution > FINEST:
        size = tuple(max(1, round(side * REDUCED / resolution)) for side in (grey.shape[1], grey.shape[0]))
        grey = numpy.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), numpy.uint8)
        resolution = REDUCED
    return grey, resolution


def _stretched(values: Any) -> Grey:
    """Return a picture of more than 8 bits with its darkest value as black and its lightest as white."""
    low, high = float(values.min()), float(values.max())
    grey: Grey = ((values - low) * (255.0 / max(high - low, 1e-9))).astype("uint8")
    return grey


def _resolution(picture: Image) -> float | None:
    """Return the stated resolution if the page would be as large as paper is."""
    stated = picture.info.get("dpi")
    resolution = float(stated[0]) if stated and stated[0] else 0.0
    if resolution < LEAST_RESOLUTION:
        return None
    width = picture.width * POINTS / resolution
    return resolution if NARROWEST_PAGE <= width <= WIDEST_PAGE else None
