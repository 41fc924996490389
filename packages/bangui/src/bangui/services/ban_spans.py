"""Which addresses an id of a ban stands for, found in a fraction of the time that a parser for people takes.

There may be 100,000 ids to look at. What comes from here is only compared with other ids: nothing of it goes to the
daemon.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Network, IPv6Network
from typing import NamedTuple

from bangui.domain.addresses import IPNetwork

BITS = {4: 32, 6: 128}
_LONGEST = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128")
# IPv4 addresses that are written as IPv6 are IPv4 addresses to every firewall.
_MAPPED = bytes(10) + b"\xff\xff"


class Span(NamedTuple):
    """A network, or an address as a network of one: its family (4 or 6), first address, and length of prefix."""

    version: int
    first: int
    length: int


def span_of(id: str) -> Span | None:
    """Return what an id stands for; None for one that is no address."""
    if len(id) > _LONGEST:
        return None
    address, slash, digits = id.partition("/")
    try:
        packed = socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
    except (OSError, ValueError):
        return None
    bits = length = 8 * len(packed)
    if slash:
        if not (digits.isascii() and digits.isdecimal() and int(digits) <= bits):
            return None
        length = int(digits)
    if length >= 96 and packed.startswith(_MAPPED):
        packed, bits, length = packed[12:], 32, length - 96
    host_bits = bits - length
    return Span(4 if bits == 32 else 6, int.from_bytes(packed) >> host_bits << host_bits, length)


def span_of_network(network: IPNetwork) -> Span:
    """Return the span of a network."""
    return Span(network.version, int(network.network_address), network.prefixlen)


def network_of(span: Span) -> IPNetwork:
    """Return the network of a span."""
    kind = IPv4Network if span.version == 4 else IPv6Network
    return kind((span.first, span.length))


def do_meet(one: Span, other: Span) -> bool:
    """Whether one of two spans lies in the other: networks have addresses in common in no other way."""
    if one.version != other.version:
        return False
    shift = BITS[one.version] - min(one.length, other.length)
    return one.first >> shift == other.first >> shift


def span_key(id: str) -> str:
    """Return what sorts ids: IPv4 before IPv6, each in numeric order and larger networks first, then all other ids."""
    span = span_of(id)
    if span is None:
        return f"~{id}"
    packed = span.first.to_bytes(BITS[span.version] // 8)
    # One character for each byte: texts are compared quickly, and travel in the address of a page.
    return f"{span.version}{packed.decode('latin-1')}{chr(span.length)}"
