"""Fetching by run config: one publisher, its outcome, its documents; without a contact no request."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from assets import lake
from assets.fetching.settings import NoContactError, manners_of
from assets.home import Home
from assets.lake_files import LakeFiles
from orchestration.definitions import build_definitions
from tests.site.plan import Site
from tests.site.running import running

SITE = Site(3, 60, odd=False)
CONFIG = {"ops": {"publisher_outcomes": {"config": {"fetch": True, "publishers": ["host_1"]}}}}


def _registry(folder: Path, port: int) -> None:
    listing = f"http://{SITE.name(1)}:{port}{SITE.listing_path(1)}"
    (folder / "330000.yaml").write_text(
        "province: '330000'\npublishers:\n"
        f"  - {{id: host_1, territory: '331100', listings: ['{listing}'], family: {SITE.family(1)}, floor: 20, "
        "not_gov_cn: the loopback site of the tests, verified: 2026-01-01}\n",
        encoding="utf-8",
    )


def test_one_publisher_is_run_from_run_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("GONGKAI_PUBLISHERS", str(tmp_path))
    monkeypatch.setenv("GONGKAI_FETCH_TEST_HOSTS", ".gongkai.test=127.0.0.1")
    monkeypatch.setenv("GONGKAI_CONTACT", "reviewer@example.org")
    monkeypatch.setenv("GONGKAI_HOME", str(home.root))
    with running(SITE, tmp_path) as site:
        _registry(tmp_path, site.port)
        job = build_definitions(home=home).resolve_job_def("reading")
        result = job.execute_in_process(
            instance=dg.DagsterInstance.ephemeral(), partition_key="2025", run_config=CONFIG,
            asset_selection=[dg.AssetKey("publisher_outcomes"), dg.AssetKey("documents")],
        )
    assert result.success
    outcome = LakeFiles(home.lake).read(lake.PUBLISHER_OUTCOMES, "2025").to_dicts()
    assert [(one["publisher"], one["state"], one["reports"], one["floor"]) for one in outcome] == [
        ("host_1", "complete", 20, 20)
    ]
    assert LakeFiles(home.lake).read(lake.DOCUMENTS, "2025").height == 20


def test_without_a_contact_nothing_is_asked() -> None:
    for contact in ("", "nobody", "a@b", "mailto: x"):
        with pytest.raises(NoContactError, match="GONGKAI_CONTACT"):
            manners_of({"GONGKAI_CONTACT": contact})
    manners = manners_of({"GONGKAI_CONTACT": "team@example.org"})
    assert "team@example.org" in manners.agent and not manners.gate.loopback
