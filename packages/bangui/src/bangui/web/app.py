"""Put the web application together: one table of routes, and the layers around them.

From the outside in: security headers on everything, then the guard (method, host, size), then compression, then the
routes, each behind its gate (role, origin).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from secrets import token_hex

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from bangui.domain.errors import BanGUIError
from bangui.web.access import AccessPolicy, LoopbackPolicy, Role
from bangui.web.address_pages import AddressPages
from bangui.web.assets import Assets
from bangui.web.errors import NOT_FOUND, UNEXPECTED, Problem, WebError, problem_of
from bangui.web.events import EventStreams
from bangui.web.export import Exports
from bangui.web.gate import RouteKind, RouteSpec, build_routes
from bangui.web.guard import Guard
from bangui.web.headers import SecurityHeaders
from bangui.web.history_pages import HistoryPages
from bangui.web.history_query import ADDRESS_PATH, EXPORT_PATH, HISTORY_PATH
from bangui.web.overview import OVERVIEW_PATH, REGIONS_PATH
from bangui.web.pages import Health, Pages
from bangui.web.ports import HistorySource, LiveSource
from bangui.web.rendering import Renderer
from bangui.web.settings import WebSettings


def create_app(
    live: LiveSource,
    settings: WebSettings,
    *,
    history: HistorySource | None = None,
    policy: AccessPolicy | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ASGIApp:
    """Return the web application over a live state and, where one is kept, a history.

    Raises WebConfigurationError where a route lacks a role.
    """
    run = token_hex(4)
    assets = Assets.load()
    renderer = Renderer(assets, version=settings.version)
    pages = Pages(live, renderer, settings, run=run, now=now)
    streams = EventStreams(live, run, settings)
    table = (
        *route_table(pages, streams, Health(streams, settings), assets),
        *history_routes(live, history, renderer, settings, now),
    )
    return _with_layers(build_routes(table, policy or LoopbackPolicy()), renderer, settings)


def route_table(pages: Pages, streams: EventStreams, health: Health, assets: Assets) -> tuple[RouteSpec, ...]:
    """Return every route that exists, with the role that it needs."""
    return (
        RouteSpec(OVERVIEW_PATH, pages.overview, Role.VIEWER, RouteKind.PAGE),
        RouteSpec(REGIONS_PATH, pages.overview_regions, Role.VIEWER),
        RouteSpec("/events", streams.endpoint, Role.VIEWER),
        RouteSpec("/healthz", health.endpoint, Role.PUBLIC),
        RouteSpec("/static/{tree}/{path:path}", assets.endpoint, Role.PUBLIC),
    )


def history_routes(
    live: LiveSource,
    history: HistorySource | None,
    renderer: Renderer,
    settings: WebSettings,
    now: Callable[[], datetime],
) -> tuple[RouteSpec, ...]:
    """Return the routes that stand on the history; without one they are there and say so."""
    pages = HistoryPages(live, history, renderer, settings, now=now)
    dossiers = AddressPages(live, history, renderer, now=now)
    return (
        RouteSpec(HISTORY_PATH, pages.search, Role.VIEWER, RouteKind.PAGE),
        RouteSpec(EXPORT_PATH, Exports(history, settings, now=now).endpoint, Role.VIEWER),
        RouteSpec(ADDRESS_PATH, dossiers.address, Role.VIEWER, RouteKind.PAGE),
    )


def _with_layers(routes: list[Route], renderer: Renderer, settings: WebSettings) -> ASGIApp:
    async def failed(request: Request, error: Exception) -> Response:
        return renderer.problem(request, _problem(error))

    def refused(scope: Scope, problem: Problem) -> Response:
        return renderer.problem(Request(scope), problem)

    inner = Starlette(
        routes=routes,
        exception_handlers={WebError: failed, BanGUIError: failed, HTTPException: failed, Exception: failed},
    )
    inner.router.redirect_slashes = False
    compressed = GZipMiddleware(inner, minimum_size=1000, compresslevel=5)
    return SecurityHeaders(Guard(compressed, allowed_hosts=settings.allowed_hosts, answer=refused))


def _problem(error: Exception) -> Problem:
    if isinstance(error, WebError):
        return error.problem
    if isinstance(error, BanGUIError):
        return problem_of(error)
    # The router raises nothing else than 404: other methods than GET and HEAD end at the guard.
    return NOT_FOUND if isinstance(error, HTTPException) else UNEXPECTED
