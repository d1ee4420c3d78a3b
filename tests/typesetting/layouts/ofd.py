"""The OFD layouts: a text object per run with its steps, and one per character with a matrix.

Belongs here: two pens that write OFD, for the typesetter of pages in pdf.py. Does not: what stands where on a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from xml.sax.saxutils import escape

from tests.typesetting.layouts.archive import zipped
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.layouts.pdf import HEIGHT, WIDTH, Manner, pdf

MM = 25.4 / 72
RULE = 0.5
ASCENT = 0.88
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.ofdspec.org/2016"
# Some producers write a name of their own.
OTHER_NAMESPACE = "http://www.ofdspec.org"


def _advance(character: str, size: float) -> float:
    return size * (0.5 if ord(character) < 0x250 else 1.0)


def _mm(*lengths: float) -> str:
    return " ".join(f"{length * MM:.4f}".rstrip("0").rstrip(".") for length in lengths)


def _steps(lengths: Sequence[float]) -> str:
    """Return steps as a list in which equal ones in a row are a run: `g 3 2.5`."""
    pieces = []
    for length, run in groupby(_mm(one) for one in lengths):
        count = len(list(run))
        pieces.append(f"g {count} {length}" if count > 1 else length)
    return " ".join(pieces)


class RunPen:
    """One text object per run with DeltaX, borders as closed stroked paths; the usual names and relative paths."""

    prefix, namespace, absolute = "ofd:", NAMESPACE, ""

    def __init__(self) -> None:
        self._pages: list[list[str]] = []
        self._number = 10

    def page(self) -> None:
        self._pages.append([])

    def text(self, x: float, base: float, size: float, text: str) -> None:
        advances = [_advance(character, size) for character in text]
        place = _mm(x, base - ASCENT * size, sum(advances), size)
        delta = f' DeltaX="{_steps(advances[:-1])}"' if len(text) > 1 else ""
        self.draw(
            "TextObject", f'Boundary="{place}" Font="1" Size="{_mm(size)}"',
            f'<{self.prefix}TextCode X="0" Y="{_mm(ASCENT * size)}"{delta}>{escape(text)}</{self.prefix}TextCode>',
        )

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        path = f"M 0 0 L {_mm(x1 - x0)} 0 L {_mm(x1 - x0, y1 - y0)} L 0 {_mm(y1 - y0)} C"
        attributes = f'Boundary="{_mm(x0, y0, x1 - x0, y1 - y0)}" LineWidth="{_mm(RULE)}"'
        self.draw("PathObject", attributes, self.path(path))

    def shade(self, x0: float, y0: float, x1: float, y1: float) -> None:
        width, height = _mm(x1 - x0), _mm(y1 - y0)
        self.draw(
            "PathObject", f'Boundary="{_mm(x0, y0, x1 - x0, y1 - y0)}" Stroke="false" Fill="true"',
            f'<{self.prefix}FillColor Value="230 230 230"/>'
            + self.path(f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"),
        )

    def width(self, text: str, size: float) -> float:
        return sum(_advance(character, size) for character in text)

    def draw(self, kind: str, attributes: str, content: str) -> None:
        """Add an object to the page."""
        self._number += 1
        name = f"{self.prefix}{kind}"
        self._pages[-1].append(f'<{name} ID="{self._number}" {attributes}>{content}</{name}>')

    def path(self, steps: str) -> str:
        """Return the data of a path."""
        return f"<{self.prefix}AbbreviatedData>{steps}</{self.prefix}AbbreviatedData>"

    def layer(self, objects: Sequence[str]) -> str:
        """Return the content of a page."""
        p = self.prefix
        return f'<{p}Content><{p}Layer ID="2" Type="Body">{"".join(objects)}</{p}Layer></{p}Content>'

    def content(self) -> bytes:
        p, folder = self.prefix, self.absolute
        pages = [f"Pages/Page_{number}/Content.xml" for number in range(len(self._pages))]
        listed = "".join(f'<{p}Page ID="{1000 + n}" BaseLoc="{folder}{path}"/>' for n, path in enumerate(pages))
        root = f"/{'Doc_0/Document.xml'}" if folder else "Doc_0/Document.xml"
        common = (
            f"<{p}CommonData><{p}MaxUnitID>99999</{p}MaxUnitID><{p}PageArea><{p}PhysicalBox>0 0 {_mm(WIDTH, HEIGHT)}"
            f"</{p}PhysicalBox></{p}PageArea><{p}PublicRes>{folder}PublicRes.xml</{p}PublicRes>"
            f'<{p}TemplatePage ID="900" BaseLoc="{folder}Tpls/Tpl_0/Content.xml"/></{p}CommonData>'
        )
        members = {
            "OFD.xml": self._part("OFD", f"<{p}DocBody><{p}DocInfo/><{p}DocRoot>{root}</{p}DocRoot></{p}DocBody>"),
            "Doc_0/Document.xml": self._part("Document", f"{common}<{p}Pages>{listed}</{p}Pages>"),
            "Doc_0/PublicRes.xml": self._part("Res", f'<{p}Fonts><{p}Font ID="1" FontName="SimSun"/></{p}Fonts>'),
            "Doc_0/Tpls/Tpl_0/Content.xml": self._part("Page", self.layer(())),
        }
        template = f'<{p}Template TemplateID="900" ZOrder="Background"/>'
        for path, objects in zip(pages, self._pages, strict=True):
            members[f"Doc_0/{path}"] = self._part("Page", template + self.layer(objects))
        return zipped(members)

    def _part(self, name: str, content: str) -> str:
        p = self.prefix
        declared = f'xmlns{":" + p[:-1] if p else ""}="{self.namespace}"'
        return f"{HEAD}<{p}{name} {declared}>{content}</{p}{name}>"


class CharacterPen(RunPen):
    """One text object per character with a matrix, borders as thin filled areas in blocks; absolute paths."""

    prefix, namespace, absolute = "", OTHER_NAMESPACE, "/Doc_0/"

    def text(self, x: float, base: float, size: float, text: str) -> None:
        for character in text:
            advance = _advance(character, size)
            matrix = f"{size * MM:.4f} 0 0 {size * MM:.4f} 0 0"
            place = _mm(x, base - ASCENT * size, advance, size)
            self.draw(
                "TextObject", f'Boundary="{place}" CTM="{matrix}" Font="1" Size="1"',
                f'<TextCode X="0" Y="{ASCENT}">{escape(character)}</TextCode>',
            )
            x += advance

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        for left, top, right, bottom in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            width, height = _mm(right - left + RULE), _mm(bottom - top + RULE)
            place = f"{_mm(left - RULE / 2, top - RULE / 2)} {width} {height}"
            path = self.path(f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C")
            self.draw("PathObject", f'Boundary="{place}" Stroke="false" Fill="true"', path)

    def layer(self, objects: Sequence[str]) -> str:
        return super().layer([f'<PageBlock ID="3">{"".join(objects)}</PageBlock>'])


LAYOUTS = (
    Layout("ofd_runs", ".ofd", partial(pdf, pen=RunPen, manner=Manner(repeated_heads=True))),
    Layout("ofd_characters", ".ofd", partial(pdf, pen=CharacterPen, manner=Manner(cut_rows=True))),
)
