"""A report that arrives changes what is found in the years beside its own, and nothing else is judged again.

Belongs here: reading all years before judging any, on the real graph without the marts. Does not: single rules
(tests/contract), the whole chain (test_chain.py).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from assets import lake
from assets.fetching.intake import desk_of, find_sources, take_in
from assets.home import PROJECT, Home
from assets.lake_files import LakeFiles
from assets.progress import Progress
from orchestration.environment import variables
from orchestration.running import Runner
from orchestration.schedules import requests_for, unseen_partitions
from orchestration.waiting import behind, to_judge, unjudged, unread
from orchestration.years import due_year, partition_keys
from tests.pipeline.test_chain import TODAY

KEYS = partition_keys(TODAY)
SAMPLE = PROJECT / "samples" / "inbox" / "shangdang_2024.html"
pytestmark = pytest.mark.timeout(600)


def arrive(home: Home, name: str, text: str) -> None:
    home.inbox.mkdir(parents=True, exist_ok=True)
    (home.inbox / name).write_text(text, encoding="utf-8")
    take_in(find_sources(home.inbox), desk_of(home, KEYS), datetime(2026, 11, 25, tzinfo=UTC))


def carried(home: Home, year: str) -> tuple[int, int, int]:
    """How many of the seven columns, against last year and against next year, hold, break and are unknown (Y01)."""
    found = LakeFiles(home.lake).read(lake.VERDICT_COUNTS, year).filter(rule="Y01_carry")
    (counts,) = found.select("holds", "breaks", "unknown").rows()
    return counts


def test_a_year_is_judged_again_when_the_reports_beside_it_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    for name, value in variables(home).items():
        monkeypatch.setenv(name, value)
    text = SAMPLE.read_text(encoding="utf-8")
    arrive(home, "2022.html", text.replace("2024", "2022"))
    arrive(home, "2024.html", text)
    with dg.DagsterInstance.ephemeral() as instance:
        runner = Runner(home, instance, Progress(), lambda event, step: None)

        def run(job: str, waiting: dict[str, str]) -> list[str]:
            for key in waiting:
                result = runner.run(job, key)
                assert result.success, result.failures
            return sorted(waiting)

        assert run("reading", unread(home, KEYS)) == ["2022", "2024"]
        assert run("judging", unjudged(home, KEYS)) == ["2022", "2024"]
        assert behind(home, KEYS) == {}
        assert carried(home, "2024") == (0, 0, 14)

        arrive(home, "2025.html", text.replace("2024", "2025"))
        assert unread(home, KEYS) == {"2025": "lake/publisher_outcomes/2025.parquet is missing or has other columns"}
        assert to_judge(home, KEYS, ["2025"]) == {"2024", "2025"}
        asked = [(request.partition_key, request.asset_selection is None) for request in
                 requests_for(home, KEYS, due_year(TODAY), unseen_partitions(home, KEYS), "n", "schedule")]
        assert asked == [("2025", False), ("2024", False), ("2025", True)]

        assert run("reading", unread(home, KEYS)) == ["2025"]
        reason = unjudged(home, KEYS)["2024"]
        assert reason.endswith("was made before its own or a neighbouring year's reports changed")
        assert run("judging", unjudged(home, KEYS)) == ["2024", "2025"]
    assert behind(home, KEYS) == {}
    assert carried(home, "2024") == carried(home, "2025") == (7, 0, 7)
    copied = LakeFiles(home.lake).read(lake.FINDINGS, "2025").filter(rule="Y06_copy_last_year")
    assert copied["scope"].to_list() == ["cells", "text"]
    assert carried(home, "2022") == (0, 0, 14)
