"""Reader of PDF: characters with their places and drawn rules, page by page; pages that are pictures are recognised.

Belongs here: calling pdfium, turning its coordinates into those of the page as shown, which drawn paths are rules.
Does not: tables and lines (assets/parsing/geometry), recognition (assets/parsing/recognition).

A file that its owner locked against changes opens; one that needs a password is refused. Text that is drawn invisibly
is what some other program recognised in a picture: it is not read, the picture is. pdfium may be called by one thread
at a time.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from assets.parsing import recognition
from assets.parsing.document import ReadDocument
from assets.parsing.geometry import lattice
from assets.parsing.geometry.printed import LatticePage
from assets.parsing.geometry.shapes import UNREADABLE, Box, Character, made_character
from assets.parsing.geometry.stitching import stitch
from assets.parsing.readers import pdfium
from assets.parsing.readers.bounds import Budget, Unreadable

if TYPE_CHECKING:
    from assets.parsing.recognition.deskew import Grey

PDFIUM = threading.Lock()
MOST_CHARACTERS = 100_000
MOST_OBJECTS = 100_000
MOST_SEGMENTS = 200_000
DEEPEST_FORM = 8
CHECK_EVERY = 4096
# A page with fewer characters is a scan if pictures cover this share of it, or if it is drawn in so many paths.
FEWEST_CHARACTERS = 20
PICTURED = 0.3
OUTLINED = 400
# The smallest table of rules has more.
FEWEST_RULES = 6
RESOLUTION = 200.0
POINTS = 72.0
MOST_PIXELS = 40_000_000
# A drawn thing up to this thick (pt) is a rule; a dot up to this size may be part of a dotted one.
THICKEST = 3.0
DOT = 2.0
# How far a line may rise or fall and still be level, and how close stripes of one filled area lie.
LEVEL = 1.0
ABUTTING = 0.3
# Lighter than this nobody sees it on paper (of 255); more transparent than this neither.
WHITE = 250
SEE_THROUGH = 12
TEXT, PATH = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH
PICTURE, FORM = raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM
MOVE = raw.FPDF_SEGMENT_MOVETO
INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
# What pdfium makes of a hyphen at the end of a line.
HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})
BLANKS = frozenset({0x20, 0xA0, 0x3000, 0x200B, 0x200C, 0x200D, 0xFEFF, *range(0x2000, 0x200B), 0x202F, 0x205F})
UNPRINTED = BLANKS | frozenset(range(0x01, 0x20)) - HYPHENS
PRINTABLE = range(0x20, 0x110000)
# So many characters are made from their codes once; reports hold some hundred different ones.
KNOWN_CODES = 4096
SURROGATES = range(0xD800, 0xE000)
END_WINDOW = 2048
END_MARK = b"%%EOF"

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# The segments of a rectangle: a filled path with no more of them is one area.
RECTANGLE = 5


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return the pages; places are `page 2, box 70.9 312.4 140.2 330.1`, in pt from the page's upper left as shown.

    Raises:
        Unreadable: broken, encrypted, too_large; needs_ocr for scans where the extra is not installed.
    """
    with PDFIUM:
        document = _opened(content)
        try:
            budget.pages(len(document))
            pages = [_page(document, number, budget) for number in range(1, len(document) + 1)]
        except pypdfium2.PdfiumError as problem:
            raise Unreadable("broken", f"PDF: {problem}") from problem
        finally:
            document.close()
    pictures = tuple((page.place(picture.box), picture.png) for page in pages for picture in page.pictures)
    budget.check()
    return ReadDocument("pdf", "", "pdf", stitch(pages), pictures)


def _opened(content: bytes) -> Any:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        locked = problem.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Unreadable("encrypted" if locked else "broken", f"PDF: {problem}") from problem
    if not raw.FPDF_DocumentHasValidCrossReferenceTable(document) and END_MARK not in content[-END_WINDOW:]:
        document.close()
        raise Unreadable("broken", "PDF: the end of the file is missing")
    return document


def _page(document: Any, number: int, budget: Budget) -> LatticePage:
    page = document[number - 1]
    try:
        budget.check()
        view = _view(page)
        drawn = _drawn(page, view, budget)
        characters = _characters(page, view, drawn, budget)
        if len(characters) < FEWEST_CHARACTERS and drawn.is_picture(view):
            return _recognised(page, view, number, budget)
        grids = lattice.grids(drawn.rules, characters, number)
        budget.check()
        return grids
    finally:
        page.close()


def _recognised(page: Any, view: _View, number: int, budget: Budget) -> LatticePage:
    """Return what is recognised on a page that is a picture, or is drawn without characters."""
    recognition.require()
    area = view.width * view.height
    scale = min(RESOLUTION / POINTS, math.sqrt(MOST_PIXELS / max(area, 1.0)))
    grey: Grey = page.render(scale=scale, grayscale=True).to_numpy().copy()
    return recognition.recognise(grey.reshape(grey.shape[:2]), number, 1 / scale, budget)


# ---------------------------------------------------------------------------------------------------------------------
# The page as shown


@dataclass(frozen=True, slots=True)
class _View:
    """How a page is shown: its size, and by how many quarters it is turned clockwise.

    `box` makes a box (x0, y0, x1, y1) of the page out of one of the file.
    """

    width: float
    height: float
    quarters: int
    box: Callable[[float, float, float, float], Box]


def _view(page: Any) -> _View:
    around = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, around)
    left, bottom, right, top = around.left, around.bottom, around.right, around.top
    quarters = raw.FPDFPage_GetRotation(page) % 4
    box: Callable[[float, float, float, float], Box] = (
        lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0),
        lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
        lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom),
        lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0),
    )[quarters]
    size = (right - left, top - bottom)
    width, height = size if quarters % 2 == 0 else size[::-1]
    return _View(width, height, quarters, box)


# ---------------------------------------------------------------------------------------------------------------------
# Characters


def _characters(page: Any, view: _View, drawn: _Drawn, budget: Budget) -> list[Character]:
    """Return the printed characters of a page, in the order in which the file draws them."""
    text_page = page.get_textpage()
    try:
        count = max(0, raw.FPDFText_CountChars(text_page))
        if count > MOST_CHARACTERS:
            raise Unreadable("too_large", f"{count:,} characters on one page, at most {MOST_CHARACTERS:,}")
        numbers, printed = _printed(text_page, count, view, drawn, budget)
        if len(drawn.rules) < FEWEST_RULES:
            # pdfium sorts what stands on one line; tables without rules are known by the order of drawing.
            text_at = pdfium.address(text_page.raw)
            drawn_at = [drawn.texts.get(pdfium.character_object(text_at, number), -1) for number in numbers]
            printed = [printed[place] for place in sorted(range(len(printed)), key=drawn_at.__getitem__)]
        return printed
    finally:
        text_page.close()


def _printed(
    text_page: Any, count: int, view: _View, drawn: _Drawn, budget: Budget
) -> tuple[list[int], list[Character]]:
    """Return the printed characters, and beside them the number of each in pdfium's text of the page."""
    text_at, shown = pdfium.address(text_page.raw), view.box
    code_of, box_of, box_at, read_box = pdfium.character_code, pdfium.character_box, pdfium.BOX_AT, pdfium.read_box
    hidden, upright, width, height = drawn.hidden, drawn.upright, view.width, view.height
    turn = view.quarters * 90
    numbers: list[int] = []
    printed: list[Character] = []
    for index in range(count):
        if index % CHECK_EVERY == 0:
            budget.check()
        code = code_of(text_at, index)
        if code in UNPRINTED or (hidden and _is_hidden(text_at, index)) or not box_of(text_at, index, box_at):
            continue
        left, high, right, low = read_box()
        x0, y0, x1, y1 = shown(left, low, right, high)
        if x1 < 0 or y1 < 0 or x0 > width or y0 > height or (x0 == x1 and y0 == y1):
            continue
        if not upright:
            turn = (_quarters(text_at, index) + view.quarters) % 4 * 90
        numbers.append(index)
        printed.append(made_character((_text(code), x0, y0, x1, y1, 1.0, turn, None)))
    return numbers, printed


@lru_cache(KNOWN_CODES)
def _text(code: int) -> str:
    if code in HYPHENS:
        return "-"
    return chr(code) if code in PRINTABLE and code not in SURROGATES else UNREADABLE


def _quarters(text_at: int, index: int) -> int:
    """Return by how many quarters a character lies turned clockwise in the file's coordinates."""
    angle: float = pdfium.character_angle(text_at, index)
    return round(angle / (math.pi / 2)) % 4


def _is_hidden(text_at: int, index: int) -> bool:
    return bool(pdfium.text_mode(pdfium.character_object(text_at, index)) == INVISIBLE)


# ---------------------------------------------------------------------------------------------------------------------
# Drawn things


@dataclass
class _Drawn:
    """What the objects of a page are: rules, and how much of it is pictures, paths, turned or invisible text.

    `stripes` are thin filled boxes that may be rules, `texts` the order in which texts are drawn, by their addresses.
    """

    rules: list[Box] = field(default_factory=list)
    stripes: dict[tuple[object, ...], list[Box]] = field(default_factory=dict)
    texts: dict[int, int] = field(default_factory=dict)
    pictured: float = 0.0
    paths: int = 0
    upright: bool = True
    hidden: bool = False
    objects: int = 0
    segments: int = 0

    def is_picture(self, view: _View) -> bool:
        """Tell whether a page that has hardly any characters shows some nevertheless."""
        return self.pictured > PICTURED * view.width * view.height or self.paths > OUTLINED


def _drawn(page: Any, view: _View, budget: Budget) -> _Drawn:
    drawn, page_at = _Drawn(), pdfium.address(page.raw)
    objects = map(pdfium.page_object, repeat(page_at), range(raw.FPDFPage_CountObjects(page)))
    _walk(objects, IDENTITY, 0, drawn, view, budget)
    for boxes in drawn.stripes.values():
        drawn.rules += _thin(boxes)
    return drawn


def _walk(objects: Iterator[int], place: Matrix, depth: int, drawn: _Drawn, view: _View, budget: Budget) -> None:
    """Look at objects, those of forms included; `place` maps their coordinates to the page's."""
    for one in objects:
        drawn.objects += 1
        if drawn.objects > MOST_OBJECTS or drawn.segments > MOST_SEGMENTS:
            raise Unreadable("too_large", f"more than {MOST_OBJECTS:,} drawn objects on one page")
        if drawn.objects % CHECK_EVERY == 0:
            budget.check()
        kind = pdfium.object_kind(one)
        if kind == TEXT:
            _look_at_text(one, place, drawn)
        elif kind == PATH:
            _look_at_path(one, place, drawn, view)
        elif kind == PICTURE:
            _look_at_picture(one, place, drawn, view)
        elif kind == FORM and depth < DEEPEST_FORM:
            inner = map(pdfium.form_object, repeat(one), range(pdfium.form_objects(one)))
            _walk(inner, _times(_matrix(one), place), depth + 1, drawn, view, budget)


def _matrix(one: int) -> Matrix:
    return pdfium.read_matrix() if pdfium.object_matrix(one, pdfium.MATRIX_AT) else IDENTITY


def _times(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that maps by `first` and then by `second`."""
    if second is IDENTITY:
        return first
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _look_at_text(one: int, place: Matrix, drawn: _Drawn) -> None:
    drawn.texts[one] = len(drawn.texts)
    if drawn.upright:
        a, b, c, d, _, _ = _times(_matrix(one), place)
        drawn.upright = a > 0 and d > 0 and abs(b) < 0.1 * a and abs(c) < 0.5 * d
    drawn.hidden = drawn.hidden or pdfium.text_mode(one) == INVISIBLE


def _look_at_picture(one: int, place: Matrix, drawn: _Drawn, view: _View) -> None:
    """Add the area of a picture; one that is as thin as a rule is a rule."""
    a, b, c, d, e, f = _times(_matrix(one), place)
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    box = view.box(min(xs), min(ys), max(xs), max(ys))
    if min(box[2] - box[0], box[3] - box[1]) <= THICKEST:
        drawn.rules.append(box)
        return
    width = min(box[2], view.width) - max(box[0], 0.0)
    height = min(box[3], view.height) - max(box[1], 0.0)
    drawn.pictured += max(width, 0.0) * max(height, 0.0)


def _look_at_path(one: int, place: Matrix, drawn: _Drawn, view: _View) -> None:
    drawn.paths += 1
    pdfium.draw_mode(one, *pdfium.MODE_AT)
    fill, stroke = pdfium.read_mode()
    stroked = bool(stroke) and _is_seen(one, pdfium.stroke_colour) is not None
    paint = _is_seen(one, pdfium.fill_colour) if fill else None
    if not stroked and paint is None:
        return
    shown = view.box
    if not stroked and paint is not None and pdfium.path_segments(one) <= RECTANGLE:
        _add_fill(shown(*_bounds(one, place)), paint, drawn)
        return
    matrix = _times(_matrix(one), place)
    if stroked:
        scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
        stroked = _stroke_width(one) * scale <= THICKEST
    for points in _subpaths(one, matrix, drawn):
        if stroked:
            drawn.rules += _level_lines(points, shown)
        elif paint is not None:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            _add_fill(shown(min(xs), min(ys), max(xs), max(ys)), paint, drawn)


def _bounds(one: int, place: Matrix) -> Box:
    """Return the box around an object on the page; one call tells it, where its points would take dozens."""
    pdfium.object_bounds(one, *pdfium.BOUNDS_AT)
    x0, y0, x1, y1 = pdfium.read_bounds()
    if place is IDENTITY:
        return x0, y0, x1, y1
    a, b, c, d, e, f = place
    xs = [a * x + c * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    return min(xs), min(ys), max(xs), max(ys)


def _is_seen(one: int, colour_of: Callable[..., int]) -> tuple[int, ...] | None:
    """Return the colour, or None for white and for what is all but transparent; a pattern counts as black."""
    if not colour_of(one, *pdfium.COLOUR_AT):
        return (0, 0, 0)
    red, green, blue, opacity = pdfium.read_colour()
    return None if min(red, green, blue) >= WHITE or opacity <= SEE_THROUGH else (red, green, blue)


def _stroke_width(one: int) -> float:
    if not pdfium.stroke_width(one, pdfium.WIDTH_AT):
        return 0.0
    (width,) = pdfium.read_width()
    return float(width)


def _subpaths(one: int, matrix: Matrix, drawn: _Drawn) -> Iterator[list[Point]]:
    """Yield the points of each part of a path in the page's coordinates; a closed part ends where it began."""
    a, b, c, d, e, f = matrix
    segment_of, kind_of, point_of = pdfium.path_segment, pdfium.segment_kind, pdfium.segment_point
    (at_x, at_y), read_point = pdfium.POINT_AT, pdfium.read_point
    count = pdfium.path_segments(one)
    drawn.segments += count
    points: list[Point] = []
    segment = None
    for index in range(min(count, MOST_SEGMENTS)):
        before, segment = segment, segment_of(one, index)
        if points and kind_of(segment) == MOVE:
            yield _closed(points, before)
            points = []
        point_of(segment, at_x, at_y)
        across, up = read_point()
        points.append((a * across + c * up + e, b * across + d * up + f))
    if points:
        yield _closed(points, segment)


def _closed(points: list[Point], last: int | None) -> list[Point]:
    """Return the points of a part of a path, the first one again at the end if its last segment closes it."""
    return [*points, points[0]] if pdfium.segment_closes(last) else points


def _level_lines(points: list[Point], shown: Callable[[float, float, float, float], Box]) -> list[Box]:
    lines: list[Box] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        if not (-LEVEL <= x1 - x0 <= LEVEL or -LEVEL <= y1 - y0 <= LEVEL) or (x0 == x1 and y0 == y1):
            continue
        left, right = (x0, x1) if x0 < x1 else (x1, x0)
        low, high = (y0, y1) if y0 < y1 else (y1, y0)
        lines.append(shown(left, low, right, high))
    return lines


def _add_fill(box: Box, paint: tuple[int, ...], drawn: _Drawn) -> None:
    """Keep a thin filled box until it is known whether it is one stripe of a larger area."""
    x0, y0, x1, y1 = box
    if x1 - x0 <= DOT and y1 - y0 <= DOT:
        middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
        drawn.rules += [(x0, middle_y, x1, middle_y), (middle_x, y0, middle_x, y1)]
    elif y1 - y0 <= THICKEST and y1 - y0 <= x1 - x0:
        drawn.stripes.setdefault(("across", round(x0, 1), round(x1, 1), paint), []).append(box)
    elif x1 - x0 <= THICKEST:
        drawn.stripes.setdefault(("down", round(y0, 1), round(y1, 1), paint), []).append(box)


def _thin(boxes: list[Box]) -> list[Box]:
    """Return the rules among equally long stripes: those that do not lie side by side as one thick area."""
    if len(boxes) == 1:
        return boxes
    across = boxes[0][2] - boxes[0][0] >= boxes[0][3] - boxes[0][1]
    low, high = (1, 3) if across else (0, 2)
    rules: list[Box] = []
    group: list[Box] = []
    reach = float("-inf")
    for box in sorted(boxes, key=itemgetter(low)):
        if group and box[low] - reach > ABUTTING:
            rules += _one_rule(group, low, high)
            group, reach = [], float("-inf")
        group.append(box)
        reach = max(reach, box[high])
    return rules + _one_rule(group, low, high)


def _one_rule(group: list[Box], low: int, high: int) -> list[Box]:
    """Return the stripes of a group if together they are as thin as a rule."""
    thick = max([box[high] for box in group]) - min([box[low] for box in group])
    return group if thick <= THICKEST else []
