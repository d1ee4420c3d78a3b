"""Every layout has an example with an approved answer, and exactly one layout claims every region of every example.

Belongs here: what a newcomer's layout folder must meet. Does not: details of one layout (tests/unit).
"""

from __future__ import annotations

import json
import pkgutil
from pathlib import Path

import pytest

from assets.form import cells as form
from assets.parsing import layouts, readers
from assets.parsing.document import ParsedDocument
from assets.parsing.layouts import claimants
from assets.parsing.parse import parse_document
from assets.parsing.sections import regions
from assets.parsing.unrolled import unrolled

FOLDER = Path(layouts.__file__).parent
NAMES = sorted(module.name for module in pkgutil.iter_modules(layouts.__path__) if module.ispkg)
EXAMPLES = sorted(p for p in FOLDER.glob("*/examples/*") if not p.name.endswith(".expected.json"))


def answer(parsed: ParsedDocument) -> dict[str, object]:
    return {
        "refusal": parsed.refusal.kind if parsed.refusal else None,
        "tables": {
            table.code: {
                "layout": table.layout,
                "edition": table.edition,
                "facts": sorted(f"{o.fact} {o.scope} {o.value}".strip() for o in table.observations),
                "cells": {placed.cell_code: placed.cell.text for placed in table.cells if placed.cell_code},
            }
            for table in parsed.tables
        },
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_layout_has_an_example(name: str) -> None:
    found = [path for path in EXAMPLES if path.parent.parent.name == name]
    assert found, f"put a report into {FOLDER / name / 'examples'} and run the test again to get its answer to approve"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: f"{p.parent.parent.name}/{p.name}")
def test_an_example_is_read_as_approved(example: Path) -> None:
    found = answer(parse_document(example.read_bytes(), example.name))
    approved = example.with_name(example.name + ".expected.json")
    if not approved.exists():
        approved.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{approved} did not exist and was written: check every cell against the example, then run again")
    assert found == json.loads(approved.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: f"{p.parent.parent.name}/{p.name}")
def test_exactly_one_layout_claims_each_table_of_an_example(example: Path) -> None:
    own = example.parent.parent.name
    for region in regions(unrolled(readers.read(example.read_bytes()).blocks)):
        if region.section in form.table_codes():
            assert [layout.name for layout in claimants(region.blocks)] in ([own], []), region.heading
