"""What is known of every table that is held back, put together for those who look into it.

Belongs here: completing the gate's result with verdicts, signatures and findings to act on. Pure: frames in and out.
Does not: any of these by itself (breaks.py, verdicts.py, grouping.py), the gate's decisions (expectations/gate.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from assets.form import cells as form
from assets.lake import QUARANTINED_TABLES
from assets.quarantine.breaks import ACTIONABLE, breaks, cells_involved
from assets.quarantine.copies import copied_cells
from assets.quarantine.grouping import signatures
from assets.quarantine.localization import Localization
from assets.quarantine.repairs import (
    SMALLEST,
    Key,
    best_repairs,
    facts_of,
    localized,
    repairs,
    smallest_repairs,
    tables_to_repair,
)
from assets.quarantine.verdicts import HeldTables, verdicts
from expectations.gate import Decisions
from expectations.judging import judge
from expectations.parts import Complete, Part, Year
from expectations.registry import active_rules
from expectations.terms import PREVIOUS
from expectations.verdicts import Verdicts, joined

ID = "report_version_id"
KEY = [ID, "table_code"]
REQUEST_COLUMNS = tuple(column.code for column in form.editions()[-1].table(form.REQUESTS).columns)


@dataclass(frozen=True)
class Cases:
    """The gate's result, completed; every frame has the schema of its lake table.

    verdicts: those of the gate, and of the rules that can be judged only now.
    """

    verdicts: Verdicts
    table_states: pl.DataFrame
    quarantined_tables: pl.DataFrame
    breaks: pl.DataFrame
    repairs: pl.DataFrame


@dataclass(frozen=True)
class Background:
    """What the gate judged, and what else is known.

    part: the reports that were judged. year: all of their year, among which a copy may be.
    printed: PRINTED_TABLES, of the documents with a held table at least. owned: whose report each of the year is
    (owners.owners).
    """

    part: Part
    year: Year
    printed: pl.LazyFrame
    owned: pl.DataFrame


def completing(year: Year, printed: pl.LazyFrame, owned: pl.DataFrame) -> Complete:
    """Return what completes the gate's results on parts of a year."""

    def complete(judged: Decisions, part: Part) -> tuple[Verdicts, dict[str, pl.DataFrame]]:
        tables = dict(vars(cases(judged, Background(part, year, printed, owned))))
        return tables.pop("verdicts"), tables

    return complete


def cases(judged: Decisions, known: Background) -> Cases:
    """Complete what the gate decided on the reports of `known`."""
    part, held = known.part, judged.quarantined_tables
    errors = _errors(judged.verdicts.broken, held)
    cells = part.cells.filter(pl.col(ID).is_in(_actionable(judged.verdicts.broken)[ID].unique().implode())).collect()
    involved = cells_involved(errors, judged.table_states, cells)
    copied = copied_cells(held, known.year.cells, known.year.observations, known.owned)
    printed = known.printed.filter(pl.col("document_id").is_in(held["document_id"].unique().implode())).collect()
    tables = HeldTables(held.select(KEY), errors, involved, cells, part.observations, printed, copied)
    found = _localized(judged, part, cells, errors, copied)
    proposed = repairs(found)
    last = _with_smallest(judged, smallest_repairs(found))
    rows = held.join(signatures(held, part.observations), on=KEY, how="left").join(
        verdicts(tables), on=KEY, how="left"
    ).join(best_repairs(proposed), on=KEY, how="left").with_columns(pl.col("repair_count").fill_null(0))
    return Cases(
        last, judged.table_states, _framed(rows),
        breaks(_actionable(last.broken), judged.table_states, cells, part.reports), proposed,
    )


def _actionable(broken: pl.DataFrame) -> pl.DataFrame:
    return broken.filter(pl.col("severity").is_in(ACTIONABLE))


def _localized(
    judged: Decisions, part: Part, cells: pl.DataFrame, errors: pl.DataFrame, copied: pl.DataFrame
) -> dict[Key, Localization]:
    tables = tables_to_repair(errors, cells, judged.table_states)
    return localized(tables, facts_of(tables, part.claims, part.observations, copied, _last_year(judged)))


def _last_year(judged: Decisions) -> pl.DataFrame:
    """What last year's report carried out: report_version_id, column_code, value."""
    columns = {f"{PREVIOUS}:{form.REQUESTS}.carried_out.{column}": column for column in REQUEST_COLUMNS}
    return judged.facts.around.of(PREVIOUS).select(ID, *columns).rename(columns).unpivot(
        index=ID, variable_name="column_code", value_name="value"
    ).drop_nulls("value").cast({ID: pl.String})


def _with_smallest(judged: Decisions, observed: pl.DataFrame) -> Verdicts:
    """Judge once more the rules on smallest repairs, which are known only after the sums have been judged."""
    rules = [rule for rule in active_rules() if rule.kind == SMALLEST]
    if not rules or observed.is_empty():
        return judged.verdicts
    known = judged.facts.observations
    facts = replace(judged.facts, observations=pl.concat([known, observed.cast({ID: known.schema[ID]})]))
    others = judged.verdicts.of([rule.code for rule in rules], others=True)
    return joined(judged.facts.ids, (others, judge(facts, rules)))


def _errors(broken: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    return broken.filter(severity="error").join(held.select(ID).unique(), on=ID, how="semi")


def _framed(rows: pl.DataFrame) -> pl.DataFrame:
    columns = QUARANTINED_TABLES.columns.items()
    return rows.select(pl.col(name).cast(kind) for name, kind in columns).sort(QUARANTINED_TABLES.key)
