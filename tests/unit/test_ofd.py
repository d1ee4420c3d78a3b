"""OFD: glyphs, steps, matrices, paths, blocks, templates, paths of files, pictures, damage."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from assets.parsing import readers, recognition
from assets.parsing.readers.bounds import Budget, Unreadable
from assets.parsing.readers.ofd_geometry import lines_of, numbers, spread
from tests.typesetting.layouts.archive import zipped

BOX = '<PathObject Boundary="{} {} 40 10"><AbbreviatedData>M 0 0 L 40 0 L 40 10 L 0 10 C</AbbreviatedData></PathObject>'


def text(x: float, y: float, words: str, more: str = "", steps: str = "") -> str:
    return (
        f'<TextObject Boundary="{x} {y} 30 4" Size="4" {more}><TextCode X="0" Y="3.5" {steps}>{words}</TextCode>'
        "</TextObject>"
    )


def ofd(content: str, resources: str = "", common: str = "", page: str = "", **members: str | bytes) -> bytes:
    """Return a package of one page with the given objects."""
    return zipped({
        "OFD.xml": "<OFD><DocBody><DocRoot>/Doc_0/Document.xml</DocRoot></DocBody></OFD>",
        "Doc_0/Document.xml": '<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>'
        f"{common}<DocumentRes>Res.xml</DocumentRes></CommonData>"
        '<Pages><Page ID="1" BaseLoc="P.xml"/></Pages></Document>',
        "Doc_0/Res.xml": f'<Res BaseLoc="Res">{resources}</Res>',
        "Doc_0/P.xml": f"<Page>{page}<Content><Layer>{content}</Layer></Content></Page>",
        **members,
    })


def lines(content: bytes) -> list[str]:
    return [block.text for block in readers.read(content).blocks]


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        readers.read(content, Budget())
    return raised.value.kind


@pytest.mark.parametrize(("content", "printed"), [
    (text(10, 10, "规章", steps='DeltaX="4"'), ["规章"]),
    (text(10, 10, "18802255", steps='DeltaX="g 7 2"'), ["18802255"]),
    (text(10, 10, "12 34"), ["12 34"]),
    (text(10, 10, "12", steps='DeltaX="30"'), ["1 2"]),
    (text(10, 10, "见", 'Visible="false"') + text(10, 20, "明"), ["明"]),
    (text(10, 10, "透", 'Alpha="0"') + text(10, 20, "明"), ["明"]),
    (text(10, 10, "空", 'Fill="false"') + text(10, 20, "明"), ["明"]),
    (text(10, 10, "\ue123"), ["\ufffd"]),
    (text(10, 10, "水印", 'CTM="0.7 0.7 -0.7 0.7 0 0"') + text(10, 20, "明"), ["明"]),
    (text(10, 10, "字", 'CTM="0.5 0 0 0.5 0 0"') + text(12.1, 10, "后", 'CTM="0.5 0 0 0.5 0 0"'), ["字后"]),
    (f"<PageBlock>{text(10, 10, '块')}</PageBlock>", ["块"]),
])
def test_glyphs_are_read_where_they_are_printed(content: str, printed: list[str]) -> None:
    assert sorted(lines(ofd(content))) == sorted(printed)


def test_rules_make_tables_and_places_are_boxes_in_pt() -> None:
    boxes = "".join(BOX.format(x, y) for x in (20, 60) for y in (20, 30))
    placed = ((20, 20, "a"), (60, 20, "1"), (20, 30, "b"), (60, 30, "2"))
    words = "".join(text(x + 2, y + 3, word) for x, y, word in placed)
    block = readers.read(ofd(boxes + words)).blocks[0]
    assert block.grid is not None
    assert [[cell.text for cell in row.cells] for row in block.grid] == [["a", "1"], ["b", "2"]]
    assert block.grid[0].cells[0].place == "page 1, box 56.7 56.7 170.1 85.0"


def test_templates_and_shared_graphics_are_part_of_the_page() -> None:
    content = ofd(
        text(10, 40, "页"), '<CompositeGraphicUnits><CompositeGraphicUnit ID="7"><Content>'
        f'{text(0, 0, "图")}</Content></CompositeGraphicUnit></CompositeGraphicUnits>',
        '<TemplatePage ID="5" BaseLoc="T.xml"/>', '<Template TemplateID="5"/>',
        **{"Doc_0/T.xml": '<Page><Content><Layer><CompositeObject ResourceID="7" Boundary="10 20 30 10"/>'
           f'{text(10, 10, "板")}</Layer></Content></Page>'},
    )
    assert sorted(lines(content)) == ["图", "板", "页"]


def test_several_documents_follow_one_another() -> None:
    one = ofd(text(10, 10, "甲"))
    members = {name: content for name, content in _members(one).items() if name != "OFD.xml"}
    second = {
        name.replace("Doc_0", "Doc_1"): content.replace("甲".encode(), "乙".encode())
        for name, content in members.items()
    }
    root = "".join(f"<o:DocBody><o:DocRoot>Doc_{n}/Document.xml</o:DocRoot></o:DocBody>" for n in (0, 1))
    content = zipped({"OFD.xml": f'<o:OFD xmlns:o="urn:any">{root}</o:OFD>', **members, **second})
    document = readers.read(content)
    assert [(page.number, page.blocks[0].text) for page in document.pages] == [(1, "甲"), (2, "乙")]


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def picture() -> tuple[str, str, bytes]:
    buffer = io.BytesIO()
    Image.new("L", (600, 850), 255).save(buffer, "PNG")
    place = '<ImageObject Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="9"/>'
    resources = '<MultiMedias><MultiMedia ID="9"><MediaFile>a.png</MediaFile></MultiMedia></MultiMedias>'
    return place, resources, buffer.getvalue()


def test_a_page_that_is_a_picture_is_recognised_or_says_what_that_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    place, resources, content = picture()

    def missing() -> None:
        raise Unreadable("needs_ocr", "the extra is missing")

    monkeypatch.setattr(recognition, "require", missing)
    assert refusal(ofd(place, resources, **{"Doc_0/Res/a.png": content})) == "needs_ocr"
    assert refusal(ofd(place, resources)) == "broken"


def test_text_drawn_in_outlines_is_refused_by_name() -> None:
    curve = "<PathObject Boundary='1 1 3 3'><AbbreviatedData>M 0 0 B 1 1 2 2 3 3</AbbreviatedData></PathObject>"
    assert refusal(ofd(curve * 500)) == "unreadable"


@pytest.mark.parametrize(("content", "kind"), [
    (zipped({"OFD.xml": "<OFD><DocBody/></OFD>"}), "broken"),
    (zipped({"OFD.xml": "<OFD><DocBody><DocRoot>x.xml</DocRoot></DocBody></OFD>"}), "broken"),
    (zipped({"OFD.xml": "<OFD/>", "Encryptions.xml": "<x/>"}), "encrypted"),
    (ofd(text(10, 10, "1", 'CTM="1 0 0"')), "broken"),
    (ofd(text(10, 10, "1", 'CTM="nan 0 0 1 0 0"')), "broken"),
    (ofd(text(10, 10, "12", steps='DeltaX="g 1"')), "broken"),
    (ofd("<PathObject Boundary='0 0 1 1'><AbbreviatedData>M 0</AbbreviatedData></PathObject>"), "broken"),
    (ofd("<PageBlock>" * 40 + "</PageBlock>" * 40), "broken"),
    (ofd("<TextObject/>" * 110_000), "too_large"),
    (ofd('<CompositeObject ResourceID="7"/>', '<CompositeGraphicUnits><CompositeGraphicUnit ID="7"><Content>'
         '<CompositeObject ResourceID="7"/></Content></CompositeGraphicUnit></CompositeGraphicUnits>'), "broken"),
])
def test_what_is_no_ofd_is_refused_by_name(content: bytes, kind: str) -> None:
    assert refusal(content) == kind


def test_steps_and_paths() -> None:
    assert spread("1 g 3 2.5 4", 9) == [1, 2.5, 2.5, 2.5, 4]
    assert spread("g 999999 1", 3) == [1, 1, 1]
    assert numbers(None) == []
    assert list(lines_of("M 0 0 L 1 0 C M 5 5 B 1 1 2 2 3 3", 99)) == [[(0, 0), (1, 0), (0, 0)], [(5, 5), (3, 3)]]
