"""Compound files with damaged sizes: refused before memory is taken for them.

Belongs here: the container alone. Does not: Word and spreadsheet files (test_word_files.py, test_sheets.py).
"""

from __future__ import annotations

import pytest

from assets.parsing.readers.bounds import Unreadable
from assets.parsing.readers.compound import SECTOR_COUNTS, Compound
from tests.typesetting.figures import made_report
from tests.typesetting.layouts import EVERY_LAYOUT
from tests.typesetting.publication import compose

GIGABYTES = (0xB200_0000).to_bytes(4, "little")
# Where an entry of the directory says how many bytes its stream has.
SIZE_IN_ENTRY = 0x78


@pytest.fixture(scope="module")
def document() -> bytes:
    return EVERY_LAYOUT["doc"].render(compose(made_report(7, None, "nothing")))


def overwritten(content: bytes, place: int, other: bytes) -> bytes:
    return content[:place] + other + content[place + len(other) :]


def test_a_whole_file_is_opened(document: bytes) -> None:
    assert 0 < len(Compound(document).stream("WordDocument")) <= len(document)


def test_a_stream_larger_than_its_file_is_refused(document: bytes) -> None:
    entry = document.index("WordDocument".encode("utf-16-le"))
    damaged = Compound(overwritten(document, entry + SIZE_IN_ENTRY, GIGABYTES))
    with pytest.raises(Unreadable, match="a part of 2,986,344,448 bytes"):
        damaged.stream("WordDocument")


@pytest.mark.parametrize("place", SECTOR_COUNTS)
def test_tables_of_sectors_larger_than_the_file_are_refused(document: bytes, place: int) -> None:
    with pytest.raises(Unreadable, match="a part of"):
        Compound(overwritten(document, place, b"\xff\xff\xff\x7f"))
