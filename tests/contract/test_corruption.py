"""Damage of every class, in every layout that is registered: nothing wrong is published where it could be seen.

Belongs here: a few hundred damaged documents of a fixed seed, and that the registry of classes is whole.
Does not: the large run and its counts (`python -m benchmarks corruption`), named cases (tests/pipeline).
"""

from __future__ import annotations

from functools import cache
from itertools import cycle

import pytest

from assets.form import cells as form
from tests.typesetting.corruption import Damaged, Verdict, damaged, faults, functions, verdicts
from tests.typesetting.layouts import EVERY_LAYOUT

SEED = 20260331
# So many documents of each class; the layouts take turns, so that all classes together meet every layout many times.
EACH = 3
READ = [name for name, layout in EVERY_LAYOUT.items() if layout.promise == 1]
# Pictures take seconds a page: one document each of a few classes here, all classes in the large run.
RECOGNISED = [name for name, layout in EVERY_LAYOUT.items() if layout.promise < 1]
FOR_PICTURES = ("digits_changed", "value_lost", "label_of_another", "truncated")


@cache
def judged() -> list[tuple[Damaged, Verdict]]:
    turns = cycle(READ)
    made = [damaged(code, next(turns), f"{SEED}/{n}") for code in faults() for n in range(EACH)]
    made += [damaged(code, name, SEED) for name, code in zip(RECOGNISED, cycle(FOR_PICTURES), strict=False)]
    documents = [one for one in made if one is not None]
    return list(zip(documents, verdicts(documents), strict=True))


def of_class(code: str) -> list[Verdict]:
    return [verdict for _, verdict in judged() if verdict.fault == code]


def test_every_class_has_its_function_and_every_function_its_class() -> None:
    stated = {step: {code for code, fault in faults().items() if fault.step == step} for step in functions()}
    assert {step: set(made) for step, made in functions().items()} == stated


def test_tables_in_which_a_class_is_not_seen_are_tables_of_the_form() -> None:
    assert {table for fault in faults().values() for table in fault.unseen} <= set(form.table_codes())


def test_the_same_seed_damages_alike() -> None:
    assert damaged("bytes_flipped", "html_clean", 1) == damaged("bytes_flipped", "html_clean", 1)


def test_every_layout_and_nearly_every_pair_is_struck() -> None:
    assert {document.layout for document, _ in judged()} == set(EVERY_LAYOUT)
    assert len(judged()) >= len(faults()) * EACH * 0.9


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
    assert all(document.content or document.unset for document, _ in judged() if document.fault == code)
