from __future__ import annotations

import sys
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanInstallation
from bangui.adapters.config_stream import Stream
from bangui.adapters.dry_run import try_stream
from bangui.adapters.f2b_programs import Fail2BanPrograms
from bangui.domain.errors import OperationRefused

GOOD: Stream = (
    ("set", "logtarget", "/nowhere/at/all/fail2ban.log"),
    ("set", "dbfile", "/nowhere/at/all/fail2ban.sqlite3"),
    ("add", "app", "polling"),
    ("set", "app", "usedns", "no"),
    ("set", "app", "bantime", "1h"),
    ("multi-set", "app", "addfailregex", ["^refused <HOST>$", "^denied <HOST>$"]),
    ("set", "app", "addaction", "noop"),
    ("multi-set", "app", "action", "noop", [["actionstart", "touch started"], ["actionban", "true"]]),
    ("start", "app"),
)


def programs_of(installation: Fail2BanInstallation, folder: Path) -> Fail2BanPrograms:
    return Fail2BanPrograms(installation.client, installation.server, installation.environment, str(folder))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where scratch daemons have their folders."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


async def test_a_good_stream_passes_and_leaves_nothing_behind(
    one_installation: Fail2BanInstallation, folder: Path
) -> None:
    await try_stream(programs_of(one_installation, folder), GOOD)
    assert list(folder.iterdir()) == []


async def test_every_command_that_would_fail_is_named(one_installation: Fail2BanInstallation, folder: Path) -> None:
    stream = (*GOOD[:4], ("set", "app", "bantime", "10x"), ("set", "app", "addfailregex", "^no host$"), *GOOD[5:])
    with pytest.raises(OperationRefused) as refusal:
        await try_stream(programs_of(one_installation, folder), stream)
    first, second = refusal.value.detail.splitlines()
    assert first.startswith("set app bantime 10x: ")
    assert second.startswith("set app addfailregex ^no host$: ")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("script", ["raise SystemExit(3)", "import time; time.sleep(0)"])
async def test_a_daemon_that_does_not_start_is_no_trial(folder: Path, script: str) -> None:
    programs = Fail2BanPrograms((), (sys.executable, "-c", script), {}, str(folder))
    with pytest.raises(OperationRefused) as refusal:
        await try_stream(programs, GOOD)
    assert "exit status" in refusal.value.detail
    assert list(folder.iterdir()) == []


async def test_a_program_that_is_not_there_is_no_trial(folder: Path) -> None:
    with pytest.raises(OperationRefused):
        await try_stream(Fail2BanPrograms((), (str(folder / "nothing"),), {}, str(folder)), GOOD)
    assert list(folder.iterdir()) == []
