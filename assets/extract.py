"""Read documents and judge them without touching any state: bytes in, one plain object per document out.

Belongs here: the chain of pure stages for documents at hand, and the JSON contract other tools rely on.
Does not: files, printing (orchestration/cli.py), Dagster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

import polars as pl

from assets.form import cells as form
from assets.normalizing.facts import BETWEEN
from assets.normalizing.frames import NormalizedFrames, normalized_frames
from assets.parsing.frames import ParsedFrames, document_id_of, parsed_frames, report_version_id_of
from assets.parsing.refusals import refusal_words
from assets.quarantine.cases import Background, Cases, cases
from expectations.evidence import ALONE
from expectations.gate import gate
from expectations.owners import owners
from expectations.parts import Year

Object = dict[str, object]


def extract(content: bytes, name: str) -> Object:
    """Return the object for one document; see `extract_documents`."""
    return extract_documents([(name, content)])[0]


def extract_documents(documents: Sequence[tuple[str, bytes]]) -> list[Object]:
    """Read and judge documents given as (name, bytes), in order.

    Returns:
        one object per document: document, status (published, partly_published, quarantined, refused), reason,
        organ_name, report_year, territory_code, signed_date, organ, facts, editions, cells, findings, tables, verdicts,
        repairs.
        `organ` says whose report it is, with its state (resolved, review, unresolved), reason and evidence; what is not
        resolved has no id, territory or scope, and `territory_code` is None.
        `facts` has, for each fact that the document states, the value taken (None where its evidence differs or does
        not suffice) and every piece of evidence with its words, place and standing.
        `verdicts` says of each table held back whether publisher or parser is wrong, and why.
        A finding that somebody can act on (an error or a warning that breaks) has an `id`, the same in every run.
        The cells of a table that is missing altogether are left out; every other cell of the form is there.
        A document with several reports has `reports`, the object of each in order; its own object states nothing but
        the status that they have together.
    """
    unique = {document_id_of(content): (name, content) for name, content in reversed(documents)}
    parsed = parsed_frames((key, name, content) for key, (name, content) in unique.items())
    normal = normalized_frames(parsed.parsed_documents, parsed.printed_tables, parsed.printed_text, parsed.observations)
    observed = pl.concat([parsed.observations, normal.observations])
    year = Year(normal.reports, normal.cells.lazy(), observed.lazy(), normal.claims.lazy(), ALONE)
    judged = gate(normal.cells, observed, normal.reports, normal.claims)
    owned = owners(normal.reports, normal.organs)
    known = Background(year.whole(), year, parsed.printed_tables.lazy(), owned)
    objects = _objects(parsed, normal, cases(judged, known))
    return [_named(objects[document_id_of(content)], name) for name, content in documents]


def _named(found: Sequence[Object], name: str) -> Object:
    """Return the one object of a document, which has one for each of its reports."""
    named = [{**one, "document": name} for one in found]
    if len(named) == 1:
        return named[0]
    states = [str(state) for one in named for state in cast(Mapping[str, str], one["tables"]).values()]
    reason = f"一个文件中有 {len(named)} 份报告 · {len(named)} reports in one document"
    return {**_nothing(name), "status": report_status(states), "reason": reason, "reports": named}


def refused(name: str, kind: str, detail: str) -> Object:
    """Return the object of a document that is not taken as a report; `kind` is a key of refusals.yaml."""
    zh, en = refusal_words(kind)
    return {**_nothing(name), "status": "refused", "reason": f"{kind}: {zh} · {en} ({detail})"}


def _nothing(name: str) -> Object:
    return {
        "document": name,
        "status": None,
        "reason": None,
        "organ_name": None,
        "report_year": None,
        "territory_code": None,
        "signed_date": None,
        "organ": {},
        "facts": {},
        "editions": {},
        "cells": {},
        "findings": [],
        "tables": {},
        "verdicts": {},
        "repairs": [],
    }


def report_status(states: Sequence[str]) -> str:
    """Return the status of a report from the states of its tables."""
    published = sum(state == "published" for state in states)
    if published == len(states):
        return "published"
    return "partly_published" if published else "quarantined"


def _objects(parsed: ParsedFrames, normal: NormalizedFrames, judged: Cases) -> dict[str, list[Object]]:
    """Return for each document the objects of its reports, in order, or the one of its refusal."""
    reports = {row["report_version_id"]: row for row in normal.reports.iter_rows(named=True)}
    organs = {row["report_version_id"]: row for row in normal.organs.iter_rows(named=True)}
    pieces = _by_report(normal.organ_evidence)
    facts, cells = _by_report(normal.evidence), _by_report(normal.cells)
    findings = _by_report(judged.verdicts.findings())
    states, held = _by_report(judged.table_states), _by_report(judged.quarantined_tables)
    broken, repairs = _by_report(judged.breaks), _by_report(judged.repairs)
    objects: dict[str, list[Object]] = {}
    for row in parsed.parsed_documents.iter_rows(named=True):
        key = row["document_id"]
        if row["state"] == "refused":
            objects[key] = [refused("", row["refusal_kind"], row["refusal_detail"])]
            continue
        ids = [report_version_id_of(key, number) for number in range(1, row["report_count"] + 1)]
        objects[key] = [
            _report_object(
                reports[one],
                _OfReport(
                    facts.get(one, []), cells[one], findings[one], states[one], held.get(one, []), broken.get(one, []),
                    repairs.get(one, []), {**organs[one], "evidence": pieces.get(one, [])},
                ),
            )
            for one in ids
        ]
    return objects


Rows = list[dict[str, object]]


def _by_report(frame: pl.DataFrame) -> dict[str, Rows]:
    grouped: dict[str, Rows] = {}
    for row in frame.iter_rows(named=True):
        grouped.setdefault(row["report_version_id"], []).append(row)
    return grouped


@dataclass(frozen=True)
class _OfReport:
    """The rows of each frame that belong to one report; the organ's with its evidence."""

    facts: Rows
    cells: Rows
    findings: Rows
    states: Rows
    held: Rows
    breaks: Rows
    repairs: Rows
    organ: Mapping[str, object]


def _report_object(report: Mapping[str, object], rows: _OfReport) -> Object:
    by_table = {str(row["table_code"]): str(row["state"]) for row in rows.states}
    tables = {code: by_table[code] for code in form.table_codes()}
    reasons = [f"{row['summary_zh']} · {row['summary_en']}" for row in rows.held]
    reasons += [
        f"{form.vocabulary()['sections'][code]['zh']}：缺失 · {code} is missing"
        for code, s in tables.items()
        if s == "missing"
    ]
    missing = {code for code, state in tables.items() if state == "missing"}
    ids = {(row["rule"], row["scope"]): row["finding_id"] for row in rows.breaks}
    return {
        "document": "",
        "status": report_status(list(tables.values())),
        "reason": "; ".join(reasons) or None,
        "organ_name": report["organ_name"],
        "report_year": report["report_year"],
        "territory_code": rows.organ["territory_code"],
        "signed_date": str(report["signed_date"]) if report["signed_date"] else None,
        "organ": _organ(rows.organ),
        "facts": _facts(report, rows.facts),
        "editions": {code: report[f"edition_{code}"] for code in tables if tables[code] != "missing"},
        "cells": {str(row["cell_code"]): _cell(row) for row in rows.cells if row["table_code"] not in missing},
        "findings": [_finding(row, ids.get((row["rule"], row["scope"]))) for row in rows.findings],
        "tables": tables,
        "verdicts": {str(row["table_code"]): _verdict(row) for row in rows.held},
        "repairs": [_repair(row) for row in rows.repairs],
    }


def _organ(row: Mapping[str, object]) -> Object:
    """Return whose report it is, with the pieces of evidence."""
    pieces = cast(Rows, row["evidence"])
    names = ("state", "reason", "organ_id", "organ_name", "territory_code", "town_code", "organ_type", "level", "scope")
    evidence = [{key: piece[key] for key in ("kind", "says", "text", "place", "standing")} for piece in pieces]
    return {**{name: row[name] for name in names}, "evidence": evidence}


def _facts(report: Mapping[str, object], rows: Rows) -> Object:
    """Return the evidence for each fact that has any, beside the value taken."""
    found: dict[str, Rows] = {}
    for row in rows:
        piece = {key: row[key] for key in ("source", "value", "text", "place", "standing")}
        found.setdefault(str(row["fact"]), []).append(piece)
    return {name: {"value": _taken(report, name), "evidence": pieces} for name, pieces in found.items()}


def _taken(report: Mapping[str, object], name: str) -> object:
    if name == "period":
        start, end = report["period_start"], report["period_end"]
        return f"{start}{BETWEEN}{end}" if start and end else None
    value = report[name]
    return str(value) if isinstance(value, date) else value


def _cell(row: Mapping[str, object]) -> Object:
    return {"value": _number(row["value"]), "state": row["state"], "text": row["printed_text"], "place": row["place"]}


def _verdict(row: Mapping[str, object]) -> Object:
    return {
        "verdict": row["verdict"],
        "reasons": row["verdict_reasons"],
        "message": f"{row['verdict_reasons_zh']} · {row['verdict_reasons_en']}",
    }


def _repair(row: Mapping[str, object]) -> Object:
    """Return one proposal; `number` counts those of its table from the best on."""
    changes = cast(Sequence[Mapping[str, object]], row["changes"])
    return {
        "table": row["table_code"],
        "number": row["number"],
        "rank": row["rank"],
        "ties": row["ties"],
        "of": row["repair_count"],
        "complete": row["complete"],
        "kind": row["kind"],
        "message": f"{row['kind_zh']} · {row['kind_en']}",
        "changes": [{"cell": one["cell"], "from": _number(one["from"]), "to": _number(one["to"])} for one in changes],
        "closes": row["closes"],
        "evidence": row["evidence"],
    }


def _finding(row: Mapping[str, object], finding_id: object) -> Object:
    messages = [str(row[key]) for key in ("message_zh", "message_en") if row[key]]
    return {
        "id": finding_id,
        "rule": row["rule"],
        "scope": row["scope"],
        "verdict": row["verdict"],
        "severity": row["severity"],
        "left": _number(row["left"]),
        "right": _number(row["right"]),
        "message": " · ".join(messages) or None,
    }


def _number(value: object) -> int | float | None:
    """Return a JSON number: whole values as int, others as the shortest float."""
    if value is None:
        return None
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else float(number)
