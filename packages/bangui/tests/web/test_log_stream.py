from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from bangui.web import Services, WebSettings
from packages.bangui.tests.web.client import Event, Stream, ask, open_stream
from packages.bangui.tests.web.logged import FileLogs
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive, make_ban, make_snapshot

PATH = "/log/lines"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "auth.log"
    path.write_text("one\ntwo\n")
    return path


@pytest.fixture
def live() -> ScriptedLive:
    return ScriptedLive(make_snapshot([make_ban("203.0.113.7")]))


@pytest.fixture
def app(log: Path, live: ScriptedLive) -> ASGIApp:
    settings = WebSettings(version="1", max_streams=1, heartbeat_seconds=0.01)
    return open_app(live, settings, services=Services(logs=FileLogs({"sshd": log})))


def add(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def html_of(event: Event) -> str:
    assert event.kind == "lines"
    return str(event.data["html"])


async def next_lines(stream: Stream) -> Event:
    """Return the next event that is no sign of life."""
    async with asyncio.timeout(20):
        while (event := await stream.event(within=10)).kind == "beat":
            pass
    return event


async def test_new_lines_come_as_rows_and_can_be_resumed_after_each(app: ASGIApp, log: Path) -> None:
    async with open_stream(app, "file=sshd", path=PATH) as stream:
        first = await next_lines(stream)
        assert "<bdi>one</bdi>" in html_of(first)
        add(log, "from 203.0.113.7\n")
        second = await next_lines(stream)
        assert 'class="is-marked banned"' in html_of(second)
        assert second.data["count"] == 1
    assert first.id is not None
    async with open_stream(app, "file=sshd", headers={"last-event-id": first.id}, path=PATH) as stream:
        again = html_of(await next_lines(stream))
        assert "203.0.113.7" in again
        assert "one" not in again
    async with open_stream(app, f"file=sshd&since={first.id}", path=PATH) as stream:
        assert html_of(await next_lines(stream)) == again


async def test_lines_that_do_not_match_bring_only_a_sign_of_life_with_their_place(app: ASGIApp, log: Path) -> None:
    async with open_stream(app, "file=sshd&q=wanted", path=PATH) as stream:
        first = await stream.event(within=10)
        assert first.kind == "beat"
        add(log, "unimportant\n")
        while (event := await stream.event(within=10)).id == first.id:
            assert event.kind == "beat"
        add(log, "what is wanted\n")
        assert "what is wanted" in html_of(await next_lines(stream))


async def test_a_rotated_log_goes_on_and_says_so(app: ASGIApp, log: Path) -> None:
    async with open_stream(app, "file=sshd", path=PATH) as stream:
        await next_lines(stream)
        log.rename(log.with_suffix(".1"))
        log.write_text("anew\n")
        html = html_of(await next_lines(stream))
        assert "The log begins anew here" in html
        assert "<bdi>anew</bdi>" in html


async def test_a_log_that_cannot_be_followed_says_why_and_the_stream_ends(app: ASGIApp, log: Path) -> None:
    async with open_stream(app, "file=/etc/shadow", path=PATH) as stream:
        event = await next_lines(stream)
        assert (event.kind, event.data["text"]) == (
            "gone",
            "fail2ban does not watch this file any more. Choose another one.",
        )
    log.unlink()
    async with open_stream(app, "file=sshd", path=PATH) as stream:
        assert "there is no such file here" in str((await next_lines(stream)).data["text"])


async def test_streams_of_logs_and_of_pages_share_their_places(app: ASGIApp) -> None:
    async with open_stream(app, "file=sshd", path=PATH):
        assert (await ask(app, "/healthz")).json()["liveStreams"] == 1
        assert (await ask(app, "/events")).status_code == 503
        assert (await ask(app, f"{PATH}?file=sshd")).status_code == 503
    async with open_stream(app):
        assert (await ask(app, f"{PATH}?file=sshd")).status_code == 503
    assert (await ask(app, "/healthz")).json()["liveStreams"] == 0


async def test_a_stream_ends_when_the_server_stops(app: ASGIApp, live: ScriptedLive) -> None:
    async with open_stream(app, "file=sshd", path=PATH) as stream:
        await next_lines(stream)
        live.end()


async def test_a_head_request_opens_no_stream(app: ASGIApp) -> None:
    answer = await ask(app, f"{PATH}?file=sshd", method="HEAD")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (await ask(app, "/healthz")).json()["liveStreams"] == 0
