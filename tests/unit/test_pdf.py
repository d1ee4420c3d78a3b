"""PDF files: typeset by two producers, read, equal; places, turned pages, breaks, damage, bounds.

Belongs here: the reader of PDF together with the geometry it hands over to. Does not: geometry of made-up shapes
(test_geometry.py), scans (recognition has tests of its own).
"""

from __future__ import annotations

import io
import random
import re

import pypdfium2  # type: ignore[import-untyped]
import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from assets.parsing import readers
from assets.parsing.parse import parse_document
from assets.parsing.readers import pdf as reader
from assets.parsing.readers.bounds import Bounds, Budget, Unreadable
from assets.parsing.refusals import refusal_words
from tests.typesetting.figures import made_report
from tests.typesetting.form import figure_text
from tests.typesetting.layouts import LAYOUTS
from tests.typesetting.layouts import pdf as typesetting
from tests.typesetting.layouts.pdf import Manner, NamingPen
from tests.typesetting.publication import Publication, Words, compose
from tests.typesetting.report import ReportText

FORMS = ("cn_ogi_2019", "cn_ogi_2021")
PRODUCED = ("pdf_embedded", "pdf_named_font", "pdf_repeated_heads", "pdf_turned", "pdf_borderless")
PLACE = re.compile(r"page (\d+), box (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+)")


def cells(content: bytes) -> dict[str, str]:
    parsed = parse_document(content, "document")
    assert parsed.refusal is None, parsed.refusal
    found = {cell.cell_code: cell.cell.text for table in parsed.tables for cell in table.cells if cell.cell_code}
    # A narrow column breaks a figure before its unit; nowhere else may a line end.
    return {code: text.replace("\n元", "元") for code, text in found.items()}


def stated(report: ReportText) -> dict[str, str]:
    return {code: figure_text(figure) for code, figure in report.cells().items()}


def refusal(content: bytes, budget: Budget | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as raised:
        readers.read(content, budget)
    assert refusal_words(raised.value.kind)
    return raised.value


@pytest.mark.parametrize("form_code", FORMS)
@pytest.mark.parametrize("layout", PRODUCED)
@settings(max_examples=1, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_what_is_typeset_is_parsed(layout: str, form_code: str, seed: int) -> None:
    report = made_report(seed, form_code)
    assert cells(LAYOUTS[layout].render(compose(report))) == stated(report)


def test_signed_changes_of_the_older_form_are_read_as_printed() -> None:
    report = made_report(8, "cn_ogi_2019")
    signed = [code for code in report.figures if code.endswith(".item_change")]
    assert len(signed) > 3
    marks = dict(zip(signed, ("减4", "+173", "-35", "增加5"), strict=False))
    changed = report.with_figures(marks)
    for layout in ("pdf_embedded", "pdf_named_font"):
        found = cells(LAYOUTS[layout].render(compose(changed)))
        assert {code: found[code] for code in marks} == marks
        assert found == stated(changed)


def test_a_page_may_end_at_every_row() -> None:
    """Words above the tables push them down the page, so that breaks fall into different rows, cut or whole."""
    report = made_report(21, "cn_ogi_2021")
    base = compose(report)
    for lines in range(0, 40, 3):
        pushed = Publication((base.blocks[0], *(Words("paragraph", "说明。"),) * lines, *base.blocks[1:]))
        manner = Manner(repeated_heads=lines % 2 == 0, cut_rows=lines % 4 < 2)
        assert cells(typesetting.pdf(pushed, NamingPen, manner)) == stated(report), lines


@pytest.mark.parametrize("layout", ["pdf_embedded", "pdf_turned"])
def test_a_place_is_where_a_cell_is_shown(layout: str) -> None:
    """What pdfium finds inside the box of a place, on the page as shown, is the text of that cell."""
    content = LAYOUTS[layout].render(compose(made_report(4, "cn_ogi_2021")))
    parsed = parse_document(content, "document")
    placed = [one.cell for table in parsed.tables for one in table.cells if one.cell_code and one.cell.text]
    assert len(placed) > 150
    with pypdfium2.PdfDocument(content) as document:
        for cell in random.Random(4).sample(placed, 40):
            number, *sides = map(float, PLACE.fullmatch(cell.place).groups())  # type: ignore[union-attr]
            page = document[int(number) - 1]
            x0, y0, x1, y1 = sides
            assert 0 <= x0 < x1 <= page.get_width() and 0 <= y0 < y1 <= page.get_height()
            if layout == "pdf_turned":
                # Stored lying on its side: the shown left upper corner is the file's left lower one.
                bounds = (y0, x0, y1, x1)
            else:
                bounds = (x0, page.get_height() - y1, x1, page.get_height() - y0)
            assert page.get_textpage().get_text_bounded(*bounds).strip() == cell.text


# ---------------------------------------------------------------------------------------------------------------------
# Small files


def drawn(*pages: list[tuple[float, float, str]]) -> bytes:
    """Return a PDF whose pages hold texts at places."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for page in pages:
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_a_file_locked_against_changes_opens_and_one_with_a_password_is_refused() -> None:
    def locked(password: str) -> bytes:
        buffer = io.BytesIO()
        canvas = Canvas(buffer, encrypt=StandardEncryption(password, "owner", canModify=0))
        canvas.drawString(100, 700, "report-of-the-year-2023")
        canvas.save()
        return buffer.getvalue()

    assert readers.read(locked("")).blocks[0].text == "report-of-the-year-2023"
    assert refusal(locked("secret")).kind == "encrypted"


def test_broken_files_are_refused_by_name_at_every_tenth() -> None:
    content = LAYOUTS["pdf_named_font"].render(compose(made_report(3, "cn_ogi_2021")))
    for tenth in range(1, 10):
        assert refusal(content[: len(content) * tenth // 10]).kind == "broken"
    assert refusal(b"%PDF-1.7\nnothing of a file\n%%EOF").kind == "broken"


def test_pages_seconds_and_characters_are_bounded() -> None:
    content = drawn(*[[(100, 700, "a page of a report")]] * 4)
    assert refusal(content, Budget(Bounds(most_pages=3))).kind == "too_large"
    assert "more than" in refusal(content, Budget(Bounds(most_seconds=0.0), started=0.0)).detail
    assert refusal(content, Budget(Bounds(most_bytes=100))).kind == "too_large"


def test_one_page_of_endless_characters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_CHARACTERS", 50)
    assert refusal(drawn([(50, 700 - 20 * n, "twenty characters is") for n in range(3)])).kind == "too_large"


def test_text_drawn_invisibly_is_not_read() -> None:
    """It is what another program made of a picture, or what nobody sees."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(100, 700, "this-is-shown-on-the-page-as-printed")
    hidden = canvas.beginText(100, 650)
    hidden.setTextRenderMode(3)
    hidden.textLine("999")
    canvas.drawText(hidden)
    canvas.save()
    assert [block.text for block in readers.read(buffer.getvalue()).blocks] == ["this-is-shown-on-the-page-as-printed"]


def test_text_outside_the_page_is_not_read() -> None:
    content = drawn([(100, 700, "a-line-of-the-report-as-it-is-shown"), (-300, 500, "777"), (100, 2000, "888")])
    assert [block.text for block in readers.read(content).blocks] == ["a-line-of-the-report-as-it-is-shown"]


def ruled(figures: tuple[str, ...], size: float = 10.0) -> bytes:
    """Return a PDF with one row of cells 30 pt wide under a row of heads; figures begin 3 pt inside."""
    file = FPDF(unit="pt", format="A4")
    file.add_page()
    file.set_font("helvetica", size=size)
    for column, text in enumerate(figures):
        for row, content in enumerate((f"h{column}", text)):
            file.rect(50 + 30 * column, 100 + 20 * row, 30, 20)
            file.text(53 + 30 * column, 114 + 20 * row, content)
    return bytes(file.output())


def table(content: bytes) -> list[list[str]]:
    (grid,) = (block.grid for block in readers.read(content).blocks if block.grid)
    return [[cell.text for cell in row.cells] for row in grid]


def test_a_figure_over_a_rule_makes_both_cells_unreadable() -> None:
    assert table(ruled(("12", "", "3")))[1] == ["12", "", "3"]
    across = table(ruled(("1234567", "", "3")))[1]
    assert "\ufffd" in across[0] and "\ufffd" in across[1] and across[2] == "3"


def test_figures_apart_by_a_printed_blank_do_not_fuse() -> None:
    assert table(ruled(("1 2", "0", "3"), size=8))[1] == ["1 2", "0", "3"]


def test_forms_inside_a_page_are_read_where_they_are_shown() -> None:
    """Producers keep what repeats as a form object, placed by a matrix."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.beginForm("cells")
    for column in range(3):
        canvas.rect(30 * column, 0, 30, 20)
        canvas.drawString(30 * column + 4, 6, str(column))
    canvas.endForm()
    canvas.translate(100, 600)
    canvas.scale(2, 2)
    canvas.doForm("cells")
    canvas.save()
    (block,) = readers.read(buffer.getvalue()).blocks
    assert block.grid is not None
    assert [cell.text for cell in block.grid[0].cells] == ["0", "1", "2"]
    assert block.grid[0].cells[1].place.startswith("page 1, box 160.0 ")


def test_damage_gives_no_wrong_cell_in_silence() -> None:
    """A flipped bit in a compressed stream may lose text, never invent figures that pass for those of the report."""
    report = made_report(3, "cn_ogi_2021")
    content, expected, chance = LAYOUTS["pdf_named_font"].render(compose(report)), stated(report), random.Random(1)
    for _ in range(20):
        place = chance.randrange(len(content))
        parsed = parse_document(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :], "document")
        found = {one.cell_code: one.cell.text for t in parsed.tables for one in t.cells if one.cell_code}
        assert {c: t for c, t in found.items() if t.isdigit() and t != expected[c]} == {}
