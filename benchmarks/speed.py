"""How fast documents are read on one core, beside the bare library on the same bytes, in the same run.

Belongs here: the bare walks (lxml over HTML and text, pdfium over PDF), timing. Does not: memory (memory.py).

Three stages of ours are timed: `read` (bytes to text blocks and grids, what the bare libraries do as well), `parse`
(with sections, layouts and every cell placed) and `extract` (with values, all rules and the verdicts, many documents
a call). The goals speak of reading; the other two are shown so that nobody has to guess them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time

import lxml.html
from rich.console import Console

from assets.extract import extract_documents
from assets.parsing import readers
from assets.parsing.parse import parse_document
from benchmarks.board import Board, Grid
from tests.typesetting.figures import made_report
from tests.typesetting.layouts import EVERY_LAYOUT
from tests.typesetting.publication import compose

SEED = 2026
# Each stage is timed so many times over all documents, in turns; the fastest pass counts, as `timeit` advises.
PASSES = 3


@dataclass(frozen=True)
class Bare:
    """The bare library for a kind of document: its name, its walk over the bytes, and how much slower we may be."""

    name: str
    walk: Callable[[bytes], int]
    goal: float


def walk_lxml(content: bytes) -> int:
    """Parse with lxml and walk all text; return its length."""
    return sum(len(text) for text in lxml.html.fromstring(content).itertext())


def walk_pdfium(content: bytes) -> int:
    """Take the text of every page, and box and text of every run that pdfium itself makes out; return the length.

    pdfium extracts neither words nor tables. Its runs (count_rects: text of one font that stands together on a line,
    most often a word or the text of a cell) are the nearest that it offers, by the calls that pypdfium2 documents.
    What is drawn (rules, without which there is no table) this walk does not look at; our reading does.
    """
    pdfium = importlib.import_module("pypdfium2")
    total = 0
    with pdfium.PdfDocument(content) as document:
        for page in document:
            text = page.get_textpage()
            total += len(text.get_text_range())
            for number in range(text.count_rects()):
                total += len(text.get_text_bounded(*text.get_rect(number)))
            text.close()
            page.close()
    return total


BARE = {
    "html": Bare("lxml", walk_lxml, 3.0),
    "text": Bare("lxml", walk_lxml, 3.0),
    "pdf": Bare("pypdfium2", walk_pdfium, 2.0),
}


@dataclass(frozen=True)
class Times:
    """Seconds a document: the bare walk (None where there is none) and our three stages."""

    layout: str
    reader: str
    pages: float
    kilobytes: float
    bare: float | None
    read: float
    parse: float
    extract: float


def run(documents: int, layouts: Sequence[str], console: Console) -> Board:
    """Time `documents` documents per layout on one core; recognised pictures are timed on a tenth of them."""
    rows: list[Times] = []
    for layout in layouts:
        count = documents if EVERY_LAYOUT[layout].promise == 1 else max(1, documents // 10)
        rows.append(timed(layout, count))
        console.print(f"{layout}: {1000 * rows[-1].read:.1f} ms", highlight=False)
    compared = [times for times in rows if times.bare is not None]
    others = [times for times in rows if times.bare is None]
    return Board("speed", f"python -m benchmarks speed --documents {documents}", [
        Grid("与裸库相比 beside the bare library, one core", BESIDE, [_beside(times) for times in compared]),
        Grid("其他格式 other formats, one core", ALONE, [_alone(times) for times in others]),
    ], [
        "- read: 字节到文本块和网格；parse: 另加分节、版式、逐格定位；extract: 另加取值、全部规则和裁决（成批）。"
        "  read is bytes to blocks and grids, parse adds sections, layouts and placing of cells, extract adds values, "
        "all rules and verdicts (in batches). The goal is on read.",
    ])


def timed(layout: str, count: int) -> Times:
    """Return the times of one layout."""
    chosen = EVERY_LAYOUT[layout]
    contents = [chosen.render(compose(made_report(f"{SEED}/{number}"))) for number in range(count)]
    first = readers.read(contents[0])
    kind = "pdf" if contents[0].startswith(b"%PDF-") and chosen.promise == 1 else first.media
    bare = BARE.get(kind)
    stages: dict[str, Callable[[], object]] = {
        "read": lambda: [readers.read(content) for content in contents],
        "parse": lambda: [parse_document(content, layout) for content in contents],
        "extract": lambda: extract_documents([(f"{n}", content) for n, content in enumerate(contents)]),
    }
    if bare is not None:
        stages = {"bare": lambda: [bare.walk(content) for content in contents], **stages}
    best = _fastest(stages, PASSES if chosen.promise == 1 else 1)
    size = sum(len(content) for content in contents) / count / 1024
    pages = len(first.pages)
    return Times(
        layout, first.reader, pages, size, best["bare"] / count if bare else None,
        best["read"] / count, best["parse"] / count, best["extract"] / count,
    )


def _fastest(stages: dict[str, Callable[[], object]], passes: int) -> dict[str, float]:
    """Return the processor time of the fastest of several passes of each stage, the stages in turns."""
    best = dict.fromkeys(stages, float("inf"))
    for _ in range(passes):
        for name, stage in stages.items():
            started = process_time()
            stage()
            best[name] = min(best[name], process_time() - started)
    return best


BESIDE = (
    "版式 layout", "读取器 reader", "KB", "裸库 bare ms", "read ms", "倍数 ratio", "目标 goal", "parse ms",
    "extract ms", "read 份/秒 a second", "extract 份/秒 a second",
)
ALONE = ("版式 layout", "读取器 reader", "页 pages", "KB", "read ms", "每页秒 read s a page", "parse ms", "extract ms")


def _beside(times: Times) -> list[object]:
    bare = times.bare or 0.0
    goal = BARE["pdf" if times.reader == "pdf" else "html"].goal
    return [
        times.layout, times.reader, times.kilobytes, 1000 * bare, 1000 * times.read, times.read / bare, f"≤ {goal:g}",
        1000 * times.parse, 1000 * times.extract, 1 / times.read, 1 / times.extract,
    ]


def _alone(times: Times) -> list[object]:
    return [
        times.layout, times.reader, times.pages, times.kilobytes, 1000 * times.read, times.read / times.pages,
        1000 * times.parse, 1000 * times.extract,
    ]
