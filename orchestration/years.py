"""The report years there are.

Belongs here: partition keys as text. Does not: Dagster (partitions.py), how a document gets its year.
"""

from __future__ import annotations

from datetime import date

from assets.fetching.intake import UNDATED

FIRST_YEAR = 2008  # the Regulations came into force on 1 May 2008; the first annual reports speak of that year


def partition_keys(today: date) -> list[str]:
    """Return `undated`, then every report year from 2008 to the calendar year of `today`."""
    return [UNDATED, *(str(year) for year in range(FIRST_YEAR, today.year + 1))]


def due_year(today: date) -> str:
    """Return the report year whose reports are published and corrected now: the calendar year before `today`."""
    return str(today.year - 1)
