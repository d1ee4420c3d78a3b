"""Figures that were recognised in a picture and are not certain.

Belongs here: below which confidence a figure is doubtful, and noting the cells that hold one.
Does not: how a confidence comes about (assets/parsing/recognition/doubt.py), what follows from it
(expectations/identities/).
"""

from __future__ import annotations

from dataclasses import replace

from assets.parsing.document import Observation, ParsedTable, PlacedCell

# Tuned on generated scans of one range of seeds and measured on another; text that was read has confidence 1.
TRUSTED = 0.9


def noted(table: ParsedTable) -> ParsedTable:
    """Return a table with an observation for every doubtful figure that was placed on the form."""
    facts = tuple(_observation(table.code, placed) for placed in table.cells if is_doubtful(placed))
    return replace(table, observations=(*table.observations, *facts)) if facts else table


def is_doubtful(placed: PlacedCell) -> bool:
    """Tell whether a cell is a figure of the form that was recognised without certainty."""
    return placed.cell_code is not None and placed.cell.confidence < TRUSTED


def _observation(table: str, placed: PlacedCell) -> Observation:
    readings = [placed.cell.text, *([placed.cell.alternative] if placed.cell.alternative is not None else [])]
    return Observation(table, "doubtful_reading", str(placed.cell_code), f"“{'” / “'.join(readings)}”")
