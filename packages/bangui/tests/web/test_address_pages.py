from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.types import ASGIApp

from bangui.domain.history import EventKind, JailSettings
from bangui.web import WebSettings
from bangui.web.history_query import address_path
from packages.bangui.tests.filled_history import HOST, HOSTILE, NOW, SETTINGS, FilledHistory, ago, ban, event
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import app_over, lent
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import HOSTILE_IDS, ScriptedLive, few_bans, hostile_host


@pytest.fixture
def app(tmp_path: Path) -> Iterator[ASGIApp]:
    with app_over(tmp_path, settings=[JailSettings(HOST, "sshd", ago(9_000), SETTINGS)]) as app:
        yield app


async def text_of(app: ASGIApp, id: str, status: int = 200) -> str:
    answer = await ask(app, f"/address?id={quote(id, errors='surrogatepass')}")
    assert answer.status_code == status
    return answer.text


async def test_the_whole_story_of_an_address_is_on_one_page(app: ASGIApp) -> None:
    page = await text_of(app, "203.0.113.7")
    for words in (
        "Banned now",
        "in <bdi>recidive</bdi>",
        "Germany",
        "AS64500 <bdi>EVIL-NET</bdi>",
        "5 failures within 10m: banned for 1h",
        "2nd ban",
        "for 2h",
        "1 h left",
        "over",
        "Failed password for invalid user oracle from <mark>203.0.113.7</mark> port",
        "From the same subnet",
        "From the same network",
        "Networks around it that were banned",
        "countries of tests, 2026-01-01 (CC0)",
        "Bans by day",
    ):
        assert words in page, words


async def test_its_numbers_lead_to_the_history(app: ASGIApp) -> None:
    page = await text_of(app, "203.0.113.7")
    paths = {path.replace("&amp;", "&") for path in re.findall(r'href="(/history\?[^"]*)"', page)}
    assert {
        "/history?q=203.0.113.7",
        "/history?q=203.0.113.7&kind=ban",
        "/history?q=203.0.113.7&kind=failure",
        "/history?q=203.0.113.7&jail=sshd",
        "/history?country=DE",
        "/history?network=AS64500",
        "/history?q=203.0.113.0/24",
    } <= paths
    for path in paths:
        assert (await ask(app, path)).status_code == 200


async def test_a_network_is_told_by_what_lies_in_it(app: ASGIApp) -> None:
    page = await text_of(app, "203.0.113.0/24")
    assert "Not banned now" in page
    assert "3 addresses in it are banned now." in page
    assert "Bans in it" in page
    assert "In this network" in page


async def test_a_permanent_ban_and_one_that_was_lifted_say_so(tmp_path: Path) -> None:
    story = [
        ban("192.0.2.9", 500, duration=-1),
        event(EventKind.UNBAN, "192.0.2.9", 470),
        ban("192.0.2.9", 60, duration=-1),
    ]
    with app_over(tmp_path, story) as app:
        page = await text_of(app, "192.0.2.9")
    assert page.count(">permanent<") == 2
    assert "lifted after 30 min" in page


async def test_an_address_that_was_never_seen_says_so_and_shows_its_surroundings(app: ASGIApp) -> None:
    page = await text_of(app, "203.0.113.77")
    assert "The history has never seen it." in page
    assert "From the same subnet" in page
    page = await text_of(app, "192.0.2.77")
    assert "The history has never seen it." in page
    assert "Networks around" not in page


async def test_a_private_address_is_nowhere_and_says_why(app: ASGIApp) -> None:
    assert "Private address: only used inside local networks." in await text_of(app, "192.168.1.20")


async def test_a_mistyped_address_says_what_was_expected(app: ASGIApp) -> None:
    assert "is not an address" in await text_of(app, "203.0.113.300")
    assert 'href="/history?q=203.0.1">' in await text_of(app, "203.0.1")


async def test_without_an_id_it_asks_for_one(app: ASGIApp) -> None:
    for path in ("/address", "/address?id=", "/address?id=%20"):
        answer = await ask(app, path)
        assert answer.status_code == 200
        assert "Look up an address" in answer.text


async def test_an_id_longer_than_any_is_refused(app: ASGIApp) -> None:
    await text_of(app, "x" * 501, 400)


@pytest.mark.parametrize("id", [*(id for id in HOSTILE_IDS if id), HOSTILE])
async def test_text_of_attackers_is_inert_and_still_found(tmp_path: Path, id: str) -> None:
    bans = [
        ban(id, 60, "<b>jail</b>", lines=[f"GET {id}", "\x1b[31m<script>alert(2)</script>"]),
        ban(id, 50, "right\u202eleft", -1),
    ]
    with app_over(tmp_path, bans, snapshot=hostile_host(NOW)) as app:
        page = (await ask(app, address_path(id) or "")).text
    body = page.partition("<body>")[2]
    assert "Bans by day" in body
    assert ("Banned now" in body) is (id in HOSTILE_IDS)
    assert not re.search("<(script|b|img|svg) ?[^>]*(alert|onerror)", body)
    assert "<b>" not in body
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\x1b\x7f]", page)
    assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", re.sub(r"(title|value|label)=\"[^\"]*\"", "", body))


@pytest.mark.parametrize(
    "id", ["<script>alert(1)</script>", '"><svg onload=x>', "\u202e", "{{ 7 * 7 }}", "\udc80", "\x00"]
)
async def test_text_of_the_address_is_inert(app: ASGIApp, id: str) -> None:
    page = await text_of(app, id)
    assert "<script>alert" not in page
    assert "<svg onload" not in page
    assert "\u202e" not in page


async def test_without_a_history_it_tells_of_the_present() -> None:
    app = open_app(ScriptedLive(few_bans(NOW)), WebSettings(version="1"), now=lambda: NOW)
    page = await text_of(app, "203.0.113.7")
    assert "Banned now" in page
    assert "No history is kept, so nothing is known of the past." in page


async def test_a_history_that_cannot_be_read_leaves_the_present(tmp_path: Path) -> None:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    history.path.write_bytes(b"damage" * 20_000)
    with lent(history) as source:
        app = open_app(ScriptedLive(few_bans(NOW)), WebSettings(version="1"), history=source, now=lambda: NOW)
        page = await text_of(app, "203.0.113.7", 503)
    assert "Banned now" in page
    assert "The history cannot be read: " in page
