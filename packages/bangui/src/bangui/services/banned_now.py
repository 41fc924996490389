"""Use case: is this id banned now, by itself or with a network around it?

The answer comes from the newest snapshot and costs the daemon nothing. A jail whose bans are too many to be listed
cannot be looked into; it is named, so that nobody takes "not found" for "not banned".
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass

from bangui.domain.addresses import Address, IPNetwork, covering_ids, parse_address
from bangui.domain.bans import Ban, newest_first
from bangui.domain.errors import InvalidInput
from bangui.domain.kept_ids import kept_id
from bangui.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class BannedNow:
    """The bans in force of an id and of the networks around it, the newest first.

    `inside` counts the other ids that are banned within a network. `unlisted` are the jails that could not be looked
    into.
    """

    bans: tuple[Ban, ...] = ()
    inside: int = 0
    unlisted: tuple[str, ...] = ()


def banned_now(snapshot: Snapshot, text: str) -> BannedNow:
    """Return the bans in force that keep out an address, a network, or a text as the history keeps it."""
    try:
        address: Address | None = parse_address(text)
    except InvalidInput:
        address = None
    everybody = (ban for jail in snapshot.bans for ban in jail.bans)
    if address:
        wanted = frozenset(covering_ids(address))
        bans = [ban for ban in everybody if ban.id in wanted]
    else:
        bans = [ban for ban in everybody if kept_id(ban.id) == text]
    unlisted = tuple(jail.jail for jail in snapshot.bans if not jail.complete)
    inside = _count_inside(snapshot, address) if address and address.is_network else 0
    return BannedNow(newest_first(bans), inside, unlisted)


def _count_inside(snapshot: Snapshot, network: Address) -> int:
    is_inside = _membership(network.network)
    ids = {ban.id for jail in snapshot.bans for ban in jail.bans}
    return sum(map(is_inside, ids - {network.text}))


def _membership(network: IPNetwork) -> Callable[[str], bool]:
    """Return what tells quickly whether an id lies in a network: there may be 100,000 to look at."""
    family = socket.AF_INET if network.version == 4 else socket.AF_INET6
    host_bits = network.max_prefixlen - network.prefixlen
    first = int(network.network_address) >> host_bits

    def is_inside(id: str) -> bool:
        address, _, length = id.partition("/")
        try:
            packed = socket.inet_pton(family, address)
            return int.from_bytes(packed) >> host_bits == first and (not length or int(length) >= network.prefixlen)
        except (OSError, ValueError):
            return False

    return is_inside
