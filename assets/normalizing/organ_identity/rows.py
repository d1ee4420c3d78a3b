"""A report's organ and the evidence for it as rows of the lake.

Belongs here: rows of ORGANS and ORGAN_EVIDENCE, their words. Does not: deciding whose report it is (identify.py).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from assets.normalizing.organ_identity.identify import Owner
from assets.normalizing.organ_identity.pieces import Piece

Row = dict[str, object]


@cache
def identity_words() -> dict[str, dict[str, dict[str, str]]]:
    """Return the Chinese and English words for `reasons` and `kinds`, by their codes."""
    stated: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
        Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")
    )
    return stated


def organ_row(report_version_id: str, owner: Owner) -> Row:
    """Return the row of a report in ORGANS: all but state and reason are None unless the organ is resolved."""
    identity = owner.identity
    reason = identity_words()["reasons"][identity.reason] if identity.reason else {}
    return {
        "report_version_id": report_version_id,
        "organ_id": identity.organ_id,
        "organ_name": identity.organ_name,
        "own_name": identity.own_name,
        "territory_code": identity.territory_code,
        "town_code": identity.town_code,
        "organ_type": identity.organ_type,
        "level": identity.level,
        "scope": owner.scope,
        "state": identity.state,
        "reason": identity.reason or None,
        "reason_zh": reason.get("zh"),
        "reason_en": reason.get("en"),
    }


def evidence_rows(report_version_id: str, owner: Owner) -> list[Row]:
    """Return a row of ORGAN_EVIDENCE for every piece, the most trusted first."""
    return [
        {
            "report_version_id": report_version_id,
            "piece_no": number,
            "kind": piece.kind,
            "kind_zh": identity_words()["kinds"][piece.kind]["zh"],
            "kind_en": identity_words()["kinds"][piece.kind]["en"],
            "says": _says(piece),
            "text": piece.text,
            "place": piece.place,
            "standing": standing,
        }
        for number, (piece, standing) in enumerate(owner.identity.standings, start=1)
    ]


def _says(piece: Piece) -> str:
    """Return the territories a piece may mean and the kind of organ it names: 141102 department."""
    kind = piece.reading.organ_type if piece.reading else None
    return " ".join([*sorted(piece.codes), *([kind] if kind else [])])
