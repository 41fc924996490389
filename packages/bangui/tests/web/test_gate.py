import pytest
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from bangui.web import WebSettings, create_app
from bangui.web.access import LoopbackPolicy, Role
from bangui.web.errors import WebConfigurationError
from bangui.web.gate import RouteKind, RouteSpec, build_routes, is_welcome
from packages.bangui.tests.web.client import HOST, ask
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans

PAGES = ("/", "/history", "/address")
DATA = ("/regions/overview", "/history/export", "/events", "/healthz")


@pytest.fixture
def app() -> ASGIApp:
    return create_app(ScriptedLive(few_bans()), WebSettings(version="1"))


async def endpoint(request: Request) -> Response:
    return PlainTextResponse("reached")


def test_a_route_without_a_role_stops_the_start_and_is_named() -> None:
    table = [RouteSpec("/open", endpoint, Role.VIEWER), RouteSpec("/forgotten", endpoint)]
    with pytest.raises(WebConfigurationError, match="/forgotten"):
        build_routes(table, LoopbackPolicy())


@pytest.mark.parametrize("path", [*PAGES, *DATA[:3]])
async def test_a_stranger_is_refused_everywhere_and_sees_nothing(app: ASGIApp, path: str) -> None:
    answer = await ask(app, path, client="192.0.2.99")
    assert answer.status_code == 403
    assert "sshd" not in answer.text


async def test_a_stranger_may_ask_whether_the_process_lives(app: ASGIApp) -> None:
    assert (await ask(app, "/healthz", client="192.0.2.99")).status_code == 200


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
