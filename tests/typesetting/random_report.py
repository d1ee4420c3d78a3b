"""Reports with figures drawn at random that add up, and cells left blank at random.

Belongs here: drawing figures for every cell of an edition. Does not: prose (reports/*.yaml), layouts.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from assets.form import cells as form
from tests.typesetting.report import Figure, ReportText, load

# Whose words are printed around the figures, by edition.
WORDS = {"cn_ogi_2019": "qingpi_2019", "cn_ogi_2021": "qingpi_health_2024"}
COUNTS = (0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 7, 12, 25, 130)
SIGNED: tuple[Figure, ...] = (0, 7, "+19", "-35", "减4", "增加5")
MOST_TAKEN_AWAY = 35
AMOUNTS: tuple[Figure, ...] = (0, 12.5, 8040, 1880.2255, "251000元", "160.5964万元")


def random_report(random: Random, edition: str) -> ReportText:
    """Return a report of an edition whose tables satisfy R01, R02, R03, L01 and P03."""
    figures: dict[str, Figure] = {}
    for cell in form.cells(edition):
        if cell.table == form.PROACTIVE:
            figures[cell.code] = _proactive(random, cell.column.number)
            if cell.column.code == "prior_year_items":
                # More matters than any year takes away.
                figures[cell.code] = random.choice(COUNTS) + MOST_TAKEN_AWAY
    for line, row in _requests(random, edition).items():
        columns = form.edition(edition).table(form.REQUESTS).line(line).columns
        figures |= {f"{form.REQUESTS}.{line}.{c}": v for c, v in zip(columns, (*row, sum(row)), strict=True)}
    for forum in form.edition(edition).table(form.REMEDIES).lines:
        row = [random.choice((0, 0, 1, 2, 14)) for _ in forum.columns[1:]]
        printed = zip(forum.columns, (*row, sum(row)), strict=True)
        figures |= {f"{form.REMEDIES}.{forum.code}.{column}": value for column, value in printed}
    return replace(load(WORDS[edition]), figures=figures, labels={}, absent=frozenset())


def left_blank_at_random(random: Random, report: ReportText, share: float) -> ReportText:
    """Return the report with each of its cells blank with the given probability, whatever its figure."""
    return report.with_figures({code: None for code in report.figures if random.random() < share})


def _proactive(random: Random, number: str) -> Figure:
    if number == "signed_count":
        return random.choice(SIGNED)
    return random.choice(AMOUNTS if number == "money" else COUNTS)


def _requests(random: Random, edition: str) -> dict[str, list[int]]:
    """Return the six applicant columns of every line."""
    leaves = form.outcome_leaves(edition)
    rows = {leaf: [random.choice(COUNTS) for _ in range(6)] for leaf in leaves}
    total = [sum(rows[leaf][column] for leaf in leaves) for column in range(6)]
    carried_out = [random.choice((0, 0, 1, 4)) for _ in range(6)]
    handled = [a + b for a, b in zip(total, carried_out, strict=True)]
    carried_in = [random.randint(0, min(3, most)) for most in handled]
    received = [most - before for most, before in zip(handled, carried_in, strict=True)]
    flows = {"received": received, "carried_in": carried_in, "outcome_total": total, "carried_out": carried_out}
    return {**flows, **rows}
