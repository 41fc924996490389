import re
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.types import ASGIApp

from bangui.domain.snapshot import Snapshot
from bangui.web import WebSettings
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import (
    HOSTILE_IDS,
    NOW,
    ScriptedLive,
    away,
    few_bans,
    hostile_host,
    make_ban,
    make_snapshot,
    many_bans,
    never_asked,
)


def app_over(snapshot: Snapshot) -> ASGIApp:
    return open_app(ScriptedLive(snapshot), WebSettings(version="9.9"), now=lambda: NOW + timedelta(seconds=4))


async def text_of(snapshot: Snapshot, path: str = "/") -> str:
    answer = await ask(app_over(snapshot), path)
    assert answer.status_code == 200
    return answer.text


async def test_shows_the_daemon_the_totals_the_jails_and_the_bans() -> None:
    page = await text_of(few_bans())
    for words in (
        "fail2ban is running",
        "1.1.0",
        "web-1",
        "203.0.113.45",
        "nginx-http-auth",
        "permanent",
        "9 min left",
    ):
        assert words in page
    assert (
        '<time datetime="2026-11-23T20:40:52Z" data-words="ago" title="2026-11-23 20:40:52 UTC">18 s ago</time>' in page
    )


async def test_how_long_the_daemon_runs_is_said_as_far_as_it_is_known() -> None:
    snapshot = few_bans()
    assert 'for at least <time datetime="2026-11-19T20:41:06Z"' in await text_of(snapshot)
    known = replace(snapshot.daemon, started_at=NOW - timedelta(days=40))
    assert re.search(
        r'up for <time datetime="2026-10-14T20:41:06Z"[^>]*>40 days<', await text_of(replace(snapshot, daemon=known))
    )


async def test_a_daemon_that_is_away_keeps_its_numbers_with_their_age() -> None:
    page = await text_of(away(few_bans()))
    assert "fail2ban is away" in page
    assert "There is no fail2ban socket at /run/fail2ban/fail2ban.sock." in page
    assert "<code>sudo systemctl start fail2ban</code>" in page
    assert "2026-11-23 20:41:06 UTC" in page
    assert "is-stale" in page
    assert "203.0.113.45" in page


@pytest.mark.parametrize("snapshot", [never_asked(), away(never_asked())])
async def test_what_is_not_known_is_not_zero(snapshot: Snapshot) -> None:
    page = await text_of(snapshot)
    assert 'class="number' not in page
    assert page.count('class="unknown"') == 4
    assert "no values yet" in page


async def test_lists_the_latest_bans_and_leads_to_all_of_them() -> None:
    page = await text_of(many_bans(5000))
    assert page.count('<tr role="row" data-key=') == 6 + 12  # jails and bans
    assert '<a href="/bans">All bans (5,000)</a>' in page


async def test_says_in_words_that_a_list_is_incomplete() -> None:
    page = await text_of(make_snapshot([make_ban("192.0.2.1")], unlisted={"recidive": 12403}))
    assert "recidive</bdi> holds 12,403 bans. They are counted but not listed" in page


async def test_text_of_attackers_is_inert() -> None:
    page = await text_of(hostile_host())
    body = page.partition("<body>")[2]
    assert "<script" not in body
    assert "<img src=x" not in body
    assert "<b>" not in body
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08\x1b\x7f]", page)
    assert "{{ 7 * 7 }}" in body
    assert len(page) < 40_000 + sum(map(len, HOSTILE_IDS))


@pytest.mark.parametrize("word", ["<script>alert(1)</script>", '"><svg onload=x>', "\u202e", "{{ 7 * 7 }}"])
async def test_text_of_the_address_is_inert(word: str) -> None:
    answer = await ask(app_over(few_bans()), f"/?range={word}&since={word}".replace("#", "%23"))
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert "<svg onload" not in answer.text


async def test_no_inline_script_style_or_handler_exists() -> None:
    for snapshot in (few_bans(), away(few_bans()), hostile_host(), never_asked()):
        page = await text_of(snapshot)
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", re.sub(r"(title|value)=\"[^\"]*\"", "", page))
        assert "<style" not in page


async def test_remembers_the_theme_of_the_cookie_and_ignores_nonsense() -> None:
    app = app_over(few_bans())
    assert '<html lang="en" data-theme="dark" ' in (await ask(app, "/", headers={"cookie": "bangui_theme=dark"})).text
    nonsense = await ask(app, "/", headers={"cookie": 'bangui_theme="><script>'})
    assert '<html lang="en" data-theme="system" ' in nonsense.text


async def test_regions_are_the_page_without_its_frame() -> None:
    app = app_over(few_bans())
    regions = (await ask(app, "/regions/overview")).text
    assert "<html" not in regions
    assert regions.strip() in (await ask(app, "/")).text


async def test_a_browser_that_has_the_state_gets_no_body() -> None:
    live = ScriptedLive(few_bans())
    app = open_app(live, WebSettings(version="1"), now=lambda: NOW)
    first = await ask(app, "/regions/overview")
    same = await ask(app, "/regions/overview", headers={"if-none-match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    live.show(few_bans())
    assert (await ask(app, "/regions/overview", headers={"if-none-match": first.headers["etag"]})).status_code == 200


async def test_what_was_rendered_of_one_state_is_not_shown_for_another() -> None:
    live = ScriptedLive(few_bans())
    app = open_app(live, WebSettings(version="1"), now=lambda: NOW)
    everything = (await ask(app, "/regions/overview")).text
    assert (await ask(app, "/regions/overview")).text == everything
    live.show(make_snapshot())
    assert "203.0.113.45" not in (await ask(app, "/regions/overview")).text


async def test_pages_are_compressed() -> None:
    answer = await ask(app_over(many_bans(1000)), "/", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


async def test_health_says_that_the_process_is_well_and_nothing_about_the_daemon() -> None:
    answer = await ask(app_over(away(few_bans())), "/healthz", headers={"accept": "*/*"})
    assert answer.json() == {"status": "ok", "version": "9.9", "liveStreams": 0}


async def test_the_parts_of_the_overview_are_in_the_language_of_each_reader() -> None:
    app = app_over(few_bans())
    german, english = ({"cookie": f"bangui_language={code}"} for code in ("de", "en"))
    answers = [await ask(app, "/regions/overview", headers=headers) for headers in (german, english, german)]
    assert answers[0].headers["etag"] != answers[1].headers["etag"]
    assert answers[0].text != answers[1].text
    assert answers[0].text == answers[2].text
    again = {**english, "if-none-match": answers[0].headers["etag"]}
    assert (await ask(app, "/regions/overview", headers=again)).status_code == 200
