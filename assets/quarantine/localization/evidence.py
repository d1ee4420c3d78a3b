"""What the facts say about a repaired table.

Belongs here: which fact supports or contradicts a repair, in words, and what it weighs. Does not: sorting (ranking.py).

A claim about a sum is asked of the table as it would stand: it contradicts a repair after which it does not hold, and
supports one that makes it hold. What the reader says about a cell supports changing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assets.form import cells as form
from assets.quarantine.localization.contract import Claim, Evidence, Facts
from assets.quarantine.localization.matrix import Changes, Frame, Value, as_number, exact
from assets.quarantine.localization.words import sentence, usual_lines, weight

CARRIED_IN = f"{form.REQUESTS}.carried_in"
CARRY_RULE = "Y01_carry"
COPY_RULE = "C04_copies_agree"
# The reader's word on a cell counts below this confidence.
SURE = 0.9


def carried_in(facts: Facts) -> dict[str, int]:
    """Return what last year's report gives for the cells carried in, by cell code."""
    return {f"{CARRIED_IN}.{column}": number for column, number in facts.last_carried_out.items()}


# Cell numbers added and taken away.
Sum = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Weighed:
    """A piece of evidence and its bits: below 0 for a repair, above 0 against it."""

    evidence: Evidence
    bits: float


@dataclass(frozen=True)
class _Asked:
    """A claim as sums of cell numbers, and whether it holds as printed (None: a number is missing)."""

    fact: str
    code: str
    sums: tuple[Sum, ...]
    claim: Claim
    before: bool | None

    def touched_by(self, changes: Changes) -> bool:
        """Tell whether a repair changes a number that the claim may speak of."""
        return any(cell in changes for plus, minus in self.sums for cell in (*plus, *minus))


class Witnesses:
    """The facts, arranged for the cells of one table."""

    def __init__(self, frame: Frame, facts: Facts) -> None:
        self._frame = frame
        self._facts = facts
        self._asked = tuple(self._arranged())
        matrix = frame.matrix
        self._usual_lines = [(code, cells) for code, cells in zip(matrix.line_codes, matrix.lines, strict=True)
                             if code in usual_lines()]

    def _arranged(self) -> Iterator[_Asked]:
        number = self._frame.matrix.number
        claims = [("claim", claim) for claim in self._facts.claims]
        claims += [("last_year", Claim(CARRY_RULE, (code,), value, value))
                   for code, value in carried_in(self._facts).items()]
        claims += [("copy", Claim(COPY_RULE, (code,), value, value))
                   for code, number_ in self._facts.second_copy.items() if isinstance(value := exact(number_), int)]
        for fact, claim in claims:
            sums = ((claim.cells, ()), *claim.others)
            if all(code in number for plus, minus in sums for code in (*plus, *minus)):
                numbered = tuple(
                    (tuple(number[one] for one in plus), tuple(number[one] for one in minus)) for plus, minus in sums
                )
                yield _Asked(fact, claim.code, numbered, claim, _holds(claim, self._values(numbered, {})))

    def _values(self, sums: Iterable[Sum], changes: Changes) -> list[Value | None]:
        return [self._sum(plus, minus, changes) for plus, minus in sums]

    def _sum(self, plus: tuple[int, ...], minus: tuple[int, ...], changes: Changes) -> Value | None:
        signed = [(1, cell) for cell in plus] + [(-1, cell) for cell in minus]
        values = [(sign, changes.get(cell, self._frame.values[cell])) for sign, cell in signed]
        known = [sign * value for sign, value in values if value is not None]
        return sum(known) if len(known) == len(values) else None

    def of(self, changes: Changes, missing: Iterable[str] = ()) -> tuple[Weighed, ...]:
        """Return what speaks for and against a repair; `missing` are codes of lines that it says are missing."""
        return (*self._told(changes), *self._read(changes, missing), *self._usual(changes))

    def _told(self, changes: Changes) -> Iterator[Weighed]:
        for asked in self._asked:
            touched = asked.touched_by(changes)
            after = _holds(asked.claim, self._values(asked.sums, changes)) if touched else asked.before
            if after is None or (after and asked.before):
                continue
            yield self._weighed(asked.fact, after, asked.code, sentence=asked.claim.sentence, code=asked.code,
                                expected=_interval(asked.claim), value=_shown(self._sum(*asked.sums[0], changes)),
                                cell=" + ".join(asked.claim.cells))

    def _read(self, changes: Changes, missing: Iterable[str]) -> Iterator[Weighed]:
        facts = self._facts
        codes = [self._frame.matrix.cells[cell] for cell in changes] if facts.doubtful or facts.confidence else []
        lines = sorted(facts.missing_lines.intersection(missing))
        yield from (self._weighed("missing_line", True, "missing_line", cell=line) for line in lines)
        for code in codes:
            sure = facts.confidence.get(code, 1.0)
            if code in facts.doubtful:
                yield self._weighed("doubtful", True, "doubtful_reading", cell=code)
            elif sure < SURE:
                told = self._weighed("confidence", True, "confidence", cell=code, value=f"{sure:.2f}")
                yield Weighed(told.evidence, told.bits * (1 - sure))

    def _usual(self, changes: Changes) -> Iterator[Weighed]:
        for code, cells in self._usual_lines:
            if changes.keys().isdisjoint(cells):
                continue
            before, after = (any(now.get(cell, self._frame.values[cell]) for cell in cells) for now in ({}, changes))
            if before != after:
                yield self._weighed("usual_line", after, "usual_line", cell=code)

    def _weighed(self, fact: str, supports: bool, rule: str, **filled: object) -> Weighed:
        return Weighed(Evidence(rule, *sentence(fact, supports, **filled), supports), weight(fact, supports))


def _holds(claim: Claim, values: Iterable[Value | None]) -> bool | None:
    """Whether one of the sums fits; None where a number is missing in any of them."""
    known = list(values)
    if None in known:
        return None
    lower, upper = claim.lower, claim.upper
    return any((lower is None or lower <= one) and (upper is None or one <= upper) for one in known if one is not None)


def _interval(claim: Claim) -> str:
    if claim.lower == claim.upper:
        return str(claim.lower)
    return f"{'…' if claim.lower is None else claim.lower}–{'…' if claim.upper is None else claim.upper}"


def _shown(value: Value | None) -> str:
    return "" if value is None else str(as_number(value))


def closed_by(frame: Frame, changes: Mapping[int, Value]) -> tuple[tuple[str, str], ...]:
    """Return rule and scope of the identities that break or are unknown as printed and hold once changed."""
    mended: Iterable[int] = frame.broken
    if any(frame.values[cell] is None for cell in changes):
        after = frame.changed(changes)
        mended = [index for index in after.known if not after.surplus[index] and frame.surplus.get(index, 1)]
    return tuple((frame.matrix.identities[index].rule, frame.matrix.identities[index].scope) for index in mended)
