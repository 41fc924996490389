"""What a log tells of the daemon's jails as a whole: their ban times, how often each was started, what they are at.

The settings of a jail follow the line that names it (`Creating new jail 'J'`, `Reload jail 'J'`) and name it no more,
up to the next such line or to `Jail 'J' started`. A ban time that is set outside of that belongs to no jail that could
be known, so what was known is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping

from bangui.adapters.f2b_log.message import Control, Steering

# An administrator has some ten; a log that was tampered with has as many as it likes.
_MOST_JAILS = 1_000
_MOST_ODD_JAILS = 32
_LONGEST_NAME = 256


class LoggedJails:
    """The jails of one run of the daemon."""

    def __init__(self, dumped: object = None) -> None:
        state = dumped if isinstance(dumped, Mapping) else {}
        self.are_stopping = bool(state.get("stopping"))
        self.are_reloading = bool(state.get("reloading"))
        configured = state.get("configured")
        self._configured = configured if isinstance(configured, str) else None
        self._ban_times = _numbers(state.get("ban_times"))
        self._runs = _numbers(state.get("runs"))
        odd = state.get("odd")
        self.odd = tuple(map(str, odd)) if isinstance(odd, list) else ()

    def dump(self) -> dict[str, object]:
        """Return all of it as what JSON can hold; what is empty is left out."""
        state: dict[str, object] = {
            "stopping": self.are_stopping,
            "reloading": self.are_reloading,
            "configured": self._configured,
            "ban_times": self._ban_times,
            "runs": self._runs,
            "odd": list(self.odd),
        }
        return {name: value for name, value in state.items() if value}

    def ban_time(self, jail: str) -> int | None:
        """Return for how many seconds a jail bans; None where that was not told."""
        return self._ban_times.get(jail)

    def run_of(self, jail: str) -> int:
        """Return a number that is another one after each start of the jail, up to 255."""
        return self._runs.get(jail, 0) & 0xFF

    def begin_run(self) -> None:
        """Take note that another run of the daemon begins."""
        self.are_stopping = self.are_reloading = False
        self._configured = None
        self._ban_times = {}
        self._runs = {}

    def steer(self, steering: Steering) -> None:
        """Take note of a message that steers."""
        match steering.control:
            case Control.STOPPING_ALL:
                self.are_stopping = True
            case Control.EXITING:
                self.are_stopping = False
            case Control.RELOADING:
                self.are_reloading = True
            case Control.RELOADED:
                self.are_stopping = self.are_reloading = False
            case Control.CREATING:
                self._create(steering.word)
            case Control.CONFIGURING:
                self._configured = steering.word
            case Control.RUNNING:
                self._configured = None
            case Control.BAN_TIME:
                self._set_ban_time(steering.word)
            case _:
                pass

    def _create(self, jail: str) -> None:
        # All have stopped before the first is made anew.
        self.are_stopping = False
        self._configured = jail
        self._ban_times.pop(jail, None)
        if len(jail) > _LONGEST_NAME:
            return
        if jail in self._runs or len(self._runs) < _MOST_JAILS:
            self._runs[jail] = self._runs.get(jail, 0) + 1
        if "] " in jail and jail not in self.odd:
            self.odd = (*self.odd, jail)[-_MOST_ODD_JAILS:]

    def _set_ban_time(self, word: str) -> None:
        if self._configured is None:
            self._ban_times = {}
            return
        # Ten digits are more than three hundred years.
        is_number = word.removeprefix("-").isdecimal() and len(word) <= 10
        if is_number and len(self._ban_times) < _MOST_JAILS and len(self._configured) <= _LONGEST_NAME:
            self._ban_times[self._configured] = int(word)
        else:
            self._ban_times.pop(self._configured, None)


def _numbers(value: object) -> dict[str, int]:
    if not isinstance(value, Mapping):
        return {}
    return {str(name): number for name, number in value.items() if isinstance(number, int)}
