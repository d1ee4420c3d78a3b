"""Writes docs/identities.md, the page that documents every rule, from the registry.

Belongs here: Markdown of the rules. `python -m expectations.docs` writes the page; a test holds it to the registry.
Does not: any fact about a rule (identities/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from expectations.registry import Rule, load_registry
from expectations.wording import places

PAGE = Path(__file__).resolve().parent.parent / "docs" / "identities.md"

NEIGHBOURS = {"previous": "last year's report", "next": "next year's report"}
SHOWN = 12

HEAD = """# 规则 · Rules

<!-- Made by `python -m expectations.docs` from expectations/identities/. Do not edit here. -->

判断有三种：成立（holds）、不成立（breaks）、无法判断（unknown）。所需的单元格或事实缺一即为无法判断，绝不算成立；空白不是零。
严重程度：error 不成立则该表隔离（范围为 document 时整份报告隔离），warning 照发并加注，info 与 diagnostic 只作记录。

Verdicts are holds, breaks or unknown. One missing cell or fact makes a verdict unknown, never holds; a blank is no
zero. Severity: a break of an error quarantines its table (scope document: the whole report), a warning is published
with a flag, info and diagnostic are recorded.
"""


def page(rules: Iterable[Rule]) -> str:
    """Return the page as Markdown: a table of all rules, then a section for each."""
    listed = list(rules)
    rows = [
        f"| [{rule.code}](#{rule.code.lower()}) | {rule.title.zh} · {rule.title.en} | {rule.severity} | {rule.scope} "
        f"| `{rule.formula}` |"
        for rule in listed
    ]
    columns = "| 规则 Rule | 名称 Name | 严重程度 Severity | 范围 Scope | 公式 Formula |"
    return "\n".join([HEAD, columns, "|---|---|---|---|---|", *rows, "", *(_section(rule) for rule in listed)])


def write() -> Path:
    """Write the page to docs/identities.md and return its path."""
    PAGE.write_text(page(load_registry()), encoding="utf-8")
    return PAGE


def _section(rule: Rule) -> str:
    facts = [
        f"- 公式 Formula: `{rule.formula}`",
        f"- 依据 Source: {rule.source.zh} · {rule.source.en}",
        f"- 适用 Applies to: {_applies(rule)}",
        f"- 诚实的例外 Honest exception: {rule.exception.zh} · {rule.exception.en}",
        f"- 提示 Message: {rule.message.zh}",
        f"  <br>{rule.message.en}",
    ]
    examples = ["| 例 Example | 判断 Verdict |", "|---|---|", *(_example(rule, example) for example in rule.examples)]
    heading = f"## {rule.code}\n\n**{rule.title.zh} · {rule.title.en}** ({rule.severity}, {rule.kind}, {rule.scope})"
    words = f"{rule.words.zh}\n\n{rule.words.en}"
    return "\n".join([heading, "", words, "", *facts, "", *examples, ""])


def _applies(rule: Rule) -> str:
    tables = ", ".join(places()[table][0] for table in rule.tables) or places()["document"][0]
    bounded = f"{rule.first_year or ''}–{rule.last_year or ''}"
    years = "所有年度 all years" if bounded == "–" else bounded
    active = "" if rule.active else "；停用 not active"
    return f"{tables}；{', '.join(rule.editions)}；{years}{active}"


def _example(rule: Rule, example: Mapping[str, Any]) -> str:
    severity = f" ({example['severity']})" if "severity" in example else ""
    return f"| {'; '.join(_given(example))} → {example['scope']} | {example['verdict']}{severity} |"


def _given(example: Mapping[str, Any]) -> Iterable[str]:
    yield example.get("edition", "cn_ogi_2021")
    if "report_year" in example:
        yield f"report year {example['report_year'] or 'not stated'}"
    yield "all other cells blank" if example.get("fill") is None else f"all other cells {example['fill']}"
    if "absent" in example:
        yield f"absent: {', '.join(example['absent'])}"
    if "unobserved" in example:
        yield f"not observed: {', '.join(example['unobserved'])}"
    yield from (f"{code} = {_value(given)}" for code, given in example.get("cells", {}).items())
    yield from (_observation(given) for given in example.get("observations", ()))
    yield from (f"“{given['text']}”" for given in example.get("claims", ()))
    yield from _told(example)
    yield from _around(example)


def _told(report: Mapping[str, Any]) -> Iterable[str]:
    """The name and the texts that a report of an example is given."""
    if "organ_name" in report:
        yield str(report["organ_name"])
    texts: Mapping[str, str] = report.get("texts", {})
    yield from (f"{section}: “{text[:SHOWN]}…”, {len(text)} characters" for section, text in texts.items())


def _around(example: Mapping[str, Any]) -> Iterable[str]:
    """The reports around that of an example, each in brackets."""
    given = [(name, example[key]) for key, name in NEIGHBOURS.items() if key in example]
    for name, report in [*given, *(("another report", other) for other in example.get("others", ()))]:
        parts = [
            *_told(report), *([f"{report['times']} times"] if "times" in report else []),
            *([str(report["edition"])] if "edition" in report else []),
            *([f"all other cells {report['fill']}"] if report.get("fill") is not None else []),
            *(f"{code} = {_value(value)}" for code, value in report.get("cells", {}).items()), *_around(report),
        ]
        yield f"{name} [{'; '.join(parts)}]"


def _value(given: Any) -> str:
    if given is None:
        return "blank"
    if isinstance(given, Mapping):
        return f"“{given['text']}” ({given.get('state', 'reported')})"
    return str(given)


def _observation(given: Mapping[str, str]) -> str:
    return " ".join(part for part in (given["fact"], given["scope"], given.get("value")) if part)


if __name__ == "__main__":
    print(write())
