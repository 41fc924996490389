from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.domain.audit import AuditResult
from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.further_operations import SetJailValue
from bangui.domain.operations import BanIds
from packages.bangui.tests.memory import MemoryGateway, MemoryJail
from packages.bangui.tests.web.jails_site import JailsSite, jails_site, names_of

EVIL = "<b>\u202e, jail</b>"


@pytest.fixture
def gateway() -> MemoryGateway:
    gateway = MemoryGateway("web-1")
    gateway.jails = {"sshd": MemoryJail(ban_time=3_600), EVIL: MemoryJail()}
    return gateway


@pytest.fixture
def site(gateway: MemoryGateway, tmp_path: Path) -> Iterator[JailsSite]:
    with jails_site(tmp_path, gateway, names_of(gateway)) as site:
        yield site


async def test_a_change_is_told_with_a_way_back(site: JailsSite, gateway: MemoryGateway) -> None:
    answer = await site.post("/jail/set", name="sshd", setting="bantime", value="2h")
    assert (answer.status_code, answer.headers["location"]) == (303, "/jail?name=sshd")
    assert gateway.jails["sshd"].ban_time == 7_200
    page = (await site.get("/jail?name=sshd")).text
    for words in (
        "sshd: bantime is now 2h, it was 1h. This holds until fail2ban is restarted or reloaded.",
        "Set it back to 1h",
        '<input type="hidden" name="value" value="3600">',
    ):
        assert words in page, words
    await site.post("/jail/set", name="sshd", setting="bantime", value="3600")
    assert gateway.jails["sshd"].ban_time == 3_600
    assert [entry.detail for entry in site.entries()] == ["bantime: 1h -> 2h", "bantime: 2h -> 1h"]
    assert {(entry.actor, entry.action, entry.address) for entry in site.entries()} == {
        ("ada", "jail.set", "127.0.0.1")
    }


async def test_what_was_so_already_needs_no_way_back(site: JailsSite) -> None:
    await site.post("/jail/set", name="sshd", setting="bantime", value="60m")
    page = (await site.get("/jail?name=sshd")).text
    assert "sshd: bantime was 1h already." in page
    assert "Set it back" not in page


async def test_what_cannot_be_set_back_has_no_way_back(site: JailsSite) -> None:
    await site.post("/jail/set", name="sshd", setting="logtimezone", value="UTC+0200")
    page = (await site.get("/jail?name=sshd")).text
    assert "logtimezone is now UTC+0200, it was not set" in page
    assert "Set it back" not in page


async def test_a_wrong_value_stays_in_its_field_with_the_reason(site: JailsSite, gateway: MemoryGateway) -> None:
    answer = await site.post("/jail/set", name="sshd", setting="bantime", value='1h30"<b>')
    assert answer.status_code == 422
    assert 'value="1h30&#34;&lt;b&gt;"' in answer.text
    assert "is no length of time. Each number with its unit" in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert gateway.jails["sshd"].ban_time == 3_600
    assert site.entries() == []


@pytest.mark.parametrize("setting", ["bantime.formula", "ignorecommand", "nosuch", ""])
async def test_what_is_not_to_be_changed_is_not(site: JailsSite, gateway: MemoryGateway, setting: str) -> None:
    answer = await site.post("/jail/set", name="sshd", setting=setting, value="1")
    assert answer.status_code == 422
    assert not any(isinstance(operation, SetJailValue) for operation in gateway.performed)


async def test_a_jail_is_stopped_and_its_bans_are_counted(site: JailsSite, gateway: MemoryGateway) -> None:
    await gateway.perform(BanIds(EVIL, ("203.0.113.7",)))
    answer = await site.post("/jail/stop", name=EVIL)
    assert (answer.status_code, answer.headers["location"]) == (303, "/jails")
    assert EVIL not in gateway.jails
    page = (await site.get("/jails")).text
    assert "is stopped, and 1 ban was lifted" in page
    assert "<b>" not in page


async def test_a_jail_is_paused_resumed_and_started(site: JailsSite, gateway: MemoryGateway) -> None:
    jail = gateway.jails["sshd"]
    await site.post("/jail/idle", name="sshd", state="on")
    paused = [jail.is_paused]
    assert "sshd is paused" in (await site.get("/jail?name=sshd")).text
    await site.post("/jail/idle", name="sshd", state="off")
    paused.append(jail.is_paused)
    assert "sshd goes on." in (await site.get("/jail?name=sshd")).text
    await site.post("/jail/start", name="sshd")
    assert "sshd runs." in (await site.get("/jail?name=sshd")).text
    assert paused == [True, False]
    assert [entry.action for entry in site.entries()] == ["jail.idle", "jail.idle", "jail.start"]


@pytest.mark.parametrize("path", ["/jail/set", "/jail/idle", "/jail/stop", "/jail/start"])
async def test_an_unknown_jail_and_a_daemon_that_is_away_are_errors(
    site: JailsSite, gateway: MemoryGateway, path: str
) -> None:
    fields = {"setting": "bantime", "value": "1h"}
    assert (await site.post(path, name="nope", **fields)).status_code == 404
    gateway.away = DaemonAway("it sleeps", reason=AwayReason.SLOW)
    assert (await site.post(path, name="sshd", **fields)).status_code == 503
    assert {entry.result for entry in site.entries()} <= {AuditResult.FAILED}


async def test_what_a_form_changes_is_changed_in_a_real_daemon(daemon: Fail2BanProcess, tmp_path: Path) -> None:
    async with Fail2BanClient(daemon.socket_path) as client:
        for command in (["add", EVIL, "polling"], ["set", EVIL, "bantime", "600"], ["start", EVIL]):
            assert (await client.send(command))[0] == 0
        gateway = Fail2BanGateway("web-1", client, client.aclose)
        with jails_site(tmp_path, gateway, (EVIL,)) as site:
            assert (await site.post("/jail/set", name=EVIL, setting="bantime", value="1h 30m")).status_code == 303
            assert (await daemon.run_client("get", EVIL, "bantime")).output.strip() == "5400"
            page = (await site.get(f"/jail?{urlencode({'name': EVIL})}")).text
            assert "bantime is now 1h 30m, it was 10m" in page
            assert (await site.post("/jail/set", name=EVIL, setting="bantime", value="1h30")).status_code == 422
            assert (await site.post("/jail/set", name=EVIL, setting="logencoding", value="nope-8")).status_code == 422
            assert (await daemon.run_client("get", EVIL, "bantime")).output.strip() == "5400"
            for path in ("/jail/idle", "/jail/start", "/jail/stop"):
                assert (await site.post(path, name=EVIL, state="on")).status_code == 303
            assert await client.statistics() == {}
            assert (await site.post("/jail/start", name=EVIL)).status_code == 404
