"""Made-up reports, any number of them, each consistent: every identity of the form holds in every one.

Belongs here: figures of all magnitudes for both editions and the hybrid form, organs, years and prose that agrees with
the figures, all from one seed; the hypothesis strategies over them. Does not: layouts, damage, reading anything back.

A report that is made here adds up: R01, R02 and R03 in table 3, L01 in table 4, the bounds P01, P03 and P04 in table 2,
and every number that its prose states. The same seed makes the same report on every machine.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from assets.form import cells as form
from tests.typesetting import prose
from tests.typesetting.report import Figure, ReportText, fill, printed_cells

Rows = dict[str, list[Figure]]

OLD, NEW = "cn_ogi_2019", "cn_ogi_2021"
HYBRID = "hybrid"
FORMS = (NEW, OLD, HYBRID)
# The reports of 2021 and 2022 are published in either form; the one row （六） stands in reports up to 2025.
YEARS = {NEW: (2021, 2025), OLD: (2019, 2022), HYBRID: (2021, 2025)}


@dataclass(frozen=True)
class Magnitude:
    """How much an organ has to report: requests in a year, outcome lines in use, cases, decisions, sums of money."""

    requests: tuple[int, int]
    outcomes: tuple[int, int]
    cases: int
    decisions: int
    yuan: int


MAGNITUDES: dict[str, Magnitude] = {
    "nothing": Magnitude((0, 0), (0, 0), 0, 0, 0),
    "town": Magnitude((1, 6), (1, 3), 1, 60, 40_000),
    "county": Magnitude((8, 90), (3, 9), 9, 2_000, 6_000_000),
    "city": Magnitude((120, 1_900), (8, 17), 120, 40_000, 900_000_000),
    "metropolis": Magnitude((4_000, 42_000), (14, 21), 3_400, 900_000, 90_000_000_000),
}
# A wave of requests comes in at most so many lots: the cost of a report does not grow with its figures.
MOST_LOTS = 400


def made_report(seed: int | str, form_code: str | None = None, magnitude: str | None = None) -> ReportText:
    """Return the report of a seed.

    Args:
        seed: any number or text; the same one gives the same report.
        form_code: one of FORMS; None takes any.
        magnitude: a key of MAGNITUDES; None takes any.
    """
    chance = random.Random(f"{seed}/{form_code}/{magnitude}")
    chosen = form_code or chance.choice(FORMS)
    size = magnitude or chance.choice(tuple(MAGNITUDES))
    edition, hybrid = (NEW if chosen == HYBRID else chosen), chosen == HYBRID
    rows = {
        form.PROACTIVE: _proactive(chance, edition, MAGNITUDES[size]),
        form.REQUESTS: _requests(chance, edition, hybrid, MAGNITUDES[size]),
        form.REMEDIES: _remedies(chance, edition, MAGNITUDES[size]),
    }
    figures = fill(edition, rows, hybrid)
    year = chance.randint(*YEARS[chosen])
    return _worded(chance, ReportText(year, edition, figures, sections={}, hybrid_other=hybrid))


def left_out(report: ReportText, seed: int | str, share: float, sign: Figure = None) -> ReportText:
    """Return a report that prints `sign` (None: nothing) in about `share` of the cells of tables 3 and 4 that are 0.

    A table without any other number keeps its printed zeros: nobody could tell them from a form left empty (V05).
    """
    chance = random.Random(f"{seed}/blanks")
    used = {code.split(".")[0] for code, figure in report.figures.items() if number_of(figure)}
    zeros = [code for code, figure in report.figures.items() if figure == 0 and code.split(".")[0] in used]
    chosen = [code for code in zeros if not code.startswith(form.PROACTIVE) and chance.random() < share]
    return report.with_figures(dict.fromkeys(chosen, sign))


def number_of(figure: Figure) -> Decimal | None:
    """Return the number that a printed figure means, without its sign word or unit; None where none is printed."""
    if isinstance(figure, str):
        match = re.fullmatch(r"(减|增加?|[+-])?([\d.]+)(?:元|万元|件)?", figure)
        if match is None:
            return None
        return Decimal(match[2]) * (-1 if match[1] in ("减", "-") else 1)
    return None if figure is None else Decimal(str(figure))


def truth(report: ReportText) -> dict[str, Decimal | None]:
    """Return the number of every cell that a report prints; None where the cell is blank or holds no number."""
    return {code: number_of(figure) for code, figure in report.cells().items()}


# ---------------------------------------------------------------------------------------------------------------------
# The three tables


def _proactive(chance: random.Random, edition: str, size: Magnitude) -> Rows:
    make = _proactive_2019 if edition == OLD else _proactive_2021
    return make(chance, size)


def _some(chance: random.Random, most: int, likely: float = 0.7) -> int:
    """Return 0 or a number up to `most`, small ones as likely as large ones."""
    if most == 0 or chance.random() > likely:
        return 0
    return chance.randint(1, max(1, round(most ** chance.random())))


def _proactive_2021(chance: random.Random, size: Magnitude) -> Rows:
    documents = {"rules": 0.1, "normative_documents": 0.7}
    decisions = ("administrative_license", "administrative_penalty", "administrative_compulsion")
    rows: Rows = {}
    for line, likely in documents.items():
        made, abolished = (_some(chance, size.decisions // 400, likely) for _ in range(2))
        rows[line] = [made, abolished, made + _some(chance, size.decisions // 100, likely)]
    for line in decisions:
        rows[line] = [_some(chance, size.decisions)]
    rows["administrative_fees"] = [_ten_thousands(chance, _some(chance, size.yuan, 0.5))]
    return rows


def _ten_thousands(chance: random.Random, yuan: int) -> Figure:
    """Return a sum of money in units of 10,000 yuan, to the yuan, the hundred or the whole unit."""
    if yuan == 0:
        return chance.choice((0, 0, 0, None))
    value = (Decimal(yuan) / 10_000).quantize(Decimal(chance.choice(("1", "0.01", "0.0001"))))
    return format(value.normalize(), "f")


def _proactive_2019(chance: random.Random, size: Magnitude) -> Rows:
    matters = ("administrative_license", "other_external_services", "administrative_penalty",
               "administrative_compulsion")
    rows: Rows = {}
    for line, likely in {"rules": 0.1, "normative_documents": 0.7}.items():
        made = _some(chance, size.decisions // 400, likely)
        published = chance.randint(0, made)
        rows[line] = [made, published, published + _some(chance, size.decisions // 100, likely)]
    for line in matters:
        rows[line] = [*_matters(chance, size), _some(chance, size.decisions)]
    rows["administrative_fees"] = _matters(chance, size)
    projects = _some(chance, size.decisions // 50)
    rows["centralized_procurement"] = [projects, _procured(chance, size.yuan) if projects else 0]
    return rows


def _matters(chance: random.Random, size: Magnitude) -> list[Figure]:
    """Return the matters of last year and their change, which never takes away more than there were."""
    before = _some(chance, min(size.decisions, 2_000))
    change = chance.choice((0, 0, _some(chance, 180), -_some(chance, before)))
    return [before, chance.choice((change, f"{change:+d}", f"减{-change}" if change < 0 else change))]


def _procured(chance: random.Random, yuan: int) -> Figure:
    amount = _some(chance, yuan, 1.0)
    return chance.choice((f"{amount}元", f"{Decimal(amount) / 10_000:f}万元", amount))


def _requests(chance: random.Random, edition: str, hybrid: bool, size: Magnitude) -> Rows:
    """Return table 3: requests fall on outcome lines and applicants, the four flows follow from the sums."""
    table = form.edition(OLD if hybrid else edition).table(form.REQUESTS)
    applicants = [column.code for column in table.columns if column.kind != "total"]
    leaves = [line.code for line in table.lines if line.kind == "leaf"]
    used = chance.sample(leaves, min(len(leaves), chance.randint(*size.outcomes)))
    counted = _scattered(chance, chance.randint(*size.requests), used, applicants)
    total = [sum(counted[leaf][n] for leaf in counted) for n in range(len(applicants))]
    ahead = [_some(chance, max(1, done // 8), 0.4) if size.requests[1] else 0 for done in total]
    carried = [chance.randint(0, min(done + left, 1 + done // 6)) for done, left in zip(total, ahead, strict=True)]
    received = [done + left - old for done, left, old in zip(total, ahead, carried, strict=True)]
    flows = {"received": received, "carried_in": carried, "outcome_total": total, "carried_out": ahead}
    return {line: [*values, sum(values)] for line, values in {**counted, **flows}.items()}


def _scattered(
    chance: random.Random, requests: int, leaves: Sequence[str], applicants: Sequence[str]
) -> dict[str, list[int]]:
    """Return `requests` requests in lots over lines and applicants; most come from natural persons."""
    counted = {leaf: [0] * len(applicants) for leaf in leaves}
    if not leaves:
        return counted
    lot = max(1, requests // MOST_LOTS)
    weights = [chance.random() ** 3 + 0.01 for _ in leaves]
    people = [8.0, *(chance.random() for _ in applicants[1:])]
    lots = -(-requests // lot)
    lines = chance.choices(leaves, weights, k=lots)
    columns = chance.choices(range(len(applicants)), people, k=lots)
    for line, column in zip(lines, columns, strict=True):
        counted[line][column] += chance.randint(1, 2 * lot - 1)
    return counted


def _remedies(chance: random.Random, edition: str, size: Magnitude) -> Rows:
    """Return table 4: four results and their sum for each of the three forums."""
    lines = form.edition(edition).table(form.REMEDIES).lines
    parts = {line.code: [_some(chance, size.cases, 0.5) for _ in line.columns[:-1]] for line in lines}
    return {line: [*values, sum(values)] for line, values in parts.items()}


# ---------------------------------------------------------------------------------------------------------------------
# Words


def _worded(chance: random.Random, report: ReportText) -> ReportText:
    """Return a report with title, prose, signature and page furniture that agree with its year and figures."""
    organ = prose.organ(chance)
    signed = date(report.year + 1, 1, 4) + timedelta(days=chance.randint(0, 26))
    stated = {code: int(number_of(report.figures[code]) or 0) for code in prose.STATED}
    return replace(
        report,
        title=prose.title(chance, organ, report.year),
        foreword=(prose.foreword(chance, report.year),),
        sections=prose.sections(chance, stated),
        signature=organ,
        signed=signed,
        metadata=prose.metadata(chance, organ, signed),
    )


# ---------------------------------------------------------------------------------------------------------------------
# Strategies


def made_reports(
    forms: Sequence[str] = FORMS, magnitudes: Sequence[str] = tuple(MAGNITUDES)
) -> st.SearchStrategy[ReportText]:
    """Return consistent reports that print every cell; they shrink to the smallest magnitude and the newest form."""
    seeds = st.integers(min_value=0, max_value=2**32 - 1)
    return st.builds(made_report, seeds, st.sampled_from(forms), st.sampled_from(magnitudes))


def reports_with_blanks(
    forms: Sequence[str] = FORMS, magnitudes: Sequence[str] = tuple(MAGNITUDES)
) -> st.SearchStrategy[ReportText]:
    """Return consistent reports in which some zeros are blank, or a stroke."""
    seeds = st.integers(min_value=0, max_value=2**32 - 1)
    signs: st.SearchStrategy[Figure] = st.sampled_from((None, "/", "-"))
    shares = st.floats(min_value=0, max_value=1)
    return st.builds(left_out, made_reports(forms, magnitudes), seeds, shares, signs)


def sums_broken(report: ReportText) -> list[str]:
    """Return the identities of tables 3 and 4 that a fully printed report breaks; none for a report made here."""
    figures = {code: number_of(report.figures[code]) or Decimal(0) for code in printed_cells(report)}
    by_line: dict[tuple[str, str], dict[str, Decimal]] = {}
    for code, value in figures.items():
        table, line, column = code.split(".")
        by_line.setdefault((table, line), {})[column] = value
    broken = [
        f"{table}.{line}" for (table, line), values in by_line.items()
        if table != form.PROACTIVE and sum(v for c, v in values.items() if c != "total") != values["total"]
    ]
    lines = {line: values for (table, line), values in by_line.items() if table == form.REQUESTS}
    return broken + [f"{form.REQUESTS}.{column}" for column in lines["received"] if not _balanced(lines, column)]


def _balanced(lines: Mapping[str, Mapping[str, Decimal]], column: str) -> bool:
    flows = {code: lines[code][column] for code in ("received", "carried_in", "outcome_total", "carried_out")}
    leaves = sum(values[column] for code, values in lines.items() if code not in flows)
    both = flows["received"] + flows["carried_in"] == flows["outcome_total"] + flows["carried_out"]
    return both and leaves == flows["outcome_total"]
