"""The headings of the organ benchmark as prose, and their answers.

Belongs here: reading headings.txt. Does not: deciding whose report one is (assets/normalizing/organ_identity).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assets.normalizing.prose import Prose, prose_of

FILE = Path(__file__).with_name("headings.txt")
TYPES = {
    "dep": "department", "off": "general_office", "gov": "government", "town": "township_government",
    "disp": "dispatched_office", "zone": "zone_committee", "vert": "vertical", "auth": "authorized_organization",
    "inst": "institution", "nat": "state_council_department",
}
LEVELS = {"nat": "national", "pro": "province", "pre": "prefecture", "cou": "county", "tow": "township", "-": None}
SCOPES = {"own": "own_organ", "lvl": "government_own_level", "ter": "government_territory", "sys": "system"}
HEAD = {"path": "当前位置:{}", "meta": "发布机构:{}", "index": "索引号:{}", "uscc": "统一社会信用代码:{}"}
FOOT = {"site": "网站标识码:{}", "police": "晋公网安备 {}号"}
SECTIONS = (
    "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
)


@dataclass(frozen=True)
class Answer:
    """What is right: the state, and where it is resolved what the organ is; the town as (name, code) or None."""

    state: str
    code: str | None = None
    name: str | None = None
    organ_type: str | None = None
    level: str | None = None
    scope: str | None = None
    town: tuple[str, str] | None = None


@dataclass(frozen=True)
class Heading:
    """One case: where it stands in the file, its group, the report year, what is printed, the right answer."""

    line: int
    group: str
    year: int
    title: str
    signature: str
    more: tuple[tuple[str, str], ...]
    answer: Answer

    def __str__(self) -> str:
        return f"line {self.line}: {self.year} {self.title} / {self.signature} {dict(self.more)}"

    def prose(self) -> Prose:
        """Return the heading set as a whole report without tables."""
        lines = [HEAD[kind].format(value) for kind, value in self.more if kind in HEAD]
        lines += [f"{self.title}{self.year}年政府信息公开工作年度报告"] if self.title else []
        lines += [f"统计期限自{self.year}年1月1日至{self.year}年12月31日。", SECTIONS[0]]
        lines += [value for kind, value in self.more if kind == "text"]
        lines += SECTIONS[1:]
        lines += [self.signature, f"{self.year + 1}年1月20日"] if self.signature else []
        lines += [FOOT[kind].format(value) for kind, value in self.more if kind in FOOT]
        return prose_of([(line, f"line {number}") for number, line in enumerate(lines, start=1)])


def headings() -> list[Heading]:
    """Return every case of the file."""
    found, group = [], ""
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("##"):
            group = line.removeprefix("##").strip()
        elif line and not line.startswith("#"):
            found.append(_heading(number, group, [part.strip() for part in line.split("|")]))
    return found


def _heading(line: int, group: str, parts: list[str]) -> Heading:
    year, title, signature, more, answer = parts
    title = "" if title == "-" else title
    signature = title if signature == "=" else "" if signature == "-" else signature
    pairs = [part.strip().split(":", 1) for part in more.split(";") if part.strip()]
    printed = tuple((kind, value) for kind, value in pairs)
    return Heading(line, group, int(year), title, signature, printed, _answer(answer))


def _answer(text: str) -> Answer:
    state, *rest = text.split()
    if not rest:
        return Answer(state)
    code, name, kind, level, scope, *town = rest
    of_town = tuple(town[0].split(":")) if town else None
    return Answer(
        state, None if code == "-" else code, None if name == "-" else name, TYPES[kind], LEVELS[level], SCOPES[scope],
        (of_town[0], of_town[1]) if of_town else None,
    )
