"""Altered inputs for fuzzing: bytes, tokens, splices, and the members inside zip files.

Belongs here: from a corpus and a chance to one input. Does not: running readers (fuzz.py).

Plain bytes of a zip file hardly ever get past its checksums, so a zip is unpacked, one
member altered, and packed again.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Sequence
from io import BytesIO

# What parsers stumble over: extreme numbers, unclosed and deeply nested marks, references, terminators.
TOKENS = (
    b"<td>", b"</td>", b"<table>", b"</table>", b"<tr>", b"<td rowspan=65535>", b'<td colspan="99999999999">',
    b'rowspan="-1"', b"<!--", b"]]>", b"<![CDATA[", b"&#0;", b"&#x110000;", b"&nbsp;", b"<script>", b"<style>",
    b"<div>" * 200, b"<w:p>", b'<w:gridSpan w:val="99999999"/>', b'<w:vMerge w:val="restart"/>', b"<w:tbl>",
    b'r="XFD1048576"', b'r="A0"', b"<v>1e308</v>", b"0", b"-1", b"4294967295", b"18446744073709551616", b"1e999",
    b"obj", b"endobj", b"stream\r\n", b"/Length 99999999", b"/Kids [1 0 R]", b"startxref\n0", b"/Filter /FlateDecode",
    b"\x00", b"\xff\xff\xff\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"|" * 300, b"\t" * 50, b"\n" * 100, b"\r",
    "　".encode(), "一、".encode(), "总计".encode(), "１２".encode(), b" ", b"",
)
MOST_STEPS = 6
LONGEST_RUN = 400
# An input never grows beyond this: slowness that only size explains is the business of the bounds.
MOST_BYTES = 512 * 1024


def altered(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    """Return an input made from the corpus."""
    content = chance.choice(corpus)
    if content.startswith(b"PK\x03\x04") and chance.random() < 0.85:
        content = _in_archive(chance, content, corpus)
    else:
        content = _steps(chance, content, corpus)
    return content[:MOST_BYTES]


def _steps(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    for _ in range(chance.randint(1, MOST_STEPS)):
        content = chance.choice(STEPS)(chance, content, corpus)
    return content


def _place(chance: random.Random, content: bytes) -> tuple[int, int]:
    start = chance.randint(0, len(content))
    return start, min(len(content), start + chance.randint(1, LONGEST_RUN))


def _flip(chance: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    if not content:
        return content
    made = bytearray(content)
    for _number in range(chance.randint(1, 8)):
        made[chance.randrange(len(made))] = chance.choice((0, 255, chance.randrange(256)))
    return bytes(made)


def _bit(chance: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    if not content:
        return content
    made = bytearray(content)
    made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _drop(chance: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    start, stop = _place(chance, content)
    return content[:start] + content[stop:]


def _repeat(chance: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    start, stop = _place(chance, content)
    return content[:start] + content[start:stop] * chance.choice((2, 3, 50)) + content[stop:]


def _insert(chance: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    start = chance.randint(0, len(content))
    return content[:start] + chance.choice(TOKENS) + content[start:]


def _overwrite(chance: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    start, token = chance.randint(0, len(content)), chance.choice(TOKENS)
    return content[:start] + token + content[start + len(token) :]


def _cut(chance: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    return content[: chance.randint(0, len(content))]


def _splice(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    other = chance.choice(corpus)
    return content[: chance.randint(0, len(content))] + other[chance.randint(0, len(other)) :]


def _move(chance: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    start, stop = _place(chance, content)
    rest, place = content[:start] + content[stop:], chance.randint(0, max(0, len(content) - (stop - start)))
    return rest[:place] + content[start:stop] + rest[place:]


STEPS = (_flip, _flip, _bit, _drop, _repeat, _insert, _insert, _overwrite, _cut, _splice, _move)


def _in_archive(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    """Return the archive with one member altered, dropped or doubled, and its sums right again."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError):
        return _steps(chance, content, corpus)
    number = chance.randrange(len(members))
    name, inner = members[number]
    fate = chance.random()
    if fate < 0.05:
        del members[number]
    elif fate < 0.1:
        members.append((name + "x", inner))
    else:
        members[number] = (name, _steps(chance, inner, [inner for _, inner in members]))
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in members:
            archive.writestr(name, inner)
    return made.getvalue()
