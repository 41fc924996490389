"""What tests of banning by hand stand on: jails in memory, a real store on SQLite, and a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.schema import ORIGIN_CODES
from bangui.adapters.sql.timed_bans import SqlTimedBans
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.accounts import Actor, Via
from bangui.domain.addresses import parse_address
from bangui.domain.audit import AuditEntry, AuditFilter
from bangui.domain.bans import JailBans
from bangui.domain.daemon import DaemonState, Presence
from bangui.domain.history import Origin
from bangui.domain.safety import Protected, Standing
from bangui.domain.snapshot import Snapshot
from bangui.domain.timed_bans import TimedBan, TimedKey
from bangui.services.audit import AuditTrail
from bangui.services.ban_actions import BanActions
from bangui.services.ban_records import BanRecords
from bangui.services.ban_reviews import BanReviews
from bangui.services.timed_bans import TimedBans
from packages.bangui.tests.access import NOW, SetClock
from packages.bangui.tests.filled_history import FixedPlaces
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

ADA = Actor("ada", Via.SESSION, "198.51.100.50")
GATEWAY = Protected(parse_address("198.51.100.254"), Standing.GATEWAY)


@dataclass(slots=True)
class Desk:
    """The services of one host, and what they stand on. `instance` is the run of the daemon."""

    gateway: MemoryGateway
    clock: SetClock
    store: SqlTimedBans
    accounts: SqlAccountStore
    engine: Engine
    instance: str = "first"
    records: BanRecords = field(init=False)
    reviews: BanReviews = field(init=False)
    timed: TimedBans = field(init=False)
    actions: BanActions = field(init=False)
    writer: SqlHistoryWriter | None = None

    def __post_init__(self) -> None:
        host = self.gateway.host
        self.records = BanRecords(host, self.writer, AuditTrail(self.accounts, now=self.clock), now=self.clock)
        self.reviews = BanReviews(self.gateway, self.snapshot, lambda: [GATEWAY])
        self.timed = TimedBans(self.gateway, self.store, self.records, instance=lambda: self.instance, now=self.clock)
        self.actions = BanActions(self.gateway, self.reviews, self.records, self.timed, now=self.now)

    def now(self) -> datetime:
        """Return what the clock says."""
        return datetime.fromtimestamp(self.clock.now / 1000, UTC)

    def snapshot(self) -> Snapshot:
        """Return the host as it is."""
        now = self.now()
        daemon = DaemonState(self.gateway.host, Presence.UP, "1.1.0", now)
        bans = tuple(
            JailBans(name, tuple(jail.bans.values()), len(jail.bans), True, now)
            for name, jail in sorted(self.gateway.jails.items())
        )
        return Snapshot(self.gateway.host, 1, now, daemon, (), bans)

    def entries(self, action: str = "ban") -> Sequence[AuditEntry]:
        """Return the audit trail, the oldest first."""
        page = self.accounts.audit.page(AuditFilter(action=action), 1_000)
        return [recorded.entry for recorded in reversed(page.entries)]

    def notes(self) -> list[tuple[str, str, Origin, str, str]]:
        """Return the notes of the history: jail, id, origin, author and reason, the oldest first."""
        query = text(
            "SELECT jails.name, ids.text, notes.origin, notes.author, notes.reason FROM notes"
            " JOIN jails ON jails.number = notes.jail JOIN ids ON ids.number = notes.id ORDER BY notes.number"
        )
        origins = {code: origin for origin, code in ORIGIN_CODES.items()}
        with self.engine.connect() as connection:
            return [(row[0], row[1], origins[row[2]], row[3], row[4]) for row in connection.execute(query)]

    def timed_ban(self, id: str, jail: str = "sshd") -> TimedBan | None:
        """Return what is kept of a timed ban."""
        return self.store.find(self.gateway.host, [TimedKey(jail, id)]).get(TimedKey(jail, id))

    def is_banned(self, id: str, jail: str = "sshd") -> bool:
        """Whether an id is banned."""
        return id in self.gateway.jails[jail].bans

    def end_what_is_over(self) -> None:
        """Let the jails lift the bans whose time is over, as fail2ban does."""
        for jail in self.gateway.jails.values():
            for ban in list(jail.bans.values()):
                if ban.ends_at is not None and ban.ends_at <= self.now():
                    del jail.bans[ban.id]

    async def pass_time(self, seconds: int) -> None:
        """Let time go by second by second: fail2ban lifts bans, and what is due is looked at."""
        due = self.store.next_look(self.gateway.host)
        for _ in range(seconds):
            self.clock.move(1)
            self.end_what_is_over()
            if due is not None and due <= self.clock.now:
                await self.timed.look()
                due = self.store.next_look(self.gateway.host)


@contextmanager
def a_desk(folder: Path) -> Iterator[Desk]:
    """Lend a desk with the jails `sshd` (10 minutes), `app` (an hour) and `recidive` (for ever)."""
    clock = SetClock(NOW)
    engine = open_engine(str(folder / "history.sqlite3"))
    migrate(engine)
    gateway = MemoryGateway(now=lambda: datetime.fromtimestamp(clock.now / 1000, UTC))
    gateway.jails = {
        "app": MemoryJail(ban_time=3600, allowed=("192.0.2.0/24", "example.org")),
        "recidive": MemoryJail(ban_time=None),
        "sshd": MemoryJail(ban_time=600),
    }
    try:
        yield Desk(
            gateway,
            clock,
            SqlTimedBans(engine),
            SqlAccountStore(engine),
            engine,
            writer=SqlHistoryWriter(engine, FixedPlaces()),
        )
    finally:
        engine.dispose()
