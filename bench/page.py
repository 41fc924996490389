"""How quick is the page with 100,000 live bans? In process, over a made-up host: `python -m bench.page [bans]`.

Measures what the server does for a page (the whole page, the live regions, a deep page, a search over every row) and
what a browser has to load. Prints medians; nothing is compared, so the numbers mean something on a quiet machine only.
"""

from __future__ import annotations

import asyncio
import gzip
import statistics
import sys
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import httpx
from starlette.requests import HTTPConnection

from bangui.domain.accounts import Principal, Role, User, Via, Visitor
from bangui.domain.bans import Ban, JailBans, newest_first
from bangui.domain.daemon import DaemonState, Presence
from bangui.domain.jails import JailCounters
from bangui.domain.snapshot import Snapshot
from bangui.web import WebSettings, create_app
from bangui.web.access import Caller, RouteKind
from bangui.web.assets import Assets

HOST = "made-up"
JAILS = ("dovecot", "nginx-botsearch", "nginx-http-auth", "postfix-sasl", "recidive", "sshd")
ROUNDS = 15


class FixedLive:
    """A live state that does not change."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    async def catch_up(self) -> None:
        """Do nothing: there is nothing new."""

    async def subscribe(self, *, is_eager: bool = False) -> AsyncGenerator[Snapshot, None]:
        """Yield the one snapshot."""
        del is_eager
        yield self.snapshot


def made_up_host(count: int) -> Snapshot:
    """Return a host with this many bans in six jails."""
    now = datetime.now(UTC).replace(microsecond=0)
    bans: dict[str, list[Ban]] = {jail: [] for jail in JAILS}
    for number in range(count):
        jail = JAILS[number % len(JAILS)]
        begin = now - timedelta(seconds=number)
        id_ = f"{11 + number // 65536}.{number // 256 % 256}.{number % 256}.{number * 31 % 254 + 1}"
        bans[jail].append(Ban(HOST, jail, id_, begin, 604_800, begin + timedelta(seconds=604_800)))
    lists = tuple(JailBans(jail, newest_first(bans[jail]), len(bans[jail]), True, now) for jail in JAILS)
    counters = tuple(JailCounters(HOST, jail, 3, 90_000, len(bans[jail]), 3 * len(bans[jail])) for jail in JAILS)
    return Snapshot(HOST, 1, now, DaemonState(HOST, Presence.UP, "1.1.0", now), counters, lists)


class OpenDoor:
    """Knows everybody as the same viewer: what a login costs is not measured here."""

    async def caller(self, connection: HTTPConnection, kind: RouteKind) -> Caller:
        """Return the viewer."""
        del connection, kind
        user = User("0" * 16, "bench", Role.VIEWER, is_disabled=False, created=0, has_password=True, has_codes=False)
        return Caller(Principal(user, Via.SESSION), Visitor(None))


async def measure(count: int) -> None:
    """Print the median time of each kind of answer, and what it weighs."""
    snapshot = made_up_host(count)
    transport = httpx.ASGITransport(app=create_app(FixedLive(snapshot), WebSettings(version="bench"), door=OpenDoor()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asker:
        for title, path in (
            ("first page", "/"),
            ("regions that another tab has asked for", "/regions/overview"),
            ("bans, search over every row", "/bans?q=.77.1"),
            ("bans, first page", "/bans"),
            ("bans by address", "/bans?sort=address"),
            ("bans of a network", "/bans?q=12.0.0.0/12&sort=left"),
        ):
            times, weight = [], 0
            for _ in range(ROUNDS):
                started = time.perf_counter()
                answer = await asker.get(path)
                times.append(time.perf_counter() - started)
                weight = len(gzip.compress(answer.content, 5))
            print(f"{title:48} {statistics.median(times) * 1000:6.1f} ms {weight / 1000:6.1f} kB compressed")
    print(f"{'scripts and styles, all of them':48} {'':9} {Assets.load().compressed_size() / 1000:6.1f} kB compressed")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
