"""What a ban must not hit without a warning, put together from what this machine and the settings know."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network

from bangui.adapters.machine import own_addresses
from bangui.adapters.surroundings import attached_networks, dns_servers, gateways
from bangui.domain.addresses import parse_address
from bangui.domain.known_proxies import KNOWN_PROXIES
from bangui.domain.safety import Protected, Standing


def surroundings() -> tuple[Protected, ...]:
    """Return what is around this machine, and the proxies that everybody knows."""
    return (
        *(Protected(one, Standing.GATEWAY) for one in gateways()),
        *(Protected(one, Standing.DNS) for one in dns_servers()),
        *(Protected(one, Standing.ATTACHED) for one in attached_networks()),
        *(
            Protected(parse_address(network), Standing.PROXY, name)
            for name, networks in KNOWN_PROXIES.items()
            for network in networks
        ),
    )


def protected_here(proxies: Iterable[IPv4Network | IPv6Network] = ()) -> tuple[Protected, ...]:
    """Return all that every viewer must not ban: this machine, what is around it, and the proxies of the settings."""
    return (
        *(Protected(one, Standing.MACHINE) for one in own_addresses()),
        *surroundings(),
        *(Protected(parse_address(str(one)), Standing.PROXY) for one in proxies),
    )
