"""Reader of DOCX: the body's paragraphs and tables, as they are printed with all changes accepted.

Belongs here: WordprocessingML. Does not: merged regions and layout tables (flow.py), parts and relations
(package.py), XML safety (markup.py).
Left out: headers, footers, notes, numbers that Word counts itself, hidden and deleted text.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from assets.parsing.document import Page, ReadDocument
from assets.parsing.readers import flow
from assets.parsing.readers.bounds import Budget, Unreadable, open_archive
from assets.parsing.readers.package import Package

MAIN_PART, STYLES = "word/document.xml", "styles.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
VML = "{urn:schemas-microsoft-com:vml}"

PARAGRAPH, RUN, TEXT, TEXT_BOX, FIELD = f"{W}p", f"{W}r", f"{W}t", f"{W}txbxContent", f"{W}fldChar"
TABLE, ROW, CELL = f"{W}tbl", f"{W}tr", f"{W}tc"
ALTERNATIVES, CHOICE, FALLBACK = f"{MC}AlternateContent", f"{MC}Choice", f"{MC}Fallback"
EQUATION, PICTURE, INLINE = f"{M}oMath", f"{W}pict", f"{DRAWING}inline"
DELETED, VALUE, KIND = f"{W}del", f"{W}val", f"{W}fldCharType"
PLAIN = {
    f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}ptab": " ", f"{W}noBreakHyphen": "-",
    f"{W}sym": flow.UNSHOWN, f"{W}object": flow.UNSHOWN,
}
SKIPPED = frozenset(
    f"{W}{name}" for name in (
        "del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr",
        "instrText", "delText", "delInstrText", "rt", "rubyPr", "fldData", "smartTagPr", "customXmlPr",
    )
)
IMPORTED = (f"{W}altChunk", f"{W}subDoc")
OFF = frozenset({"0", "false", "off"})
# Digits that are struck out, raised or lowered are no part of the figure that they stand beside.
STRUCK, RAISED, HIDDEN = (f"{W}strike", f"{W}dstrike"), f"{W}vertAlign", f"{W}vanish"
STYLED = (f"{W}rStyle", f"{W}pStyle")


@dataclass
class _Story:
    """What is known while the body is walked.

    `hidden` are runs and paragraphs that are not printed, `marked` runs whose digits are struck or raised; `steps`
    says at which field marks a field's code begins (+1) and ends (-1); `boxes` waits until its paragraph has ended.
    """

    hidden: frozenset[etree._Element]
    marked: frozenset[etree._Element]
    steps: dict[etree._Element, int]
    code_depth: int = 0
    paragraphs: int = 0
    tables: int = 0
    boxes: list[etree._Element] = field(default_factory=list)


def read(content: bytes, budget: Budget) -> ReadDocument:
    """Return one page; places are `paragraph 12` (those of tables not counted) and `table 2, row 5, cell 3`.

    Raises:
        Unreadable: broken, encrypted, too_large; unsupported_format where the text is imported from another part.
    """
    package = Package(open_archive(content, budget), "DOCX", budget)
    main = package.main_part(MAIN_PART)
    body = package.part(main).find(f"{W}body")
    if body is None:
        raise Unreadable("broken", f"DOCX: {main} has no body")
    if next(body.iter(*IMPORTED), None) is not None:
        raise Unreadable("unsupported_format", "DOCX that imports its text from another part: save it anew in Word")
    styles = _hidden_styles(package, posixpath.join(posixpath.dirname(main), STYLES))
    story = _Story(_hidden(body, styles), _marked(body), _field_steps(body))
    contents = _contents(body, story, budget, inside=False)
    return ReadDocument("docx", "utf-8", "docx", (Page(1, tuple(flow.blocks(contents, budget))),))


# ---------------------------------------------------------------------------------------------------------------------
# Styles


def _hidden_styles(package: Package, name: str) -> frozenset[str]:
    """Return the styles whose text is hidden, those based on them included; pages saved from a browser have such."""
    if not package.has(name) or b"vanish" not in package.bytes_of(name):
        return frozenset()
    based: dict[str, str] = {}
    shown: dict[str, bool] = {}
    for style in package.part(name).iter(f"{W}style"):
        key = style.get(f"{W}styleId") or ""
        base, vanish = style.find(f"{W}basedOn"), style.find(f"{W}rPr/{HIDDEN}")
        based[key] = "" if base is None else base.get(VALUE) or ""
        if vanish is not None:
            shown[key] = not _is_on(vanish)
    return frozenset(key for key in based if not _resolved(key, based, shown))


def _resolved(key: str, based: dict[str, str], shown: dict[str, bool]) -> bool:
    """Tell whether a style shows its text; a circle of styles shows it."""
    for _ in range(len(based)):
        if key in shown:
            return shown[key]
        key = based.get(key, "")
    return True


# ---------------------------------------------------------------------------------------------------------------------
# What is not printed as it stands


def _is_on(element: etree._Element) -> bool:
    return (element.get(VALUE) or "1") not in OFF


def _owner(mark: etree._Element) -> Iterator[etree._Element]:
    """Yield the run or paragraph whose properties hold `mark`; not a paragraph for what is said of its end mark."""
    properties = mark.getparent()
    owner = None if properties is None else properties.getparent()
    if owner is not None and owner.tag in (RUN, PARAGRAPH):
        yield owner


def _hidden(body: etree._Element, styles: frozenset[str]) -> frozenset[etree._Element]:
    marks = [mark for mark in body.iter(HIDDEN) if _is_on(mark)]
    if styles:
        marks += [mark for mark in body.iter(*STYLED) if mark.get(VALUE) in styles]
    return frozenset(owner for mark in marks for owner in _owner(mark))


def _marked(body: etree._Element) -> frozenset[etree._Element]:
    marks = [mark for mark in body.iter(*STRUCK) if _is_on(mark)]
    marks += [mark for mark in body.iter(RAISED) if mark.get(VALUE) != "baseline"]
    return frozenset(owner for mark in marks for owner in _owner(mark))


def _field_steps(body: etree._Element) -> dict[etree._Element, int]:
    """Return where codes of fields begin and end; a field that never ends hides nothing."""
    steps: dict[etree._Element, int] = {}
    open_fields: list[tuple[etree._Element, etree._Element | None]] = []
    for mark in body.iter(FIELD):
        kind = mark.get(KIND)
        if next(mark.iterancestors(DELETED), None) is not None:
            continue
        if kind == "begin":
            open_fields.append((mark, None))
        elif kind == "separate" and open_fields:
            open_fields[-1] = (open_fields[-1][0], open_fields[-1][1] if open_fields[-1][1] is not None else mark)
        elif kind == "end" and open_fields:
            begin, separate = open_fields.pop()
            steps[begin], steps[mark if separate is None else separate] = 1, -1
    return steps


# ---------------------------------------------------------------------------------------------------------------------
# Paragraphs and tables


def _contents(node: etree._Element, story: _Story, budget: Budget, inside: bool) -> list[flow.Paragraph | flow.Table]:
    """Return what stands in a body, a cell or a text box; a box follows the paragraph that it is anchored in."""
    found: list[flow.Paragraph | flow.Table] = []
    for child in _alternative(node):
        if child.tag == PARAGRAPH:
            story.paragraphs += not inside
            parts: list[str] = []
            _collect(child, story, parts, child not in story.hidden)
            found.append(flow.Paragraph("".join(parts), story.paragraphs))
            boxes, story.boxes = story.boxes, []
            for box in boxes:
                found += _contents(box, story, budget, inside)
        elif child.tag == TABLE:
            found.append(_table(child, story, budget))
        elif child.tag not in SKIPPED:
            found += _contents(child, story, budget, inside)
    return found


def _alternative(node: etree._Element) -> etree._Element:
    """Return the one alternative to read where several say the same."""
    if node.tag != ALTERNATIVES:
        return node
    choice = node.find(CHOICE)
    fallback = node.find(FALLBACK)
    return choice if choice is not None else fallback if fallback is not None else node


def _collect(node: etree._Element, story: _Story, parts: list[str], shown: bool) -> None:
    """Append the text of everything inside a paragraph."""
    marked = node in story.marked
    for child in _alternative(node):
        tag = child.tag
        if tag == FIELD:
            story.code_depth += story.steps.get(child, 0)
            if child.find(f".//{W}ddList") is not None:
                parts.append(flow.UNSHOWN)
        elif tag == TEXT_BOX:
            story.boxes.append(child)
        elif tag in SKIPPED:
            continue
        elif (text := _printed(child)) is None:
            _collect(child, story, parts, shown and child not in story.hidden)
        elif shown and not story.code_depth:
            parts.append(flow.UNSHOWN + text if marked and any(map(str.isdigit, text)) else text)


def _printed(node: etree._Element) -> str | None:
    """Return what an element prints by itself, or None where that is up to what it holds."""
    tag = node.tag
    if tag == TEXT:
        return node.text or ""
    if tag == EQUATION:
        return _equation(node)
    if tag in (INLINE, PICTURE):
        return _picture(node)
    return PLAIN.get(tag)


def _equation(node: etree._Element) -> str:
    """Return an equation that is set on one line; fractions, roots and powers cannot be told in a line."""
    return "".join(map(str, node.itertext(f"{M}t"))) if all(child.tag == f"{M}r" for child in node) else flow.UNSHOWN


def _picture(node: etree._Element) -> str | None:
    """Return the mark of a picture that stands in the line; one that floats (a seal) prints nothing there."""
    if next(node.iter(TEXT_BOX), None) is not None:
        return None
    floats = any("absolute" in (shape.get("style") or "") for shape in node.iter(f"{VML}shape"))
    drawn = node.tag == INLINE or next(node.iter(f"{VML}imagedata"), None) is not None
    return flow.UNSHOWN if drawn and not floats else ""


def _table(node: etree._Element, story: _Story, budget: Budget) -> flow.Table:
    story.tables += 1
    number = story.tables
    rows = []
    for index, row in enumerate(_own(node, ROW), 1):
        budget.check()
        properties = row.find(f"{W}trPr")
        if properties is None or not _is_removed(properties):
            rows.append(flow.Row(tuple(_cells(row, properties, story, budget)), index))
    return flow.Table(tuple(rows), number)


def _own(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, those inside content controls too."""
    for child in _alternative(node):
        if child.tag == tag:
            yield child
        elif child.tag not in SKIPPED:
            yield from _own(child, tag)


def _is_removed(properties: etree._Element) -> bool:
    hidden = properties.find(f"{W}hidden")
    return properties.find(DELETED) is not None or (hidden is not None and _is_on(hidden))


def _cells(
    row: etree._Element, properties: etree._Element | None, story: _Story, budget: Budget
) -> list[flow.Cell]:
    """Return a row's cells; one that is merged with the cell to its left widens that."""
    column = _count(properties, "gridBefore", 0)
    cells: list[flow.Cell] = []
    for index, node in enumerate(_own(row, CELL), 1):
        own = node.find(f"{W}tcPr")
        if own is not None and own.find(f"{W}cellDel") is not None:
            continue
        span = max(1, _count(own, "gridSpan", 1))
        contents = tuple(_contents(node, story, budget, inside=True))
        if cells and _merge(own, "hMerge") == "rest":
            cells[-1] = replace(cells[-1], span=cells[-1].span + span)
        else:
            cells.append(flow.Cell(contents, column, span, _merge(own, "vMerge"), index))
        column += span
    return cells


def _count(properties: etree._Element | None, name: str, default: int) -> int:
    """Return a small number out of properties; one that cannot be read is the default."""
    element = None if properties is None else properties.find(f"{W}{name}")
    printed = "" if element is None else (element.get(VALUE) or "").strip()
    return min(int(printed[:6]), flow.MOST_SPAN) if printed.isascii() and printed.isdigit() else default


def _merge(properties: etree._Element | None, name: str) -> flow.Merge:
    element = None if properties is None else properties.find(f"{W}{name}")
    if element is None:
        return "none"
    return "first" if element.get(VALUE) == "restart" else "rest"
