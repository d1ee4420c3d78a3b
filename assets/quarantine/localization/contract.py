"""What goes into a localization and what comes out of it.

Belongs here: the values that callers make and read. Does not: finding or ranking repairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Number = int | Decimal
# A cell, the number it was read as (None: none), and the number that a repair puts in its place.
Change = tuple[str, Number | None, Number]


@dataclass(frozen=True)
class TableFigures:
    """One statutory table as it was read.

    table_code: such as `requests`; edition: the edition whose lines the table prints (`lines_edition`).
    values: the number of each cell by cell code; None, or no entry, where the cell holds no number.
    printed: the text of each cell as printed; where it is missing, the number written plainly stands for it.
    """

    table_code: str
    edition: str
    values: Mapping[str, Number | None]
    printed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """A statement outside the table: the cells named add up to a number from `lower` to `upper` (None: open).

    code: of the rule that compares it, such as N01; sentence: where it stands, as printed. others: further sums that it
    may mean just as well, each as cells added and cells taken away; one that fits suffices.
    """

    code: str
    cells: tuple[str, ...]
    lower: int | None
    upper: int | None
    sentence: str = ""
    others: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Facts:
    """Evidence for ranking; nothing of it is needed.

    claims: of the prose. last_carried_out: column code → what the report of the year before carried out.
    second_copy: cell code → number in another copy of the same report. confidence: cell code → 0 to 1 of the reader.
    missing_lines: codes (line only) whose label the reader did not find; doubtful: cell codes read with doubt.
    """

    claims: tuple[Claim, ...] = ()
    last_carried_out: Mapping[str, int] = field(default_factory=dict)
    second_copy: Mapping[str, Number | None] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    missing_lines: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bounds:
    """Where the work stops. It is counted in nodes, not in time, so that the same table gives the same answer.

    nodes: of the search for smallest repairs; nodes_explained: the same where a typed cause was found already.
    cells: largest repair that is searched; repairs: most that are kept; combined: most faults of one kind together.
    """

    nodes: int = 6_000
    nodes_explained: int = 300
    cells: int = 8
    repairs: int = 200
    combined: int = 3


@dataclass(frozen=True)
class Evidence:
    """One fact for or against a repair, in words."""

    code: str
    zh: str
    en: str
    supports: bool


@dataclass(frozen=True)
class Repair:
    """One way to make every identity hold that can be judged. It is a proposal for a reviewer; nothing applies it.

    kind: of words.yaml; times: how many faults of that kind. closes: rule and scope of what it makes hold.
    cost: how implausible it is, in bits, evidence included. rank: 1 is best; ties: how many share the rank, itself too.
    """

    kind: str
    times: int
    changes: tuple[Change, ...]
    closes: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...]
    cost: float
    rank: int
    ties: int
    zh: str
    en: str


@dataclass(frozen=True)
class Localization:
    """What is wrong with a table.

    broken: rule and scope of every identity that breaks. repairs: best first.
    complete: every smallest repair is among them; False where a bound stopped the search or the list.
    smallest: cells of the smallest repair; None where the bound came first. nodes: of the search.
    """

    broken: tuple[tuple[str, str], ...]
    repairs: tuple[Repair, ...]
    complete: bool
    smallest: int | None
    nodes: int
