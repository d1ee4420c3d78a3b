"""Faults of a finished file: cut, altered, lost or repeated bytes, lines and characters, and damaged encodings.

Belongs here: one function per class of the steps `bytes` and `text`: (chance, bytes) → the damaged bytes, or None
where nothing changed. Does not: anything that knows tables.
"""

from __future__ import annotations

import random
from collections.abc import Callable

Change = Callable[[random.Random, bytes], bytes | None]

LONGEST_RUN = 200
REPLACEMENT = "\ufffd"
ENCODINGS = ("utf-8", "gb18030")


def _truncated(chance: random.Random, content: bytes) -> bytes | None:
    return content[: len(content) * chance.randint(1, 9) // 10]


def _bytes_flipped(chance: random.Random, content: bytes) -> bytes | None:
    altered = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        altered[chance.randrange(len(altered))] = chance.randrange(256)
    return bytes(altered)


def _run(chance: random.Random, content: bytes) -> tuple[int, int]:
    start = chance.randrange(len(content))
    return start, min(len(content), start + chance.randint(1, LONGEST_RUN))


def _bytes_dropped(chance: random.Random, content: bytes) -> bytes | None:
    start, stop = _run(chance, content)
    return content[:start] + content[stop:]


def _bytes_zeroed(chance: random.Random, content: bytes) -> bytes | None:
    start, stop = _run(chance, content)
    return content[:start] + bytes(stop - start) + content[stop:]


def _bytes_repeated(chance: random.Random, content: bytes) -> bytes | None:
    start, stop = _run(chance, content)
    return content[:stop] + content[start:]


def _text(content: bytes) -> tuple[str, str] | None:
    """Return text and encoding of a file that is text, None for any other."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None


def _on_text(content: bytes, change: Callable[[str], str]) -> bytes | None:
    """Return the file with its text changed, in its own encoding; None if it is no text or nothing changed."""
    found = _text(content)
    if found is None:
        return None
    text, encoding = found
    changed = change(text)
    return None if changed == text else changed.encode(encoding, "replace")


def _on_lines(content: bytes, change: Callable[[list[str]], list[str]]) -> bytes | None:
    return _on_text(content, lambda text: "\n".join(change(text.split("\n"))))


def _lines_of_file_lost(chance: random.Random, content: bytes) -> bytes | None:
    def lose(lines: list[str]) -> list[str]:
        lost = set(chance.sample(range(len(lines)), min(len(lines), chance.randint(1, 6))))
        return [line for number, line in enumerate(lines) if number not in lost]

    return _on_lines(content, lose)


def _lines_of_file_repeated(chance: random.Random, content: bytes) -> bytes | None:
    def repeat(lines: list[str]) -> list[str]:
        start = chance.randrange(len(lines))
        stop = min(len(lines), start + chance.randint(1, 30))
        return lines[:stop] + lines[start:]

    return _on_lines(content, repeat)


def _lines_of_file_exchanged(chance: random.Random, content: bytes) -> bytes | None:
    def exchange(lines: list[str]) -> list[str]:
        places = [n for n in range(len(lines) - 1) if lines[n] != lines[n + 1]]
        place = chance.choice(places)
        return [*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]]

    return _on_lines(content, exchange)


def _lines_of_file_shuffled(chance: random.Random, content: bytes) -> bytes | None:
    return _on_lines(content, lambda lines: chance.sample(lines, len(lines)))


def _lines_deduplicated(_: random.Random, content: bytes) -> bytes | None:
    return _on_lines(content, lambda lines: list(dict.fromkeys(lines)))


def _characters_lost(chance: random.Random, content: bytes) -> bytes | None:
    share = chance.choice((0.001, 0.01, 0.05))
    return _on_text(content, lambda text: "".join(c for c in text if chance.random() > share))


def _characters_replaced(chance: random.Random, content: bytes) -> bytes | None:
    share = chance.choice((0.001, 0.005, 0.02))
    return _on_text(content, lambda text: "".join(REPLACEMENT if chance.random() < share else c for c in text))


def _one_digit_lost_everywhere(chance: random.Random, content: bytes) -> bytes | None:
    return _on_text(content, lambda text: text.replace(chance.choice("0123456789"), ""))


def _latin_mojibake(_: random.Random, content: bytes) -> bytes | None:
    return None if _text(content) is None else content.decode("latin-1").encode()


def _gbk_mojibake(_: random.Random, content: bytes) -> bytes | None:
    found = _text(content)
    return None if found is None else found[0].encode().decode("gb18030", "replace").encode()


def _question_marks(_: random.Random, content: bytes) -> bytes | None:
    return _on_text(content, lambda text: text.encode("ascii", "replace").decode())


def _full_width_digits(_: random.Random, content: bytes) -> bytes | None:
    return _on_text(content, lambda text: text.translate(str.maketrans("0123456789", "０１２３４５６７８９")))


def _named(*functions: Change) -> dict[str, Change]:
    return {change.__name__.removeprefix("_"): change for change in functions}


FAULTS = _named(_truncated, _bytes_flipped, _bytes_dropped, _bytes_zeroed, _bytes_repeated)
TEXT_FAULTS = _named(
    _lines_of_file_lost, _lines_of_file_repeated, _lines_of_file_exchanged, _lines_of_file_shuffled,
    _lines_deduplicated, _characters_lost, _characters_replaced, _one_digit_lost_everywhere, _latin_mojibake,
    _gbk_mojibake, _question_marks, _full_width_digits,
)
