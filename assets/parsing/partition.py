"""Where one report ends and the next begins in a document that holds several.

Belongs here: the cut, made only where titles leave no doubt; whether two are the same one. Does not: reading of any
report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.parsing.document import Block, ParsedReport
from assets.parsing.sections import Region
from assets.parsing.titles import Title, fold, titles_in

# A line that may be an organ's name by itself: no sentence, no figures.
NAME = re.compile(r"[一-鿿()、]{3,40}")
NO_NAME = re.compile(r"总体情况|无|没有|如下")
DAY = re.compile(r"(?:[一-鿿()、]{0,40})20\d\d年\d{1,2}月\d{1,2}日")


def cuts(blocks: Sequence[Block], found: Sequence[Sequence[Region]], is_report: Sequence[bool]) -> list[int] | None:
    """Return where each report after the first begins (indexes of blocks), or None where that is not certain.

    Args:
        blocks: the document's.
        found: its runs of sections, in order.
        is_report: for each run, whether figures of the form were read in it.

    Certain are runs that each begin below exactly one title, of an organ and year that no other has.
    """
    if not all(is_report):
        return None
    starts: list[int] = []
    named: list[tuple[str, str]] = []
    for number, run in enumerate(found):
        begin = found[number - 1][-1].first if number else 0
        heads = [region.first - 1 for region in run if region.section]
        gap = blocks[begin : heads[0]] if heads else ()
        titles = titles_in([block.text for block in gap])
        if len(titles) != 1:
            return None
        above = _own_name(gap, titles[0], first=number == 0)
        if above is None:
            return None
        named.append((titles[0].year, titles[0].organ or above))
        starts.append(begin + titles[0].first - bool(above))
    if len(set(named)) < len(named):
        return None
    return starts[1:]


def has_twins(reports: Sequence[ParsedReport]) -> bool:
    """Tell whether two of the reports may be the same one: by title, or by figures where one of them has no title."""
    keys = [_title_key(report) for report in reports]
    figures = [tuple(sorted((p.cell_code, p.cell.text) for t in report.tables for p in t.cells if p.cell_code))
               for report in reports]
    pairs = ((one, other) for one in range(len(reports)) for other in range(one))
    return any(
        keys[one] == keys[other] if keys[one] and keys[other] else figures[one] == figures[other]
        for one, other in pairs
    )


def _title_key(report: ParsedReport) -> tuple[str, str] | None:
    titles = titles_in([block.text for block in report.text])
    if not titles:
        return None
    return titles[0].year, titles[0].organ or _own_name(report.text, titles[0], first=True) or ""


def _own_name(gap: Sequence[Block], title: Title, first: bool) -> str | None:
    """Return the organ's name on the line above a title that lacks one, "" where none belongs to it, None in doubt.

    Above a title that names no organ, a name may be the new report's or the signature of the one before: it is the
    new one's only where that signature is complete, a name with its day, right above it.
    """
    if title.organ:
        return ""
    lines = [fold(block.text) for block in gap[: title.first] if block.text.strip()]
    if not lines or not NAME.fullmatch(lines[-1]) or NO_NAME.search(lines[-1]):
        return "" if first or (lines and DAY.fullmatch(lines[-1])) else None
    if first:
        return lines[-1]
    signed = len(lines) > 2 and DAY.fullmatch(lines[-2]) and (lines[-2][0] != "2" or NAME.fullmatch(lines[-3]))
    return lines[-1] if signed else None
