"""Whose report it is, decided by evidence: resolved, for review, or unresolved; never guessed.

Belongs here: weighing pieces, what an organ's id is made of. Does not: finding pieces (pieces.py), scope (scope.py).

An organ is resolved where at least two independent pieces agree on its territory and none speaks against it. Pieces of
one kind are one piece. A county or town that is named alone, and has or ever had a namesake, needs a piece that is not
its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assets.normalizing import organ_kinds, organ_names
from assets.normalizing.organ_identity import pieces as kinds
from assets.normalizing.organ_identity.pieces import Piece
from assets.normalizing.organ_identity.reading import GOVERNMENT, OFFICE, STATE_COUNCIL, Reading, key_of
from assets.normalizing.territories.history import COUNTY, PREFECTURE, PROVINCE, ZONE
from assets.normalizing.territories.table import Table, table

RESOLVED, REVIEW, UNRESOLVED = "resolved", "review", "unresolved"
AGREES, CONFLICTS, NEUTRAL = "agrees", "conflicts", "neutral"
# Where an organ names itself; what stands in metadata may be the office that runs the page.
OWN_NAMES = (kinds.TITLE, kinds.SIGNATURE, kinds.SELF)
NAMES = (*OWN_NAMES, kinds.OPENING, kinds.OFFICE_COUNTS)
# Names of other places stand in any text: these pieces bear out, but never contradict.
ONLY_FOR = (kinds.ACCOUNT, kinds.ADDRESS, kinds.PARENT)
# Who runs the page or answers the telephone: they tell the organ only where both are the same.
AROUND = (kinds.METADATA, kinds.CONTACT)
LEAST = 2


@dataclass(frozen=True)
class Identity:
    """Whose report it is; all but state, reason and standings are None unless it is resolved.

    organ_name: in full, with its place. own_name: without it (水利局). territory_code: six digits, of the county for a
    town, whose own code town_code is where the list of the county has it. standings: how each piece stands to the organ
    taken: agrees, conflicts, neutral.
    """

    state: str
    reason: str
    organ_id: str | None = None
    organ_name: str | None = None
    own_name: str | None = None
    territory_code: str | None = None
    town_code: str | None = None
    organ_type: str | None = None
    level: str | None = None
    standings: tuple[tuple[Piece, str], ...] = field(default=(), repr=False)


def resolve(found: Sequence[Piece], year: int | None, parents: Sequence[Piece] = ()) -> Identity:
    """Decide by the pieces found whose report it is.

    Args:
        found: the pieces, most trusted first.
        year: the report year, None where it is not certain.
        parents: for candidate territories, where the text names the city or province they lie in.
    """
    own = own_name(found)
    if own is None or own.reading is None:
        around = any(piece.kind in AROUND and piece.reading for piece in found)
        return _undecided(REVIEW, "only_around", found) if around else _undecided(UNRESOLVED, "no_name", found)
    if own.reading.organ_type == STATE_COUNCIL:
        return _national(own.reading, found)
    if own.reading.unknown:
        return _undecided(REVIEW, "unknown_place", found)
    if own.reading.organ_type is None:
        return _undecided(REVIEW, "unknown_kind", found)
    against = [piece for piece in found if _is_other_organ(piece, own)]
    if against:
        return _undecided(REVIEW, "names_differ", found, against)
    possible = candidates(found, year)
    if not possible:
        return _undecided(UNRESOLVED, "no_territory", found)
    weighed = [_Weighed(code, own, [*found, *parents], year) for code in sorted(possible)]
    free = [one for one in weighed if not one.against]
    if not free:
        return _undecided(REVIEW, "places_differ", found, weighed[0].against)
    best = _best(free)
    if best is None:
        return _undecided(REVIEW, "namesakes", found)
    reason = best.lacks()
    if reason:
        return _undecided(REVIEW, reason, found)
    return _resolved(best, own, year)


def own_name(found: Sequence[Piece]) -> Piece | None:
    """Return the piece whose name is taken for the organ's: title before signature before what the prose says."""
    named = [piece for kind in NAMES for piece in found if piece.kind == kind and piece.reading]
    if not named:
        page, contact = ([piece for piece in found if piece.kind == kind and piece.reading] for kind in AROUND)
        return next((one for one in contact for other in page if _same_organ(one, other)), None)
    own = named[0]
    # A title that gives only 区水利局 is completed by a signature that says which district's.
    alike = [piece for piece in named if piece.kind in OWN_NAMES and piece.codes and _same_organ(piece, own)]
    return own if own.codes or not alike else alike[0]


def candidates(found: Sequence[Piece], year: int | None) -> set[str]:
    """Return the territories that the organ's may be: those its name means, else those that other pieces name."""
    own = own_name(found)
    if own is None or own.reading is None:
        return set()
    if own.codes:
        return set(own.codes)
    others = (kinds.METADATA, kinds.CONTACT, kinds.OPENING, kinds.LISTING, kinds.REGISTRY, kinds.WEBSITE,
              kinds.CREDIT, kinds.POLICE, kinds.ACCOUNT, kinds.ADDRESS)
    named = {code for piece in found if piece.kind in others for code in piece.codes}
    return {code for code in named if _fits(own.reading, code, year)}


def _fits(reading: Reading, code: str, year: int | None) -> bool:
    """Tell whether a name without a place (区水利局, 城关镇人民政府) may be that of an organ of the territory."""
    territory = table().at(code, year)
    if territory is None or territory.level == ZONE:
        return False
    if reading.town:
        return territory.level == COUNTY or table().town(code, reading.town) is not None
    if reading.unit:
        return territory.name.endswith(reading.unit) and (reading.level is None or territory.level == reading.level)
    return True


def _is_other_organ(piece: Piece, own: Piece) -> bool:
    """Tell whether a piece names another organ as the report's own."""
    if piece.reading is None or own.reading is None or piece is own:
        return False
    if piece.kind in OWN_NAMES:
        return not _same_organ(piece, own)
    # A government's report, and its office's, speaks of its departments as well.
    if piece.kind == kinds.OPENING and own.reading.organ_type not in (GOVERNMENT, OFFICE):
        level = piece.reading.level
        peer = level is None or own.reading.level is None or level == own.reading.level
        return peer and not _same_organ(piece, own)
    return False


def _same_organ(piece: Piece, own: Piece) -> bool:
    """Tell whether two names are one organ's, places aside; a government's report may be signed by its office."""
    one, other = piece.reading, own.reading
    if one is None or other is None or one.unknown:
        return False
    if (one.town or "") != (other.town or "") and one.town and other.town:
        return False
    if key_of(one) == key_of(other):
        return True
    if {one.organ_type, other.organ_type} == {GOVERNMENT}:
        return True
    if _government_and_office(one, other):
        return other.organ_type == GOVERNMENT
    return bool(one.rest) and bool(other.rest) and organ_names.abbreviates(one.rest, other.rest)


def _government_and_office(one: Reading, other: Reading) -> bool:
    return {one.organ_type, other.organ_type} == {GOVERNMENT, OFFICE}


class _Weighed:
    """How the pieces stand to one candidate territory."""

    def __init__(self, code: str, own: Piece, found: Iterable[Piece], year: int | None) -> None:
        self.code, self.own, self.year = code, own, year
        self.standings = [(piece, _standing(piece, code, own, table())) for piece in found]
        self.against = [piece for piece, standing in self.standings if standing == CONFLICTS]
        self.kinds = {_independent(piece) for piece, standing in self.standings if standing == AGREES}

    def telling_kinds(self) -> set[str]:
        """Return the kinds that tell it from namesakes; the name of an account or site above (杭州发布) does not."""
        accounts = (piece for piece, _ in self.standings if piece.kind == kinds.ACCOUNT)
        return self.kinds - {_independent(piece) for piece in accounts if self.code not in piece.codes}

    def lacks(self) -> str:
        """Return what is missing for it to be resolved; "" where nothing is."""
        if len(self.kinds) < LEAST:
            return "one_piece"
        agreeing = [piece for piece, standing in self.standings if standing == AGREES]
        alone = all(_bare_name(piece) for piece in agreeing)
        return "name_alone" if alone and not _never_had_namesake(agreeing) else ""


def _independent(piece: Piece) -> str:
    """Return what makes a piece one with others: its kind, and of an account whose it is."""
    return f"{piece.kind} {min(piece.codes)}" if piece.kind == kinds.ACCOUNT else piece.kind


def _bare_name(piece: Piece) -> bool:
    """Tell whether a piece is a name that names a county or town and nothing that it lies in."""
    reading = piece.reading
    return reading is not None and (len(reading.places) < LEAST and (reading.town is not None or _is_county(reading)))


def _is_county(reading: Reading) -> bool:
    return not reading.places or reading.places[-1].level not in (PROVINCE, PREFECTURE)


def _never_had_namesake(agreeing: Iterable[Piece]) -> bool:
    readings = [piece.reading for piece in agreeing if piece.reading]
    return all(one.places and table().ever_unique(one.places[-1].name) for one in readings)


def _best(free: Sequence[_Weighed]) -> _Weighed | None:
    """Return the one candidate that pieces tell from its namesakes; None where none or several are told."""
    if len(free) == 1:
        return free[0]
    shared = set.intersection(*(one.kinds for one in free))
    told = [one for one in free if one.telling_kinds() - shared]
    return told[0] if len(told) == 1 else None


def _standing(piece: Piece, code: str, own: Piece, places: Table) -> str:
    if not piece.codes:
        return _standing_without_codes(piece, code, own, places)
    around = any(places.within(code, one) for one in piece.codes)
    inside = any(places.within(one, code) for one in piece.codes)
    if piece.kind in OWN_NAMES:
        return AGREES if code in piece.codes else CONFLICTS
    if piece.kind in ONLY_FOR:
        return AGREES if around else NEUTRAL
    if piece.kind in (kinds.POLICE, kinds.CREDIT):
        same_province = any(one[:2] == code[:2] for one in piece.codes)
        return AGREES if around or inside else NEUTRAL if same_province else CONFLICTS
    return AGREES if around else CONFLICTS


def _standing_without_codes(piece: Piece, code: str, own: Piece, places: Table) -> str:
    reading = piece.reading
    if reading is None:
        return NEUTRAL
    if reading.town and places.town(code, reading.town):
        return AGREES
    territory = places.at(code, None)
    misfit = reading.unit and piece.kind in OWN_NAMES and territory and not territory.name.endswith(reading.unit)
    return CONFLICTS if misfit and piece is not own else NEUTRAL


def _national(reading: Reading, found: Sequence[Piece]) -> Identity:
    """A body of the State Council is known by its name; two places must give it."""
    same = [piece for piece in found if piece.reading and piece.reading.rest == reading.rest]
    standings = tuple((piece, AGREES if piece in same else NEUTRAL) for piece in found)
    others = [piece for piece in found if piece.kind in OWN_NAMES and piece not in same]
    if others:
        return _undecided(REVIEW, "names_differ", found, others)
    if len({piece.kind for piece in same}) < LEAST:
        return _undecided(REVIEW, "one_piece", found)
    digest = _id("000000", STATE_COUNCIL, key_of(reading))
    return Identity(
        RESOLVED, "", digest, reading.rest, reading.rest, None, None, STATE_COUNCIL, organ_kinds.NATIONAL, standings
    )


def _resolved(best: _Weighed, own: Piece, year: int | None) -> Identity:
    reading = next((one for one in own.readings if one.code == best.code), own.reading)
    territory = table().at(best.code, year)
    if reading is None or territory is None or reading.organ_type is None:
        raise ValueError(f"{best.code}: resolved without a reading or a territory of that code in {year}")
    level = reading.level
    if level is None and not reading.places and territory.level in (PROVINCE, PREFECTURE, COUNTY):
        level = territory.level
    parent = table().at(territory.parent or "", year)
    # A city stands before its districts' names; counties, banners and cities below it are called without it.
    before = parent.name if parent and territory.name.endswith("区") and parent.name.endswith("市") else ""
    rest = reading.rest or (organ_names.GOVERNMENT if reading.organ_type == GOVERNMENT else "")
    rest = organ_names.OFFICE if not rest and reading.organ_type == OFFICE else rest
    town = reading.town or ""
    key = key_of(reading) if reading.rest or town else rest
    return Identity(
        RESOLVED, "", _id(table().root(territory), reading.organ_type, key), f"{before}{territory.name}{town}{rest}",
        f"{town}{rest}", best.code, table().town(best.code, town) if town else None, reading.organ_type, level,
        tuple(best.standings),
    )


def _id(territory: str, organ_type: str, key: str) -> str:
    """Return an organ's id: the code its territory was first listed under, its type, a digest of its name's key."""
    return f"{territory}-{organ_type}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _undecided(state: str, reason: str, found: Sequence[Piece], against: Sequence[Piece] = ()) -> Identity:
    return Identity(state, reason, standings=tuple((one, CONFLICTS if one in against else NEUTRAL) for one in found))
