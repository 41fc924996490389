"""Who banned somebody by hand, and why: noted in the history, where there is one.

A ban never fails because of its note. It is in force before the history is opened, and what goes wrong then is a
warning.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from bangui.cli.complaints import in_one_line
from bangui.cli.json_values import dump
from bangui.cli.parts import Call
from bangui.cli.place_options import may_be_there
from bangui.domain.errors import BanGUIError, InvalidInput

LONGEST_REASON = 500
# The user behind sudo and doas, then whoever is logged in.
_NAMES = ("SUDO_USER", "DOAS_USER", "LOGNAME", "USER")


class BanNotes:
    """Takes notes of the bans of one command, and records them at its end, also when it is interrupted."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._reason = checked_reason(call.options.reason)
        self._bans: list[tuple[str, str, datetime]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bans and self._is_wanted():
            try:
                self._record()
            except BanGUIError as problem:
                self._warn(problem)

    def take(self, jail: str, ids: Iterable[str], time: datetime) -> None:
        """Note that these ids were banned at or after a moment."""
        self._bans += [(jail, id, time) for id in ids]

    def _record(self) -> None:
        # Imported now: without a history nobody shall wait for it.
        from bangui.cli.history_errors import explaining
        from bangui.domain.history import BanNote, Batch, Origin
        from bangui.domain.moments import milliseconds_of

        options, host = self._call.options, self._call.gateway.host
        origin = Origin.IMPORT if "-" in options.ids else Origin.HAND
        author = author_name(self._call.environment)
        notes = [
            BanNote(host, jail, id, milliseconds_of(time), origin, author, self._reason)
            for jail, id, time in self._bans
        ]
        with explaining(), self._call.parts.open_writer(options.history, options.data, False) as writer:
            writer.record(Batch(host, notes=notes))

    def _is_wanted(self) -> bool:
        """Whether there is a history to note it in, or a reason that would be lost."""
        return bool(self._reason) or may_be_there(self._call.options.history)

    def _warn(self, error: BanGUIError) -> None:
        what = "the reason" if self._reason else "who banned"
        message = f"the ban is in force, but {what} was not recorded: {error.message}"
        if self._call.options.json:
            line = dump({"warning": {"message": message, "hint": error.hint or None}})
        else:
            line = f"bangui: {in_one_line(message, error.hint)}"
        self._call.errors.write(f"{line}\n")


def checked_reason(reason: str | None) -> str:
    """Return the reason as it is noted, or raise `InvalidInput` for one that is too long."""
    words = " ".join((reason or "").split())
    if len(words) > LONGEST_REASON:
        raise InvalidInput(f"--reason is longer than {LONGEST_REASON} characters", "say it in fewer words")
    return words


def author_name(environment: Mapping[str, str]) -> str:
    """Return who runs this command, as well as the environment tells."""
    for variable in _NAMES:
        if name := environment.get(variable, "").strip():
            return name[:64]
    return f"uid {os.getuid()}"
