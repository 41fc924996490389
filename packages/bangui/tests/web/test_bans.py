from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from bangui.domain.accounts import Role
from bangui.domain.history import BanNote, Origin
from bangui.domain.snapshot import Snapshot
from bangui.web import WebSettings
from packages.bangui.tests.filled_history import HOST, NOW, ago, ban
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import app_over
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import (
    HOSTILE_IDS,
    ScriptedLive,
    away,
    few_bans,
    hostile_host,
    make_ban,
    make_snapshot,
    many_bans,
    never_asked,
)

FEW = few_bans(NOW)


def app_of(snapshot: Snapshot = FEW, *, role: Role = Role.OPERATOR, page_size: int = 100) -> ASGIApp:
    settings = WebSettings(version="9.9", page_size=page_size)
    return open_app(ScriptedLive(snapshot), settings, role=role, now=lambda: NOW + timedelta(seconds=4))


async def text_of(app: ASGIApp, path: str = "/bans", status: int = 200) -> str:
    answer = await ask(app, path)
    assert answer.status_code == status
    return answer.text


def ids_of(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'class="address".*?<bdi>(.*?)</bdi>', page)]


def link_of(page: str, relation: str) -> str | None:
    found = re.search(rf'href="([^"]+)" rel="{relation}"', page)
    return html.unescape(found[1]) if found else None


async def test_everybody_who_is_banned_is_there_newest_first() -> None:
    page = await text_of(app_of())
    assert ids_of(page)[:2] == ["203.0.113.45", "2001:db8:85a3:1319:8a2e:370:7344:1f0c"]
    assert len(ids_of(page)) == 8
    for words in ("1–8 of 8", "permanent", "9 min left", "nginx-http-auth", 'aria-sort="descending"'):
        assert words in page


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("q=203.0.113.0/24", ["203.0.113.45", "203.0.113.7", "203.0.113.201"]),
        ("q=198.51.100.23", ["198.51.100.23", "198.51.100.0/24"]),
        ("address=198.51.100.200", ["198.51.100.0/24"]),
        ("q=recid", ["203.0.113.7", "203.0.113.201", "2001:db8::42"]),
        ("jail=sshd&q=192.", ["192.0.2.131"]),
        ("jail=sshd&sort=address", ["192.0.2.131", "203.0.113.45", "2001:db8:85a3:1319:8a2e:370:7344:1f0c"]),
        ("sort=left&order=desc&q=203", ["203.0.113.201", "203.0.113.7", "203.0.113.45"]),
    ],
)
async def test_a_list_is_filtered_and_sorted(query: str, ids: list[str]) -> None:
    assert ids_of(await text_of(app_of(), f"/bans?{query}")) == ids


async def test_countries_networks_and_who_asked_come_from_the_history(tmp_path: Path) -> None:
    snapshot = make_snapshot(
        [make_ban("203.0.113.9", age=60, now=NOW), make_ban("198.51.100.1", age=90, now=NOW)], now=NOW
    )
    note = BanNote(HOST, "sshd", "203.0.113.9", ago(1), Origin.HAND, "alice", "too loud")
    with app_over(tmp_path, [ban("203.0.113.9", 1)], notes=[note], snapshot=snapshot) as app:
        page = await text_of(app)
        for words in ("Germany", "EVIL-NET", "AS64500", "by", "alice", "too loud", "countries of tests"):
            assert words in page
        assert ids_of(await text_of(app, "/bans?country=de")) == ["203.0.113.9"]
        assert ids_of(await text_of(app, "/bans?network=AS64496")) == ["198.51.100.1"]
        assert ids_of(await text_of(app, "/bans?origin=hand")) == ["203.0.113.9"]
        assert ids_of(await text_of(app, "/bans?origin=filter")) == ["198.51.100.1"]
        assert ids_of(await text_of(app, "/bans?sort=country")) == ["203.0.113.9", "198.51.100.1"]


async def test_pages_lead_through_the_whole_list_and_back() -> None:
    app = app_of(many_bans(95, NOW), page_size=20)
    path: str | None = "/bans?sort=address"
    pages: list[list[str]] = []
    last = ""
    while path:
        page = await text_of(app, path)
        pages.append(ids_of(page))
        last, path = page, link_of(page, "next")
    assert [len(one) for one in pages] == [20, 20, 20, 20, 15]
    assert len({id for one in pages for id in one}) == 95
    back = link_of(last, "prev")
    assert back is not None
    assert ids_of(await text_of(app, back)) == pages[-2]


async def test_a_form_without_scripts_is_sent_on_to_the_tidy_address() -> None:
    answer = await ask(app_of(), "/bans?q=&jail=sshd&country=&network=&origin=")
    assert (answer.status_code, answer.headers["location"]) == (303, "/bans?jail=sshd")


async def test_a_wrong_field_is_marked_and_nothing_is_listed() -> None:
    page = await text_of(app_of(), "/bans?network=telecom", status=422)
    assert 'aria-invalid="true"' in page
    assert "Nothing was searched for" in page
    assert ids_of(page) == []


@pytest.mark.parametrize(
    ("snapshot", "query", "words"),
    [
        (never_asked(NOW), "", "No ban is known yet."),
        (make_snapshot(jails=(), now=NOW), "", "Nobody can be banned while no jail is enabled."),
        (make_snapshot(now=NOW), "", "Nobody is banned right now."),
        (make_snapshot(failures=0, now=NOW), "", "no failed login was seen"),
        (FEW, "?jail=gone", "There is no jail named"),
        (FEW, "?q=nobody", "No ban in force matches."),
        (FEW, "?origin=hand", "Nobody can say now who asked for which ban."),
        (make_snapshot(unlisted={"recidive": 12_403}, now=NOW), "", "12,403 bans"),
    ],
)
async def test_an_empty_list_says_why(snapshot: Snapshot, query: str, words: str) -> None:
    page = await text_of(app_of(snapshot), f"/bans{query}")
    assert words in page
    assert "data-rows" not in page


async def test_a_page_whose_bans_have_all_ended_says_so() -> None:
    live = ScriptedLive(many_bans(30, NOW))
    app = open_app(live, WebSettings(version="9.9", page_size=20), now=lambda: NOW)
    path = link_of(await text_of(app), "next")
    assert path is not None
    live.show(many_bans(10, NOW))
    page = await text_of(app, path)
    assert "Every ban of this page has ended." in page


async def test_old_numbers_are_shown_as_such_while_the_daemon_is_away() -> None:
    page = await text_of(app_of(away(FEW, since=NOW)))
    assert "sudo systemctl start fail2ban" in page
    assert "is-stale" in page
    assert len(ids_of(page)) == 8


async def test_the_forms_carry_what_is_ticked_or_the_filter_with_a_token() -> None:
    page = await text_of(app_of(), "/bans?q=203.0.113.0/24&jail=sshd&sort=left")
    assert page.count('type="checkbox" form="unban" name="ban"') == 1
    assert '<input type="hidden" form="unban-every" name="every" value="1">' in page
    assert '<input type="hidden" form="unban-every" name="q" value="203.0.113.0/24">' in page
    assert '<input type="hidden" form="unban-every" name="jail" value="sshd">' in page
    assert 'form="unban-every" name="sort"' not in page
    assert page.count('action="/bans/unban" method="post"') == 3
    assert 'href="/bans/new?back=%2Fbans%3F' in page
    assert "form_token" in page


async def test_who_may_not_ban_sees_the_list_and_no_forms() -> None:
    page = await text_of(app_of(role=Role.VIEWER))
    assert len(ids_of(page)) == 8
    for part in ('name="ban"', "/bans/unban", "/bans/new", "unban-every"):
        assert part not in page


async def test_hostile_text_is_inert() -> None:
    page = await text_of(app_of(hostile_host(NOW)))
    for hostile in HOSTILE_IDS[:4]:
        assert hostile not in page
    assert "{{ 7 * 7 }}" in html.unescape(page)
    page = await text_of(app_of(hostile_host(NOW)), "/bans?q=%3Cscript%3E&jail=%3Cb%3Ebold%3C/b%3E")
    assert "<script>alert" not in page
    assert "<b>bold" not in page


async def test_what_changes_is_fetched_again_only_when_it_has_changed() -> None:
    live = ScriptedLive(FEW)
    app = open_app(live, WebSettings(version="9.9"), now=lambda: NOW)
    answer = await ask(app, "/regions/bans?jail=sshd")
    assert ids_of(answer.text)[0] == "203.0.113.45"
    assert "form_token" not in answer.text
    same = await ask(app, "/regions/bans?jail=sshd", headers={"if-none-match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    live.show(replace(make_snapshot([make_ban("192.0.2.77", now=NOW)], now=NOW)))
    fresh = await ask(app, "/regions/bans?jail=sshd", headers={"if-none-match": answer.headers["etag"]})
    assert fresh.status_code == 200
    assert ids_of(fresh.text) == ["192.0.2.77"]


async def test_a_damaged_place_is_an_error_with_a_way_back() -> None:
    assert "damaged" in await text_of(app_of(), "/bans?after=nonsense", status=400)
