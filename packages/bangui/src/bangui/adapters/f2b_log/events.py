"""The lines of a log, one after another, to observations: a state machine that can be laid down and taken up anywhere.

Invariants:

    The same lines give the same observations, in however many pieces they are read: the whole state is in `dump`.
    The state is bounded. What is forgotten first is what has not been mentioned for longest.
    An entry of a jail's log that the daemon reads twice, after a restart of itself or of the jail, is the same failure
    twice: failures of one id within one second are numbered from 0 in every run of the daemon and of the jail. (Those
    of the one second in which a run ends and the next begins cannot be told apart from that, and count once.)

A run begins with `Starting Fail2ban`, or with another process id where the log level leaves that out.

A failure's `time` is that of its log entry, a ban's that of the last failure before it, both in whole seconds; where
no failure was told it is that of the line. What else has happened did so when its line was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bangui.adapters.f2b_log.clock import LogClock
from bangui.adapters.f2b_log.held import GAP, GAP_IN_RELOAD, HeldUnban, HeldUnbans
from bangui.adapters.f2b_log.jails import LoggedJails
from bangui.adapters.f2b_log.line import Line
from bangui.adapters.f2b_log.memory import LogMemory, key_of
from bangui.adapters.f2b_log.message import Control, Said, Steering, parse_said, parse_steering
from bangui.adapters.f2b_log.ready import dump_observation, load_observation
from bangui.domain.history import EventKind, Observation, Source

# The client writes into the same log while it starts the daemon, from a process of its own.
_OF_THE_DAEMON = frozenset({"actions", "filter", "observer", "server", "jail"})
_WAIT_BEFORE_SETTLING = 1_000

_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})(\.dev|\.beta)?")


class LogEvents:
    """Takes lines with `feed` and has observations in `ready`, which the caller takes away from its front."""

    def __init__(self, host: str, now: Callable[[], float], dumped: Mapping[str, object] | None = None) -> None:
        state = dumped or {}
        clock = state.get("clock")
        self._host = host
        self._clock = LogClock(now, clock if isinstance(clock, Mapping) else None)
        self._jails = LoggedJails(state.get("jails"))
        self._held = HeldUnbans(state.get("held"))
        self._memory = LogMemory(state.get("memory"))
        self._pid = _integer(state.get("pid"))
        self._says_repeal = bool(state.get("says_repeal"))
        self._unwatched = _integer(state.get("unwatched"))
        ready = state.get("ready")
        self.ready = [load_observation(host, one) for one in ready] if isinstance(ready, list) else []

    def dump(self) -> dict[str, object]:
        """Return the whole state as what JSON can hold; what is empty is left out."""
        state: dict[str, object] = {
            "clock": self._clock.dump(),
            "jails": self._jails.dump(),
            "held": self._held.dump(),
            "memory": self._memory.dump(),
            "pid": self._pid,
            "says_repeal": self._says_repeal,
            "unwatched": self._unwatched,
            "ready": [dump_observation(one) for one in self.ready],
        }
        return {name: value for name, value in state.items() if value}

    @property
    def last_time(self) -> int | None:
        """When the last line was written that says so."""
        return self._clock.last

    @property
    def is_waiting(self) -> bool:
        """Whether something is held that a later line, or none, decides."""
        return bool(self._held)

    def feed(self, line: Line, written: int | None = None) -> None:
        """Take the next line; `written` is when it was, where that is known without the line."""
        time = self._clock.instant(line.stamp) if written is None else written
        if line.pid != self._pid and line.pid and line.logger in _OF_THE_DAEMON:
            self._change_process(line)
        if time is not None and self._held:
            self._let_go_of_old(time)
        if line.message.startswith("["):
            said = parse_said(line.message, line.logger, self._jails.odd)
            if said is not None:
                self._tell(said, time, line.stamp)
        else:
            steering = parse_steering(line.message, line.logger)
            if steering is not None:
                self._steer(steering, time or self._clock.last or 0)

    def settle(self, quiet: int) -> None:
        """Take note that nothing was written for so many milliseconds, after everything that was fed.

        Less than none means that the clock was set back, and that it could take any time until there are some.
        """
        gap = GAP_IN_RELOAD if self._jails.are_reloading else GAP
        if abs(quiet) > gap + _WAIT_BEFORE_SETTLING:
            self._release_all(EventKind.UNBAN)

    def lose_place(self) -> None:
        """Take note that lines may be missing before the next one, or come a second time."""
        self._release_all(EventKind.UNBAN)
        self._memory.forget()

    # Events

    def _tell(self, said: Said, time: int | None, stamp: str) -> None:
        # A jail that is being stopped finds, bans and ignores nobody any more; only the observer may lag behind.
        if self._held and said.kind not in {EventKind.UNBAN, EventKind.PROLONG}:
            self._release(said.jail, EventKind.UNBAN)
        key = key_of(said.jail, said.id)
        if said.kind is EventKind.FAILURE:
            self._tell_failure(said, key, time, stamp)
        elif time is None:
            return  # nothing has told yet when the daemon was started
        elif said.kind is EventKind.BAN:
            self._tell_ban(said, key, time)
        elif said.kind is EventKind.UNBAN:
            self._tell_unban(said, key, time)
        elif said.kind is EventKind.PROLONG:
            self._tell_prolong(said, key, time)
        else:
            self._says_repeal |= said.kind is EventKind.REPEAL
            ordinal = self._memory.count(said.kind, key, time, time)
            self._emit(said.kind, said.jail, HeldUnban(said.id, time, ordinal))

    def _tell_failure(self, said: Said, key: bytes, written: int | None, stamp: str) -> None:
        entry = self._clock.entry(said.entry, written)
        if entry is not None:
            self._clock.learn(stamp, entry)
        elif written is not None:
            entry = _whole_second(written)
        else:
            return
        now = entry if written is None else written
        ordinal = self._memory.count(EventKind.FAILURE, key, entry, now, self._jails.run_of(said.jail))
        self._memory.add_failure(key, entry, now)
        self.ready.append(
            Observation(self._host, said.jail, said.id, EventKind.FAILURE, entry, Source.LOG, written, ordinal)
        )

    def _tell_ban(self, said: Said, key: bytes, time: int) -> None:
        failure = self._memory.take_failure(key)
        begin = _whole_second(time) if failure is None or failure > time + 1000 else failure
        self._memory.add_ban(key, begin, time)
        duration = self._jails.ban_time(said.jail)
        self.ready.append(
            Observation(
                self._host, said.jail, said.id, EventKind.BAN, begin, Source.LOG, logged=time, duration=duration
            )
        )

    def _tell_unban(self, said: Said, key: bytes, time: int) -> None:
        self._memory.take_failure(key)
        unban = HeldUnban(said.id, time, self._memory.count(EventKind.UNBAN, key, time, time))
        if self._says_repeal:
            self._emit(EventKind.UNBAN, said.jail, unban)
        elif self._jails.are_stopping:
            self._emit(EventKind.REPEAL, said.jail, unban)
        else:
            is_one_stopping = self._jails.are_reloading or time - self._unwatched <= GAP
            if is_one_stopping:
                self._unwatched = time
            dropped = self._held.hold(said.jail, unban)
            if dropped is not None:
                self._emit(EventKind.REPEAL if is_one_stopping else EventKind.UNBAN, said.jail, dropped)

    def _tell_prolong(self, said: Said, key: bytes, time: int) -> None:
        begin = self._memory.begin_of_ban(key)
        ends = self._clock.entry(said.ends, None) if said.ends else None
        duration = said.duration
        if begin is not None and ends is not None and duration is not None:
            # The length is rounded, the end is not.
            exact = (ends - begin) // 1000
            duration = exact if abs(exact - duration) <= said.rounding else duration
        self.ready.append(
            Observation(
                self._host,
                said.jail,
                said.id,
                EventKind.PROLONG,
                time,
                Source.LOG,
                ordinal=self._memory.count(EventKind.PROLONG, key, time, time),
                duration=duration,
                count=said.nth,
            )
        )

    def _emit(self, kind: EventKind, jail: str, what: HeldUnban) -> None:
        self.ready.append(Observation(self._host, jail, what.id, kind, what.time, Source.LOG, ordinal=what.ordinal))

    # What steers

    def _steer(self, steering: Steering, time: int) -> None:
        match steering.control:
            case Control.STARTING:
                self._release_all(EventKind.UNBAN)
                self._begin_run()
                self._clock.forget_start()
                self._says_repeal = _tells_repeal(steering.word)
            case Control.STOPPED:
                self._release(steering.word, EventKind.REPEAL)
                self._unwatched = 0
            case Control.UNWATCHED:
                self._release_all(EventKind.UNBAN)
                self._unwatched = time
            case Control.STOPPING_ALL:
                self._release_all(EventKind.UNBAN)
            case _:
                pass
        self._jails.steer(steering)

    def _change_process(self, line: Line) -> None:
        """Take note of another process id: another run, and where nothing was said of a stop, there was one."""
        if self._pid:
            self._release_all(EventKind.UNBAN if line.level.startswith("INFO") else EventKind.REPEAL)
            self._begin_run()
        self._pid = line.pid

    def _begin_run(self) -> None:
        self._memory.forget()
        self._jails.begin_run()
        self._unwatched = 0

    def _let_go_of_old(self, time: int) -> None:
        gap = GAP_IN_RELOAD if self._jails.are_reloading else GAP
        for jail, unban in self._held.take_older(time - gap):
            self._emit(EventKind.UNBAN, jail, unban)

    def _release(self, jail: str, kind: EventKind) -> None:
        for unban in self._held.take(jail):
            self._emit(kind, jail, unban)

    def _release_all(self, kind: EventKind) -> None:
        for jail, unban in self._held.take_all():
            self._emit(kind, jail, unban)


def _whole_second(time: int) -> int:
    return time // 1000 * 1000


def _tells_repeal(version: str) -> bool:
    """Whether a daemon of this version tells a ban that is suspended from one that is over."""
    found = _VERSION.match(version)
    if found is None:
        return False
    # What was built on the way to 1.1.1 may or may not; the first `Repeal Ban` will tell.
    numbers = tuple(int(part) for part in found.groups()[:3])
    return numbers > (1, 1, 1) or (numbers == (1, 1, 1) and found[4] is None)


def _integer(value: object) -> int:
    return value if isinstance(value, int) else 0
