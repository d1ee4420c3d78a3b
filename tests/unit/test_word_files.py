"""DOCX and DOC: what is printed and what is not, merged regions, bombs, damage."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from assets.parsing import readers
from assets.parsing.readers.bounds import Bounds, Budget, Unreadable
from tests.typesetting.layouts.archive import zipped
from tests.typesetting.layouts.compound import compound
from tests.typesetting.layouts.doc import CELL_MARK, DELETED, HIDDEN, IN_TABLE, ROW_END, modifier
from tests.typesetting.layouts.docx import package
from tests.typesetting.layouts.word_binary import Paragraph, Run, word_file

Cells = list[list[tuple[str, int, int, int]]]


def tables(content: bytes) -> list[Cells]:
    """Return each table as rows of (text, column, row span, column span)."""
    return [
        [[(cell.text, cell.column or 0, cell.row_span, cell.column_span) for cell in row.cells] for row in block.grid]
        for block in readers.read(content).blocks if block.grid is not None
    ]


def lines(content: bytes) -> list[str]:
    return [block.text for block in readers.read(content).blocks if block.grid is None]


def refusal(content: bytes, bounds: Bounds | None = None) -> str:
    with pytest.raises(Unreadable) as raised:
        readers.read(content, Budget(bounds or Bounds()))
    return raised.value.kind


# ---------------------------------------------------------------------------------------------------------------------
# DOCX


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{content}</w:p></w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def one_cell(content: str) -> str:
    """Return what is read in the second cell of a table of two rows."""
    read = tables(package(table(cell(run("a")) + cell(content), cell(run("b")) + cell(run("c")))))
    return read[0][0][1][0]


@pytest.mark.parametrize(("content", "printed"), [
    (run("1") + f"<w:del>{run('2').replace('w:t>', 'w:delText>')}</w:del><w:ins>{run('3')}</w:ins>", "13"),
    (f"<w:moveFrom>{run('1')}</w:moveFrom><w:moveTo>{run('2')}</w:moveTo>", "2"),
    (run("1") + run("2", "<w:vanish/>") + run("3", '<w:vanish w:val="0"/>'), "13"),
    (run("1") + run("2", '<w:rStyle w:val="z-"/>'), "1"),
    (f"<w:sdt><w:sdtContent>{run('7')}</w:sdtContent></w:sdt>", "7"),
    ("<w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>2</w:t><w:br/><w:t>3</w:t></w:r>", "1-2\n3"),
    (f"{mark('begin')}<w:r><w:instrText>= 1+1</w:instrText><w:t>9</w:t></w:r>{mark('separate')}{run('2')}{mark('end')}",
     "2"),
    (mark("begin") + run("5"), "5"),
    (run("<w:t/>").replace("<w:t><w:t/></w:t>", "<w:sym/>"), "\ufffd"),
    ("<m:oMath><m:r><m:t>12</m:t></m:r></m:oMath>", "12"),
    ("<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num></m:f></m:oMath>", "\ufffd"),
    (run("12") + run("3", '<w:vertAlign w:val="superscript"/>'), "12\ufffd3"),
    (run("12", "<w:strike/>"), "\ufffd12"),
    (run("注", '<w:vertAlign w:val="superscript"/>'), "注"),
    (f"<mc:AlternateContent><mc:Choice>{run('1')}</mc:Choice><mc:Fallback>{run('1')}</mc:Fallback></mc:AlternateContent>",
     "1"),
    (f"<mc:AlternateContent><mc:Fallback>{run('4')}</mc:Fallback></mc:AlternateContent>", "4"),
    ("<w:r><w:drawing><wp:inline/></w:drawing></w:r>", "\ufffd"),
    ("<w:r><w:drawing><wp:anchor/></w:drawing></w:r>" + run("8"), "8"),
])
def test_a_docx_cell_says_what_is_printed(content: str, printed: str) -> None:
    assert one_cell(content) == printed


def test_regions_of_a_docx_table_are_merged_across_and_down() -> None:
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        cell(run("组"), start) + cell(run("a"), '<w:gridSpan w:val="2"/>'),
        cell(run("盖住"), on) + cell(run("b")) + cell(run("c")),
        '<w:trPr><w:gridBefore w:val="1"/><w:gridAfter w:val="1"/></w:trPr>' + cell(run("d")),
    ]
    assert tables(package(table(*rows))) == [[
        [("组", 0, 2, 1), ("a", 1, 1, 2)], [("b", 1, 1, 1), ("c", 2, 1, 1)], [("d", 1, 1, 1)],
    ]]


def test_a_cell_that_goes_on_below_nothing_stands_for_itself() -> None:
    rows = [cell(run("a")) + cell(run("1")), cell(run("b"), "<w:vMerge/>") + cell(run("2"))]
    assert tables(package(table(*rows)))[0][1] == [("b", 0, 1, 1), ("2", 1, 1, 1)]


def test_deleted_and_hidden_rows_are_not_printed() -> None:
    rows = [
        cell(run("a")) + cell(run("1")),
        "<w:trPr><w:del/></w:trPr>" + cell(run("b")) + cell(run("2")),
        "<w:trPr><w:hidden/></w:trPr>" + cell(run("c")) + cell(run("3")),
    ]
    assert tables(package(table(*rows))) == [[[("a", 0, 1, 1), ("1", 1, 1, 1)]]]


def test_a_layout_table_is_walked_and_a_table_in_a_cell_is_its_text() -> None:
    inner = table(cell(run("x")) + cell(run("1")), cell(run("y")) + cell(run("2")))
    small = table(cell(run("注")))
    content = package(
        f"<w:tbl><w:tr><w:tc><w:p>{run('正文')}</w:p>{inner}<w:p/></w:tc></w:tr></w:tbl>"
        + table(f"<w:tc>{small}<w:p>{run('5')}</w:p></w:tc>" + cell(run("6")), cell(run("z")) + cell(run("7")))
    )
    assert lines(content) == ["正文"]
    assert [rows[0][0][0] for rows in tables(content)] == ["x", "注\n5"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent>"
    paragraph = (
        f"<w:p>{run('前')}<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape>{box}</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(package(paragraph + f"<w:p>{run('后')}</w:p>")) == ["前", "框内", "后"]


def test_a_strict_file_is_read_as_any_other() -> None:
    plain = package(table(cell(run("a")) + cell(run("1")), cell(run("b")) + cell(run("2"))))
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    strict = {
        name: content.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ) for name, content in members.items()
    }
    assert strict != members
    assert tables(zipped(strict)) == tables(plain)


def with_document(content: str | bytes) -> bytes:
    return zipped({"word/document.xml": content})


@pytest.mark.parametrize(("content", "kind"), [
    (with_document('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "broken"),
    (with_document("<x>"), "broken"),
    (with_document("<x/>"), "broken"),
    (zipped({"word/other.xml": "<x/>"}), "broken"),
    (with_document("<x>" + "<y a='1'/>" * 600_000 + "</x>"), "too_large"),
    (with_document("<x>" * 5000 + "</x>" * 5000), "broken"),
    (package("<w:altChunk/>"), "unsupported_format"),
])
def test_what_is_no_docx_is_refused_by_name(content: bytes, kind: str) -> None:
    assert refusal(content) == kind


def test_entities_in_utf_16_are_refused_as_well() -> None:
    bomb = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert refusal(with_document(bomb.encode("utf-16"))) == "broken"


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    assert refusal(with_document(b"0" * 2_000_000), Bounds(most_unpacked=1_000_000)) == "too_large"
    assert refusal(zipped({f"word/{n}": "" for n in range(30)}), Bounds(most_members=20)) == "too_large"


def test_more_cells_than_any_report_are_refused() -> None:
    wide = table(*(cell(run("1")) * 20 for _ in range(20)))
    assert refusal(package(wide), Bounds(most_cells=399)) == "too_large"


def test_tables_nested_as_deep_as_xml_allows_are_read() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 80 + f"<w:p>{run('底')}</w:p>" + "</w:tc></w:tr></w:tbl>" * 80
    assert lines(package(deep)) == ["底"]


# ---------------------------------------------------------------------------------------------------------------------
# DOC


def row(edges: list[int], flags: list[int], extra: bytes = b"") -> Paragraph:
    """Return the paragraph that ends a row, with the edges of its cells and a word of flags for each."""
    cells = b"".join(struct.pack("<H18x", flag) for flag in flags)
    definition = bytes([len(flags)]) + struct.pack(f"<{len(edges)}h", *edges) + cells
    defined = struct.pack("<HH", 0xD608, len(definition) + 1) + definition
    return Paragraph((), IN_TABLE + ROW_END + defined + extra, CELL_MARK)


def word_cell(*runs: Run | str) -> Paragraph:
    return Paragraph(tuple(Run(one) if isinstance(one, str) else one for one in runs), IN_TABLE, CELL_MARK)


TWO = [0, 1000, 2000]


def one_doc_cell(*runs: Run | str) -> str:
    content = word_file([
        word_cell("a"), word_cell(*runs), row(TWO, [0, 0]), word_cell("b"), word_cell("c"), row(TWO, [0, 0]),
    ])
    return tables(content)[0][0][1][0]


@pytest.mark.parametrize(("runs", "printed"), [
    (("1", Run("2", DELETED), "3"), "13"),
    (("1", Run("2", HIDDEN), Run("3", modifier(0x083C, b"\0"))), "13"),
    (("\x13 = 1 \x14", "2", "\x15"), "2"),
    (("\x13 FORMDROPDOWN \x15",), "\ufffd"),
    (("\x13 EQ \\o(1) \x15",), "\ufffd"),
    (("\x135",), "5"),
    (("1\x1e2\x0b3",), "1-2\n3"),
    (("\x01",), "\ufffd"),
    (("\x08", "6"), "6"),
    ((Run("(", modifier(0x6A09, b"\0\0\x31\xf0")),), "\ufffd"),
    (("12", Run("3", modifier(0x2A48, b"\1"))), "12\ufffd3"),
    (("\U00020000",), "\U00020000"),
])
def test_a_doc_cell_says_what_is_printed(runs: tuple[Run | str, ...], printed: str) -> None:
    assert one_doc_cell(*runs) == printed


def test_regions_of_a_doc_table_are_merged_by_width_and_by_marks() -> None:
    content = word_file([
        word_cell("组"), word_cell("a"), row([0, 500, 1500], [3 << 5, 0]),
        word_cell(""), word_cell("b"), word_cell("c"), row([4, 503, 1000, 1500], [1 << 5, 0, 0]),
        word_cell("d"), word_cell("盖住"), word_cell("e"), row([0, 500, 1000, 1500], [1, 2, 0]),
        word_cell("f"), word_cell("盖住"), word_cell("g"),
        row([0, 500, 1000, 1500], [0] * 3, modifier(0x5624, b"\0\2")),
    ])
    assert tables(content) == [[
        [("组", 0, 2, 1), ("a", 1, 1, 2)], [("b", 1, 1, 1), ("c", 2, 1, 1)],
        [("d", 0, 1, 2), ("e", 2, 1, 1)], [("f", 0, 1, 2), ("g", 2, 1, 1)],
    ]]


def test_vertical_merge_by_a_modifier_of_its_own() -> None:
    down = [modifier(0xD62B, bytes([0, flag])) for flag in (3, 1)]
    content = word_file([
        word_cell("组"), word_cell("1"), row(TWO, [0, 0], down[0]),
        word_cell(""), word_cell("2"), row(TWO, [0, 0], down[1]),
    ])
    assert tables(content)[0][0][0] == ("组", 0, 2, 1)


@pytest.mark.parametrize("body", [
    [word_cell("a"), word_cell("b"), row([0, 1000], [0])],
    [word_cell("a"), Paragraph((Run("b"),))],
    [Paragraph((Run("a"),), mark=CELL_MARK)],
    [word_cell("a"), row([1000, 0], [0])],
    [word_cell("a"), Paragraph((), IN_TABLE + ROW_END, CELL_MARK)],
    [word_cell("a"), word_cell("字"), row([0, 1000, 1010], [0, 0])],
])
def test_a_doc_table_whose_marks_contradict_is_refused(body: list[Paragraph]) -> None:
    assert refusal(word_file([*body, Paragraph((Run("完"),))])) == "broken"


def streams(header: bytes) -> bytes:
    return compound({"WordDocument": header.ljust(2000, b"\0"), "1Table": b"", "Data": b""})


@pytest.mark.parametrize(("header", "kind"), [
    (struct.pack("<HH", 0xA5DC, 0x68), "unsupported_format"),
    (struct.pack("<HH6xH", 0xA5EC, 0xC1, 0x0300), "encrypted"),
    (struct.pack("<HH6xH", 0xA5EC, 0xC1, 0x0000), "broken"),
    (struct.pack("<HH6xH", 0xA5EC, 0xC1, 0x0200), "broken"),
    (b"rubbish", "broken"),
])
def test_what_is_no_doc_of_word_97_is_refused_by_name(header: bytes, kind: str) -> None:
    assert refusal(streams(header)) == kind
