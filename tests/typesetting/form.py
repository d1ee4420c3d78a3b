"""The three statutory tables as a report prints them: blocks, groups, labels and printed figures.

Belongs here: turning a report's figures into printed rows, in the words and the order of its edition of the form.
Does not: spans and widths (grid.py), markup (layouts/), damage (changes.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from assets.form import cells as form
from tests.typesetting.report import Figure, ReportText


@dataclass(frozen=True)
class PrintedLine:
    """One line: its code in the form, the group labels left of it, its own label, its figures as printed."""

    code: str
    groups: tuple[str, ...]
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class PrintedBlock:
    """Lines under one set of column heads; a head that is None is not printed."""

    heading: str | None
    heads: tuple[str | None, ...]
    lines: tuple[PrintedLine, ...]


@dataclass(frozen=True)
class PrintedTable:
    """One table as printed; table 2 has several blocks, the others one."""

    code: str
    blocks: tuple[PrintedBlock, ...]

    @property
    def lines(self) -> tuple[PrintedLine, ...]:
        """All lines, block after block."""
        return tuple(line for block in self.blocks for line in block.lines)


def printed_table(report: ReportText, table_code: str) -> PrintedTable:
    """Return one table of a report as it is printed."""
    table = form.edition(report.edition).table(table_code)
    lines = [_other_line(line, report) for line in table.lines]
    blocks = []
    for number in sorted({line.block for line in table.lines}):
        members = [line for line in lines if line is not None and line.block == number]
        heads = tuple(_words(report, table_code, code, table.column(code).zh) for code in members[0].columns)
        heading = table.block_headings[number] if table.block_headings else None
        blocks.append(PrintedBlock(heading, heads, tuple(_printed_line(report, line) for line in members)))
    return PrintedTable(table_code, tuple(blocks))


def figure_text(figure: Figure) -> str:
    """Return a figure as it is printed; a blank prints nothing."""
    return "" if figure is None else str(figure)


def _other_line(line: form.Line, report: ReportText) -> form.Line | None:
    """Return the line itself, or for the hybrid form the one row `other` in place of the three `other_*`."""
    if not report.hybrid_other or not line.code.startswith("other_"):
        return line
    return form.edition("cn_ogi_2019").table(line.table).line("other") if line.code == "other_misc" else None


def _printed_line(report: ReportText, line: form.Line) -> PrintedLine:
    values = tuple(figure_text(report.figures[f"{line.table}.{line.code}.{column}"]) for column in line.columns)
    return PrintedLine(line.code, _groups(line), _words(report, line.table, line.code, line.zh), values)


def _groups(line: form.Line) -> tuple[str, ...]:
    """Return the group labels left of a line of table 3: none, 三、本年度办理结果, or that and （三）不予公开 …"""
    if line.table != form.REQUESTS or line.kind == "flow":
        return ()
    outcomes: str = form.vocabulary()["groups"][form.REQUESTS]["outcomes"]
    if line.parent in (None, "outcome_total"):
        return (outcomes,)
    return (outcomes, form.vocabulary()["lines"][form.REQUESTS][line.parent]["zh"])


def _words(report: ReportText, table: str, code: str, official: str) -> str:
    return report.labels.get(f"{table}.{code}", official)
