import pytest
from starlette.types import ASGIApp, Message

from bangui.web import WebSettings
from bangui.web.guard import LONGEST_TARGET, is_known_host
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans


@pytest.fixture
def app() -> ASGIApp:
    return open_app(ScriptedLive(few_bans()), WebSettings(version="1", allowed_hosts=frozenset({"Bans.Example"})))


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8080", "127.0.0.1:80", "127.1.2.3", "[::1]:8080", "a.localhost", "bans.example:443"],
)
def test_knows_loopback_names_and_the_names_it_was_given(host: str) -> None:
    assert is_known_host([host], frozenset({"bans.example"}))


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        ["evil.example"],
        ["192.0.2.1"],
        ["0.0.0.0"],
        ["[::]"],
        ["localhost.evil.example"],
        ["127.0.0.1.evil.example"],
        ["localhost@evil.example"],
        ["localhost:80:90"],
        ["localhost/"],
        [""],
        ["localhost", "localhost"],
    ],
)
def test_refuses_every_other_name_and_more_than_one(hosts: list[str]) -> None:
    assert not is_known_host(hosts, frozenset())


async def test_a_foreign_host_gets_a_page_that_tells_what_to_do(app: ASGIApp) -> None:
    answer = await ask(app, "/", headers={"host": "evil.example"})
    assert answer.status_code == 421
    assert "localhost" in answer.text
    assert "203.0.113.45" not in answer.text


async def test_answers_under_a_configured_name(app: ASGIApp) -> None:
    assert (await ask(app, "/", headers={"host": "bans.example"})).status_code == 200


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "BREW"])
@pytest.mark.parametrize("path", ["/", "/events", "/healthz", "/nothing"])
async def test_strange_methods_get_no_further(app: ASGIApp, method: str, path: str) -> None:
    answer = await ask(app, path, method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/events", "/healthz", "/history"])
async def test_what_is_for_reading_cannot_be_changed(app: ASGIApp, method: str, path: str) -> None:
    assert (await ask(app, path, method=method)).status_code == 405


@pytest.mark.parametrize("length", ["1048577", "99999999999999999999", "-1", "ten"])
async def test_refuses_more_than_a_form_can_be(app: ASGIApp, length: str) -> None:
    answer = await ask(app, "/logout", method="POST", headers={"content-length": length})
    assert answer.status_code == 413


async def test_refuses_a_body(app: ASGIApp) -> None:
    assert (await ask(app, "/", content=b"x")).status_code == 413
    assert (await ask(app, "/", headers={"transfer-encoding": "chunked"})).status_code == 413


async def test_refuses_an_endless_address(app: ASGIApp) -> None:
    assert (await ask(app, "/?q=" + "x" * LONGEST_TARGET)).status_code == 414


async def test_closes_a_websocket(app: ASGIApp) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    await app({"type": "websocket", "path": "/events", "headers": []}, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]
