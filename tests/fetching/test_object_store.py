"""The archive in a store, on a real S3 server on loopback: written once, never overwritten, damage noticed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from assets.fetching.archive import Archive, DamagedArchiveError, archive_of
from assets.fetching.object_store import StoredArchive
from assets.home import Home

KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": "us-east-1"}
SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
server.start(); print("port", server.get_host_and_port()[1], flush=True); sys.stdin.read()
"""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-c", SERVER], text=True, **pipes)
    assert process.stdout is not None
    port = next(line.split()[1] for line in process.stdout if line.startswith("port "))
    address = f"http://127.0.0.1:{port}"
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": address, "AWS_ENDPOINT": address}.items():
        monkeypatch.setenv(name, value)
    yield address
    process.kill()
    process.wait()


def test_an_archive_in_a_store_behaves_like_a_folder(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="reports")
    monkeypatch.setenv("GONGKAI_ARCHIVE_STORE", "s3://reports/archive")
    archive = archive_of(Home(tmp_path))
    assert isinstance(archive, StoredArchive)
    name = archive.store("年度报告".encode())
    assert archive.fetch(name) == "年度报告".encode() and name == Archive(tmp_path).store("年度报告".encode())
    key = f"archive/{name[:2]}/{name}"
    before = client.head_object(Bucket="reports", Key=key)["LastModified"]
    time.sleep(1.1)
    assert archive.store("年度报告".encode()) == name
    assert client.head_object(Bucket="reports", Key=key)["LastModified"] == before
    with pytest.raises(DamagedArchiveError):
        archive.fetch("0" * 64)
    client.put_object(Bucket="reports", Key=key, Body=b"other")
    with pytest.raises(DamagedArchiveError):
        archive.fetch(name)


def test_without_the_setting_the_archive_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_ARCHIVE_STORE", raising=False)
    assert type(archive_of(Home(tmp_path))) is Archive
