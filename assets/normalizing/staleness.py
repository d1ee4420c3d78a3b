"""What an author forgot to change or to fill in: last year's year, XX in place of a name.

Belongs here: finding such places in the prose. Does not: the verdict (rule D06).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assets.normalizing.prose import Prose

# Another year called this year, or reported on as the subject: 今年(2023年), 2023年度,我局. Figures of last year are
# quoted rightly: 较2023年, 2023年印发的.
THIS_YEAR = re.compile(r"(?:本年度|今年)\(?(20\d\d)年?|(20\d\d)年?\(?(?:本年度|今年)")
SUBJECT_YEAR = re.compile(r"(?:^|(?<=[。;,]))(20\d\d)年(?:度|以来|,(?:我|全|本|县|市|区|镇|街道))")
UNFILLED = re.compile(r"[XxＸ×]{2,}(?=[一-鿿])|(?<=[一-鿿])[×]{1,}(?=[一-鿿])|20[xX×]{2}年")


def stale_words(prose: Prose, report_year: str | None) -> list[str]:
    """Return the words that seem left over, in order; years only where the report year is certain."""
    found = (word for paragraph in prose.paragraphs for word in _stale(paragraph.folded, report_year))
    return list(dict.fromkeys(found))


def _stale(text: str, report_year: str | None) -> Iterator[str]:
    for pattern in (THIS_YEAR, SUBJECT_YEAR) if report_year else ():
        for match in pattern.finditer(text):
            year = next(group for group in match.groups() if group)
            if year < str(report_year) or (pattern is THIS_YEAR and year != report_year):
                yield match[0]
    yield from (match[0] for match in UNFILLED.finditer(text))
