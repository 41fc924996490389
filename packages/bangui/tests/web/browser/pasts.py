"""Histories to look at: an ordinary one, a hostile one, an empty one; each of them real, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bangui.domain.history import BanNote, EventKind, JailSettings, Observation, Origin, Source
from bangui.domain.moments import milliseconds_of
from bangui.domain.snapshot import Snapshot
from packages.bangui.tests.filled_history import HOST, SETTINGS, FilledHistory, lines_of
from packages.bangui.tests.web.lent import lent
from packages.bangui.tests.web.scripted import HOSTILE_IDS, LONG_JAIL, few_bans, hostile_host, with_record
from packages.bangui.tests.web.served import ServedPage

NOW = datetime.now(UTC)


def ago(minutes: float) -> int:
    """Return a moment so long ago, as the history writes it."""
    return milliseconds_of(NOW - timedelta(minutes=minutes))


@dataclass(frozen=True, slots=True)
class Past:
    """What a history is filled with, and what is true beside it."""

    observations: Sequence[Observation]
    notes: Sequence[BanNote] = ()
    settings: Sequence[JailSettings] = ()
    snapshot: Snapshot = field(default_factory=lambda: with_record(few_bans(NOW)))


def _ban(
    id: str, minutes: float, jail: str = "sshd", duration: int = 3_600, count: int = 1, lines: Sequence[str] = ()
) -> Observation:
    kind, source = EventKind.BAN, Source.DATABASE
    kept = tuple(lines or lines_of(id, "root"))
    return Observation(
        HOST, jail, id, kind, ago(minutes), source, duration=duration, count=count, failures=5, lines=kept
    )


def _event(kind: EventKind, id: str, minutes: float, jail: str = "sshd") -> Observation:
    return Observation(HOST, jail, id, kind, ago(minutes), Source.LOG)


def _ordinary() -> Iterator[Observation]:
    for number in range(12):
        yield _ban("203.0.113.7", 60 + number * number * 4_000, duration=600 << number % 4, count=12 - number)
        yield _event(EventKind.UNBAN, "203.0.113.7", 50 + number * number * 4_000)
    yield _ban("203.0.113.7", 300, "recidive", -1, lines=lines_of("203.0.113.7", "invalid user oracle"))
    yield _ban("203.0.113.0/24", 9_000, "recidive", -1)
    yield _ban("2001:db8:85a3:1319:8a2e:370:7344:1f0c", 2)
    yield _ban("192.168.1.20", 90)
    for number in range(150):
        yield _event(EventKind.FAILURE, f"198.51.100.{number % 40}", 1 + number * 7, "nginx-http-auth")
    for number in range(40):
        yield _ban(f"198.51.100.{number}", 5 + number * 300, "nginx-http-auth")
    for minutes, kind in enumerate(EventKind):
        yield _event(kind, "203.0.113.99", 400 + minutes)


def _hostile() -> Iterator[Observation]:
    jails = ("<b>bold</b>", LONG_JAIL, "jail with spaces, and comma", "right\u202eleft")
    for number, id in enumerate(HOSTILE_IDS):
        lines = (f"GET /?name={id}", "\x1b[31mred\u202e " + "y" * 1_800, "<script>alert(1)</script>")
        yield _ban(id, 5 + number, jails[number % 4], 600 if number % 2 else -1, 1_234 if number == 2 else 1, lines)
    yield _ban("2001:db8:ffff:1319:8a2e:370:7344:1f0c", 1, LONG_JAIL, -1, 3)


ORDINARY = Past(
    tuple(_ordinary()),
    (
        BanNote(
            HOST, "sshd", "192.168.1.20", ago(90) - 500, Origin.HAND, "alice", "tried every password of the printer"
        ),
    ),
    (JailSettings(HOST, "sshd", 0, SETTINGS), JailSettings(HOST, "sshd", ago(20_000), {**SETTINGS, "maxretry": "2"})),
)
HOSTILE = Past(
    tuple(_hostile()),
    (BanNote(HOST, LONG_JAIL, "2001:db8:ffff:1319:8a2e:370:7344:1f0c", ago(1) - 500, Origin.HAND, "<i>m", "r" * 900),),
    snapshot=with_record(hostile_host(NOW)),
)
EMPTY = Past(())


@contextmanager
def served(folder: Path, past: Past = ORDINARY) -> Iterator[ServedPage]:
    """Serve the pages over a past until the block ends."""
    history = FilledHistory(folder / "history.sqlite3")
    history.record(past.observations, past.notes, past.settings)
    with lent(history) as source, ServedPage(past.snapshot, history=source) as page:
        yield page
