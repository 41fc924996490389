"""Lines of a log as fail2ban writes them, at moments that a test chooses."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

from bangui.adapters.f2b_log.events import LogEvents
from bangui.adapters.f2b_log.line import parse_line
from bangui.domain.history import EventKind, Observation

START = 1_795_600_000_000
"""2026-11-25 09:46:40 in UTC."""


def local(time_ms: int) -> str:
    """Return a moment as the daemon writes it, in whole seconds."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time_ms // 1000))


class MadeLog:
    """Writes lines of one daemon, each a millisecond after the one before it unless `wait` is called."""

    def __init__(self, version: str = "1.0.2") -> None:
        self.version = version
        self.now = START
        self.pid = 7471
        self.lines: list[str] = []

    @property
    def text(self) -> bytes:
        """All lines."""
        return "".join(f"{line}\n" for line in self.lines).encode("utf-8", "surrogateescape")

    def wait(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now += milliseconds

    def say(self, logger: str, message: str, level: str = "INFO") -> None:
        """Write a line."""
        self.now += 1
        name = f"fail2ban.{logger}"
        stamp = f"{local(self.now)},{self.now % 1000:03}"
        self.lines.append(f"{stamp} {name:<24}[{self.pid}]: {level:<7} {message}")

    def start(self, *jails: str, ban_time: int = 600) -> None:
        """Start a daemon with these jails."""
        self.pid += 1
        self.say("server", "-" * 50)
        self.say("server", f"Starting Fail2ban v{self.version}")
        for jail in jails:
            self.create(jail, ban_time)
        for jail in jails:
            self.say("jail", f"Jail {jail!r} started")

    def create(self, jail: str, ban_time: int = 600) -> None:
        """Make a jail."""
        self.say("jail", f"Creating new jail '{jail}'")
        self.say("actions", f"  banTime: {ban_time}")
        self.say("filter", f"Added logfile: '/var/log/{jail}.log' (pos = 0, hash = )")

    def found(self, jail: str, id: str, entry: int | None = None) -> None:
        """Tell of a failure."""
        self.say("filter", f"[{jail}] Found {id} - {local(self.now if entry is None else entry)}")

    def action(self, jail: str, message: str) -> None:
        """Tell of a ban, an unban or the like."""
        self.say("actions", f"[{jail}] {message}", "NOTICE")

    def stop(self, jail: str, banned: Sequence[str], *, reads_files: bool = True) -> None:
        """Stop one jail with its bans."""
        if reads_files:
            self.say("filter", f"Removed logfile: '/var/log/{jail}.log'")
        self.wait(500)
        for id in banned:
            self.action(jail, f"Repeal Ban {id}" if self.version >= "1.1.1" else f"Unban {id}")
        self.say("jail", f"Jail {jail!r} stopped")

    def shut_down(self, **banned: Sequence[str]) -> None:
        """Stop the daemon, with the bans of its jails."""
        self.say("server", "Shutdown in progress...")
        self.say("server", "Stopping all jails")
        for jail in banned:
            self.say("filter", f"Removed logfile: '/var/log/{jail}.log'")
        for jail, ids in banned.items():
            for id in ids:
                self.action(jail, f"Repeal Ban {id}" if self.version >= "1.1.1" else f"Unban {id}")
        for jail in banned:
            self.say("jail", f"Jail {jail!r} stopped")
        self.say("server", "Exiting Fail2ban")


def random_log(numbers: list[int]) -> MadeLog:
    """Make a log of steps that are told by numbers."""
    log = MadeLog()
    ids = ["a", "b", "c\udcff", "[sshd] Ban d"]
    for number in numbers:
        id, jail = ids[number % 4], ["sshd", "other"][number % 2]
        match number % 11:
            case 0 | 1:
                log.found(jail, id, START + number % 5 * 1000)
            case 2:
                log.action(jail, f"Ban {id}")
            case 3 | 4:
                log.action(jail, f"Unban {id}")
            case 5:
                log.wait(number % 5_000)
            case 6:
                log.stop(jail, [id], reads_files=number % 3 == 0)
            case 7:
                log.create(jail)
            case 8:
                log.say("filter", f"[{jail}] Ignore {id} by ip")
                log.now -= 1
            case 9:
                log.say("observer", f"[{jail}] Increase Ban {id} (2 # 10s -> {local(log.now + 10_000)})", "NOTICE")
            case _:
                log.start("sshd", "other")
    return log


class Told(NamedTuple):
    """The part of an observation that most tests are about."""

    kind: EventKind
    jail: str
    id: str


def told(observations: Sequence[Observation]) -> list[Told]:
    """Return kinds, jails and ids, in order."""
    return [Told(one.kind, one.jail, one.id) for one in observations]


def events_of(log: MadeLog, events: LogEvents | None = None) -> LogEvents:
    """Feed all lines to a state machine, a new one unless one is given."""
    events = events or LogEvents("h", lambda: log.now / 1000)
    for line in log.lines:
        parsed = parse_line(line.encode("utf-8", "surrogateescape"))
        if parsed is not None:
            events.feed(parsed)
    return events


def observe(log: MadeLog) -> list[Observation]:
    """Return what a log tells when it is over."""
    events = events_of(log)
    events.settle(10**9)
    return events.ready
