"""Which bans cover an address: the same id, or a network around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network

from .types import BanLocation

_Network = IPv4Network | IPv6Network


def find_bans(id: str, banned: Mapping[str, Iterable[str]]) -> tuple[BanLocation, ...]:
    """Return each jail and id in `banned` that is `id` or a network that contains it.

    Addresses are compared in their canonical form; what is not an address is compared as a text.
    """
    wanted = _to_network(id)
    names = {id} if wanted is None else {id, str(wanted), str(wanted.network_address) if _is_single(wanted) else id}
    return tuple(
        [
            BanLocation(jail, banned_id)
            for jail, ids in banned.items()
            for banned_id in ids
            if banned_id in names or ("/" in banned_id and wanted is not None and _covers(banned_id, wanted))
        ]
    )


def _covers(banned_id: str, wanted: _Network) -> bool:
    network = _to_network(banned_id)
    if isinstance(network, IPv4Network) and isinstance(wanted, IPv4Network):
        return wanted.subnet_of(network)
    if isinstance(network, IPv6Network) and isinstance(wanted, IPv6Network):
        return wanted.subnet_of(network)
    return False


def _to_network(text: str) -> _Network | None:
    """Return the network that `text` names, an address being one of a single address; None for anything else."""
    try:
        network = ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return None
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    # fail2ban shows an IPv4 address that comes in the clothes of IPv6 as what it is.
    return ip_network(mapped) if mapped is not None and _is_single(network) else network


def _is_single(network: _Network) -> bool:
    return network.prefixlen == network.max_prefixlen
