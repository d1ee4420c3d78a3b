"""Damage of every class of faults.yaml, applied at random to made-up reports: figures, pages, files.

Belongs here: the function of each class (under the name it has in faults.yaml), choosing where it strikes, and what
must be true of the result. Does not: the classes themselves (faults.yaml), the named cases of tests/documents
(changes.py, make_documents.py), counting (benchmarks/corruption.py).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.typesetting import damaged_bytes, damaged_figures, damaged_pages
from tests.typesetting.figures import MAGNITUDES, made_report, sums_broken, truth
from tests.typesetting.layouts import EVERY_LAYOUT
from tests.typesetting.publication import compose
from tests.typesetting.report import ReportText
from tests.typesetting.round_trip import Judged, Outcome, Truth, compared, crashed, judge

FAULTS = Path(__file__).parent / "faults.yaml"
# An organ without any request has no figures to damage: it comes last and seldom.
SIZES = (*(size for size in MAGNITUDES if size != "nothing"),) * 4 + ("nothing",)
# A class that finds nothing to strike at in one report is tried on so many others.
MOST_TRIES = 25
# What faults of text apply to.
TEXT_FILES = (".txt", ".html", ".mht")
# Layouts whose rows are filled up to the width of the table: a cell that is not there leaves a blank one at the end.
PADDED = ("tab_rows", "xls", "xls_hidden", "xlsx", "xlsx_hidden")
UNSEEN = ("unseen", "unseen_where_padded")


@dataclass(frozen=True)
class Fault:
    """One class of damage: its step, its words, and the tables in which nobody can see it, with the reasons.

    `unseen_where_padded` holds of layouts whose rows are all filled up to one width, beside `unseen`.
    """

    code: str
    step: str
    zh: str
    en: str
    unseen: dict[str, str]
    unseen_where_padded: dict[str, str]

    def unseen_in(self, layout: str) -> dict[str, str]:
        """Return the tables in which nobody can see the fault, with the reasons, in files of that layout."""
        return {**self.unseen, **(self.unseen_where_padded if layout in PADDED else {})}


@dataclass(frozen=True)
class Damaged:
    """One damaged document: the fault, the layout, its bytes, and the report as it was.

    `coincidence` says that the damaged figures satisfy every identity by chance although the fault is one that
    identities see: nobody could notice. `unset` names an exception of the layout, which could not set the page.
    """

    fault: str
    layout: str
    content: bytes
    report: ReportText
    coincidence: bool = False
    unset: str | None = None

    @property
    def original(self) -> Truth:
        """The cells of the report as it was."""
        return truth(self.report)


@cache
def faults() -> dict[str, Fault]:
    """Return every class of faults.yaml; KeyError for a reason that it does not hold."""
    stated: dict[str, Any] = yaml.safe_load(FAULTS.read_text(encoding="utf-8"))
    reasons = {code: f"{words['zh']} · {words['en']}" for code, words in stated["reasons"].items()}
    return {
        code: Fault(code, entry["step"], entry["zh"], entry["en"], *(
            {table: reasons[why] for table, why in entry.get(where, {}).items()} for where in UNSEEN))
        for code, entry in stated["faults"].items()
    }


def functions() -> dict[str, dict[str, Callable[..., Any]]]:
    """Return the functions of each step by the code of their class."""
    return {"figures": damaged_figures.FAULTS, "page": damaged_pages.FAULTS, "bytes": damaged_bytes.FAULTS,
            "text": damaged_bytes.TEXT_FAULTS}


def applies(fault: str, layout: str) -> bool:
    """Tell whether a class can strike files of that layout: faults of text strike files that are text."""
    return faults()[fault].step != "text" or EVERY_LAYOUT[layout].suffix in TEXT_FILES


def damaged(fault: str, layout: str, seed: int | str) -> Damaged | None:
    """Return a report with one fault of that class, set in that layout; the same arguments give the same bytes.

    None if the class does not apply to such files, or finds nothing to strike at in any of MOST_TRIES reports.
    """
    if not applies(fault, layout):
        return None
    chance = random.Random(f"{fault}/{layout}/{seed}")
    for _ in range(MOST_TRIES):
        report = made_report(chance.getrandbits(48), None, chance.choice(SIZES))
        made = _struck(faults()[fault], layout, chance, report)
        if made is not None:
            return made
    return None


def _struck(fault: Fault, layout: str, chance: random.Random, report: ReportText) -> Damaged | None:
    apply = functions()[fault.step][fault.code]
    set_page = EVERY_LAYOUT[layout].render
    if fault.step in ("bytes", "text"):
        content = apply(chance, set_page(compose(report)))
        return None if content is None else Damaged(fault.code, layout, content, report)
    if fault.step == "figures":
        changed = apply(chance, report)
        if changed is None or not _reprinted(report, changed):
            return None
        other = report.with_figures(changed)
        return Damaged(fault.code, layout, set_page(compose(other)), report, _coincidence(fault, other, changed))
    page = apply(chance, compose(report))
    if page is None:
        return None
    try:
        return Damaged(fault.code, layout, set_page(page), report)
    except Exception as problem:
        return Damaged(fault.code, layout, b"", report, unset=f"{type(problem).__name__}: {problem}")


def _reprinted(report: ReportText, changed: damaged_figures.Figures) -> bool:
    """Tell whether anything is printed otherwise."""
    return any(report.figures[code] != figure for code, figure in changed.items())


def _coincidence(fault: Fault, other: ReportText, changed: damaged_figures.Figures) -> bool:
    """Tell whether a fault that identities see left a table that satisfies them all, as tiny tables may by chance."""
    counted = all(isinstance(figure, int) for figure in changed.values())
    return not fault.unseen and counted and not sums_broken(other)


@dataclass(frozen=True)
class Verdict:
    """What became of one damaged document.

    `fate`: refused, held (a table was not published), harmless (all published, nothing wrong), wrong (a wrong cell
    was published), crashed, unset. `wrong` are wrong published cells in tables where the fault can be seen,
    `unseen` those in tables where it cannot, or of a coincidence.
    """

    fault: str
    layout: str
    fate: str
    wrong: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    detail: str = ""


def verdicts(documents: list[Damaged]) -> list[Verdict]:
    """Extract damaged documents and judge what came out, in order."""
    setable = [one for one in documents if one.unset is None]
    named = [(f"{number}{EVERY_LAYOUT[one.layout].suffix}", one.content) for number, one in enumerate(setable)]
    judged = iter(judge(named))
    return [
        Verdict(one.fault, one.layout, "unset", detail=one.unset) if one.unset else _verdict(one, next(judged))
        for one in documents
    ]


def _verdict(one: Damaged, judged: Judged | Exception) -> Verdict:
    outcome = crashed(judged) if isinstance(judged, Exception) else compared(judged, one.original)
    if outcome.crash:
        return Verdict(one.fault, one.layout, "crashed", detail=outcome.crash)
    blind = faults()[one.fault].unseen_in(one.layout)
    hidden = tuple(w for w in outcome.wrong if one.coincidence or w.split(".")[0] in blind)
    seen = tuple(w for w in outcome.wrong if w not in hidden)
    return Verdict(one.fault, one.layout, _fate(outcome), seen, hidden, outcome.reason)


def _fate(outcome: Outcome) -> str:
    if outcome.wrong:
        return "wrong"
    if outcome.status == "refused":
        return "refused"
    return "harmless" if outcome.status == "published" else "held"
