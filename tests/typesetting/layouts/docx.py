"""The DOCX layouts: a file as Word saves it, and one as it leaves an office, with tracked changes and controls in it.

Belongs here: WordprocessingML around publications and grids. Does not: which cell spans what (grid.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.typesetting.form import PrintedTable
from tests.typesetting.grid import Grid, GridCell, grid, rectangle
from tests.typesetting.layouts.archive import zipped
from tests.typesetting.layouts.layout import Layout
from tests.typesetting.publication import Publication, Words

PAGE_TWIPS = 9072


def docx(publication: Publication) -> bytes:
    """Set a plain DOCX file: paragraphs, tables with gridSpan and vMerge, one run per text."""
    body = [_plain_table(block) if isinstance(block, PrintedTable) else _paragraph(_run(block.text), block.kind)
            for block in publication.blocks]
    return package("".join(body))


def docx_worked_on(publication: Publication) -> bytes:
    """Set a DOCX file that was worked on: runs split, tracked changes, fields, controls, hidden text, text boxes."""
    body = [_framed_table(block) if isinstance(block, PrintedTable) else _worked_on_words(block)
            for block in publication.blocks]
    return package("".join(body))


LAYOUTS = (Layout("docx", ".docx", docx), Layout("docx_worked_on", ".docx", docx_worked_on))


@dataclass(frozen=True)
class Place:
    """A cell as a word processor stores it: a covered one is there too, empty, and says that it goes on."""

    column: int
    cell: GridCell
    covered: bool


def stored_rows(of: Grid) -> list[list[Place]]:
    """Return the rows of a grid with every cell that a word processor stores, from left to right."""
    rows: list[list[Place]] = [[] for _ in of.rows]
    for number, row in enumerate(rectangle(of)):
        for column, cell in enumerate(row):
            for below in range(cell.row_span if cell else 0):
                if cell is not None and number + below < len(rows):
                    rows[number + below].append(Place(column, cell, below > 0))
    return [sorted(row, key=lambda place: place.column) for row in rows]


def package(body: str) -> bytes:
    """Return a DOCX file with the given content of its body."""
    return zipped({
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS.format(kind="officeDocument", target="word/document.xml"),
        "word/document.xml": f'{_HEAD}<w:document {_VOCABULARIES}><w:body>{body}{_SECTION}</w:body></w:document>',
        "word/_rels/document.xml.rels": _RELATIONS.format(kind="styles", target="styles.xml"),
        "word/styles.xml": _STYLES,
    })


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OOXML = "http://schemas.openxmlformats.org"
_VOCABULARIES = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in {
    "w": f"{_OOXML}/wordprocessingml/2006/main",
    "m": f"{_OOXML}/officeDocument/2006/math",
    "mc": f"{_OOXML}/markup-compatibility/2006",
    "wp": f"{_OOXML}/drawingml/2006/wordprocessingDrawing",
    "a": f"{_OOXML}/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
}.items())
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_OOXML}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_OOXML}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OOXML}/officeDocument/2006/relationships/{{kind}}" Target="{{target}}"/>'
    "</Relationships>"
)
_STYLES = (
    f'{_HEAD}<w:styles xmlns:w="{_OOXML}/wordprocessingml/2006/main">'
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="title"><w:name w:val="Title"/><w:basedOn w:val="a"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="z-"><w:name w:val="HTML Top of Form"/><w:basedOn w:val="a"/>'
    "<w:rPr><w:vanish/></w:rPr></w:style></w:styles>"
)
_SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1440" w:bottom="1440" w:left="1400" w:right="1400"/></w:sectPr>'
)


def _run(text: str, properties: str = "") -> str:
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\n"))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{pieces}</w:r>" if text else ""


def _paragraph(runs: str, kind: str = "paragraph") -> str:
    style = '<w:pPr><w:pStyle w:val="title"/></w:pPr>' if kind == "title" else ""
    return f"<w:p>{style}{runs}</w:p>"


# ---------------------------------------------------------------------------------------------------------------------
# Tables


def _table(of: Grid, content: Callable[[GridCell], str], row: Callable[[str], str]) -> str:
    width = PAGE_TWIPS // of.width
    columns = f'<w:gridCol w:w="{width}"/>' * of.width
    rows = ["".join(_cell(place, width, content) for place in places) for places in stored_rows(of)]
    borders = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in
                      ("top", "left", "bottom", "right", "insideH", "insideV"))
    properties = f'<w:tblPr><w:tblW w:w="{PAGE_TWIPS}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{properties}<w:tblGrid>{columns}</w:tblGrid>{''.join(map(row, rows))}</w:tbl>"


def _cell(place: Place, width: int, content: Callable[[GridCell], str]) -> str:
    cell = place.cell
    span = f'<w:gridSpan w:val="{cell.column_span}"/>' if cell.column_span > 1 else ""
    going_on = "<w:vMerge/>" if place.covered else '<w:vMerge w:val="restart"/>' if cell.row_span > 1 else ""
    properties = f'<w:tcPr><w:tcW w:w="{width * cell.column_span}" w:type="dxa"/>{span}{going_on}</w:tcPr>'
    return f"<w:tc>{properties}{'<w:p/>' if place.covered else content(cell)}</w:tc>"


def _plain_table(table: PrintedTable) -> str:
    return _table(grid(table), lambda cell: _paragraph(_run(cell.text)), lambda cells: f"<w:tr>{cells}</w:tr>")


def _framed_table(table: PrintedTable) -> str:
    """Return a table that stands in the only cell of a layout table, each of its rows in a content control."""
    inner = _table(grid(table), _worked_on_cell, lambda cells: (
        '<w:sdt><w:sdtPr><w:id w:val="1"/></w:sdtPr><w:sdtContent>'
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:sdtContent></w:sdt>"
    ))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{PAGE_TWIPS}" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="{PAGE_TWIPS}"/>'
        f'</w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w="{PAGE_TWIPS}" w:type="dxa"/></w:tcPr>{inner}<w:p/></w:tc></w:tr>'
        "</w:tbl>"
    )


# ---------------------------------------------------------------------------------------------------------------------
# docx_worked_on

_TRACKED = 'w:id="7" w:author="office" w:date="2025-01-20T09:00:00Z"'


_FORM_END = '<w:p><w:pPr><w:pStyle w:val="z-"/></w:pPr><w:r><w:t>窗体底端</w:t></w:r></w:p>'


def _worked_on_cell(cell: GridCell) -> str:
    """Return a cell: heads on two lines, figures that replaced others, each in a run per digit."""
    if cell.role == "head" and len(cell.text) == 4:
        return _paragraph(_run(cell.text[:2])) + _paragraph(_pieces(cell.text[2:]))
    if cell.role != "value":
        return _paragraph(_pieces(cell.text))
    figure = "".join(map(_run, cell.text))
    return _paragraph(f"{_deleted('99')}<w:ins {_TRACKED}>{figure}</w:ins>{_run('7', '<w:vanish/>')}")


def _worked_on_words(words: Words) -> str:
    """Return a title in a text box, a date as a field, everything else in pieces with a deleted word between."""
    if words.kind == "title":
        return _boxed(_paragraph(_pieces(words.text), words.kind))
    if words.kind == "closing":
        return _paragraph(_field(words.text)) + _FORM_END
    return _paragraph(_deleted("送审稿") + _pieces(words.text))


def _pieces(text: str) -> str:
    """Return one run per piece of three characters, as a spelling checker leaves them."""
    return '<w:proofErr w:type="spellStart"/>'.join(_run(piece) for piece in re.findall(r".{1,3}", text, re.S))


def _deleted(text: str) -> str:
    return f"<w:del {_TRACKED}><w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>"


def _field(text: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = '<w:r><w:instrText xml:space="preserve"> DATE \\@ "yyyy" </w:instrText></w:r>'
    return mark.format("begin") + code + mark.format("separate") + _run(text) + mark.format("end")


def _boxed(paragraph: str) -> str:
    """Return a text box, and the copy of it that is there for older programs."""
    drawing = (
        '<w:drawing><wp:inline><wp:extent cx="5400000" cy="700000"/><wp:docPr id="1" name="box"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/>'
        '<wps:spPr><a:prstGeom prst="rect"/></wps:spPr><wps:txbx><w:txbxContent>'
        f"{paragraph}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    older = f"<w:pict><v:shape><v:textbox><w:txbxContent>{paragraph}</w:txbxContent></v:textbox></v:shape></w:pict>"
    return (
        f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{older}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
