"""What is around this machine: its gateways, the networks it is attached to, and the DNS servers it asks.

All of it is read from the kernel's and the resolver's own files; nothing is asked of the network. Where a file is
missing or says something else than expected, there is nothing to tell.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bangui.domain.addresses import Address, parse_address
from bangui.domain.errors import InvalidInput

_PROC_NET = Path("/proc/net")
_ROOT = Path("/")
# Where the programs of this machine look, and the real list of systemd-resolved, which puts itself in between.
_RESOLVER_FILES = ("etc/resolv.conf", "run/systemd/resolve/resolv.conf", "run/NetworkManager/no-stub-resolv.conf")
_NAMESERVER = re.compile(r"^\s*nameserver\s+(\S+)", re.MULTILINE)
# Flags of a route: it is in use, goes by a gateway, refuses.
_UP, _GATEWAY, _REJECT = 0x1, 0x2, 0x200
# A router of the internet has a million routes; a machine that fail2ban guards has a handful.
_MOST_BYTES = 256 * 1024
_LINK_LOCAL = re.compile(r"^(fe[89ab]|ff)", re.IGNORECASE)


class _Route(NamedTuple):
    """A route: where to, by whom (empty where it is attached directly)."""

    destination: str
    gateway: str


def gateways(proc_net: Path = _PROC_NET) -> tuple[Address, ...]:
    """Return the routers that this machine sends its packets to."""
    return _addresses(route.gateway for route in _routes(proc_net) if route.gateway)


def attached_networks(proc_net: Path = _PROC_NET) -> tuple[Address, ...]:
    """Return the networks that this machine reaches without a router; links to single machines are left out."""
    found = _addresses(route.destination for route in _routes(proc_net) if not route.gateway)
    return tuple(one for one in found if one.is_network and one.network.prefixlen and not one.network.is_loopback)


def dns_servers(root: Path = _ROOT) -> tuple[Address, ...]:
    """Return the DNS servers that this machine asks, those on itself left out."""
    texts = [text for name in _RESOLVER_FILES for text in _NAMESERVER.findall(_read(root / name))]
    found = _addresses(text.partition("%")[0] for text in texts)
    return tuple(one for one in found if not one.network.is_loopback)


def _routes(proc_net: Path) -> Iterator[_Route]:
    yield from _ipv4_routes(_read(proc_net / "route"))
    yield from _ipv6_routes(_read(proc_net / "ipv6_route"))


def _ipv4_routes(text: str) -> Iterator[_Route]:
    for line in text.splitlines()[1:]:
        try:
            _, destination, gateway, flags, _, _, _, mask, *_ = line.split()
            if not int(flags, 16) & _UP or int(flags, 16) & _REJECT:
                continue
            length = int(mask, 16).bit_count()
            by = _dotted(gateway) if int(flags, 16) & _GATEWAY else ""
            yield _Route(f"{_dotted(destination)}/{length}", by)
        except (ValueError, struct.error):
            continue


def _ipv6_routes(text: str) -> Iterator[_Route]:
    for line in text.splitlines():
        try:
            destination, length, _, _, gateway, _, _, _, flags, interface = line.split()
            if not int(flags, 16) & _UP or int(flags, 16) & _REJECT or interface == "lo":
                continue
            by = _colons(gateway) if int(flags, 16) & _GATEWAY else ""
            if by or not _LINK_LOCAL.match(destination):
                yield _Route(f"{_colons(destination)}/{int(length, 16)}", by)
        except ValueError:
            continue


def _dotted(digits: str) -> str:
    """Return an address that the kernel wrote as a number in the byte order of the machine."""
    return ".".join(str(byte) for byte in struct.pack("=I", int(digits, 16)))


def _colons(digits: str) -> str:
    return ":".join(digits[start : start + 4] for start in range(0, 32, 4))


def _addresses(texts: Iterable[str]) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for text in texts:
        try:
            address = parse_address(text)
        except InvalidInput:
            continue
        found.setdefault(address.text, address)
    return tuple(found.values())


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("ascii", "replace")
    except OSError:
        return ""
