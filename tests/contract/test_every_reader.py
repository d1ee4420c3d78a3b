"""Every reader has an example with an approved answer, and gives what was approved.

Belongs here: what a newcomer's reader must meet. Does not: details of one reader (tests/unit).
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assets.parsing import readers
from assets.parsing.document import Block, ReadDocument
from assets.parsing.readers.bounds import Budget, Unreadable
from assets.parsing.refusals import refusal_words

FOLDER = Path(readers.__file__).parent / "examples"
EXAMPLES = sorted(p for p in FOLDER.glob("*/*") if p.is_file() and not p.name.endswith(".expected.json"))
FLIPPED = 12


def reader_names() -> list[str]:
    """Return the modules that are readers: those with a `read` of their own."""
    names = sorted(one.name for one in pkgutil.iter_modules(readers.__path__))
    modules = {name: importlib.import_module(f"{readers.__name__}.{name}") for name in names}
    return [name for name, module in modules.items() if getattr(module, "read", None) and is_own(module)]


def is_own(module: ModuleType) -> bool:
    """Tell whether the `read` of a module is not merely imported."""
    return bool(module.read.__module__ == module.__name__)


def answer(document: ReadDocument) -> dict[str, Any]:
    """Return what a reader gave: lines of text, and tables as rows of `column+width×height text`."""
    return {
        "media": document.media,
        "reader": document.reader,
        "encoding": document.encoding,
        "pages": [[_block(block) for block in page.blocks] for page in document.pages],
    }


def _block(block: Block) -> Any:
    if block.grid is None:
        return f"{block.place}: {block.text}"
    return [block.place, *(
        [f"{cell.column}+{cell.column_span}×{cell.row_span} {cell.text}" for cell in row.cells] for row in block.grid
    )]


def shown(example: Path) -> str:
    return f"{example.parent.name}/{example.name}"


@pytest.mark.parametrize("name", reader_names())
def test_a_reader_has_an_example(name: str) -> None:
    found = [path for path in EXAMPLES if path.parent.name == name]
    assert found, f"put a document into {FOLDER / name} and run the test again to get its answer to approve"


@pytest.mark.parametrize("example", EXAMPLES, ids=shown)
def test_an_example_is_read_as_approved(example: Path) -> None:
    found = answer(readers.read(example.read_bytes()))
    approved = example.with_name(example.name + ".expected.json")
    if not approved.exists():
        approved.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{approved} did not exist and was written: check every cell against the example, then run again")
    assert found == json.loads(approved.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=shown)
def test_an_example_is_sent_to_its_reader(example: Path) -> None:
    """A wrapping (archive) hands on what is inside; every other reader reads its own."""
    document = readers.read(example.read_bytes())
    assert example.parent.name in (document.reader, "archive")


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.parent.name != "image"], ids=shown)
def test_a_damaged_example_is_read_or_refused_by_name(example: Path) -> None:
    content = example.read_bytes()
    chance = random.Random(example.name)
    damaged = [content[: len(content) * tenth // 10] for tenth in range(1, 10)]
    for _ in range(FLIPPED):
        place = chance.randrange(len(content))
        damaged.append(content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :])
    for one in damaged:
        try:
            readers.read(one, Budget())
        except Unreadable as problem:
            assert refusal_words(problem.kind)
