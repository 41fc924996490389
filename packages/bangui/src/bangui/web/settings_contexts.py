"""What the templates of the settings get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from markupsafe import Markup

from bangui.domain.accounts import ApiToken, User
from bangui.domain.retention import RetentionWords
from bangui.web.contexts import Frame


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A login that holds; `agent` is what the browser says of itself."""

    id: str
    created: datetime
    seen: datetime
    ends: datetime
    address: str | None
    agent: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token of somebody; `scopes` in words."""

    token: ApiToken
    scopes: str
    ends: datetime
    used: datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """Something that a token may do."""

    value: str
    meaning: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class KeptHistory:
    """What the history holds, and for how long; `is_as_started` where that is what the command line says."""

    events: int
    size: str
    first: datetime | None
    rules: RetentionWords
    is_as_started: bool


@dataclass(frozen=True, slots=True)
class SettingsView:
    """Somebody's own account. `problems` says by the name of a form why it was not done; `typed` is what it held.

    `asks_password` is False for somebody whom a proxy vouches for: there is no password to ask for.
    """

    now: datetime
    user: User
    asks_password: bool
    recovery_left: int
    sessions: tuple[SessionRow, ...]
    tokens: tuple[TokenRow, ...]
    scopes: tuple[ScopeChoice, ...]
    kept: KeptHistory | None
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The page at `/settings`."""

    template: ClassVar[str] = "settings.html"
    frame: Frame
    view: SettingsView


@dataclass(frozen=True, slots=True)
class EnrolmentPage:
    """What an authenticator takes in, as a picture and as text."""

    template: ClassVar[str] = "settings_codes.html"
    frame: Frame
    picture: Markup
    secret: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ShownOncePage:
    """Secrets that are shown once: recovery codes, or one API token."""

    template: ClassVar[str] = "settings_shown.html"
    frame: Frame
    title: str
    text: str
    secrets: tuple[str, ...]
    back: str


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account as administrators see it."""

    user: User
    last_login: datetime | None
    is_self: bool


@dataclass(frozen=True, slots=True)
class UsersView:
    """All accounts and all tokens."""

    now: datetime
    users: tuple[UserRow, ...]
    tokens: tuple[TokenRow, ...]
    asks_password: bool
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsersPage:
    """The page at `/settings/users`."""

    template: ClassVar[str] = "users.html"
    frame: Frame
    view: UsersView


@dataclass(frozen=True, slots=True)
class UserPage:
    """The page of one account, with what can be done with it."""

    template: ClassVar[str] = "user.html"
    frame: Frame
    now: datetime
    row: UserRow
    sessions: tuple[SessionRow, ...]
    asks_password: bool
    problems: Mapping[str, str] = field(default_factory=dict)
