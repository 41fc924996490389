"""What the composition root decides about the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bangui.domain.addresses import IPNetwork

_BASE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of the pages; every default is safe for a console on loopback.

    version: shown at the foot of each page.
    allowed_hosts: names besides the loopback ones under which a browser may ask (the `Host` header, without port);
        any other name is refused, because a page of a stranger can point its own name at 127.0.0.1 (DNS rebinding).
    base_path: where a proxy shows the console, such as `/bangui`; empty for the root of its name.
    trusted_proxies: networks whose word about their clients counts (`X-Forwarded-For`, `X-Forwarded-Proto`).
    login_header: in which such a proxy names who has logged in to it; None where nobody's word counts for that.
    page_size: rows of bans on one page.
    max_streams: browsers that may hold a live stream at once; one more is told to come back later.
    heartbeat_seconds: the longest silence on a live stream, so that both ends notice a dead connection and the page
        knows how old its numbers are.
    send_seconds: how long a browser may leave its stream unread before it is cut off.
    recheck_seconds: how soon a stream ends after the session of whoever reads it.
    body_seconds: how long a browser may take to send a form.
    """

    version: str
    allowed_hosts: frozenset[str] = frozenset()
    base_path: str = ""
    trusted_proxies: tuple[IPNetwork, ...] = ()
    login_header: str | None = None
    page_size: int = 100
    max_streams: int = 64
    heartbeat_seconds: float = 5.0
    send_seconds: float = 30.0
    recheck_seconds: float = 10.0
    body_seconds: float = 20.0

    def __post_init__(self) -> None:
        if not _BASE_PATH.fullmatch(self.base_path):
            raise ValueError("a base path is empty or like /bangui, without a slash at its end")
