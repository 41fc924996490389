"""What comes of an attempt to log in, what it is made of on the way, and for how long a login holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from bangui.domain.accounts import Session, User
from bangui.domain.secret import Secret
from bangui.domain.throttle import Charge

HOUR = 3_600
DAY = 24 * HOUR

# Ten minutes: codes are accepted from one step around the present.
_STEPS_OF_A_WRONG_CLOCK = 20


@dataclass(frozen=True, slots=True)
class SessionRules:
    """For how long what holds, in seconds, and how many of each an account has at most: the oldest goes for a new one.

    session: from the login on, whatever happens.
    idle: without any use.
    step: between the password and the one-time code.
    tries: codes that may be wrong before the password is asked for again.
    device: how long a browser is known after the last login in it.
    setup: how long the link for the first administrator is good.
    """

    session: int = 7 * DAY
    idle: int = 12 * HOUR
    step: int = 300
    tries: int = 5
    device: int = 90 * DAY
    setup: int = HOUR
    most_sessions: int = 50
    most_devices: int = 20


class RefusalReason(Enum):
    """Why somebody is not let in. None of these says whether there is such an account."""

    WRONG = "wrong"
    """The name, the password or the code: nobody is told which."""
    WAIT = "wait"
    """There were too many attempts; this one was not looked at."""
    BUSY = "busy"
    """Too many log in at this moment."""
    EXPIRED = "expired"
    """The password was too long ago, or too many codes were wrong: it is asked for again."""


@dataclass(frozen=True, slots=True)
class LoginRefused:
    """Not let in; `wait` is in how many whole seconds another attempt is looked at."""

    reason: RefusalReason
    wait: int = 0


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The password is right. A one-time code must follow, with this secret, before `ends` (Unix milliseconds)."""

    step: Secret
    ends: int


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Let in. The browser gets `secret` for its session, and `device` to be known by where that is not None."""

    user: User
    session: Session
    secret: Secret
    device: Secret | None


LoginOutcome = LoggedIn | CodeWanted | LoginRefused


def is_new_code(used: int | None, step: int) -> bool:
    """Whether a code of this time step may be used after that of another: each is good once, and none goes back.

    A step far ahead of any that could have been accepted now is from a clock that was wrong, and counts for nothing:
    otherwise nobody could log in until that time comes.
    """
    return used is None or step > used or used - step > _STEPS_OF_A_WRONG_CLOCK


@dataclass(frozen=True, slots=True)
class Step:
    """A right password that waits for a code."""

    digest: bytes
    user_id: str
    ends: int


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which an account was logged in before."""

    id: str
    user_id: str
    user_name: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What has been proven, and is used up by it: the hash that a password matched, a step, and one of two codes.

    `code` is the time step of a one-time code and `used_code` that of the last one when it was checked, `recovery` the
    digest of a recovery code.
    """

    password_hash: str = field(repr=False)
    step: bytes | None = None
    code: int | None = None
    used_code: int | None = None
    recovery: bytes | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A session to be opened, and what goes with it.

    `replaces` is the digest of the session that the browser had, `new_device` an id and a digest, `known_device` the id
    of the one that it brought. `given_back` are the charges of an attempt that was right.
    """

    session: Session
    digest: bytes
    proof: Proof
    replaces: bytes | None = None
    new_device: tuple[str, bytes] | None = None
    known_device: str | None = None
    given_back: Sequence[Charge] = ()
