"""Who may do what: roles, and the rule that tells a request's role."""

from __future__ import annotations

from enum import IntEnum
from ipaddress import ip_address
from typing import Protocol

from starlette.requests import HTTPConnection


class Role(IntEnum):
    """Roles, each including those before it."""

    PUBLIC = 0
    """Anybody who can connect, a monitor for example."""
    VIEWER = 1
    """May see everything and change nothing."""


class AccessPolicy(Protocol):
    """Tells the role of whoever sent a request."""

    def role_of(self, connection: HTTPConnection) -> Role:
        """Return the role; PUBLIC for a stranger."""


class LoopbackPolicy:
    """Until there are accounts: whoever reaches the server from this machine is a viewer, nobody else is.

    It holds also when the server was bound to another address by mistake. A Unix socket has no peer address; its file
    permissions have decided already.
    """

    def role_of(self, connection: HTTPConnection) -> Role:
        """Return VIEWER for a peer on this machine."""
        client = connection.client
        if client is None or not client.host:
            return Role.VIEWER
        try:
            address = ip_address(client.host.partition("%")[0])
        except ValueError:
            return Role.PUBLIC
        mapped = getattr(address, "ipv4_mapped", None)
        return Role.VIEWER if (mapped or address).is_loopback else Role.PUBLIC
