"""Real daemons that log into a real journal, in each of the ways that they have."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanInstallation
from bangui.adapters.f2b_log import JournalSource
from bangui.domain.history import EventKind, Observation
from packages.bangui.tests.adapters.f2b_log.daemons.scene import SECONDS, identity, kinds, scene
from packages.bangui.tests.adapters.f2b_log.private_journal import PrivateJournal

A, B = "198.51.100.1", "[one] Ban x"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[PrivateJournal]:
    folder = tmp_path / "journal"
    folder.mkdir()
    with PrivateJournal(folder) as one:
        yield one


class Reader:
    """Reads the journal as a process would that is killed after each read."""

    def __init__(self, journal: PrivateJournal) -> None:
        self._journal = journal
        self._cursor: str | None = None
        self.observations: list[Observation] = []

    async def until(self, expected: Counter[str], later: float = 0.0) -> None:
        """Read until exactly this was told; `later` is how many seconds the clock is ahead."""
        deadline = time.monotonic() + SECONDS
        while Counter(kinds(self.observations)) != expected:
            assert time.monotonic() < deadline, Counter(kinds(self.observations))
            with closing(JournalSource("h", lambda: time.time() + later, directory=self._journal.directory)) as source:
                has_more = True
                while has_more:
                    reading = source.read(self._cursor, at_most=2)
                    self.observations += reading.observations
                    self._cursor, has_more = reading.cursor, reading.has_more
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("target", ["SYSTEMD-JOURNAL", "SYSLOG"])
async def test_what_a_daemon_writes_into_the_journal_is_read_from_there(
    installation: Fail2BanInstallation, tmp_path: Path, journal: PrivateJournal, target: str
) -> None:
    if target == "SYSTEMD-JOURNAL" and installation.version == "0.11.2":
        target = "SYSLOG"  # 0.11 knows no other way; it would write a file of that name
    inside = replace(installation, server=(*journal.inside, *installation.server))
    await let_it_write(inside, tmp_path, journal, target)


@pytest.mark.parametrize("target", ["STDOUT", "SYSOUT"])
async def test_what_systemd_puts_into_the_journal_for_a_daemon_is_read_from_there(
    one_installation: Fail2BanInstallation, tmp_path: Path, journal: PrivateJournal, target: str
) -> None:
    by_systemd = (*journal.inside, "systemd-cat", "--identifier=fail2ban-server")
    inside = replace(one_installation, server=(*by_systemd, *one_installation.server))
    await let_it_write(inside, tmp_path, journal, target)


async def let_it_write(inside: Fail2BanInstallation, folder: Path, journal: PrivateJournal, target: str) -> None:
    settings = f"[DEFAULT]\nlogtarget = {target}\nsyslogsocket = /run/systemd/journal/dev-log\n"
    async with scene(inside, folder, config_files={"fail2ban.d/target.local": settings}) as it:
        reader = Reader(journal)
        expected = Counter({f"FAILURE one {A}": 3, f"BAN one {A}": 1, f"FAILURE one {B}": 3, f"BAN one {B}": 1})
        it.fail("one", A, 3)
        it.fail("one", B, 3)
        await reader.until(expected)
        await it.run("set", "one", "unbanip", A)
        expected[f"UNBAN one {A}"] += 1
        await reader.until(expected, later=10)
        await it.daemon.restart()
        expected.update([f"REPEAL one {B}", f"RESTORE one {B}"])
        await reader.until(expected)
        failures = {identity(one): one for one in reader.observations if one.kind is EventKind.FAILURE}
        assert Counter((one.jail, one.id, one.time) for one in failures.values()) == it.failures
