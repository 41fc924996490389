"""Put the web application together: one table of routes, and the layers around them.

From the outside in: security headers on everything, then the base path of a proxy, then the language of the reader,
then the guard (method, host, size), then compression, then the routes, each behind its gate (who asks, from where, and
what they may).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from bangui.web import (
    address_pages,
    allow_pages,
    audit_pages,
    ban_forms,
    bans,
    export,
    find_pages,
    history_pages,
    jails_pages,
    language_pages,
    log_pages,
    login_pages,
    map_pages,
    pages,
    settings_pages,
    unban_forms,
    user_pages,
)
from bangui.web.access import Doorkeeper, Open, RouteKind
from bangui.web.api import routes as api
from bangui.web.api.errors import ApiErrors, is_api_path
from bangui.web.assets import Assets
from bangui.web.base_path import BasePath
from bangui.web.door import AccountDoor, ClosedDoor
from bangui.web.errors import NOT_FOUND, NOT_POSSIBLE, UNEXPECTED, Problem, WebError, problem_of
from bangui.web.events import EventStreams
from bangui.web.gate import RouteSpec, build_routes
from bangui.web.guard import Guard
from bangui.web.headers import SecurityHeaders
from bangui.web.language import Languages
from bangui.web.notices import Notices
from bangui.web.ports import LiveSource
from bangui.web.rendering import Renderer
from bangui.web.settings import WebSettings
from bangui.web.site import Services, Site

_ROUTES: tuple[Callable[[Site], Iterable[RouteSpec]], ...] = (
    login_pages.routes,
    language_pages.routes,
    pages.routes,
    history_pages.routes,
    export.routes,
    address_pages.routes,
    find_pages.routes,
    api.routes,
    log_pages.routes,
    settings_pages.routes,
    user_pages.routes,
    map_pages.routes,
    allow_pages.routes,
    audit_pages.routes,
    bans.routes,
    jails_pages.routes,
    ban_forms.routes,
    unban_forms.routes,
)


def create_app(
    live: LiveSource,
    settings: WebSettings,
    services: Services | None = None,
    *,
    door: Doorkeeper | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ASGIApp:
    """Return the web application over a live state and the services that there are.

    Raises WebConfigurationError where a route does not say who may use it. Without accounts, and without another
    `door`, nobody gets in.
    """
    site = build_site(live, settings, services or Services(), now)
    table = route_table(site)
    site.renderer.existing = {spec.path for spec in table if spec.kind is RouteKind.PAGE}
    access = site.services.access
    door = door or (ClosedDoor(settings) if access is None else AccountDoor(access, settings))
    return with_layers(build_routes(table, door, settings, site.notices), site.renderer, settings)


def build_site(live: LiveSource, settings: WebSettings, services: Services, now: Callable[[], datetime]) -> Site:
    """Return what the pages stand on."""
    assets, notices, run = Assets.load(), Notices(settings.base_path), token_hex(4)
    return Site(
        live,
        services,
        settings,
        assets,
        Renderer(assets, settings, notices),
        notices,
        EventStreams(live, run, settings),
        run,
        now,
    )


def route_table(site: Site) -> tuple[RouteSpec, ...]:
    """Return every route that exists, with what its callers must be allowed."""
    static = RouteSpec("/static/{tree}/{path:path}", site.assets.endpoint, Open.TO_ALL)
    return (*(spec for routes in _ROUTES for spec in routes(site)), static)


def with_layers(routes: list[Route], renderer: Renderer, settings: WebSettings) -> ASGIApp:
    """Return the application over its routes, with everything around them."""
    for_programs = ApiErrors(settings.base_path, routes)

    async def failed(request: Request, error: Exception) -> Response:
        return refused(request.scope, _problem(error))

    def refused(scope: Scope, problem: Problem) -> Response:
        answer = for_programs.answer if is_api_path(scope["path"]) else renderer.problem
        return answer(Request(scope), problem)

    inner = Starlette(
        routes=routes,
        exception_handlers={WebError: failed, BanGUIError: failed, HTTPException: failed, Exception: failed},
    )
    inner.router.redirect_slashes = False
    compressed = GZipMiddleware(inner, minimum_size=1000, compresslevel=5)
    guarded = Guard(compressed, allowed_hosts=settings.allowed_hosts, answer=refused)
    return SecurityHeaders(BasePath(Languages(guarded), settings.base_path))


def _problem(error: Exception) -> Problem:
    if isinstance(error, WebError):
        return error.problem
    if isinstance(error, BanGUIError):
        return problem_of(error)
    if isinstance(error, HTTPException):
        return NOT_POSSIBLE if error.status_code == 405 else NOT_FOUND
    return UNEXPECTED
