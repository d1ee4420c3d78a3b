"""Which cell of a statutory table is wrong.

Belongs here: from one table's figures, and what else is known, to ranked repairs. Does not: the gate, the review.
"""

from assets.quarantine.localization.contract import (
    Bounds,
    Change,
    Claim,
    Evidence,
    Facts,
    Localization,
    Repair,
    TableFigures,
)
from assets.quarantine.localization.localizing import localize

__all__ = [
    "Bounds", "Change", "Claim", "Evidence", "Facts", "Localization", "Repair", "TableFigures", "localize",
]
