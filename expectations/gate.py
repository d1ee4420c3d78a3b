"""The gate: what follows from the verdicts for each table of each report.

Belongs here: published, quarantined or missing; the reasons; the cells that may go on. Pure: frames in, frames out.
Does not: judging (judging.py), writing files or asset checks (assets/quarantine), people's decisions (review).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from assets.form import cells as form
from assets.lake import ACCEPTED_CELLS, QUARANTINED_TABLES, TABLE_STATES, LakeTable
from expectations.evidence import ALONE, Evidence, EvidenceError, evidence
from expectations.judging import judge
from expectations.neighbours import Neighbours
from expectations.registry import active_rules
from expectations.verdicts import Verdicts
from expectations.wording import LANGUAGES, place

ID = "report_version_id"
KEY = [ID, "table_code"]
PUBLISHED, QUARANTINED, MISSING = "published", "quarantined", "missing"
# What the gate itself says of a table that it holds back; assets/quarantine adds the rest of QUARANTINED_TABLES.
HELD = LakeTable(
    "held", QUARANTINED_TABLES.key,
    {
        name: QUARANTINED_TABLES.columns[name]
        for name in (*KEY, "document_id", "reasons", "reason_count", "summary_zh", "summary_en")
    },
    QUARANTINED_TABLES.zh, QUARANTINED_TABLES.en,
)

SUMMARY = {"zh": ("被隔离，", " 处不成立："), "en": (": held back, ", " break(s): ")}
RULES_BETWEEN = {"zh": "；", "en": "; "}
PLACES_BETWEEN = {"zh": "、", "en": ", "}
PLACES_AROUND = {"zh": ("（", "）"), "en": (" (", ")")}


@dataclass(frozen=True)
class Decisions:
    """What the gate decided; every frame has the schema of its lake table, `quarantined_tables` that of HELD.

    verdicts: those of every rule on every report. table_states: one row per report and statutory table.
    quarantined_tables: the tables held back and why. facts: what was judged.
    """

    verdicts: Verdicts
    table_states: pl.DataFrame
    quarantined_tables: pl.DataFrame
    facts: Evidence


@dataclass(frozen=True)
class GateResult(Decisions):
    """Decisions and what follows: accepted_cells, the cells of published tables, and of no others."""

    accepted_cells: pl.DataFrame


def gate(
    cells: pl.DataFrame, observations: pl.DataFrame, reports: pl.DataFrame, claims: pl.DataFrame | None = None,
    around: Neighbours = ALONE,
) -> GateResult:
    """Judge reports by the active rules of the registry and decide on each of their tables.

    A table that breaks a rule of severity error is quarantined; a break of document scope quarantines every table the
    report has. A table without a row of values is missing: there is nothing to publish or to hold back.

    Args:
        cells: the lake's CELLS of these reports.
        observations: the lake's OBSERVATIONS, those of parsing and of normalizing together.
        reports: the lake's REPORTS.
        claims: the lake's CLAIMS; without them the rules on the prose are unknown.
        around: what other reports say, found for these reports or for more; by default each is judged alone.

    Returns:
        Verdicts, table states, quarantined tables and accepted cells.

    Raises:
        EvidenceError: the frames do not fit together, or a table has no observation of its number of rows.
    """
    made = decide(evidence(cells, observations, reports, claims, around), reports)
    accepted = accepted_cells(cells, made.table_states)
    return GateResult(made.verdicts, made.table_states, made.quarantined_tables, made.facts, accepted)


def decide(facts: Evidence, reports: pl.DataFrame) -> Decisions:
    """Judge arranged facts and decide, like `gate`; `reports` are those that the facts were arranged from."""
    verdicts = judge(facts, active_rules())
    tables = facts.tables.with_columns(pl.col(ID).cast(pl.String))
    errors = _errors(tables, verdicts.broken)
    states = _states(tables, errors)
    return Decisions(verdicts, _framed(TABLE_STATES, states), _quarantined(states, errors, reports), facts)


def accepted_cells(cells: pl.DataFrame, table_states: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of published tables: the lake's ACCEPTED_CELLS."""
    ids = pl.Enum(table_states[ID].unique(maintain_order=True))
    own = cells.select(pl.col(ID).cast(ids, strict=False).to_physical(), "table_code")
    goes_on = pl.lit(False)
    for table in form.table_codes():
        published = table_states.filter(state=PUBLISHED, table_code=table)[ID].cast(ids).to_physical()
        goes_on = goes_on | ((pl.col("table_code") == table) & pl.col(ID).is_in(published.implode()))
    return _framed(ACCEPTED_CELLS, cells.filter(own.select(goes_on.fill_null(False)).to_series()))


def _framed(table: LakeTable, frame: pl.DataFrame) -> pl.DataFrame:
    return table.sort(table.conform(frame))


def _errors(tables: pl.DataFrame, broken: pl.DataFrame) -> pl.DataFrame:
    """Breaks of severity error, one row per table they hold back: those of the document stand at every table."""
    errors = broken.filter(severity="error")
    of_document = errors.filter(pl.col("table_code").is_null()).drop("table_code").join(
        tables.select(KEY), on=ID, how="inner"
    )
    return pl.concat([errors.drop_nulls("table_code"), of_document.select(errors.columns)])


def _states(tables: pl.DataFrame, errors: pl.DataFrame) -> pl.DataFrame:
    unobserved = tables.filter(pl.col("value_rows").is_null())
    if not unobserved.is_empty():
        row = unobserved.row(0, named=True)
        raise EvidenceError(
            f"observations: no value_rows for table {row['table_code']} of report {row[ID]} "
            f"({unobserved.height} such tables); parsing must write one for each table, \"0\" where it is absent"
        )
    broken = errors.select(KEY).unique().with_columns(broken=pl.lit(True))
    state = (
        pl.when(~pl.col("present")).then(pl.lit(MISSING))
        .when(pl.col("broken")).then(pl.lit(QUARANTINED)).otherwise(pl.lit(PUBLISHED))
    )
    # A hybrid table counts in the edition whose lines it prints: those are the cells that it has.
    return tables.join(broken, on=KEY, how="left").with_columns(state=state, edition=pl.col("lines_edition"))


def _quarantined(states: pl.DataFrame, errors: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    held = states.filter(state=QUARANTINED).select(KEY)
    breaks = errors.join(held, on=KEY, how="semi").sort("rule", "scope")
    reasons = breaks.group_by(KEY).agg(
        (pl.col("rule") + pl.lit(" ") + pl.col("scope")).alias("reasons"), pl.len().alias("reason_count")
    )
    summaries = breaks.with_columns(_title(language) for language in LANGUAGES).group_by(
        *KEY, "rule", "title_zh", "title_en"
    ).agg(
        pl.len().alias("breaks"), *(_places(language) for language in LANGUAGES)
    ).sort("rule").group_by(KEY).agg(_summary(language) for language in LANGUAGES)
    rows = held.join(reasons, on=KEY).join(summaries, on=KEY).join(reports.select(ID, "document_id"), on=ID)
    return _framed(HELD, rows)


def _title(language: str) -> pl.Expr:
    titles = {rule.code: rule.title.zh if language == "zh" else rule.title.en for rule in active_rules()}
    return pl.col("rule").replace(titles).alias(f"title_{language}")


def _places(language: str) -> pl.Expr:
    return place(pl.col("scope"), language).str.join(PLACES_BETWEEN[language]).alias(f"places_{language}")


def _summary(language: str) -> pl.Expr:
    """One sentence: the table, how many breaks, and each rule with its places."""
    held, colon = SUMMARY[language]
    before, after = PLACES_AROUND[language]
    name = pl.col("rule").str.split("_").list.first() + pl.lit(" ") + pl.col(f"title_{language}")
    one = name + pl.lit(before) + pl.col(f"places_{language}") + pl.lit(after)
    table = place(pl.col("table_code").first(), language)
    count = pl.col("breaks").sum().cast(pl.String)
    rules = one.str.join(RULES_BETWEEN[language])
    return (table + pl.lit(held) + count + pl.lit(colon) + rules).alias(f"summary_{language}")
