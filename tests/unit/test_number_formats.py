"""What a sheet prints for a stored number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.parsing.readers.number_formats import plain_number, printed_number, printed_text


@pytest.mark.parametrize(("value", "text"), [
    (0.0, "0"), (-0.0, "0"), (5.0, "5"), (-12.0, "-12"), (1880.2255, "1880.2255"), (0.1 + 0.2, "0.3"),
    (1860145.7081, "1860145.7081"), (1e15, "1000000000000000"), (1.5e-7, "0.00000015"), (float("nan"), "\ufffd"),
    (float("inf"), "\ufffd"),
])
def test_a_number_is_printed_without_noise(value: float, text: str) -> None:
    assert plain_number(value) == text


@pytest.mark.parametrize(("value", "code", "text"), [
    (5, "General", "5"), (5, "0", "5"), (1216, "#,##0", "1216"), (1880.2255, "0.00", "1880.2255"),
    (0.05, "0%", "5%"), (0.1234, "0.00%", "12.34%"),
    (5, '0"件"', "5"), (5, "@", "5"), (5, '#,##0_);(#,##0)', "5"),
    (-5, "0;-0", "-5"), (-5, "0;(0)", "-5"), (-5, "0;0", "5"),
    # What is printed although 0 is stored: nothing, or a stroke.
    (0, "#", ""), (0, "#,###", ""), (0, "0;-0;", ""), (0, '0;-0;"—"', "—"), (0, r"0;-0;\/", "/"), (0, "0;-0;;@", ""),
    (3, "0;-0;;@", "3"), (3, ";;;", ""), (3, '"若干"', "若干"),
    # Printed otherwise than stored: not to be taken as it stands.
    (251000, "0.0,", "251000\ufffd"), (251000, "0!.0,", "251000\ufffd"), (251000, r"0\.0000", "251000\ufffd"),
    (5, "[>=3]0;0.0", "5\ufffd"),
    (45673, "yyyy-m-d", "2025-01-16"), (45673.5, "yyyy/m/d h:mm", "2025-01-16 12:00:00"),
    (45673, 'yyyy"年"m"月"d"日"', "2025-01-16"), (45673, "[$-804]yyyy年m月d日", "2025-01-16"),
    (0.5, "h:mm", "0.5\ufffd"), (5, "yyyy-m-d", "5\ufffd"), (1e9, "yyyy-m-d", "1000000000\ufffd"),
    (7, "[Red]0", "7"), (7, "[$￥-804]#,##0.00", "7"),
])
def test_a_format_prints_what_a_spreadsheet_prints(value: float, code: str, text: str) -> None:
    assert printed_number(value, code) == text


def test_dates_may_count_from_1904() -> None:
    assert printed_number(45673 - 1462, "yyyy-m-d", from_1904=True) == "2025-01-16"


def test_a_format_may_hide_text() -> None:
    assert printed_text("草稿", ";;;") == ""
    assert printed_text("草稿", "0;-0;;@") == "草稿"


@given(st.decimals(min_value=-10**9, max_value=10**9, places=4))
def test_four_decimals_are_printed_as_they_are(value: object) -> None:
    assert float(plain_number(float(str(value)))) == float(str(value))


@given(st.floats(), st.text(alphabet='0#?.,;%"\\!_*[]<>=ymdhs年-+E@G件 ', max_size=20))
def test_no_format_raises(value: float, code: str) -> None:
    assert isinstance(printed_number(value, code), str)
