"""What can go wrong between a caller and a fail2ban daemon.

One root, two levels below it: the connection failed, the bytes made no sense, or the daemon understood and
refused. Facts are attributes; `hint` says what a person can do about it.
"""

from __future__ import annotations

from collections.abc import Sequence


class Fail2BanError(Exception):
    """Root of every error that this library raises on purpose."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        # Copying and pickling call the class with `args`, which are not what the subclasses take.
        return _blank, (type(self), *self.args), vars(self)


class Fail2BanConnectionError(Fail2BanError):
    """The daemon could not be reached, or went away before it had answered.

    `errno` holds the number of the operating system's error where there was one.
    """

    def __init__(self, message: str, socket_path: str, *, hint: str = "", errno: int | None = None) -> None:
        super().__init__(f"{message} (socket: {socket_path})", hint=hint)
        self.socket_path = socket_path
        self.errno = errno


class Fail2BanTimeoutError(Fail2BanConnectionError):
    """The daemon did not answer within the time limit; a command that changes something may still take effect."""


class Fail2BanProtocolError(Fail2BanError):
    """A reply that cannot be decoded, or a request that must not be sent; the message says whose fault it is."""


class Fail2BanCommandError(Fail2BanError):
    """The daemon read the command and answered with an error.

    `error_class` is the daemon's own class name (`fail2ban.exceptions.UnknownJailException`, `ValueError`),
    `message` its text, `command` the tokens that were sent.
    """

    def __init__(self, error_class: str, message: str, command: Sequence[object], *, hint: str = "") -> None:
        super().__init__(f"{error_class}: {message}" if error_class else message, hint=hint)
        self.error_class = error_class
        self.message = message
        self.command = tuple(command)


class UnknownJailError(Fail2BanCommandError):
    """No jail of that name runs in the daemon."""


class DuplicateJailError(Fail2BanCommandError):
    """A jail of that name runs already."""


class InvalidCommandError(Fail2BanCommandError):
    """The daemon does not know the command: misspelt, or newer than the daemon."""


class InvalidValueError(Fail2BanCommandError):
    """The daemon knows the command but not that value."""


def _blank(kind: type[Fail2BanError], *args: object) -> Fail2BanError:
    return kind.__new__(kind, *args)
