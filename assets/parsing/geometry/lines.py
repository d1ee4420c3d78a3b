"""Characters to lines of text: order, blanks between words, doubled and overlapping glyphs.

Belongs here: the order of characters inside one box, whichever way they are turned or stacked.
Does not: which box they belong to (lattice.py); paragraphs (paragraphs.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter

from assets.parsing.geometry.printed import TextLine
from assets.parsing.geometry.shapes import UNREADABLE, Character, Region, around

# Shares of a character's height. A gap wider than SPACE becomes a blank; between two digits even a printed blank of a
# narrow font does, so that two figures never fuse.
SAME_LINE = 0.5
SPACE = 0.25
DIGITS_APART = 0.15
# Shares of a character's width: a glyph drawn again this close is bold print; two over one another are a mess.
DOUBLED = 0.3
COLLIDING = 0.5
# Characters stand plainly in one line if their sides differ by no more than this share of a height, and none lies
# over the next by more than this share of the narrower one's width: far from what the shares above tell apart.
LEVEL = 0.15
LAPPING = 0.25


def text_lines(characters: Sequence[Character]) -> tuple[TextLine, ...]:
    """Return the lines of one box, top to bottom; turned characters come after upright ones."""
    plain = plain_runs(characters)
    if plain is not None:
        return tuple(map(plain_line, plain))
    if not any(character.turn for character in characters):
        return tuple(line_of(run) for run in ordered(characters))
    made: list[TextLine] = []
    for turn in sorted({character.turn for character in characters}):
        group = [upright(character) for character in characters if character.turn == turn]
        made += [_turned_back(line_of(run), turn) for run in ordered(group)]
    return tuple(made)


def plain_runs(characters: Sequence[Character]) -> list[list[Character]] | None:
    """Return what `ordered` does, where characters are drawn as plainly as most are; None for all others.

    Plain are upright characters of about one height, drawn line by line, each behind the one before.
    """
    runs: list[list[Character]] = []
    run: list[Character] = []
    # What the next character of a run must keep to: the first one's upper and lower side, the last one's place.
    top = bottom = slack = start = end = float("-inf")
    for character in characters:
        _, x0, y0, x1, y1, _, turn, alternative = character
        if turn or alternative is not None or x0 >= x1:
            return None
        level = -slack <= y0 - top <= slack and -slack <= y1 - bottom <= slack
        if level and (x0 >= end or end - x0 <= LAPPING * min(end - start, x1 - x0)):
            run.append(character)
        else:
            top, bottom, slack = y0, y1, LEVEL * (y1 - y0)
            run = [character]
            runs.append(run)
        start, end = x0, x1
    return runs if len(runs) < 2 else _lines_apart(runs, len(characters))


def _lines_apart(runs: list[list[Character]], count: int) -> list[list[Character]] | None:
    """Return runs from top to bottom, None if two of them stand on one line (see `rows`) or all may be stacked."""
    highest = [(min([one.y0 + one.y1 for one in run]) / 2, number) for number, run in enumerate(runs)]
    downwards = sorted(highest)
    for (above, number), (below, _) in pairwise(downwards):
        first = next(one for one in runs[number] if (one.y0 + one.y1) / 2 == above)
        if below - above <= SAME_LINE * (first.y1 - first.y0):
            return None
    # Only where the file goes back up, and hardly writes along lines, may text be stacked (see `_is_stacked`).
    if downwards != highest and 5 * (len(runs) - 1) >= 4 * (count - 1):
        return None
    return [runs[number] for _, number in downwards]


def plain_line(run: Sequence[Character]) -> TextLine:
    """Return what `line_of` does for a run of `plain_runs`, in one pass."""
    _, left, top, _, bottom, sure, _, _ = run[0]
    height = bottom - top
    parts: list[str] = []
    end, before = left, ""
    for text, x0, y0, x1, y1, confidence, _, _ in run:
        gap, high = x0 - end, y1 - y0
        if gap > DIGITS_APART * high and (gap > SPACE * high or (text[:1].isdigit() and before[-1:].isdigit())):
            parts.append(" ")
        parts.append(text)
        end, before = x1, text
        if y0 < top:
            top = y0
        if y1 > bottom:
            bottom = y1
        if high > height:
            height = high
        if confidence < sure:
            sure = confidence
    return TextLine("".join(parts), Region(left, top, end, bottom), height, sure)


def ordered(characters: Sequence[Character]) -> list[list[Character]]:
    """Return upright characters in reading order: by lines, or by stacks where the file writes downwards."""
    return _stacks(characters) if _is_stacked(characters) else rows(characters)


def rows(characters: Sequence[Character]) -> list[list[Character]]:
    """Return upright characters line by line, each from left to right, glyphs drawn twice left out."""
    if len(characters) < 2:
        return [list(characters)] if characters else []
    found: list[list[Character]] = []
    first_middle = reach = 0.0
    for character in sorted(characters, key=lambda one: one.y0 + one.y1):
        middle = (character.y0 + character.y1) / 2
        if not found or middle - first_middle > reach:
            found.append([])
            first_middle, reach = middle, SAME_LINE * (character.y1 - character.y0)
        found[-1].append(character)
    return [_settled(sorted(line, key=attrgetter("x0"))) for line in found]


def line_of(run: Sequence[Character]) -> TextLine:
    """Return a run of characters as one line of text; the run is not empty."""
    if len(run) == 1:
        one = run[0]
        box = Region(one.x0, one.y0, one.x1, one.y1)
        return TextLine(one.text, box, one.y1 - one.y0, one.confidence, one.alternative)
    box = around(run)
    height = max([one.y1 - one.y0 for one in run])
    text = _joined(run, (one.text for one in run))
    alternative = None
    if any(one.alternative is not None for one in run):
        alternative = _joined(run, (one.text if one.alternative is None else one.alternative for one in run))
    return TextLine(text, box, height, min([one.confidence for one in run]), alternative)


def is_figure_like(text: str) -> bool:
    """Tell whether a character may be part of a figure: digits, signs and marks, whatever is no letter or ideograph."""
    return not text.isalpha()


def _joined(run: Sequence[Character], texts: Iterable[str]) -> str:
    parts: list[str] = []
    end: float | None = None
    for character, text in zip(run, texts, strict=True):
        if end is not None and character.x0 - end > DIGITS_APART * (character.y1 - character.y0):
            digits = text[:1].isdigit() and parts[-1][-1:].isdigit()
            if digits or character.x0 - end > SPACE * (character.y1 - character.y0):
                parts.append(" ")
        parts.append(text)
        end = character.x1 if end is None else max(end, character.x1)
    return "".join(parts)


def _settled(line: list[Character]) -> list[Character]:
    """Drop glyphs drawn again over themselves; where different ones lie over one another none can be trusted."""
    kept: list[Character] = []
    for character in line:
        before = kept[-1] if kept else None
        if before is not None and character.x0 < before.x1 and _overlap(before, character) > COLLIDING:
            shift = max(abs(character.x0 - before.x0), abs(character.x1 - before.x1))
            if before.text in (character.text, UNREADABLE) and shift < DOUBLED * (character.x1 - character.x0) + 0.3:
                continue
            if is_figure_like(before.text) or is_figure_like(character.text):
                kept[-1] = before._replace(text=UNREADABLE)
                character = character._replace(text=UNREADABLE)
        kept.append(character)
    return kept


def _overlap(one: Character, other: Character) -> float:
    """Return how much of the narrower of two characters lies over the other, 0 to 1."""
    return (min(one.x1, other.x1) - max(one.x0, other.x0)) / max(min(one.x1 - one.x0, other.x1 - other.x0), 0.01)


# ---------------------------------------------------------------------------------------------------------------------
# Stacked and turned text


def _is_stacked(characters: Sequence[Character]) -> bool:
    """Tell whether the file draws most characters below the one before, and goes back up for a second column."""
    down = back = 0
    for before, after in zip(characters, characters[1:], strict=False):
        height = before.y1 - before.y0
        below = (after.y0 + after.y1 - before.y0 - before.y1) / 2
        if abs(after.x0 + after.x1 - before.x0 - before.x1) < height * 0.5 and 0.5 * height < below < 2 * height:
            down += 1
        elif below < -height and after.x1 < before.x0 + 0.3 * height:
            back += 1
    return back > 0 and (down + back) * 5 >= (len(characters) - 1) * 4


def _stacks(characters: Sequence[Character]) -> list[list[Character]]:
    """Return stacked characters column by column, as they are drawn, each column a line of single characters."""
    columns: list[list[Character]] = [[characters[0]]]
    for before, after in zip(characters, characters[1:], strict=False):
        if after.y0 < before.y0:
            columns.append([])
        columns[-1].append(after)
    return columns


def upright(one: Character) -> Character:
    """Return a turned character in coordinates in which it stands upright."""
    if one.turn == 90:
        return one._replace(x0=one.y0, x1=one.y1, y0=-one.x1, y1=-one.x0)
    if one.turn == 180:
        return one._replace(x0=-one.x1, x1=-one.x0, y0=-one.y1, y1=-one.y0)
    if one.turn == 270:
        return one._replace(x0=-one.y1, x1=-one.y0, y0=one.x0, y1=one.x1)
    return one


def _turned_back(line: TextLine, turn: int) -> TextLine:
    box = line.box
    if turn == 90:
        box = Region(-box.y1, box.x0, -box.y0, box.x1)
    elif turn == 180:
        box = Region(-box.x1, -box.y1, -box.x0, -box.y0)
    elif turn == 270:
        box = Region(box.y0, -box.x1, box.y1, -box.x0)
    return line._replace(box=box)
