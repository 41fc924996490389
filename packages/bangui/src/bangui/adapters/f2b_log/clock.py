"""The times of a log as instants: local times without a zone, in the order in which the log has them.

Invariants:

    The same log gives the same instants, in however many pieces it is read: what has been learnt is part of the
    cursor (`dump`). Only the year of syslog's times is taken from today, where nothing else tells it.
    Where summer time repeats an hour, a time means the first of the two instants until the log has gone past it. A
    clock that was set back elsewhere is believed.
    A stamp that cannot be resolved is None, never a guess that a later line would contradict.

All instants are Unix times in milliseconds. Local times are those of this machine, as the daemon's are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

_JITTER = 10_000
"""Lines of several threads can be out of order by as long as one of them waits for the disk."""
_TOMORROW = 86_400_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class LogClock:
    """Resolves the stamps of one log in their order."""

    def __init__(self, now: Callable[[], float], learnt: Mapping[str, object] | None = None) -> None:
        self._now = now
        known = learnt or {}
        self._last = _integer(known.get("last"))
        self._zero = _integer(known.get("zero"))
        self._entry = _integer(known.get("entry"))
        self._lines = _Minute()
        self._entries = _Minute()

    def dump(self) -> dict[str, int]:
        """Return what has been learnt, for the next one who reads on."""
        learnt = {"last": self._last, "zero": self._zero, "entry": self._entry}
        return {name: value for name, value in learnt.items() if value is not None}

    @property
    def last(self) -> int | None:
        """The time of the last line that had one."""
        return self._last

    def instant(self, stamp: str) -> int | None:
        """Return when a line was written; None where that cannot be known."""
        if len(stamp) == 23 and stamp[10] == " ":
            return self._resolve(stamp[:16], int(stamp[17:19]) * 1000 + int(stamp[20:]))
        if not stamp:
            # Without any time of its own a line is as old as the newest log entry that was told of before it.
            return self._entry
        if stamp[0] == "+":
            return None if self._zero is None else self._zero + int(stamp[1:])
        if len(stamp) == 15:
            return self._syslog(stamp)
        return self._zoned(stamp)

    def entry(self, local: str, written: int | None) -> int | None:
        """Return when a log entry was made (whole seconds), given when the line that tells of it was written."""
        minute = self._entries.find(local[:16])
        if minute is None:
            return None
        first, second = minute
        # Of the two instants the newest that was not still to come when the daemon had read the entry.
        is_first = written is not None and second + int(local[17:]) * 1000 > written + 1000
        return (first if is_first else second) + int(local[17:]) * 1000

    def learn(self, stamp: str, entry: int) -> None:
        """Take note that a line with this stamp told of a log entry: it was written then, or a little later."""
        if not stamp:
            self._entry = entry if self._entry is None else max(self._entry, entry)
        elif stamp[0] == "+":
            zero = entry - int(stamp[1:])
            self._zero = zero if self._zero is None else max(self._zero, zero)

    def forget_start(self) -> None:
        """Take note that another run of the daemon begins: its milliseconds count from another moment."""
        self._zero = None

    def _resolve(self, minute: str, milliseconds: int) -> int | None:
        instants = self._lines.find(minute)
        if instants is None:
            return None
        first, second = instants
        time = first + milliseconds
        if first == second:
            self._last = time
            return time
        if self._last is not None and time < self._last - _JITTER:
            time = second + milliseconds
        self._last = time if self._last is None else max(self._last, time)
        return time

    def _syslog(self, stamp: str) -> int | None:
        """Resolve `Nov 23 09:35:14`: the year that brings it nearest to the line before it."""
        if stamp[:3] not in _MONTHS:
            return None
        rest = f"{_MONTHS.index(stamp[:3]) + 1:02}-{int(stamp[4:6]):02} {stamp[7:12]}"
        today = int(self._now() * 1000)
        year = datetime.fromtimestamp((today if self._last is None else self._last) / 1000, UTC).year
        minutes = [(one, _instants(f"{one:04}-{rest}")) for one in (year - 1, year, year + 1)]
        times = [(one, instants[0]) for one, instants in minutes if instants is not None]
        if self._last is None:
            known = [(-time, one) for one, time in times if time <= today + _TOMORROW]
        else:
            known = [(abs(time - self._last), one) for one, time in times]
        return self._resolve(f"{min(known)[1]:04}-{rest}", int(stamp[13:]) * 1000) if known else None

    def _zoned(self, stamp: str) -> int | None:
        try:
            self._last = int(datetime.fromisoformat(stamp).timestamp() * 1000)
        except (ValueError, OverflowError, OSError):
            return None
        return self._last


class _Minute:
    """The instants of the minute that was asked for last, because hundreds of lines share it."""

    def __init__(self) -> None:
        self._text = ""
        self._found: tuple[int, int] | None = None

    def find(self, text: str) -> tuple[int, int] | None:
        """Return the two instants at which this minute (`2026-11-23 09:35`) began; nearly always they are the same."""
        if text != self._text:
            self._text, self._found = text, _instants(text)
        return self._found


def _instants(minute: str) -> tuple[int, int] | None:
    try:
        naive = datetime.fromisoformat(f"{minute}:00+00:00").replace(tzinfo=None)
        first, second = int(naive.timestamp()) * 1000, int(naive.replace(fold=1).timestamp()) * 1000
    except (ValueError, OverflowError, OSError):
        return None
    # In the hour that summer time leaves out it is the other way round; no log has such times.
    return first, max(first, second)


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
