"""The application with its door open: for tests of what is behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from bangui.domain.accounts import ApiToken, Principal, Role, Scope, User, Via, Visitor
from bangui.domain.secret import Secret, encode_secret
from bangui.web import Services, WebSettings, create_app
from bangui.web.access import Caller, RouteKind
from bangui.web.ports import HistorySource, LiveSource

FORM_SECRET = encode_secret(b"f" * 32)


def a_principal(role: Role = Role.ADMIN, name: str = "ada") -> Principal:
    """Return somebody with an account."""
    user = User("0" * 16, name, role, is_disabled=False, created=0, has_password=True, has_codes=False)
    return Principal(user, Via.SESSION)


def a_program(scopes: frozenset[Scope], role: Role = Role.ADMIN) -> Principal:
    """Return a program with an API token of somebody."""
    user = a_principal(role).user
    token = ApiToken("1" * 16, user.id, user.name, "backup", "bgt_abcd", scopes, 0, 1)
    return Principal(user, Via.API, token=token)


class OpenDoor:
    """Knows everybody as one and the same; None as a stranger."""

    def __init__(self, principal: Principal | None, form_secret: Secret = FORM_SECRET) -> None:
        self.principal = principal
        self.form_secret = form_secret

    async def caller(self, connection: HTTPConnection, kind: RouteKind) -> Caller:
        del connection, kind
        return Caller(self.principal, Visitor("127.0.0.1", "a browser"), self.form_secret)

    @property
    def form_token(self) -> str:
        """What the forms of everybody carry."""
        return Caller(self.principal, Visitor(None), self.form_secret).form_token


def open_app(
    live: LiveSource,
    settings: WebSettings,
    *,
    history: HistorySource | None = None,
    services: Services | None = None,
    role: Role | None = Role.ADMIN,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ASGIApp:
    """Return the application as somebody with this role sees it, without a login; None for a stranger."""
    door = OpenDoor(None if role is None else a_principal(role))
    return create_app(live, settings, services or Services(history=history), door=door, now=now)
