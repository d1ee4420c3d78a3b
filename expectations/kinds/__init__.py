"""The kinds of rules: how a rule of the registry is computed, in polars.

Belongs here: one module for each family of kinds, and the table that names them. A kind takes a rule and the evidence
and yields frames of findings. Its parameters and the names its message may use: expectations/identities.schema.yaml.
Does not: the rules (expectations/identities/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from expectations.evidence import Evidence
from expectations.kinds.cells import cell_number, cell_state, zero_printed
from expectations.kinds.claims import claim_in, claim_list, claim_percent, claim_present
from expectations.kinds.editions import edition_expected
from expectations.kinds.linear import linear
from expectations.kinds.observed import observed_agree, observed_below, observed_count, observed_none
from expectations.registry import Rule

KINDS: dict[str, Callable[[Rule, Evidence], Iterable[pl.DataFrame]]] = {
    "linear": linear,
    "observed_none": observed_none,
    "observed_count": observed_count,
    "observed_agree": observed_agree,
    "observed_below": observed_below,
    "cell_number": cell_number,
    "cell_state": cell_state,
    "zero_printed": zero_printed,
    "edition_expected": edition_expected,
    "claim_in": claim_in,
    "claim_percent": claim_percent,
    "claim_list": claim_list,
    "claim_present": claim_present,
}
