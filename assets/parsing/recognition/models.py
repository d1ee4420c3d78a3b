"""The recogniser: pictures of single lines of text to characters with their probabilities.

Belongs here: the model, what it is fed, and how its steps are decoded, with any alphabet and with digits alone.
Does not: where lines are (cells.py, text_lines.py), whether a reading is believed (doubt.py).

The model is PP-OCRv6 small (Apache-2.0), which the wheel of rapidocr carries; it is run by onnxruntime directly, so
that nothing of rapidocr is imported: its code fetches models from the network where one is missing. onnxruntime in its
turn tells its maker of every session from 1.29 on, and keeps an id of the machine for it, unless it is told not to
before it is imported; a test holds us to that.
"""

from __future__ import annotations

import importlib.util
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy
from numpy.typing import NDArray

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime  # type: ignore[import-untyped]  # noqa: E402

from assets.parsing.readers.bounds import Unreadable
from assets.parsing.recognition.deskew import Grey

MODEL = "models/PP-OCRv6_rec_small.onnx"
HEIGHT = 48
# Pictures are filled up to widths that are multiples of this; those of the same width are recognised together.
WIDTH_STEP = 32
LEAST_WIDTH, MOST_WIDTH = 64, 3200
# Pixels per batch, so that memory stays bounded.
MOST_BATCH = 16 * 320
DIGITS = "0123456789.,"
# How many other characters of a place are kept, and how probable they are at least.
SECONDS, POSSIBLE = 3, 0.002


@dataclass(frozen=True)
class Reading:
    """A decoded line: text, the probability of its least certain character, and where each stands (0 to 1 across).

    `first` is the probability of the first character alone, `rest` that of the least certain one behind it.
    `seconds` are, for each character, the next likeliest ones that are not all but impossible.
    """

    text: str
    confidence: float
    centres: tuple[float, ...] = ()
    first: float = 1.0
    rest: float = 1.0
    seconds: tuple[str, ...] = ()


@dataclass(frozen=True)
class TwoReadings:
    """One recognition decoded twice: with every character of the model, and with digits, point and comma alone."""

    free: Reading
    digits: Reading


class Recognizer:
    """The model, loaded once; `read` recognises pictures of lines."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        characters = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._characters = ["", *characters, " "]
        self._digits = numpy.array([0, *(self._characters.index(digit) for digit in DIGITS)])
        self._input = self._session.get_inputs()[0].name

    def read(self, lines: Sequence[Grey]) -> list[TwoReadings]:
        """Recognise pictures of single lines, dark on white, cut close around the text."""
        scaled = [_scaled(line) for line in lines]
        readings: list[TwoReadings | None] = [None] * len(lines)
        for members in _batches(scaled):
            width = _full(scaled[members[0]].shape[1])
            batch = numpy.stack([_fed(scaled[member], width) for member in members])
            for member, steps in zip(members, self._session.run(None, {self._input: batch})[0], strict=True):
                readings[member] = self._decoded(steps, width / scaled[member].shape[1])
        return [reading for reading in readings if reading is not None]

    def _decoded(self, steps: NDArray[numpy.float32], filled: float) -> TwoReadings:
        """Decode the steps of one line; it takes up 1 / `filled` of them."""
        likeliest = steps.argmax(axis=1)
        free = self._collapsed(likeliest, steps.max(axis=1), filled)
        free = replace(free, seconds=self._seconds(steps, likeliest))
        few = steps[:, self._digits]
        places = few.argmax(axis=1)
        shares = few.max(axis=1) / numpy.maximum(few.sum(axis=1), 1e-9)
        return TwoReadings(free, self._collapsed(self._digits[places], shares, filled))

    def _seconds(self, steps: NDArray[numpy.float32], likeliest: NDArray[Any]) -> tuple[str, ...]:
        """Return for each character of the free decode what else may stand there, by the step that tells most of it."""
        found: list[str] = []
        best = 0.0
        before = 0
        for number, step in zip(likeliest.tolist(), steps, strict=True):
            new = bool(number) and number != before
            if number and (new or float(step[number]) > best):
                best = float(step[number])
                top = step.argpartition(-SECONDS - 1)[-SECONDS - 1 :]
                ranked = top[step[top].argsort()][::-1][1:]
                others = "".join(self._characters[one] for one in ranked.tolist() if float(step[one]) >= POSSIBLE)
                found = [*found, others] if new else [*found[:-1], others]
            before = number
        return tuple(found)

    def _collapsed(self, classes: NDArray[Any], shares: NDArray[Any], filled: float) -> Reading:
        """Join equal steps to one character, whose probability is its best step's; class 0 stands for none."""
        characters: list[str] = []
        best: list[float] = []
        centres: list[float] = []
        before = 0
        for place, (number, share) in enumerate(zip(classes.tolist(), shares.tolist(), strict=True)):
            if number and number != before:
                characters.append(self._characters[number])
                best.append(share)
                centres.append((place + 0.5) / len(classes) * filled)
            elif number and share > best[-1]:
                best[-1], centres[-1] = share, (place + 0.5) / len(classes) * filled
            before = number
        first, rest = (best[0], min(best[1:], default=1.0)) if best else (0.0, 0.0)
        return Reading("".join(characters), min(best, default=0.0), tuple(centres), first, rest)


@cache
def recognizer() -> Recognizer:
    """Return the recogniser, loaded at the first call.

    Raises:
        Unreadable: needs_ocr, if the package that carries the model lacks it.
    """
    package = importlib.util.find_spec("rapidocr")
    for folder in (package.submodule_search_locations or ()) if package else ():
        if (Path(folder) / MODEL).is_file():
            return Recognizer(Path(folder) / MODEL)
    raise Unreadable("needs_ocr", f"rapidocr is installed without {MODEL}")


def _scaled(line: Grey) -> Grey:
    """Return a line as high as the model takes it."""
    height, width = line.shape
    wide = min(max(round(width * HEIGHT / height), 8), MOST_WIDTH)
    how = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    return numpy.asarray(cv2.resize(line, (wide, HEIGHT), interpolation=how), numpy.uint8)


def _fed(line: Grey, width: int) -> NDArray[numpy.float32]:
    """Return a line as the model is fed: three equal channels from -1 to 1, filled with 0 on the right."""
    filled = numpy.zeros((HEIGHT, width), numpy.float32)
    filled[:, : line.shape[1]] = line.astype(numpy.float32) / 127.5 - 1
    return numpy.broadcast_to(filled, (3, HEIGHT, width))


def _full(width: int) -> int:
    return max(LEAST_WIDTH, -(-width // WIDTH_STEP) * WIDTH_STEP)


def _batches(lines: Sequence[Grey]) -> Iterator[list[int]]:
    """Yield the places of lines that are filled up to the same width, never too many pixels at once."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        places[_full(line.shape[1])].append(place)
    for width, members in places.items():
        most = max(1, MOST_BATCH // width)
        yield from (members[start : start + most] for start in range(0, len(members), most))
