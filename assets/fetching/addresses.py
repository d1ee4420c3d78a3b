"""Which addresses may be asked: schemes, hosts, and the numbers that names resolve to.

Belongs here: judging and folding addresses, resolving names to numbers that may be connected to.
Does not: sending anything (exchange.py), which hosts a publisher has (publishers.py).

A name is resolved once per connection and the connection goes to the numbers that were judged: a name that answers
differently the next time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

LONGEST = 2000
PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z][a-z0-9-]*[a-z0-9])")
# What some Python versions take for public: protocol assignments (a cloud's metadata stand there), carrier networks.
NEVER = tuple(
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "100.64.0.0/10", "198.18.0.0/15", "fec0::/10", "64:ff9b:1::/48")
)
# What turns a page into its twin for telephones or printers, or names a visit; the twin has the same figures.
VARIANT_KEYS = frozenset({"ismobile", "print", "jsessionid", "utm_source", "spm"})
VARIANT_PATH = re.compile(r"(?:_wap|_m|_print)(?=\.s?html?$)|;jsessionid=[^/?]*", re.I)


class RefusedAddressError(ValueError):
    """An address that is never asked; the message says why."""


@dataclass(frozen=True)
class Gate:
    """What may be connected to.

    loopback: an explicit setting for tests: 127.0.0.0/8 and ports of one's choosing are allowed, nothing else more.
    known: {suffix of a host name: number} that is taken instead of asking the DNS, for tests as well.
    """

    loopback: bool = False
    known: Mapping[str, str] = field(default_factory=dict)

    def check_number(self, number: str) -> None:
        """Raise RefusedAddressError unless `number` is an IP address on the public internet."""
        try:
            address = ipaddress.ip_address(number.partition("%")[0])
        except ValueError as error:
            raise RefusedAddressError(f"{number}: no IP address") from error
        if self.loopback and address.version == 4 and address.is_loopback:
            return
        for one in _inside(address):
            closed = not one.is_global or one.is_multicast or one.is_reserved or one.is_loopback
            if closed or any(one.version == net.version and one in net for net in NEVER):
                raise RefusedAddressError(f"{number}: not an address of the public internet")

    def check(self, url: str, allowed: Iterable[str]) -> str:
        """Return the host of `url`; RefusedAddressError unless it is http(s), without tricks, of an allowed host.

        Args:
            url: an absolute address.
            allowed: host names; one that begins with a dot stands for everything below it.
        """
        if len(url) > LONGEST or re.search(r"[\x00-\x20\x7f\\]", url):
            raise RefusedAddressError("too long, or with characters that no address has")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise RefusedAddressError(f"no address: {error}") from error
        if parts.scheme not in PORTS:
            raise RefusedAddressError(f"scheme {parts.scheme or 'none'}: only http and https are asked")
        if parts.username is not None or parts.password is not None:
            raise RefusedAddressError("a user name stands in the address")
        if port not in (None, PORTS["http"], PORTS["https"]) and not self.loopback:
            raise RefusedAddressError(f"port {port}: only 80 and 443 are asked")
        return self._host(parts.hostname or "", tuple(allowed))

    def _host(self, host: str, allowed: tuple[str, ...]) -> str:
        if host in allowed and _is_number(host):
            self.check_number(host)
            return host
        if not HOST.fullmatch(host):
            raise RefusedAddressError(f"{host or 'no host'}: not the full name of a host")
        if not any(host == one or (one.startswith(".") and host.endswith(one)) for one in allowed):
            raise RefusedAddressError(f"{host}: not a host of this publisher")
        return host


class CheckedResolver(AbstractResolver):
    """Resolves names and hands out only numbers that the gate lets through; aiohttp connects to exactly these."""

    def __init__(self, gate: Gate, ask: AbstractResolver | None = None) -> None:
        self.gate = gate
        self.ask = ask or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the numbers of a host; OSError where there is none, or one of them is not of the public internet."""
        known = next((number for suffix, number in self.gate.known.items() if host.endswith(suffix)), None)
        if known is not None:
            found = [ResolveResult(hostname=host, host=known, port=port, family=socket.AF_INET, proto=0, flags=0)]
        else:
            found = await self.ask.resolve(host, port, family)
        for one in found:
            try:
                self.gate.check_number(one["host"])
            except RefusedAddressError as error:
                raise RefusedNumberError(f"{host} resolves to {error}") from error
        return found

    async def close(self) -> None:
        """Let go of the resolver that is asked."""
        await self.ask.close()


class RefusedNumberError(OSError):
    """A name resolves to an address that is never connected to."""


def canonical(url: str, base: str = "") -> str:
    """Return the address under which a page is known: absolute, no fragment, twins of one page folded into one."""
    parts = urlsplit(urljoin(base, re.sub(r"\s+", "", url)))
    host = (parts.hostname or "").rstrip(".")
    port = f":{parts.port}" if parts.port and parts.port != PORTS.get(parts.scheme) else ""
    user = "@" if parts.username is not None else ""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if key.lower() not in VARIANT_KEYS]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    path = VARIANT_PATH.sub("", parts.path) or "/"
    return urlunsplit((parts.scheme, f"{user}{host}{port}", quote(path, safe="/%:@!$&'()*+,;=~-._"), query, ""))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


Number = ipaddress.IPv4Address | ipaddress.IPv6Address


def _inside(address: Number) -> list[Number]:
    """Return an address and those of IPv4 that it carries: mapped, 6to4, Teredo, NAT64."""
    found: list[Number] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        found += [one for one in carried if one is not None]
        if address in ipaddress.ip_network("64:ff9b::/96") or int(address) >> 32 == 0:
            found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found
