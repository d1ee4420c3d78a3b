"""Ruling lines of a level page.

Belongs here: ink in, horizontal and vertical rules out; what only looks like a rule (strokes of stacked characters)
is left out. Does not: tables (assets/parsing/geometry/lattice.py), text.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy
from numpy.typing import NDArray

from assets.parsing.geometry.shapes import Rule
from assets.parsing.recognition.deskew import Grey

# Lengths in heights of the page's text: a piece that is no stroke, a piece that can only be a rule, a rule's thickness,
# a gap inside a rule, and how far from another rule its end may lie.
LEAST_LENGTH, SURE_LENGTH = 1.4, 6.0
MOST_THICKNESS = 0.45
GAP, REACH = 0.25, 0.15
# A break in a line that is bridged before anything is known of it, in pixels (less where text is lower than that):
# noise, never the air around a character.
BRIDGE, COARSE_BRIDGE, COARSE_HEIGHT = 2, 1, 16
# So much of the strip on one side of a short rule is white, and on the other; strokes are crossed by other strokes.
LEAST_WHITE, LEAST_WHITE_THERE = 0.8, 0.6
# What stands for the height of text where a page has none, in pixels, and the heights that count as text.
USUAL_HEIGHT, LEAST_HEIGHT, MOST_HEIGHT = 20.0, 8, 120


def text_height(ink: Grey) -> float:
    """Return the height of the page's characters in pixels: the median of what is as wide as it is high."""
    count, _, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high = boxes[1:, cv2.CC_STAT_WIDTH], boxes[1:, cv2.CC_STAT_HEIGHT]
    like_text = (high >= LEAST_HEIGHT) & (high <= MOST_HEIGHT) & (wide <= high * 1.6) & (wide >= high * 0.4)
    return float(numpy.percentile(high[like_text], 60)) if count > 1 and like_text.any() else USUAL_HEIGHT


def rules(ink: Grey, height: float) -> tuple[Rule, ...]:
    """Return the rules of a page's tables, by their middles; `height` is that of its text."""
    level = _lines(ink, height)
    upright = [_swapped(rule) for rule in _lines(numpy.ascontiguousarray(ink.T), height)]
    found = -1
    while found != len(level) + len(upright):
        found = len(level) + len(upright)
        upright = [rule for rule in upright if _belongs(rule, level, height)]
        across = [_swapped(rule) for rule in upright]
        level = [rule for rule in level if _belongs(_swapped(rule), across, height)]
    return (*level, *upright)


def _lines(ink: Grey, height: float) -> list[Rule]:
    """Return what may be a level line: pieces longer than a stroke, thin, white on their sides unless very long."""
    least, gap = max(12, round(height * LEAST_LENGTH)), max(3, round(height * GAP))
    bridge = BRIDGE if height >= COARSE_HEIGHT else COARSE_BRIDGE
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones((1, bridge + 1), numpy.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, numpy.ones((1, least), numpy.uint8))
    joined = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, numpy.ones((1, gap), numpy.uint8))
    # Steps of a line that is not quite level touch at their corners.
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for number, (left, top, width, tall, area) in enumerate(boxes[1:count].tolist(), 1):
        thin = area / width <= max(3.0, height * MOST_THICKNESS)
        if thin and (width >= height * SURE_LENGTH or _is_alone(ink, (left, top, width, tall), height)):
            middle = top + _middle(labels[top : top + tall, left : left + width] == number)
            found.append(Rule(left, middle, left + width, middle))
    return found


def _middle(piece: NDArray[numpy.bool_]) -> float:
    """Return the height of a piece where most of it lies: strokes that touch a rule do not move it."""
    counts = piece.sum(axis=1)
    rows = numpy.nonzero(counts * 2 >= counts.max())[0]
    return float(numpy.average(rows, weights=counts[rows])) + 0.5


def _is_alone(ink: Grey, box: tuple[int, int, int, int], height: float) -> bool:
    """Tell whether the strips above and below a piece are white but for what crosses a real rule now and then."""
    left, top, width, tall = box
    away = max(2, round(height * 0.1))
    strips = (ink[max(row, 0) : max(row, 0) + 1, left : left + width] for row in (top - away, top + tall - 1 + away))
    white = sorted(1.0 if strip.size == 0 else float((strip == 0).mean()) for strip in strips)
    return white[1] >= LEAST_WHITE and white[0] >= LEAST_WHITE_THERE


def _belongs(rule: Rule, across: Iterable[Rule], height: float) -> bool:
    """Tell whether an upright line is of a table: it ends on level ones, or is long and meets two of them."""
    reach = max(3.0, height * REACH)
    met = [
        other.y0 for other in across
        if other.x0 - reach <= rule.x0 <= other.x1 + reach and rule.y0 - reach <= other.y0 <= rule.y1 + reach
    ]
    if len(met) < 2:
        return False
    ends = min(met) - rule.y0 <= 2 * reach and rule.y1 - max(met) <= 2 * reach
    return ends or rule.y1 - rule.y0 >= height * SURE_LENGTH


def _swapped(rule: Rule) -> Rule:
    return Rule(rule.y0, rule.x0, rule.y1, rule.x1)
