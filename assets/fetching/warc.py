"""WARC export: the fetches of a report year as a file that web archives read.

Belongs here: rows of the ledger and bytes of the archive as WARC records. Does not: fetching, the ledger's tables.
Bodies were unpacked when they were fetched: the headers that spoke of packing are kept under `X-Archive-Orig-`.
"""

from __future__ import annotations

import io
import json
import sqlite3
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from assets.fetching.archive import Archive
from assets.fetching.fetch_ledger import FetchLedger
from assets.writing import replacing

OF_PACKING = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def export_warc(path: Path, archive: Archive, year: str, target: Path) -> int:
    """Write every answered request of a report year into `target` (.warc.gz); return how many responses that are."""
    ledger = FetchLedger(path)
    try:
        rows = ledger.rows("select * from fetches where year = ? and status > 0 order by fetch", year)
    finally:
        ledger.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as temporary, temporary.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(target.name, {"software": "gongkai", "format": "WARC/1.0"}))
        for row in rows:
            _write(writer, row, archive)
    return len(rows)


def _write(writer: WARCWriter, row: sqlite3.Row, archive: Archive) -> None:
    date = row["started"].replace("+00:00", "Z")
    dated = {"WARC-Date": date}
    answered = _head(row)
    if row["status"] == HTTPStatus.NOT_MODIFIED:
        record = writer.create_warc_record(
            row["address"], "revisit", http_headers=answered,
            warc_headers_dict={**dated, "WARC-Profile": "http://netpreserve.org/warc/1.0/revisit/server-not-modified"},
        )
    else:
        body = archive.fetch(row["content"]) if row["content"] else b""
        record = writer.create_warc_record(
            row["address"], "response", payload=io.BytesIO(body), length=len(body), http_headers=answered,
            warc_headers_dict=dated,
        )
    parts = urlsplit(row["address"])
    start = f"GET {parts.path or '/'}{'?' if parts.query else ''}{parts.query} HTTP/1.1"
    sent = [("Host", parts.netloc), *json.loads(row["sent"]).items()]
    request = writer.create_warc_record(
        row["address"], "request", warc_headers_dict=dated,
        http_headers=StatusAndHeaders(start, sent, is_http_request=True),
    )
    writer.write_request_response_pair(request, record)


def _head(row: sqlite3.Row) -> StatusAndHeaders:
    try:
        phrase = HTTPStatus(row["status"]).phrase
    except ValueError:
        phrase = ""
    headers = [
        (f"X-Archive-Orig-{name}" if name.lower() in OF_PACKING else name, value)
        for name, value in json.loads(row["headers"])
    ]
    return StatusAndHeaders(f"{row['status']} {phrase}".strip(), headers, protocol="HTTP/1.1")
