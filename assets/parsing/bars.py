"""Lines whose cells end with a bar: cutting them into cells and padding.

Belongs here: what all bar layouts share. Does not: which lines make a row (the layouts).
Trailing bars are padding up to the widest row of the table, never blank cells: in these dumps a blank cell
leaves nothing behind, so a row with too few cells cannot be told from a shifted one (layouts.md, b).
"""

from __future__ import annotations

import re

from assets.parsing.document import PrintedCell, PrintedRow

END_OF_ROW = re.compile(r"\|[ \t]*(\|*)[ \t]*$")


def is_lone_bar(line: str) -> bool:
    """Tell whether a line holds nothing but one bar."""
    return line.strip() == "|"


def ends_with_bar(line: str) -> bool:
    """Tell whether a line holds text and ends with a bar."""
    stripped = line.rstrip()
    return stripped.endswith("|") and bool(stripped.strip("| \t"))


def cut(line: str) -> tuple[list[str], int]:
    """Return (cell texts, number of padding bars) of a line; a line without a bar at its end has no padding."""
    end = END_OF_ROW.search(line)
    body, pads = (line[: end.start()], len(end.group(1))) if end else (line, 0)
    return [text.strip() for text in body.split("|")], pads


def row_of(line: str, place: str) -> PrintedRow:
    """Return a line as one printed row; every cell has the line's place."""
    texts, pads = cut(line)
    return PrintedRow(tuple(PrintedCell(text, place) for text in texts), place, pads)
