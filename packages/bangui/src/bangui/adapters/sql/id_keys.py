"""How addresses are ordered and grouped in the tables: `ids.key`, and the subnets of `rollups`.

An IPv4 address that is written as IPv6 is the IPv4 address, to the search as to every firewall.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Network

from bangui.domain.addresses import IPNetwork, parse_address
from bangui.domain.errors import InvalidInput

_SUBNET_BITS = {4: 24, 6: 48}
_IPV6_SUBNET = 1 << 48
# Nothing else is worth the while of a parser.
_MAYBE_ADDRESS = re.compile(r"[0-9a-fA-F.:]{2,45}(/\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class IdKey:
    """An id that is an address: its network, and how it is kept (see `schema.ids` and `RollupKey.SUBNET`)."""

    network: IPNetwork
    key: bytes
    prefix: int
    subnet: int | None


def id_key(text: str) -> IdKey | None:
    """Return the key of an id; None for one that is no address."""
    network = _plain_ipv4(text) or _parse(text)
    if network is None:
        return None
    return IdKey(network, network_key(network), network.prefixlen, subnet_of(network))


def _plain_ipv4(text: str) -> IPv4Network | None:
    """Return what nearly all ids are, in a third of the time that a parser for people takes."""
    try:
        return IPv4Network(socket.inet_pton(socket.AF_INET, text))
    except (OSError, ValueError):
        return None


def _parse(text: str) -> IPNetwork | None:
    if not _MAYBE_ADDRESS.fullmatch(text):
        return None
    try:
        return parse_address(text).network
    except InvalidInput:
        return None


def network_key(network: IPNetwork) -> bytes:
    """Return what sorts the first address of a network among all addresses."""
    return (b"4" if network.version == 4 else b"6") + network.network_address.packed


def subnet_of(network: IPNetwork) -> int | None:
    """Return the key of the subnet that holds a network; None for one that is larger."""
    bits = _SUBNET_BITS[network.version]
    if network.prefixlen < bits:
        return None
    subnet = int(network.network_address) >> (network.max_prefixlen - bits)
    return subnet if network.version == 4 else _IPV6_SUBNET | subnet


def country_key(country: str | None) -> int:
    """Return the key of a country in `rollups`."""
    return 0 if country is None else ord(country[0]) << 8 | ord(country[1])
