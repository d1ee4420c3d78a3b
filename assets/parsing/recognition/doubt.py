"""Whether a recognised figure is believed.

Belongs here: what speaks against a reading, and the confidence that follows from it. Does not: recognising (models.py),
looking again (looks.py), below which confidence a figure is doubtful (assets/parsing/placing/doubtful.py), what follows
from it.

Two decodes of one recognition make the same mistakes, so the ink itself is counted too: every digit of the text must be
there as ink of a digit's size, every point and comma as a dot at the foot between digits. Dust beside is ignored where
it can be no point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy

from assets.parsing.recognition.deskew import Grey
from assets.parsing.recognition.ink import DOT, Piece
from assets.parsing.recognition.models import Reading, TwoReadings

# What is left of the confidence of a figure that something speaks against.
DOUBTED = 0.5
FIGURE = re.compile(r"([+\-减增]?)([0-9]+(?:[.,][0-9]+)*)((?:万?元)?)")
HAN = re.compile(r"[\u3400-\u9fff]")
# What a dash, a circle or a stroke is taken for.
SHAPES = frozenset("一二三丨工口日〇卜十")
# So many words make a label of what has digits too: 1.属于国家秘密; fewer may be a unit: 251000元.
LABEL_WORDS = 4
# Ink of a figure: darker than SOFT everywhere, than HARD somewhere; thin strokes are grey.
SOFT, HARD = 205, 160
# Shares of the tallest digit: how high and wide a digit is, how far from the foot a point stands, how near a fragment.
DIGIT_HIGH, WIDEST, NARROWEST, FOOT, FRAGMENT = 0.8, 0.95, 0.08, 0.3, 0.15
# Where digits touch, each of them takes up so much of the width, and is at least so probable.
TOUCHING_LEAST, TOUCHING_MOST, SURE = 0.5, 0.78, 0.99
# Where hairlines are lost, as in black and white, a 0 is left as ( ): two pieces that are together no wider than one
# digit. Two digits, even two 1s, are wider.
BROKEN_WIDE, QUITE_SURE = 0.75, 0.95
# How low, high, narrow and wide signs and units are, and how far their middle lies from that of the digits, as shares
# of the tallest digit.
SIGNS = {"-": (0.0, 0.3, 0.2, 0.8), "+": (0.4, 0.85, 0.4, 0.9), "减": (0.5, 1.6, 0.6, 1.7), "增": (0.5, 1.6, 0.6, 1.7),
         "元": (0.5, 1.6, 0.6, 1.7), "万元": (0.5, 1.6, 1.8, 3.2)}
ASIDE = 0.3
# The signs that are marks; no digit is as low as those.
MARKS = ("+", "-")
# The signs that are words, with their other shapes. With this probability they are what they seem, for nothing else
# looks alike; with less where the model thought of nothing but another shape of the same word.
WORDS_OF_SIGN, FAIR, ALONE = {"减": "減", "增": "増"}, 0.8, 0.5
# Letters that look like digits and are none in a figure. A 1 has no such: it looks like scratches, too.
LETTERS = {"0": "OoQDòóôõöøōǒÒÓÔÕÖØŌǑ", "2": "Zz", "5": "Ss", "8": "B"}
# A circle, which stands for nothing, is wider than a 0, as a share of its height.
NARROW = 0.8
# A slash stands for nothing and is taken for a 1: the middle of its top quarter lies so far right of that of its bottom
# quarter, as a share of its height; an italic 1 leans less.
LEANING = 0.22
# A point is at least this large; what is smaller is dust.
LEAST_POINT = 0.08


@dataclass(frozen=True)
class Ink:
    """The ink of a figure: a box per digit, the dots that may be points, and dust that can be none."""

    digits: tuple[Piece, ...]
    points: tuple[Piece, ...]
    dust: tuple[Piece, ...]


def confidence(reading: TwoReadings, picture: Grey, height: float, cut: bool) -> float:
    """Return the confidence of one line: its least certain character, or half at most if something speaks against it.

    Args:
        reading: what was recognised.
        picture: the line.
        height: of the page's text in pixels.
        cut: whether ink runs over the edge of the cell.
    """
    text = reading.free.text
    if is_label(text):
        return reading.free.confidence
    ink = ink_of(picture, height)
    least = _least(reading, ink)
    if cut or not _agrees(reading) or (text == "1" and _is_slash(picture, ink)):
        return min(least, DOUBTED)
    touching = least >= SURE and _is_divided(reading, ink, picture.shape[1])
    if _is_counted(text, ink) or touching:
        return least
    broken = least >= QUITE_SURE and _is_counted(text, ink_of(picture, height, mended=True))
    return least if broken else min(least, DOUBTED)


def is_label(text: str) -> bool:
    """Tell whether a text has words: it is no figure, and whoever looks for one there finds none."""
    words = sum(character not in SHAPES for character in HAN.findall(text))
    return words >= LABEL_WORDS or (words > 0 and not any(character.isdigit() for character in text))


def ink_of(picture: Grey, height: float, mended: bool = False) -> Ink:
    """Return the ink of a line, fragments of digits joined to them; `mended` also joins the halves of broken digits."""
    found = pieces_of(picture)
    small = max(2.0, height * DOT)
    solid = [piece for piece in found if max(piece.width, piece.height) > small]
    if not solid:
        return Ink((), (), tuple(found))
    tallest = max(piece.height for piece in solid)
    digits = _mended(_stacked(solid), tallest) if mended else _stacked(solid)
    loose = [piece for piece in found if max(piece.width, piece.height) <= small]
    apart = [dot for dot in loose if not any(_is_fragment(dot, digit, tallest) for digit in digits)]
    points = tuple(dot for dot in apart if _may_be_point(dot, digits, tallest))
    return Ink(tuple(digits), points, tuple(dot for dot in apart if dot not in points))


def _least(reading: TwoReadings, ink: Ink) -> float:
    """Return the probability of the least certain character; that of a sign in words only has to be fair.

    A mark is told by its ink as well; with digits alone, it is taken for one more of them, which nothing is made of.
    """
    free, digits = reading.free, reading.digits
    if _is_fair_word(free):
        return min(free.rest, digits.confidence)
    if _is_signed(reading):
        return free.confidence
    if _is_digit_or_letter(reading) and are_narrow(ink):
        return digits.confidence
    return min(free.confidence, digits.confidence)


def _is_digit_or_letter(reading: TwoReadings) -> bool:
    """Tell whether nothing but letters was thought of beside digits that are sure among digits."""
    free = reading.free
    if reading.digits.confidence < SURE or free.confidence < ALONE:
        return False
    return any(free.seconds) and are_letters(free, free.text)


def are_narrow(ink: Ink) -> bool:
    """Tell whether no box of ink is as wide as a circle."""
    return all(box.width <= NARROW * box.height for box in ink.digits)


def are_letters(free: Reading, digits: str) -> bool:
    """Tell whether a reading has in each place a digit or letters like it, and nothing else was thought of."""
    return len(free.text) == len(free.seconds) == len(digits) and all(
        digit in LETTERS and {one, *others} <= {digit, *LETTERS[digit]} or (one == digit and not others)
        for one, others, digit in zip(free.text, free.seconds, digits, strict=True)
    )


def _is_fair_word(free: Reading) -> bool:
    """Tell whether a reading begins with a sign in words that is hardly anything else."""
    shapes = WORDS_OF_SIGN.get(free.text[:1])
    if shapes is None:
        return False
    alone = bool(free.seconds) and set(free.seconds[0]) <= set(shapes)
    return free.first >= (ALONE if alone else FAIR)


def _is_signed(reading: TwoReadings) -> bool:
    """Tell whether the only difference between both decodes is a digit, point or comma in the place of a mark."""
    text = reading.free.text
    return text[:1] in MARKS and len(reading.digits.text) == len(text) and reading.digits.text[1:] == text[1:]


def _is_slash(picture: Grey, ink: Ink) -> bool:
    """Tell whether the one stroke of a picture leans to the right as a slash does."""
    if len(ink.digits) != 1:
        return False
    box = ink.digits[0]
    quarter = max(1, box.height // 4)
    dark = picture[box.y0 : box.y1, box.x0 : box.x1] < SOFT
    top, foot = numpy.nonzero(dark[:quarter])[1], numpy.nonzero(dark[-quarter:])[1]
    return float(top.mean() - foot.mean()) > LEANING * box.height


def _agrees(reading: TwoReadings) -> bool:
    """Tell whether a figure is well formed, and both decodes are the same."""
    figure = FIGURE.fullmatch(reading.free.text)
    return figure is not None and (figure[2] == reading.digits.text or _is_signed(reading))


def _is_counted(text: str, ink: Ink) -> bool:
    """Tell whether the ink is that of the text: so many digits and points, a sign or unit, nothing beside but dust."""
    found = FIGURE.fullmatch(text)
    if found is None or (found[1] and found[3]):
        return False
    sign, points = found[1] or found[3], sum(found[2].count(mark) for mark in ".,")
    count = len(found[2]) - points
    rest = len(ink.digits) - count
    if len(ink.points) != points or rest < 0 or (rest > 0) != bool(sign):
        return False
    digits, other = (ink.digits[:count], ink.digits[count:]) if found[3] else (ink.digits[rest:], ink.digits[:rest])
    return _are_digits(digits) and (not sign or _is_sign(sign, other, digits))


def _is_sign(sign: str, boxes: Sequence[Piece], digits: Sequence[Piece]) -> bool:
    """Tell whether boxes are together as large as a sign or unit, at the height of the digits' middle."""
    tallest = max(digit.height for digit in digits)
    top, foot = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    low, high, narrow, wide = SIGNS[sign]
    middle = (digits[0].y0 + digits[0].y1) / 2
    across = (boxes[-1].x1 - boxes[0].x0) / tallest
    level = abs((top + foot) / 2 - middle) <= tallest * ASIDE
    return low <= (foot - top) / tallest <= high and narrow <= across <= wide and level


def _is_divided(reading: TwoReadings, ink: Ink, width: int) -> bool:
    """Tell whether each box holds as many digits, by where they were recognised, as it has room for."""
    free = reading.free
    points = sum(free.text.count(mark) for mark in ".,")
    if len(ink.points) != points or points or not ink.digits:
        return False
    tallest = max(digit.height for digit in ink.digits)
    centres = [centre * width for centre in free.centres]
    for digit in ink.digits:
        count = sum(digit.x0 - 1 <= centre <= digit.x1 + 1 for centre in centres)
        room = digit.width / tallest
        fits = NARROWEST <= room <= WIDEST if count == 1 else TOUCHING_LEAST * count <= room <= TOUCHING_MOST * count
        if digit.height < tallest * DIGIT_HIGH or not count or not fits:
            return False
    return sum(any(d.x0 - 1 <= c <= d.x1 + 1 for d in ink.digits) for c in centres) == len(centres)


def _are_digits(digits: Sequence[Piece]) -> bool:
    """Tell whether boxes are of one height and none wider than a digit is."""
    tallest = max((digit.height for digit in digits), default=0)
    return all(
        digit.height >= tallest * DIGIT_HIGH and NARROWEST * tallest <= digit.width <= tallest * WIDEST
        for digit in digits
    )


def pieces_of(picture: Grey, light: int = SOFT) -> list[Piece]:
    """Return pieces of ink darker than `light` that are dark somewhere."""
    soft = numpy.where(picture < light, 255, 0).astype(numpy.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(soft, connectivity=8)
    dark = set(numpy.unique(labels[picture < HARD]).tolist())
    return [
        Piece(left, top, left + width, top + tall, area)
        for number, (left, top, width, tall, area) in enumerate(boxes[1:count].tolist(), 1) if number in dark
    ]


def _stacked(pieces: Sequence[Piece]) -> list[Piece]:
    """Join pieces that stand over one another: the bar of a 5 and its bowl."""
    stacks: list[Piece] = []
    for piece in sorted(pieces, key=lambda one: one.x0):
        if stacks and min(stacks[-1].x1, piece.x1) - max(stacks[-1].x0, piece.x0) > 0:
            last = stacks.pop()
            piece = Piece(last.x0, min(last.y0, piece.y0), max(last.x1, piece.x1), max(last.y1, piece.y1),
                          last.area + piece.area)
        stacks.append(piece)
    return stacks


def _mended(boxes: Sequence[Piece], tallest: float) -> list[Piece]:
    """Join neighbours that are together no wider than a digit."""
    joined: list[Piece] = []
    for box in boxes:
        if joined and box.x1 - joined[-1].x0 <= tallest * BROKEN_WIDE:
            last = joined.pop()
            box = Piece(last.x0, min(last.y0, box.y0), box.x1, max(last.y1, box.y1), last.area + box.area)
        joined.append(box)
    return joined


def _is_fragment(dot: Piece, digit: Piece, tallest: float) -> bool:
    """Tell whether a dot lies within a digit's box or touches it above or below."""
    middle, near = (dot.x0 + dot.x1) / 2, tallest * FRAGMENT
    return digit.x0 <= middle <= digit.x1 and digit.y0 - near <= dot.y0 and dot.y1 <= digit.y1 + near


def _may_be_point(dot: Piece, digits: Sequence[Piece], tallest: float) -> bool:
    """Tell whether a dot stands where points and commas do: at the foot, with digits on both sides."""
    foot = max(digit.y1 for digit in digits)
    # Under a lone digit there is none, and what begins below the line is no comma.
    between = digits[0].x0 + digits[0].x1 < dot.x0 + dot.x1 < digits[-1].x0 + digits[-1].x1
    large = max(dot.width, dot.height) >= max(2.0, tallest * LEAST_POINT)
    return between and large and dot.y0 <= foot and abs((dot.y0 + dot.y1) / 2 - foot) <= tallest * FOOT
