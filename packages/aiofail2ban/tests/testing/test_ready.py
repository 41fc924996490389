from __future__ import annotations

import logging
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanProcess
from aiofail2ban.testing._ready import list_jails

pytestmark = pytest.mark.daemon


async def test_a_daemon_without_jails_has_an_empty_list(daemon: Fail2BanProcess) -> None:
    assert await list_jails(daemon.socket_path) == frozenset()


async def test_every_jail_is_listed(daemon: Fail2BanProcess) -> None:
    for name in ("one", "two", "three"):
        assert (await daemon.run_client("add", name, "polling")).status == 0
    assert await list_jails(daemon.socket_path) == frozenset({"one", "two", "three"})


async def test_a_missing_and_a_dead_daemon_are_not_ready_and_nothing_is_logged(
    one_daemon: Fail2BanProcess, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one_daemon.kill()
    with caplog.at_level(logging.DEBUG):
        assert await list_jails(str(tmp_path / "nothing.sock")) is None
        assert await list_jails(one_daemon.socket_path) is None
    assert caplog.records == []
