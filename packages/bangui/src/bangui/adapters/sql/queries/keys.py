"""What events are counted by: the numbers that rollups use for it, and what a person calls it."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest, nsmallest
from ipaddress import IPv4Network, IPv6Network

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.schema import KIND_CODES, RollupKey
from bangui.domain.history import EventKind
from bangui.domain.history_queries import Dimension, Metric

_BAN, _FAILURE = KIND_CODES[EventKind.BAN], KIND_CODES[EventKind.FAILURE]
COUNTED_KINDS = (_BAN, _FAILURE)
KIND_OF = {Metric.BANS: _BAN, Metric.FAILURES: _FAILURE}
SUMS = ", ".join(f"count(*) FILTER (WHERE e.kind = {kind})" for kind in COUNTED_KINDS)
"""How many bans and failures events `e` are, in SQL."""

BY = {
    Dimension.JAIL: RollupKey.JAIL,
    Dimension.COUNTRY: RollupKey.COUNTRY,
    Dimension.NETWORK: RollupKey.NETWORK,
    Dimension.SUBNET: RollupKey.SUBNET,
    Dimension.ADDRESS: RollupKey.ID,
}
_IPV6 = 1 << 48


def country_of(key: int) -> str | None:
    """Return the country that a key stands for, None for the unknown one."""
    return chr(key >> 8) + chr(key & 0xFF) if key else None


def subnet_keys(key: int) -> tuple[bytes, bytes, int]:
    """Return the first and the last key of `ids` in a subnet, and how long the prefix of an id in it is at least."""
    if key & _IPV6:
        head = b"6" + (key ^ _IPV6).to_bytes(6, "big")
        return head + bytes(10), head + b"\xff" * 10, 48
    head = b"4" + key.to_bytes(3, "big")
    return head + bytes(1), head + b"\xff", 24


def subnet_text(key: int) -> str:
    """Return a subnet as text."""
    if key & _IPV6:
        return str(IPv6Network(((key ^ _IPV6) << 80, 48)))
    return str(IPv4Network((key << 8, 24)))


def subnet_of_key(key: bytes | None, prefix: int | None) -> int | None:
    """Return the subnet that an id with this key and prefix is in; None where it is in none."""
    if key is None or prefix is None or prefix < (24 if key[:1] == b"4" else 48):
        return None
    return int.from_bytes(key[1:4], "big") if key[:1] == b"4" else _IPV6 | int.from_bytes(key[1:7], "big")


def best(asker: Asker, dimension: Dimension, counts: Iterable[tuple[int, int]], limit: int) -> list[int]:
    """Return the keys with the highest counts, in order; those that are alike are in the order of what they mean."""
    known = [(count, key) for key, count in counts if count > 0]
    if dimension is not Dimension.ADDRESS:
        return [key for _, key in nsmallest(limit, ((-count, key) for count, key in known))]
    first = nlargest(limit, known)
    if len(first) == limit:
        # Numbers of ids say nothing, so all that have as many as the last one must show their texts.
        least = first[-1][0]
        above = [pair for pair in first if pair[0] > least]
        alike = _by_text(asker, [key for count, key in known if count == least])
        first = above + [(least, key) for key in alike[: limit - len(above)]]
    places = {key: place for place, key in enumerate(_by_text(asker, [key for _, key in first]))}
    return [key for _, key in sorted(first, key=lambda pair: (-pair[0], places[pair[1]]))]


def _by_text(asker: Asker, numbers: list[int]) -> list[int]:
    given = asker.table("v", ("number",), [(number,) for number in numbers])
    sql = query("i.number", f"{given.sql} CROSS JOIN ids i", ("i.number = v.number",), "ORDER BY i.text")
    return asker.column(sql, given.parameters)
