"""The kinds of rules: how a rule of the registry is computed, in polars.

Belongs here: one module for each family of kinds, and the table that names them. A kind takes a rule and the evidence
and yields verdicts. Its parameters and the names its message may use: expectations/identities.schema.yaml.
Does not: the rules (expectations/identities/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from expectations.evidence import Evidence
from expectations.kinds.across import linear_across
from expectations.kinds.bounded import cell_bounded
from expectations.kinds.cells import cell_number, cell_state, zero_printed
from expectations.kinds.claims import claim_in, claim_list, claim_percent, claim_present
from expectations.kinds.copies import copies_agree
from expectations.kinds.days import days_in_order
from expectations.kinds.editions import edition_expected
from expectations.kinds.jumps import jump
from expectations.kinds.linear import linear
from expectations.kinds.members import at_least_members, sum_of_members
from expectations.kinds.observed import (
    observed_agree,
    observed_below,
    observed_count,
    observed_like,
    observed_none,
)
from expectations.kinds.repairs import minimal_repairs
from expectations.kinds.repeats import repeats_previous, text_alike, unlike_office
from expectations.registry import Rule
from expectations.verdicts import Verdicts

KINDS: dict[str, Callable[[Rule, Evidence], Iterable[Verdicts]]] = {
    "linear": linear,
    "observed_none": observed_none,
    "observed_count": observed_count,
    "observed_agree": observed_agree,
    "observed_below": observed_below,
    "observed_like": observed_like,
    "days_in_order": days_in_order,
    "cell_number": cell_number,
    "cell_bounded": cell_bounded,
    "cell_state": cell_state,
    "zero_printed": zero_printed,
    "edition_expected": edition_expected,
    "claim_in": claim_in,
    "claim_percent": claim_percent,
    "claim_list": claim_list,
    "claim_present": claim_present,
    "minimal_repairs": minimal_repairs,
    "linear_across": linear_across,
    "jump": jump,
    "repeats_previous": repeats_previous,
    "text_alike": text_alike,
    "at_least_members": at_least_members,
    "sum_of_members": sum_of_members,
    "unlike_office": unlike_office,
    "copies_agree": copies_agree,
}
