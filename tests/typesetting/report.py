"""What an annual report states, free of any layout: organ, year, prose, figures.

Belongs here: the `ReportText` value, its figures (code → number, blank or raw text) and reading it from reports/*.yaml.
Does not: how the form prints it (form.py) or how a page is set (layouts/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assets.form import cells as form

REPORTS = Path(__file__).parent / "reports"

# A number is printed as it stands; None is a blank cell; text is printed raw ("/", "251000元", "若干").
Figure = int | float | str | None


@dataclass(frozen=True)
class ReportText:
    """One report as its author would state it; every printed cell has a figure, blank ones have None.

    `labels` gives labels that are printed otherwise than the form words them: by `table.line`, by `table.column`, or
    by `table` for the heading of its section. `absent` names tables whose heading stands with nothing under it.
    `hybrid_other` prints the one row （六）其他处理 of the 2019 form inside a table of 2021.
    """

    year: int
    edition: str
    figures: Mapping[str, Figure]
    sections: Mapping[str, tuple[str, ...]]
    title: tuple[str, ...] = ()
    foreword: tuple[str, ...] = ()
    signature: str | None = None
    signed: date | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    footer: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    hybrid_other: bool = False

    def cells(self) -> dict[str, Figure]:
        """Return the figure of every cell that this report prints, in printing order; absent tables have none."""
        return {code: self.figures[code] for code in printed_cells(self) if code.split(".")[0] not in self.absent}

    def with_figures(self, changed: Mapping[str, Figure]) -> ReportText:
        """Return this report with some figures changed; KeyError for a cell that it does not print."""
        unknown = set(changed) - set(self.figures)
        if unknown:
            raise KeyError(f"not printed in {self.edition}: {sorted(unknown)}")
        return replace(self, figures={**self.figures, **changed})


def printed_cells(report: ReportText) -> tuple[str, ...]:
    """Return the codes of the cells that a report prints: those of its edition, or of the hybrid form."""
    return _codes(report.edition, report.hybrid_other)


def fill(edition: str, rows: Mapping[str, Mapping[str, list[Figure]]], hybrid_other: bool = False) -> dict[str, Figure]:
    """Return the figures of a whole form: `rows` (table → line → figures, column by column), 0 everywhere else.

    ValueError if a row is not of the form or has too many or too few figures.
    """
    figures: dict[str, Figure] = dict.fromkeys(_codes(edition, hybrid_other), 0)
    for table, lines in rows.items():
        for line, values in lines.items():
            codes = [code for code in figures if code.startswith(f"{table}.{line}.")]
            if len(codes) != len(values):
                raise ValueError(f"{table}.{line}: {len(values)} figures for {len(codes)} cells of {edition}")
            figures.update(zip(codes, values, strict=True))
    return figures


def names() -> tuple[str, ...]:
    """Return the names of all reports in reports/."""
    return tuple(sorted(file.stem for file in REPORTS.glob("*.yaml")))


@cache
def load(name: str) -> ReportText:
    """Return the report that reports/<name>.yaml states."""
    stated: dict[str, Any] = yaml.safe_load((REPORTS / f"{name}.yaml").read_text(encoding="utf-8"))
    hybrid = stated.get("hybrid_other", False)
    edition, rows, sections = stated.pop("edition"), stated.pop("figures"), stated.pop("sections")
    for several in ("title", "foreword", "footer"):
        stated[several] = tuple(stated.get(several, ()))
    stated["metadata"] = tuple((key, str(value)) for key, value in stated.get("metadata", {}).items())
    stated["absent"] = frozenset(stated.get("absent", ()))
    return ReportText(
        edition=edition,
        figures=fill(edition, rows, hybrid),
        sections={code: tuple(paragraphs) for code, paragraphs in sections.items()},
        **stated,
    )


@cache
def _codes(edition: str, hybrid_other: bool) -> tuple[str, ...]:
    codes = tuple(cell.code for cell in form.cells(edition))
    if not hybrid_other:
        return codes
    single = (code.replace(".other_misc.", ".other.") for code in codes)
    return tuple(code for code in single if ".other_clarification_lapsed." not in code and "_unpaid." not in code)
