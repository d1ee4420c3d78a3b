"""What a report speaks of: its own organ, a government with its departments, a whole territory, a system.

Belongs here: the words that tell it. Does not: whose report it is (resolving.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assets.normalizing.organ_identity.reading import words

OWN, OWN_LEVEL, TERRITORY, SYSTEM = "own_organ", "government_own_level", "government_territory", "system"
TOWNS = r"(?:各?乡镇|各?镇|各?街道|各县|各区|各市|县\(市|所辖|下辖)"
SUMMED = r"(?:汇总|包括|包含|涵盖|含|统计范围)"
WHOLE = re.compile(
    rf"(?:报告|数据|统计)[^。;]{{0,30}}{SUMMED}[^。;]{{0,40}}{TOWNS}|本行政区域内?各级行政机关|"
    r"全[省市县区旗州盟](?:各级|政府系统|行政机关|各级行政机关)?(?:共|累计)?(?:新?收到|受理)[^。;]{0,12}申请"
)
OF_SYSTEM = re.compile(
    r"全[省市县区旗州盟]?[一-鿿]{0,4}系统(?:共|累计)?(?:新?收到|受理)[^。;]{0,12}申请|全系统[^。;]{0,10}申请"
)


def scope_of(organ_type: str, texts: Iterable[str]) -> str:
    """Return the scope of a report: that of its organ's kind, wider where its prose says so.

    A government's report is of the government and its departments (article 49) unless it says that it sums up the
    territory; no other organ's report is ever a government's.
    """
    prose = "\n".join(texts)
    if organ_type in words()["whole_area"]:
        return TERRITORY if WHOLE.search(prose) else OWN_LEVEL
    return SYSTEM if organ_type == "vertical" and OF_SYSTEM.search(prose) else OWN
