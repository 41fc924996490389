"""What is checked before a request is even routed: method, host, size.

A server on loopback is reachable from every page that the same person has open. The host check stops DNS rebinding (a
stranger's name that points at 127.0.0.1 and so becomes 'same origin'); `gate.py` stops requests from other sites.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bangui.domain.phrases import phrase
from bangui.web.errors import Problem
from bangui.web.forms import LARGEST_BODY, too_large

# The longest honest address holds a jail, a search text and a cursor; see `query.py` for their limits.
LONGEST_TARGET = 8192
READING_METHODS = ("GET", "HEAD")
ALLOWED_METHODS = (*READING_METHODS, "POST", "PUT", "PATCH", "DELETE")

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_LENGTH = re.compile(r"[0-9]{1,12}")

Answer = Callable[[Scope, Problem], Response]


class Guard:
    """Refuses what no route would want, with the same error pages as everything else."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: frozenset[str], answer: Answer) -> None:
        self._app = app
        self._allowed_hosts = frozenset(name.lower().rstrip(".") for name in allowed_hosts)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a problem, or let the request through."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        problem = self._problem(scope) if scope["type"] == "http" else None
        handle: Callable[[Scope, Receive, Send], Awaitable[None]] = self._app
        if problem is not None:
            handle = self._answer(scope, problem)
        await handle(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        if scope["method"] not in ALLOWED_METHODS:
            return _METHOD_NOT_ALLOWED
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
            return _TARGET_TOO_LONG
        lengths = headers.getlist("content-length")
        if scope["method"] in READING_METHODS and (lengths not in ([], ["0"]) or "transfer-encoding" in headers):
            return _BODY_NOT_WANTED
        # Of a body without a length only so much is read (`forms.read_body`).
        if lengths and (not _LENGTH.fullmatch(lengths[0]) or int(lengths[0]) > LARGEST_BODY):
            return too_large()
        if not is_known_host(headers.getlist("host"), self._allowed_hosts):
            return _FOREIGN_HOST
        return None


def is_known_host(hosts: list[str], allowed: frozenset[str]) -> bool:
    """Say whether there is exactly one Host header and it is a loopback name or one of the allowed names."""
    if len(hosts) != 1 or (match := _HOST.fullmatch(hosts[0])) is None:
        return False
    name = match["name"].lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost") or name in allowed:
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


_METHOD_NOT_ALLOWED = Problem(
    405,
    phrase("Not possible here"),
    phrase("BanGUI takes no such request."),
    headers=(("Allow", ", ".join(ALLOWED_METHODS)),),
)
_TARGET_TOO_LONG = Problem(
    414, phrase("Address too long"), phrase("The address of this page is longer than BanGUI accepts.")
)
_BODY_NOT_WANTED = Problem(
    413, phrase("Nothing to send here"), phrase("This can only be read, and the request carried data.")
)
_FOREIGN_HOST = Problem(
    421,
    phrase("Unknown host name"),
    phrase("BanGUI was asked under a name that it does not know, so it did not answer."),
    phrase("Open it as `localhost` or `127.0.0.1`, or start it with `--host-name` and this name."),
)
