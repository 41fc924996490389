"""With a real journald and a real journalctl."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bangui.adapters.journal_tail import OWN_MATCHES, JournalTail, arguments_of
from bangui.domain.watched_logs import LogAway, LogPart
from packages.bangui.tests.adapters.f2b_log.private_journal import PrivateJournal

pytestmark = pytest.mark.slow

SSHD = ("SYSLOG_IDENTIFIER=sshd",)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[PrivateJournal]:
    with PrivateJournal(tmp_path) as journal:
        yield journal


def tail_of(journal: PrivateJournal, matches: tuple[str, ...] = SSHD, place: str | None = None) -> JournalTail:
    return JournalTail(matches, place, directory=journal.directory)


def log_in(journal: PrivateJournal, *messages: str | bytes) -> None:
    journal.send(*({"MESSAGE": message, "SYSLOG_IDENTIFIER": "sshd"} for message in messages))


def texts(part: LogPart) -> list[str]:
    return [line.text.partition("]: ")[2] for line in part.lines]


def read_until(tail: JournalTail, is_enough: Callable[[list[str]], bool]) -> list[str]:
    """Read until there is enough; journald takes a moment to write what it was sent."""
    found: list[str] = []
    deadline = time.monotonic() + 20
    while not is_enough(found):
        assert time.monotonic() < deadline, found
        found += texts(tail.read())
        time.sleep(0.02)
    return found


def test_the_newest_entries_come_first_and_then_what_is_new(journal: PrivateJournal) -> None:
    log_in(journal, "one", "two")
    with closing(tail_of(journal)) as tail:
        assert read_until(tail, lambda found: len(found) >= 2) == ["one", "two"]
        log_in(journal, "three")
        assert read_until(tail, bool) == ["three"]


def test_a_reader_comes_back_to_any_entry(journal: PrivateJournal) -> None:
    log_in(journal, "one")
    with closing(tail_of(journal)) as tail:
        assert read_until(tail, bool) == ["one"]
        place = tail.read().place
    log_in(journal, "two")
    with closing(tail_of(journal, place=place)) as tail:
        assert read_until(tail, bool) == ["two"]


def test_fail2bans_own_entries_read_like_lines_of_its_file(journal: PrivateJournal) -> None:
    journal.say("[sshd] Ban 192.0.2.7")
    with closing(tail_of(journal, OWN_MATCHES)) as tail:
        assert read_until(tail, bool) == ["NOTICE [sshd] Ban 192.0.2.7"]


def test_what_is_no_text_is_shown_as_its_bytes_and_what_is_long_is_cut(journal: PrivateJournal) -> None:
    log_in(journal, b"\xff\xfe raw", "x" * 10_000)
    with closing(tail_of(journal)) as tail:
        raw, long = read_until(tail, lambda found: len(found) >= 2)
    assert raw == "\\xff\\xfe raw"
    assert len(long) < 5_000


def test_nothing_is_a_beginning(journal: PrivateJournal) -> None:
    with closing(tail_of(journal, place="--flush")) as tail:
        assert tail.read() == LogPart((), "")
        log_in(journal, "one")
        assert read_until(tail, bool) == ["one"]


def test_of_many_entries_the_newest_are_given(journal: PrivateJournal) -> None:
    for number in range(0, 1_200, 100):
        log_in(journal, *(f"entry {one}" for one in range(number, number + 100)))
    with closing(tail_of(journal)) as tail:
        assert read_until(tail, lambda found: "entry 1199" in found)[-1] == "entry 1199"


def test_a_journal_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with (
        closing(JournalTail(SSHD, directory=tmp_path / "gone")) as tail,
        pytest.raises(LogAway, match="the journal cannot be read"),
    ):
        read_until(tail, bool)


def test_without_journalctl_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LogAway, match="there is no journalctl here"):
        JournalTail(SSHD)


@pytest.mark.parametrize(
    ("groups", "arguments"),
    [
        ((("_COMM=sshd",),), ("_COMM=sshd",)),
        ((("A=1", "B=2"), ("C=x y",)), ("A=1", "B=2", "+", "C=x y")),
        ((), None),
        ((("--flush",),), None),
        ((("_COMM=sshd", "--file=/etc/shadow"),), None),
        ((("a=1",),), None),
        ((("A=1\n",),), None),
    ],
)
def test_a_match_is_taken_only_if_it_is_nothing_else(
    groups: tuple[tuple[str, ...], ...], arguments: tuple[str, ...] | None
) -> None:
    assert arguments_of(groups) == arguments


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put another program in the place of journalctl: it has nothing to say, and when it follows does as it is told."""

    def put(script: str) -> None:
        program = tmp_path / "journalctl"
        program.write_text(f'#!/bin/sh\ncase "$*" in *--follow*) ;; *) exit 0 ;; esac\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return put


def test_a_follower_that_ends_early_is_started_again(pretend: Callable[[str], None], tmp_path: Path) -> None:
    entry = '{"__CURSOR": "s=1;i=2", "__REALTIME_TIMESTAMP": "1764028771200000", "MESSAGE": "one", "_PID": "7"}'
    pretend(f"if [ -e {tmp_path}/seen ]; then echo '{entry}'; fi\n: > {tmp_path}/seen\nexit 1")
    with closing(JournalTail(SSHD)) as tail:
        assert read_until(tail, bool) == ["one"]


def test_one_that_never_stays_is_told_of(pretend: Callable[[str], None]) -> None:
    pretend("echo 'Data from the specified boot is not available' >&2\nexit 1")
    with closing(JournalTail(SSHD)) as tail, pytest.raises(LogAway, match="Data from the specified boot"):
        read_until(tail, bool)
