"""The layouts of scans: long pictures as PNG and as JPEG, TIFF of several pages in black and white, PDF of pictures.

Belongs here: the files, and which sheets and scanners they come from. Does not: drawing a page (scans.py).

Every publication is set and scanned in its own way: the resolution (150, 200 or 300 dpi), the font, the air in the
cells, rotation, noise, specks and the quality of JPEG follow from its words, so that many reports make a mixture.
"""

from __future__ import annotations

import io
import random
from dataclasses import replace

from PIL import Image
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen import canvas  # type: ignore[import-untyped]

from tests.typesetting import fonts, scans
from tests.typesetting.form import PrintedTable
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.publication import Publication

RESOLUTIONS = (150, 200, 300)
# Below this, black and white loses the hairlines of characters.
BLACK_AND_WHITE = (200, 300)
COARSE = 150
# Scanners of documents make black what is darker than this; half way (128) is a plain program's choice.
DYNAMIC, HALF_WAY = 176, 128
PROMISE = 0.995


def scan_png(publication: Publication) -> bytes:
    """Set a clean long picture: all sheets one below the other."""
    sheet = _sheet(publication, RESOLUTIONS)
    long = scans.joined(_sheets(publication, sheet, scans.Wear()))
    return scans.encoded(long, "PNG", dpi=(sheet.dpi, sheet.dpi), optimize=True)


def scan_jpeg(publication: Publication) -> bytes:
    """Set a worn JPEG: all sheets one below the other; it does not say its resolution."""
    sheet, wear = _sheet(publication, RESOLUTIONS), _wear(publication)
    return scans.encoded(scans.joined(_sheets(publication, sheet, wear)), "JPEG", quality=wear.quality)


def scan_pdf(publication: Publication) -> bytes:
    """Set a PDF whose pages hold a worn JPEG each, and no text."""
    made = io.BytesIO()
    file = canvas.Canvas(made, pagesize=(scans.WIDTH, scans.HEIGHT), invariant=True)
    for page in _sheets(publication, _sheet(publication, RESOLUTIONS), _wear(publication)):
        file.drawImage(ImageReader(page), 0, 0, scans.WIDTH, scans.HEIGHT)
        file.showPage()
    file.save()
    return made.getvalue()


def scan_tiff(publication: Publication) -> bytes:
    """Set a TIFF of several pages in black and white (fax group 4), as office scanners make it from 200 dpi on."""
    wear = replace(_wear(publication), noise=0.0, quality=None)
    return _black_and_white(publication, _sheet(publication, BLACK_AND_WHITE), wear, DYNAMIC)


def scan_tiff_coarse(publication: Publication) -> bytes:
    """Set a TIFF in black and white at 150 dpi, parted half way: hairlines are lost, 一 goes, 0 is left as ( ).

    It is none of the layouts: most of its tables are rightly held back for labels that cannot be read.
    """
    return _black_and_white(publication, _sheet(publication, (COARSE,)), scans.Wear(), HALF_WAY)


def _black_and_white(publication: Publication, sheet: scans.Sheet, wear: scans.Wear, black: int) -> bytes:
    part = [255 if shade >= black else 0 for shade in range(256)]
    pages = [page.point(part).convert("1", dither=Image.Dither.NONE) for page in _sheets(publication, sheet, wear)]
    return scans.encoded(
        pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(sheet.dpi, sheet.dpi), compression="group4"
    )


def _chance(publication: Publication, what: str) -> random.Random:
    """Return what decides for this publication: every word and figure of it counts."""
    words = (str(block) if isinstance(block, PrintedTable) else block.text for block in publication.blocks)
    return random.Random(f"{what}/{'/'.join(words)}")


def _sheet(publication: Publication, resolutions: tuple[int, ...]) -> scans.Sheet:
    chance = _chance(publication, "sheet")
    font = chance.choice((fonts.SERIF, fonts.SANS))
    digits = chance.choice((None, fonts.SANS, fonts.SERIF))
    return scans.Sheet(chance.choice(resolutions), font, digits, chance.choice((10.5, 12.0)), chance.uniform(2.0, 5.0))


def _wear(publication: Publication) -> scans.Wear:
    chance = _chance(publication, "wear")
    return scans.Wear(
        rotation=round(chance.uniform(-1.5, 1.5), 2), noise=round(chance.uniform(0, 10), 1),
        specks=chance.randrange(60), quality=chance.choice((60, 75, 90)), ink=chance.choice((20, 60)),
        paper=chance.choice((255, 235)), seed=chance.randrange(2**31),
    )


def _sheets(publication: Publication, sheet: scans.Sheet, wear: scans.Wear) -> list[Image.Image]:
    """Scan every sheet, with its own dust and noise."""
    pages = scans.draw(publication, sheet).pages
    return [scans.scan(page, replace(wear, seed=wear.seed + number)) for number, page in enumerate(pages)]


LAYOUTS = (
    Layout("scan_png", ".png", scan_png, promise=PROMISE),
    Layout("scan_jpeg", ".jpg", scan_jpeg, promise=PROMISE),
    Layout("scan_pdf", ".pdf", scan_pdf, promise=PROMISE),
    Layout("scan_tiff", ".tif", scan_tiff, promise=PROMISE),
)
