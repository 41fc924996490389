"""With a real journald and a real journalctl."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bangui.adapters.f2b_log import journal as journal_module
from bangui.adapters.f2b_log.journal import JournalSource
from bangui.adapters.f2b_log.line import MAX_LINE_BYTES
from bangui.domain.history import EventKind, Observation
from bangui.domain.history_ports import Reading, SourceAway
from packages.bangui.tests.adapters.f2b_log.made_log import Told, told
from packages.bangui.tests.adapters.f2b_log.private_journal import PrivateJournal

# Several of them wait for journald, which is not another one on another Python.
pytestmark = pytest.mark.slow

SECONDS = 20.0
ID = "198.51.100.{}"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[PrivateJournal]:
    with PrivateJournal(tmp_path) as one:
        yield one


@pytest.fixture
def source(journal: PrivateJournal) -> Iterator[JournalSource]:
    with closing(source_of(journal)) as one:
        yield one


def source_of(journal: PrivateJournal, now: Callable[[], float] = time.time) -> JournalSource:
    return JournalSource("h", now, directory=journal.directory)


def read(
    source: JournalSource, cursor: str | None, count: int, at_most: int = 5_000
) -> tuple[list[Observation], Reading]:
    """Read until there are so many observations; journald takes a moment to write what it was sent."""
    found: list[Observation] = []
    deadline = time.monotonic() + SECONDS
    while True:
        reading = source.read(cursor, at_most)
        assert len(reading.observations) <= at_most
        found += reading.observations
        cursor = reading.cursor
        if len(found) >= count and not reading.has_more:
            return found, reading
        assert time.monotonic() < deadline, f"only {found}"
        time.sleep(0.01)


def bans(numbers: range) -> list[Told]:
    return [Told(EventKind.BAN, "sshd", ID.format(number)) for number in numbers]


def ban(journal: PrivateJournal, numbers: range) -> None:
    for number in numbers:
        journal.say(f"[sshd] Ban {ID.format(number)}")


def test_what_is_there_is_read_and_then_what_comes(journal: PrivateJournal, source: JournalSource) -> None:
    assert source.name == "journal"
    ban(journal, range(3))
    found, reading = read(source, None, 3)
    assert told(found) == bans(range(3))
    assert reading.done == reading.total
    assert source.read(reading.cursor) == Reading((), reading.cursor, False, reading.total, reading.total)
    ban(journal, range(3, 5))
    assert told(read(source, reading.cursor, 2)[0]) == bans(range(3, 5))


def test_an_empty_journal_is_a_beginning(journal: PrivateJournal, source: JournalSource) -> None:
    _, reading = read(source, None, 0)
    assert (reading.done, reading.total) == (0, 0)
    ban(journal, range(1))
    assert told(read(source, reading.cursor, 1)[0]) == bans(range(1))


def test_every_reader_that_is_killed_goes_on_where_the_cursor_says(journal: PrivateJournal) -> None:
    ban(journal, range(10))
    cursor: str | None = None
    found: list[Observation] = []
    for number in range(10):
        with closing(source_of(journal)) as source:
            if number % 3 == 0:
                read(source, cursor, 1, at_most=1)[0].clear()  # and was not recorded
        with closing(source_of(journal)) as source:
            reading = source.read(cursor, at_most=1)
            while not reading.observations:
                reading = source.read(reading.cursor, at_most=1)
            found += reading.observations
            cursor = reading.cursor
    assert told(found) == bans(range(10))


def test_times_are_the_journals_own_and_failures_are_those_of_their_entries(
    journal: PrivateJournal, source: JournalSource
) -> None:
    begin = int(time.time() * 1000)
    entry = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(begin // 1000 - 5))
    for _ in range(2):
        journal.say(f"[sshd] Found 198.51.100.1 - {entry}", "filter", 6)
    journal.say("[sshd] Ban 198.51.100.1")
    found, _ = read(source, None, 3)
    assert [(one.kind, one.time, one.ordinal) for one in found] == [
        (EventKind.FAILURE, (begin // 1000 - 5) * 1000, 0),
        (EventKind.FAILURE, (begin // 1000 - 5) * 1000, 1),
        (EventKind.BAN, (begin // 1000 - 5) * 1000, 0),
    ]
    assert all(begin <= (one.logged or 0) <= time.time() * 1000 for one in found)


def test_all_ways_into_the_journal_are_read_and_other_programs_are_not(
    journal: PrivateJournal, source: JournalSource
) -> None:
    journal.say_to_syslog("fail2ban.actions[77]", "NOTICE [sshd] Ban 198.51.100.0")
    journal.say_to_syslog("sshd[78]", "NOTICE [sshd] Ban 198.51.100.66")
    journal.send({"MESSAGE": "[sshd] Ban 198.51.100.66", "SYSLOG_IDENTIFIER": "x", "LOGGER": "fail2ban.actions"})
    line = "2026-11-25 12:00:00,000 fail2ban.actions        [77]: NOTICE  [sshd] Ban 198.51.100.1"
    journal.send({"MESSAGE": line, "SYSLOG_IDENTIFIER": "fail2ban-server"})
    assert sorted(told(read(source, None, 2)[0])) == bans(range(2))


def test_an_id_may_be_of_any_bytes_and_of_many_lines(journal: PrivateJournal, source: JournalSource) -> None:
    journal.say(b"[sshd] Ban \xff\x00\x1b[31m\n[sshd] Ban x\n")
    journal.say(b"[sshd] Ban " + b"y" * 30_000)
    found, _ = read(source, None, 2)
    assert [one.id for one in found] == ["\udcff\0\x1b[31m\n[sshd] Ban x\n", "y" * 30_000]


def test_an_entry_that_is_larger_than_any_message_is_cut_or_passed_over(
    journal: PrivateJournal, source: JournalSource
) -> None:
    ban(journal, range(1))
    journal.say(b"[sshd] Ban " + b"y" * 150_000)
    for _ in range(2):
        journal.say(b"[sshd] Ban " + b"\xff" * 180_000)  # each byte takes four as JSON
    ban(journal, range(1, 2))
    found, _ = read(source, None, 3)
    assert told([found[0], found[-1]]) == bans(range(2))
    assert [len(one.id) for one in found] == [12, MAX_LINE_BYTES - len("[sshd] Ban "), 12]


def test_only_entries_of_the_user_that_fail2ban_runs_as_are_believed(journal: PrivateJournal) -> None:
    ban(journal, range(2))
    with closing(source_of(journal)) as source:
        read(source, None, 2)
    with closing(JournalSource("h", directory=journal.directory, uid=4242)) as source:
        assert read(source, None, 0)[0] == []
    with closing(JournalSource("h", directory=journal.directory, uid=None)) as source:
        assert told(read(source, None, 2)[0]) == bans(range(2))


def test_an_unban_is_given_out_when_the_journal_has_been_silent_for_a_while(journal: PrivateJournal) -> None:
    later = [0.0]
    journal.say("[sshd] Unban 198.51.100.0")
    with closing(source_of(journal, lambda: time.time() + later[0])) as source:
        _, reading = read(source, None, 0)
        while not json.loads(reading.cursor)["place"]:
            _, reading = read(source, reading.cursor, 0)
        later[0] = 5.0
        found, _ = read(source, reading.cursor, 1)
        assert told(found) == [Told(EventKind.UNBAN, "sshd", "198.51.100.0")]


def test_a_journal_that_is_rotated_is_read_on(journal: PrivateJournal, source: JournalSource) -> None:
    ban(journal, range(2))
    _, reading = read(source, None, 2)
    cursor = reading.cursor
    subprocess.run([*journal.inside, "journalctl", "--rotate"], check=True, capture_output=True)
    ban(journal, range(2, 4))
    found, reading = read(source, cursor, 2)
    assert told(found) == bans(range(2, 4))
    with closing(source_of(journal)) as other:
        assert told(read(other, cursor, 2)[0]) == bans(range(2, 4))


def test_a_place_that_is_no_more_is_found_by_its_time(journal: PrivateJournal) -> None:
    ban(journal, range(2))
    with closing(source_of(journal)) as source:
        _, reading = read(source, None, 2)
    cursor = json.loads(reading.cursor)
    cursor["place"] = "s=nonsense"
    ban(journal, range(2, 4))
    with closing(source_of(journal)) as source:
        found, _ = read(source, json.dumps(cursor), 2)
    # What was written within that second comes again, and is known already.
    assert told(found)[-2:] == bans(range(2, 4))


def test_a_journalctl_that_somebody_has_killed_is_started_again(journal: PrivateJournal, source: JournalSource) -> None:
    ban(journal, range(1))
    _, reading = read(source, None, 1)
    assert source._program is not None
    source._program._process.kill()
    source._program._process.wait()
    ban(journal, range(1, 3))
    assert told(read(source, reading.cursor, 2)[0]) == bans(range(1, 3))


def test_a_cursor_that_is_none_of_ours_begins_at_the_beginning(journal: PrivateJournal) -> None:
    ban(journal, range(1))
    for cursor in ("", "x", "{}", '{"version":1,"place":"","first":0,"last":0,"state":{"ready":[5]}}', "[" * 100_000):
        with closing(source_of(journal)) as source:
            assert told(read(source, cursor, 1)[0]) == bans(range(1))


def test_a_journal_that_cannot_be_read_is_away(tmp_path: Path) -> None:
    with closing(JournalSource("h", directory=tmp_path / "nowhere")) as source:
        for _ in range(2):
            with pytest.raises(SourceAway, match="cannot be read: Failed to open"):
                read(source, None, 1)


def test_where_there_is_no_journalctl_the_journal_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with closing(JournalSource("h")) as source, pytest.raises(SourceAway, match="no journalctl") as away:
        source.read(None)
    assert away.value.hint


def test_a_journalctl_that_never_answers_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "journalctl"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with closing(JournalSource("h")) as source:
        reading = source.read(None)
        assert (reading.observations, reading.has_more) == ((), True)
        monkeypatch.setattr(journal_module, "_PATIENCE_SECONDS", 0.0)
        with pytest.raises(SourceAway, match="has not answered"):
            source.read(reading.cursor)
