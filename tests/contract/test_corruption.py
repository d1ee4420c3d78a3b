"""Damage of every class, in every layout that is registered: nothing wrong is published where it could be seen.

Belongs here: a few hundred damaged documents of a fixed seed, and that the registry of classes is whole.
Does not: the large run and its counts (`python -m benchmarks corruption`), named cases (tests/pipeline).
"""

from __future__ import annotations

from functools import cache

import pytest

from assets.form import cells as form
from tests.typesetting.corruption import Damaged, Verdict, applies, damaged, faults, functions, verdicts
from tests.typesetting.layouts import DESTRUCTIVE, EVERY_LAYOUT, LAYOUTS
from tests.typesetting.publication import compose

SEED = 20260331
# So many documents of each class; the layouts take turns, so that together the classes meet every layout several times.
EACH = 2
# Each of these costs seconds: an embedded font to set, a picture to recognise. One document of each such PDF layout and
# one picture here, all classes in the large run.
SLOW = {"pdf_embedded": "value_lost", "pdf_repeated_heads": "table_cut"}
PICTURES = [name for name, layout in EVERY_LAYOUT.items() if layout.promise < 1]
READ = [name for name in LAYOUTS if name not in SLOW and name not in PICTURES]


@cache
def judged() -> list[tuple[Damaged, Verdict]]:
    chosen = list(SLOW.items()) + [(name, "digits_changed") for name in PICTURES[:1]]
    chosen += [(name, code) for code in faults() for name in struck_in_turn(code)]
    made = [damaged(code, name, f"{SEED}/{number}") for number, (name, code) in enumerate(chosen)]
    documents = [one for one in made if one is not None]
    return list(zip(documents, verdicts(documents), strict=True))


def struck_in_turn(code: str) -> list[str]:
    """Return the next EACH layouts that a class strikes, and one that destroys the report without any damage.

    A class met by layouts of the latter kind alone would show nothing: all that they set is held.
    """
    number = list(faults()).index(code)
    struck = [name for name in READ if applies(code, name)]
    destructive = list(DESTRUCTIVE)
    kept = [struck[(number * EACH + n) % len(struck)] for n in range(EACH)]
    return [*kept, destructive[number % len(destructive)]]


def of_class(code: str) -> list[Verdict]:
    return [verdict for _, verdict in judged() if verdict.fault == code]


def test_every_class_has_its_function_and_every_function_its_class() -> None:
    stated = {step: {code for code, fault in faults().items() if fault.step == step} for step in functions()}
    assert {step: set(made) for step, made in functions().items()} == stated


def test_tables_in_which_a_class_is_not_seen_are_tables_of_the_form() -> None:
    assert {table for fault in faults().values() for table in fault.unseen} <= set(form.table_codes())


def test_the_same_seed_damages_alike() -> None:
    assert damaged("bytes_flipped", "html_clean", 1) == damaged("bytes_flipped", "html_clean", 1)


def test_every_layout_is_struck() -> None:
    assert {document.layout for document, _ in judged()} >= {*READ, *DESTRUCTIVE, *SLOW, *PICTURES[:1]}
    assert len(judged()) >= len(faults()) * (EACH + 1) * 0.95


@pytest.mark.parametrize("code", faults())
def test_nothing_wrong_is_published(code: str) -> None:
    found = of_class(code)
    assert found, "no document of this class could be made"
    assert [(v.layout, v.wrong) for v in found if v.wrong] == []
    assert [(v.layout, v.detail) for v in found if v.fate == "crashed"] == []


@pytest.mark.parametrize("code", [code for code, fault in faults().items() if fault.unseen])
def test_a_class_that_is_called_unseen_is_so_for_a_reason(code: str) -> None:
    """Where every document of such a class is held, the class belongs among those that are seen."""
    if faults()[code].step == "figures":
        assert any(verdict.unseen for verdict in of_class(code))


@pytest.mark.parametrize("code", [code for code, fault in faults().items() if not fault.unseen])
def test_damage_changes_the_document(code: str) -> None:
    """What layouts of the destructive kind leave out cannot be damaged either."""
    struck = [document for document, _ in judged() if document.fault == code]
    assert [document.unset for document in struck if document.unset] == []
    for document in struck:
        if document.layout in DESTRUCTIVE:
            continue
        assert document.content != EVERY_LAYOUT[document.layout].render(compose(document.report)), document.layout
