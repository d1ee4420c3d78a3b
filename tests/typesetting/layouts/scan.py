"""The layouts of scans: a long picture as PNG and as JPEG, a TIFF of several pages, and a PDF whose pages are pictures.

Belongs here: the files. Does not: drawing a page (scans.py).
"""

from __future__ import annotations

import io

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from tests.typesetting import scans
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.publication import Publication

DPI = 150
# What the scanner does to a JPEG: a little askew, a little noise.
WORN = scans.Wear(rotation=0.4, noise=4, quality=80, ink=40)


def scan_png(publication: Publication) -> bytes:
    """Set a clean long picture: all sheets one below the other."""
    return scans.encoded(scans.joined(_sheets(publication, scans.Wear())), "PNG", dpi=(DPI, DPI), optimize=True)


def scan_jpeg(publication: Publication) -> bytes:
    """Set a worn JPEG: all sheets one below the other, each askew by itself."""
    long = scans.joined(_sheets(publication, WORN))
    return scans.encoded(long, "JPEG", dpi=(DPI, DPI), quality=WORN.quality)


def scan_tiff(publication: Publication) -> bytes:
    """Set a TIFF of several pages in black and white, as office scanners make it."""
    pages = [page.convert("1", dither=Image.Dither.NONE) for page in _sheets(publication, scans.Wear())]
    return scans.encoded(
        pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(DPI, DPI), compression="group4"
    )


def scan_pdf(publication: Publication) -> bytes:
    """Set a PDF whose pages hold a JPEG each, and no text."""
    made = io.BytesIO()
    file = canvas.Canvas(made, pagesize=(scans.WIDTH, scans.HEIGHT), invariant=True)
    for page in _sheets(publication, WORN):
        file.drawImage(ImageReader(page), 0, 0, scans.WIDTH, scans.HEIGHT)
        file.showPage()
    file.save()
    return made.getvalue()


def _sheets(publication: Publication, wear: scans.Wear) -> list[Image.Image]:
    return [scans.scan(page, wear) for page in scans.draw(publication, scans.Sheet(dpi=DPI)).pages]


LAYOUTS = (
    Layout("scan_png", ".png", scan_png),
    Layout("scan_jpeg", ".jpg", scan_jpeg),
    Layout("scan_tiff", ".tif", scan_tiff),
    Layout("scan_pdf", ".pdf", scan_pdf),
)
