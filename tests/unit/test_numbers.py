"""Figures: value and state of printed cells."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.normalizing.numbers import read_figure


@pytest.mark.parametrize(
    ("text", "number", "value", "state", "unit"),
    [
        ("12", "count", "12", "reported", None),
        (" 0\xa0", "count", "0", "reported", None),
        ("１２", "count", "12", "reported", None),
        ("1,234", "count", "1234", "reported", None),
        ("1880.2255", "money", "1880.2255", "reported", None),
        ("251000元", "money", "251000", "reported", "元"),
        ("160.5964万元", "money", "160.5964", "reported", "万元"),
        ("3件", "count", "3", "reported", "件"),
        ("减4", "signed_count", "-4", "reported", None),
        ("+173", "signed_count", "173", "reported", None),
        ("−35", "signed_count", "-35", "reported", None),
        ("增加5", "signed_count", "5", "reported", None),
        ("-3", "count", "-3", "reported", None),
        ("", "count", None, "blank", None),
        ("\xa0\u3000", "count", None, "blank", None),
        ("/", "count", None, "not_applicable", None),
        ("——", "count", None, "not_applicable", None),
        ("无", "count", None, "not_applicable", None),
        ("1 2", "count", None, "unparsable", None),
        ("1,23", "count", None, "unparsable", None),
        ("00", "count", None, "unparsable", None),
        ("007", "count", None, "unparsable", None),
        ("12\n3", "count", None, "unparsable", None),
        ("? 0", "count", None, "unparsable", None),
        ("22（其中修订16件）", "count", None, "unparsable", None),
        ("1\ufffd", "count", None, "unparsable", None),
        ("1.2.3", "money", None, "unparsable", None),
        ("9999999999999", "count", None, "unparsable", None),
        ("XX", "count", None, "unparsable", None),
    ],
)
def test_reading_a_figure(text: str, number: str, value: str | None, state: str, unit: str | None) -> None:
    figure = read_figure(text, number)
    assert (figure.value, figure.state, figure.unit) == (None if value is None else Decimal(value), state, unit)


@given(st.integers(0, 10**9))
def test_a_printed_count_is_read_as_itself(number: int) -> None:
    assert read_figure(str(number), "count").value == number
    assert read_figure(f"{number:,}", "count").value == number


@given(st.text(max_size=12))
def test_no_text_raises_and_only_reported_cells_have_a_value(text: str) -> None:
    figure = read_figure(text, "count")
    assert (figure.value is None) == (figure.state != "reported")
