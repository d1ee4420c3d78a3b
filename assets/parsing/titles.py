"""The title of a report: one line, or two that belong together.

Belongs here: which line is a title, with the year and the organ it names. Does not: which organ or year is right
(assets/normalizing), other lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

SPACES = re.compile(r"\s+")
REPORT_WORDS = r"(?:政府)?信息公开(?:工作)?(?:(?:年度|年)?(?:工作)?报告|年报)"
TITLE = re.compile(
    rf"(?P<organ>[^,。;:]{{0,40}}?)"
    rf"(?:(?P<year>20\d\d)年?度?{REPORT_WORDS}|政府信息公开(?:工作)?(?P<year2>20\d\d)年?度?(?:工作)?报告)"
)
# What pages print before and after a title on the same line.
BEFORE = re.compile(r"^(?:[|]|(?:标题|名称|信息名称|题名|文件名称)[:：]|【[^】]{1,6}】|关于印发|\[[^\]]{1,6}\])+")
# The name of something about a report, not of a report.
ABOUT = re.compile(r"一图|图解|解读|转发|关于做好|关于报送")
AFTER = re.compile(r"[|]+$")
LONGEST_TITLE = 70
# A year is all that may stand first in the second line of a title, an organ all that may stand first in the first.
PIECE = re.compile(r"[^,。;:|]{2,45}")


@dataclass(frozen=True)
class Title:
    """A title: its year, the organ part as printed ("" where there is none), and the lines it stands on."""

    year: str
    organ: str
    text: str
    first: int
    last: int


def fold(text: str) -> str:
    """Return text width-folded (NFKC) and without white space."""
    return SPACES.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def title_of(text: str) -> tuple[str, str] | None:
    """Return (year, organ part) of a line that is a title, or None."""
    if len(text) > 3 * LONGEST_TITLE:
        return None
    folded = AFTER.sub("", BEFORE.sub("", fold(text)))
    match = TITLE.fullmatch(folded) if len(folded) <= LONGEST_TITLE else None
    if match is None or ABOUT.search(match["organ"]):
        return None
    return match["year"] or match["year2"], match["organ"]


def titles_in(lines: Sequence[str]) -> tuple[Title, ...]:
    """Return every title among lines; two lines are one title where neither is one by itself."""
    found: list[Title] = []
    index = 0
    while index < len(lines):
        one = title_of(lines[index])
        if one is not None:
            found.append(Title(*one, _shown(lines[index]), index, index))
        elif index + 1 < len(lines) and (two := _over_two_lines(lines[index], lines[index + 1])) is not None:
            found.append(Title(*two, f"{_shown(lines[index])}{_shown(lines[index + 1])}", index, index + 1))
            index += 1
        index += 1
    return tuple(found)


def _over_two_lines(first: str, second: str) -> tuple[str, str] | None:
    """Return (year, organ part) where a year ends the first line or a title is broken inside its last words."""
    if "公开" not in second and "报告" not in second or title_of(second) is not None:
        return None
    upper, lower = fold(first), fold(second)
    if not PIECE.fullmatch(BEFORE.sub("", upper)) or not PIECE.fullmatch(lower) or len(upper + lower) > LONGEST_TITLE:
        return None
    return title_of(upper + lower)


def _shown(line: str) -> str:
    return BEFORE.sub("", line.strip("| \t")).strip()
