"""Whether a recognised figure is believed.

Belongs here: what speaks against a reading, and the confidence that follows from it. Does not: recognising (models.py);
below which confidence a figure is doubtful (assets/parsing/placing/doubtful.py), what follows from it.

Two readings of one recognition make the same mistakes, so the ink itself is counted too: every digit of the text must
be there as a piece of ink of a digit's size, every point and comma as a dot at the foot of the line, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.parsing.recognition.ink import Piece
from assets.parsing.recognition.models import TwoReadings

# What is left of the confidence of a figure that something speaks against.
DOUBTED = 0.5
# Signs, words of change and units that stand beside digits in a figure cell.
SIGNED = re.compile(r"[+\-减增]?[0-9]+(?:[.,][0-9]+)*")
HAN = re.compile(r"[\u3400-\u9fff]")
DIGIT = re.compile(r"[0-9]")
# Shares of the line's height: how high a digit is, how wide one and how far from the foot a point stands.
DIGIT_HIGH, DIGIT_WIDE, NARROWEST, FOOT = 0.72, 0.95, 0.08, 0.35


def confidence(reading: TwoReadings, pieces: Sequence[Piece], height: float, cut: bool) -> float:
    """Return the confidence of one line: its least certain character, or half at most if something speaks against it.

    Args:
        reading: what was recognised.
        pieces: the ink of the line.
        height: of the page's text in pixels.
        cut: whether ink runs over the edge of the cell.
    """
    text = reading.free.text
    least = min(reading.free.confidence, reading.digits.confidence if DIGIT.search(text) else 1.0)
    if _is_label(text) or (not cut and _agrees(reading) and _is_counted(text, pieces, height)):
        return least
    return min(least, DOUBTED)


def _is_label(text: str) -> bool:
    """Tell whether a text has words: it is no figure, whoever looks for one there finds none."""
    return len(HAN.findall(text.lstrip("减增"))) > 1


def _agrees(reading: TwoReadings) -> bool:
    """Tell whether a figure is well formed, and both decodes have the same digits."""
    text = reading.free.text
    return SIGNED.fullmatch(text) is not None and text.lstrip("+-减增") == reading.digits.text


def _is_counted(text: str, pieces: Sequence[Piece], height: float) -> bool:
    """Tell whether the ink is that of the text: as many digits, as many dots, nothing beside."""
    digits = DIGIT.findall(text)
    dots = [piece for piece in pieces if piece.is_dot(height)]
    solid = [piece for piece in pieces if not piece.is_dot(height)]
    if not solid or len(dots) != sum(text.count(mark) for mark in ".,"):
        return False
    signs = len(text) - len(digits) - sum(text.count(mark) for mark in ".,")
    return signs == 0 and _are_digits(_stacks(solid), len(digits)) and all(_at_foot(dot, solid) for dot in dots)


def _stacks(pieces: Sequence[Piece]) -> list[tuple[int, int, int, int]]:
    """Return boxes of pieces that stand over one another: the bar of a 5 and its bowl."""
    stacks: list[tuple[int, int, int, int]] = []
    for piece in sorted(pieces, key=lambda one: one.x0):
        box = (piece.x0, piece.y0, piece.x1, piece.y1)
        if stacks and min(stacks[-1][2], box[2]) - max(stacks[-1][0], box[0]) > 0:
            last = stacks.pop()
            box = (last[0], min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        stacks.append(box)
    return stacks


def _are_digits(boxes: Sequence[tuple[int, int, int, int]], count: int) -> bool:
    """Tell whether there are as many boxes as digits, all of one height and none wider than a digit is."""
    tallest = max(box[3] - box[1] for box in boxes)
    shaped = all(
        box[3] - box[1] >= tallest * DIGIT_HIGH and NARROWEST * tallest <= box[2] - box[0] <= tallest * DIGIT_WIDE
        for box in boxes
    )
    return shaped and len(boxes) == count


def _at_foot(dot: Piece, solid: Sequence[Piece]) -> bool:
    """Tell whether a dot stands where points and commas do, between digits."""
    foot, tallest = max(piece.y1 for piece in solid), max(piece.height for piece in solid)
    between = min(piece.x1 for piece in solid) <= dot.x1 and dot.x0 <= max(piece.x0 for piece in solid)
    return between and abs((dot.y0 + dot.y1) / 2 - foot) <= tallest * FOOT
