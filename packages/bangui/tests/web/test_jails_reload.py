from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.adapters.reloading import ReloadingGateway
from bangui.domain.accounts import Role
from bangui.domain.audit import AuditResult
from packages.bangui.tests.memory import MemoryGateway, MemoryJail
from packages.bangui.tests.web.jails_site import JailsSite, jails_site, names_of

EVIL = "<b>\u202e, jail</b>"


@pytest.fixture
def gateway() -> MemoryGateway:
    gateway = MemoryGateway("web-1")
    gateway.jails = {"sshd": MemoryJail(), "old": MemoryJail()}
    gateway.configured = {"sshd": MemoryJail(ban_time=60), EVIL: MemoryJail()}
    return gateway


@pytest.fixture
def site(gateway: MemoryGateway, tmp_path: Path) -> Iterator[JailsSite]:
    with jails_site(tmp_path, gateway, names_of(gateway)) as site:
        yield site


async def test_what_a_reload_would_do_is_shown_and_nothing_is_done(site: JailsSite, gateway: MemoryGateway) -> None:
    assert 'href="/jails/reload"' in (await site.get("/jails")).text
    answer = await site.get("/jails/reload")
    assert answer.status_code == 200
    for words in (
        "These jails go on, with their bans: <b><bdi>sshd",
        "These jails start: <b><bdi>&lt;b&gt;",
        "does not enable them: <b><bdi>old",
        "again what the configuration says",
    ):
        assert words in answer.text, words
    assert set(gateway.jails) == {"sshd", "old"}
    assert site.entries() == []


async def test_a_reload_is_made_and_told(site: JailsSite, gateway: MemoryGateway) -> None:
    answer = await site.post("/jails/reload", jail=[EVIL, "sshd"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/jails")
    assert set(gateway.jails) == {"sshd", EVIL}
    assert "The configuration is reloaded: 2 jails run." in (await site.get("/jails")).text
    assert [(entry.action, entry.result) for entry in site.entries()] == [("jail.reload", AuditResult.DONE)]


async def test_what_was_not_shown_is_not_done(site: JailsSite, gateway: MemoryGateway) -> None:
    answer = await site.post("/jails/reload", jail="sshd")
    assert answer.status_code == 409
    assert "The configuration has changed." in answer.text
    assert set(gateway.jails) == {"sshd", "old"}


async def test_mistakes_are_shown_with_the_words_of_fail2ban(site: JailsSite, gateway: MemoryGateway) -> None:
    gateway.configured = None
    for answer in (await site.get("/jails/reload"), await site.post("/jails/reload", jail="sshd")):
        assert answer.status_code == 409
        for words in (
            "The configuration is not reloaded",
            "The configuration is wrong.",
            "set sshd bantime 10x: no time",
        ):
            assert words in answer.text, words
    assert set(gateway.jails) == {"sshd", "old"}


async def test_whoever_may_not_change_the_configuration_may_not_reload_it(
    gateway: MemoryGateway, tmp_path: Path
) -> None:
    with jails_site(tmp_path, gateway, names_of(gateway), role=Role.OPERATOR) as site:
        assert "/jails/reload" not in (await site.get("/jails")).text
        assert (await site.get("/jails/reload")).status_code == 403
        assert (await site.post("/jails/reload", jail="sshd")).status_code == 403


async def test_a_real_fail2ban_is_reloaded_and_never_with_a_mistake(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    log = tmp_path / "app.log"
    log.touch()
    good = f"[app]\nenabled = true\nbackend = polling\nfilter =\nlogpath = {log}\nfailregex = ^no <HOST>$\naction =\n"
    async with (
        Fail2BanProcess(one_installation, jail_local=good) as daemon,
        Fail2BanClient(daemon.socket_path) as client,
    ):
        gateway = ReloadingGateway(Fail2BanGateway("web-1", client, client.aclose), client)
        with jails_site(tmp_path, gateway, ("app",)) as site:
            local = daemon.config_directory / "jail.local"
            local.write_text(good.replace("<HOST>", "(<HOST>"))
            answer = await site.get("/jails/reload")
            assert answer.status_code == 409
            assert "addfailregex" in answer.text
            local.write_text(good + "bantime = 2h\n")
            assert "These jails go on, with their bans: <b><bdi>app" in (await site.get("/jails/reload")).text
            assert (await site.post("/jails/reload", jail="app")).status_code == 303
            assert (await daemon.run_client("get", "app", "bantime")).output.strip() == "7200"
