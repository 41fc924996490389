"""The log of logins, one line each, for people and for fail2ban.

    ... warning login_failed address=203.0.113.7 user=root method=password reason=wrong

The line is a promise: `bangui/fail2ban/filter.d/bangui.conf` matches it. The address comes first and is one in
canonical form, or `-`; what a stranger has typed comes after it, shortened, and the formatter of the log quotes and
escapes it (`bangui.adapters.logs`). Only what an address has done itself is logged so: a login that is refused because
others attack the same account is no failure of whoever wanted to log in.
"""

from __future__ import annotations

import logging
from enum import Enum

from bangui.domain.account_rules import LONGEST_NAME
from bangui.domain.accounts import Visitor

_log = logging.getLogger("bangui.login")


class Method(Enum):
    """What somebody has tried to get in with."""

    WORD = "password"
    CODE = "code"
    SETUP = "setup"


def login_failed(visitor: Visitor, name: str, method: Method) -> None:
    """Log that a password, a code or a link was wrong."""
    _log.warning("login_failed", extra=_fields(visitor, name, method) | {"reason": "wrong"})


def login_hammered(visitor: Visitor, name: str, method: Method) -> None:
    """Log that an address goes on although it was told to wait."""
    _log.warning("login_failed", extra=_fields(visitor, name, method) | {"reason": "wait"})


def login_slowed(visitor: Visitor, name: str, method: Method) -> None:
    """Log that somebody has to wait because of what others do."""
    _log.info("login_slowed", extra=_fields(visitor, name, method))


def logged_in(visitor: Visitor, name: str) -> None:
    """Log that somebody was let in."""
    _log.info("logged_in", extra={"address": visitor.address or "-", "user": name})


def _fields(visitor: Visitor, name: str, method: Method) -> dict[str, object]:
    return {"address": visitor.address or "-", "user": name[:LONGEST_NAME], "method": method.value}
