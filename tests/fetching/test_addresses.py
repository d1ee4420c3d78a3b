"""Which addresses are never asked: tricks with schemes, hosts and numbers, names that resolve inside, redirects."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from assets.fetching import exchange
from assets.fetching.addresses import CheckedResolver, Gate, RefusedAddressError, RefusedNumberError, canonical
from assets.fetching.answers import FAILS, SAME, meaning_of
from assets.fetching.exchange import BodyError, Bounds, Unpacker

ALLOWED = ("www.example.gov.cn", ".sub.example.gov.cn")
TRICKS = [
    "file:///etc/passwd", "ftp://www.example.gov.cn/", "gopher://www.example.gov.cn/", "javascript:alert(1)",
    "data:text/html,x", "//www.example.gov.cn/", "dict://www.example.gov.cn:11211/", "http:///", "http://",
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://0/", "http://0.0.0.0/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1%25eth0]/",
    "http://[fd00:ec2::254]/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "http://localhost/",
    "http://localhost.localdomain/", "http://www.example.gov.cn@127.0.0.1/", "http://127.0.0.1#@www.example.gov.cn/",
    "http://user:pass@www.example.gov.cn/", "http://www.example.gov.cn:22/", "http://www.example.gov.cn:6379/",
    "http://www.example.gov.cn:99999/", "http://www.example.gov.cn.evil.example/", "http://evilwww.example.gov.cn/",
    "http://sub.example.gov.cn/", "http://127.0.0.1\\@www.example.gov.cn/", "http://www.example.gov.cn\t.evil.example/",
    "http://www.example.gov.cn\r\nHost: evil/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://127.0.0.1.nip.io/",
    "http://www.example.gov.cn%00.evil.example/", "http://[www.example.gov.cn]/", "http://224.0.0.1/",
    "http://255.255.255.255/", "http://www.example.gov.cn/" + "a" * 3000,
]
INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.169.254", "100.100.100.200",
    "192.0.0.192", "198.18.0.1", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
    "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "2002:7f00:1::",
    "2002:a9fe:a9fe::", "64:ff9b::a9fe:a9fe", "2001:0:7f00:1::80ff:fffe", "ff02::1", "2001:db8::1", "not a number",
]


@pytest.mark.parametrize("url", TRICKS)
def test_an_address_with_a_trick_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddressError):
        Gate().check(url, ALLOWED)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://www.example.gov.cn/a?b=c", "www.example.gov.cn"),
        ("https://www.example.gov.cn:443/", "www.example.gov.cn"),
        ("http://zjj.sub.example.gov.cn/", "zjj.sub.example.gov.cn"),
        ("HTTP://WWW.EXAMPLE.GOV.CN/", "www.example.gov.cn"),
    ],
)
def test_an_honest_address_is_let_through(url: str, host: str) -> None:
    assert Gate().check(url, ALLOWED) == host


def test_a_bare_number_is_asked_only_where_the_registry_names_it_and_it_is_public() -> None:
    assert Gate().check("http://1.2.4.8/", ["1.2.4.8"]) == "1.2.4.8"
    with pytest.raises(RefusedAddressError):
        Gate().check("http://10.2.4.8/", ["10.2.4.8"])


@pytest.mark.parametrize("number", INSIDE)
def test_a_number_inside_is_refused(number: str) -> None:
    with pytest.raises(RefusedAddressError):
        Gate().check_number(number)


def test_the_setting_for_tests_allows_loopback_and_nothing_else() -> None:
    gate = Gate(loopback=True)
    gate.check_number("127.0.0.1")
    for number in INSIDE[2:]:
        with pytest.raises(RefusedAddressError):
            gate.check_number(number)


class Rebinding(AbstractResolver):
    """Answers a public number first, an inner one ever after."""

    def __init__(self, *numbers: str) -> None:
        self.numbers, self.asked = list(numbers), 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        number = self.numbers[min(self.asked, len(self.numbers) - 1)]
        self.asked += 1
        return [ResolveResult(hostname=host, host=number, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


def test_a_name_that_resolves_inside_is_refused_each_time_it_is_resolved() -> None:
    resolver = CheckedResolver(Gate(), Rebinding("1.2.4.8", "169.254.169.254"))
    assert asyncio.run(resolver.resolve("www.example.gov.cn"))[0]["host"] == "1.2.4.8"
    with pytest.raises(RefusedNumberError):
        asyncio.run(resolver.resolve("www.example.gov.cn"))


def test_a_request_to_a_name_that_resolves_inside_connects_to_nothing() -> None:
    async def asked() -> exchange.Answer:
        gate = Gate(loopback=False, known={".example.gov.cn": "127.0.0.1"})
        async with exchange.session(gate, "test", Bounds(), 1) as client:
            return await exchange.ask(client, "http://www.example.gov.cn/", {}, Bounds())

    with socket.create_server(("127.0.0.1", 0)):
        answer = asyncio.run(asked())
    assert (answer.failure, answer.status) == ("refused_number", 0)


def test_a_304_that_no_validator_asked_for_is_a_failure_and_no_report() -> None:
    asked = exchange.Answer("http://www.example.gov.cn/", 304, sent={"If-None-Match": '"a"'})
    assert meaning_of(asked).kind == SAME
    unasked = exchange.Answer("http://www.example.gov.cn/", 304, sent={"Accept-Encoding": "gzip"})
    assert (meaning_of(unasked).kind, meaning_of(unasked).reason) == (FAILS, "unasked_304")


def test_twins_of_a_page_are_one_address() -> None:
    base = "http://www.example.gov.cn/art/index.html"
    assert canonical("show.html?isMobile=true", base) == canonical("show_wap.html#top", base)
    assert canonical("HTTP://WWW.Example.gov.cn:80/a;jsessionid=1F") == "http://www.example.gov.cn/a"
    assert canonical("a.jsp?area=1&fbtime=2024", base) != canonical("a.jsp?area=1&fbtime=2025", base)


def test_a_body_is_unpacked_within_bounds() -> None:
    import gzip
    import zlib

    for coding, packed in (("gzip", gzip.compress(b"x" * 900)), ("deflate", zlib.compress(b"x" * 900))):
        unpacker = Unpacker(coding, 1000)
        unpacker.add(packed)
        assert unpacker.whole() == b"x" * 900
    with pytest.raises(BodyError, match="too_large"):
        Unpacker("gzip", 1000).add(gzip.compress(bytes(100_000)))
    with pytest.raises(BodyError, match="too_large"):
        Unpacker("", 1000).add(bytes(1001))
    with pytest.raises(BodyError, match="cut_short"):
        cut = Unpacker("gzip", 1000)
        cut.add(gzip.compress(b"x" * 900)[:-9])
        cut.whole()
    with pytest.raises(BodyError, match="badly_packed"):
        Unpacker("gzip", 1000).add(b"<html>not packed</html>")
