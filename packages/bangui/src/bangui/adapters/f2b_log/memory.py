"""What has to be remembered of single ids while a log is read: bounded, and part of the cursor.

how often   something alike was told of the same moment: its ordinal,
failures    the last failure of an id since it was banned or unbanned: the true time of the ban that follows,
begun       when a ban has begun: to know the length of one that is made longer a moment later.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from bangui.adapters.f2b_log.bounded import BoundedNumbers
from bangui.domain.history import EventKind

# Of ten thousand keys two are alike once in five million logs.
_KEY_BYTES = 6
_COUNT_BYTES = 3
_SECONDS_BYTES = 5
_CODES = {kind: code for code, kind in enumerate(EventKind)}

# Alike failures, and alike lines within a millisecond, come together; a flood makes some 5,000 others in a second.
_MOST_MOMENTS = 5_000
_MOMENT_SPAN = 60_000
# A ban follows its last failure at once, or when the actions of the bans before it are through.
_MOST_FAILURES = 2_500
_FAILURE_SPAN = 300_000
_MOST_BANS = 1_000
_BAN_SPAN = 60_000


class LogMemory:
    """What is remembered; all times are in milliseconds, `now` is the log's own."""

    def __init__(self, dumped: object = None) -> None:
        state = dumped if isinstance(dumped, Mapping) else {}
        self._counts = BoundedNumbers(_KEY_BYTES, _COUNT_BYTES, _MOST_MOMENTS, _MOMENT_SPAN, state.get("counts"))
        self._failures = BoundedNumbers(
            _KEY_BYTES, _SECONDS_BYTES, _MOST_FAILURES, _FAILURE_SPAN, state.get("failures")
        )
        self._begun = BoundedNumbers(_KEY_BYTES, _SECONDS_BYTES, _MOST_BANS, _BAN_SPAN, state.get("begun"))

    def dump(self) -> dict[str, object]:
        """Return all of it as what JSON can hold; what is empty is left out."""
        state = {"counts": self._counts.dump(), "failures": self._failures.dump(), "begun": self._begun.dump()}
        return {name: value for name, value in state.items() if value}

    def forget(self) -> None:
        """Forget everything, because another run of the daemon begins."""
        self._counts.clear()
        self._failures.clear()
        self._begun.clear()

    def count(self, kind: EventKind, key: bytes, time: int, now: int, run: int = 0) -> int:
        """Return how many alike there were before, in the same run."""
        moment = _digest(key + ((_CODES[kind] << 56) | (run << 48) | (time & 0xFFFF_FFFF_FFFF)).to_bytes(8, "big"))
        self._counts.pass_time(now)
        before = self._counts.get(moment) or 0
        self._counts.put(moment, before + 1)
        return before

    def add_failure(self, key: bytes, entry: int, now: int) -> None:
        """Remember a failure. As in fail2ban's own tickets the latest counts, unless the clock was set back."""
        last = self._failures.get(key)
        seconds = entry // 1000
        self._failures.pass_time(now)
        self._failures.put(key, seconds if last is None or last > now // 1000 + 1 else max(last, seconds))

    def take_failure(self, key: bytes) -> int | None:
        """Return the last failure and forget it."""
        seconds = self._failures.pop(key)
        return None if seconds is None else seconds * 1000

    def add_ban(self, key: bytes, begin: int, now: int) -> None:
        """Remember when a ban has begun."""
        self._begun.pass_time(now)
        self._begun.put(key, begin // 1000)

    def begin_of_ban(self, key: bytes) -> int | None:
        """Return when the last ban has begun."""
        seconds = self._begun.get(key)
        return None if seconds is None else seconds * 1000


def key_of(jail: str, id: str) -> bytes:
    """Return a short key for an id in a jail, the same in every process."""
    # Not `hash`, which differs from process to process; ids may hold surrogates.
    return _digest(f"{jail}\0{id}".encode("utf-8", "surrogatepass"))


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=_KEY_BYTES).digest()
