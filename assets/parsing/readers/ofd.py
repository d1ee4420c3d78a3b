"""Reader of OFD (GB/T 33190): characters with their places and drawn rules, page by page; pictures are recognised.

Belongs here: the files of a package, page contents, and the places of glyphs and paths in pt.
Does not: tables and lines (assets/parsing/geometry), recognition (assets/parsing/recognition), XML safety (markup.py).
Left out: annotations, seals, attachments, text that is drawn invisibly or not upright to the page.

Names of elements are compared without their namespace, for producers write several.
"""

from __future__ import annotations

import math
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from assets.parsing.document import ReadDocument
from assets.parsing.geometry import lattice
from assets.parsing.geometry.printed import LatticePage
from assets.parsing.geometry.shapes import UNREADABLE, Character, Rule
from assets.parsing.geometry.stitching import stitch
from assets.parsing.readers import ofd_pictures
from assets.parsing.readers.bounds import Budget, Unreadable, open_archive, read_member
from assets.parsing.readers.markup import parse_part
from assets.parsing.readers.ofd_geometry import (
    IDENTITY,
    POINTS_PER_MM,
    Matrix,
    box_around,
    lines_of,
    matrix_of,
    moved,
    numbers,
    points_on_page,
    spread,
    times,
    turn_of,
)

ROOT = "OFD.xml"
ENCRYPTED = ("Encryptions.xml", "Decryptseed.dat", "Entries.xml")
A4 = (210.0, 297.0)
MOST_CHARACTERS, MOST_OBJECTS, MOST_LINES = 100_000, 100_000, 200_000
DEEPEST = 16
# A page with fewer characters is a scan if pictures cover this share of it, or text as outlines if it has many paths.
FEWEST_CHARACTERS, PICTURED, OUTLINED = 20, 0.3, 400
# Parts of the size above and below the line that letters stand on; width of letters that are no ideographs.
ASCENT, DESCENT, NARROW = 0.88, 0.12, 0.5
# A step to the next character that is longer than its own width by this leaves a gap.
GAP = 1.5
THICKEST, SEE_THROUGH, WHITE = 3.0, 12, 250
BLANK = frozenset("\ufeff\u200b\u200c\u200d")


@dataclass
class _Page:
    """What is found on a page while its objects are walked; lengths are pt."""

    width: float
    height: float
    characters: list[Character] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[ofd_pictures.Placed] = field(default_factory=list)
    objects: int = 0
    lines: int = 0
    paths: int = 0


@dataclass(frozen=True)
class _Document:
    """One document of a package: its pages and templates by id, its shared graphics and pictures by id, page size."""

    pages: tuple[str, ...]
    templates: dict[str, str]
    graphics: dict[str, etree._Element]
    media: dict[str, str]
    size: tuple[float, float]


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return the pages of all documents; places are `page 2, box 70.9 312.4 140.2 330.1` in pt from the upper left.

    Raises:
        Unreadable: broken, encrypted, too_large; needs_ocr for pictures where the extra is not installed; unreadable
            for pages whose text is drawn in outlines.
    """
    files = _Files(open_archive(content, budget), budget)
    documents = [_document(files, path) for path in files.documents()]
    budget.pages(sum(len(document.pages) for document in documents))
    made: list[LatticePage] = []
    for document in documents:
        for path in document.pages:
            made.append(_page(files, document, path, len(made) + 1))
    pictures = tuple((page.place(picture.box), picture.png) for page in made for picture in page.pictures)
    return ReadDocument("ofd", "utf-8", "ofd", stitch(made), pictures)


# ---------------------------------------------------------------------------------------------------------------------
# Files


class _Files:
    """The members of the package; paths are relative to the file that names them, or begin at the root with `/`."""

    def __init__(self, archive: zipfile.ZipFile, budget: Budget) -> None:
        self.archive, self.budget = archive, budget
        self._names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
        found = [name for name in self._names if posixpath.basename(name) == ROOT.lower()]
        if any(posixpath.basename(name) in map(str.lower, ENCRYPTED) for name in self._names):
            raise Unreadable("encrypted", "an OFD file with a password")
        if not found:
            raise Unreadable("broken", f"OFD without {ROOT}")
        self.root = min(found, key=len)
        self._folder = posixpath.dirname(self.root)

    def documents(self) -> list[str]:
        """Return the paths of the documents in order."""
        bodies = [body for body in self.part(self.root) if body.tag == "DocBody"]
        return [self.path(self.root, _said(body, "DocRoot")) for body in bodies]

    def path(self, source: str, named: str) -> str:
        """Return the member that a file names."""
        named = named.strip().replace("\\", "/").lower()
        folder = self._folder if named.startswith("/") else posixpath.dirname(source)
        return posixpath.normpath(posixpath.join(folder, named.lstrip("/")))

    def content(self, path: str) -> bytes:
        """Return a member's bytes; Unreadable('broken') if it is missing."""
        if path not in self._names:
            raise Unreadable("broken", f"OFD without {path}")
        return read_member(self.archive, self._names[path], self.budget)

    def part(self, path: str) -> etree._Element:
        """Return the root of an XML member, its elements named without a namespace."""
        root = parse_part(self.content(path), path, self.budget)
        for element in root.iter():
            element.tag = str(element.tag).rpartition("}")[2]
        return root


def _said(element: etree._Element, name: str) -> str:
    """Return the text of a child; Unreadable('broken') if it is missing."""
    text = element.findtext(name)
    if not text or not text.strip():
        raise Unreadable("broken", f"OFD: {element.tag} without {name}")
    return text.strip()


def _document(files: _Files, path: str) -> _Document:
    root = files.part(path)
    common = root.find("CommonData")
    if common is None:
        raise Unreadable("broken", f"OFD: {path} without CommonData")
    graphics: dict[str, etree._Element] = {}
    media: dict[str, str] = {}
    for resource in (child.text for child in common if child.tag in ("PublicRes", "DocumentRes")):
        _resources(files, files.path(path, resource or ""), graphics, media)
    templates = {
        template.get("ID") or "": files.path(path, template.get("BaseLoc") or "")
        for template in common.iterfind("TemplatePage")
    }
    pages = tuple(files.path(path, page.get("BaseLoc") or "") for page in root.iterfind("Pages/Page"))
    return _Document(pages, templates, graphics, media, _size(common.find("PageArea"), A4))


def _resources(files: _Files, path: str, graphics: dict[str, etree._Element], media: dict[str, str]) -> None:
    root = files.part(path)
    base = root.get("BaseLoc") or ""
    for unit in root.iterfind("CompositeGraphicUnits/CompositeGraphicUnit"):
        graphics[unit.get("ID") or ""] = unit
    for medium in root.iterfind("MultiMedias/MultiMedia"):
        named = (medium.findtext("MediaFile") or "").strip()
        media[medium.get("ID") or ""] = files.path(path, posixpath.join(base, named))


def _size(area: etree._Element | None, otherwise: tuple[float, float]) -> tuple[float, float]:
    """Return width and height of a page in mm."""
    if area is None:
        return otherwise
    listed = numbers(area.findtext("PhysicalBox") or area.findtext("ApplicationBox"))
    return (listed[2], listed[3]) if len(listed) >= 4 and min(listed[2:4]) > 0 else otherwise


# ---------------------------------------------------------------------------------------------------------------------
# Pages


def _page(files: _Files, document: _Document, path: str, number: int) -> LatticePage:
    root = files.part(path)
    width, height = _size(root.find("Area"), document.size)
    page = _Page(width * POINTS_PER_MM, height * POINTS_PER_MM)
    walk = _Walk(document, page, files.budget)
    for template in root.iterfind("Template"):
        source = document.templates.get(template.get("TemplateID") or "")
        if source is not None:
            walk.layers(files.part(source))
    walk.layers(root)
    shown = sum(picture.width * picture.height for picture in page.pictures)
    if len(page.characters) < FEWEST_CHARACTERS and shown > PICTURED * page.width * page.height:
        return _recognised(files, document, page, number)
    if len(page.characters) < FEWEST_CHARACTERS and page.paths > OUTLINED:
        raise Unreadable("unreadable", f"OFD: the text of page {number} is drawn in outlines")
    made = lattice.grids(page.rules, page.characters, number)
    files.budget.check()
    return made


def _recognised(files: _Files, document: _Document, page: _Page, number: int) -> LatticePage:
    """Return what is recognised in the pictures of a page."""
    contents = []
    for picture in page.pictures:
        path = document.media.get(picture.resource)
        if path is None:
            raise Unreadable("broken", f"OFD: the picture {picture.resource} of page {number} is missing")
        contents.append((picture, files.content(path)))
    return ofd_pictures.recognised(contents, page.width, page.height, number, files.budget)


@dataclass(frozen=True)
class _Walk:
    """A walk over the objects of a page; `place` maps their coordinates to the page's, both in mm."""

    document: _Document
    page: _Page
    budget: Budget

    def layers(self, root: etree._Element) -> None:
        """Look at the objects of all layers."""
        for layer in root.iterfind("Content/Layer"):
            self.objects(layer, IDENTITY, 0)

    def objects(self, holder: etree._Element, place: Matrix, depth: int) -> None:
        """Look at the objects of a layer, a block or a shared graphic."""
        if depth > DEEPEST:
            raise Unreadable("broken", f"OFD: graphics inside one another more than {DEEPEST} deep")
        for one in holder:
            self.page.objects += 1
            if self.page.objects > MOST_OBJECTS or self.page.lines > MOST_LINES:
                raise Unreadable("too_large", f"more than {MOST_OBJECTS:,} objects on one page")
            if self.page.objects % 1000 == 0:
                self.budget.check()
            if (one.get("Visible") or "true") != "false":
                self._object(one, place, depth)

    def _object(self, one: etree._Element, place: Matrix, depth: int) -> None:
        if one.tag == "PageBlock":
            self.objects(one, place, depth + 1)
            return
        if one.tag not in ("TextObject", "PathObject", "ImageObject", "CompositeObject") or _alpha(one) <= SEE_THROUGH:
            return
        inner = times(matrix_of(one), place)
        if one.tag == "TextObject":
            self._text(one, inner)
        elif one.tag == "PathObject":
            self._path(one, inner)
        elif one.tag == "ImageObject":
            self._picture(one, inner)
        else:
            unit = self.document.graphics.get(one.get("ResourceID") or "")
            content = None if unit is None else unit.find("Content")
            if content is not None:
                self.objects(content, inner, depth + 1)

    def _text(self, one: etree._Element, place: Matrix) -> None:
        if not _is_painted(one, fills=True, strokes=False):
            return
        size = _float(one.get("Size"), 0.0)
        turn = turn_of(place, _float(one.get("CharDirection"), 0.0))
        if size <= 0 or turn is None:
            return
        wide = size * _float(one.get("HScale"), 1.0)
        for text, x, y, step in _glyphs(one, wide):
            if text.isspace() or text in BLANK:
                continue
            box = moved(place, _glyph_box(x, y, size, wide, step, text, _float(one.get("CharDirection"), 0.0)))
            self.page.characters.append(Character(_readable(text), *box, turn=turn))
            if len(self.page.characters) > MOST_CHARACTERS:
                raise Unreadable("too_large", f"more than {MOST_CHARACTERS:,} characters on one page")

    def _path(self, one: etree._Element, place: Matrix) -> None:
        self.page.paths += 1
        strokes = _is_painted(one, fills=False, strokes=True, only="Stroke")
        if not strokes and not _is_painted(one, fills=False, strokes=False, only="Fill"):
            return
        scale = math.sqrt(abs(place[0] * place[3] - place[1] * place[2])) * POINTS_PER_MM
        thick = _float(one.get("LineWidth"), 0.353) * scale > THICKEST
        for points in lines_of(one.findtext("AbbreviatedData") or "", MOST_LINES):
            self.page.lines += len(points)
            shown = points_on_page(place, points)
            if strokes and not thick:
                for (x0, y0), (x1, y1) in zip(shown, shown[1:], strict=False):
                    if min(abs(x1 - x0), abs(y1 - y0)) <= 1.0:
                        self.page.rules.append(Rule(*box_around([(x0, y0), (x1, y1)])))
            elif not strokes and shown:
                box = box_around(shown)
                if min(box[2] - box[0], box[3] - box[1]) <= THICKEST:
                    self.page.rules.append(Rule(*box))

    def _picture(self, one: etree._Element, place: Matrix) -> None:
        x0, y0, x1, y1 = moved(place, (0.0, 0.0, 1.0, 1.0)) if one.get("CTM") else self._bounds(one, place)
        if min(x1 - x0, y1 - y0) <= THICKEST:
            self.page.rules.append(Rule(x0, y0, x1, y1))
            return
        turned = turn_of(place, 0.0) != 0 or place[3] < 0
        self.page.pictures.append(ofd_pictures.Placed(one.get("ResourceID") or "", x0, y0, x1 - x0, y1 - y0, turned))

    def _bounds(self, one: etree._Element, place: Matrix) -> tuple[float, float, float, float]:
        listed = numbers(one.get("Boundary"))
        return moved(place, (0.0, 0.0, listed[2], listed[3])) if len(listed) >= 4 else (0.0, 0.0, 0.0, 0.0)


def _float(printed: str | None, default: float) -> float:
    listed = numbers(printed)
    return listed[0] if listed else default


def _alpha(one: etree._Element) -> float:
    return _float(one.get("Alpha"), 255.0)


def _is_painted(one: etree._Element, fills: bool, strokes: bool, only: str = "") -> bool:
    """Tell whether an object is filled or stroked in a colour that is seen; `fills`, `strokes` say what is usual."""
    for attribute, usual in (("Fill", fills), ("Stroke", strokes)):
        if only and attribute != only:
            continue
        if (one.get(attribute) or str(usual)).lower() == "true" and _is_seen(one.find(f"{attribute}Color"), only):
            return True
    return False


def _is_seen(colour: etree._Element | None, path: str) -> bool:
    """Tell whether a colour is seen: not transparent, and a line or an area not white; white text may lie on dark."""
    if colour is None:
        return True
    value = numbers(colour.get("Value")) if path else []
    return _alpha(colour) > SEE_THROUGH and not (len(value) == 3 and min(value) >= WHITE)


# ---------------------------------------------------------------------------------------------------------------------
# Glyphs


def _glyphs(one: etree._Element, wide: float) -> Iterator[tuple[str, float, float, float | None]]:
    """Yield each character of a text object with its origin and the step to the next, None where none is stated."""
    x = y = 0.0
    for code in one.iterfind("TextCode"):
        text = code.text or ""
        x, y = _float(code.get("X"), x), _float(code.get("Y"), y)
        across = spread(code.get("DeltaX"), len(text))
        down = spread(code.get("DeltaY"), len(text))
        along_x, along_y = x, y
        for index, character in enumerate(text):
            step = across[index] if index < len(across) else None
            yield character, along_x, along_y, step
            if step is not None or index < len(down):
                along_x += step or 0.0
            else:
                along_x += wide * _width(character)
            along_y += down[index] if index < len(down) else 0.0


def _width(character: str) -> float:
    return NARROW if ord(character) < 0x250 else 1.0


def _glyph_box(
    x: float, y: float, size: float, wide: float, step: float | None, text: str, direction: float
) -> tuple[float, float, float, float]:
    """Return the loose box of a glyph in the coordinates of its object; a long step is a gap behind it."""
    width = wide * _width(text)
    if step is not None and 0.1 * wide < step < GAP * width:
        width = step
    right, above = (width, ASCENT * size), (0.0, DESCENT * size)
    if direction % 360 == 90:
        return x - above[1], y, x + right[1], y + width
    if direction % 360 == 180:
        return x - width, y - above[1], x, y + right[1]
    if direction % 360 == 270:
        return x - right[1], y - width, x + above[1], y
    return x, y - right[1], x + width, y + above[1]


def _readable(text: str) -> str:
    """Return a character, U+FFFD for one of private use, whose meaning only its font knows."""
    code = ord(text)
    return UNREADABLE if 0xE000 <= code < 0xF900 or code >= 0xF0000 or code < 0x20 else text
