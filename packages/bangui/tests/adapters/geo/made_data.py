"""Tables made for tests: packed ones, and `.mmdb` files as other publishers write them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network

from bangui.adapters.geo.packing import TablePacker
from bangui.domain.places import DataSource, Network

ABOUT = DataSource("network", "made for tests", "2026-01-02", "CC0", "nobody")
# Enough ranges for a table that is taken for a real one; 8.8.8.0/24 and the other samples are in it.
MANY_ROWS = "".join(
    f"{first}.{second}.0.0,{first}.{second}.255.255,{first * 100 + second},NET-{first}-{second}\n"
    for first in (1, 8, 9, 193, 198)
    for second in range(250)
)
SIX_ROWS = "2001:4860::,2001:4860:ffff:ffff:ffff:ffff:ffff:ffff,15169,Google\n" + "".join(
    f"2606:{number:x}::,2606:{number:x}:ffff:ffff:ffff:ffff:ffff:ffff,{number + 1},SIX-{number}\n"
    for number in range(0x4600, 0x4800)
)


def packed(*ranges: tuple[str, str, int, str], about: DataSource = ABOUT) -> bytes:
    """Return a packed table of ranges: first address, last address, number and name."""
    packer = TablePacker()
    for first, last, number, name in ranges:
        start, end = ip_address(first), ip_address(last)
        packer.add(start.version, int(start), int(end), Network(number, name))
    return packer.pack(about)


def mmdb(
    records: Mapping[str, object],
    database_type: str = "Made-Up",
    build_epoch: object = 1_767_312_000,
) -> bytes:
    """Return an `.mmdb` of these networks; IPv4 ones lie below `::/96`, where the format has them."""
    writer = _Writer()
    for text, record in records.items():
        writer.add(ip_network(text), record)
    metadata = {
        "binary_format_major_version": _UInt16(2),
        "binary_format_minor_version": _UInt16(0),
        "build_epoch": _UInt64(build_epoch) if isinstance(build_epoch, int) else build_epoch,
        "database_type": database_type,
        "description": {"en": "made for tests"},
        "ip_version": _UInt16(6),
        "languages": [],
        "node_count": len(writer.nodes),
        "record_size": _UInt16(32),
    }
    return writer.tree() + bytes(16) + bytes(writer.data) + b"\xab\xcd\xefMaxMind.com" + _encode(metadata)


def many_countries(codes: Iterable[str] = ("US", "DE", "FR")) -> bytes:
    """Return an `.mmdb` with enough countries to be taken for a real one."""
    known = list(codes)
    networks = [f"{first}.{second}.0.0/16" for first in (1, 8, 9, 193, 198) for second in range(250)]
    return mmdb(
        {text: {"country": {"iso_code": known[index % len(known)]}} for index, text in enumerate(networks)},
        "GeoLite2-Country",
    )


class _UInt16(int):
    """A number that the format wants in 16 bits."""


class _UInt64(int):
    """A number that the format wants in 64 bits."""


@dataclass(slots=True)
class _Writer:
    nodes: list[list[int | None]] = field(default_factory=lambda: [[None, None]])
    # A record's place in the data, told from a node's number by its sign.
    data: bytearray = field(default_factory=bytearray)

    def add(self, network: IPv4Network | IPv6Network, record: object) -> None:
        address, length = network.network_address, network.prefixlen
        bits = int(address)
        if isinstance(address, IPv4Address):
            length += 96
        place = -1 - len(self.data)
        self.data += _encode(record)
        node = 0
        for depth in range(length):
            side = bits >> (127 - depth) & 1
            if depth == length - 1:
                self.nodes[node][side] = place
                return
            following = self.nodes[node][side]
            if following is None:
                following = len(self.nodes)
                self.nodes.append([None, None])
                self.nodes[node][side] = following
            node = following

    def tree(self) -> bytes:
        count = len(self.nodes)
        # Nothing is the number of nodes; a record is its place behind the separator of 16 bytes.
        return b"".join(
            struct.pack(">I", count if side is None else side if side >= 0 else count + 16 - 1 - side)
            for node in self.nodes
            for side in node
        )


def _encode(value: object) -> bytes:
    if isinstance(value, _UInt16):
        return _head(5, 2) + value.to_bytes(2)
    if isinstance(value, _UInt64):
        return _head(9, 8) + value.to_bytes(8)
    if isinstance(value, int):
        return _head(6, 4) + value.to_bytes(4)
    if isinstance(value, str):
        text = value.encode()
        return _head(2, len(text)) + text
    if isinstance(value, Mapping):
        return _head(7, len(value)) + b"".join(_encode(key) + _encode(each) for key, each in value.items())
    if isinstance(value, list):
        return _head(11, len(value)) + b"".join(map(_encode, value))
    raise TypeError(value)


def _head(kind: int, size: int) -> bytes:
    low = min(29, size)
    rest = b"" if size < 29 else bytes([size - 29])
    if kind > 7:
        return bytes([low, kind - 7]) + rest
    return bytes([kind << 5 | low]) + rest
