"""Years and dates that a report states about itself.

Belongs here: title year, reporting period, signature and publication date, the intake's partition.
Does not: which organ (organs), whether they agree (rule D01).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from assets.normalizing.evidence import Evidence
from assets.normalizing.prose import Paragraph, Prose, prose_of
from assets.parsing import readers
from assets.parsing.readers.bounds import Unreadable

REPORT_WORDS = r"政府信息公开(?:工作)?(?:(?:年度|年)?(?:工作)?报告|年报)"
TITLE = re.compile(
    rf"(?P<organ>[^,。;:]{{0,40}}?)(?:(?P<year>20\d\d)年?度?{REPORT_WORDS}|政府信息公开(?:工作)?(?P<year2>20\d\d)年?度?(?:工作)?报告)"
)
TITLE_MARK = re.compile(r"^[|\s]*(?:标题|名称|信息名称|题名)[::]")
LONGEST_TITLE = 70
PERIOD = re.compile(r"(20\d\d)年0?1月0?1日(?:起|0时)?(?:至|到|-|—|–|~)+(?:(20\d\d)年)?12月31日")
DAY = r"(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})日?"
SIGNED = re.compile(rf"(?P<organ>[^,。;:]{{0,40}}?){DAY}")
PUBLISHED = re.compile(rf"(?P<label>发布日期|发布时间|公开日期|发文时间)[::]?{DAY}")


def titles(prose: Prose) -> list[tuple[Evidence, str]]:
    """Return (evidence with the year, organ part) of every line before the sections that is a title."""
    found = []
    for paragraph in prose.head:
        line = TITLE_MARK.sub("", paragraph.folded).strip("|")
        match = TITLE.fullmatch(line) if len(line) <= LONGEST_TITLE else None
        if match:
            year = match["year"] or match["year2"]
            printed = TITLE_MARK.sub("", paragraph.printed.strip("| ")).strip()
            found.append((Evidence("title", year, printed, paragraph.place), match["organ"]))
    return found


def periods(prose: Prose) -> list[tuple[Evidence, date, date]]:
    """Return every stated reporting period with its first and last day."""
    found = []
    for paragraph in prose.paragraphs:
        for match in PERIOD.finditer(paragraph.folded):
            end = int(match[2] or match[1])
            evidence = Evidence("period", str(end), match[0], paragraph.place)
            found.append((evidence, date(int(match[1]), 1, 1), date(end, 12, 31)))
    return found


def signatures(prose: Prose) -> list[tuple[Evidence, str]]:
    """Return (evidence with the ISO date, organ part on the same line) of date lines after the last heading."""
    found = []
    for paragraph in prose.tail:
        match = SIGNED.fullmatch(paragraph.folded)
        day = _day(match.group(2, 3, 4)) if match else None
        if match and day:
            found.append((Evidence("signature", day.isoformat(), paragraph.printed, paragraph.place), match["organ"]))
    return found


def publication_dates(prose: Prose) -> list[Evidence]:
    """Return the publication dates that labelled lines around the report state."""
    found = []
    for paragraph in (*prose.head, *prose.tail):
        for match in PUBLISHED.finditer(paragraph.folded):
            day = _day(match.group(2, 3, 4))
            if day:
                found.append(Evidence("metadata", day.isoformat(), match[0], paragraph.place))
    return found


def partition_of(content: bytes, name: str) -> str:
    """Return the report year that a document states (title first, then period), or `undated`.

    Used by the intake to choose a partition; the report's year itself is decided when it is normalised.
    """
    try:
        document = readers.read(content)
    except Unreadable:
        return "undated"
    prose = prose_of([(block.text, block.place) for block in document.blocks])
    years = [evidence.value for evidence, _ in titles(prose)] or [evidence.value for evidence, *_ in periods(prose)]
    return years[0] if years else "undated"


def one_of(values: Iterable[str]) -> str | None:
    """Return the value all pieces agree on, or None where there is none or they differ."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def _day(parts: tuple[str, ...]) -> date | None:
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def line_before(prose: Prose, paragraph_place: str) -> Paragraph | None:
    """Return the paragraph just before the one at a place, or None."""
    places = [paragraph.place for paragraph in prose.paragraphs]
    index = places.index(paragraph_place)
    return prose.paragraphs[index - 1] if index else None
