"""Unbanning by hand: one, the selected ones, all that match, and one id everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.domain.accounts import Role
from bangui.domain.ban_wishes import MOST_IDS
from bangui.domain.operations import BanIds
from bangui.web.ban_values import ban_value
from packages.bangui.tests.web.banning import Counter, opened_counter

UNBAN = "/bans/unban"
IDS = tuple(f"203.0.113.{n}" for n in range(30))


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with opened_counter(tmp_path) as counter:
        yield counter


async def ban(counter: Counter, jail: str = "sshd", ids: tuple[str, ...] = IDS) -> None:
    await counter.desk.gateway.perform(BanIds(jail, ids))


async def test_one_ban_is_lifted_at_once_and_can_be_taken_back(counter: Counter) -> None:
    await ban(counter)
    fields = [("ban", ban_value("sshd", IDS[0])), ("back", "/bans?jail=sshd")]
    answer = await counter.send(UNBAN, *fields)
    assert answer.headers["location"] == "/bans?jail=sshd"
    page = await counter.follow(answer)
    assert f"{IDS[0]} is no longer banned in sshd." in page
    assert not counter.desk.is_banned(IDS[0])
    page = await counter.follow(await counter.press(page, "/bans/ban"))
    assert f"{IDS[0]} is banned in sshd." in page
    assert counter.desk.is_banned(IDS[0])


async def test_selected_bans_are_asked_about_first(counter: Counter) -> None:
    await ban(counter)
    await ban(counter, "app")
    fields = [("ban", ban_value("sshd", id)) for id in IDS[:25]]
    asking = (await counter.send(UNBAN, *fields, ("ban", ban_value("app", IDS[0])))).text
    assert "Lift 26 bans?" in asking
    assert "and 6 more" in asking
    assert counter.desk.is_banned(IDS[0])
    page = await counter.follow(await counter.press(asking, UNBAN))
    assert "26 bans were lifted." in page
    assert len(counter.desk.gateway.jails["sshd"].bans) == 5
    page = await counter.follow(await counter.press(page, "/bans/ban"))
    assert "25 addresses are banned in sshd, app." in page
    assert len(counter.desk.gateway.jails["sshd"].bans) == 30


async def test_nothing_selected_is_said(counter: Counter) -> None:
    assert "No ban was selected." in await counter.follow(await counter.send(UNBAN))


async def test_what_is_gone_already_is_said(counter: Counter) -> None:
    page = await counter.follow(await counter.send(UNBAN, ("ban", ban_value("sshd", IDS[0]))))
    assert "Nothing was unbanned: no such ban was in force." in page


async def test_all_that_match_are_asked_about_and_looked_up_again(counter: Counter) -> None:
    await ban(counter)
    await ban(counter, "app")
    asking = (await counter.send(UNBAN, ("every", "1"), ("jail", "sshd"), ("q", "203.0.113.0/28"))).text
    assert "Lift 16 bans?" in asking
    await counter.desk.gateway.perform(BanIds("sshd", ("203.0.113.0/29",)))
    page = await counter.follow(await counter.press(asking, UNBAN))
    assert "17 bans were lifted." in page
    assert len(counter.desk.gateway.jails["app"].bans) == 30
    again = await counter.follow(await counter.press(asking, UNBAN))
    assert "no ban matches any more" in again


async def test_a_search_that_means_nothing_unbans_nothing(counter: Counter) -> None:
    await ban(counter)
    answer = await counter.send(UNBAN, ("every", "1"), ("country", "nowhere"), ("confirm", "yes"))
    assert answer.status_code == 422
    assert len(counter.desk.gateway.jails["sshd"].bans) == 30


async def test_of_very_many_the_newest_are_lifted_and_the_page_says_so(counter: Counter) -> None:
    ids = tuple(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(MOST_IDS + 5))
    await ban(counter, ids=ids)
    asking = (await counter.send(UNBAN, ("every", "1"))).text
    assert "Unban all 10,000" in asking
    assert "10,005 match. 10,000 can be lifted at once" in asking
    assert "fail2ban may need about 1m 30s" in asking
    page = await counter.follow(await counter.press(asking, UNBAN))
    assert "10,000 bans were lifted." in page
    assert "Ban again" not in page
    assert len(counter.desk.gateway.jails["sshd"].bans) == 5


async def test_an_address_is_unbanned_everywhere_at_once(counter: Counter) -> None:
    await ban(counter)
    await ban(counter, "app")
    back = f"/address?id={IDS[0]}"
    answer = await counter.send(UNBAN, ("id", IDS[0]), ("everywhere", "1"), ("back", back))
    assert answer.headers["location"] == back
    page = await counter.follow(answer)
    assert f"{IDS[0]} is no longer banned in app, sshd." in page
    assert not counter.desk.is_banned(IDS[0], "app")


async def test_a_network_asks_before_it_lifts_what_is_inside(counter: Counter) -> None:
    await ban(counter)
    asking = (await counter.send(UNBAN, ("id", "203.0.113.7/28"), ("everywhere", "1"))).text
    assert "Unban everything in <bdi>203.0.113.0/28</bdi>?" in asking
    assert "16 addresses in it are banned by themselves" in asking
    page = await counter.follow(await counter.press(asking, UNBAN))
    assert "16 bans were lifted." in page
    assert (await counter.send(UNBAN, ("everywhere", "1"))).status_code == 422


async def test_a_viewer_may_not(counter: Counter) -> None:
    await ban(counter)
    counter.app = counter.open(Role.VIEWER)
    assert (await counter.send(UNBAN, ("ban", ban_value("sshd", IDS[0])))).status_code == 403
    assert counter.desk.is_banned(IDS[0])


async def test_the_page_of_an_address_has_the_buttons_where_they_do_something(counter: Counter) -> None:
    await ban(counter)
    page = (await counter.get(f"/address?id={IDS[0]}")).text
    asked = await counter.press(page, UNBAN)
    assert asked.headers["location"] == f"/address?id={IDS[0]}"
    page = await counter.follow(asked)
    assert f"{IDS[0]} is no longer banned in sshd." in page
    assert 'action="/bans/new"' in page
    assert "Unban everywhere" not in page
    assert "Unban everywhere" in (await counter.get("/address?id=203.0.113.0/24")).text
    counter.app = counter.open(Role.VIEWER)
    assert "Ban by hand" not in (await counter.get(f"/address?id={IDS[1]}")).text


async def test_a_text_is_unbanned_everywhere_from_its_page(counter: Counter) -> None:
    for jail in ("app", "sshd"):
        await ban(counter, jail, ("root",))
    page = (await counter.get("/address?id=root")).text
    assert "Ban by hand" not in page
    page = await counter.follow(await counter.press(page, UNBAN))
    assert "2 bans were lifted." in page
    assert not counter.desk.is_banned("root", "app")
