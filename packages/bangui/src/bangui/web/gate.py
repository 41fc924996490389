"""The table of routes, and the gate before each of them: role, and where the request came from.

Every route declares the role that it needs; an application with a route that does not never starts. What a request's
`Sec-Fetch-Site` (or, from an old browser, `Origin`) says about its sender is checked here too: pages may be linked to
from anywhere, data and files are for our own pages only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bangui.web.access import AccessPolicy, Role
from bangui.web.errors import Problem, WebConfigurationError, WebError

Endpoint = Callable[[Request], Awaitable[Response]]


class RouteKind(Enum):
    """What an answer is good for."""

    PAGE = "page"
    """A document: links from other sites may lead to it."""
    DATA = "data"
    """For our own pages and for programs, never for another site's page."""


@dataclass(frozen=True, slots=True)
class RouteSpec:
    """One line of the route table. `role` has no default that lets anybody in: None stops the start."""

    path: str
    endpoint: Endpoint
    role: Role | None = None
    kind: RouteKind = RouteKind.DATA


def build_routes(table: Iterable[RouteSpec], policy: AccessPolicy) -> list[Route]:
    """Return the routes, each behind its gate; raise WebConfigurationError where a line declares no role."""
    specs = list(table)
    undeclared = [spec.path for spec in specs if not isinstance(spec.role, Role)]
    if undeclared:
        raise WebConfigurationError(f"no role is declared for: {', '.join(undeclared)} (add one in the route table)")
    return [Route(spec.path, _gated(spec, policy), methods=["GET"], name=spec.path) for spec in specs]


def _gated(spec: RouteSpec, policy: AccessPolicy) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if not is_welcome(request.headers, spec.kind):
            raise WebError(_FROM_ANOTHER_SITE)
        if spec.role is None or policy.role_of(request) < spec.role:
            raise WebError(_NOT_ALLOWED)
        return await spec.endpoint(request)

    return endpoint


def is_welcome(headers: Headers, kind: RouteKind) -> bool:
    """Say whether a request with these headers may have an answer of this kind.

    A browser that sends `Sec-Fetch-Site` is believed. Without it (old browsers, programs) an `Origin` must be our own.
    """
    site = headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return True
    if site is not None:
        is_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return kind is RouteKind.PAGE and is_link
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


_FROM_ANOTHER_SITE = Problem(
    403,
    "Not for other sites",
    "Another website asked for this. BanGUI answers only its own pages.",
    "Open it directly if that was you.",
)
_NOT_ALLOWED = Problem(
    403,
    "Not allowed",
    "This console answers only on the machine that it runs on.",
    "Reach it through a tunnel: `ssh -L 8080:127.0.0.1:8080 your-server`, then open http://127.0.0.1:8080/.",
)
