"""The ports of the store of accounts.

Its functions block and raise `StoreError`; services call them in threads. Several processes may use one store
at once (the service and any number of commands), so whatever must hold between two rows is checked by the store inside
the transaction that changes them. Every change is recorded in the audit trail in the same transaction.

Of secrets the store knows digests only (`Secret.digest`), but for what one-time codes are made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bangui.domain.accounts import ApiToken, Credentials, Role, Session, User
from bangui.domain.audit import AuditEntry, AuditFilter, AuditPage
from bangui.domain.logins import Device, Opening, SessionRules, Step
from bangui.domain.secret import Secret
from bangui.domain.throttle import Charge, Refusal, ThrottleKind


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to be made; without a password nobody can log in to it with one."""

    id: str
    name: str
    role: Role
    password_hash: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserChange:
    """What of an account is to be another; None stays as it is."""

    role: Role | None = None
    is_disabled: bool | None = None
    password_hash: str | None = field(default=None, repr=False)


class UserStore(Protocol):
    """Accounts. Whatever takes something away from an account ends its sessions, but for the one that is kept."""

    def count(self) -> int:
        """Return how many accounts there are."""
        ...

    def all(self) -> Sequence[User]:
        """Return all accounts, in the order of their names."""
        ...

    def credentials(self, name: str) -> Credentials | None:
        """Return what an account is proven by; None where there is none of that name."""
        ...

    def credentials_of(self, user_id: str) -> Credentials | None:
        """Return what an account is proven by; None where it is gone."""
        ...

    def add(self, new: NewUser, entry: AuditEntry) -> User:
        """Make an account, or raise `NameTaken`."""
        ...

    def change(self, user_id: str, change: UserChange, entry: AuditEntry, *, keep: str | None = None) -> None:
        """Change an account, or raise `UnknownUser` or `LastAdministrator`; `keep` is a session that goes on."""
        ...

    def rehash(self, user_id: str, old: str, new: str) -> None:
        """Replace the hash of a password by another of the same one, unless it was changed meanwhile."""
        ...

    def remove(self, user_id: str, entry: AuditEntry) -> None:
        """Remove an account with all that belongs to it, or raise `UnknownUser` or `LastAdministrator`."""
        ...


class CodeStore(Protocol):
    """What one-time codes of accounts are made of, and recovery codes."""

    def propose(self, user_id: str, secret: Secret) -> None:
        """Keep what codes are to be made of once one of them was entered; raise `UnknownUser`."""
        ...

    def turn_on(self, user_id: str, used: int, recovery: Sequence[bytes], entry: AuditEntry) -> bool:
        """Ask for codes from now on, made of what was proposed; False where nothing is proposed any more."""
        ...

    def turn_off(self, user_id: str, entry: AuditEntry) -> None:
        """Ask for codes no more; raise `UnknownUser`."""
        ...

    def replace_recovery(self, user_id: str, recovery: Sequence[bytes], entry: AuditEntry) -> None:
        """Replace all recovery codes; raise `UnknownUser`."""
        ...

    def recovery_left(self, user_id: str) -> int:
        """Return how many recovery codes are not used."""
        ...


class LoginStore(Protocol):
    """Attempts to log in, what is between password and code, and browsers that are known."""

    def attempt(self, charges: Sequence[Charge], now: int) -> Refusal | None:
        """Charge an attempt; where one of the charges says wait, charge nothing and return that."""
        ...

    def give_back(self, charges: Sequence[Charge]) -> None:
        """Take back charges of an attempt that was no failure."""
        ...

    def forget_attempts(self, keys: Sequence[tuple[ThrottleKind, str]], entry: AuditEntry) -> None:
        """Forget the attempts of these keys."""
        ...

    def device(self, digest: bytes, since: int) -> Device | None:
        """Return a browser that is known, and was used since then."""
        ...

    def begin_step(self, step: Step, given_back: Sequence[Charge], now: int) -> None:
        """Wait for a code; of an account only its newest few steps are kept."""
        ...

    def step(self, digest: bytes, now: int) -> Step | None:
        """Return a step that still waits."""
        ...

    def count_wrong_code(self, digest: bytes, tries: int, entry: AuditEntry) -> None:
        """Count a wrong code, and end the step with the last of its tries."""
        ...


class SessionStore(Protocol):
    """Sessions."""

    def open(self, opening: Opening, rules: SessionRules, entry: AuditEntry) -> bool:
        """Open a session; False, and nothing is changed, where what was proven does not hold any more."""
        ...

    def find(self, digest: bytes) -> tuple[Session, User] | None:
        """Return a session and whose it is, also one that is over."""
        ...

    def touch(self, session_id: str, now: int) -> None:
        """Take note that a session is used."""
        ...

    def of_user(self, user_id: str) -> Sequence[Session]:
        """Return the sessions of an account, the one used last first, also those that are over."""
        ...

    def end(self, user_id: str, session_id: str, entry: AuditEntry) -> bool:
        """End a session of an account; False where there is none."""
        ...

    def end_others(self, user_id: str, keep: str | None, entry: AuditEntry) -> int:
        """End all sessions of an account but one, and return how many those were."""
        ...


@dataclass(frozen=True, slots=True)
class NewToken:
    """An API token to be made, and the digest of its secret."""

    token: ApiToken
    digest: bytes


class TokenStore(Protocol):
    """API tokens."""

    def add(self, new: NewToken, most: int, entry: AuditEntry) -> None:
        """Make a token; raise `UnknownUser`, or `TooMany` where the account has so many that are good."""
        ...

    def find(self, digest: bytes) -> tuple[ApiToken, User] | None:
        """Return a token and whose it is, also one that is over."""
        ...

    def touch(self, token_id: str, now: int, address: str | None) -> None:
        """Take note that a token is used."""
        ...

    def all(self, user_id: str | None = None) -> Sequence[ApiToken]:
        """Return the tokens of an account, or of all, the newest first."""
        ...

    def remove(self, token_id: str, user_id: str | None, entry: AuditEntry) -> bool:
        """Remove a token, of this account if one is named; False where there is none."""
        ...


class SetupStore(Protocol):
    """The one link that makes the first administrator."""

    def offer(self, digest: bytes, ends: int) -> bool:
        """Let this link be good, and no earlier one; False where there is an account already."""
        ...

    def is_good(self, digest: bytes, now: int) -> bool:
        """Whether a link is the one that is good now."""
        ...

    def use(self, digest: bytes, new: NewUser, entry: AuditEntry) -> User | None:
        """Make the first account, and no link good any more; None where the link is not good or not needed."""
        ...


class AuditStore(Protocol):
    """The audit trail."""

    def record(self, entry: AuditEntry) -> None:
        """Add an entry."""
        ...

    def page(self, filter: AuditFilter, size: int, before: int | None = None) -> AuditPage:
        """Return entries with lower numbers than `before`, the newest first."""
        ...

    def prune(self, until: int, most: int, batch: int) -> int:
        """Forget entries older than `until` and all beyond the newest `most`; return how many of a batch those were."""
        ...


class AccountStore(Protocol):
    """Everything of these in one database."""

    @property
    def users(self) -> UserStore:
        """Accounts."""
        ...

    @property
    def codes(self) -> CodeStore:
        """One-time codes."""
        ...

    @property
    def logins(self) -> LoginStore:
        """Attempts to log in."""
        ...

    @property
    def sessions(self) -> SessionStore:
        """Sessions."""
        ...

    @property
    def tokens(self) -> TokenStore:
        """API tokens."""
        ...

    @property
    def setup(self) -> SetupStore:
        """The link that makes the first administrator."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...
