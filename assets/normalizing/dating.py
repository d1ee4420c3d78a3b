"""Years and dates that a report states about itself.

Belongs here: title year, reporting period, signature and publication date, the intake's partition.
Does not: which organ (organs), numbers of the document (numbering), whether they agree (rules D01 to D04).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from assets.normalizing.evidence import Evidence
from assets.normalizing.prose import Paragraph, Prose, loose, prose_of
from assets.parsing import readers
from assets.parsing.readers.bounds import Unreadable
from assets.parsing.titles import Title, titles_in

PERIOD = re.compile(r"(20\d\d)年0?1月0?1日(?:起|0时)?(?:至|到|-|—|–|~)+(?:(20\d\d)年)?12月31日")
# The same where runs of the text lost characters (自20201月1日起至202012月31日止, 202111日至20211231日): each side has
# its year, and the day it ends on is the last of a year whatever was lost.
WORN_PERIOD = re.compile(
    r"(?<!\d)(20\d\d)年?0?1月?0?1日?(?:起|0时)?(?:至|到|-|—|–|~)+(20\d\d)年?12月?31日?(?!\d)"
)
# Any other span of days that is said to be the one of the figures.
PERIOD_WORDS = r"(?:统计|数据|报告)[^,。;]{0,12}?(?:期限|时限|期间|时段|时间)[^,。;\d]{0,8}"
ODD_PERIOD = re.compile(
    PERIOD_WORDS + r"(20\d\d)年(\d{1,2})月(\d{1,2})日(?:起|0时)?(?:至|到|-|—|–|~)+(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})日"
)
DAY = r"(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})日?"
SIGNED = re.compile(rf"(?P<organ>[^,。;:]{{0,40}}?){DAY}")
# A day that lost characters, alone on its line: 202512月31日, 2025年1231日.
WORN_DAY = re.compile(r"(?P<organ>[^,。;:\d]{0,40}?)(20\d\d)年?(\d{1,4})月?(\d{0,2})日")
# Month and day without a mark between them: 1231. Two figures (11日) may be a day whose month is lost.
FEWEST_FIGURES = 3
# Labels of days around a report, by what the day is: that on which a page was put out says more of the publication
# than that on which its document was issued.
DAY_LABELS = {
    "published": ("发布日期", "发布时间", "PubDate"),
    "disclosed": ("公开日期", "公开时间"),
    "issued": ("发文时间", "发文日期"),
}
KINDS = "|".join(rf"(?P<{kind}>{'|'.join(map(loose, labels))})" for kind, labels in DAY_LABELS.items())
# White space counts: 2025-1-2 10:30 is not the 21st.
PUBLISHED = re.compile(rf"(?:{KINDS})[\s:|]*(20\d\d)\s*[年./-]\s*(\d{{1,2}})\s*[月./-]\s*(\d{{1,2}})(?!\d)", re.I)
LISTED = re.compile(r"(20\d\d)年?(?:度)?(?:政府信息公开)?(?:工作)?年度?报告")
PATH = re.compile(r"^(?:您?(?:现在)?的?(?:当前)?位置|当前位置)[:：]?")


def titles(prose: Prose) -> list[tuple[Evidence, str]]:
    """Return (evidence with the year, organ part) of every title before the sections."""
    head = prose.head
    return [(_title_evidence(title, head), title.organ) for title in titles_in([part.printed for part in head])]


def _title_evidence(title: Title, head: Sequence[Paragraph]) -> Evidence:
    return Evidence("title", title.year, title.text, head[title.first].place)


def periods(prose: Prose) -> list[tuple[Evidence, date, date]]:
    """Return every stated reporting period with its first and last day, also where lost characters leave no doubt."""
    found = []
    for paragraph in prose.paragraphs:
        for match in PERIOD.finditer(paragraph.folded):
            found.append(_period(match, paragraph, "period"))
        if not PERIOD.search(paragraph.folded):
            found += [_period(match, paragraph, "period_worn") for match in WORN_PERIOD.finditer(paragraph.folded)]
    return found


def odd_periods(prose: Prose) -> list[tuple[Evidence, date, date]]:
    """Return every stated period that is not from 1 January to 31 December; its year is that of its last day."""
    found = []
    for paragraph in prose.paragraphs:
        for match in ODD_PERIOD.finditer(paragraph.folded):
            year = match[4] or match[1]
            start, end = _day(match.group(1, 2, 3)), _day((year, match[5], match[6]))
            if start and end and not PERIOD.search(match[0]):
                found.append((Evidence("period", year, match[0], paragraph.place), start, end))
    return found


def _period(match: re.Match[str], paragraph: Paragraph, source: str) -> tuple[Evidence, date, date]:
    end = int(match[2] or match[1])
    return Evidence(source, str(end), match[0], paragraph.place), date(int(match[1]), 1, 1), date(end, 12, 31)


def signatures(prose: Prose) -> list[tuple[Evidence, str]]:
    """Return (evidence with the ISO date, organ part on the same line) of date lines after the last heading."""
    found = []
    for paragraph in prose.tail:
        match = SIGNED.fullmatch(paragraph.folded)
        day = _day(match.group(2, 3, 4)) if match else None
        source = "signature"
        if match is None:
            match = WORN_DAY.fullmatch(paragraph.folded)
            day, source = (_worn_day(*match.group(2, 3, 4)) if match else None), "signature_worn"
        if match and day:
            found.append((Evidence(source, day.isoformat(), paragraph.printed, paragraph.place), match["organ"]))
    return found


def publication_dates(prose: Prose) -> list[Evidence]:
    """Return the days that labelled lines around the report state; the source says by which kind of label."""
    found = []
    for paragraph in (*prose.head, *prose.tail):
        for match in PUBLISHED.finditer(paragraph.spaced):
            day = _day(match.groups()[-3:])
            if day:
                kind = next(kind for kind in DAY_LABELS if match[kind])
                found.append(Evidence(kind, day.isoformat(), match[0], paragraph.place))
    return found


def publication_date(found: Sequence[Evidence]) -> str | None:
    """Return the day that all lines with the best kind of label agree on, or None."""
    for kind in DAY_LABELS:
        days = [evidence.value for evidence in found if evidence.source == kind]
        if days:
            return one_of(days)
    return None


def listings(prose: Prose) -> list[Evidence]:
    """Return the years that the path of the page names (当前位置: … 2024年年度报告)."""
    found = []
    for paragraph in prose.head:
        years = LISTED.findall(paragraph.folded) if PATH.search(paragraph.folded) else []
        found += [Evidence("listing", year, paragraph.printed, paragraph.place) for year in years]
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


def _worn_day(year: str, first: str, second: str) -> date | None:
    """Return the one day that figures without their separators can mean, or None where there are two or none.

    `first` and `second` stand before and after 月, or `second` is empty where 月 is lost too: 2025|12|31, 2025|1231|.
    """
    if second:
        return _day((year, first, second))
    if len(first) < FEWEST_FIGURES:
        return None
    days = {_day((year, first[:cut], first[cut:])) for cut in (1, 2)} - {None}
    return days.pop() if len(days) == 1 else None


def line_before(prose: Prose, paragraph_place: str) -> Paragraph | None:
    """Return the paragraph just before the one at a place, or None."""
    places = [paragraph.place for paragraph in prose.paragraphs]
    index = places.index(paragraph_place)
    return prose.paragraphs[index - 1] if index else None
