"""Numbers that stand around a report: index number, document number, filing numbers of the site.

Belongs here: finding them by their labels and shapes, and telling placeholders from numbers.
Does not: what a number says of a place (organs), dates (dating).
A placeholder is kept as evidence, so that a reviewer sees it, but it is nobody's number.
"""

from __future__ import annotations

import re

from assets.normalizing.evidence import Evidence
from assets.normalizing.prose import Prose, loose
from assets.parsing.titles import fold

# White space ends a number: 索引号:K1/2025-3 2025-01-07 is not K1/2025-32025-01-07.
INDEX_LABEL = "|".join(map(loose, ("索引号", "信息索引", "索取号")))
INDEX = re.compile(rf"(?:{INDEX_LABEL})[\s:|]*([A-Za-z0-9][A-Za-z0-9_/.·-]{{3,40}})(?![A-Za-z0-9])")
# The label of the next entry, where entries run together on one line.
NEXT = r"(?:发布|生成|成文|公开|主题|名称|有效|组配|关键|内容|索引|发文|标题|信息|体裁|是否)[一-鿿]{0,4}:"
DOCUMENT = re.compile(
    rf"(?:发文字号|发文文号|文件编号|公文文号|(?<![无年])文号)[:|]+(?!{NEXT})([^|,。;:]{{1,40}}?)(?=$|[|,。;]|{NEXT})"
)
# 政公开发〔2025〕3号: letters of the organ, the year in brackets, a number. Whatever else is printed there is none.
NUMBERED = re.compile(r"[一-鿿]{2,14}[〔\[(【]20\d\d[〕\])】](?:第)?\d{1,5}号")
# 〔〕号, 无文号, 2022-None, 00000 as serial, twelve digits of one kind, a day and time of a data migration.
PLACEHOLDER = re.compile(
    r".*(?:[Nn]one|[Nn]ull|undefined).*|(?:.*[/-])?0{4,}|(\d{2,4})\1{3,}.*|(?:20\d{6}[-_]?){1,2}\d{6}[-_]\d+|无.*|/|-+|—+"
)
# The code of the State Council General Office: the default of a template (domain.md, 4.2, 5.3).
NOBODYS_PREFIX = ("000014349", "00000001")
POLICE = re.compile(r"[一-鿿]\s*公网安备[\s:]*(?:\d{14}(?!\d)\s*号?|\d{11,12}-\d{1,3}(?!\d)\s*号?)")
ICP = re.compile(r"[一-鿿]\s*ICP\s*备\s*\d{6,10}\s*号(?:\s?-\s?\d{1,3}(?!\d))?", re.I)
WEBSITE = re.compile(r"(?:网站标识码|SiteIDCode)[\s:|]*((?:\d{2}|bm)\d{8})(?!\d)", re.I)
TRUSTED, PLACEHOLDING = "metadata", "metadata_placeholder"


def index_numbers(prose: Prose) -> list[Evidence]:
    """Return every labelled index number; its source says whether it is only a placeholder."""
    return [
        Evidence(PLACEHOLDING if _is_no_index(match[1]) else TRUSTED, match[1], match[0], paragraph.place)
        for paragraph in (*prose.head, *prose.tail)
        for match in INDEX.finditer(paragraph.spaced)
    ]


def document_numbers(prose: Prose) -> list[Evidence]:
    """Return every labelled document number; whatever has not the shape of one is a placeholder."""
    return [
        Evidence(TRUSTED if NUMBERED.fullmatch(match[1]) else PLACEHOLDING, match[1], match[0], paragraph.place)
        for paragraph in (*prose.head, *prose.tail)
        for match in DOCUMENT.finditer(paragraph.folded)
    ]


def filings(prose: Prose) -> dict[str, list[Evidence]]:
    """Return the site's numbers by kind: police_filing, icp_filing, website_code."""
    patterns = {"police_filing": POLICE, "icp_filing": ICP, "website_code": WEBSITE}
    return {
        kind: [
            Evidence(kind, fold(match[match.re.groups]), match[0], paragraph.place)
            for paragraph in prose.paragraphs
            for match in pattern.finditer(paragraph.spaced)
        ]
        for kind, pattern in patterns.items()
    }


def one_trusted(pieces: list[Evidence]) -> str | None:
    """Return the number that all pieces which are no placeholder agree on, or None."""
    values = {piece.value for piece in pieces if piece.source != PLACEHOLDING}
    return values.pop() if len(values) == 1 else None


def _is_no_index(number: str) -> bool:
    return PLACEHOLDER.fullmatch(number) is not None or number.startswith(NOBODYS_PREFIX)
