"""The library's errors in the domain's words, each with what a person can do about it.

This is the only place where errors are translated.
"""

from __future__ import annotations

import errno
import os
import stat

from aiofail2ban import (
    Fail2BanCommandError,
    Fail2BanConnectionError,
    Fail2BanError,
    Fail2BanTimeoutError,
    UnknownJailError,
)
from bangui.domain.errors import AwayReason, BanGUIError, DaemonAway, OperationRefused, UnknownJail
from bangui.domain.phrases import phrase

_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
_BUSY = frozenset({errno.EAGAIN, errno.ENOBUFS})


def translated(error: Fail2BanError, jail: str | None) -> BanGUIError:
    """Return the error for the domain; `jail` is the one that the operation named."""
    if isinstance(error, Fail2BanTimeoutError):
        return DaemonAway(
            phrase("fail2ban at {socket_path} did not answer in time", socket_path=error.socket_path),
            phrase("it may be busy with a slow ban action: its log tells; try again, or allow more time"),
            reason=AwayReason.SLOW,
        )
    if isinstance(error, Fail2BanConnectionError):
        return _unreachable(error.socket_path, error.errno)
    if isinstance(error, UnknownJailError) and jail is not None:
        return UnknownJail(jail, phrase("it may have been stopped"), detail=str(error))
    if isinstance(error, Fail2BanCommandError):
        return OperationRefused(
            phrase("fail2ban refused: {message}", message=error.message),
            phrase("its log may tell more"),
            detail=str(error),
        )
    return DaemonAway(
        phrase("the answer makes no sense: {error}", error=error),
        phrase("is it really fail2ban's socket?"),
        reason=AwayReason.FOREIGN,
    )


def _unreachable(path: str, code: int | None) -> DaemonAway:
    if code in _NOWHERE:
        return DaemonAway(
            phrase("there is no fail2ban socket at {path}", path=path),
            phrase("is fail2ban running? try: sudo systemctl start fail2ban"),
            reason=AwayReason.MISSING,
        )
    if code in _FORBIDDEN:
        return DaemonAway(
            phrase("permission denied for fail2ban's socket {path}", path=path),
            phrase("it belongs to root: use sudo"),
            reason=AwayReason.DENIED,
        )
    if code in _BUSY:
        return DaemonAway(
            phrase("fail2ban at {path} is busy and takes no connection", path=path),
            phrase("it may be working on a slow ban action: try again in a moment"),
            reason=AwayReason.SLOW,
        )
    if code == errno.ECONNREFUSED and not _is_socket(path):
        return DaemonAway(
            phrase("{path} is not a socket", path=path), phrase("name fail2ban's socket"), reason=AwayReason.FOREIGN
        )
    if code == errno.ECONNREFUSED:
        return DaemonAway(
            phrase("nobody listens at fail2ban's socket {path}", path=path),
            phrase("fail2ban died or is just starting; try: sudo systemctl restart fail2ban"),
            reason=AwayReason.REFUSED,
        )
    return DaemonAway(
        phrase("fail2ban at {path} closed the connection before it answered", path=path),
        phrase("it may be restarting: try again in a moment"),
        reason=AwayReason.LOST,
    )


def _is_socket(path: str) -> bool:
    # The kernel refuses a connection to an ordinary file with the same error as to a socket that nobody listens at.
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)  # noqa: PTH116 - pathlib is slow to import
    except OSError:
        return True
