"""What a report states about itself, fact by fact: every piece of evidence, the value taken, and how the two stand.

Belongs here: which evidence speaks of which fact, and whether a piece bears the value out, differs from it, or counts
for nothing. Does not: finding evidence (dating, organs, numbering), verdicts (rules D01 to D05).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from assets.normalizing import dating, numbering, organs
from assets.normalizing.evidence import Evidence
from assets.normalizing.prose import Prose
from assets.parsing.titles import fold

# How a piece of evidence stands to the value taken: it says the same; it says something else; it is what a template
# prints where a number should stand; it does not suffice for a value.
USED, DIFFERS, PLACEHOLDER, UNUSED = "used", "differs", "placeholder", "unused"
BETWEEN = "/"
# Facts of which a shorter form says the same.
LOOSELY = ("title", "organ_name")


@cache
def fact_words() -> dict[str, dict[str, tuple[str, str]]]:
    """Return the Chinese and English words for `facts`, `sources` and `standings`, by their codes."""
    stated: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
        Path(__file__).with_name("facts.yaml").read_text(encoding="utf-8")
    )
    return {kind: {code: (one["zh"], one["en"]) for code, one in words.items()} for kind, words in stated.items()}


@dataclass(frozen=True)
class Fact:
    """One fact: its name, the value taken (None where nothing or nothing certain is stated), its evidence in order."""

    name: str
    value: str | None
    evidence: tuple[Evidence, ...]

    def standing(self, piece: Evidence) -> str:
        """Return how a piece of the evidence stands to the value: one of the standings of facts.yaml."""
        if piece.source == numbering.PLACEHOLDING:
            return PLACEHOLDER
        if self.value is None:
            counted = {one.value for one in self.evidence if one.source != numbering.PLACEHOLDING}
            return DIFFERS if len(counted) > 1 else UNUSED
        same = organs.agree(fold(piece.value), fold(self.value)) if self.name in LOOSELY else piece.value == self.value
        return USED if same else DIFFERS


def facts_of(prose: Prose) -> dict[str, Fact]:
    """Return every fact by name, also those that the report does not state."""
    titles = [evidence for evidence, _ in dating.titles(prose)]
    stated = dating.periods(prose)
    odd = dating.odd_periods(prose)
    # Of the odd periods only one within a single year tells a year.
    periods = [evidence for evidence, *_ in stated]
    periods += [evidence for evidence, start, end in odd if start.year == end.year]
    spans = [
        replace(evidence, value=f"{start.isoformat()}{BETWEEN}{end.isoformat()}")
        for evidence, start, end in (*stated, *odd)
    ]
    signed = [evidence for evidence, _ in dating.signatures(prose)]
    published = dating.publication_dates(prose)
    names = organs.names(prose)
    organ = organs.organ_name(names)
    code, code_evidence = organs.territory_code(prose, organ)
    year = _agreed([*titles, *periods])
    numbers = {
        "index_number": numbering.index_numbers(prose), "document_number": numbering.document_numbers(prose),
        **numbering.filings(prose),
    }
    found = [
        _fact("title", titles[0].text if titles else None, [replace(piece, value=piece.text) for piece in titles]),
        _fact("organ_name", organ, names),
        _fact("report_year", year, [*titles, *periods, *dating.listings(prose)]),
        _fact("period", _agreed(spans), spans),
        _fact("signed_date", _agreed(signed), signed),
        _fact("published_date", dating.publication_date(published), published),
        *(_fact(name, numbering.one_trusted(pieces), pieces) for name, pieces in numbers.items()),
        _fact("territory_code", code, code_evidence),
    ]
    return {fact.name: fact for fact in found}


def _fact(name: str, value: str | None, evidence: Sequence[Evidence]) -> Fact:
    return Fact(name, value, tuple(dict.fromkeys(evidence)))


def _agreed(evidence: Sequence[Evidence]) -> str | None:
    return dating.one_of(piece.value for piece in evidence)
