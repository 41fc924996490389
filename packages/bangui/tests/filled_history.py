"""A history on SQLite, filled by the real writer, for tests of what stands on a history.

Its addresses are those of documentation, which are nowhere; `FixedPlaces` puts them somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import check, migrate
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.addresses import IPNetwork
from bangui.domain.history import BanNote, Batch, EventKind, JailSettings, Observation, Source
from bangui.domain.history_ports import HistoryReader, HistoryWriter
from bangui.domain.moments import milliseconds_of
from bangui.domain.places import NOWHERE, DataSource, Network, Place

HOST = "memory"
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SETTINGS = {"maxretry": "5", "findtime": "600", "bantime": "3600", "bantime.increment": "false"}

EVIL = Network(64_500, "EVIL-NET")
PLACES = {
    "198.51.100.0/24": Place("US", Network(64_496, "EXAMPLE-US")),
    "203.0.113.0/24": Place("DE", EVIL),
    "2001:db8::/32": Place("NL", Network(64_501, "EXAMPLE-SIX")),
}
DATA = (
    DataSource("country", "countries of tests", "2026-01-01", "CC0", "nobody"),
    DataSource("network", "networks of tests", "2026-01-01", "CC0", "nobody"),
)


class FixedPlaces:
    """A finder of places that knows a few networks."""

    def find(self, network: IPNetwork) -> Place:
        """Return where the network is."""
        for around, place in PLACES.items():
            larger = ip_network(around)
            if larger.version == network.version and int(network.network_address) >> (
                network.max_prefixlen - larger.prefixlen
            ) == int(larger.network_address) >> (network.max_prefixlen - larger.prefixlen):
                return place
        return NOWHERE

    def sources(self) -> tuple[DataSource, ...]:
        """Return two made-up sources."""
        return DATA


def ago(minutes: float) -> int:
    """Return a moment so long before `NOW`, as the history writes it."""
    return milliseconds_of(NOW) - round(minutes * 60_000)


def ban(
    id: str,
    minutes: float,
    jail: str = "sshd",
    duration: int | None = 3600,
    *,
    count: int = 1,
    lines: Sequence[str] = (),
) -> Observation:
    """Return a ban so long before `NOW`, as fail2ban's database tells it."""
    return Observation(
        HOST,
        jail,
        id,
        EventKind.BAN,
        ago(minutes),
        Source.DATABASE,
        duration=duration,
        count=count,
        failures=5,
        lines=tuple(lines),
    )


def event(kind: EventKind, id: str, minutes: float, jail: str = "sshd") -> Observation:
    """Return anything else that happened so long before `NOW`, as the log tells it."""
    return Observation(HOST, jail, id, kind, ago(minutes), Source.LOG)


def failures(id: str, minutes: float, jail: str = "sshd", number: int = 5) -> list[Observation]:
    """Return failures a second apart, the last of them so long before `NOW`."""
    return [event(EventKind.FAILURE, id, minutes + second / 60, jail) for second in reversed(range(number))]


def lines_of(id: str, user: str, number: int = 5) -> list[str]:
    """Return lines of a log as sshd writes them."""
    return [
        f"Jun  1 09:00:0{one} web sshd[77]: Failed password for {user} from {id} port 2200{one} ssh2"
        for one in range(number)
    ]


HOSTILE = "evil \x1b[2J\u202ename"
"""An id that an attacker has chosen."""

STORY = (
    ban("203.0.113.0/24", 3_000, "recidive", -1),
    ban("203.0.113.9", 2_880, "sshd", 600, lines=lines_of("203.0.113.9", "invalid user oracle")),
    event(EventKind.UNBAN, "203.0.113.9", 2_870),
    *failures("2001:db8::7", 601),
    ban("2001:db8::7", 600, "sshd", -1),
    *failures("203.0.113.7", 186),
    ban("203.0.113.7", 185, lines=lines_of("203.0.113.7", "root")),
    event(EventKind.UNBAN, "203.0.113.7", 175),
    *failures("203.0.113.7", 61),
    ban("203.0.113.7", 60, "sshd", 7_200, count=2, lines=lines_of("203.0.113.7", "invalid user oracle", 2)),
    *failures("198.51.100.20", 30, "postfix", 2),
    ban(HOSTILE, 20, "web", 600, lines=[f"GET /?name={HOSTILE}"]),
    event(EventKind.RESTORE, "2001:db8::7", 10),
)
"""Six bans: two of 203.0.113.7, one of them lifted after ten minutes and one in force, and some others."""
NUMBER_OF_EVENTS = len(STORY)


@dataclass(slots=True)
class FilledHistory:
    """A history at a path; it is made, and filled with `STORY`, when it is first written to."""

    path: Path
    places: FixedPlaces = field(default_factory=FixedPlaces)

    @contextmanager
    def open(self, location: str = "") -> Iterator[HistoryReader]:
        """Open it for reading, as the runtime does."""
        engine = open_engine(location or str(self.path), read_only=True)
        try:
            check(engine)
            yield SqlHistoryReader(engine)
        finally:
            engine.dispose()

    @contextmanager
    def writing(self, location: str = "", *, is_made: bool = True) -> Iterator[HistoryWriter]:
        """Open it for writing, as the runtime does."""
        if not is_made:
            with self.open(location):
                pass
        engine = open_engine(location or str(self.path))
        try:
            migrate(engine)
            yield SqlHistoryWriter(engine, self.places)
        finally:
            engine.dispose()

    def record(
        self,
        observations: Sequence[Observation] = STORY,
        notes: Sequence[BanNote] = (),
        settings: Sequence[JailSettings] = (),
    ) -> None:
        """Record a batch."""
        with self.writing() as writer:
            writer.record(Batch(HOST, observations, {}, settings, notes))
