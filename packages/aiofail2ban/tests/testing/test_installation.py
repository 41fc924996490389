from __future__ import annotations

import os
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanInstallation, Fail2BanInstallationError, Fail2BanProcess
from aiofail2ban.testing.pytest_plugin import SUITES


def make_root(root: Path, *, server: str) -> Path:
    for name in ("fail2ban-server", "fail2ban-client"):
        program = root / "usr/bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(server)
        program.chmod(0o755)
    (root / "etc/fail2ban").mkdir(parents=True)
    (root / "etc/fail2ban/jail.conf").write_text("")
    return root


def test_the_version_is_the_one_of_the_release(
    installation: Fail2BanInstallation, request: pytest.FixtureRequest
) -> None:
    suite = request.node.callspec.id.partition("-")[0]
    if suite == "sid":  # moves on by itself
        assert tuple(map(int, installation.version.split(".")[:3])) >= (1, 1, 1)
    else:
        assert installation.version == SUITES[suite]


async def test_the_daemon_is_of_the_version_that_its_programs_say(
    installation: Fail2BanInstallation, daemon: Fail2BanProcess
) -> None:
    answer = await daemon.run_client("version")
    assert (answer.status, answer.output.strip()) == (0, installation.version)


def test_an_empty_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Fail2BanInstallationError, match="no unpacked fail2ban package") as caught:
        Fail2BanInstallation.from_root(tmp_path)
    assert "dpkg -x" in caught.value.hint


def test_a_package_without_its_configuration_is_refused(tmp_path: Path) -> None:
    root = make_root(tmp_path, server="print('Fail2Ban v1.0.2')")
    (root / "etc/fail2ban/jail.conf").unlink()
    with pytest.raises(Fail2BanInstallationError, match="stock configuration"):
        Fail2BanInstallation.from_root(root)


def test_a_program_that_does_not_run_is_refused_with_its_last_words(tmp_path: Path) -> None:
    root = make_root(tmp_path, server="raise ImportError('no module named fail2ban')")
    with pytest.raises(Fail2BanInstallationError, match="no module named fail2ban"):
        Fail2BanInstallation.from_root(root)


def test_a_missing_interpreter_is_refused(tmp_path: Path) -> None:
    root = make_root(tmp_path, server="print('Fail2Ban v1.0.2')")
    with pytest.raises(Fail2BanInstallationError, match="cannot be run"):
        Fail2BanInstallation.from_root(root, python=tmp_path / "no-python")


def test_the_machines_own_programs_are_found_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_root(tmp_path, server="#!/bin/sh\necho 'Fail2Ban v1.2.3'\n")
    monkeypatch.setenv("PATH", f"{root / 'usr/bin'}{os.pathsep}/usr/bin:/bin")
    found = Fail2BanInstallation.find(root / "etc/fail2ban")
    assert found.version == "1.2.3"
    assert found.server == (str(root / "usr/bin/fail2ban-server"),)
    assert "PYTHONPATH" not in found.environment


def test_a_machine_without_fail2ban_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path: None)
    with pytest.raises(Fail2BanInstallationError, match="not installed"):
        Fail2BanInstallation.find()


def test_the_callers_python_settings_do_not_reach_the_daemon(
    one_installation: Fail2BanInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "/etc/passwd")
    root = one_installation.config_directory.parents[1]
    again = Fail2BanInstallation.from_root(root)
    assert "PYTHONSTARTUP" not in again.environment
    assert again.environment["PYTHONPATH"].startswith(str(root / "usr/lib/python3/dist-packages"))
