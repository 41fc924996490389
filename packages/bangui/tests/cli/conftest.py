"""The command line over two jails in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packages.bangui.tests.cli.harness import Bangui
from packages.bangui.tests.filled_history import FilledHistory
from packages.bangui.tests.memory import MemoryJail


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def bangui(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, utc: None, tmp_path: Path) -> Bangui:
    """The command line over two jails, one ban in each, and no history yet."""
    bangui = Bangui(capsys, monkeypatch, FilledHistory(tmp_path / "history.sqlite3"))
    bangui.gateway.jails = {
        "recidive": MemoryJail(max_retry=3, find_time=86_400, ban_time=None),
        "sshd": MemoryJail(ban_time=3600, currently_failed=4, total_failed=41, allowed=("192.0.2.0/24",)),
    }
    bangui("ban", "recidive", "203.0.113.0/24")
    bangui.pass_time(56)
    bangui("ban", "sshd", "2001:db8::7")
    bangui.pass_time(4)
    return bangui
