"""One picture of a page to what stands on it.

Belongs here: the order of the steps. Does not: any of them (deskew.py, ruling.py, cells.py, text_lines.py, models.py,
doubt.py, looks.py), opening files (assets/parsing/readers).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import cv2

from assets.parsing.geometry import lattice
from assets.parsing.geometry.printed import PIXELS, FilledTable, LatticePage, Picture, RuledTable
from assets.parsing.geometry.shapes import UNREADABLE, Character, Region
from assets.parsing.placing.doubtful import TRUSTED
from assets.parsing.readers.bounds import Budget
from assets.parsing.recognition.cells import CellContent, LinePicture, contents
from assets.parsing.recognition.deskew import Grey, Level, level
from assets.parsing.recognition.doubt import confidence, is_label
from assets.parsing.recognition.looks import DUST_MARKS, further_looks, have_figure_of, unproven, without_letters
from assets.parsing.recognition.models import TwoReadings, recognizer
from assets.parsing.recognition.ruling import rules, text_height
from assets.parsing.recognition.short_words import corrected
from assets.parsing.recognition.text_lines import outside

# Lines recognised between two looks at the clock.
BATCH = 64
# The height of the ink of a character in a usual text, in pt.
USUAL_TEXT = 9.5

# A picture of a line and what was read in it.
Look = tuple[LinePicture, TwoReadings]


def recognise(grey: Grey, page_number: int, points_per_pixel: float | None, budget: Budget) -> LatticePage:
    """Return what stands on a picture of a page, every text with its confidence.

    Args:
        grey: the page, 0 black to 255 white, right way up but for a few degrees.
        page_number: its number in the document, from 1.
        points_per_pixel: how large a pixel is printed (0.36 at 200 dpi); None where the picture does not say it: then
            the page's text is taken to be as high as usual.
        budget: the time that is left.

    Raises:
        Unreadable: too_large, when it takes too long; needs_ocr, if the model is not installed.
    """
    page = level(grey)
    height = text_height(page.ink)
    found = rules(page.ink, height)
    scale = height / USUAL_TEXT if points_per_pixel is None else 1 / points_per_pixel
    tables = lattice.tables(found, scale)
    budget.check()
    cells = [content for table in _outermost(tables) for content in contents(page, table, height)]
    budget.cells(len(cells))
    apart = outside(page, [table.box for table in tables], height)
    inner = [line for content in cells for line in content.lines]
    readings = _read([line.picture for line in (*inner, *apart)], budget)
    figures = _looked_at_again(inner, readings[: len(inner)], height, budget)
    characters = [_character(line, reading, height) for line, reading in figures]
    words = zip(apart, readings[len(inner) :], strict=True)
    characters += [_words(line, reading) for line, reading in words if reading.free.text.strip()]
    characters += [_unclear(content) for content in cells if content.unclear]
    made = lattice.grids(found, characters, page_number, PIXELS, scale, lambda box: _shown(page, box))
    return replace(made, pictures=_pictures(made, page))


def _outermost(tables: Sequence[RuledTable]) -> list[RuledTable]:
    """Return the tables smallest first, as lattice.grids fills them, without frames that hold other tables."""
    return [
        table for table in tables
        if len(table.cells) > 1 or not any(_holds(table.box, other.box) for other in tables if other is not table)
    ]


def _holds(outer: Region, inner: Region) -> bool:
    return outer.holds(inner.x0 + 1, inner.y0 + 1) and outer.holds(inner.x1 - 1, inner.y1 - 1)


def _read(pictures: Sequence[Grey], budget: Budget) -> list[TwoReadings]:
    """Recognise pictures in order of width, so that those read together are about equally wide."""
    order = sorted(range(len(pictures)), key=lambda place: pictures[place].shape[1] / pictures[place].shape[0])
    readings: dict[int, TwoReadings] = {}
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        readings.update(zip(batch, recognizer().read([pictures[place] for place in batch]), strict=True))
        budget.check()
    return [readings[place] for place in range(len(pictures))]


def _looked_at_again(
    lines: Sequence[LinePicture], readings: Sequence[TwoReadings], height: float, budget: Budget
) -> list[Look]:
    """Return lines with their readings; doubtful figures are looked at again and again.

    The surest look is taken if the others have the same digits, and the first as well; where they have letters for
    digits, the digits, which stay doubtful unless all looks are sure of them.
    """
    pairs = list(zip(lines, readings, strict=True))
    looks = [
        (place, replace(line, picture=picture)) for place, (line, reading) in enumerate(pairs)
        if not is_label(reading.free.text) and confidence(reading, line.picture, height, line.cut) < TRUSTED
        for picture in further_looks(line.picture, height)
    ]
    seen: dict[int, list[Look]] = defaultdict(list)
    for (place, look), reading in zip(looks, _read([look.picture for _, look in looks], budget), strict=True):
        seen[place].append((look, reading))
    for place, found in seen.items():
        pairs[place] = _settled(pairs[place], found, height)
    return pairs


def _settled(first: Look, found: Sequence[Look], height: float) -> Look:
    """Return the look at a figure that counts; see `_looked_at_again`."""
    line, reading = max(found, key=lambda one: confidence(one[1], one[0].picture, height, one[0].cut))
    readings = [one for _, one in (first, *found)]
    same = have_figure_of(readings, reading)
    if same and confidence(reading, line.picture, height, line.cut) >= TRUSTED:
        return line, reading
    plain = without_letters([(look.picture, one) for look, one in found], height) or unproven(readings)
    if plain is not None:
        return found[0][0], plain
    return (line, reading) if same else first


def _character(line: LinePicture, reading: TwoReadings, height: float) -> Character:
    """Return a line of a cell; what is recognised as nothing although there is ink is unreadable.

    No label begins with a mark that dust before its first character is taken for.
    """
    text = corrected(reading.free).strip()
    text = text.lstrip(DUST_MARKS) if is_label(text) else text
    sure = confidence(reading, line.picture, height, line.cut) if text else 0.0
    other = next((one for one in (reading.free.text.strip(), reading.digits.text) if one != text), None)
    return _placed(text or UNREADABLE, line.box, sure, other)


def _words(line: LinePicture, reading: TwoReadings) -> Character:
    return _placed(reading.free.text.strip(), line.box, reading.free.confidence, None)


def _unclear(content: CellContent) -> Character:
    """Return what stands for something that is neither print nor dust, in the middle of its cell."""
    across, down = (content.box.x0 + content.box.x1) / 2, (content.box.y0 + content.box.y1) / 2
    return _placed(UNREADABLE, Region(across - 1, down - 1, across + 1, down + 1), 0.0, None)


def _placed(text: str, box: Region, sure: float, other: str | None) -> Character:
    # A recognised text never counts as read: its confidence stays below 1.
    return Character(text, box.x0, box.y0, box.x1, box.y1, min(sure, 0.9999), 0, other)


def _shown(page: Level, box: Region) -> Region:
    return Region(*page.as_delivered((box.x0, box.y0, box.x1, box.y1)))


def _pictures(made: LatticePage, page: Level) -> tuple[Picture, ...]:
    """Return the pictures of cells whose text is doubtful, for a reviewer to look at."""
    doubtful = [
        one.cell.box for item in made.items if isinstance(item, FilledTable) for one in item.cells
        if one.confidence < TRUSTED
    ]
    return tuple(Picture(box, _png(page.grey, box)) for box in doubtful)


def _png(grey: Grey, box: Region) -> bytes:
    crop = grey[max(round(box.y0), 0) : round(box.y1) + 1, max(round(box.x0), 0) : round(box.x1) + 1]
    done, encoded = cv2.imencode(".png", crop)
    if not done:
        raise ValueError(f"a cell of {crop.shape} pixels cannot be made a picture")
    return bytes(encoded)
