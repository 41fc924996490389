from __future__ import annotations

from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from aiofail2ban.testing.pytest_plugin import SUITES, load_installation


def test_every_release_has_its_turn(installation: Fail2BanInstallation, request: pytest.FixtureRequest) -> None:
    assert request.node.callspec.id.partition("-")[0] in SUITES


def test_a_release_that_is_missing_skips_on_a_persons_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="fail2ban of Debian trixie is not in"):
        load_installation("trixie", tmp_path)


def test_a_release_that_is_missing_fails_in_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="fail2ban of Debian trixie is not in"):
        load_installation("trixie", tmp_path)


def test_the_reason_left_in_place_of_a_release_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    (tmp_path / "trixie.missing").write_text("the archive has no trixie\n", encoding="utf-8")
    with pytest.raises(pytest.skip.Exception, match="the archive has no trixie"):
        load_installation("trixie", tmp_path)


async def test_a_fixtures_daemon_can_be_restarted_by_a_test(daemon: Fail2BanProcess) -> None:
    first = daemon.pid
    await daemon.restart()
    assert daemon.pid != first


def test_the_shared_daemon_runs(module_daemon: Fail2BanProcess) -> None:
    assert module_daemon.is_running


def test_the_shared_daemon_still_runs(module_daemon: Fail2BanProcess) -> None:
    assert module_daemon.is_running
