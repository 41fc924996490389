"""The table of routes, and the gate before each of them: where a request came from, whose it is, and what they may.

Every route declares what its callers must be allowed; an application with a route that does not never starts. What a
request's `Sec-Fetch-Site` (or, from an old browser, `Origin`) says about its sender is checked here too: pages may be
linked to from anywhere, data and forms are for our own pages only. A form must also carry the token that only a page of
ours, made for this very browser, can have.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bangui.domain.accounts import Scope
from bangui.domain.secret import is_encoded_secret
from bangui.services.new_secrets import new_secret
from bangui.web.access import Caller, Doorkeeper, Needs, Open, RouteKind
from bangui.web.cookies import CookieKind, Cookies
from bangui.web.errors import Problem, WebConfigurationError, WebError
from bangui.web.forms import read_form
from bangui.web.language import gettext as _
from bangui.web.notices import Notices
from bangui.web.settings import WebSettings

Endpoint = Callable[[Request], Awaitable[Response]]

LOGIN_PATH = "/login"
FORM_FIELD = "form_token"
"""The field of a form that holds the token of its page."""
SCRIPT_HEADER = "x-csrf-token"
"""The same for requests of scripts."""
_READING = frozenset({"GET", "HEAD"})
_CHANGED_IN_A_SESSION = frozenset({Scope.BAN, Scope.CONFIGURE})


@dataclass(frozen=True, slots=True)
class RouteSpec:
    """One line of the route table. `needs` has no default that lets anybody in: None stops the start."""

    path: str
    endpoint: Endpoint
    needs: Needs | None = None
    kind: RouteKind = RouteKind.DATA
    methods: tuple[str, ...] = ("GET",)


def build_routes(
    table: Iterable[RouteSpec], door: Doorkeeper, settings: WebSettings, notices: Notices | None = None
) -> list[Route]:
    """Return the routes, each behind its gate; raise WebConfigurationError where a line declares no needs."""
    specs = list(table)
    undeclared = [spec.path for spec in specs if not isinstance(spec.needs, Scope | Open)]
    if undeclared:
        raise WebConfigurationError(f"nobody says who may use {', '.join(undeclared)} (say it in the route table)")
    careless = [spec.path for spec in specs if _changes(spec) and spec.kind not in (RouteKind.FORM, RouteKind.API)]
    if careless:
        raise WebConfigurationError(f"only forms and the API may change something, not {', '.join(careless)}")
    gate = _Gate(door, settings, notices or Notices(settings.base_path))
    return [
        Route(spec.path, gate.before(spec), methods=list(spec.methods), name=f"{'/'.join(spec.methods)} {spec.path}")
        for spec in specs
    ]


def _changes(spec: RouteSpec) -> bool:
    return not _READING.issuperset(spec.methods)


class _Gate:
    def __init__(self, door: Doorkeeper, settings: WebSettings, notices: Notices) -> None:
        self._door = door
        self._settings = settings
        self._notices = notices
        self._cookies = Cookies(settings)

    def before(self, spec: RouteSpec) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            if not is_welcome(request.headers, spec.kind):
                raise WebError(_from_another_site())
            caller = await self._door.caller(request, spec.kind)
            is_new = spec.kind is RouteKind.PAGE and not _has_token(caller)
            if is_new:
                caller = replace(caller, form_secret=new_secret())
            request.state.caller = caller
            request.state.notices = self._notices
            request.state.is_still_welcome = self._looker(request, spec)
            if caller.principal is None and spec.needs is not Open.TO_ALL:
                return self._ask_to_log_in(request, spec)
            if spec.needs is None or not caller.may(spec.needs):
                raise WebError(_not_allowed(caller, spec.needs))
            if spec.kind is RouteKind.FORM:
                await self._check_form(request, caller)
            elif spec.kind is RouteKind.API:
                _check_script(request, caller, spec.needs)
            response = await spec.endpoint(request)
            if is_new and caller.form_secret is not None:
                self._cookies.write(request, response, CookieKind.FORM, caller.form_secret, None)
            return response

        return endpoint

    def _looker(self, request: Request, spec: RouteSpec) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            caller = await self._door.caller(request, spec.kind)
            return spec.needs is not None and caller.may(spec.needs)

        return look

    def _ask_to_log_in(self, request: Request, spec: RouteSpec) -> Response:
        if spec.kind is RouteKind.PAGE:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            query = "" if asked == "/" else f"?next={quote(asked, safe='/')}"
            return RedirectResponse(f"{self._settings.base_path}{LOGIN_PATH}{query}", 303)
        raise WebError(_logged_out() if spec.kind is RouteKind.FORM else _unknown(spec.kind))

    async def _check_form(self, request: Request, caller: Caller) -> None:
        values = await read_form(request, self._settings.body_seconds)
        request.state.form = values
        if not _is_token(values.text(FORM_FIELD), caller):
            raise WebError(_stale_form())


def _check_script(request: Request, caller: Caller, needs: Needs) -> None:
    """A browser sends the cookie of a session by itself; a change with one must come from a script of our pages.

    What makes another way in is never changed so: the pages ask for the password before, and whoever has stolen a
    session shall not find a way around that.
    """
    is_session = caller.principal is not None and caller.principal.token is None
    if not is_session or request.method in _READING:
        return
    if not _is_token(request.headers.get(SCRIPT_HEADER, ""), caller):
        raise WebError(_stale_form())
    if needs not in _CHANGED_IN_A_SESSION:
        raise WebError(_only_with_a_token())


def _has_token(caller: Caller) -> bool:
    return caller.form_secret is not None and is_encoded_secret(caller.form_secret)


def _is_token(given: str, caller: Caller) -> bool:
    token = caller.form_token
    return _has_token(caller) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), token.encode())


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


def _from_another_site() -> Problem:
    return Problem(
        403,
        _("Not for other sites"),
        _("Another website asked for this. BanGUI answers only its own pages."),
        _("Open it directly if that was you."),
    )


def _not_allowed(caller: Caller, needs: Needs | None) -> Problem:
    token = None if caller.principal is None else caller.principal.token
    scope = needs.value if isinstance(needs, Scope) else ""
    if token is not None:
        text = _("This API token may not do that: it lacks the scope “%(scope)s”, or its owner the role.")
        return Problem(403, _("Not allowed"), text % {"scope": scope}, _("Use a token that may."))
    text = _("Your account may not do that. It takes the role “%(role)s”.")
    role = needs.least_role.text if isinstance(needs, Scope) else ""
    return Problem(403, _("Not allowed"), text % {"role": role}, _("Nothing was changed. An administrator can do it."))


def _unknown(kind: RouteKind) -> Problem:
    challenge = (("WWW-Authenticate", 'Bearer realm="BanGUI"'),) if kind is RouteKind.API else ()
    hint = _("Send an API token as `Authorization: Bearer`.") if kind is RouteKind.API else _("Log in first.")
    return Problem(401, _("Not logged in"), _("BanGUI does not know who asks."), hint, challenge)


def _logged_out() -> Problem:
    return Problem(
        401,
        _("You are logged out"),
        _("The session has ended meanwhile, so nothing was changed."),
        _("Log in, and send the form again."),
    )


def _only_with_a_token() -> Problem:
    return Problem(
        403,
        _("Not in a session"),
        _("Accounts, sessions and tokens are changed on the pages, which ask for the password, or with an API token."),
        _("Use an API token with the scope “administer”."),
    )


def _stale_form() -> Problem:
    return Problem(
        403,
        _("This form is too old"),
        _("It was made for another session, so nothing was changed."),
        _("Go back, reload the page, and send it again."),
    )
