"""Further looks at figures that are not believed at the first.

Belongs here: what is shown to the recogniser again, and when a further look counts. Does not: recognising (models.py),
whether a single look is believed (doubt.py).

Every look differs in dust, scale or sharpness, so that what is the same in all of them does not hang on any of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import cv2
import numpy

from assets.parsing.recognition.deskew import Grey
from assets.parsing.recognition.doubt import DOUBTED, LETTERS, SURE, Ink, are_letters, are_narrow, ink_of, pieces_of
from assets.parsing.recognition.ink import DOT, Piece
from assets.parsing.recognition.models import Reading, TwoReadings

# A figure that is looked at again has so much air on its sides, in heights of text, is stretched, or has so much more
# air all around, so that it is shown smaller.
AIR, STRETCH, SMALLER = 0.3, 1.25, 0.15
# What is joined by nothing darker than this leans on another (0 black to 255 white).
LEANT_ON = 120
# A text with digits: what stands before, from the first to the last of them, and behind.
FIGURE_WITH_MORE = re.compile(r"([^0-9]*)([0-9].*[0-9]|[0-9])([^0-9]*)", re.S)
DIGITS_FOR_LETTERS = str.maketrans({letter: digit for digit, letters in LETTERS.items() for letter in letters})
LATIN = re.compile(r"[A-Za-zÀ-ǿ]*")
# What dust beside a text is taken for.
DUST_MARKS = " .,·:;'`’"


def further_looks(picture: Grey, height: float) -> tuple[Grey, ...]:
    """Return the picture of a figure for further looks, without dust: cut closer, stretched, smaller, blurred, cleaner.

    There are none of a picture without ink.
    """
    found = ink_of(picture, height)
    if not found.digits:
        return ()
    clean = _without(picture, found.dust)
    air = round(height * AIR)
    sides = slice(max(found.digits[0].x0 - air, 0), found.digits[-1].x1 + air)
    closer = clean[:, sides]
    around = round(height * SMALLER)
    looks = (
        closer,
        cv2.resize(closer, None, fx=STRETCH, fy=1.0, interpolation=cv2.INTER_CUBIC),
        cv2.copyMakeBorder(closer, around, around, around, around, cv2.BORDER_CONSTANT, value=(255,)),
        cv2.GaussianBlur(closer, (3, 3), 0),
        _without(clean, _leaning(clean, found, height))[:, sides],
    )
    return tuple(numpy.asarray(look, numpy.uint8) for look in looks)


def have_figure_of(readings: Iterable[TwoReadings], chosen: TwoReadings) -> bool:
    """Tell whether all recognitions have the digits of one, as they were read or with digits alone (O. is 0).

    A sign, a unit or a point between digits that any of them has must be in the chosen one: what is lost in a look may
    have been taken for dust.
    """
    digits, parts = _digits(chosen.free.text), _parts(chosen.free.text)
    return all(
        digits in (_digits(one.free.text), _digits(one.digits.text))
        and all(part in ("", own) for part, own in zip(_parts(one.free.text), parts, strict=True))
        for one in readings
    )


def without_letters(looks: Sequence[tuple[Grey, TwoReadings]], height: float) -> TwoReadings | None:
    """Return the reading of the first look with digits for letters; None if they are not the same and sure in all."""
    picture, first = looks[0]
    digits = first.digits
    sure = all(
        one.digits.text == digits.text and one.digits.confidence >= SURE and are_letters(one.free, digits.text)
        for _, one in looks
    )
    narrow = are_narrow(ink_of(picture, height))
    return TwoReadings(digits, digits) if sure and narrow and digits.text.isdigit() else None


def unproven(readings: Sequence[TwoReadings]) -> TwoReadings | None:
    """Return the digits that recognitions show which read nothing but letters or nothing at all: a doubtful figure.

    It is for the sums of its table to prove. None if the recognitions show several figures, or more than letters.
    """
    shown = {one.digits.text for one in readings} - {""}
    letters = all(LATIN.fullmatch(one.free.text) for one in readings)
    if len(shown) != 1 or not letters or not (text := shown.pop()).isdigit():
        return None
    return TwoReadings(Reading(text, DOUBTED), Reading(text, DOUBTED))


def _without(picture: Grey, pieces: Iterable[Piece]) -> Grey:
    """Return the picture with pieces and what is just around them painted out."""
    clean = picture.copy()
    for piece in pieces:
        clean[max(piece.y0 - 1, 0) : piece.y1 + 1, max(piece.x0 - 1, 0) : piece.x1 + 1] = 255
    return clean


def _leaning(picture: Grey, found: Ink, height: float) -> list[Piece]:
    """Return dots that only grey joins to a digit, where there is no point or sign: above its middle or behind it."""
    middle = sum(digit.y0 + digit.y1 for digit in found.digits) / (2 * len(found.digits))
    small = max(2.0, height * DOT)
    pieces = pieces_of(picture, LEANT_ON)
    solid = [piece for piece in pieces if max(piece.width, piece.height) > small]
    if not solid:
        return []
    start, end = min(piece.x0 for piece in solid), max(piece.x1 for piece in solid)
    dots = [piece for piece in pieces if max(piece.width, piece.height) <= small]
    return [dot for dot in dots if dot.x0 >= end or (dot.x0 >= start and dot.y1 <= middle)]


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _parts(text: str) -> tuple[str, str, str]:
    """Return what stands before, between and behind the digits of a text, without what dust is taken for."""
    found = FIGURE_WITH_MORE.fullmatch(text.translate(DIGITS_FOR_LETTERS))
    before, between, behind = found.groups() if found else (text, "", "")
    return before.strip(DUST_MARKS), re.sub(r"[0-9\s]", "", between), behind.strip(DUST_MARKS)
