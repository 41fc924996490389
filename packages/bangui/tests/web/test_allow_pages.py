"""The page of the allow list and its forms, over a host in memory and a real store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from bangui.domain.accounts import Role
from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.operations import BanIds, ReadBans
from packages.bangui.tests.web.allowing import Office, opened_office
from packages.bangui.tests.web.client import ask

PATH = "/allow-list"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened_office(tmp_path) as office:
        yield office


@pytest.fixture
def app(office: Office) -> ASGIApp:
    return office.app()


async def text_of(app: ASGIApp, path: str = PATH, status: int = 200) -> str:
    answer = await ask(app, path)
    assert answer.status_code == status
    return answer.text


def entries_of(page: str) -> list[str]:
    return re.findall(r'class="entry address">.*?<bdi>(.*?)</bdi>', page)


async def test_every_entry_is_there_with_all_that_is_known_of_it(office: Office, app: ASGIApp) -> None:
    await office.desk.add("192.0.2.0/24", seconds=7_200)
    page = await text_of(app)
    assert entries_of(page) == ["127.0.0.0/8", "192.0.2.0/24"]
    for words in ("2 entries", "the office", "ada", "every jail", "configuration", "2 h left", "sshd"):
        assert words in page
    assert 'href="/address?id=192.0.2.0/24"' in page


async def test_what_is_not_yet_in_a_jail_or_waits_for_one_is_told(office: Office, app: ASGIApp) -> None:
    await office.desk.add("192.0.2.7")
    await office.desk.add("192.0.2.8", jails=("web",))
    office.desk.memory.jails["sshd"].allowed = ()
    page = await text_of(app)
    assert "not yet in <bdi>sshd</bdi>" in page
    del office.desk.memory.jails["web"]
    assert "waits for <bdi>web</bdi> to run" in await text_of(app)


@pytest.mark.parametrize(
    ("query", "entries"),
    [
        ("q=192.0.2.7", ["192.0.2.0/24", "192.0.2.7"]),
        ("q=192.0.0.0/16", ["192.0.2.0/24", "192.0.2.7"]),
        ("q=OFFICE", ["192.0.2.0/24", "192.0.2.7"]),
        ("q=ada", ["192.0.2.0/24", "192.0.2.7"]),
        ("q=127", ["127.0.0.0/8"]),
        ("jail=web", ["192.0.2.0/24", "192.0.2.7"]),
        ("origin=configuration", ["127.0.0.0/8"]),
        ("origin=bangui&jail=sshd", ["192.0.2.0/24"]),
        ("q=nothing", []),
    ],
)
async def test_the_list_can_be_searched(office: Office, app: ASGIApp, query: str, entries: list[str]) -> None:
    await office.desk.add("192.0.2.0/24")
    await office.desk.add("192.0.2.7", jails=("web",))
    page = await text_of(app, f"{PATH}?{query}")
    assert entries_of(page) == entries
    assert ("Nothing in the allow list matches" in page) is not bool(entries)


async def test_a_search_without_scripts_is_sent_on_to_the_tidy_address(app: ASGIApp) -> None:
    answer = await ask(app, f"{PATH}?q=192.0.2.7&jail=&origin=")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?q=192.0.2.7")


async def test_a_long_list_is_shown_in_parts(office: Office, app: ASGIApp) -> None:
    office.desk.memory.jails["web"].allowed = tuple(f"10.0.{n // 250}.{n % 250}" for n in range(300))
    page = await text_of(app)
    assert len(entries_of(page)) == 200
    assert "200 of 301" in page
    assert len(entries_of(await text_of(app, f"{PATH}?rows=1200"))) == 301
    assert len(entries_of(await text_of(app, f"{PATH}?rows=-1"))) == 200


async def test_an_address_is_allowed_and_what_came_of_it_is_told(office: Office, app: ASGIApp) -> None:
    fields = [("entry", "192.0.2.7\n2001:DB8::1"), ("jail", "web"), ("note", "office"), ("duration", "1d")]
    answer = await office.send(app, "/allow-list/add", *fields)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    assert office.desk.allowed("web") == {"192.0.2.7", "2001:db8::1"}
    page = await text_of(app)
    assert "2 entries are allowed from now on in: web." in page
    assert "After a restart of fail2ban BanGUI puts them back." in page
    assert "24 h left" in page


async def test_an_addition_can_be_undone(office: Office, app: ASGIApp) -> None:
    await office.send(app, "/allow-list/add", ("entry", "192.0.2.7"), ("jail", "web"))
    page = await text_of(app)
    undo = re.search(r'<form action="/allow-list/remove".*?Undo', page, re.DOTALL)
    assert undo is not None
    fields = re.findall(r'name="(entry|jail|confirm)" value="(.*?)"', undo[0])
    assert fields == [("entry", "192.0.2.7"), ("jail", "web"), ("confirm", "yes")]
    await office.send(app, "/allow-list/remove", *fields)
    assert office.desk.allowed("web") == set()


async def test_bans_are_lifted_where_that_is_ticked(office: Office, app: ASGIApp) -> None:
    await office.desk.memory.perform(BanIds("web", ("192.0.2.7", "192.0.2.8")))
    await office.send(app, "/allow-list/add", ("entry", "192.0.2.8"))
    assert "Bans that are in force stay" in await text_of(app)
    await office.send(app, "/allow-list/add", ("entry", "192.0.2.7"), ("unban", "yes"))
    assert "1 ban was lifted." in await text_of(app)
    assert [ban.id for ban in await office.desk.memory.perform(ReadBans("web"))] == ["192.0.2.8"]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ([("entry", "")], "entry", "No address is given"),
        ([("entry", "192.0.2.300\nexample.org\n192.0.2.1")], "entry", "192.0.2.300"),
        ([("entry", "0.0.0.0")], "entry", "no address that anybody can have"),
        ([("entry", "192.0.2.1"), ("duration", "soon")], "duration", "no length of time"),
        ([("entry", "192.0.2.1"), ("duration", "1" * 70)], "duration", "too long"),
        ([("entry", "192.0.2.1"), ("note", "x" * 1_001)], "note", "too long"),
        ([("entry", "192.0.2.1"), ("jail", "nope")], "jail", "no jail named"),
        ([("entry", "\n".join(f"10.0.{n}.1" for n in range(201)))], "entry", "more than 200"),
    ],
)
async def test_a_form_that_cannot_be_meant_comes_back_as_it_was_sent(
    office: Office, app: ASGIApp, fields: list[tuple[str, str]], field: str, words: str
) -> None:
    answer = await office.send(app, "/allow-list/add", *fields, ("note", "keep me") if field != "note" else ("x", "y"))
    assert answer.status_code == 422
    wrong = re.search(rf'id="{field}-wrong">(.*?)</p>', answer.text)
    assert wrong is not None
    assert words in wrong[1]
    assert fields[0][1] in answer.text
    assert office.desk.notes.all("here") == []


@pytest.mark.parametrize(("entry", "words"), [("0.0.0.0/0", "the whole internet"), ("10.0.0.0/8", "very wide")])
async def test_a_wide_network_has_to_be_insisted_on(office: Office, app: ASGIApp, entry: str, words: str) -> None:
    answer = await office.send(app, "/allow-list/add", ("entry", entry), ("jail", "web"))
    assert answer.status_code == 200
    assert words in answer.text
    assert 'name="confirm"' in answer.text
    assert office.desk.notes.all("here") == []
    await office.send(app, "/allow-list/add", ("entry", entry), ("jail", "web"), ("confirm", "yes"))
    assert office.desk.allowed("web") == {entry}
    assert words in await text_of(app)


async def test_a_removal_is_told_and_can_be_undone(office: Office, app: ASGIApp) -> None:
    await office.desk.add("192.0.2.7", seconds=600)
    answer = await office.send(app, "/allow-list/remove", ("entry", "192.0.2.7"))
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    page = await text_of(app)
    assert "192.0.2.7 is no longer allowed." in page
    undo = re.search(r'<form action="/allow-list/add".*?Undo', page, re.DOTALL)
    assert undo is not None
    fields = re.findall(r'name="(entry|note|duration|confirm)" value="(.*?)"', undo[0])
    assert fields == [("entry", "192.0.2.7"), ("note", "the office"), ("duration", "600s"), ("confirm", "yes")]


async def test_that_an_entry_of_the_configuration_comes_back_is_told(office: Office, app: ASGIApp) -> None:
    office.desk.memory.jails["web"].allowed = ("192.0.2.7",)
    await office.send(app, "/allow-list/remove", ("entry", "192.0.2.7"))
    assert "comes back when fail2ban is reloaded, in: web." in await text_of(app)


@pytest.mark.parametrize(
    ("entry", "words"), [("127.0.0.0/8", "loopback"), ("127.0.0.1", "Your own address"), ("127.0.0.1", "Keep it")]
)
async def test_what_protects_the_viewer_or_the_machine_is_removed_only_when_somebody_insists(
    office: Office, app: ASGIApp, entry: str, words: str
) -> None:
    office.desk.memory.jails["web"].allowed = ("127.0.0.1",)
    answer = await office.send(app, "/allow-list/remove", ("entry", entry))
    assert answer.status_code == 200
    assert words in answer.text
    assert office.desk.allowed("web") == {"127.0.0.1"}
    answer = await office.send(app, "/allow-list/remove", ("entry", entry), ("confirm", "yes"))
    assert answer.status_code == 303


async def test_several_can_be_removed_at_once(office: Office, app: ASGIApp) -> None:
    await office.desk.add("192.0.2.7", "192.0.2.8")
    await office.send(app, "/allow-list/remove", ("entry", "192.0.2.7"), ("entry", "192.0.2.8"))
    assert "2 entries are no longer allowed." in await text_of(app)
    assert office.desk.allowed("web") == set()


@pytest.mark.parametrize("fields", [(), (("entry", ""),), (("entry", "192.0.2.7"),), (("entry", "\x1b[2J"),)])
async def test_what_is_not_there_cannot_be_removed(
    office: Office, app: ASGIApp, fields: tuple[tuple[str, str], ...]
) -> None:
    assert (await office.send(app, "/allow-list/remove", *fields)).status_code == 422


async def test_a_daemon_that_is_away_is_told_and_what_is_kept_is_shown(office: Office, app: ASGIApp) -> None:
    await office.desk.add("192.0.2.7", jails=("web",))
    office.desk.memory.away = DaemonAway("fail2ban is gone", "start it", reason=AwayReason.MISSING)
    page = await text_of(app)
    assert entries_of(page) == ["192.0.2.7"]
    assert "Only what BanGUI keeps is shown" in page
    assert "Remove 192" not in page
    assert (await office.send(app, "/allow-list/add", ("entry", "192.0.2.9"))).status_code == 503


async def test_every_kind_of_emptiness_says_what_it_is(office: Office, app: ASGIApp) -> None:
    office.desk.memory.jails["sshd"].allowed = ()
    assert "Nobody is allowed" in await text_of(app)
    office.desk.memory.jails = {}
    assert "fail2ban runs no jails" in await text_of(app)
    office.desk.memory.away = DaemonAway("fail2ban is gone", reason=AwayReason.MISSING)
    assert "is known again when it answers" in await text_of(app)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_who_may_not_change_it_sees_no_forms(office: Office, role: Role) -> None:
    await office.desk.add("192.0.2.7")
    app = office.app(role)
    page = await text_of(app)
    assert entries_of(page) == ["127.0.0.0/8", "192.0.2.7"]
    assert "Remove" not in page
    assert "Allow an address" not in page
    for path in ("/allow-list/add", "/allow-list/remove"):
        assert (await office.send(app, path, ("entry", "192.0.2.7"))).status_code == 403


async def test_a_form_of_the_page_of_an_address_leads_back_to_it(office: Office, app: ASGIApp) -> None:
    back = "/address?id=192.0.2.7"
    answer = await office.send(app, "/allow-list/add", ("entry", "192.0.2.7"), ("back", back))
    assert answer.headers["location"] == back
    for elsewhere in ("https://evil.example/address?", "//evil.example", "/addresses", "/address?\r\nx: y"):
        answer = await office.send(app, "/allow-list/add", ("entry", "192.0.2.7"), ("back", elsewhere))
        assert answer.headers["location"] == PATH


async def test_hostile_texts_are_shown_inert(office: Office, app: ASGIApp) -> None:
    hostile = "<script>alert(1)</script>\x1b[2J\u202e"
    office.desk.memory.jails = {hostile: office.desk.memory.jails["web"]}
    office.desk.memory.jails[hostile].allowed = (hostile,)
    await office.send(app, "/allow-list/add", ("entry", "192.0.2.7"), ("note", hostile), ("jail", hostile))
    for path in (PATH, f"{PATH}?q=%3Cscript%3E%1B", f"{PATH}?jail=%3Cb%3E%E2%80%AE"):
        page = await text_of(app, path)
        assert "<script>alert" not in page
        assert "<b>" not in page
        # What a form sends must be what it is.
        assert not {"\x1b", "\u202e"} & set(re.sub(r'value="[^"]*"', "", page))


async def test_the_form_can_begin_with_an_address(app: ASGIApp) -> None:
    page = await text_of(app, f"{PATH}?entry=192.0.2.7")
    assert '<details class="add" id="add" open>' in page
    assert ">192.0.2.7</textarea>" in page


async def test_the_page_of_an_address_has_the_form_for_whoever_may(office: Office, app: ASGIApp) -> None:
    page = await text_of(app, "/address?id=192.0.2.0/24")
    assert "Always allow" in page
    assert 'href="/allow-list?entry=192.0.2.0/24#add"' in page
    fields = re.findall(r'<input type="hidden" name="(entry|back)" value="(.*?)"', page)
    assert {("entry", "192.0.2.0/24"), ("back", "/address?id=192.0.2.0/24")} <= set(fields)
    assert "Always allow" not in await text_of(app, "/address?id=no+address")
    assert "Always allow" not in await text_of(office.app(Role.OPERATOR), "/address?id=192.0.2.0/24")
