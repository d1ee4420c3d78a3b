"""The pieces of evidence for whose report it is: names and numbers, where they stand, what territory each may mean.

Belongs here: finding them in a report. Does not: weighing them (resolving.py), reading one name (reading.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assets.normalizing import dating, numbering
from assets.normalizing.dating import PATH
from assets.normalizing.evidence import Evidence
from assets.normalizing.facts import Fact
from assets.normalizing.organ_identity.credit_codes import credit_codes, division_of
from assets.normalizing.organ_identity.reading import OFFICE, Reading, read
from assets.normalizing.organs import DIVISION
from assets.normalizing.prose import Paragraph, Prose
from assets.normalizing.territories.table import table
from assets.parsing.titles import fold

TITLE, SIGNATURE, METADATA, LISTING = "title", "signature", "metadata", "listing"
SELF, OPENING, CONTACT, ADDRESS, ACCOUNT, OFFICE_COUNTS = (
    "self_named", "opening", "contact", "address", "account", "office_counts"
)
WEBSITE, POLICE, CREDIT, PARENT = "website_code", "police_filing", "credit_code", "parent_in_text"
REGISTRY = "publisher_registry"
HAN = "[一-鿿()]"
# Where the prose names its own organ: X(以下简称“我局”), 报告由X编制. Behind the first heading others are shortened.
ISSUED = rf"报告由({HAN}{{3,40}}?)(?:负责)?(?:编制|发布|公布)"
SELF_NAMED = re.compile(rf"({HAN}{{3,40}}?)\(以下简称[“\"']?(?:我|本)|{ISSUED}")
SELF_NAMED_IN_HEAD = re.compile(rf"({HAN}{{3,40}}?)\(以下简称[“\"']?(?!《)|{ISSUED}")
# A sentence that begins with the year and an organ: 2025年,某局坚持 …
OPENS = re.compile(
    rf"^20\d\d年度?,({HAN}{{3,40}}?)(?:始终|坚持|认真|严格|深入|高度|按照|根据|全面|积极|持续|紧紧|紧密|围绕|坚决|扎实|主动|共收到)"
)
CONTACTED = re.compile(rf"(?:与|联系单位[:为]?|联系部门[:为]?)({HAN}{{3,40}}?)(?:电话)?(?:联系|[,;。(:]|$)")
ADDRESSED = re.compile(r"地址[:为]?([一-鿿]{3,24})")
# Names of accounts and sites hold a territory's name: “中国喀左”, “辽宁发布”. Not all that is quoted is one: “平安”.
ACCOUNTS = re.compile(
    r"[“\"](?:(?:中国|微)([一-鿿]{2,10}?)|(?:中国|微)?([一-鿿]{2,10}?)(?:发布|政务|政务发布|政府网|融媒|政府信息公开))[”\"]"
)
SITES = re.compile(r"([一-鿿]{2,24}?)(?:人民)?政府(?:门户)?网站?")
COUNTS = re.compile(r"([省市区县旗州盟])(?:人民)?政府(?:办公室|办公厅|办)(?:共|累计|全年|本年度)?(?:收到|受理|接收)")
# What follows the name of the government above where the prose speaks of its orders.
ABOVE = "(?:市委|委|人民政府|政府|关于|统一|政务公开|有关|相关|要求)"
SHORTEST, LONGEST_NAME = 4, 40


@dataclass(frozen=True)
class Piece:
    """One piece: its kind, the words and where they stand, how a name reads, and the territories it may mean."""

    kind: str
    text: str
    place: str
    readings: tuple[Reading, ...] = ()
    codes: frozenset[str] = frozenset()

    @property
    def reading(self) -> Reading | None:
        """How the name reads apart from homonyms of its place; None of a number."""
        return self.readings[0] if self.readings else None


@dataclass(frozen=True)
class Listed:
    """What the registry of publishers says of the one that a document was fetched from: its organ, its territory."""

    publisher: str
    address: str
    organ: str = ""
    territory: str = ""


def pieces_of(
    prose: Prose, stated: Mapping[str, Fact], year: int | None, listed: Listed | None = None
) -> list[Piece]:
    """Return every piece of evidence of a report, in the order in which they are trusted.

    Args:
        prose: the report's prose.
        stated: its facts by name; their evidence holds title, signature, metadata and the site's numbers.
        year: the report year, None where it is not certain.
        listed: the publisher it was fetched from, None for a document that came otherwise.
    """
    named = [_named(one.source, one.value, one.text, one.place, year) for one in stated["organ_name"].evidence]
    found = [*named, *_lines_before(prose, year), *_listings(prose, year)]
    found += [*_numbers(stated, year), *_credits(prose, year), *_listed(listed, year)]
    for number, paragraph in enumerate(prose.paragraphs):
        found += _in_paragraph(paragraph, year, SELF_NAMED_IN_HEAD if number < len(prose.head) else SELF_NAMED)
    return list(dict.fromkeys(piece for piece in found if piece.readings or piece.codes))


def _named(kind: str, name: str, text: str, place: str, year: int | None) -> Piece:
    kind = SIGNATURE if kind.startswith(SIGNATURE) else kind
    readings = read(fold(name), year) if name else ()
    return Piece(kind, text, place, readings, frozenset(one.code for one in readings if one.code))


def _lines_before(prose: Prose, year: int | None) -> Iterator[Piece]:
    """The line above a title or day without an organ, where it is one by its places: 汾阳市红十字会 above the day."""
    for kind, stated in ((TITLE, dating.titles(prose)), (SIGNATURE, dating.signatures(prose))):
        for evidence, organ in stated:
            before = None if organ else dating.line_before(prose, evidence.place)
            if before is not None and len(before.folded) <= LONGEST_NAME:
                piece = _named(kind, before.folded, before.printed, before.place, year)
                if piece.codes and piece.reading and piece.reading.organ_type:
                    yield piece


def _listings(prose: Prose, year: int | None) -> Iterator[Piece]:
    """The path of the page: 当前位置:首页>某市某区人民政府>…"""
    for paragraph in prose.head:
        if PATH.search(paragraph.folded):
            for part in re.split(r"[>»›/|:]", paragraph.folded):
                piece = _named(LISTING, part, paragraph.printed, paragraph.place, year)
                if piece.codes and piece.reading and not piece.reading.unknown:
                    yield piece


def _listed(listed: Listed | None, year: int | None) -> Iterator[Piece]:
    """The publisher's entry: its territory as of the report's year, else the place that its organ's name gives."""
    if listed is None:
        return
    if listed.territory:
        evidence = Evidence(REGISTRY, listed.territory, f"{listed.publisher} {listed.territory}", listed.address)
        yield _of_code(REGISTRY, listed.territory, evidence, year)
    elif listed.organ:
        yield _named(REGISTRY, listed.organ, f"{listed.publisher} {listed.organ}", listed.address, year)


def _numbers(stated: Mapping[str, Fact], year: int | None) -> Iterator[Piece]:
    for kind in (WEBSITE, POLICE):
        for one in stated[kind].evidence:
            if match := DIVISION.fullmatch(one.value):
                yield _of_code(kind, match[1], one, year)
    for one in stated["index_number"].evidence:
        if one.source != numbering.PLACEHOLDING:
            for code in credit_codes(one.value):
                yield _of_code(CREDIT, division_of(code), one, year)


def _credits(prose: Prose, year: int | None) -> Iterator[Piece]:
    for paragraph in (*prose.head, *prose.tail):
        if "信用代码" in paragraph.folded or "机构代码" in paragraph.folded:
            for code in credit_codes(paragraph.folded):
                evidence = Evidence(CREDIT, code, paragraph.printed, paragraph.place)
                yield _of_code(CREDIT, division_of(code), evidence, year)


def _of_code(kind: str, code: str, evidence: Evidence, year: int | None) -> Piece:
    """A number says what its division was or became by the report year; of a code that no list has, nothing."""
    found = table().now(code, year)
    return Piece(kind, evidence.text, evidence.place, (), frozenset({found.code} if found else ()))


def _in_paragraph(paragraph: Paragraph, year: int | None, own: re.Pattern[str]) -> Iterator[Piece]:
    text = paragraph.folded
    for kind, pattern, mark in (
        (SELF, own, ("以下简称", "报告由")), (OPENING, OPENS, ("20",)), (CONTACT, CONTACTED, ("联系",)),
    ):
        if any(one in text for one in mark):
            for match in pattern.finditer(text):
                yield from _name_at_end(kind, next(group for group in match.groups() if group), paragraph, year)
    yield from _places_in(paragraph, year)
    for match in COUNTS.finditer(text):
        yield Piece(OFFICE_COUNTS, match[0], paragraph.place, (Reading((), "", OFFICE, None, unit=match[1]),))


def _name_at_end(kind: str, words: str, paragraph: Paragraph, year: int | None) -> Iterator[Piece]:
    """The longest name of an organ that ends the words: 全面梳理离石区人民政府办公室 ends with one."""
    for start in range(max(0, len(words) - SHORTEST + 1)):
        readings = read(words[start:], year)
        first = readings[0]
        if first.organ_type and (first.places or first.unit or first.town) and (first.rest or first.town):
            yield Piece(
                kind, words[start:], paragraph.place, readings, frozenset(one.code for one in readings if one.code)
            )
            return


def _places_in(paragraph: Paragraph, year: int | None) -> Iterator[Piece]:
    text = paragraph.folded
    if "地址" in text:
        for match in ADDRESSED.finditer(text):
            yield from _of_places(ADDRESS, match[1], match[0], paragraph, year)
    if "“" in text or '"' in text:
        for match in ACCOUNTS.finditer(text):
            codes = {one.code for one in table().named(match[1] or match[2], year, short=True)}
            yield Piece(ACCOUNT, match[0], paragraph.place, (), frozenset(codes))
    if "政府" in text and "网" in text:
        for match in SITES.finditer(text):
            for start in range(len(match[1]) - 1):
                if found := list(_of_places(ACCOUNT, match[1][start:], match[0], paragraph, year, whole=True)):
                    yield from found
                    break


def _of_places(
    kind: str, words: str, text: str, paragraph: Paragraph, year: int | None, whole: bool = False
) -> Iterator[Piece]:
    chains = [one for one in table().chains(words, year) if one.last_in_full and (one.end == len(words) or not whole)]
    if chains:
        longest = [one for one in chains if one.end == chains[0].end]
        yield Piece(kind, text, paragraph.place, (), frozenset(one.last.code for one in longest))


@lru_cache(maxsize=512)
def _spoken_of_as_above(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![一-鿿]){name}{ABOVE}|(?:国家|省委?|省政府|自治区|上级)[、和及]{name}{ABOVE}")


def parent_in_text(code: str, year: int | None, prose: Prose, named_at: frozenset[str]) -> Piece | None:
    """Return the first place where the prose speaks of the city or province that a territory lies in as of its own.

    What stands where the organ is named (title, signature …) is not counted, nor is a place visited: 南京市 in
    省、南京市关于 … speaks of the city above, in 赴南京市学习 it does not.
    """
    territory = table().at(code, year)
    parents = [table().at(f"{code[:4]}00", year), table().at(f"{code[:2]}0000", year)]
    for parent in (one for one in parents if one and territory and one.code != code):
        above = _spoken_of_as_above(parent.name)
        for paragraph in prose.paragraphs:
            if paragraph.place in named_at or parent.name not in paragraph.folded:
                continue
            if match := above.search(paragraph.folded):
                return Piece(PARENT, match[0], paragraph.place, (), frozenset({parent.code}))
    return None
