"""Words of made-up reports: organs, titles, sections, page furniture, all our own and all true to the figures.

Belongs here: short sentences to choose among, and filling in the numbers that they state.
Does not: the numbers (figures.py), the labels of the form (assets/form).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date

from assets.form import cells as form

# The cells whose figures the prose states.
STATED = (
    "requests.received.total",
    "requests.received.natural_person",
    "requests.carried_in.total",
    "requests.carried_out.total",
    "requests.outcome_total.total",
    "reconsideration_litigation.reconsideration.total",
    "reconsideration_litigation.litigation_direct.total",
    "reconsideration_litigation.litigation_after_reconsideration.total",
)

# Made-up places and the offices in them.
PLACES = ("云岫", "青陂", "澄溪", "鹤浦", "霁原", "松漪", "岚洲", "望汀", "石莲", "槐荫桥", "沐霞", "临泷")
ENDS = ("市", "县", "区", "市{second}区", "市{second}县", "县{second}镇", "区{second}街道办事处")
OFFICES = ("人民政府办公室", "教育局", "财政局", "水利局", "市场监督管理局", "卫生健康局", "交通运输局", "审计局")

OPENINGS = (
    "一年来，我们把群众问得最多的事排成清单，逐项补齐公开内容。",
    "本年度的公开工作以少而准为先，先清旧栏目，再添新内容。",
    "公开不只是把文件挂上网，也要让人找得到、看得懂，这是全年工作的主线。",
)
MANAGEMENT = (
    "（三）信息管理。稿件先定属性再送审，过期信息按季清理。",
    "（三）政府信息管理。建立台账，谁产生谁负责，改动都留下记录。",
)
PROBLEMS = (
    "答复文书的说理还不够细，个别栏目更新不及时。下一步请法律顾问逐件把关，并把更新时限写进岗位职责。",
    "经办人员流动大，新手对口径把握不准。来年安排两次跟班学习，疑难件集中会商。",
    "公开的形式偏单一，图表少。今后重要文件同步配发图示，并收集读者意见。",
)
OTHERS = ("本年度没有收取信息处理费。", "本年度未发生信息处理费收取情况，也没有其他需要报告的事项。")


def organ(chance: random.Random) -> str:
    """Return the full name of a made-up organ; townships and sub-districts have no bureaus."""
    first, second = chance.sample(PLACES, 2)
    place = first + chance.choice(ENDS).format(second=second)
    if place.endswith("办事处"):
        return place
    return place + ("人民政府" if place.endswith("镇") else chance.choice(OFFICES))


def title(chance: random.Random, organ_name: str, year: int) -> tuple[str, ...]:
    """Return the lines of a title."""
    words = f"{year}年政府信息公开{chance.choice(('工作', ''))}年度报告"
    return chance.choice(((organ_name + words,), (organ_name, words)))


def foreword(chance: random.Random, year: int) -> str:
    """Return the paragraph that names the law and the period."""
    start = chance.choice(("现将", "现公布"))
    period = chance.choice((f"{year}年1月1日至12月31日", f"{year}年1月1日至{year}年12月31日"))
    return f"依照《中华人民共和国政府信息公开条例》，{start}本机关{year}年度政府信息公开工作情况。统计期限为{period}。"


def sections(chance: random.Random, stated: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Return the paragraphs of each section; `stated` gives the figures of the cells in STATED."""
    return {
        "overview": (
            chance.choice(OPENINGS),
            f"（一）主动公开。全年通过门户网站公开信息{chance.randint(30, 9000)}条。",
            "（二）依申请公开。" + _requests(stated),
            chance.choice(MANAGEMENT),
        ),
        form.REMEDIES: _remedies(stated),
        "problems_improvements": (chance.choice(PROBLEMS),),
        "other_matters": (chance.choice(OTHERS),),
    }


def _requests(stated: Mapping[str, int]) -> str:
    received, natural = stated["requests.received.total"], stated["requests.received.natural_person"]
    carried_in, carried_out = stated["requests.carried_in.total"], stated["requests.carried_out.total"]
    done = stated["requests.outcome_total.total"]
    if not received and not done:
        return "全年没有收到政府信息公开申请。"
    sentences = [f"全年新收申请{received}件，其中自然人申请{natural}件，法人或其他组织申请{received - natural}件。"]
    if carried_in:
        sentences.append(f"另有上年结转{carried_in}件。")
    sentences.append(f"已经答复{done}件，结转下年度继续办理{carried_out}件。" if carried_out else "申请全部办结。")
    return "".join(sentences)


def _remedies(stated: Mapping[str, int]) -> tuple[str, ...]:
    reviews = stated["reconsideration_litigation.reconsideration.total"]
    suits = sum(value for code, value in stated.items() if "litigation_" in code.split(".")[1])
    if not reviews and not suits:
        return ()
    return (f"因政府信息公开引起的行政复议{reviews}件，行政诉讼{suits}件。",)


def metadata(chance: random.Random, organ_name: str, signed: date) -> tuple[tuple[str, str], ...]:
    """Return what stands in the table above a report on a site, or nothing."""
    if chance.random() < 0.5:
        return ()
    number = f"{chance.randint(10**8, 10**9 - 1)}/{signed.year}-{chance.randint(1, 99999):05d}"
    return (("索引号", number), ("发布机构", organ_name), ("发布日期", signed.isoformat()))
