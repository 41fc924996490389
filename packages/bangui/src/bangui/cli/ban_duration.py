"""`bangui ban --for`: a duration of its own, which BanGUI's service keeps to.

The ban is written into the history's database before fail2ban is asked for it, so a history that cannot be written to
means that nothing is banned: nobody would end it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from bangui.cli.ban_notes import author_name
from bangui.cli.complaints import in_one_line
from bangui.cli.history_errors import explaining
from bangui.cli.json_values import dump
from bangui.cli.parts import Call
from bangui.domain.ban_wishes import checked_seconds
from bangui.domain.errors import BanGUIError
from bangui.domain.jails import JailRule
from bangui.domain.moments import milliseconds_of, parse_duration
from bangui.domain.outcomes import BannedId
from bangui.domain.timed_asking import Asking, Wanted, begun, confirmed
from bangui.domain.timed_bans import TimedBan, TimedBanStore, TimedKey

# The service tells every minute that it looks after timed bans.
_SEEN_WITHIN = 180_000


class OwnDuration:
    """The bans of one command in one jail, and when they shall end."""

    def __init__(self, call: Call, rule: JailRule, reason: str) -> None:
        self._call = call
        self._rule = rule
        self.seconds = checked_seconds(parse_duration(call.options.duration), [rule.jail])
        self._wanted = Wanted(self._now() + self.seconds * 1000, author_name(call.environment), reason)
        self._stack = ExitStack()
        self._store: TimedBanStore

    def __enter__(self) -> Self:
        with explaining():
            self._store = self._stack.enter_context(self._call.parts.open_timed_bans(self._call.options.history))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def begin(self, ids: Sequence[str]) -> frozenset[str]:
        """Take note of bans that are about to be asked for, and return those that were no timed bans before."""
        known = self._find(ids)
        asking = Asking(self._call.gateway.host, self._rule.jail, self._now(), self._rule.ban_time)
        self._store.put(begun(ids, known, self._wanted, asking))
        return frozenset(ids) - {key.id for key in known}

    def confirm(self, outcome: Sequence[BannedId], new: frozenset[str]) -> None:
        """Take note of what came of them; what goes wrong now is a warning, for the bans are in force."""
        try:
            known = self._find([one.id for one in outcome])
            moved, failed = confirmed(self._rule.jail, outcome, known, new, self._now())
            self._store.put(moved)
            self._store.forget(self._call.gateway.host, failed)
        except BanGUIError as problem:
            self._warn(f"what came of the ban was not recorded: {problem.message}", problem.hint)

    def warn_where_nobody_watches(self) -> None:
        """Say where no service is there that would end the bans."""
        seen = self._store.last_watch(self._call.gateway.host)
        if seen is None or seen < self._now() - _SEEN_WITHIN:
            self._warn(
                "no service of BanGUI is running that would end the ban in time", "start it with: sudo bangui serve"
            )

    def _find(self, ids: Sequence[str]) -> Mapping[TimedKey, TimedBan]:
        return self._store.find(self._call.gateway.host, [TimedKey(self._rule.jail, id) for id in ids])

    def _now(self) -> int:
        return milliseconds_of(self._call.parts.now())

    def _warn(self, message: str, hint: str) -> None:
        if self._call.options.json:
            line = dump({"warning": {"message": message, "hint": hint or None}})
        else:
            line = f"bangui: {in_one_line(message, hint)}"
        self._call.errors.write(f"{line}\n")
