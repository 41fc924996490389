"""What tests of accounts stand on: a clock that is set by hand, and values that need no thought."""

from __future__ import annotations

from itertools import count

from bangui.domain.access_ports import NewUser
from bangui.domain.accounts import Role, Session, Via
from bangui.domain.audit import AuditEntry

NOW = 1_800_000_000_000
"""When these tests begin, in Unix milliseconds."""

_numbers = count(1)


class SetClock:
    """A clock that stands still until it is moved; times in Unix milliseconds."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def move(self, seconds: float) -> None:
        """Move the clock, also backwards."""
        self.now += round(seconds * 1000)


def an_id() -> str:
    """Return an id that no other call returns."""
    return f"{next(_numbers):016x}"


def an_entry(target: str = "", time: int = NOW, action: str = "test") -> AuditEntry:
    """Return an entry of the audit trail."""
    return AuditEntry(time, "tests", Via.COMMAND, "192.0.2.1", action, target)


def a_new_user(name: str = "ada", role: Role = Role.ADMIN, password_hash: str | None = "hash") -> NewUser:
    """Return an account to be made."""
    return NewUser(an_id(), name, role, password_hash)


def a_session(user_id: str, now: int = NOW, seconds: int = 3_600) -> Session:
    """Return a session to be opened."""
    return Session(an_id(), user_id, now, now, now + seconds * 1000, "192.0.2.1", "a browser")
