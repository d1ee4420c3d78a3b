"""Bytes to blocks: encodings, kinds of document, HTML grids, bounds."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.parsing import readers
from assets.parsing.parse import parse_document
from assets.parsing.readers import sniffing
from assets.parsing.readers.bounds import Bounds, Budget, Unreadable, open_archive, read_member

TEXT = "二、主动公开政府信息情况"


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        sniffing.media_of(content, Budget())
    return raised.value.kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_decoded_whatever_its_encoding(encoding: str) -> None:
    assert sniffing.decode(TEXT.encode(encoding))[0] == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_tail_cut_inside_a_character_does_not_spoil_the_rest(encoding: str) -> None:
    assert sniffing.decode(TEXT.encode(encoding)[:-1])[0].startswith(TEXT[:-1])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        ("\u3000\ufeff".encode(), "empty"),
        (bytes(range(256)) * 4, "unreadable"),
        (b"{\\rtf1 hello}", "unsupported_format"),
        (b"PK\x03\x04rubbish", "broken"),
        (b"\x1f\x8b\x08\x00", "unsupported_format"),
    ],
)
def test_what_is_no_text_is_refused_by_name(content: bytes, kind: str) -> None:
    assert refusal(content) == kind


def test_an_archive_that_unpacks_beyond_the_bound_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 10_000)
    with pytest.raises(Unreadable, match="unpacked"):
        open_archive(buffer.getvalue(), Budget(Bounds(most_unpacked=5_000)))
    honest = open_archive(buffer.getvalue(), Budget())
    with pytest.raises(Unreadable, match="more than"):
        read_member(honest, "word/document.xml", Budget(Bounds(most_unpacked=5_000)))


def test_a_document_that_takes_too_long_is_refused() -> None:
    with pytest.raises(Unreadable, match="took more than"):
        Budget(Bounds(most_seconds=-1)).check()


def grid(html: str) -> list[list[tuple[str, int | None]]]:
    blocks = [block for block in readers.read(html.encode()).blocks if block.grid is not None]
    return [[(cell.text, cell.column) for cell in row.cells] for block in blocks for row in block.grid or ()]


def test_spans_give_later_cells_their_columns() -> None:
    rows = grid("<table><tr><td rowspan=2>a<td colspan=2>b<td>c</tr><tr><td>d<td>e<td>f</tr></table>")
    assert rows == [[("a", 0), ("b", 1), ("c", 3)], [("d", 1), ("e", 2), ("f", 3)]]


def test_runs_of_one_cell_are_joined_and_hidden_ones_left_out() -> None:
    rows = grid(
        "<table><tr><td><span>18</span><span>60145</span><span style='display:none'>9</span><td>&nbsp;</tr></table>"
    )
    assert rows == [[("1860145", 0), ("", 1)]]


def test_hidden_elements_without_an_end_hide_nothing_else() -> None:
    """A picture that counts visits is hidden on many pages; what follows it, in its paragraph or later, is not."""
    html = "<p>前<img src=x style='display:none'>后</p><p>文</p><table><tr><td>a<td>1<img hidden>2</tr></table><p>末"
    document = readers.read(html.encode())
    assert [block.text for block in document.blocks] == ["前后", "文", "", "末"]
    assert [cell.text for row in document.blocks[2].grid or () for cell in row.cells] == ["a", "12"]


def test_text_beside_what_is_left_out_stays() -> None:
    """Of a hidden run and a list of choices only their own text goes; white space of the markup breaks no line."""
    html = (
        "<p>前<span style='display:none'>藏</span>后<select><option>选</select>末</p>"
        "<table><tr><td>甲\n乙<span style='display:none'>藏</span>丙<select><option>选</select>丁<td>1</tr></table>尾"
    )
    document = readers.read(html.encode())
    assert [block.text for block in document.blocks] == ["前后末", "", "尾"]
    assert [cell.text for row in document.blocks[1].grid or () for cell in row.cells] == ["甲 乙丙丁", "1"]


def test_a_left_out_element_that_never_ends_is_the_end() -> None:
    assert [block.text for block in readers.read(b"<p>a</p><div>b<svg><plaintext>c").blocks][:2] == ["a", "b"]


def test_a_layout_table_is_walked_and_the_table_in_it_is_the_grid() -> None:
    inner = "<table><tr><td>x<td>1</tr><tr><td>y<td>2</tr></table>"
    html = f"<table><tr><td>菜单</td><td><p>正文</p>{inner}</td></tr></table>"
    assert grid(html) == [[("x", 0), ("1", 1)], [("y", 0), ("2", 1)]]
    assert [b.text for b in readers.read(html.encode()).blocks if b.grid is None] == ["菜单", "正文"]


def test_places_are_paths_in_the_page() -> None:
    block = next(b for b in readers.read(b"<div><table><tbody><tr><td>x<td>1</tr></table></div>").blocks if b.grid)
    assert block.grid is not None
    assert block.grid[0].cells[1].place == "/html/body/div[1]/table[1]/tr[1]/td[2]"


def test_nesting_deeper_than_the_stack_is_read() -> None:
    assert readers.read(b"<div>" * 5000 + "正文".encode() + b"</div>" * 5000).blocks[0].text == "正文"


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise_out_of_parsing(content: bytes) -> None:
    assert parse_document(content, "x").refusal is not None


@settings(deadline=None)
@given(st.text(alphabet="<>table td/tr='\"rowspan=0 colspan一、|\t\n12&;!-", max_size=400))
def test_no_markup_raises_out_of_parsing(text: str) -> None:
    assert parse_document(("<table>" + text).encode(), "x").refusal is not None
