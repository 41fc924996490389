"""The audit trail: who did what, when, from where, on what, and with which result; as plain values.

An entry is written with the change that it tells of, in one transaction, or right after what cannot be in one (a ban).
No entry holds a secret, and none is ever changed; old ones are forgotten by age and by number.

Texts may have been written by attackers (a target can be any id of a ban). They are kept as they are, cut to a length,
and shown inert.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bangui.domain.accounts import Actor, Via


class AuditResult(Enum):
    """What came of it."""

    DONE = "done"
    REFUSED = "refused"
    """It was not allowed, or made no sense; nothing was changed."""
    FAILED = "failed"
    """It was tried, and did not work, or not wholly."""


class AccessAction(Enum):
    """What is done with accounts; other parts of the product have actions of their own, written alike."""

    LOGIN = "login"
    LOGOUT = "logout"
    SETUP = "setup"
    CONFIRM = "confirm"
    USER_ADD = "user.add"
    USER_REMOVE = "user.remove"
    USER_ROLE = "user.role"
    USER_DISABLE = "user.disable"
    USER_ENABLE = "user.enable"
    USER_CREDENTIALS = "user.password"
    USER_FORGIVE = "user.forgive"
    CODES_ON = "codes.on"
    CODES_OFF = "codes.off"
    CODES_RECOVERY = "codes.recovery"
    SESSION_END = "session.end"
    API_ADD = "api-token.add"
    API_REMOVE = "api-token.remove"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done. `time` is in Unix milliseconds; `host` is empty where it is about the console itself."""

    time: int
    actor: str
    via: Via
    address: str | None
    action: str
    target: str = ""
    result: AuditResult = AuditResult.DONE
    detail: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """An entry and its number: later ones have higher ones."""

    number: int
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; what is None is not asked for. `since` is in, `until` is not; `action` is one or its beginning."""

    since: int | None = None
    until: int | None = None
    actor: str | None = None
    action: str | None = None
    target: str | None = None
    result: AuditResult | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, the newest first. `next` continues after the last of them; None at the end."""

    entries: tuple[RecordedEntry, ...]
    next: int | None


def entry_of(actor: Actor, time: int, action: AccessAction, target: str = "", detail: str = "") -> AuditEntry:
    """Return the entry of something that somebody has done with accounts."""
    return AuditEntry(time, actor.name, actor.via, actor.address, action.value, target, detail=detail)
