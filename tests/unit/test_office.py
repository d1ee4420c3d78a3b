"""Office formats as a whole: typeset, parsed, equal; wrappings; what is told apart by content; damage.

Belongs here: what all of them must do. Does not: one format (test_word_files.py, test_sheets.py, test_ofd.py).
"""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.parsing import readers
from assets.parsing.parse import parse_document
from assets.parsing.readers.bounds import Unreadable
from assets.parsing.refusals import refusal_words
from tests.typesetting.figures import made_report
from tests.typesetting.form import figure_text
from tests.typesetting.layouts import LAYOUTS
from tests.typesetting.layouts.archive import zipped
from tests.typesetting.layouts.compound import compound
from tests.typesetting.publication import compose
from tests.typesetting.report import Figure, ReportText

OFFICE = (
    "docx", "docx_worked_on", "doc", "doc_worked_on", "xlsx", "xlsx_hidden", "xls", "xls_hidden", "ofd_runs",
    "ofd_characters", "mht", "zip_of_docx",
)
SIGNS: tuple[Figure, ...] = (None, "/", "—", "-", "〇", "０", "0件", "无", "1,216", "３８", "+19", "251000元")
DAMAGES = 25


def cells(content: bytes) -> dict[str, str]:
    parsed = parse_document(content, "document")
    assert parsed.refusal is None, parsed.refusal
    return {cell.cell_code: cell.cell.text for table in parsed.tables for cell in table.cells if cell.cell_code}


def stated(report: ReportText) -> dict[str, str]:
    return {code: figure_text(figure) for code, figure in report.cells().items()}


@pytest.mark.parametrize("layout", OFFICE)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), form_code=st.sampled_from(["cn_ogi_2019", "cn_ogi_2021"]))
def test_what_is_typeset_is_parsed(layout: str, seed: int, form_code: str) -> None:
    report = made_report(seed, form_code)
    assert cells(LAYOUTS[layout].render(compose(report))) == stated(report)


@pytest.mark.parametrize("layout", OFFICE)
def test_blanks_and_marks_stay_as_they_are_printed(layout: str) -> None:
    """Whatever is printed in a cell is given back as it stands, or the cell is not placed: never another text."""
    report = made_report(5, "cn_ogi_2021")
    chance = random.Random(layout)
    codes = [code for code, figure in report.figures.items() if figure == 0]
    marked = report.with_figures({code: chance.choice(SIGNS) for code in chance.sample(codes, len(codes) // 2)})
    found, expected = cells(LAYOUTS[layout].render(compose(marked))), stated(marked)
    # Pages break a figure before its unit where the column is too narrow; nowhere else may a line end.
    found = {code: text.replace("\n元", "元") for code, text in found.items()}
    assert {code: text for code, text in found.items() if text != expected[code]} == {}
    assert len(found) > 0.8 * len(expected)


@pytest.mark.parametrize("layout", OFFICE)
def test_damage_is_refused_by_name_or_does_no_harm(layout: str) -> None:
    """Zip files are guarded by sums of their own; in DOC and XLS a flipped bit of a text can only be a wrong text."""
    content = LAYOUTS[layout].render(compose(made_report(3, "cn_ogi_2021")))
    chance = random.Random(layout)
    damaged = [content[: len(content) * tenth // 10] for tenth in range(1, 10)]
    for _ in range(DAMAGES):
        place = chance.randrange(len(content))
        damaged.append(content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :])
    for one in damaged:
        try:
            readers.read(one)
        except Unreadable as problem:
            assert refusal_words(problem.kind)


@pytest.mark.parametrize("layout", ["docx", "xlsx", "ofd_runs"])
def test_no_damage_of_a_zip_file_gives_a_wrong_cell(layout: str) -> None:
    report = made_report(3, "cn_ogi_2021")
    content = LAYOUTS[layout].render(compose(report))
    chance, expected = random.Random(layout), stated(report)
    for _ in range(DAMAGES):
        place = chance.randrange(len(content))
        parsed = parse_document(content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :], "document")
        found = {cell.cell_code: cell.cell.text for table in parsed.tables for cell in table.cells if cell.cell_code}
        assert {code: text for code, text in found.items() if text != expected[code]} == {}


# ---------------------------------------------------------------------------------------------------------------------
# Told apart by content


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(Unreadable) as raised:
        readers.read(content)
    return raised.value.kind, raised.value.detail


@pytest.mark.parametrize(("content", "kind", "word"), [
    (b"{\\rtf1\\ansi a}", "unsupported_format", "RTF"),
    (zipped({"ppt/presentation.xml": "<x/>"}), "unsupported_format", "PPTX"),
    (zipped({"mimetype": "x", "content.xml": "<x/>"}), "unsupported_format", "OpenDocument"),
    (zipped({"a.zip": zipped({"b.txt": "年报"})}), "unsupported_format", "inside"),
    (zipped({}), "empty", "without a file"),
    (zipped({"__MACOSX/._a": "x"}), "empty", "without a file"),
    (compound({"EncryptedPackage": b"", "EncryptionInfo": b""}), "encrypted", "password"),
    (compound({"PowerPoint Document": b"", "Other": b""}), "unsupported_format", "OLE"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "broken", "OLE"),
    (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
     b"--x\r\nContent-Type: image/gif\r\n\r\na\r\n--x--\r\n", "broken", "MHT"),
])
def test_other_files_are_refused_by_name(content: bytes, kind: str, word: str) -> None:
    found, detail = refusal(content)
    assert found == kind
    assert word in detail


def test_text_that_speaks_of_mail_is_text() -> None:
    assert readers.read("Content-Type: 说明\n政府信息公开".encode()).media == "text"


def test_the_same_member_twice_is_refused() -> None:
    """Programs differ in which one they show."""
    content = zipped({"word/document.xml": "<x/>", "word/document.xmL": "<y/>"}).replace(b".xmL", b".xml")
    assert refusal(content)[0] == "broken"
