"""The organ a report names as its own, and the territory code its page gives away.

Belongs here: names from title, signature and metadata; codes from filing and website numbers.
Does not: the territory dimension and organ identity, which need more than one document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.normalizing import dating, numbering
from assets.normalizing.evidence import Evidence
from assets.normalizing.prose import Prose

ORGAN = re.compile(
    r"[一-鿿()、]{2,40}(?:政府|办公室|办公厅|局|委员会|委|厅|部|署|院|办事处|管委会|中心|总队|支队|大队|海关|银行|公司|学校|大学|医院|站|所|室)"
)
METADATA = re.compile(
    r"(?:发文机关|发布机构|发布机关|公开机构|公开主体|制作机关|信息来源|ContentSource)[:|]+([^:|\s]{2,40}?)"
    r"(?=$|\||(?:发布|生成|成文|公开|索引|文号|主题|名称|有效)[一-鿿]{0,3}:)"
)
# The first six digits of these numbers are a territory's.
DIVISION = re.compile(r"\D*(\d{6})(?:\d{4}|\d{8}号?)")
# A county-level name: a county below a prefecture, or one that stands alone, and then an organ.
COUNTY = re.compile(
    r"(?:(?:市|州|盟|地区).{1,8}?(?:区|县|旗|市)|^.{1,8}?(?:县|旗|区))(?:人民政府|.{0,20}(?:局|办公室|委员会|中心))"
)


def names(prose: Prose) -> list[Evidence]:
    """Return every name that stands where a report names its organ, most trusted source first."""
    return [*_title_names(prose), *_signature_names(prose), *_metadata_names(prose)]


def organ_name(evidence: Sequence[Evidence]) -> str | None:
    """Choose the name: title before signature before metadata, in full where a longer form agrees.

    Returns None where no piece is the name of an organ. A title that gives a place only (汾阳市) takes the signature
    that begins with it (汾阳市人民政府).
    """
    whole = [piece for piece in evidence if ORGAN.fullmatch(piece.value)]
    if not whole:
        return None
    titles = [piece.value for piece in evidence if piece.source == "title" and piece.value]
    if titles and not any(ORGAN.fullmatch(title) for title in titles):
        whole = [piece for piece in whole if piece.value.startswith(titles[0])]
    if not whole:
        return None
    chosen = whole[0].value
    return max((piece.value for piece in whole if piece.value.endswith(chosen)), key=len)


def agree(name: str, other: str) -> bool:
    """Tell whether two names may be one organ's: one ends or begins the other (区水利局, 某市 for 某市政府)."""
    short, long = sorted((name, other), key=len)
    return bool(short) and (long.endswith(short) or long.startswith(short))


def territory_code(prose: Prose, organ: str | None) -> tuple[str | None, list[Evidence]]:
    """Return the six-digit code that the page's numbers agree on, for an organ of county level; else None.

    A filing number tells where the site is filed, good to the county: it says nothing of a city's own organ.
    """
    numbers = numbering.filings(prose)
    found = [
        Evidence(source, match[1], piece.text, piece.place)
        for source in ("website_code", "police_filing")
        for piece in numbers[source]
        if (match := DIVISION.fullmatch(piece.value))
    ]
    code = dating.one_of(piece.value for piece in found)
    county = organ is not None and COUNTY.search(organ) is not None and code is not None and not code.endswith("00")
    return (code if county else None), found


def _title_names(prose: Prose) -> list[Evidence]:
    found = []
    for evidence, organ in dating.titles(prose):
        if organ:
            found.append(Evidence("title", organ, evidence.text, evidence.place))
            continue
        before = dating.line_before(prose, evidence.place)
        if before is not None and ORGAN.fullmatch(before.folded):
            found.append(Evidence("title", before.folded, before.printed, before.place))
    return found


def _signature_names(prose: Prose) -> list[Evidence]:
    found = []
    for evidence, organ in dating.signatures(prose):
        if organ:
            found.append(Evidence("signature", organ, evidence.text, evidence.place))
            continue
        before = dating.line_before(prose, evidence.place)
        if before is not None and ORGAN.fullmatch(before.folded):
            found.append(Evidence("signature", before.folded, before.printed, before.place))
    return found


def _metadata_names(prose: Prose) -> list[Evidence]:
    return [
        Evidence("metadata", match[1], match[0], paragraph.place)
        for paragraph in prose.head
        for match in METADATA.finditer(paragraph.folded)
    ]
