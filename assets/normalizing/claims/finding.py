"""Finds the claims of a report: every pattern on every sentence, and the guards that make a match no claim.

Belongs here: matching, the year and the subject a match speaks of. Does not: patterns (patterns.yaml), sums (lists.py),
what several claims of one sentence say of each other (weighing.py), verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assets.normalizing.claims.claim import WEAK, Claim
from assets.normalizing.claims.lists import sums_of
from assets.normalizing.claims.numerals import Interval
from assets.normalizing.claims.patterns import Guard, Pattern, compiled, data, patterns
from assets.normalizing.claims.quantities import THIS, YEARS, Skeleton, skeleton
from assets.normalizing.claims.sentences import Sentence, sentences_of
from assets.normalizing.claims.weighing import weighed
from assets.normalizing.prose import Prose

SEPARATORS = ",;。!?"
# A clause that begins with a year, or with one of these before it, sets the year of what follows.
BEFORE_YEAR = re.compile(r"^(?:在|自|从|截[至止]|至|到|\(|\)|一是|[一二三四五六七八九十]+、)?$")
OTHER_MATTERS = "other_matters"
OTHER_SECTION = 6
# The section of a context that has none.
NOWHERE = 0
LONGEST_TEXT = 120


@dataclass(frozen=True)
class _Match:
    """A pattern's match in a sentence's skeleton, with the clause it stands in and the year that governs before it."""

    skeleton: Skeleton
    found: re.Match[str]
    clause: int
    inherited: str | None

    @property
    def start(self) -> int:
        return self.found.start()

    @property
    def end(self) -> int:
        return self.found.end()


def claims_of(prose: Prose, report_year: int | None, organ: str | None = None) -> list[Claim]:
    """Return every claim of a report in reading order.

    Args:
        prose: the report's paragraphs.
        report_year: the year it reports on; without it, what is said of a written-out year is no claim.
        organ: the organ's name; a government speaks for its territory, an office's words about it are weak.
    """
    whole = organ is not None and re.search(data()["territorial"], organ) is not None
    found: list[Claim] = []
    governing: str | None = None
    sentences = list(sentences_of(prose))
    for sentence in sentences:
        read = skeleton(sentence.text, report_year)
        governing = None if sentence.first else governing
        found.extend(weighed([*_matched(sentence, read, governing, whole), *sums_of(sentence, read)]))
        governing = _governing(read, len(read.text)) or governing
    return found + [
        Claim(OTHER_MATTERS, None, OTHER_SECTION, None, None, (), None, one.text[:LONGEST_TEXT], one.place, 0, 0)
        for one in sentences if one.section == OTHER_SECTION
    ][:1]


def _matched(sentence: Sentence, read: Skeleton, inherited: str | None, whole: bool) -> Iterator[Claim]:
    for pattern in patterns():
        for found in pattern.words.finditer(read.text):
            match = _Match(read, found, _clause_start(read.text, found.start()), inherited)
            if _in_context(pattern, sentence, match) and not _is_guarded(pattern.guards, match) and _this_year(match):
                yield _claim(pattern, sentence, match, whole)


def _claim(pattern: Pattern, sentence: Sentence, match: _Match, whole: bool) -> Claim:
    at, number = _number(pattern, match)
    origin, count = match.skeleton.origin, match.found.groupdict().get("count")
    parts = [_interval(match, match.found.start("count"))] if count else []
    scoped = not whole and number is not None and _of_wider_scope(match)
    return Claim(
        pattern.kind, pattern.subject, sentence.section,
        number.lower if number else None, number.upper if number else None,
        tuple((part.lower, part.upper) for part in parts), WEAK if scoped else pattern.strength,
        _quoted(sentence.text, origin[match.clause], origin[match.end]), sentence.place, at,
        origin[match.end],
    )


def _of_wider_scope(match: _Match) -> bool:
    text = match.skeleton.text
    in_clause = re.search(data()["scope"], text[match.clause : match.end])
    return (in_clause or re.search(data()["scope_of_sentence"], text[: match.end])) is not None


def _number(pattern: Pattern, match: _Match) -> tuple[int, Interval | None]:
    """The place and the interval of what is claimed: the number printed, else the pattern's own value."""
    if match.found.groupdict().get("n"):
        position = match.found.start("n")
        return match.skeleton.origin[position], _interval(match, position)
    own = None if pattern.value is None else Interval(pattern.value, pattern.value)
    return match.skeleton.origin[match.start], own


def _interval(match: _Match, position: int) -> Interval:
    read = match.skeleton.tokens[position].interval
    if read is None:
        raise ValueError(f"no number at {position} of {match.skeleton.text!r}: a pattern names a year as a number")
    return read


def _quoted(text: str, start: int, end: int) -> str:
    """The clauses of a match to their end; where they are short, with the clause before, which names the subject."""
    while end < len(text) and text[end] not in SEPARATORS:
        end += 1
    if end - start < LONGEST_TEXT // 6 and start:
        start = _clause_start(text, start - 1)
    return text[start:end].strip(SEPARATORS)[:LONGEST_TEXT]


def _clause_start(text: str, position: int) -> int:
    return max(text.rfind(separator, 0, position) for separator in SEPARATORS) + 1


# --- guards


def _is_guarded(guards: Sequence[Guard], match: _Match) -> bool:
    text = match.skeleton.text
    regions = {
        "match": text[match.start : match.end], "clause": text[match.clause : match.end], "sentence": text,
        "before": text[: match.start],
    }
    return any(
        guard.words.match(text, match.end) if guard.where == "after" else guard.words.search(regions[guard.where])
        for guard in guards
    )


def _in_context(pattern: Pattern, sentence: Sentence, match: _Match) -> bool:
    if pattern.context is None:
        return True
    context = data()["contexts"][pattern.context]
    if "anywhere" in context:
        words = compiled(context["anywhere"])
        spoken = words.search(sentence.text) or words.search(sentence.heading)
        return spoken is not None or sentence.section == context.get("section")
    before, among = match.skeleton.text[: match.end], context["among"]
    named = _last_subject(before, among) or _last_subject(sentence.heading, among)
    return bool(named == context["subject"] if named else sentence.section == context.get("section", NOWHERE))


def _last_subject(text: str, among: Sequence[str]) -> str | None:
    """Return which of some `subjects` the text names last."""
    places = {name: max((m.end() for m in _subjects()[name].finditer(text)), default=-1) for name in among}
    name = max(places, key=lambda one: places[one])
    return name if places[name] >= 0 else None


@cache
def _subjects() -> dict[str, re.Pattern[str]]:
    return {name: compiled(words) for name, words in data()["subjects"].items()}


# --- the year


def _this_year(match: _Match) -> bool:
    """Whether a match speaks of the report year: no other year is named in its clause, nor governs from before."""
    text, neutral = match.skeleton.text, _carried_years(match.skeleton.text)
    in_clause = [
        text[i] for i in range(match.clause, match.start) if text[i] in YEARS and i not in neutral
    ]
    if in_clause:
        return in_clause[-1] == THIS
    return (_governing(match.skeleton, match.start) or match.inherited or THIS) == THIS


def _governing(read: Skeleton, end: int) -> str | None:
    """Return the last year at the beginning of a clause before `end`: it holds until another one."""
    neutral, last = _carried_years(read.text), None
    for position in range(end):
        if read.text[position] in YEARS and position not in neutral:
            before = read.text[_clause_start(read.text, position) : position]
            last = read.text[position] if BEFORE_YEAR.match(before) else last
    return last


def _carried_years(text: str) -> set[int]:
    """The positions of years that say from or to when something was carried."""
    found = re.finditer(data()["carried_year"], text)
    return {match.start(group) for match in found for group in (1, 2) if match[group]}
