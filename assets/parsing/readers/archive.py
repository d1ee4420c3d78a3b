"""Reader of zip files that hold documents, as mail systems and offices pack them.

Belongs here: finding the documents, and saying in which file a place is. Does not: reading them (the reader of their
kind), or whether they are reports (parse.py).
"""

from __future__ import annotations

import re
from dataclasses import replace

from assets.parsing import readers
from assets.parsing.document import Block, ReadDocument
from assets.parsing.readers import sniffing
from assets.parsing.readers.bounds import Budget, Unreadable, open_archive, read_member

# What packing programs add of their own.
ADDED = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
MOST_DOCUMENTS = 40


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return the document, or one with several parts; places among parts begin with the number of the file.

    Raises:
        Unreadable: empty; too_large for more than 40 files; unsupported_format for an archive in the archive; as the
            reader of a file says, with its number.
    """
    archive = open_archive(content, budget)
    names = [one.filename for one in archive.infolist() if not one.is_dir() and not ADDED.search(one.filename)]
    if not names:
        raise Unreadable("empty", "a zip file without a file")
    if len(names) > MOST_DOCUMENTS:
        raise Unreadable("too_large", f"a zip file with {len(names)} files, at most {MOST_DOCUMENTS}")
    if len(names) == 1:
        return _inner(read_member(archive, names[0], budget), budget)
    parts = [_part(read_member(archive, name, budget), budget, number) for number, name in enumerate(sorted(names), 1)]
    encodings = {part.encoding for part in parts}
    return ReadDocument("archive", encodings.pop() if len(encodings) == 1 else "", "archive", (), parts=tuple(parts))


def _inner(content: bytes, budget: Budget) -> ReadDocument:
    if sniffing.media_of(content, budget) == "archive":
        raise Unreadable("unsupported_format", "a zip file inside a zip file")
    return readers.read(content, budget)


def _part(content: bytes, budget: Budget, number: int) -> ReadDocument:
    try:
        document = _inner(content, budget)
    except Unreadable as problem:
        raise Unreadable(problem.kind, f"file {number}: {problem.detail}") from problem
    where = f"file {number}, "
    return replace(
        document,
        pages=tuple(replace(page, blocks=_placed(page.blocks, where)) for page in document.pages),
        head=_placed(document.head, where),
        pictures=tuple((where + place, png) for place, png in document.pictures),
    )


def _placed(blocks: tuple[Block, ...], where: str) -> tuple[Block, ...]:
    """Return blocks whose places, those of rows and cells too, begin with `where`."""
    return tuple(
        replace(block, place=where + block.place, grid=None if block.grid is None else tuple(
            replace(row, place=where + row.place, cells=tuple(
                replace(cell, place=where + cell.place) for cell in row.cells
            )) for row in block.grid
        )) for block in blocks
    )
