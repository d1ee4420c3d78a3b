"""One request and its answer, within bounds of time and size.

Belongs here: asking one address once over aiohttp, unpacking the answer within bounds, TLS of old servers.
Does not: redirects, retries, pace, robots (crawl.py), which addresses may be asked (addresses.py).
"""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import aiohttp

from assets.fetching.addresses import CheckedResolver, Gate, RefusedNumberError

MB = 1024 * 1024
CHUNK = 64 * 1024
LEGACY_RENEGOTIATION = 0x4  # OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT; the ssl module names it from Python 3.12 on
CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


@dataclass(frozen=True)
class Bounds:
    """Limits of one exchange: seconds to connect, between two pieces, and in all; bytes of the body, unpacked."""

    connect: float = 15.0
    read: float = 30.0
    total: float = 120.0
    most_bytes: int = 60 * MB


@dataclass(frozen=True)
class Answer:
    """What came of one request; `failure` is "" or the reason why there is no whole answer.

    headers: as sent by the server. body: unpacked. received: bytes of the body on the wire. started: Unix time.
    """

    url: str
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    received: int = 0
    started: float = 0.0
    seconds: float = 0.0
    failure: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """Return the first header of that name, "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class BodyError(Exception):
    """A body that is not taken: the message is the failure's name."""


def session(gate: Gate, agent: str, bounds: Bounds, connections: int) -> aiohttp.ClientSession:
    """Return the session of a crawl: it resolves through `gate`, keeps no cookies, follows nothing."""
    connector = aiohttp.TCPConnector(
        resolver=CheckedResolver(gate), use_dns_cache=False, limit=connections, limit_per_host=2, ttl_dns_cache=None
    )
    timeout = aiohttp.ClientTimeout(total=bounds.total, sock_connect=bounds.connect, sock_read=bounds.read)
    return aiohttp.ClientSession(
        connector=connector, timeout=timeout, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": agent, "Accept-Encoding": "gzip, deflate", "Accept-Language": "zh-CN,zh;q=0.9"},
    )


async def ask(
    client: aiohttp.ClientSession, url: str, extra: Mapping[str, str], bounds: Bounds, tls: tuple[str, ...] = ()
) -> Answer:
    """Ask for `url` once and return what came, never raising for what a server or the network does."""
    started, clock = time.time(), time.monotonic()
    headers: tuple[tuple[str, str], ...] = ()
    status, failure, body, received = 0, "", b"", 0
    sent = {**client.headers, **extra}
    try:
        context = tls_context(tls) if tls and url.startswith("https:") else True
        async with client.get(url, headers=extra, allow_redirects=False, ssl=context) as response:
            status = response.status
            headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in response.raw_headers)
            body, received = await _body(response, bounds)
    except BodyError as error:
        failure = str(error)
    except RefusedNumberError:
        failure = "refused_number"
    except TimeoutError:
        failure = "timeout"
    except aiohttp.ClientPayloadError:
        failure = "cut_short"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        failure = "refused_number" if isinstance(error.__cause__, RefusedNumberError) else _name(error)
    return Answer(url, status, headers, body, received, started, time.monotonic() - clock, failure, sent)


def _name(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientSSLError):
        return "tls"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "no_such_host"
    return "unanswered" if isinstance(error, (aiohttp.ClientConnectionError, OSError)) else "malformed"


async def _body(response: aiohttp.ClientResponse, bounds: Bounds) -> tuple[bytes, int]:
    """Return the unpacked body and its bytes on the wire; BodyError where it grows beyond the bounds."""
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity", *CODINGS):
        raise BodyError("unknown_coding")
    unpacker = Unpacker(coding, bounds.most_bytes)
    async for piece in response.content.iter_chunked(CHUNK):
        unpacker.add(piece)
    return unpacker.whole(), unpacker.received


class Unpacker:
    """Puts a body together, unpacking it as it comes, never holding more than `most` bytes."""

    def __init__(self, coding: str, most: int) -> None:
        self.most, self.received, self._size = most, 0, 0
        self._parts: list[bytes] = []
        self._packed = coding in CODINGS
        self._wide = zlib.decompressobj(CODINGS.get(coding, 15))
        self._coding = coding

    def add(self, piece: bytes) -> None:
        """Take the next piece; BodyError `too_large` or `badly_packed`."""
        self.received += len(piece)
        if not self._packed:
            self._keep(piece)
            return
        try:
            self._unpack(piece)
        except zlib.error as error:
            if self._coding == "deflate" and not self._size:
                self._wide, self._coding = zlib.decompressobj(-15), "raw"
                self.add_again(piece)
                return
            raise BodyError("badly_packed") from error

    def add_again(self, piece: bytes) -> None:
        """Take a piece of a deflate body without the head that the standard asks for."""
        try:
            self._unpack(piece)
        except zlib.error as error:
            raise BodyError("badly_packed") from error

    def _unpack(self, piece: bytes) -> None:
        while piece:
            self._keep(self._wide.decompress(piece, self.most - self._size + 1))
            piece = self._wide.unconsumed_tail

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self.most:
            raise BodyError("too_large")
        self._parts.append(part)

    def whole(self) -> bytes:
        """Return the body; BodyError `cut_short` where the packed one has no end."""
        if self._packed and self.received and not self._wide.eof:
            raise BodyError("cut_short")
        return b"".join(self._parts)


@cache
def tls_context(oddities: tuple[str, ...]) -> ssl.SSLContext:
    """Return the TLS settings for a server with these oddities; used for its publisher alone, never for all."""
    context = ssl.create_default_context()
    if "legacy_renegotiation" in oddities:
        context.options |= LEGACY_RENEGOTIATION
    if "old_ciphers" in oddities:
        context.set_ciphers("DEFAULT@SECLEVEL=1")
    if "old_version" in oddities:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT@SECLEVEL=0")
    if "unverified_certificate" in oddities:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
