"""People and programs that may use the console: who they are, what they may do, and how they show it.

Times are Unix times in milliseconds. An account is known by `id`, which is never used again; its name can be: somebody
who gets the name of a person that is gone gets nothing else of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from bangui.domain.client_addresses import client_address
from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import phrase
from bangui.domain.secret import Secret

_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)


class Role(IntEnum):
    """What a person may do; each role includes those before it."""

    VIEWER = 1
    """May see everything and change nothing."""
    OPERATOR = 2
    """May ban and unban as well."""
    ADMIN = 3
    """May do everything: accounts, and the configuration of fail2ban, which is root's."""

    @property
    def text(self) -> str:
        """The role as people and programs write it."""
        return self.name.lower()


class Scope(Enum):
    """What an API token may do, within what its owner may."""

    READ = "read"
    BAN = "ban"
    CONFIGURE = "configure"
    ADMINISTER = "administer"
    """Accounts, sessions, tokens and the audit trail."""

    @property
    def least_role(self) -> Role:
        """The least role that may do this."""
        return _LEAST_ROLES[self]


_LEAST_ROLES = {
    Scope.READ: Role.VIEWER,
    Scope.BAN: Role.OPERATOR,
    Scope.CONFIGURE: Role.ADMIN,
    Scope.ADMINISTER: Role.ADMIN,
}


class Via(Enum):
    """How somebody showed who they are."""

    LOGIN = "login"
    """Not yet: they try to."""
    SESSION = "session"
    API = "api token"
    PROXY = "proxy"
    """A trusted proxy vouches for them."""
    SETUP = "setup link"
    COMMAND = "command line"
    """They may read and write the database itself."""
    SERVICE = "service"
    """Nobody asked: BanGUI follows a rule that somebody set."""


@dataclass(frozen=True, slots=True)
class User:
    """An account. `has_codes` is whether a one-time code is asked for after the password."""

    id: str
    name: str
    role: Role
    is_disabled: bool
    created: int
    has_password: bool
    has_codes: bool
    password_changed: int | None = None
    last_login: int | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account is proven by. `used_code` is the time step of the last one-time code that was accepted."""

    user: User
    password_hash: str | None = field(repr=False)
    code_secret: Secret | None = None
    pending_code_secret: Secret | None = None
    used_code: int | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent a request, as far as the request tells: nothing of it but the address is more than a claim.

    `address` is in canonical form, None where there is none (a Unix socket); `session` and `device` are what the
    browser brought.
    """

    address: str | None
    agent: str = ""
    session: Secret | None = None
    device: Secret | None = None

    def __post_init__(self) -> None:
        if self.address is not None and client_address(self.address) != self.address:
            raise ValueError("a visitor's address must be in the form of `client_address`")


@dataclass(frozen=True, slots=True)
class Session:
    """A login that holds until `ends`, if it is used (`seen`) and not ended before."""

    id: str
    user_id: str
    created: int
    seen: int
    ends: int
    address: str | None
    agent: str


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of an account; `shown` is how it begins, for its owner to know it by."""

    id: str
    user_id: str
    user_name: str
    name: str
    shown: str
    scopes: frozenset[Scope]
    created: int
    ends: int
    used: int | None = None
    used_from: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as the audit trail tells it."""

    name: str
    via: Via
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who has shown who they are. `scopes` is None where nothing but the role limits them."""

    user: User
    via: Via
    session: Session | None = None
    token: ApiToken | None = None

    @property
    def scopes(self) -> AbstractSet[Scope]:
        """Everything that they may do."""
        of_role = {scope for scope in Scope if scope.least_role <= self.user.role}
        return of_role if self.token is None else of_role & self.token.scopes

    def may(self, scope: Scope) -> bool:
        """Whether they may do what the scope names."""
        return scope in self.scopes

    def actor(self, address: str | None) -> Actor:
        """Return them as the audit trail names them."""
        name = self.user.name if self.token is None else f"{self.user.name} ({self.token.name})"
        return Actor(name, self.via, address)


def is_id(text: str) -> bool:
    """Whether this may be the id of an account, a session or a token."""
    return _ID.fullmatch(text) is not None


def parse_role(text: str) -> Role:
    """Return the role of that name, or raise `InvalidInput`."""
    written = text.strip().lower()
    for role in Role:
        if role.text == written:
            return role
    raise InvalidInput(
        phrase("{text!r} is no role", text=text),
        phrase("say one of {choices}", choices=", ".join(role.text for role in Role)),
    )


def parse_scopes(text: str) -> frozenset[Scope]:
    """Return the scopes that are named, by blanks or commas between them; or raise `InvalidInput`."""
    words = text.lower().replace(",", " ").split()
    known = {scope.value: scope for scope in Scope}
    unknown = [word for word in words if word not in known]
    if unknown or not words:
        what = (
            phrase("{word!r} is nothing that a token may do", word=unknown[0])
            if unknown
            else phrase("a token must be good for something")
        )
        raise InvalidInput(what, phrase("say one or more of {choices}", choices=", ".join(known)))
    return frozenset(known[word] for word in words)
