from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from bangui.domain.accounts import Principal, Role, Scope
from bangui.web import WebSettings
from bangui.web.access import Open, RouteKind
from bangui.web.door import ClosedDoor
from bangui.web.errors import WebConfigurationError
from bangui.web.gate import FORM_FIELD, SCRIPT_HEADER, RouteSpec, build_routes, is_welcome
from packages.bangui.tests.web.client import HOST, ask
from packages.bangui.tests.web.every_route import Line, every_app, every_line, needs_of
from packages.bangui.tests.web.opened import OpenDoor, a_principal, a_program, open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans

PAGES = ("/", "/history", "/address")
DATA = ("/regions/overview", "/history/export", "/events", "/healthz")
LINES = every_line()
ROLES = (None, Role.VIEWER, Role.OPERATOR, Role.ADMIN)


@pytest.fixture
def app() -> ASGIApp:
    return open_app(ScriptedLive(few_bans()), WebSettings(version="1"), role=Role.VIEWER)


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Principal | None], ASGIApp]]:
    with every_app(Path(tmp_path_factory.mktemp("every"))) as build:
        yield build


@pytest.fixture(scope="module")
def apps(every: Callable[[Principal | None], ASGIApp]) -> dict[Role | None, ASGIApp]:
    return {role: every(None if role is None else a_principal(role)) for role in ROLES}


async def endpoint(request: Request) -> Response:
    return PlainTextResponse("reached")


def test_a_route_that_says_not_who_may_use_it_stops_the_start_and_is_named() -> None:
    settings = WebSettings(version="1")
    table = [RouteSpec("/open", endpoint, Scope.READ), RouteSpec("/forgotten", endpoint)]
    with pytest.raises(WebConfigurationError, match="/forgotten"):
        build_routes(table, ClosedDoor(settings), settings)


def test_a_route_that_changes_something_without_a_token_stops_the_start() -> None:
    settings = WebSettings(version="1")
    table = [RouteSpec("/careless", endpoint, Scope.ADMINISTER, RouteKind.DATA, ("POST",))]
    with pytest.raises(WebConfigurationError, match="/careless"):
        build_routes(table, ClosedDoor(settings), settings)


@pytest.mark.parametrize("line", LINES, ids=str)
@pytest.mark.parametrize("role", ROLES, ids=str)
async def test_each_role_reaches_what_it_may_and_nothing_else(
    apps: dict[Role | None, ASGIApp], line: Line, role: Role | None
) -> None:
    """The table of all routes against all roles: what is not allowed never reaches its handler."""
    answer = await ask(apps[role], line.path, method=line.method, headers=line.headers, content=line.body)
    is_reached = answer.headers.get("x-reached") == "yes"
    assert is_reached is (needs_of(line).issubset(_scopes(role)) and not line.wants_a_token), answer.status_code
    if not is_reached:
        assert answer.status_code == (403 if role is not None else 303 if line.kind is RouteKind.PAGE else 401)


@pytest.mark.parametrize("line", [line for line in LINES if line.wants_a_token], ids=str)
async def test_accounts_are_changed_over_the_api_with_a_token_and_never_in_a_session(
    apps: dict[Role | None, ASGIApp], every: Callable[[Principal | None], ASGIApp], line: Line
) -> None:
    refused = await ask(apps[Role.ADMIN], line.path, method=line.method, headers=line.headers)
    assert refused.status_code == 403
    assert "API token" in refused.text
    with_token = every(a_program(frozenset(Scope)))
    assert (await ask(with_token, line.path, method=line.method)).headers["x-reached"] == "yes"
    if line.needs is Scope.ADMINISTER:
        less = every(a_program(frozenset(Scope) - {Scope.ADMINISTER}))
        assert (await ask(less, line.path, method=line.method)).status_code == 403


def _scopes(role: Role | None) -> set[Scope | Open]:
    mine: set[Scope | Open] = {Open.TO_ALL}
    return mine if role is None else mine | a_principal(role).scopes


async def test_a_stranger_is_sent_to_the_login_and_back_to_the_page(app: ASGIApp) -> None:
    stranger = open_app(ScriptedLive(few_bans()), WebSettings(version="1"), role=None)
    answer = await ask(stranger, "/history?q=192.0.2.1&kind=ban")
    assert answer.headers["location"] == "/login?next=/history%3Fq%3D192.0.2.1%26kind%3Dban"
    assert (await ask(stranger, "/")).headers["location"] == "/login"
    assert (await ask(stranger, "/healthz")).status_code == 200


@pytest.mark.parametrize("line", [line for line in LINES if line.method == "POST"], ids=str)
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (urlencode({FORM_FIELD: "0" * 64}).encode(), {}),
        (None, {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}),
        (None, {"origin": "http://evil.example"}),
        (None, {"origin": "null"}),
        (None, {"sec-fetch-site": "same-site"}),
    ],
)
async def test_nothing_is_changed_by_another_site_or_without_the_token(
    apps: dict[Role | None, ASGIApp], line: Line, body: bytes | None, headers: dict[str, str]
) -> None:
    is_api = line.kind is RouteKind.API
    given = {name: value for name, value in line.headers.items() if name != SCRIPT_HEADER or body is None}
    content = line.body if body is None or is_api else body
    answer = await ask(apps[Role.ADMIN], line.path, method="POST", headers={**given, **headers}, content=content)
    assert answer.status_code == 403
    assert "x-reached" not in answer.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", DATA)
async def test_another_site_gets_no_data(app: ASGIApp, path: str, site: str) -> None:
    navigation = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert (await ask(app, path, headers=navigation)).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
        ({"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, 403),
        ({"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, 403),
        ({"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, 403),
    ],
)
async def test_another_site_may_link_to_a_page_and_nothing_else(
    app: ASGIApp, headers: dict[str, str], status: int
) -> None:
    for path in PAGES:
        assert (await ask(app, path, headers={"sec-fetch-site": "cross-site", **headers})).status_code == status


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [(f"http://{HOST}", True), ("http://evil.example", False), ("null", False), ("http://127.0.0.1:9999", False)],
)
def test_an_old_browser_is_judged_by_its_origin(origin: str, is_ours: bool) -> None:
    headers = Headers({"host": HOST, "origin": origin})
    assert is_welcome(headers, RouteKind.DATA) is is_ours


def test_our_own_pages_and_programs_are_welcome() -> None:
    assert is_welcome(Headers({"sec-fetch-site": "same-origin"}), RouteKind.DATA)
    assert is_welcome(Headers({"sec-fetch-site": "none"}), RouteKind.DATA)
    assert is_welcome(Headers({}), RouteKind.DATA)
    assert not is_welcome(Headers({"sec-fetch-site": "nonsense"}), RouteKind.DATA)


async def test_a_page_gives_a_new_browser_what_its_forms_are_known_by() -> None:
    settings = WebSettings(version="1")
    door = OpenDoor(a_principal())
    assert door.form_token != ""
    stranger = open_app(ScriptedLive(few_bans()), settings, role=None)
    cookie = (await ask(stranger, "/history")).headers.get("set-cookie", "")
    assert cookie == ""  # a redirection has no form
