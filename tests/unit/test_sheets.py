"""XLSX and XLS: values as printed, what is hidden, sheets cut into tables, a second opinion, bombs, damage."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
import xlwt
from openpyxl.styles import Border, Side
from python_calamine import CalamineWorkbook

from assets.parsing import readers
from assets.parsing.readers.bounds import Bounds, Budget, Unreadable
from assets.parsing.readers.sheets import address
from tests.typesetting.figures import made_report
from tests.typesetting.layouts import LAYOUTS
from tests.typesetting.layouts.archive import zipped
from tests.typesetting.layouts.compound import compound
from tests.typesetting.publication import compose

Shown = list[object]
BOX = Border(*[Side("thin")] * 4)


def shown(content: bytes) -> Shown:
    """Return lines as texts and tables as rows of (text, column, row span, column span)."""
    return [
        block.text if block.grid is None else [
            [(cell.text, cell.column, cell.row_span, cell.column_span) for cell in row.cells] for row in block.grid
        ]
        for block in readers.read(content).blocks
    ]


def refusal(content: bytes, bounds: Bounds | None = None) -> str:
    with pytest.raises(Unreadable) as raised:
        readers.read(content, Budget(bounds or Bounds()))
    return raised.value.kind


def plain(*rows: list[object], edit: Callable[[object], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if edit is not None:
        edit(book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def old(*rows: list[object], edit: Callable[[object], None] | None = None) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("年报")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    if edit is not None:
        edit(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("write", [plain, old])
def test_values_are_printed_as_a_spreadsheet_prints_them(write: Callable[..., bytes]) -> None:
    content = write(["a", 0, 0.1 + 0.2, 1880.2255, "0", "１２", True, 10**9], ["b", 1, 2, 3, 4, 5, 6, 7])
    printed = [cell[0] for cell in shown(content)[0][0]]
    assert printed == ["a", "0", "0.3", "1880.2255", "0", "１２", "TRUE", "1000000000"]


def test_errors_and_formulas_without_a_kept_result_cannot_be_read() -> None:
    content = plain(["a", "=1/0", "#N/A"], ["b", 1, 2])
    assert [cell[0] for cell in shown(content)[0][0]] == ["a", "\ufffd", "\ufffd"]


def test_a_formula_of_xls_gives_its_kept_result() -> None:
    """The library xlwt keeps an empty result; a number, a truth or an error is put into its place here."""
    content = old(["a", 1], ["b", xlwt.Formula("SUM(B1:B1)")])
    empty = bytes.fromhex("030000000000ffff")
    for result, printed in (
        (empty, "\ufffd"), (struct.pack("<d", 7), "7"), (bytes.fromhex("010001000000ffff"), "TRUE"),
        (bytes.fromhex("020007000000ffff"), "\ufffd"),
    ):
        assert content.count(empty) == 1
        assert shown(content.replace(empty, result))[0][1][1][0] == printed


def test_dates_are_dates() -> None:
    assert shown(plain(["a", date(2025, 1, 16)], ["b", 1]))[0][0][1][0] == "2025-01-16"
    style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    content = old(["a"], ["b", 1], edit=lambda sheet: sheet.write(0, 1, date(2025, 1, 16), style))
    assert shown(content)[0][0][1][0] == "2025-01-16"


def hide_xlsx(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True


def hide_xls(sheet: xlwt.Worksheet) -> None:
    sheet.row(1).hidden = True
    sheet.col(1).hidden = True


@pytest.mark.parametrize(("write", "hide"), [(plain, hide_xlsx), (old, hide_xls)])
def test_hidden_rows_and_columns_do_not_count(write: Callable[..., bytes], hide: Callable[[object], None]) -> None:
    content = write(["a", 9, 1], ["藏", 9, 9], ["b", 9, 2], edit=hide)
    assert shown(content) == [[[("a", 0, 1, 1), ("1", 1, 1, 1)], [("b", 0, 1, 1), ("2", 1, 1, 1)]]]


def test_hidden_sheets_do_not_count_and_the_others_are_pages() -> None:
    book = openpyxl.Workbook()
    for name, state in (("草稿", "hidden"), ("一", "visible"), ("二", "veryHidden"), ("三", "visible")):
        book.create_sheet(name).append([name])
        book[name].sheet_state = state
    buffer = io.BytesIO()
    book.save(buffer)
    document = readers.read(buffer.getvalue())
    assert [(block.text, block.place) for block in document.blocks] == [("一", "sheet 一, A1"), ("三", "sheet 三, A1")]


def test_a_merged_cell_counts_once_also_where_its_first_row_is_hidden() -> None:
    def edit(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet.merge_cells("A1:A3")
        sheet.merge_cells("B1:C1")
        sheet.row_dimensions[1].hidden = True

    assert shown(plain(["组", "藏", None], [None, 1, 2], [None, 3, 4], edit=edit)) == [
        [[("组", 0, 2, 1), ("1", 1, 1, 1), ("2", 2, 1, 1)], [("3", 1, 1, 1), ("4", 2, 1, 1)]]
    ]


def test_a_sheet_is_cut_at_blank_rows_and_at_headings_of_chapters() -> None:
    content = plain(
        ["某局年度报告"], ["一、总体情况"], ["全年平稳。"], ["二、主动公开"], ["说明"], ["规章", 1], ["许可", 2],
        ["三、申请"], ["受理", 3], ["办结", 4], [None], ["另表", 5], ["再表", 6],
    )
    kinds = [one if isinstance(one, str) else [row[0][0] for row in one] for one in shown(content)]
    assert kinds == [
        "某局年度报告", "一、总体情况", "全年平稳。", "二、主动公开", "说明", ["规章", "许可"],
        "三、申请", ["受理", "办结"], ["另表", "再表"],
    ]


def test_a_text_over_several_rows_is_text() -> None:
    content = plain(["总体情况"], ["很长的话"], [None], [None], ["完"], edit=lambda sheet: sheet.merge_cells("A2:H4"))
    assert shown(content) == ["总体情况", "很长的话", "完"]


def test_a_blank_row_inside_borders_belongs_to_the_table() -> None:
    def edit(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in sheet["A1:C2"]:
            for cell in row:
                cell.border = BOX

    content = plain(["维持", "纠正", "总计"], [None, None, None], ["五、不足"], edit=edit)
    assert shown(content) == [
        [[("维持", 0, 1, 1), ("纠正", 1, 1, 1), ("总计", 2, 1, 1)], [("", 0, 1, 1), ("", 1, 1, 1), ("", 2, 1, 1)]],
        "五、不足",
    ]


def test_without_borders_blank_cells_count_up_to_the_edge_of_the_table() -> None:
    assert shown(plain(["a", 1, 2], ["b", None, None], ["c", None, 3]))[0][1:] == [
        [("b", 0, 1, 1), ("", 1, 1, 1), ("", 2, 1, 1)], [("c", 0, 1, 1), ("", 1, 1, 1), ("3", 2, 1, 1)],
    ]


def test_without_borders_a_last_label_belongs_to_the_table() -> None:
    """Its blank figure is not stored; a signature below figures, a note, or prose is no label."""
    fees = shown(plain(["许可", 1], ["强制", 2], ["收费", None], ["三、申请"]))
    assert fees == [
        [[("许可", 0, 1, 1), ("1", 1, 1, 1)], [("强制", 0, 1, 1), ("2", 1, 1, 1)], [("收费", 0, 1, 1), ("", 1, 1, 1)]],
        "三、申请",
    ]
    for last in ("注：以上为全年数", "全年共收到申请。", "2024年", "五、不足"):
        assert shown(plain(["许可", 1], ["强制", 2], [last]))[1:] == [last]
    assert shown(plain(["维持", "纠正"], [1, 2], ["某某局"]))[1:] == ["某某局"]


def test_addresses() -> None:
    assert [address(0, 0), address(11, 1), address(0, 26), address(9, 701), address(0, 702)] == [
        "A1", "B12", "AA1", "ZZ10", "AAA1",
    ]


# ---------------------------------------------------------------------------------------------------------------------
# A second opinion


@pytest.mark.parametrize("layout", ["xlsx", "xls"])
@pytest.mark.parametrize("form_code", ["cn_ogi_2019", "cn_ogi_2021"])
def test_calamine_reads_the_same_values(layout: str, form_code: str) -> None:
    content = LAYOUTS[layout].render(compose(made_report(11, form_code)))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    second = {
        address(row, column): f"{value:.15g}" if isinstance(value, (int, float)) else str(value)
        for row, values in enumerate(sheet.to_python(skip_empty_area=False)) for column, value in enumerate(values)
    }
    own = {}
    for block in readers.read(content).blocks:
        cells = [(block.text, block.place)] if block.grid is None else [
            (cell.text, cell.place) for row in block.grid for cell in row.cells
        ]
        own.update({place.rpartition(" ")[2]: text for text, place in cells if text})
    assert own == {place: value for place, value in second.items() if value}


# ---------------------------------------------------------------------------------------------------------------------
# Bombs and damage


def book_of(sheet: str, texts: str = "") -> bytes:
    """Return an XLSX file with a sheet's XML as given."""
    main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org"
    kinds = f"{office}/officeDocument/2006/relationships"
    return zipped({
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kinds}"><sheets><sheet name="s" r:id="a"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{office}/package/2006/relationships">'
        f'<Relationship Id="a" Type="{kinds}/worksheet" Target="s.xml"/>'
        f'<Relationship Id="b" Type="{kinds}/sharedStrings" Target="t.xml"/></Relationships>',
        "xl/s.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
        "xl/t.xml": f'<sst xmlns="{main}">{texts}</sst>',
    })


def cells(*listed: str) -> str:
    return f"<sheetData><row r='1'>{''.join(listed)}</row></sheetData>"


def test_cells_at_the_far_corner_cost_nothing() -> None:
    near, far = "<row r='1'><c r='A1'><v>1</v></c></row>", "<row r='1048576'><c r='XFD1048576'><v>2</v></c></row>"
    merged = "<mergeCells><mergeCell ref='B2:XFD1048575'/></mergeCells>"
    assert shown(book_of(f"<sheetData>{near}{far}</sheetData>{merged}")) == ["1", "2"]


def test_runs_are_joined_and_readings_of_characters_left_out() -> None:
    texts = "<si><r><t>十</t></r><r><t>二_x000D_</t></r><rPh><t>shi</t></rPh></si>"
    assert shown(book_of(cells("<c r='A1' t='s'><v>0</v></c>"), texts)) == ["十二"]


@pytest.mark.parametrize(("sheet", "kind"), [
    (cells("<c r='A1' t='s'><v>7</v></c>"), "broken"),
    (cells("<c r='A1'><v>1</v></c>", "<c r='A1'><v>2</v></c>"), "broken"),
    (cells("<c r='A2'><v>1</v></c>"), "broken"),
    (cells("<c r='AAAA1'><v>1</v></c>"), "broken"),
    (cells("<c r='A1'><v>1a</v></c>"), "broken"),
    (cells("<c r='A1' s='x'><v>1</v></c>"), "broken"),
    ("<mergeCells><mergeCell ref='A1:Z'/></mergeCells>", "broken"),
])
def test_a_sheet_that_contradicts_itself_is_refused(sheet: str, kind: str) -> None:
    assert refusal(book_of(sheet)) == kind


def test_more_cells_than_any_report_are_refused() -> None:
    assert refusal(plain(*([1] * 10 for _ in range(10))), Bounds(most_cells=99)) == "too_large"


def test_workbooks_that_are_not_read_are_refused_by_name() -> None:
    assert refusal(zipped({"xl/workbook.bin": b"\0"})) == "unsupported_format"
    assert refusal(compound({"Book": b"\x09\x08", "Other": b""})) == "unsupported_format"


def biff(*records: tuple[int, bytes]) -> bytes:
    stream = b"".join(struct.pack("<HH", code, len(content)) + content for code, content in records)
    return compound({"Workbook": stream, "Other": b""})


@pytest.mark.parametrize(("records", "kind"), [
    ([(0x0809, b"\0\5\5\0")], "unsupported_format"),
    ([(0x0809, b"\0\6\5\0"), (0x002F, b"\1\0")], "encrypted"),
    ([(0x0809, b"\0\6\5\0"), (0x00FC, struct.pack("<II", 2**31, 2**31)), (0x000A, b"")], "broken"),
    ([(0x0809, b"\0\6\5\0")], "broken"),
    ([(0x0809, b"")], "broken"),
])
def test_what_is_no_xls_of_excel_97_is_refused_by_name(records: list[tuple[int, bytes]], kind: str) -> None:
    assert refusal(biff(*records)) == kind


def test_shared_texts_run_over_the_borders_of_records() -> None:
    long = "甲乙丙丁" * 1500
    assert shown(old([long + "a"], [long + "b"], ["c" * 9000])) == [long + "a", long + "b", "c" * 9000]
