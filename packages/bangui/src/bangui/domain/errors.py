"""What can go wrong, in words for the person who has to do something about it.

One root. `str(error)` says what happened, `hint` what to do next; neither ends with a full stop, so that a caller
can join them as it likes.
"""

from __future__ import annotations

from enum import Enum

from bangui.domain.phrases import phrase


class BanGUIError(Exception):
    """Root of every error that BanGUI raises on purpose."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class AwayReason(Enum):
    """Why the daemon gave no answer."""

    MISSING = "missing"
    """There is no socket at that path."""
    REFUSED = "refused"
    """There is a socket, but nobody listens behind it."""
    DENIED = "denied"
    """The socket is there, but this user may not open it."""
    SLOW = "slow"
    """The daemon listens but did not answer in time."""
    LOST = "lost"
    """The connection broke before the answer had arrived."""
    FOREIGN = "foreign"
    """Something answers, but it does not talk like fail2ban."""


class DaemonAway(BanGUIError):
    """The daemon could not be asked."""

    def __init__(self, message: str, hint: str = "", *, reason: AwayReason) -> None:
        super().__init__(message, hint)
        self.reason = reason


class OperationRefused(BanGUIError):
    """The daemon understood and said no; `detail` is its own text, word for word."""

    def __init__(self, message: str, hint: str = "", *, detail: str = "") -> None:
        super().__init__(message, hint)
        self.detail = detail


class UnknownJail(OperationRefused):
    """No jail of that name runs on the host."""

    def __init__(self, jail: str, hint: str = "", *, detail: str = "") -> None:
        super().__init__(phrase("there is no jail named {jail!r}", jail=jail), hint, detail=detail)
        self.jail = jail


class InvalidInput(BanGUIError):
    """What a person typed cannot be what they meant; nothing was sent to the daemon."""


class DangerousBan(BanGUIError):
    """A ban that would hurt whoever asks for it; nothing was sent to the daemon."""
