"""The reader of pictures, and pictures where nothing can recognise them.

Belongs here: opening picture files within bounds, and that without the extra for OCR they are refused by name.
Does not: recognition itself (test_recognition.py).
"""

from __future__ import annotations

import base64
import io
import json
import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from assets.parsing import readers
from assets.parsing.document import Block, Page
from assets.parsing.parse import parse_document, parse_read
from assets.parsing.readers import image
from assets.parsing.readers.bounds import Bounds, Budget, Unreadable
from tests.typesetting import scans
from tests.typesetting.figures import made_report
from tests.typesetting.layouts.archive import zipped
from tests.typesetting.layouts.pdf import LAYOUTS as PDF_LAYOUTS
from tests.typesetting.publication import Publication, Words, compose

PROJECT = Path(__file__).resolve().parents[2]
OCR = ("cv2", "numpy", "onnxruntime", "PIL", "rapidocr")
FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")


def page(width: int = 300, height: int = 200) -> Image.Image:
    """Return a white page with a black box in its upper left quarter."""
    drawn = Image.new("L", (width, height), 255)
    ImageDraw.Draw(drawn).rectangle((20, 20, width // 2 - 20, height // 2 - 20), fill=0)
    return drawn


def file(drawn: Image.Image, name: str = "PNG", **options: Any) -> bytes:
    return scans.encoded(drawn, name, **options)


def opened(content: bytes, budget: Budget | None = None) -> list[tuple[Any, float | None]]:
    return list(image.frames(content, budget or Budget()))


def refusal(content: bytes, bounds: Bounds | None = None) -> str:
    with pytest.raises(Unreadable) as raised:
        opened(content, Budget(bounds or Bounds()))
    return raised.value.kind


# ---------------------------------------------------------------------------------------------------------------------
# Opening


@pytest.mark.parametrize("name", FORMATS)
def test_a_picture_of_any_format_is_opened_in_grey(name: str) -> None:
    [(grey, _)] = opened(file(page(), name))
    assert grey.shape == (200, 300)
    assert (grey[50, 60] < 20, grey[150, 250] > 235) == (True, True)


@pytest.mark.parametrize("name", ["TIFF", "GIF"])
def test_every_frame_is_a_page(name: str) -> None:
    pages = [page(300, 200 + 50 * number) for number in range(3)] if name == "TIFF" else [
        page(), page().transpose(Image.Transpose.FLIP_LEFT_RIGHT), page().transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    ]
    found = opened(file(pages[0], name, save_all=True, append_images=pages[1:]))
    assert [grey.shape[0] for grey, _ in found] == [drawn.height for drawn in pages]
    assert [bool(grey[50, 60] < 20) for grey, _ in found] == [drawn.getpixel((60, 50)) == 0 for drawn in pages]


@pytest.mark.parametrize("mode", ["1", "RGB", "CMYK", "P", "I;16"])
def test_pictures_of_any_depth_and_colour_become_black_and_white(mode: str) -> None:
    drawn = page().convert("I").point(lambda shade: shade * 257) if mode == "I;16" else page()
    deep = drawn.convert(mode)
    [(grey, _)] = opened(file(deep, "TIFF" if mode in ("CMYK", "I;16") else "PNG"))
    assert (grey[50, 60] < 20, grey[150, 250] > 235) == (True, True)


def test_what_is_transparent_is_paper() -> None:
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (20, 20, 100, 80))
    [(grey, _)] = opened(file(clear))
    assert (grey[50, 60], grey[150, 250]) == (0, 255)


def test_a_picture_that_says_how_it_was_held_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    [(grey, _)] = opened(file(page(), "JPEG", exif=exif))
    assert grey.shape == (300, 200)
    assert grey[60, 150] < 20


@pytest.mark.parametrize(("width", "stated", "believed"), [
    (1240, 150, 150.0), (1240, None, None), (1240, 72, None), (300, 300, None), (3000, 110, None),
])
def test_a_resolution_is_believed_if_the_page_is_as_large_as_paper(
    width: int, stated: int | None, believed: float | None
) -> None:
    [(_, resolution)] = opened(file(page(width), **({"dpi": (stated, stated)} if stated else {})))
    assert resolution == pytest.approx(believed, abs=0.1) if believed else resolution is None


def test_a_picture_finer_than_needed_is_reduced() -> None:
    [(grey, resolution)] = opened(file(page(4960, 100), dpi=(600, 600)))
    assert (grey.shape[1], resolution) == (round(4960 * image.REDUCED / 600), image.REDUCED)


# ---------------------------------------------------------------------------------------------------------------------
# Bounds


def bomb(width: int, height: int) -> bytes:
    """Return a PNG whose header promises so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(10_001, 10_000), (60_000, 60_000), (2**31 - 1, 1)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(width: int, height: int) -> None:
    assert refusal(bomb(width, height)) == "too_large"


def test_too_many_frames_are_refused() -> None:
    frames = [Image.new("L", (2, 2), number) for number in range(5)]
    content = file(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    assert len(opened(content)) == 5
    assert refusal(content, Bounds(most_pages=4)) == "too_large"


def test_too_many_pixels_in_all_frames_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = file(page(), "TIFF", save_all=True, append_images=[page()])
    monkeypatch.setattr(image, "MOST_PIXELS_TOGETHER", 300 * 200 * 2 - 1)
    assert refusal(content) == "too_large"


@pytest.mark.parametrize("name", FORMATS)
def test_a_picture_that_is_cut_off_is_refused(name: str) -> None:
    noisy = Image.effect_noise((300, 200), 90)
    content = file(noisy, name)
    for share in (0.02, 0.3, 0.7):
        assert refusal(content[: int(len(content) * share)]) == "broken"


@pytest.mark.parametrize("start", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM"])
def test_what_only_begins_like_a_picture_is_refused(start: bytes) -> None:
    assert refusal(start + bytes(range(256)) * 4) == "broken"


# ---------------------------------------------------------------------------------------------------------------------
# Recognised


def test_a_picture_without_a_table_is_no_report() -> None:
    drawn = scans.draw(Publication((Words("title", "办公楼正门"),)), scans.Sheet(dpi=100)).pages[0]
    shades = Image.linear_gradient("L").resize((400, 300))
    drawn.paste(shades, (300, 500))
    content = file(scans.scan(drawn, scans.Wear()), "JPEG", quality=80)
    found = readers.read(content)
    assert [block.grid for block in found.blocks if block.grid] == []
    assert any("办公楼正门" in block.text for block in found.blocks)
    refused = parse_document(content, "door.jpg").refusal
    assert refused is not None
    assert refused.kind == "not_a_report"


@pytest.mark.parametrize(("size", "shade"), [((1, 1), 0), ((500, 400), 255), ((40, 9), 0)])
def test_a_picture_of_nothing_is_no_report(size: tuple[int, int], shade: int) -> None:
    refused = parse_document(file(Image.new("L", size, shade)), "nothing.png").refusal
    assert refused is not None
    assert refused.kind == "not_a_report"


# ---------------------------------------------------------------------------------------------------------------------
# Without the extra

# Run apart: this very process has long loaded what is to be missing.
WITHOUT = """
import base64, importlib, json, sys
given = json.loads(sys.stdin.read())
for name in given["missing"]:
    sys.modules[name] = None
from assets.parsing import readers
from assets.parsing.document import Block, Page
from assets.parsing.parse import parse_document, parse_read
for module in given["modules"]:
    importlib.import_module(module)
results = [parse_document(base64.b64decode(content), "given") for content in given["documents"]]
print(json.dumps([(one.refusal.kind, one.refusal.detail) if one.refusal else None for one in results]))
"""


def refused_without(missing: tuple[str, ...], *documents: bytes) -> list[list[str] | None]:
    """Return kind and detail of the refusals of documents where packages are missing; None for what is read."""
    folder = PROJECT / "assets" / "parsing" / "readers"
    modules = [f"assets.parsing.readers.{one.stem}" for one in folder.glob("*.py") if one.stem != "__init__"]
    given = {"missing": missing, "modules": modules, "documents": [base64.b64encode(one).decode() for one in documents]}
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=PROJECT, input=json.dumps(given), capture_output=True, text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: list[list[str] | None] = json.loads(run.stdout)
    return found


def scanned_pdf() -> bytes:
    made = io.BytesIO()
    page(1240, 1754).save(made, "PDF", resolution=150)
    return made.getvalue()


def scanned_ofd() -> bytes:
    """Return an OFD whose page is one picture."""
    return zipped({
        "OFD.xml": "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
        "Doc_0/Document.xml": '<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>'
        '<DocumentRes>Res.xml</DocumentRes></CommonData><Pages><Page ID="1" BaseLoc="P.xml"/></Pages></Document>',
        "Doc_0/Res.xml": '<Res BaseLoc="Res"><MultiMedias><MultiMedia ID="9" Type="Image"><MediaFile>a.png</MediaFile>'
        "</MultiMedia></MultiMedias></Res>",
        "Doc_0/Res/a.png": file(page(1240, 1754)),
        "Doc_0/P.xml": '<Page><Content><Layer><ImageObject ResourceID="9" Boundary="0 0 210 297" '
        'CTM="210 0 0 297 0 0"/></Layer></Content></Page>',
    })


def test_without_the_extra_readers_load_and_pictures_and_scans_are_refused_by_name() -> None:
    text = PDF_LAYOUTS[0].render(compose(made_report(1)))
    found = refused_without(OCR, file(page()), file(page(), "JPEG"), scanned_pdf(), scanned_ofd(), text)
    assert [one and one[0] for one in found] == ["needs_ocr", "needs_ocr", "needs_ocr", "needs_ocr", None]
    assert all("gongkai[ocr]" in one[1] and "onnxruntime" in one[1] for one in found if one)


@pytest.mark.parametrize("missing", OCR)
def test_each_package_of_the_extra_is_missed_by_name(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = file(page())
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(Unreadable, match=rf"missing: {missing}\)") as raised:
        readers.read(content)
    assert raised.value.kind == "needs_ocr"


def test_pictures_of_doubtful_figures_are_kept_where_a_document_is_taken_apart() -> None:
    document = readers.read((PROJECT / "tests/documents/should_pass/two_reports_in_html/document.html").read_bytes())
    blocks = [_doubted(block) for block in document.blocks]
    places = [place for _, place in blocks if place]
    unsure = replace(
        document, pages=(Page(1, tuple(block for block, _ in blocks)),),
        pictures=tuple((place, place.encode()) for place in places),
    )
    parsed = parse_read(unsure, "two.html")
    assert len(parsed.reports) == 2
    assert parsed.pictures == unsure.pictures != ()


def _doubted(block: Block) -> tuple[Block, str]:
    """Return a block whose table, if it is table 4, has a last figure that is not certain, and the place of that."""
    *rows, last = block.grid or (None,)
    if last is None or len(last.cells) != 15:
        return block, ""
    figure = last.cells[-1]._replace(confidence=0.5)
    changed = last._replace(cells=(*last.cells[:-1], figure))
    return block._replace(grid=(*rows, changed)), figure.place
