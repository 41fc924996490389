"""Where a request comes from, as far as that can be known.

What a proxy says about its clients is believed of the configured ones alone; everybody else could say anything. Of the
addresses in `X-Forwarded-For` the last one counts that is no such proxy: those before it were written by the client.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from starlette.requests import HTTPConnection

from bangui.domain.addresses import IPNetwork
from bangui.domain.client_addresses import client_address
from bangui.web.settings import WebSettings

_MOST_HOPS = 20


def is_trusted(connection: HTTPConnection, settings: WebSettings) -> bool:
    """Whether a request comes from one of the configured proxies."""
    peer = _peer(connection)
    return peer is not None and _is_among(peer, settings.trusted_proxies)


def address_of(connection: HTTPConnection, settings: WebSettings) -> str | None:
    """Return the address of the client in canonical form; None for a Unix socket and for what is no address."""
    peer = _peer(connection)
    if peer is None or not _is_among(peer, settings.trusted_proxies):
        return peer
    hops = [hop.strip() for line in connection.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    for hop in reversed(hops[-_MOST_HOPS:]):
        address = client_address(_without_port(hop))
        if address is None:
            return peer  # what stands before it cannot be told from a lie
        if not _is_among(address, settings.trusted_proxies):
            return address
    return peer


def is_secure(connection: HTTPConnection, settings: WebSettings) -> bool:
    """Whether the browser speaks HTTPS, with us or with a configured proxy."""
    if connection.url.scheme == "https":
        return True
    return is_trusted(connection, settings) and connection.headers.get("x-forwarded-proto", "").lower() == "https"


def _peer(connection: HTTPConnection) -> str | None:
    return client_address(connection.client.host) if connection.client is not None else None


def _is_among(address: str, networks: Iterable[IPNetwork]) -> bool:
    parsed = ip_address(address)
    return any(parsed.version == network.version and parsed in network for network in networks)


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
