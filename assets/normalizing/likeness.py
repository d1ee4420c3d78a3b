"""Texts of sections and their signatures: what finds texts that are alike without reading all against all.

Belongs here: cutting a report's prose at its sections; the signature of a text (MinHash over runs of characters).
Does not: judging which texts are too much alike (expectations/).

MinHash: of every run of SHINGLE characters a hash is taken; position i of the signature is the least value of the i-th
of SIZE mixings of these hashes. Two texts agree at about the share of positions that they share of runs. These lines of
numpy do without a package: datasketch hashes run by run in Python, and its index lies in memory, not in the lake.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from assets.normalizing.prose import Prose
from assets.parsing.sections import section_of

SECTIONS = ("overview", "problems_improvements")
SHINGLE = 3
SIZE = 125
Signature = npt.NDArray[np.uint32]

_RANDOM = np.random.Generator(np.random.PCG64(20190515))
_FACTORS = _RANDOM.integers(1, 2**63, SIZE, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _RANDOM.integers(0, 2**63, SIZE, dtype=np.uint64)
_BASE = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


def section_texts(prose: Prose) -> Mapping[str, str]:
    """Return the folded text below the headings of the sections in SECTIONS, by section; one without text is absent."""
    found: dict[str, str] = {}
    section: str | None = None
    for paragraph in prose.paragraphs:
        heading = section_of(paragraph.printed)
        if heading is not None:
            section = heading
        elif section in SECTIONS:
            found[section] = found.get(section, "") + paragraph.folded
    return found


def signature(text: str) -> bytes:
    """Return the signature of a text: SIZE little-endian uint32; a text shorter than a run has the largest values."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    runs = max(len(points) - SHINGLE + 1, 0)
    hashes = np.zeros(runs, dtype=np.uint64)
    for offset in range(SHINGLE):
        hashes = (hashes ^ points[offset : offset + runs]) * _BASE
    hashes = np.unique(hashes ^ (hashes >> _HALF))
    mixed = _FACTORS[:, None] * hashes
    mixed += _SHIFTS[:, None]
    # The least of all high halves is the high half of the least.
    least: Signature = (mixed.min(axis=1, initial=np.uint64(2**64 - 1)) >> _HALF).astype("<u4")
    return least.tobytes()
