"""Numbers that stand around a report: index number, document number, filing numbers of the site.

Belongs here: finding them by their labels and shapes, and telling placeholders from numbers.
Does not: what a number says of a place (organs), dates (dating).
A placeholder is kept as evidence, so that a reviewer sees it, but it is nobody's number.
"""

from __future__ import annotations

import re

from assets.normalizing.evidence import Evidence
from assets.normalizing.prose import Prose

INDEX = re.compile(r"(?:索引号|信息索引|索取号)[:|]*([A-Za-z0-9][A-Za-z0-9_/.·-]{3,40})")
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
POLICE = re.compile(r"[一-鿿]公网安备:?\d{14}号?|[一-鿿]公网安备:?\d{11,12}-\d{1,3}号?")
ICP = re.compile(r"[一-鿿]ICP备\d{6,10}号(?:-\d{1,3})?")
WEBSITE = re.compile(r"(?:(?:政府)?网站标识码|SiteIDCode):?((?:\d|bm)\d{8,9})")
TRUSTED, PLACEHOLDING = "metadata", "metadata_placeholder"


def index_numbers(prose: Prose) -> list[Evidence]:
    """Return every labelled index number; its source says whether it is only a placeholder."""
    found = _labelled(INDEX, prose)
    return [
        Evidence(PLACEHOLDING if _is_no_index(piece.value) else TRUSTED, piece.value, piece.text, piece.place)
        for piece in found
    ]


def document_numbers(prose: Prose) -> list[Evidence]:
    """Return every labelled document number; whatever has not the shape of one is a placeholder."""
    found = _labelled(DOCUMENT, prose)
    return [
        Evidence(TRUSTED if NUMBERED.fullmatch(piece.value) else PLACEHOLDING, piece.value, piece.text, piece.place)
        for piece in found
    ]


def filings(prose: Prose) -> dict[str, list[Evidence]]:
    """Return the site's numbers by kind: police_filing, icp_filing, website_code."""
    patterns = {"police_filing": POLICE, "icp_filing": ICP, "website_code": WEBSITE}
    return {
        kind: [
            Evidence(kind, match[match.re.groups], match[0], paragraph.place)
            for paragraph in prose.paragraphs
            for match in pattern.finditer(paragraph.folded)
        ]
        for kind, pattern in patterns.items()
    }


def one_trusted(pieces: list[Evidence]) -> str | None:
    """Return the number that all pieces which are no placeholder agree on, or None."""
    values = {piece.value for piece in pieces if piece.source != PLACEHOLDING}
    return values.pop() if len(values) == 1 else None


def _labelled(pattern: re.Pattern[str], prose: Prose) -> list[Evidence]:
    return [
        Evidence(TRUSTED, match[1], match[0], paragraph.place)
        for paragraph in (*prose.head, *prose.tail)
        for match in pattern.finditer(paragraph.folded)
    ]


def _is_no_index(number: str) -> bool:
    return PLACEHOLDER.fullmatch(number) is not None or number.startswith(NOBODYS_PREFIX)
