import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from bangui.domain.access_errors import AccessUnavailable
from bangui.web import WebSettings, create_app
from bangui.web.access import Caller, RouteKind
from bangui.web.events import RETRY_MILLISECONDS, encode_event
from packages.bangui.tests.web.client import ask, open_stream
from packages.bangui.tests.web.opened import OpenDoor, a_principal, open_app
from packages.bangui.tests.web.scripted import (
    NOW,
    ScriptedLive,
    away,
    few_bans,
    make_ban,
    make_snapshot,
    never_asked,
)

QUICK = WebSettings(version="1", max_streams=2, heartbeat_seconds=0.1, send_seconds=0.3)
PATIENT = WebSettings(version="1", heartbeat_seconds=30)


@pytest.fixture
def live() -> ScriptedLive:
    return ScriptedLive(few_bans())


def app_over(live: ScriptedLive, settings: WebSettings = PATIENT) -> ASGIApp:
    return open_app(live, settings, now=lambda: NOW)


async def test_tells_the_pause_before_a_new_try_and_then_the_state(live: ScriptedLive) -> None:
    async with open_stream(app_over(live)) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert await stream.read() == f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        event = await stream.event()
    assert event.kind == "changed"
    assert event.id is not None
    assert event.data == {"presence": "up", "takenAt": "2026-11-23T20:41:06Z"}


async def test_a_change_travels_at_once(live: ScriptedLive) -> None:
    async with open_stream(app_over(live)) as stream:
        first = await stream.event()
        await asyncio.sleep(0.3)  # the stream is at rest
        live.show(away(few_bans()))
        second = await stream.event(within=5)  # and not with the next heartbeat
    assert second.data["presence"] == "away"
    assert second.id != first.id


async def test_a_burst_becomes_one_event_with_the_newest_state(live: ScriptedLive) -> None:
    async with open_stream(app_over(live)) as stream:
        await stream.event()
        for number in range(50):
            live.show(make_snapshot([make_ban(f"192.0.2.{number}")]))
        event = await stream.event()
        assert event.id is not None
        assert event.id.endswith(f"-{live.snapshot.revision}")
        with pytest.raises(TimeoutError):
            await stream.read(0.4)


async def test_whoever_comes_back_with_the_newest_state_hears_that_it_is_fresh(live: ScriptedLive) -> None:
    app = app_over(live)
    async with open_stream(app) as stream:
        last = (await stream.event()).id or ""
    async with open_stream(app, headers={"last-event-id": last}) as stream:
        assert (await stream.event()).kind == "fresh"


async def test_whoever_comes_back_with_an_old_state_hears_of_one_change(live: ScriptedLive) -> None:
    app = app_over(live)
    async with open_stream(app) as stream:
        last = (await stream.event()).id or ""
    for _ in range(3):
        live.show(few_bans())
    async with open_stream(app, query=f"since={last}") as stream:
        event = await stream.event()
        assert (event.kind, event.id) == ("changed", f"{last.partition('-')[0]}-4")


async def test_the_state_of_another_run_of_the_server_is_old_even_with_the_same_number(live: ScriptedLive) -> None:
    async with open_stream(app_over(live)) as stream:
        last = (await stream.event()).id or ""
    async with open_stream(app_over(live), headers={"last-event-id": last}) as stream:
        assert (await stream.event()).kind == "changed"


async def test_a_quiet_stream_keeps_telling_how_old_the_numbers_are(live: ScriptedLive) -> None:
    async with open_stream(app_over(live, QUICK)) as stream:
        assert (await stream.event()).kind == "changed"
        assert (await stream.event()).kind == "beat"
        live.confirm(NOW + timedelta(seconds=3))
        event = await stream.event()
        assert (event.kind, event.id, event.data["takenAt"]) == ("fresh", None, "2026-11-23T20:41:09Z")


async def test_before_the_first_answer_there_is_no_time_of_the_numbers() -> None:
    async with open_stream(app_over(ScriptedLive(never_asked()))) as stream:
        assert (await stream.event()).data == {"presence": "starting", "takenAt": None}


async def test_a_slow_reader_gets_the_newest_state_and_never_a_backlog(live: ScriptedLive) -> None:
    async with open_stream(app_over(live, PATIENT)) as stream:
        await stream.opened()
        for _ in range(20):
            live.show(few_bans())
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        ids = [(await stream.event()).id or ""]
        live.show(few_bans())
        ids.append((await stream.event()).id or "")
    assert ids[-1].endswith(f"-{live.snapshot.revision}")


async def test_a_reader_that_never_reads_is_cut_off(live: ScriptedLive) -> None:
    async with open_stream(app_over(live, QUICK)) as stream:
        await stream.opened()
        await asyncio.sleep(1.2)
        assert live.subscribers == 0


async def test_one_stream_too_many_is_told_to_come_back_later(live: ScriptedLive) -> None:
    app = app_over(live, QUICK)
    async with open_stream(app) as one, open_stream(app) as two:
        await one.event()
        await two.event()
        answer = await ask(app, "/events")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "30"
    async with open_stream(app) as three:
        assert three.status == 200


async def test_a_reader_that_leaves_gives_its_place_and_its_subscription_back(live: ScriptedLive) -> None:
    async with open_stream(app_over(live)) as stream:
        await stream.event()
        assert live.subscribers == 1
    assert live.subscribers == 0


async def test_the_stream_ends_when_the_live_state_ends(live: ScriptedLive) -> None:
    async with open_stream(app_over(live)) as stream:
        await stream.event()
        live.end()
        assert await stream.read() == b""


async def test_head_opens_no_stream(live: ScriptedLive) -> None:
    answer = await ask(app_over(live), "/events", method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")


def test_no_data_breaks_out_of_its_line() -> None:
    event = encode_event("changed", {"text": "a\nid: 9\r\n\u2028"}, "x-1")
    assert event.count(b"\n") == 4
    assert b"\r" not in event


async def test_a_stream_ends_soon_after_the_session_of_its_reader(live: ScriptedLive) -> None:
    door = OpenDoor(a_principal())
    app = create_app(live, replace(PATIENT, recheck_seconds=0.05), door=door)
    async with open_stream(app) as stream:
        await stream.event()
        door.principal = None
        while await stream.read(5):
            pass


async def test_a_stream_goes_on_while_nobody_can_tell_whose_it_is(live: ScriptedLive) -> None:
    class Door(OpenDoor):
        asked = 0

        async def caller(self, connection: HTTPConnection, kind: RouteKind) -> Caller:
            self.asked += 1
            if self.asked > 1:
                raise AccessUnavailable
            return await super().caller(connection, kind)

    door = Door(a_principal())
    async with open_stream(create_app(live, replace(PATIENT, recheck_seconds=0.01), door=door)) as stream:
        await stream.event()
        while door.asked < 4:
            await asyncio.sleep(0.01)
        live.show(away(few_bans()))
        assert (await stream.event(within=5)).data["presence"] == "away"
