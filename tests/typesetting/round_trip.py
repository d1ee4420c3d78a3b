"""Typeset, extract, compare: what became of every cell of a report that gongkai was given.

Belongs here: judging the object that `gongkai extract` gives against the figures that were typeset, cell by cell, in
whatever layout. Does not: making reports (figures.py), damaging them (corruption.py), printing tables (benchmarks).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from assets.extract import extract_documents
from tests.typesetting.figures import truth
from tests.typesetting.layouts import EVERY_LAYOUT
from tests.typesetting.publication import compose
from tests.typesetting.report import ReportText

Truth = Mapping[str, Decimal | None]
Judged = dict[str, Any]

# A number that the pipeline worked out of the sums is published with this flag.
RECONSTRUCTED = "reconstructed"
PUBLISHED = "published"
# So many documents are judged in one call: the rules cost the same for one document as for many.
BATCH = 160


@dataclass(frozen=True)
class Outcome:
    """What became of one document.

    `cells` counts the cells of the truth: right (published and equal; a blank that stayed blank), withheld (published
    table, no number), held (table not published, figure read right or not at all), held_wrong (not published, and
    read wrong). `wrong` lists the cells that were published with another number than the truth, or with one where the
    truth has none. `facts` lists the document facts that were published wrong. `crash` names an exception.
    """

    status: str
    reason: str
    cells: Counter[str] = field(default_factory=Counter)
    wrong: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    reconstructed: int = 0
    tables: Mapping[str, str] = field(default_factory=dict)
    crash: str | None = None


def compared(judged: Judged, cells: Truth) -> Outcome:
    """Return the outcome of a document whose original has `cells`, given the object that extracting it gave."""
    published = {table for table, state in judged["tables"].items() if state == PUBLISHED}
    counts: Counter[str] = Counter()
    wrong = []
    for code in {**cells, **judged["cells"]}:
        if code not in cells and _value(judged, code) is None:
            continue
        fate = _fate(judged, code, cells.get(code), code.split(".")[0] in published)
        counts[fate] += code in cells
        if fate == "wrong":
            wrong.append(f"{code}: published {_value(judged, code)}, original {cells.get(code)}")
    states = Counter(cell["state"] for cell in judged["cells"].values())
    return Outcome(
        judged["status"], judged["reason"] or "", counts, tuple(wrong),
        reconstructed=states[RECONSTRUCTED], tables=judged["tables"],
    )


def _fate(judged: Judged, code: str, true: Decimal | None, published: bool) -> str:
    value = _value(judged, code)
    if published:
        if value is None:
            return "right" if true is None else "withheld"
        return "right" if value == true else "wrong"
    return "held_wrong" if value is not None and value != true else "held"


def _value(judged: Judged, code: str) -> Decimal | None:
    cell = judged["cells"].get(code)
    return None if cell is None or cell["value"] is None else Decimal(str(cell["value"]))


def facts_wrong(judged: Judged, report: ReportText) -> tuple[str, ...]:
    """Return the facts of the document that were read and are not those of the report; a fact not read is none."""
    organ = report.signature
    stated = {"report_year": report.year, "organ_name": organ, "signed_date": str(report.signed)}
    return tuple(
        f"{name}: read {judged[name]}, original {true}" for name, true in stated.items()
        if judged[name] is not None and judged[name] != true
    )


def judge(documents: Sequence[tuple[str, bytes]]) -> list[Judged | Exception]:
    """Extract documents many at a time; where that raises, each alone, so that the one which raises is known.

    Where none raises alone, documents spoil one another: that is raised.
    """
    judged: list[Judged | Exception] = []
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        try:
            judged += cast(list[Judged], extract_documents(batch))
        except Exception:
            alone = [_alone(document) for document in batch]
            if not any(isinstance(one, Exception) for one in alone):
                raise
            judged += alone
    return judged


def _alone(document: tuple[str, bytes]) -> Judged | Exception:
    try:
        return cast(Judged, extract_documents([document])[0])
    except Exception as problem:
        return problem


def crashed(problem: Exception) -> Outcome:
    """Return the outcome of a document whose extraction raised."""
    return Outcome("crashed", str(problem), crash=f"{type(problem).__name__}: {problem}")


def round_trip(reports: Sequence[ReportText], layout: str) -> list[Outcome]:
    """Typeset reports in the layout of that name, extract them and compare, in order."""
    chosen = EVERY_LAYOUT[layout]
    documents = [(f"{n}{chosen.suffix}", chosen.render(compose(report))) for n, report in enumerate(reports)]
    return [_outcome(judged, report) for judged, report in zip(judge(documents), reports, strict=True)]


def _outcome(judged: Judged | Exception, report: ReportText) -> Outcome:
    if isinstance(judged, Exception):
        return crashed(judged)
    found = compared(judged, truth(report))
    return Outcome(**{**found.__dict__, "facts": facts_wrong(judged, report)})


@dataclass(frozen=True)
class Tally:
    """The outcomes of many documents, added up."""

    documents: int
    statuses: Counter[str]
    cells: Counter[str]
    wrong: tuple[str, ...]
    facts: tuple[str, ...]
    crashes: tuple[str, ...]
    reconstructed: int

    @property
    def share_right(self) -> float:
        """The share of the truth's cells that were published right, 0 to 1; 1 where there are none."""
        total = self.cells.total()
        return self.cells["right"] / total if total else 1.0


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """Add outcomes up."""
    each = list(outcomes)
    cells: Counter[str] = Counter()
    for outcome in each:
        cells.update(outcome.cells)
    return Tally(
        len(each), Counter(outcome.status for outcome in each), cells,
        tuple(wrong for outcome in each for wrong in outcome.wrong),
        tuple(fact for outcome in each for fact in outcome.facts),
        tuple(outcome.crash for outcome in each if outcome.crash),
        sum(outcome.reconstructed for outcome in each),
    )
