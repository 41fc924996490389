"""Banning by hand: the form, the page that asks first, and what is told afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.domain.accounts import Role
from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.operations import BanIds, UnbanIds
from bangui.web.ban_values import ban_value
from packages.bangui.tests.memory import MemoryJail
from packages.bangui.tests.web.banning import Counter, opened_counter
from packages.bangui.tests.web.scripted import HOSTILE_IDS

BAN = "/bans/ban"
IP = "203.0.113.7"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with opened_counter(tmp_path) as counter:
        yield counter


async def test_the_form_has_the_jails_with_their_times_and_what_the_link_says(counter: Counter) -> None:
    page = (await counter.get(f"/bans/new?ip={IP}&jail=sshd&back=/address?id={IP}")).text
    assert f">{IP}</textarea>" in page
    assert 'name="jail" value="sshd" checked' in page
    assert 'name="jail" value="app">' in page
    for words in ("bans for 10m", "bans for 1h", "bans for ever", "For how long"):
        assert words in page
    assert f'href="/address?id={IP}">Cancel' in page


async def test_the_only_jail_is_chosen(counter: Counter) -> None:
    counter.desk.gateway.jails = {"sshd": MemoryJail()}
    assert 'value="sshd" checked' in (await counter.get("/bans/new")).text
    counter.desk.gateway.jails = {}
    assert "has no jails" in (await counter.get("/bans/new")).text


async def test_an_ordinary_ban_is_done_at_once_and_can_be_taken_back(counter: Counter) -> None:
    fields = [("ids", IP), ("jail", "sshd"), ("jail", "app"), ("reason", "scans"), ("duration", "")]
    page = await counter.follow(await counter.send(BAN, *fields))
    assert f"{IP} is banned in sshd, app." in page
    assert counter.desk.is_banned(IP)
    assert counter.desk.is_banned(IP, "app")
    assert counter.desk.notes()[0][3:] == ("ada", "scans")
    page = await counter.follow(await counter.press(page, "/bans/unban"))
    assert not counter.desk.is_banned(IP)
    assert "2 bans were lifted." in page or f"{IP} is no longer banned" in page


async def test_a_ban_with_a_duration_of_its_own_says_who_ends_it(counter: Counter) -> None:
    page = await counter.follow(await counter.send(BAN, ("ids", IP), ("jail", "sshd"), ("duration", "2h")))
    assert "BanGUI ends the ban after 2h." in page
    kept = counter.desk.timed_ban(IP)
    assert kept is not None
    assert kept.ends == counter.desk.clock.now + 7_200_000


async def test_the_list_says_when_such_a_ban_really_ends(counter: Counter) -> None:
    await counter.send(BAN, ("ids", f"{IP} 203.0.113.8"), ("jail", "sshd"), ("duration", "2h"))
    await counter.send(BAN, ("ids", "203.0.113.9"), ("jail", "sshd"))
    page = (await counter.get("/bans")).text
    assert page.count("2 h left") == 2
    assert page.count("10 min left") == 1
    assert "2 h left" in (await counter.get(f"/address?id={IP}")).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([("ids", "")], "No address is given"),
        ([("ids", "192.0.2.1\nexample.org x")], "Line 2:"),
        ([("ids", IP), ("duration", "soon")], "is no length of time"),
        ([("ids", IP), ("duration", "5s")], "between 1m and 100y"),
        ([("ids", IP), ("reason", "x" * 501)], "longer than 500 characters"),
        ([("ids", IP), ("jail", "nope")], "no jail named"),
        ([("ids", "\n".join(f"10.{n >> 8}.{n & 255}.1" for n in range(10_001)))], "more than 10,000 addresses"),
    ],
)
async def test_what_cannot_be_meant_is_shown_beside_its_field(
    counter: Counter, fields: list[tuple[str, str]], words: str
) -> None:
    answer = await counter.send(BAN, ("jail", "sshd"), *fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="sshd" checked' in answer.text
    assert counter.desk.gateway.jails["sshd"].bans == {}


async def test_without_a_jail_it_asks_for_one(counter: Counter) -> None:
    answer = await counter.send(BAN, ("ids", IP))
    assert answer.status_code == 422
    assert "No jail is chosen" in answer.text
    assert IP in answer.text


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("198.51.100.50", "it is your own address"),
        ("198.51.100.254", "gateway"),
        ("10.1.2.3", "in a private network (10.0.0.0/8)"),
        ("127.0.0.1", "cut this machine off from itself"),
    ],
)
async def test_what_is_dangerous_is_asked_about_first_and_done_when_one_insists(
    counter: Counter, id: str, words: str
) -> None:
    answer = await counter.send(BAN, ("ids", id), ("jail", "sshd"), ("duration", "2h"), ("confirm", "yes"))
    assert answer.status_code == 200
    for said in (f"Ban <bdi>{id}</bdi>?", words, "Nothing has been banned yet.", "for 2h", "BanGUI renews it"):
        assert said in answer.text
    assert not counter.desk.is_banned(id)
    assert counter.desk.entries() == []
    page = await counter.follow(await counter.press(answer.text, BAN, ("insist", "yes")))
    assert f"{id} is banned in sshd." in page
    assert counter.desk.is_banned(id)


async def test_inside_a_pasted_list_the_dangerous_ones_can_be_left_out(counter: Counter) -> None:
    ids = [*(f"203.0.113.{n}" for n in range(30)), "198.51.100.0/24", "192.168.1.1"]
    asking = (await counter.send(BAN, ("ids", "\n".join(ids)), ("jail", "sshd"))).text
    assert "Ban 32 addresses?" in asking
    assert "2 of them could hurt you or others" in asking
    assert "it contains 198.51.100.50, your own address" in asking
    assert "Ban only the other 30" in asking
    page = await counter.follow(await counter.press(asking, BAN, ("leave_out", "yes")))
    assert "30 addresses are banned in sshd." in page
    assert not counter.desk.is_banned("192.168.1.1")


async def test_a_list_a_network_and_who_is_allowed_are_asked_about(counter: Counter) -> None:
    for ids in ("\n".join(f"203.0.113.{n}" for n in range(10)), "203.0.113.0/24"):
        asking = (await counter.send(BAN, ("ids", ids), ("jail", "sshd"))).text
        assert "Nothing has been banned yet." in asking
        await counter.follow(await counter.press(asking, BAN, ("confirm", "yes")))
    assert counter.desk.is_banned("203.0.113.0/24")
    asking = (await counter.send(BAN, ("ids", "192.0.2.9"), ("jail", "app"))).text
    assert "One is on an allow list" in asking
    assert "allowed in <bdi>app</bdi>" in asking


async def test_who_is_banned_already_is_told(counter: Counter) -> None:
    await counter.desk.gateway.perform(BanIds("sshd", (IP,)))
    page = await counter.follow(await counter.send(BAN, ("ids", IP), ("jail", "sshd")))
    assert f"{IP} was banned already in sshd." in page
    assert "Undo" not in page
    asking = (await counter.send(BAN, ("ids", f"{IP} 203.0.113.0/24"), ("jail", "sshd"))).text
    assert "Banned already" in asking
    page = await counter.follow(await counter.press(asking, BAN, ("confirm", "yes")))
    assert "1 was banned already in sshd." in page


async def test_one_can_go_back_and_change_it(counter: Counter) -> None:
    asking = (await counter.send(BAN, ("ids", "10.0.0.1"), ("jail", "app"), ("reason", "a <b>"))).text
    form = await counter.press(asking, BAN, ("change", "yes"))
    assert form.status_code == 200
    assert ">10.0.0.1</textarea>" in form.text
    assert 'value="a &lt;b&gt;"' in form.text
    assert 'value="app" checked' in form.text


async def test_what_was_unbanned_is_banned_again_where_it_was(counter: Counter) -> None:
    fields = [("ban", ban_value("sshd", IP)), ("ban", ban_value("app", "203.0.113.8"))]
    page = await counter.follow(await counter.send(BAN, *fields, ("back", "/bans?jail=sshd")))
    assert "2 addresses are banned in sshd, app." in page
    assert counter.desk.is_banned("203.0.113.8", "app")
    dangerous = await counter.send(BAN, ("ban", ban_value("sshd", "127.0.0.1")))
    assert dangerous.status_code == 409
    assert "Nothing was banned: 127.0.0.1 needs a second look" in dangerous.text
    assert (await counter.send(BAN, ("ban", "x"))).status_code == 422
    assert (await counter.send(BAN, ("ban", ban_value("sshd", "root")))).status_code == 422


async def test_a_daemon_that_is_away_is_said_and_nothing_is_banned(counter: Counter) -> None:
    counter.desk.gateway.away = DaemonAway("fail2ban is not running", "start it", reason=AwayReason.MISSING)
    answer = await counter.send(BAN, ("ids", IP), ("jail", "sshd"))
    assert answer.status_code == 503
    assert "fail2ban is not running" in answer.text


async def test_a_viewer_may_not_even_see_the_form(counter: Counter) -> None:
    counter.app = counter.open(Role.VIEWER)
    assert (await counter.get("/bans/new")).status_code == 403
    assert (await counter.send(BAN, ("ids", IP), ("jail", "sshd"))).status_code == 403
    assert not counter.desk.is_banned(IP)


async def test_hostile_text_is_shown_inert(counter: Counter) -> None:
    hostile = "<script>alert(1)</script>\x1b[2J\u202e"
    counter.desk.gateway.jails[hostile] = MemoryJail(allowed=("192.0.2.0/24",))
    for answer in (
        await counter.get("/bans/new"),
        await counter.send(BAN, ("ids", hostile), ("jail", hostile), ("reason", hostile), ("duration", hostile)),
        await counter.send(BAN, ("ids", "192.0.2.0/24"), ("jail", hostile), ("reason", hostile)),
    ):
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/bans\r\nx: y", "javascript:1", "/logout"])
async def test_it_leads_nowhere_else(counter: Counter, back: str) -> None:
    answer = await counter.send(BAN, ("ids", IP), ("jail", "sshd"), ("back", back))
    assert (answer.status_code, answer.headers["location"]) == (303, "/bans")


async def test_ids_of_the_daemon_that_are_no_addresses_can_be_unbanned_only(counter: Counter) -> None:
    for id in HOSTILE_IDS:
        await counter.desk.gateway.perform(BanIds("sshd", (id,)))
    for id in HOSTILE_IDS:
        page = await counter.follow(await counter.send("/bans/unban", ("ban", ban_value("sshd", id))))
        assert "is no longer banned in sshd." in page
        assert "Ban again" not in page
    assert not any(isinstance(one, UnbanIds) and one.jail is None for one in counter.desk.gateway.performed)
    assert counter.desk.gateway.jails["sshd"].bans == {}
