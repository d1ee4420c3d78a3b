"""The `gongkai` command as people and scripts call it: contract of extract, exit codes, never a traceback.

Belongs here: whole calls in processes of their own. Does not: what a document is worth (test_documents.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.home import PROJECT

SAMPLES = PROJECT / "samples" / "inbox"
KEYS = {
    "document", "status", "reason", "organ_name", "report_year", "territory_code", "signed_date", "organ", "facts",
    "editions", "cells", "findings", "tables", "verdicts", "repairs",
}


def gongkai(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        cwd=PROJECT, capture_output=True, text=True, check=False,
        env=os.environ | {"GONGKAI_HOME": str(home), "COLUMNS": "200"}, timeout=120,
    )


def test_extract_prints_one_object_a_document_and_touches_no_state(tmp_path: Path) -> None:
    (tmp_path / "bytes.bin").write_bytes(bytes(range(256)) * 40)
    paths = [str(SAMPLES / "lishi_2025.txt"), str(tmp_path / "bytes.bin"), str(tmp_path / "absent.html")]
    done = gongkai("extract", *paths, home=tmp_path / "home")
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["document"] for one in found] == paths
    assert [one["status"] for one in found] == ["partly_published", "refused", "refused"]
    assert all(one.keys() == KEYS for one in found)
    assert not (tmp_path / "home").exists()


def test_the_json_of_a_cell_and_of_a_finding(tmp_path: Path) -> None:
    done = gongkai("extract", "--format", "json", str(SAMPLES / "lishi_2025.txt"), home=tmp_path)
    found = json.loads(done.stdout)
    cell = found["cells"]["requests.received.total"]
    assert (cell["value"], cell["state"], cell["text"]) == (13, "reported", "13")
    assert cell["place"].startswith("line ")
    finding = next(f for f in found["findings"] if f["scope"] == "requests.total" and f["rule"] == "R02_outcome_sum")
    assert (finding["verdict"], finding["severity"], finding["left"], finding["right"]) == ("breaks", "error", 14, 13)
    assert "总计" in finding["message"] and "total" in finding["message"]
    assert [repair["number"] for repair in found["repairs"]] == list(range(1, 10))
    repair = found["repairs"][0]
    assert (repair["table"], repair["rank"], repair["of"], repair["kind"]) == ("requests", 1, 9, "digit_changed")
    assert all(change.keys() == {"cell", "from", "to"} for change in repair["changes"])
    assert found["verdicts"]["requests"]["verdict"] == "publisher"


def test_the_table_for_people_shows_states_and_reasons(tmp_path: Path) -> None:
    done = gongkai("extract", "--format", "table", str(SAMPLES / "lishi_2025.txt"), home=tmp_path)
    assert done.returncode == 0
    assert "部分发布" in done.stdout and "R01_balance" in done.stdout and "(blank)" in done.stdout
    assert "报告本身有误" in done.stdout and "共 of 9" in done.stdout


@pytest.mark.parametrize("arguments", [["extract"], ["unknown"], [], ["run", "--inbox", "no/such/folder"]])
def test_unusable_arguments_end_with_2(tmp_path: Path, arguments: list[str]) -> None:
    done = gongkai(*arguments, home=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_status_without_anything_says_what_to_do(tmp_path: Path) -> None:
    done = gongkai("status", home=tmp_path)
    assert done.returncode == 1
    assert "gongkai run" in done.stdout and "Traceback" not in done.stderr
