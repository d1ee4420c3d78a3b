"""The partitions of the lake, as Dagster knows them.

Belongs here: Dagster's partitions. Does not: which report years there are (years.py).
"""

from __future__ import annotations

from datetime import date

import dagster as dg

from orchestration.years import partition_keys


def report_years(today: date) -> dg.StaticPartitionsDefinition:
    """Return one partition per report year and `undated`; the list grows with the calendar when code is loaded."""
    return dg.StaticPartitionsDefinition(partition_keys(today))
