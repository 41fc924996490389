"""What the composition root decides about the pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of the pages; every default is safe for a console on loopback.

    version: shown at the foot of each page.
    allowed_hosts: names besides the loopback ones under which a browser may ask (the `Host` header, without port);
        any other name is refused, because a page of a stranger can point its own name at 127.0.0.1 (DNS rebinding).
    page_size: rows of bans on one page.
    max_streams: browsers that may hold a live stream at once; one more is told to come back later.
    heartbeat_seconds: the longest silence on a live stream, so that both ends notice a dead connection and the page
        knows how old its numbers are.
    send_seconds: how long a browser may leave its stream unread before it is cut off.
    """

    version: str
    allowed_hosts: frozenset[str] = frozenset()
    page_size: int = 100
    max_streams: int = 64
    heartbeat_seconds: float = 5.0
    send_seconds: float = 30.0
