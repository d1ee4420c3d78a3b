"""Labels, alignment and the values of one row."""

from __future__ import annotations

import pytest

from assets.form import cells as form
from assets.parsing.document import PrintedCell, PrintedRow
from assets.parsing.placing import labels, proactive, requests
from assets.parsing.placing.alignment import align
from assets.parsing.placing.common import column_facts, spellings
from assets.parsing.placing.rows import Setting, is_label, is_value, split, usual_width, values

LINES = form.all_lines(form.REQUESTS)
OFFICIAL = [spellings(line) for line in LINES]


def row(*texts: str, pads: int = 0) -> PrintedRow:
    return PrintedRow(tuple(PrintedCell(text, "line 1") for text in texts), "line 1", pads)


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("三、本 (一) 予以公开", "本一予以公开"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开区分处理的只计这一情形不计其他情形"),
        ("3．危及“三安全一稳定”", "危及三安全一稳定"),
        ("总 计", "总计"),
        ("本年增/减", "本年增/减"),
        ("　１、其他", "其他"),
    ],
)
def test_normalising_a_label(printed: str, normal: str) -> None:
    assert labels.normal(printed) == normal


@pytest.mark.parametrize(
    ("printed", "line"),
    [
        ("7.属于行政执法案件", "denied_enforcement_case_file"),
        ("2.其他法律行政止公开", "denied_prohibited_by_law"),
        ("三、本 (一) 予以公开", "granted_in_full"),
        ("1.逾期不补正", "other_clarification_lapsed"),
        ("二、上年结转政府信息公开数量", "carried_in"),
        ("3、其他", "other_misc"),
        ("(六)其他处理", "other"),
        ("合计", "outcome_total"),
    ],
)
def test_a_spelling_seen_in_reports_finds_its_line(printed: str, line: str) -> None:
    found = align([printed], OFFICIAL)
    assert [LINES[index].code for index in found.matches.values()] == [line]


@pytest.mark.parametrize("printed", ["其他信息", "总数", "不予公开", "申请", "属于", "2024年", ""])
def test_a_label_that_is_no_line_stays_unknown(printed: str) -> None:
    assert align([printed], OFFICIAL).matches == {}


def test_every_official_label_finds_itself_and_only_itself() -> None:
    for edition in form.editions():
        lines = edition.table(form.REQUESTS).lines
        found = align([line.zh for line in lines], [spellings(line) for line in lines])
        assert found.matches == {i: i for i in range(len(lines))}


def test_rows_out_of_order_and_doubled_are_reported_not_placed() -> None:
    printed = [LINES[i].zh for i in (0, 1, 3, 2, 4, 4)]
    found = align(printed, OFFICIAL)
    assert len(found.matches) == 4
    assert set(found.out_of_order.values()) | set(found.doubled.values()) >= {4}
    assert len(found.out_of_order) == 1 and len(found.doubled) == 1


@pytest.mark.parametrize(
    "text", ["0", " 12 ", "1,234", "減", "/", "—", "", "\xa0", "减4", "+173", "251000元", "22（其中修订16件）"]
)
def test_what_may_be_a_figure(text: str) -> None:
    assert is_value(text) == (text != "減")


@pytest.mark.parametrize("text", ["1.属于国家秘密", "（七）总计", "规章", "2、重复申请"])
def test_what_is_a_label(text: str) -> None:
    assert is_label(text)


def test_values_are_the_seven_cells_after_the_label() -> None:
    found = values(split(row("一、本年新收", *"1234567", pads=2)), 7, Setting(False), 0)
    assert found is not None and [cell.text for cell in found] == list("1234567")


def test_a_blank_merged_label_before_the_figures_and_a_blank_behind_them_are_no_figures() -> None:
    for cells in (("(七) 总计", "", *"8100009"), ("一、本年新收", *"8100009", "")):
        found = values(split(row(*cells)), 7, Setting(True), 9)
        assert found is not None and "".join(cell.text for cell in found) == "8100009"


def test_six_figures_are_never_spread_over_seven_columns() -> None:
    assert values(split(row("一、本年新收", *"123456", pads=3)), 7, Setting(False), 10) is None
    assert values(split(row("一、本年新收", "", *"12345", "")), 6, Setting(True), 8) is None


def test_a_row_narrower_than_its_table_has_lost_a_cell_so_its_last_blank_proves_nothing() -> None:
    lost = split(row("一、本年新收", *"810000", ""))
    assert values(lost, 7, Setting(True), 9) is None
    assert values(lost, 7, Setting(True), 8) is not None


def in_columns(*places: tuple[str, int, int]) -> PrintedRow:
    """Return a row of cells that know their grid column: text, column, column span."""
    cells = tuple(PrintedCell(text, "line 1", 1, span, column) for text, column, span in places)
    return PrintedRow(cells, "line 1")


def test_a_row_under_cells_that_span_from_above_is_as_wide_as_its_table() -> None:
    figures = ((text, column, 1) for column, text in enumerate(("8", "1", "0", "0", "0", "0", ""), 3))
    whole = split(in_columns(("规章", 2, 1), *figures))
    assert whole.width == 10
    found = values(whole, 7, Setting(True), 10)
    assert found is not None and [cell.text for cell in found] == ["8", "1", "0", "0", "0", "0", ""]


def test_a_blank_at_the_end_proves_nothing_where_a_cell_is_lost_between_others() -> None:
    figures = ((text, column, 1) for column, text in enumerate(("8", "1", "0", "0", "0", ""), 4))
    lost = split(in_columns(("规章", 1, 1), ("", 2, 1), *figures))
    assert lost.width == 10
    assert values(lost, 7, Setting(True), 10) is None


def test_a_row_without_any_figure_is_blank_only_where_it_shows_room_for_all() -> None:
    assert values(split(row("行政事业性收费", pads=3)), 1, Setting(False), 4) is not None
    assert values(split(row("行政事业性收费")), 1, Setting(False), 4) is None


def test_the_usual_width_is_that_of_rows_with_figures() -> None:
    rows = [split(row("a甲", "1", "2")), split(row("乙", "1", "2")), split(row("丙"))]
    assert usual_width(rows) == 3


def test_the_head_is_read_left_to_right_whatever_row_its_pieces_stand_in() -> None:
    heads = [
        split(row("(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)", "申请人情况", "", "总计")),
        split(row("", "自然人", "法人或其他组织", "")),
        split(row("", "", "商业 企业", "科研机构", "社会公益组织", "法律服务机构", "其他")),
    ]
    columns = form.editions()[-1].table(form.REQUESTS).columns
    assert column_facts(form.REQUESTS, requests.head_labels(heads), columns) == []


def test_a_column_head_cut_to_what_two_have_in_common_is_matched_by_position() -> None:
    columns = [
        form.edition("cn_ogi_2019").table(form.PROACTIVE).column(c)
        for c in ("newly_made", "newly_published", "published_total")
    ]
    assert column_facts(form.PROACTIVE, ["本年新", "本年新", "对外公开总数量"], columns) == []
    missing = column_facts(form.PROACTIVE, ["本年新", "对外公开总数量"], columns)
    assert {fact.fact for fact in missing} == {"column_missing"}


def test_a_label_of_nothing_but_a_number_is_no_head() -> None:
    """Found by fuzzing: the label of such a row is empty once its number is taken off."""
    placed = proactive.place([split(row("(五)\ufffd", ""))], Setting())
    assert placed.edition is None
    assert all(cell.cell_code is None for cell in placed.cells)


@pytest.mark.parametrize(
    ("heading", "observed"),
    [
        ("三、本年度办理结果", set()), ("三本年度办理结 果", {"三本年度办理结 果"}), ("三、本年度办", set()),
    ],
    ids=["as the form words it", "worded otherwise", "torn or cut short"],
)
def test_a_group_heading_worded_otherwise_is_observed_beside_every_line(heading: str, observed: set[str]) -> None:
    edition = form.edition("cn_ogi_2021").table(form.REQUESTS)
    rows = [split(row(heading, line.zh, *["0"] * 7)) for line in edition.lines]
    found = requests.place(rows, Setting()).observations
    assert {one.value for one in found if one.scope == "requests.outcomes"} == observed
