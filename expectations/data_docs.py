"""The data docs made fit to be read: in Chinese, from disk, without any script and without asking any host.

Belongs here: what is changed in the pages that Great Expectations writes, and the first page, which is ours: every rule
with its counts. Does not: running suites (suites.py), words about rules (identities/).

Great Expectations' pages load 1 MB of styles and scripts from public hosts, for menus and pop-ups. Without scripts and
with one small style sheet of ours (data_docs.css) they say the same, so no file of other people is kept or copied.
"""

from __future__ import annotations

import html
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from expectations.registry import DOCUMENT, VERDICTS, load_registry
from expectations.shown import suite_names, suite_of_finding
from expectations.wording import places

INDEX = "index.html"
STYLE = Path(__file__).with_name("data_docs.css")
TITLE = ("质量检查结果", "Data docs")
SCOPES = {
    "column": ("逐列", "by column"), "line": ("逐行", "by line"), "table": ("整表", "the table as a whole"),
    "cell": ("逐格", "by cell"),
}
SEVERITIES = {
    "error": "错误 error", "warning": "警告 warning", "info": "提示 info", "diagnostic": "诊断 diagnostic",
}
# What Great Expectations says in English on pages of validation results and of suites.
PHRASES = {
    "Validation Results Page": "检查结果 Validation results",
    "Table of Contents": "目录 Contents",
    "Evaluated Expectations": "检查项数 Evaluated expectations",
    "Successful Expectations": "全部成立 Successful",
    "Unsuccessful Expectations": "有不成立 Unsuccessful",
    "Success Percent": "成立比例 Success percent",
    "Observed Value": "不成立比例 Unexpected share",
    "Expectation Suite:": "检查组 Suite:",
    "Expectation Suite Name": "检查组 Suite",
    "Expectations": "检查项 Expectations",
    "Expectation": "检查项 Expectation",
    "Overview": "概览 Overview",
    "Statistics": "统计 Statistics",
    "Status": "结果 Status",
    "Severity": "级别 Severity",
    "Succeeded": "全部成立 Succeeded",
    "Failed": "有不成立 Failed",
    "Home": "首页 Home",
    "Data asset:": "数据 Data:",
    "Run Name:": "运行 Run:",
    "Run Time:": "时间 Time:",
    "Run Name": "运行 Run",
    "Run Time": "时间 Time",
    "Status:": "结果 Status:",
    "Expectation Suite": "检查组 Suite",
    "A collection of Expectations defined for batches of data.": "对一个年度的全部报告逐条检查。",
    "Expectation Validation Result": "检查结果 Validation result",
    "Evaluates whether a batch of data matches expectations.": "一个年度的全部报告是否符合本组各条规则。",
    "Table-Level Expectations": "各条检查 Expectations",
    "Show more info...": "运行信息 About the run",
    "Info": "说明 Info",
    "Notes": "备注 Notes",
    "Great Expectations Version": "Great Expectations 版本 version",
    "Batch Markers": "数据标记 Batch markers",
    "Batch Parameters": "数据参数 Batch parameters",
    "Batch Spec": "数据来源 Batch spec",
}
# The same for sentences with numbers in them.
SENTENCES = (
    (re.compile(r"(\d+) unexpected values found\. (\S+) of (\d+) total rows\."),
     r"\1 份报告不成立，占 \3 份中已判断者的 \2 · \1 unexpected values, \2 of \3 rows"),
    (re.compile(r"(\S+%) unexpected"), r"\1 不成立 unexpected"),
    (re.compile(r"Data asset: \S+"), "数据 Data: reports"),
    (re.compile(r"Validations / (\S+) / \S+ / (\S+)"), r"检查结果 Validations / \1 / \2"),
    (re.compile(r"Expectations / (\S+)"), r"检查项 Expectations / \1"),
    (re.compile(r"This Expectation suite currently contains (\d+) total Expectations.*"), r"共 \1 项 expectations"),
)

# In this order: a footer or a head may hold others of them.
GONE = (
    re.compile(r"<footer>.*?</footer>", re.DOTALL), re.compile(r"<script\b.*?</script>", re.DOTALL),
    re.compile(r"<style\b.*?</style>", re.DOTALL), re.compile(r"<link\b[^>]*>"), re.compile(r"<img\b[^>]*>", re.DOTALL),
    re.compile(r"<title>.*?</title>", re.DOTALL), re.compile(r"<button\b.*?</button>", re.DOTALL),
)
BETWEEN_TAGS = re.compile(r">([^<>]+)<")
REQUESTS = re.compile(r"""(?:\bsrc|<link[^>]*\bhref)\s*=\s*["'](?:https?:)?//[^"']*|url\(\s*['"]?(?:https?:)?//[^)]*""")


class DataDocsError(RuntimeError):
    """The pages are not what they must be; they are not put in place."""


def suite_title(name: str) -> tuple[str, str]:
    """Return the Chinese and the English title of a suite."""
    if name == DOCUMENT:
        return places()[DOCUMENT]
    table, scope = name.rsplit("_", 1)
    return f"{places()[table][0]}{SCOPES[scope][0]}", f"{places()[table][1]}, {SCOPES[scope][1]}"


def finish(built: Path, title: str, reports: int, tally: pl.DataFrame) -> None:
    """Turn the pages below `built` into ours.

    Args:
        built: the folder that Great Expectations filled.
        title: what the pages are about, for example the report year; it stands in the title of each.
        reports: how many were judged.
        tally: the verdicts as shown.tally() counts them.

    Raises:
        DataDocsError: a page would still ask another host.
    """
    shutil.rmtree(built / "static", ignore_errors=True)
    shutil.copyfile(STYLE, built / STYLE.name)
    for page in sorted(built.rglob("*.html")):
        if page != built / INDEX:
            up = "../" * (len(page.relative_to(built).parts) - 1)
            page.write_text(own_page(page.read_text(encoding="utf-8"), up, title), encoding="utf-8")
    (built / INDEX).write_text(_index(built, title, reports, tally), encoding="utf-8")
    for page in sorted(built.rglob("*.html")):
        left = REQUESTS.findall(page.read_text(encoding="utf-8"))
        if left:
            raise DataDocsError(f"data docs page {page.relative_to(built)} asks other hosts: {left[:3]}")


def own_page(text: str, up: str, title: str) -> str:
    """Return a page of Great Expectations with our style (`up` from it), Chinese words, and without scripts."""
    for part in GONE:
        text = part.sub("", text)
    text = BETWEEN_TAGS.sub(_said, text)
    return text.replace("<html>", '<html lang="zh">').replace("<head>", _head(up, title), 1)


def publish(data_docs: Path, target: Path) -> Path:
    """Copy the pages of every report year below `data_docs` to `target`, in place of what is there; return the index.

    `target` is never half filled: it is there as it was, for the moment of a rename not at all, or as it is now.
    """
    years = sorted(page.parent.name for page in data_docs.glob(f"*/{INDEX}"))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as scratch:
        built = Path(scratch) / "new"
        built.mkdir()
        for year in years:
            shutil.copytree(data_docs / year, built / year)
        shutil.copyfile(STYLE, built / STYLE.name)
        (built / INDEX).write_text(_years(years), encoding="utf-8")
        replace(target, built, Path(scratch) / "old")
    return target / INDEX


def _years(years: Iterable[str]) -> str:
    links = "".join(f'<li><a href="{html.escape(year)}/{INDEX}">{html.escape(year)}</a></li>\n' for year in years)
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="zh">', _head("", ""), '<meta charset="UTF-8">', "</head>", "<body>",
        f"<h1>{TITLE[0]} <small>{TITLE[1]}</small></h1>", "<p>按报告年度 By report year</p>", f"<ul>\n{links}</ul>",
        "</body>", "</html>", "",
    ])


def replace(target: Path, built: Path, old: Path) -> None:
    """Put `built` in the place of `target`, which moves to `old`."""
    if target.exists():
        target.rename(old)
    built.rename(target)


def _said(found: re.Match[str]) -> str:
    text = found[1].strip()
    if text in PHRASES:
        return f">{PHRASES[text]}<"
    if text in suite_names():
        return f">{html.escape(' · '.join(suite_title(text)))} ({text})<"
    for sentence, ours in SENTENCES:
        if sentence.fullmatch(text):
            return f">{sentence.sub(ours, text)}<"
    return found[0]


def _head(up: str, title: str) -> str:
    said = html.escape(" ".join(part for part in (title, *TITLE) if part))
    return f'<head>\n<title>{said}</title>\n<link rel="stylesheet" href="{up}{STYLE.name}">'


# --- the first page


def _index(built: Path, title: str, reports: int, tally: pl.DataFrame) -> str:
    results = {path.relative_to(built / "validations").parts[0]: path.relative_to(built).as_posix()
               for path in sorted((built / "validations").rglob("*.html"))}
    counted = tally.with_columns(suite=suite_of_finding())
    sections = [_section(name, results, counted.filter(suite=name)) for name in suite_names()]
    heading = html.escape(" · ".join(part for part in (title, TITLE[0]) if part))
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="zh">', _head("", title), '<meta charset="UTF-8">', "</head>", "<body>",
        f"<h1>{heading}</h1>",
        f"<p>共检查 {reports:,} 份报告。成立、不成立、无法判断按“规则 × 位置 × 报告”计数；无法判断不算成立。</p>",
        f"<p>{reports:,} reports were judged. Counted is each rule at each of its places in each report; what is "
        "unknown is never counted as holding.</p>",
        *sections, "</body>", "</html>", "",
    ])


def _section(name: str, results: Mapping[str, str], counted: pl.DataFrame) -> str:
    zh, en = suite_title(name)
    links = [("检查项 Expectations", f"expectations/{name}.html")]
    links += [("检查结果 Validation results", results[name])] if name in results else []
    shown = " · ".join(f'<a href="{html.escape(address)}">{text}</a>' for text, address in links)
    head = ("规则 Rule", "级别 Severity", "成立 Holds", "不成立 Breaks", "无法判断 Unknown")
    cells = "".join(f"<th>{text}</th>" for text in head)
    return (
        f'<h2 id="{name}">{html.escape(zh)} <small>{html.escape(en)}</small></h2>\n<p>{shown}</p>\n'
        f"<table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{''.join(_rows(counted))}</tbody>\n</table>"
    )


def _rows(counted: pl.DataFrame) -> Iterable[str]:
    rules = {rule.code: rule for rule in load_registry()}
    wide = counted.group_by("rule", "severity").agg(
        pl.col("reports").filter(pl.col("verdict") == verdict).sum().alias(verdict) for verdict in VERDICTS
    ).sort("rule", "severity")
    for code, severity, *counts in wide.iter_rows():
        rule = rules[code]
        words = f"<b>{code} {html.escape(rule.title.zh)}</b> {html.escape(rule.words.zh)}"
        english = f"<small>{html.escape(rule.title.en)}: {html.escape(rule.formula)}</small>"
        yield f"<tr><td>{words}<br>{english}</td><td>{SEVERITIES[severity]}</td>{_numbers(counts)}</tr>\n"


def _numbers(counts: Sequence[int]) -> str:
    classes = [f"number {verdict}" if count else "number" for verdict, count in zip(VERDICTS, counts, strict=True)]
    return "".join(f'<td class="{name}">{count:,}</td>' for name, count in zip(classes, counts, strict=True))
