"""Pages over HTTP: data docs and snapshots are served, nothing else of the home is.

Belongs here: a real server on loopback. Does not: what the pages say (tests/pipeline/test_suites.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest

from assets.home import LOOPBACK, PROJECT, Home
from orchestration.pages import HEADERS, OF_MODEL_DOCS, POLICY, pages_server


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    for path, text in {
        home.data_docs / "2025" / "index.html": "<h1>数据质量</h1>", home.published / "latest.json": "{}",
        home.published_model_docs / "one" / "index.html": "<h1>数据模型</h1>",
        home.ledger: "secret", home.root / "data_docs_not" / "index.html": "secret",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (home.published / "out").symlink_to(home.ledger)
    return home


@pytest.fixture
def port(home: Home) -> Iterator[int]:
    server = pages_server(home, 0)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def ask(port: int, path: str, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    connection = HTTPConnection(LOOPBACK, port, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8"), dict(answer.getheaders())


def test_the_address_in_a_link_is_where_the_page_is_served(home: Home, port: int) -> None:
    address = Home(home.root, f"http://{LOOPBACK}:{port}").page(home.data_docs / "2025" / "index.html")
    status, text, headers = ask(port, address.split(str(port), 1)[1])
    assert (status, text) == (200, "<h1>数据质量</h1>")
    assert HEADERS.items() <= headers.items()
    assert ask(port, "/published/latest.json")[0] == 200


def test_only_the_page_on_the_models_may_run_its_script(home: Home, port: int) -> None:
    def policy(path: str) -> str:
        status, _, headers = ask(port, path)
        assert status == 200
        return headers[POLICY]

    assert policy("/published/model_docs/one/index.html") == policy("/published/model_docs/one/") == OF_MODEL_DOCS
    others = ("/published/latest.json", "/data_docs/2025/index.html", "/data_docs/2025/index.html?/model_docs/")
    assert {policy(path) for path in others} == {HEADERS[POLICY]}
    assert "default-src 'none'" in OF_MODEL_DOCS and "unsafe-inline" not in HEADERS[POLICY].split("style-src")[0]


@pytest.mark.parametrize("path", [
    "/", "/ledger.sqlite", "/data_docs/../ledger.sqlite", "/data_docs/%2e%2e/ledger.sqlite", "//ledger.sqlite",
    "/data_docs_not/index.html", "/published/out", "/data_docs/2025/..%2f..%2fledger.sqlite", "/lake/",
])
def test_nothing_else_of_the_home_is_served(port: int, path: str) -> None:
    status, text, _ = ask(port, path)
    assert status == 404 and "secret" not in text


def test_pages_are_only_read(port: int) -> None:
    assert ask(port, "/data_docs/2025/index.html", "PUT")[0] == 501


def test_the_server_ends_with_the_process_it_was_started_beside(home: Home) -> None:
    started = (
        "import os, subprocess, sys; print(subprocess.Popen([sys.executable, '-m', 'orchestration.cli', 'pages',"
        " '--port', '0', '--beside', str(os.getpid())], stdout=subprocess.DEVNULL).pid)"
    )
    done = subprocess.run(
        [sys.executable, "-c", started], cwd=PROJECT, env=os.environ | {"GONGKAI_HOME": str(home.root)},
        stdout=subprocess.PIPE, text=True, check=True,
    )
    deadline = time.monotonic() + 30
    while Path(f"/proc/{int(done.stdout)}").exists():
        assert time.monotonic() < deadline, "the server is still there"
        time.sleep(0.1)
