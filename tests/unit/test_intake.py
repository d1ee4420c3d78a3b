"""Intake: from files to the archive and the ledger, each content once.

Belongs here: assets/fetching against a folder on disk. Does not: Dagster, parsing.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.fetching.archive import Archive, DamagedArchiveError
from assets.fetching.intake import KNOWN, NEW, SKIPPED, UNREADABLE, WAITING, Desk, Intake, find_sources, take_in
from assets.fetching.ledger import Ledger, LedgerRow

NOW = datetime(2026, 1, 20, 2, tzinfo=UTC)


def by_first_letter(content: bytes, name: str) -> str:
    """Date a document by its first byte: 4 → 2024, 5 → 2025, anything else is a year that is no partition."""
    return {b"4": "2024", b"5": "2025"}.get(content[:1], "1999")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(
        Archive(tmp_path / "archive"), Ledger(tmp_path / "ledger.sqlite"), {"2024", "2025", "undated"}, by_first_letter
    )


def drop(inbox: Path, **files: bytes) -> Path:
    for name, content in files.items():
        path = inbox / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return inbox


def outcomes(intake: Intake) -> dict[str, str]:
    return {arrival.path.name: arrival.outcome for arrival in intake.arrivals}


def test_the_same_bytes_twice_are_one_document(tmp_path: Path, desk: Desk) -> None:
    inbox = drop(tmp_path / "inbox", a=b"4 same", b=b"4 same", sub__c=b"5 other")
    assert outcomes(take_in(find_sources(inbox), desk, NOW)) == {"a": NEW, "b": KNOWN, "c": NEW}
    assert outcomes(take_in(find_sources(inbox), desk, NOW)) == {"a": KNOWN, "b": KNOWN, "c": KNOWN}
    rows = {row.file_name: row for row in desk.ledger.rows()}
    assert {name: row.partition for name, row in rows.items()} == {"a": "2024", "c": "2025"}
    assert desk.archive.fetch(rows["c"].document_id) == b"5 other"
    assert rows["a"].first_seen == "2026-01-20T02:00:00.000000+00:00"


def test_a_year_that_is_no_partition_is_undated(tmp_path: Path, desk: Desk) -> None:
    take_in(find_sources(drop(tmp_path / "inbox", a=b"x")), desk, NOW)
    assert list(desk.ledger.known().values()) == ["undated"]


def test_with_one_partition_the_others_wait(tmp_path: Path, desk: Desk) -> None:
    inbox = drop(tmp_path / "inbox", a=b"4", b=b"5")
    assert outcomes(take_in(find_sources(inbox), desk, NOW, only="2025")) == {"a": WAITING, "b": NEW}
    assert outcomes(take_in(find_sources(inbox), desk, NOW, only="2024")) == {"a": NEW, "b": KNOWN}


def test_what_is_no_document_is_named_and_stops_nothing(tmp_path: Path, desk: Desk) -> None:
    inbox = drop(tmp_path / "inbox", **{".hidden": b"4", "half.part": b"4", "~$open.docx": b"4", "good.txt": b"4"})
    (inbox / "dangling").symlink_to(tmp_path / "nowhere")
    assert outcomes(take_in(find_sources(inbox), desk, NOW)) == {
        ".hidden": SKIPPED, "half.part": SKIPPED, "~$open.docx": SKIPPED, "good.txt": NEW, "dangling": UNREADABLE,
    }


def test_a_named_file_is_a_document_whatever_its_name(tmp_path: Path, desk: Desk) -> None:
    path = drop(tmp_path, **{"named.part": b"4"}) / "named.part"
    assert outcomes(take_in(find_sources(None, [path]), desk, NOW)) == {"named.part": NEW}


def test_a_killed_intake_is_mended_by_the_next_one(tmp_path: Path, desk: Desk) -> None:
    inbox = drop(tmp_path / "inbox", a=b"4 content")
    desk.archive.store(b"4 content")  # archived, then killed before the ledger spoke of it
    assert outcomes(take_in(find_sources(inbox), desk, NOW)) == {"a": NEW}
    assert len(desk.ledger.rows()) == 1


def test_the_ledger_never_changes_a_row(desk: Desk) -> None:
    first = LedgerRow("d", "first.txt", 1, "2026-01-01T00:00:00.000000+00:00", "2024", "inbox:first.txt")
    later = LedgerRow("d", "later.txt", 2, "2027-01-01T00:00:00.000000+00:00", "2025", "inbox:later.txt")
    assert (desk.ledger.add([first]), desk.ledger.add([later])) == (1, 0)
    assert desk.ledger.rows() == [first]


def test_the_archive_is_read_only_and_notices_damage(desk: Desk) -> None:
    document_id = desk.archive.store(b"content")
    path = desk.archive.path(document_id)
    assert document_id == hashlib.sha256(b"content").hexdigest()
    assert path.stat().st_mode & 0o222 == 0
    path.chmod(0o644)
    path.write_bytes(b"c0ntent")
    with pytest.raises(DamagedArchiveError, match="drop the document into the inbox again"):
        desk.archive.fetch(document_id)
    path.unlink()
    with pytest.raises(DamagedArchiveError, match="is gone"):
        desk.archive.fetch(document_id)
