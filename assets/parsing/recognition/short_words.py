"""Words of the form of two to four characters, told from what merely looks like them: 现章 is 规章.

Belongs here: putting one character right where the model thought of the right one too. Does not: longer labels, which
are known in spite of a character (assets/parsing/placing/labels.py), figures: nothing is ever put right in those.
"""

from __future__ import annotations

from functools import cache

from assets.form import cells as form
from assets.parsing.recognition.models import Reading

SHORTEST, LONGEST = 2, 4


def corrected(reading: Reading) -> str:
    """Return the text; if it is no word of the form, but one is with one character the model thought of, that one."""
    text = reading.text
    if not SHORTEST <= len(text) <= LONGEST or text in _words() or len(reading.seconds) != len(text):
        return text
    meant = {
        word for place, others in enumerate(reading.seconds) for other in others
        if (word := text[:place] + other + text[place + 1 :]) in _words()
    }
    return meant.pop() if len(meant) == 1 else text


@cache
def _words() -> frozenset[str]:
    """Return the labels of lines and columns that are so short, of all editions."""
    tables = [table for edition in form.editions() for table in edition.tables]
    lines = {label for table in tables for line in table.lines for label in (line.zh, *line.variants)}
    columns = {label for table in tables for column in table.columns for label in (column.zh, *column.variants)}
    return frozenset(label for label in lines | columns if SHORTEST <= len(label) <= LONGEST)
