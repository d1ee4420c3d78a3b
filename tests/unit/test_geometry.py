"""Geometry: rules and characters of made-up pages to tables and lines, without any file format.

Belongs here: lattice, lines, tables without rules, paragraphs, page breaks. Does not: files (test_pdf.py, test_ofd.py).
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.parsing.document import Page
from assets.parsing.geometry import lattice, text_columns
from assets.parsing.geometry.lines import line_of, ordered, plain_line, plain_runs, rows, text_lines
from assets.parsing.geometry.paragraphs import paragraphs
from assets.parsing.geometry.printed import FilledTable, TextLine
from assets.parsing.geometry.shapes import UNREADABLE, Character, Region, Rule
from assets.parsing.geometry.stitching import stitch
from assets.parsing.readers.bounds import Unreadable

SIZE = 10.0
WIDE, HIGH = 40.0, 20.0


def word(text: str, x: float, y: float, step: float = 1.0) -> list[Character]:
    """Return a text from its upper left corner: ideographs as wide as high, others half as wide."""
    made = []
    for one in text:
        width = SIZE if ord(one) > 0x2000 else SIZE / 2
        made.append(Character(one, x, y, x + width, y + SIZE))
        x += width * step
    return made


def frame(x0: float, y0: float, x1: float, y1: float) -> list[Rule]:
    return [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1), Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]


def ruled(texts: Sequence[Sequence[str]], top: float = 100.0) -> tuple[list[Rule], list[Character]]:
    """Return a table of equal cells, each with a frame of its own and its text 3 pt inside."""
    rules: list[Rule] = []
    characters: list[Character] = []
    for number, line in enumerate(texts):
        for place, text in enumerate(line):
            x, y = 50 + WIDE * place, top + HIGH * number
            rules += frame(x, y, x + WIDE, y + HIGH)
            characters += word(text, x + 3, y + 5)
    return rules, characters


def texts(table: FilledTable) -> list[list[str]]:
    made: list[list[str]] = [[] for _ in range(max(one.cell.row for one in table.cells) + 1)]
    for one in table.cells:
        made[one.cell.row].append(one.text)
    return made


def only_table(rules: Sequence[Rule], characters: Sequence[Character]) -> FilledTable:
    (item,) = lattice.grids(rules, characters, 1).items
    assert isinstance(item, FilledTable)
    return item


# ---------------------------------------------------------------------------------------------------------------------
# Ruled tables


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from(("", "0", "17", "规章", "1.5"))] * 3).map(list), min_size=2, max_size=5))
def test_every_cell_keeps_its_text(printed: list[list[str]]) -> None:
    rules, characters = ruled(printed)
    assert texts(only_table(rules, characters)) == printed


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rules_and_characters_does_not_matter(chance: random.Random) -> None:
    rules, characters = ruled([["规章", "12"], ["文件", "3"]])
    chance.shuffle(rules)
    chance.shuffle(characters)
    assert texts(only_table(rules, characters)) == [["规章", "12"], ["文件", "3"]]


def test_cells_without_a_rule_between_them_are_one() -> None:
    rules, _ = ruled([["", "", ""], ["", "", ""]])
    rules = [rule for rule in rules if not (rule.x0 == rule.x1 == 50 + WIDE and rule.y0 < 120)]
    rules = [rule for rule in rules if not (rule.y0 == rule.y1 == 120 and rule.x0 == 50 + 2 * WIDE)]
    (table,) = lattice.tables(rules)
    assert [(one.row, one.column, one.row_span, one.column_span) for one in table.cells] == [
        (0, 0, 1, 2), (0, 2, 2, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_dashed_and_doubled_rules_are_rules() -> None:
    rules = [
        Rule(x, y, x + 3, y) for y in (100.0, 101.5, 120.0, 140.0) for x in range(50, 130, 5)
    ] + [Rule(x, y, x, y + 3) for x in (50.0, 90.0, 132.0) for y in range(100, 140, 5)]
    (table,) = lattice.tables(rules)
    assert (len(table.rows), len(table.columns)) == (3, 3)


def test_two_tables_apart_are_two_and_a_frame_is_text() -> None:
    first, characters = ruled([["规章", "1"]])
    second, more = ruled([["文件", "2"]], top=300)
    box = frame(50, 400, 300, 440)
    page = lattice.grids([*first, *second, *box], [*characters, *more, *word("说明", 60, 410)], 1)
    assert [texts(item) if isinstance(item, FilledTable) else item.text for item in page.items] == [
        [["规章", "1"]], [["文件", "2"]], "说明"]


def test_a_figure_on_a_rule_is_unreadable_in_both_cells() -> None:
    rules, _ = ruled([["", ""], ["", ""]])
    table = only_table(rules, word("7", 50 + WIDE - 2.5, 105))
    assert texts(table)[0] == [UNREADABLE, UNREADABLE]


def test_figures_that_run_on_behind_a_rule_are_unreadable_in_both_cells() -> None:
    rules, _ = ruled([["", ""], ["", ""]])
    table = only_table(rules, word("1234", 50 + WIDE - 10, 105))
    assert all(UNREADABLE in text for text in texts(table)[0])


def test_more_rules_than_any_page_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lattice, "MOST_RULES", 5)
    with pytest.raises(Unreadable) as raised:
        lattice.tables(ruled([["", ""], ["", ""]])[0] + frame(300, 300, 400, 400))
    assert raised.value.kind == "too_large"


# ---------------------------------------------------------------------------------------------------------------------
# Lines


def test_a_wide_gap_is_a_blank_so_that_figures_never_fuse() -> None:
    (line,) = text_lines([*word("243", 50, 100), *word("104", 50 + 15 + 3, 100)])
    assert line.text == "243 104"


def test_a_glyph_drawn_twice_is_one_and_two_over_one_another_are_none() -> None:
    assert [one.text for one in rows([*word("7", 50, 100), *word("7", 50.4, 100)])[0]] == ["7"]
    assert [one.text for one in rows([*word("7", 50, 100), *word("1", 50.4, 100)])[0]] == [UNREADABLE, UNREADABLE]


def test_stacked_labels_of_two_columns_are_read_as_drawn() -> None:
    """A vertical label is one glyph a line; where the file goes back up, the next column follows."""
    right = [one for row, text in enumerate("三本年度") for one in word(text, 80, 100 + 11 * row)]
    left = [one for row, text in enumerate("办理结果") for one in word(text, 68, 100 + 11 * row)]
    assert "".join(line.text for line in text_lines([*right, *left])) == "三本年度办理结果"


# How far a character is moved from where plain printing has it, and by how much it is larger, in sizes.
MOVED = st.sampled_from((0.0, 0.0, 0.0, 0.02, -0.1, 0.14, -0.2, 0.3, -0.6))


@st.composite
def drawn(draw: st.DrawFn) -> list[Character]:
    """Return lines of characters, some shifted, raised or larger than the others, some drawn out of order."""
    made: list[Character] = []
    for number in range(draw(st.integers(1, 3))):
        line = word(draw(st.text("12.国年", min_size=1, max_size=5)), 50.0, 100 + number * SIZE * draw(
            st.sampled_from((0.4, 0.9, 1.2, -1.2))), draw(st.sampled_from((1.0, 0.95, 0.7, 1.3, 0.0))))
        for one in line:
            right, down, more = (SIZE * draw(MOVED) for _ in range(3))
            made.append(one._replace(x0=one.x0 + right, x1=one.x1 + right, y0=one.y0 + down - more, y1=one.y1 + down))
    return draw(st.permutations(made)) if draw(st.booleans()) else made


@settings(max_examples=400)
@given(drawn())
def test_plain_lines_are_read_in_one_pass_as_they_are_in_many(characters: list[Character]) -> None:
    runs = plain_runs(characters)
    if runs is not None:
        assert runs == ordered(characters)
        assert [plain_line(run) for run in runs] == [line_of(run) for run in runs]


def test_figures_and_words_in_order_are_plain_even_if_their_boxes_differ_a_little() -> None:
    figure = [one._replace(y0=one.y0 + 0.1 * SIZE) for one in word("17", 70.0, 100.0, 0.9)]
    assert plain_runs([*word("规章", 50.0, 100.0), *figure]) is not None


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_text_is_one_line_in_its_own_direction(turn: int) -> None:
    places = {90: [(100, 50), (100, 60)], 180: [(60, 100), (50, 100)], 270: [(100, 60), (100, 50)]}[turn]
    drawn = [Character(one, x, y, x + SIZE, y + SIZE, turn=turn) for one, (x, y) in zip("合计", places, strict=True)]
    (line,) = text_lines(drawn)
    assert line.text == "合计"
    assert (line.box.width, line.box.height) in ((20, 10), (10, 20))


def lines(*printed: tuple[str, float, float]) -> list[TextLine]:
    """Return lines of text that begin at 50 or 70 and end where stated."""
    return [
        TextLine(text, Region(start, 100 + 15 * number, end, 110 + 15 * number), SIZE)
        for number, (text, start, end) in enumerate(printed)
    ]


def test_full_lines_go_on_and_headings_do_not() -> None:
    joined = paragraphs(lines(
        ("一、总体情况", 70, 130), ("本年度公开", 70, 500), ("信息12条。", 50, 120), ("二、主动公开", 70, 500),
        ("（一）说明", 50, 500),
    ))
    assert [one.text for one in joined] == ["一、总体情况", "本年度公开信息12条。", "二、主动公开", "（一）说明"]


# ---------------------------------------------------------------------------------------------------------------------
# Tables without rules

HEADS = [("信息内容", 50.0), ("制发", 200.0), ("废止", 260.0), ("有效", 320.0)]


def unruled(body: Sequence[tuple[str, Sequence[str]]]) -> list[Character]:
    """Return heads and rows as programs draw them, cell by cell; figures stand in the middle under their heads."""
    drawn = [one for text, x in HEADS for one in word(text, x, 100)]
    for number, (label, figures) in enumerate(body, 1):
        drawn += word(label, 50, 100 + 20 * number)
        for (_, x), figure in zip(HEADS[1:], figures, strict=True):
            drawn += word(figure, x + 10 - 2.5 * len(figure), 100 + 20 * number)
    return drawn


def found(drawn: Sequence[Character]) -> list[list[list[str]]]:
    return [texts(table) for table in text_columns.tables(drawn, 1)[0]]


def test_rows_under_heads_are_a_table_and_its_blanks_stay_blank() -> None:
    body = [("规章", ("1", "", "22")), ("文件", ("", "", "")), ("许可", ("", "3", "")), ("处罚", ("", "", ""))]
    assert found(unruled(body)) == [[[text for text, _ in HEADS], *([label, *row] for label, row in body)]]


def test_without_heads_only_a_complete_row_tells_the_columns() -> None:
    headless = unruled([("规章", ("1", "2", "3")), ("文件", ("", "4", ""))])[len("信息内容制发废止有效"):]
    assert found(headless) == [[["规章", "1", "2", "3"], ["文件", "", "4", ""]]]
    sparse = unruled([("规章", ("1", "2", "")), ("文件", ("", "4", "5"))])[len("信息内容制发废止有效"):]
    assert found(sparse) == []


def test_a_heading_above_a_table_is_no_part_of_its_head() -> None:
    tall = [character._replace(y0=85.0, y1=98.0) for character in word("四、诉讼情况", 50, 85)]
    (table,), rest = text_columns.tables([*tall, *unruled([("规章", ("1", "2", "3"))])], 1)
    assert texts(table)[0][0] == "信息内容"
    assert "".join(one.text for one in rest) == "四、诉讼情况"


@pytest.mark.parametrize("spoilt", [
    word("12", 225, 120),
    word("5", 200, 126),
    word("1", 215, 120),
], ids=["between two heads", "not level", "too close to another"])
def test_a_figure_of_uncertain_place_leaves_everything_as_text(spoilt: list[Character]) -> None:
    drawn = unruled([("规章", ("", "2", "3"))]) + word("文件", 50, 140) + word("44", 200, 140)
    at = len("信息内容制发废止有效规章")
    if spoilt[0].x0 == 215:
        spoilt = [*word("9", 206, 120), *spoilt]
    assert found([*drawn[:at], *spoilt, *drawn[at:]]) == []


# ---------------------------------------------------------------------------------------------------------------------
# Page breaks


def stitched(*pages: tuple[list[Rule], list[Character]]) -> tuple[Page, ...]:
    return stitch([lattice.grids(rules, characters, number) for number, (rules, characters) in enumerate(pages, 1)])


def grids(pages: Sequence[Page]) -> list[list[list[str]]]:
    made = [block.grid for page in pages for block in page.blocks if block.grid]
    return [[[cell.text for cell in row.cells] for row in grid] for grid in made]


TABLE = [["项目", "件数", "合计"], ["新收", "1", "2"], ["结转", "3", "4"], ["公开", "5", "6"], ["其他", "", "8"]]


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("at", range(1, len(TABLE)))
def test_a_table_may_be_split_at_every_row(at: int, repeated: bool) -> None:
    upper = ruled(TABLE[:at], top=600)
    lower = ruled([*TABLE[:1] * repeated, *TABLE[at:]], top=60)
    numbered = [(rules, [*drawn, *word(f"- {n} -", 280, 800)]) for n, (rules, drawn) in enumerate((upper, lower), 1)]
    pages = stitched(*numbered)
    assert grids(pages) == [TABLE]
    places = [row.place.partition(",")[0] for page in pages for block in page.blocks for row in block.grid or ()]
    assert places == ["page 1"] * at + ["page 2"] * (len(TABLE) - at)


def test_a_row_cut_by_the_break_is_one_row() -> None:
    upper = ruled([["新收", "1", "2"], ["不予公", "3", "4"]], top=600)
    lower = ruled([["开", "", ""], ["其他", "5", "6"]], top=60)
    assert grids(stitched(upper, lower)) == [[["新收", "1", "2"], ["不予公\n开", "3", "4"], ["其他", "5", "6"]]]


def test_rows_with_figures_on_both_sides_of_the_break_stay_two() -> None:
    upper = ruled([["不予公", "3", "4"]], top=600)
    lower = ruled([["开", "7", ""]], top=60)
    assert grids(stitched(upper, lower)) == [[["不予公", "3", "4"], ["开", "7", ""]]]


def test_tables_with_words_between_or_other_columns_stay_apart() -> None:
    upper, lower = ruled([["新收", "1", "2"]], top=600), ruled([["其他", "5", "6"]], top=60)
    heading = word("四、行政诉讼情况", 50, 40)
    assert len(grids(stitched(upper, (lower[0], [*heading, *lower[1]])))) == 2
    assert len(grids(stitched(upper, ruled([["其他", "5"]], top=60)))) == 2


def on_one_page(unit: str, *between: Character) -> tuple[Page, ...]:
    """Return one page with two sheets: the lower piece has one more column, its label's second part."""
    upper = frame(50, 100, 210, 120), frame(210, 100, 270, 120)
    lower = frame(50, 300, 130, 320), frame(130, 300, 210, 320), frame(210, 300, 270, 320)
    drawn = [*word("新收", 53, 105), *word("1", 213, 105), *word("公开", 53, 305), *word("部分", 133, 305),
             *word("2", 213, 305), *between]
    rules = [rule for box in (*upper, *lower) for rule in box]
    return stitch([lattice.grids(rules, drawn, 1, unit, 1.0)])


def test_a_picture_may_show_several_sheets_with_a_table_over_the_break_between() -> None:
    pages = on_one_page("px", *word("- 3 -", 100, 200))
    assert grids(pages) == [[["新收", "1"], ["公开", "部分", "2"]]]
    assert [row.cells[-1].column for row in pages[0].blocks[0].grid or ()] == [2, 2]


def test_two_tables_on_a_page_stay_apart_with_a_heading_between_and_where_the_page_is_no_picture() -> None:
    assert len(grids(on_one_page("px", *word("四、行政诉讼情况", 100, 200)))) == 2
    assert len(grids(on_one_page("pt"))) == 2


def test_lines_without_height_are_no_paragraph() -> None:
    """Found by fuzzing: a page may shrink its text to nothing."""
    flat = [TextLine(text, Region(0, y, 100, y), 0.0) for y, text in enumerate(("本年度", "报告"))]
    assert paragraphs(flat) == flat
