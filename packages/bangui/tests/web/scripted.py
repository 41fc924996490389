"""A live state that a test writes itself, and made-up hosts to show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bangui.domain.bans import Ban, JailBans, newest_first
from bangui.domain.daemon import DaemonState, Presence
from bangui.domain.history_queries import TopRow
from bangui.domain.jails import JailCounters
from bangui.domain.last_day import LastDay, NetworkCount, Period, Record
from bangui.domain.places import DataSource
from bangui.domain.snapshot import Snapshot

NOW = datetime(2026, 11, 23, 20, 41, 6, tzinfo=UTC)
HOST = "web-1"

HOSTILE_IDS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "203.0.113.9\u202e9.311.0.302",
    "198.51.100.7\u200b\u2066\x1b[31mred\x07",
    "'; DROP TABLE bans; --{{ 7 * 7 }}",
    "lone \udc80 surrogate",
    "Z" + "\u0351" * 40 + "algo",
    "x" * 5000,
    "",
)
LONG_JAIL = "nginx-limit-req-for-the-customer-portal-of-the-eastern-region-with-a-name-that-does-not-end"


class ScriptedLive:
    """A `LiveSource` whose snapshots come from `show`; it behaves like the real one: newest wins, nothing queues."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._changed = asyncio.Event()
        self._is_over = False
        self.subscribers = 0

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def show(self, snapshot: Snapshot) -> None:
        """Publish a snapshot under the next revision."""
        self._snapshot = replace(snapshot, revision=self._snapshot.revision + 1)
        self._wake()

    def confirm(self, taken_at: datetime) -> None:
        """Say that the numbers are still true; like the real one, this wakes nobody."""
        self._snapshot = replace(self._snapshot, taken_at=taken_at)

    async def catch_up(self) -> None:
        """There is no daemon to ask."""

    def end(self) -> None:
        self._is_over = True
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def subscribe(self, *, is_eager: bool = False) -> AsyncGenerator[Snapshot, None]:
        del is_eager
        seen = -1
        self.subscribers += 1
        try:
            while not self._is_over:
                changed = self._changed
                if self._snapshot.revision > seen:
                    seen = self._snapshot.revision
                    yield self._snapshot
                else:
                    await changed.wait()
        finally:
            self.subscribers -= 1


def make_ban(id_: str, jail: str = "sshd", *, age: float = 60, duration: int | None = 3600, now: datetime = NOW) -> Ban:
    banned_at = (now - timedelta(seconds=age)).replace(microsecond=0)
    ends_at = None if duration is None else banned_at + timedelta(seconds=duration)
    return Ban(HOST, jail, id_, banned_at, duration, ends_at)


def make_snapshot(
    bans: Iterable[Ban] = (),
    *,
    jails: Iterable[str] = ("nginx-http-auth", "recidive", "sshd"),
    failures: int = 7,
    unlisted: dict[str, int] | None = None,
    now: datetime = NOW,
) -> Snapshot:
    """Return a running host with these jails and bans."""
    unlisted = unlisted or {}
    bans = list(bans)
    lists = []
    counters = []
    for number, name in enumerate(sorted({*jails, *unlisted, *(ban.jail for ban in bans)})):
        listed = newest_first([ban for ban in bans if ban.jail == name])
        total = unlisted.get(name, len(listed))
        lists.append(JailBans(name, () if name in unlisted else listed, total, name not in unlisted, now))
        failing = failures * (number + 1) % 11 if failures else 0
        counters.append(JailCounters(HOST, name, failing, failures * 31 * (number + 1), total, total * 3))
    daemon = DaemonState(HOST, Presence.UP, "1.1.0", now - timedelta(days=4))
    return Snapshot(HOST, 1, now, daemon, tuple(counters), tuple(lists))


def few_bans(now: datetime = NOW) -> Snapshot:
    """Return a host on an ordinary evening."""
    facts = [
        ("203.0.113.45", "sshd", 14, 600),
        ("2001:db8:85a3:1319:8a2e:370:7344:1f0c", "sshd", 95, 3600),
        ("198.51.100.23", "nginx-http-auth", 260, 3600),
        ("192.0.2.131", "sshd", 410, 600),
        ("203.0.113.7", "recidive", 5300, 604800),
        ("198.51.100.0/24", "nginx-botsearch", 8000, 86400),
        ("203.0.113.201", "recidive", 93000, None),
        ("2001:db8::42", "recidive", 200000, 604800),
    ]
    bans = [make_ban(id_, jail, age=age, duration=length, now=now) for id_, jail, age, length in facts]
    return make_snapshot(bans, jails=("nginx-http-auth", "postfix-sasl", "sshd"), now=now)


def many_bans(count: int, now: datetime = NOW) -> Snapshot:
    """Return a host under attack, with this many bans in six jails."""
    jails = ("dovecot", "nginx-botsearch", "nginx-http-auth", "postfix-sasl", "recidive", "sshd")
    bans = [
        make_ban(_address(number), jails[number * 7 % 6], age=5 + number * 1.7, duration=86400 * 7, now=now)
        for number in range(count)
    ]
    return make_snapshot(bans, jails=jails, failures=911, now=now)


def _address(number: int) -> str:
    if number % 7 == 3:
        return f"2001:db8:{number % 65536:x}:{number // 256 % 65536:x}::{number % 251:x}"
    return f"{11 + number // 65536 % 200}.{number // 256 % 256}.{number % 256}.{number * 31 % 254 + 1}"


def hostile_host(now: datetime = NOW) -> Snapshot:
    """Return a host whose jails and bans are named by somebody who means harm."""
    jails = ("<b>bold</b>", LONG_JAIL, "jail with spaces, and comma", "right\u202eleft")
    bans = [make_ban(id_, jails[place % 4], age=60 + place, now=now) for place, id_ in enumerate(HOSTILE_IDS)]
    bans.append(make_ban("2001:0db8:85a3:1319:8a2e:0370:7344:1f0c/128", LONG_JAIL, age=5, duration=None, now=now))
    return make_snapshot(bans, jails=jails, now=now)


def with_record(snapshot: Snapshot, *, peak: int = 90, quiet: bool = False) -> Snapshot:
    """Return the same host with a history of a day, an ordinary one or one without bans."""
    return replace(snapshot, record=Record(make_day(snapshot.taken_at, peak=0 if quiet else peak), credits=(_CREDIT,)))


def make_day(now: datetime = NOW, *, peak: int = 90) -> LastDay:
    """Return a record by which so many were banned in the busiest hour of the day."""
    bans, failures = peak * 4, peak * 45
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first_seen, last_seen = int(midnight.timestamp() * 1000), int(now.timestamp() * 1000)

    def rows(*keys: str) -> tuple[TopRow, ...]:
        return tuple(
            TopRow(key, bans // (place + 3), failures // (place + 3), first_seen, last_seen)
            for place, key in enumerate(keys)
            if bans
        )

    networks = ("CHINANET-BACKBONE No.31, Jin-rong Str", "OVH SAS", "<b>Hostile</b> \u202eNet", "DIGITALOCEAN-ASN", "")
    return LastDay(
        now,
        Period(midnight, bans, failures, bans * 9 // 10, failures * 9 // 8),
        Period(midnight - timedelta(days=midnight.weekday()), bans * 7, failures * 7, bans * 3, None),
        rows("CN", "US", "DE", "VN", "BR"),
        tuple(NetworkCount(4134 + number, name, bans // (number + 2)) for number, name in enumerate(networks) if bans),
        rows("203.0.113.45", "2001:db8:85a3:1319:8a2e:370:7344:1f0c", *HOSTILE_IDS[:2], "192.0.2.131"),
        rows("sshd", "nginx-http-auth", "recidive", "<b>bold</b>", LONG_JAIL),
        now - timedelta(days=90),
    )


_CREDIT = DataSource("network", "made up", "2026-11-01", "public domain", "made-up networks")


def away(snapshot: Snapshot, *, since: datetime = NOW) -> Snapshot:
    """Return the same host after its daemon has gone."""
    daemon = DaemonState(
        snapshot.host,
        Presence.AWAY,
        snapshot.daemon.version,
        since,
        "there is no fail2ban socket at /run/fail2ban/fail2ban.sock",
        "is fail2ban running? try: sudo systemctl start fail2ban",
    )
    return replace(snapshot, daemon=daemon)


def never_asked(now: datetime = NOW) -> Snapshot:
    """Return what is known before the daemon was asked for the first time."""
    return Snapshot(HOST, 0, now, DaemonState(HOST, Presence.STARTING, None, now))
