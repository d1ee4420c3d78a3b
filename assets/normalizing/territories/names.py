"""What a territory's name is made of: its stem, its unit, the people it is named after.

Belongs here: cutting the name of one territory. Does not: cutting organs' names (organ_names.py), codes (table.py).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

# Peoples in the names of autonomous territories; 各族 stands for all of them.
PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|哈萨克族|哈萨克|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|傣族|黎族|"
    "傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|"
    "普米族|塔吉克族|塔吉克|怒族|鄂温克族|裕固族|保安族|独龙族|鄂伦春族|各族"
)
UNITS = "市县区旗州盟"
AUTONOMOUS = re.compile(rf"(?P<stem>[一-鿿]{{2,}}?)(?:{PEOPLES})*(?P<unit>自治[区州县旗])")
# Of 新区, 林区 … the first character is the unit's only behind a stem of two: 浦东新区, but 清新区, 碑林区.
UNIT = re.compile(
    r"(?P<stem>[一-鿿]{2,}?)(?P<unit>特别行政区|地区|林区|特区|新区|矿区|街道办事处|街道|苏木)"
    r"|(?P<short>[一-鿿]+?)(?P<plain>街道|省|市|盟|县|旗|区|镇|乡)"
)
PEOPLE_AT_END = re.compile(rf"(?P<stem>[一-鿿]{{2,}}?)(?:{PEOPLES})+")


@cache
def own_short_names() -> dict[str, tuple[str, ...]]:
    """Return the short names in use that no rule gives (喀左), by code."""
    stated: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("short_names.yaml").read_text(encoding="utf-8"))
    return {str(code): tuple(str(names).split()) for code, names in stated.items()}


@lru_cache(maxsize=8192)
def stem_and_unit(name: str) -> tuple[str, str]:
    """Return (stem, unit) of a territory's name: (离石, 区), (长阳, 自治县); unit "" where it has none.

    A name that one character and a unit make (郊区, 矿区, 东区) is its own stem: nobody shortens it.
    """
    match = AUTONOMOUS.fullmatch(name) or UNIT.fullmatch(name)
    if match is None:
        return name, ""
    groups = match.groupdict()
    stem, unit = groups["stem"] or groups["short"], groups["unit"] or groups["plain"]
    if unit == "乡" and (people := PEOPLE_AT_END.fullmatch(stem)):
        stem = people["stem"]
    return (stem, unit) if len(stem) > 1 else (name, unit)


def names_with_unit(code: str, name: str) -> tuple[str, ...]:
    """Return the shorter names of a territory that keep a unit and so stand for the name in full: 喀左县, 恩施州."""
    stem, unit = stem_and_unit(name)
    made = (f"{stem}{unit[-1]}",) if unit.startswith("自治") and unit != "自治区" else ()
    return (*made, *(one for one in own_short_names().get(code, ()) if one[-1] in UNITS))


def short_name(code: str, name: str) -> str:
    """Return the short name of a territory: the first one listed for its code, else its stem."""
    return own_short_names().get(code, (stem_and_unit(name)[0],))[0]
