"""Recognition on drawn pieces: level, rules, cells, belief; then a whole small scan, sound and smudged, into the lake.

Belongs here: what each step of assets/parsing/recognition makes of a drawn picture. Does not: opening files
(test_pictures.py), shares over many scans (`python -m benchmarks reading`).
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy
import pytest
from PIL import Image, ImageDraw

from assets import lake
from assets.extract import extract_documents
from assets.home import PROJECT
from assets.lake_files import LakeFiles
from assets.parsing.frames import ParsedFrames, document_id_of, parsed_frames
from assets.parsing.geometry.printed import RuledTable, TableCell
from assets.parsing.geometry.shapes import Region
from assets.parsing.placing.doubtful import TRUSTED
from assets.parsing.recognition import page as pages
from assets.parsing.recognition.cells import LinePicture, contents
from assets.parsing.recognition.deskew import Level, level, skew
from assets.parsing.recognition.doubt import DOUBTED, confidence, is_label
from assets.parsing.recognition.ink import inside
from assets.parsing.recognition.looks import further_looks, have_figure_of, unproven, without_letters
from assets.parsing.recognition.models import Reading, TwoReadings
from assets.parsing.recognition.ruling import USUAL_HEIGHT, rules, text_height
from assets.parsing.recognition.short_words import corrected
from tests.typesetting import fonts, scans
from tests.typesetting.figures import made_report, truth
from tests.typesetting.form import PrintedTable
from tests.typesetting.layouts.scan import scan_tiff_coarse
from tests.typesetting.publication import Publication, Words, compose

TEXT_HEIGHT = 20.0
PEN = 28


def sheet(width: int = 600, height: int = 400) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("L", (width, height), 255)
    return page, ImageDraw.Draw(page)


def grey(page: Image.Image) -> Any:
    return numpy.asarray(page, numpy.uint8)


def ink(page: Image.Image) -> Any:
    return numpy.where(grey(page) < 128, 255, 0).astype(numpy.uint8)


# ---------------------------------------------------------------------------------------------------------------------
# The library that runs the model


def test_recognising_tells_nobody(tmp_path: Path) -> None:
    """Left alone, onnxruntime keeps an id of the machine, and what it tells its maker, below HOME."""
    quiet = {"CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "XDG_CACHE_HOME"}
    variables = {name: value for name, value in os.environ.items() if name not in quiet}
    script = (
        "import numpy\n"
        "from assets.parsing.recognition.models import recognizer\n"
        "recognizer().read([numpy.full((48, 200), 255, numpy.uint8)])\n"
    )
    subprocess.run([sys.executable, "-c", script], env=variables | {"HOME": str(tmp_path)}, cwd=PROJECT, check=True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == []


# ---------------------------------------------------------------------------------------------------------------------
# Level pages


@pytest.mark.parametrize("angle", [-4.0, -0.7, 0.0, 1.25])
def test_the_skew_of_a_page_is_found(angle: float) -> None:
    page, pen = sheet(900, 700)
    for row in range(100, 600, 60):
        pen.line((100, row, 800, row), fill=0, width=2)
    # Pillow turns counter-clockwise, so that lines fall to the left.
    assert skew(ink(page.rotate(-angle, fillcolor=255))) == pytest.approx(angle, abs=0.05)


def test_a_page_without_ink_is_level() -> None:
    page = level(grey(sheet()[0]))
    assert (page.back == numpy.eye(2, 3)).all()
    assert not page.ink.any()


def test_a_box_of_the_level_page_leads_back_to_the_delivered_one() -> None:
    page, pen = sheet(900, 700)
    for row in range(100, 600, 60):
        pen.line((100, row, 800, row), fill=120, width=2)
    pen.rectangle((300, 310, 330, 330), fill=0)
    turned = page.rotate(-2.0, fillcolor=255)
    found = level(grey(turned))
    rows, columns = numpy.nonzero(found.grey < 60)
    shown = found.as_delivered((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))
    rows, columns = numpy.nonzero(grey(turned) < 60)
    assert shown == pytest.approx((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1), abs=3)


def test_grey_paper_becomes_white_and_its_print_stays() -> None:
    page, pen = sheet()
    page.paste(190, (0, 0, 600, 400))
    pen.rectangle((200, 200, 215, 220), fill=60)
    found = level(grey(page))
    assert found.grey[0, 0] == 255
    assert found.ink[210, 205] == 255
    assert found.ink.sum() // 255 == 16 * 21


# ---------------------------------------------------------------------------------------------------------------------
# Rules


def ruled(page: Image.Image) -> tuple[list[float], list[float]]:
    found = rules(ink(page), TEXT_HEIGHT)
    upright = sorted(rule.x0 for rule in found if not rule.horizontal)
    return sorted(rule.y0 for rule in found if rule.horizontal), upright


def drawn_grid() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return a grid of two rows and three columns."""
    page, pen = sheet()
    for row in (50, 150, 250):
        pen.line((50, row, 500, row), fill=0, width=2)
    for column in (50, 200, 350, 500):
        pen.line((column, 50, column, 250), fill=0, width=2)
    return page, pen


def test_the_rules_of_a_grid_are_found_by_their_middles() -> None:
    level_ones, upright = ruled(drawn_grid()[0])
    assert level_ones == pytest.approx([50, 150, 250], abs=1)
    assert upright == pytest.approx([50, 200, 350, 500], abs=1)


def test_a_rule_broken_by_noise_is_one_rule() -> None:
    page, pen = drawn_grid()
    for column in range(60, 490, 37):
        pen.line((column, 148, column, 152), fill=255, width=2)
    assert ruled(page)[0] == pytest.approx([50, 150, 250], abs=1)


def test_strokes_of_characters_and_lines_of_no_table_are_no_rules() -> None:
    page, pen = drawn_grid()
    for row in (70, 78, 86):
        pen.line((220, row, 250, row), fill=0, width=2)
    pen.line((560, 50, 560, 250), fill=0, width=2)
    assert [len(found) for found in ruled(page)] == [3, 4]


def test_the_height_of_text_is_that_of_most_pieces_and_a_usual_one_where_there_is_none() -> None:
    page, pen = sheet()
    for column in range(50, 500, 40):
        pen.rectangle((column, 50, column + 17, 70), fill=0)
    pen.rectangle((50, 100, 55, 350), fill=0)
    assert text_height(ink(page)) == 21
    assert text_height(ink(sheet()[0])) == USUAL_HEIGHT


# ---------------------------------------------------------------------------------------------------------------------
# Cells


def cell_of(page: Image.Image, row_span: int = 1) -> Any:
    """Return what stands in the one cell of a page: all of it but the frame."""
    box = Region(50, 50, 200, 150)
    table = RuledTable((50, 200), (50, 150), (TableCell(0, 0, row_span, 1, box),))
    return contents(Level(grey(page), ink(page), numpy.eye(2, 3)), table, TEXT_HEIGHT)[0]


def test_an_empty_cell_is_blank_and_its_rules_are_no_content() -> None:
    found = cell_of(drawn_grid()[0])
    assert (found.lines, found.unclear) == ((), False)


def specked(*boxes: tuple[int, int, int, int]) -> Image.Image:
    """Return a grid whose first cell (50 to 200, 50 to 150) holds black boxes, ends inclusive."""
    page, pen = drawn_grid()
    for box in boxes:
        pen.rectangle(box, fill=0)
    return page


@pytest.mark.parametrize("specks", [
    [(100, 100, 100, 100)], [(100, 100, 103, 103)],
    # Far apart, two crumbs of one speck, and two that are less ink than a character leaves.
    [(80, 90, 81, 91), (130, 90, 131, 91)], [(100, 100, 101, 101), (103, 100, 103, 101)],
    [(100, 90, 101, 91), (104, 100, 105, 101)],
])
def test_specks_that_are_no_part_of_a_character_are_dust(specks: list[tuple[int, int, int, int]]) -> None:
    assert (cell_of(specked(*specks)).lines, cell_of(specked(*specks)).unclear) == ((), False)


@pytest.mark.parametrize("specks", [
    # The two halves of a dash, a short dash, the rest of a character, more than dust.
    [(100, 100, 102, 101), (106, 100, 108, 101)], [(100, 100, 103, 101)], [(100, 90, 102, 92), (104, 100, 105, 101)],
    [(60 + 25 * number, 70, 61 + 25 * number, 71) for number in range(5)],
])
def test_specks_that_may_be_the_rest_of_print_are_unclear_except_where_no_figure_stands(
    specks: list[tuple[int, int, int, int]],
) -> None:
    found = cell_of(specked(*specks))
    assert (found.lines, found.unclear) == ((), True)
    assert cell_of(specked(*specks), row_span=3).unclear is False


def test_a_faint_figure_is_not_blank() -> None:
    page, pen = drawn_grid()
    pen.rectangle((100, 90, 104, 110), fill=190)
    assert (cell_of(page).lines, cell_of(page).unclear) == ((), True)


def test_lines_of_a_cell_are_cut_apart_and_ink_over_the_edge_is_noted() -> None:
    page, pen = drawn_grid()
    for top in (65, 105):
        for column in range(70, 160, 30):
            pen.rectangle((column, top, column + 18, top + 20), fill=0)
    lines = cell_of(page).lines
    assert [(line.box.y0, line.box.y1, line.cut) for line in lines] == [(65, 86, False), (105, 126, False)]
    pen.rectangle((165, 65, 215, 80), fill=0)
    assert all(line.cut for line in cell_of(page).lines)


def test_a_rule_is_cut_off_and_an_upright_stroke_just_behind_it_stays() -> None:
    page, pen = sheet(120, 140)
    pen.rectangle((20, 20, 80, 21), fill=0)
    pen.rectangle((20, 98, 80, 99), fill=0)
    pen.rectangle((20, 20, 21, 99), fill=0)
    pen.rectangle((79, 20, 80, 99), fill=0)
    # The left stroke of 规, as near to the rule as tight cells have it, taller than half of its cell.
    pen.rectangle((25, 28, 27, 91), fill=0)
    found = inside(grey(page), ink(page), (20, 20, 80, 99), TEXT_HEIGHT)
    assert [(found.left + piece.x0, found.left + piece.x1) for piece in found.pieces] == [(25, 28)]
    assert not found.cut


def test_a_blot_as_high_as_several_lines_is_taken_for_lines_and_stops_nothing() -> None:
    page, pen = drawn_grid()
    pen.rectangle((90, 60, 110, 140), fill=0)
    assert cell_of(page).lines


# ---------------------------------------------------------------------------------------------------------------------
# Belief


def picture(text: str, font: str = fonts.SERIF) -> Any:
    """Return the picture of a line; `text` in black on white."""
    page, pen = sheet(40 + 24 * len(text), 48)
    pen.text((14, 36), text, 0, scans._font(font, PEN), anchor="ls")
    return grey(page).copy()


def reading(text: str, sure: float = 0.999, digits: str | None = None) -> TwoReadings:
    """Return a reading of evenly spaced characters, as it comes of the model."""
    plain = "".join(character for character in text if character in "0123456789.,") if digits is None else digits
    centres = tuple((number + 0.5) / max(len(text), 1) for number in range(len(text)))
    return TwoReadings(Reading(text, sure, centres), Reading(plain, sure, centres))


def belief(text: str, drawn: Any, **more: Any) -> float:
    return confidence(reading(text, **more), drawn, TEXT_HEIGHT, cut=False)


@pytest.mark.parametrize("text", ["0", "17", "1860", "-35", "减4", "3元", "25.08", "1"])
@pytest.mark.parametrize("font", [fonts.SERIF, fonts.SANS])
def test_a_figure_whose_ink_is_accounted_for_is_believed(text: str, font: str) -> None:
    assert belief(text, picture(text, font)) == 0.999


@pytest.mark.parametrize(("printed", "read"), [
    ("11", "1"), ("11", "0"), ("1", "11"), ("10", "0"), ("264", "264."), ("108", "1.08"), ("1.08", "108"),
    ("-35", "35"), ("35", "-35"), ("20,553", "20553"), ("一", "1"), ("/", "1"), ("-", "1"), ("3元", "31"),
    ("减4", "4"), ("5", "S"),
    # A comma may be read as a point, so that figures with one are always looked at.
    ("1,216", "1,216"), ("20,553", "20.553"),
])
def test_a_figure_that_its_ink_speaks_against_is_not(printed: str, read: str) -> None:
    assert belief(read, picture(printed)) <= DOUBTED < TRUSTED


def test_a_figure_read_two_ways_with_little_probability_or_cut_off_is_not_believed() -> None:
    assert belief("17", picture("17"), digits="11") <= DOUBTED
    assert belief("17", picture("17"), sure=0.6) == 0.6
    assert confidence(reading("17"), picture("17"), TEXT_HEIGHT, cut=True) <= DOUBTED


def test_a_zero_whose_hairlines_are_lost_is_believed_if_it_is_read_surely() -> None:
    broken = picture("0")
    columns = numpy.nonzero((broken < 128).any(axis=0))[0]
    middle = int(columns.mean())
    broken[:, middle - 1 : middle + 3] = 255
    assert len({*cv2.connectedComponents((broken < 205).astype(numpy.uint8))[1].ravel()}) == 3
    assert belief("0", broken, sure=0.96) == 0.96
    assert belief("0", broken, sure=0.94) == DOUBTED


@pytest.mark.parametrize(("text", "below", "believed"), [("0", 2, True), ("10", 0, False), ("10", 2, True)])
def test_a_speck_under_a_lone_digit_or_the_line_is_no_point_but_one_on_the_line_between_two_digits_may_be(
    text: str, below: int, believed: bool
) -> None:
    specked = picture(" ".join(text))
    rows, columns = numpy.nonzero(specked < 128)
    gaps = sorted(set(range(int(columns.min()), int(columns.max()))) - set(columns.tolist()))
    top, middle = int(rows.max()) + below, gaps[len(gaps) // 2] if gaps else int(columns.mean())
    specked[top : top + 2, middle - 1 : middle + 1] = 0
    assert (belief(text, specked) >= TRUSTED) is believed


@pytest.mark.parametrize(("text", "digits"), [("+0", "40"), ("-2", ".2"), ("-35", ",35")])
def test_a_sign_that_is_a_mark_among_digits_is_believed_if_its_ink_is_there(text: str, digits: str) -> None:
    assert belief(text, picture(text), digits=digits) == 0.999
    assert belief(text, picture("4" + text[1:]), digits=digits) <= DOUBTED


@pytest.mark.parametrize(("share", "seconds", "believed"), [
    (0.85, "域", True), (0.75, "域", False), (0.75, "減域", False), (0.55, "減", True), (0.55, "", True),
    (0.45, "減", False),
])
def test_a_sign_in_words_is_believed_if_it_is_fairly_sure_or_nothing_else_was_thought_of(
    share: float, seconds: str, believed: bool
) -> None:
    signed = TwoReadings(Reading("减1", share, (0.3, 0.8), share, 0.999, (seconds, "")), Reading("1", 0.999))
    assert (confidence(signed, picture("减1"), TEXT_HEIGHT, cut=False) >= TRUSTED) is believed


@pytest.mark.parametrize(("text", "seconds", "share", "among_digits", "believed"), [
    ("0", ("QO",), 0.6, 0.999, True), ("0", ("Q6",), 0.6, 0.999, False), ("0", ("〇",), 0.6, 0.999, False),
    ("0", ("QO",), 0.4, 0.999, False), ("0", ("QO",), 0.6, 0.98, False), ("1", ("l",), 0.6, 0.999, False),
    ("10", ("", "O"), 0.6, 0.999, True), ("10", ("7", "O"), 0.6, 0.999, False), ("0", ("",), 0.6, 0.999, False),
])
def test_a_digit_that_may_be_a_letter_is_a_digit(
    text: str, seconds: tuple[str, ...], share: float, among_digits: float, believed: bool
) -> None:
    read = TwoReadings(Reading(text, share, (0.5,) * len(text), seconds=seconds), Reading(text, among_digits))
    assert (confidence(read, picture(text), TEXT_HEIGHT, cut=False) >= TRUSTED) is believed
    # A circle is no 0.
    assert confidence(read, picture("○"), TEXT_HEIGHT, cut=False) < TRUSTED


def test_words_are_labels_and_strokes_are_not() -> None:
    assert [is_label(text) for text in ("规章", "1.属于国家秘密", "17", "一", "251000元", "")] == [
        True, True, False, False, False, False,
    ]


@pytest.mark.parametrize(("read", "text"), [(".(七) 总计", "(七) 总计"), ("’规章", "规章"), (".5", ".5")])
def test_dust_before_a_label_is_no_part_of_it(read: str, text: str) -> None:
    line = LinePicture(picture("总计"), Region(0, 0, 80, 48))
    assert pages._character(line, reading(read), TEXT_HEIGHT).text == text


@pytest.mark.parametrize(("text", "seconds", "meant"), [
    ("现章", ("规见", "竟"), "规章"), ("现章", ("见", "竟"), "现章"), ("规章", ("现", ""), "规章"),
    ("现竟", ("规", "章"), "现竟"), ("行政強制", ("", "", "强", ""), "行政强制"),
    ("行政強制", ("", "", "", ""), "行政強制"),
    ("17", ("总", "计"), "17"), ("规章制度", ("现", "", "", ""), "规章制度"),
])
def test_a_short_word_of_the_form_is_put_right_by_what_the_model_also_thought_of(
    text: str, seconds: tuple[str, ...], meant: str
) -> None:
    assert corrected(Reading(text, 0.98, seconds=seconds)) == meant


def test_further_looks_are_without_dust_and_differ_in_scale() -> None:
    dusty = picture("17")
    dusty[4:6, 4:6] = 0
    looks = further_looks(dusty, TEXT_HEIGHT)
    assert (looks[0] < 128).sum() == (picture("17") < 128).sum()
    assert len({look.shape for look in looks}) == 3
    assert further_looks(grey(sheet(60, 48)[0]), TEXT_HEIGHT) == ()


def test_the_cleanest_look_is_without_a_spot_that_leans_on_a_digit_unless_it_may_be_a_point() -> None:
    drawn = picture("0")
    rows, columns = numpy.nonzero(drawn < 128)
    top, foot, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    across, down = int(columns.mean()), int(rows.mean())
    # Above, below, behind, before: the spot, and the grey that joins it to the digit.
    for spot, grey_spot, stays in (
        ((across, top - 4), (across, top - 1), False), ((across, foot + 2), (across, foot + 1), True),
        ((right + 2, down), (right + 1, down), False), ((left - 4, down), (left - 1, down), True),
    ):
        spotted = drawn.copy()
        spotted[spot[1] : spot[1] + 3, spot[0] : spot[0] + 3] = 0
        spotted[grey_spot[1], grey_spot[0]] = 150
        looks = further_looks(spotted, TEXT_HEIGHT)
        assert (looks[0] < 50).sum() == (drawn < 50).sum() + 9
        assert bool((looks[-1] < 50).sum() > (drawn < 50).sum()) is stays


@pytest.mark.parametrize(("free", "seconds", "sure", "plain"), [
    ("Q", "0Oo", 0.995, "0"), ("ò", "ó0", 0.995, "0"), ("Q", "6O", 0.995, None), ("Q", "0O", 0.98, None),
    ("〇", "0", 0.995, None), ("l", "1", 0.995, None),
])
def test_letters_for_digits_are_digits_if_all_looks_say_so(
    free: str, seconds: str, sure: float, plain: str | None
) -> None:
    digits = Reading("1" if free == "l" else "0", sure)
    seen = TwoReadings(Reading(free, 0.8, seconds=(seconds,)), digits)
    found = without_letters([(picture("0"), seen)] * 2, TEXT_HEIGHT)
    assert (found and found.free.text) == plain
    other = TwoReadings(Reading("6", 0.8, seconds=("",)), Reading("6", 0.999))
    assert without_letters([(picture("0"), seen), (picture("0"), other)], TEXT_HEIGHT) is None
    assert without_letters([(picture("○"), seen)], TEXT_HEIGHT) is None


@pytest.mark.parametrize(("reads", "shown"), [
    ((("", ""), ("Q", "0"), ("a", "0")), "0"), ((("Q", "0"), ("a", "6")), None), ((("", ""),), None),
    ((("一", "1"),), None), ((("3", "3"), ("", "")), None), ((("Q", "0."),), None),
])
def test_digits_behind_letters_are_a_doubtful_figure(reads: tuple[tuple[str, str], ...], shown: str | None) -> None:
    found = unproven([reading(text, digits=digits) for text, digits in reads])
    assert (found and (found.free.text, found.free.confidence)) == (shown and (shown, DOUBTED))


@pytest.mark.parametrize(("others", "chosen", "same"), [
    ((reading("1 7"), reading("17")), "17.", True), ((reading("O.", digits="0."), reading("0")), "0", True),
    ((reading("17"), reading("11")), "17", False), ((reading("l7", digits="17"),), "11", False),
    # What a look has lost may have been no dust: a dash, a unit, a point between digits.
    ((reading("-2"),), "2", False), ((reading("一2"),), "2", False), ((reading("3元"),), "3", False),
    ((reading("1.08"),), "108", False), ((reading(".2"),), "-2", True), ((reading("-2"), reading("2")), "-2", True),
])
def test_a_look_counts_if_all_others_have_its_digits_and_nothing_that_it_lacks(
    others: tuple[TwoReadings, ...], chosen: str, same: bool
) -> None:
    assert have_figure_of(others, reading(chosen)) is same


# ---------------------------------------------------------------------------------------------------------------------
# A small scan: title, heading and table 4 of a report


WORN = scans.Wear(rotation=0.6, noise=5, specks=10, quality=80, ink=40, seed=4)
TABLE = "reconsideration_litigation"
SMUDGED = "结果维持"


def small(publication: Publication) -> Publication:
    """Return the title and the section of table 4 of a publication."""
    table = next(block for block in publication.blocks if isinstance(block, PrintedTable) and block.code == TABLE)
    heading = publication.blocks[publication.blocks.index(table) - 1]
    title = tuple(block for block in publication.blocks if isinstance(block, Words) and block.kind == "title")
    return replace(publication, blocks=(*title, heading, table))


@cache
def report() -> Any:
    return made_report("a small scan", "cn_ogi_2021", "city")


@cache
def scanned(smudged: int) -> bytes:
    """Return the scan of a small report as JPEG; half of each of its first `smudged` figures is blotted out."""
    paper = scans.draw(small(compose(report())), scans.Sheet(dpi=150))
    for left, top, right, bottom in [cell.box for cell in paper.cells if cell.role == "value"][:smudged]:
        middle = ((left + right) / 2 * scans.FINER, (top + bottom) / 2 * scans.FINER)
        blot = (middle[0] - 3, middle[1] - 16, middle[0] + 22, middle[1] + 3)
        ImageDraw.Draw(paper.pages[0]).ellipse(blot, fill=30)
    return scans.encoded(scans.scan(paper.pages[0], WORN), "JPEG", quality=80, dpi=(150, 150))


@cache
def frames(smudged: int) -> ParsedFrames:
    content = scanned(smudged)
    return parsed_frames([(document_id_of(content), "scan.jpg", content)])


@cache
def judged(smudged: int) -> dict[str, Any]:
    found: dict[str, Any] = extract_documents([("scan.jpg", scanned(smudged))])[0]
    return found


def test_a_sound_scan_is_published_cell_by_cell_and_keeps_no_pictures() -> None:
    original = {code: value for code, value in truth(report()).items() if code.startswith(TABLE)}
    assert judged(0)["tables"][TABLE] == "published"
    assert {code: judged(0)["cells"][code]["value"] for code in original} == original
    assert frames(0).cell_pictures.is_empty()
    assert frames(0).parsed_documents["reader"].to_list() == ["image"]


def test_a_doubtful_digit_is_published_if_the_sums_prove_it() -> None:
    seen = frames(1).observations.filter(fact="doubtful_reading")
    assert seen["table_code"].to_list() == [TABLE]
    assert judged(1)["tables"][TABLE] == "published"
    original = {code: value for code, value in truth(report()).items() if code.startswith(TABLE)}
    assert {code: judged(1)["cells"][code]["value"] for code in original} == original


def test_two_doubtful_digits_of_one_sum_quarantine_their_table_and_name_the_line() -> None:
    assert judged(2)["tables"][TABLE] == "quarantined"
    doubts = [found for found in judged(2)["findings"] if found["rule"] == "V06_doubtful_reading"]
    assert [found["verdict"] for found in doubts if found["scope"].startswith(TABLE)].count("breaks") == 2
    seen = frames(2).observations.filter(fact="doubtful_reading")
    assert seen["table_code"].to_list() == [TABLE, TABLE]


def test_the_picture_of_a_doubtful_cell_is_kept_in_the_lake(tmp_path: Path) -> None:
    files = LakeFiles(tmp_path)
    assert files.write(lake.CELL_PICTURES, "2024", frames(1).cell_pictures, "v1")
    kept = files.read(lake.CELL_PICTURES, "2024")
    assert kept["document_id"].to_list() == [document_id_of(scanned(1))]
    places = frames(1).printed_tables.filter(table_code=TABLE)["place"].to_list()
    assert kept["place"][0] in places
    with Image.open(io.BytesIO(kept["png"][0])) as shown:
        assert shown.format == "PNG"
        assert min(shown.size) > 15
        darkest, lightest = shown.getextrema()
        assert darkest < 100 < 200 < lightest


def test_black_and_white_that_has_lost_its_hairlines_is_never_read_wrong() -> None:
    original = truth(report())
    found = extract_documents([("coarse.tif", scan_tiff_coarse(small(compose(report()))))])[0]
    published = {table for table, state in found["tables"].items() if state == "published"}
    for code, cell in found["cells"].items():
        assert code.split(".")[0] not in published or cell["value"] == original[code], code
