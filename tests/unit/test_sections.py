"""Which line heads a section, and which only speaks of it."""

from __future__ import annotations

import pytest

from assets.parsing.sections import section_of


@pytest.mark.parametrize("line", [
    "六、其他需要报告的事项", "其他需要报告的事项", "六、其他需要报告的事项。", "（六）其他需要报告的事项",
    " 六、 其他需要报告事项",
])
def test_a_heading_is_known_with_and_without_its_number(line: str) -> None:
    assert section_of(line) == "other_matters"


@pytest.mark.parametrize("line", [
    "无其他需要报告的事项。", "没有其他需要报告的事项", "暂无其他需要报告的事项。", "其他需要报告的事项。",
    "| 六、其他需要报告的事项 | 无 |",
])
def test_what_is_said_below_a_heading_is_none(line: str) -> None:
    assert section_of(line) is None
