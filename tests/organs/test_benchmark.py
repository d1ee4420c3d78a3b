"""The organ benchmark: what is called resolved is right without exception, and nearly all that can be is resolved."""

from __future__ import annotations

from collections import Counter
from functools import cache

from assets.normalizing.facts import facts_of
from assets.normalizing.organ_identity.identify import Owner, owner_of
from assets.normalizing.territories.table import table
from tests.organs.headings import Answer, Heading, headings

FEWEST = 400
LEAST_RECALL = 0.97


@cache
def judged() -> list[tuple[Heading, Owner]]:
    return [(one, owner_of(prose, facts_of(prose))) for one in headings() for prose in [one.prose()]]


def given(owner: Owner, right: Answer) -> Answer:
    """What the code says, in the shape of an answer; a town's code only where the answer states one."""
    identity = owner.identity
    if identity.state != "resolved":
        return Answer(identity.state)
    territory = table().at(identity.territory_code or "", None)
    town = (right.town[0], identity.town_code or "") if right.town else None
    return Answer(
        identity.state, identity.territory_code, right.name if territory is None or right.name is None else right.name,
        identity.organ_type, identity.level, owner.scope, town,
    )


def test_there_are_enough_headings_and_the_codes_of_their_answers_are_those_of_the_names() -> None:
    cases = headings()
    assert len(cases) >= FEWEST
    resolved = [one for one in cases if one.answer.code]
    wrong = [
        str(one) for one in resolved
        if (place := table().at(one.answer.code or "", one.year)) is None or place.name != one.answer.name
    ]
    assert wrong == []
    towns = {one.answer.town[1]: one.answer.town[0] for one in resolved if one.answer.town}
    assert {code: name for code, name in towns.items() if table().town(code[:6], name) != code} == {}


def test_what_is_called_resolved_is_right_and_nearly_all_is_resolved() -> None:
    answers = [(one, one.answer, given(owner, one.answer), owner) for one, owner in judged()]
    called = [one for one in answers if one[2].state == "resolved"]
    false = [f"{one}: {said} instead of {right}" for one, right, said, _ in called if said != right]
    wanted = [one for one in answers if one[1].state == "resolved"]
    missed = [f"{one}: {owner.identity.reason}" for one, _, said, owner in wanted if said.state != "resolved"]
    recall = 1 - len(missed) / len(wanted)
    print(f"{len(answers)} headings: {len(called)} called resolved, {len(false)} of them wrong; recall {recall:.4f}")
    print(*missed, sep="\n")
    assert false == []
    assert recall >= LEAST_RECALL


def test_what_is_not_resolved_is_told_apart_for_review_or_without_a_clue() -> None:
    wrong = [
        f"{one}: {owner.identity.state} ({owner.identity.reason}) instead of {one.answer.state}"
        for one, owner in judged() if one.answer.state != "resolved" and owner.identity.state != one.answer.state
    ]
    assert wrong == []


def test_every_group_of_headings_is_judged() -> None:
    groups = Counter(one.group for one, _ in judged())
    print(dict(groups))
    assert min(groups.values()) >= 5


def test_the_organs_own_name_is_what_is_printed_behind_its_place() -> None:
    """Where title and signature are the same, the place stands in it in full, and nothing is shortened."""
    compared, wrong = 0, []
    for one, owner in judged():
        place, behind = one.answer.name or "", one.title.rpartition(one.answer.name or " ")[2]
        if one.title != one.signature or place not in one.title or one.answer.organ_type != "department":
            continue
        if "分局" in behind or behind.startswith("人民政府"):
            continue
        compared += 1
        if owner.identity.own_name != behind or owner.identity.organ_name != f"{above(one)}{place}{behind}":
            wrong.append(f"{one}: {owner.identity.organ_name}")
    assert wrong == []
    assert compared > 180


def above(one: Heading) -> str:
    """The city that stands before a district's name; a county's or a county-level city's name stands alone."""
    territory = table().at(one.answer.code or "", one.year)
    parent = table().at((territory.parent if territory else None) or "", one.year)
    return parent.name if parent and (one.answer.name or "").endswith("区") and parent.name.endswith("市") else ""
