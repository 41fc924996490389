from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bangui.domain.accounts import Role
from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.history import EventKind
from bangui.domain.operations import BanIds
from packages.bangui.tests.filled_history import HOSTILE, ban, event, failures
from packages.bangui.tests.memory import MemoryGateway, MemoryJail
from packages.bangui.tests.web.jails_site import JailsSite, jails_site, names_of

EVIL = '<script>alert(1)</script>\u202e"jail\x1b[31m, with\nlines'
PAST = (
    *failures("203.0.113.7", 3),
    ban("203.0.113.7", 3),
    event(EventKind.FAILURE, "198.51.100.9", 2),
    *failures(HOSTILE, 4, number=2),
    *failures("::1", 90),
)


@pytest.fixture
def gateway() -> MemoryGateway:
    gateway = MemoryGateway("web-1")
    gateway.jails = {
        "sshd": MemoryJail(ban_time=3_600, allowed=("192.0.2.0/24",), currently_failed=3),
        "forever": MemoryJail(max_retry=1, ban_time=None),
        EVIL: MemoryJail(grows=True),
    }
    gateway.jails["sshd"].values["ignorecommand"] = "/bin/ask --password hush"
    return gateway


@pytest.fixture
def site(gateway: MemoryGateway, tmp_path: Path) -> Iterator[JailsSite]:
    with jails_site(tmp_path, gateway, names_of(gateway), PAST) as site:
        yield site


async def test_all_jails_stand_in_one_table_with_their_rules(site: JailsSite) -> None:
    answer = await site.get("/jails")
    assert answer.status_code == 200
    for words in (
        "5 failures within 10m: banned for 1h<",
        "1 failure within 10m: banned for ever",
        "banned for 10m, longer each time",
        'href="/jail?name=sshd"',
        'href="/bans?jail=sshd"',
        "13 failures, 1 ban<",
        "0 failures, 0 bans",
        "1,204",
    ):
        assert words in answer.text, words


async def test_hostile_names_are_inert_and_travel_in_the_query(site: JailsSite) -> None:
    text = (await site.get("/jails")).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    path = f"/jail?name={quote(EVIL)}"
    assert path in text.replace("%2F", "/").replace("+", "%20")
    page = await site.get(path)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "\u202e" not in re.sub(r'value="[^"]*"', "", page.text)


async def test_while_the_daemon_is_away_the_last_numbers_are_shown(site: JailsSite, gateway: MemoryGateway) -> None:
    gateway.away = DaemonAway("it sleeps", "wake it", reason=AwayReason.SLOW)
    answer = await site.get("/jails")
    assert answer.status_code == 200
    for words in ("It sleeps. Wake it.", "the last that fail2ban has told", "not known", "1,204"):
        assert words in answer.text, words
    assert (await site.get("/jail?name=sshd")).status_code == 503


async def test_without_jails_the_page_says_what_to_do(tmp_path: Path) -> None:
    with jails_site(tmp_path, MemoryGateway(), ()) as site:
        assert "/etc/fail2ban/jail.local" in (await site.get("/jails")).text


async def test_one_jail_shows_everything(site: JailsSite, gateway: MemoryGateway) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.9", "203.0.113.10")))
    answer = await site.get("/jail?name=sshd")
    assert answer.status_code == 200
    for words in (
        "5 failures within 10m: banned for 1h",
        '<span class="number">2</span></a></dd><dd class="note">addresses',
        "Over time",
        "Failing now",
        "198.51.100.9",
        "\\x1b",
        "So long a new ban lasts; bans that are in force keep their end.",
        "until fail2ban is restarted or reloaded",
        "/var/log/auth.log",
        "^refused (?P&lt;host&gt;\\S+)$",
        "nft add element &lt;ip&gt;",
        "192.0.2.0/24",
        "hush",
        'href="/jail/stop?name=sshd"',
        'action="/jail/set"',
        'href="/history?jail=sshd"',
    ):
        assert words in answer.text, words
    assert 'address?id=203.0.113.7"' not in answer.text
    # Whoever failed longer ago than the find time does not fail now.
    assert ">::1<" not in answer.text


async def test_a_viewer_sees_neither_forms_nor_what_may_hold_a_password(gateway: MemoryGateway, tmp_path: Path) -> None:
    with jails_site(tmp_path, gateway, names_of(gateway), role=Role.OPERATOR) as site:
        page = (await site.get("/jail?name=sshd")).text
        assert "bantime" in page
        for words in ("hush", "nft add", "/jail/set", "/jail/stop", "/jail/idle", "/jail/start"):
            assert words not in page, words
        for path in ("/jail/idle?name=sshd", "/jail/stop?name=sshd"):
            assert (await site.get(path)).status_code == 403
        for path in ("/jail/set", "/jail/idle", "/jail/stop", "/jail/start"):
            assert (await site.post(path, name="sshd")).status_code == 403
    assert "sshd" in gateway.jails


@pytest.mark.parametrize(
    ("asked", "shown", "first"),
    [("24h", "24 h", "2026-05-31 12:00:00"), ("7d", "7 d", "2026-05-25 12:00:00"), ("30d", "30 d", "2 May 2026")],
)
async def test_the_charts_cover_what_was_chosen(site: JailsSite, asked: str, shown: str, first: str) -> None:
    page = (await site.get(f"/jail?name=sshd&range={asked}")).text
    assert re.findall(r'aria-current="true">([^<]*)<', page) == [shown]
    assert first in page


async def test_a_range_that_there_is_not_is_the_usual_one(site: JailsSite) -> None:
    assert 'aria-current="true">24 h<' in (await site.get("/jail?name=sshd&range=nonsense")).text


async def test_without_a_history_the_rest_is_there(gateway: MemoryGateway, tmp_path: Path) -> None:
    with jails_site(tmp_path, gateway, names_of(gateway)) as site:
        assert "not recorded" in (await site.get("/jails")).text
        page = await site.get("/jail?name=sshd")
        assert page.status_code == 200
        assert "Over time" not in page.text


@pytest.mark.parametrize("name", ["", "shd", "x" * 3_000, "%F0%9F", "--all"])
async def test_an_unknown_jail_is_a_page_of_its_own(site: JailsSite, name: str) -> None:
    answer = await site.get(f"/jail?name={name}")
    assert answer.status_code == 404
    assert "No such jail" in answer.text


async def test_a_jail_that_was_meant_is_suggested(site: JailsSite) -> None:
    assert "Did you mean" in (await site.get("/jail?name=shd")).text


async def test_what_takes_protection_away_is_asked_first(site: JailsSite, gateway: MemoryGateway) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.9", "203.0.113.10")))
    stop = (await site.get("/jail/stop?name=sshd")).text
    for words in ("Stop <bdi>sshd</bdi>?", "Its 2 bans are lifted.", "cannot start it again", 'action="/jail/stop"'):
        assert words in stop, words
    pause = (await site.get("/jail/idle?name=sshd")).text
    for words in ("Pause <bdi>sshd</bdi>?", "Its 2 bans stay", "restarted or reloaded", 'action="/jail/idle"'):
        assert words in pause, words
    assert "sshd" in gateway.jails


async def test_a_paused_jail_says_so(site: JailsSite) -> None:
    assert (await site.post("/jail/idle", name="sshd", state="on")).status_code == 303
    assert "Paused</span>" in (await site.get("/jails")).text
    page = (await site.get("/jail?name=sshd")).text
    assert "It was paused here" in page
    assert "Resume</button>" in page
