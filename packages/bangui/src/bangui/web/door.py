"""Tells who sends a request: by an API token, a session, or the word of a trusted proxy.

An API token counts where programs ask and nowhere else, so that a page never acts with one. A proxy's word counts for
requests that come from a configured proxy, and is looked up as an account of ours: what that account may do is decided
here, as for everybody.
"""

from __future__ import annotations

from starlette.requests import HTTPConnection

from bangui.domain.accounts import Principal, Visitor
from bangui.domain.secret import Secret
from bangui.services.access import Access
from bangui.web.access import Caller, RouteKind
from bangui.web.cookies import CookieKind, Cookies
from bangui.web.settings import WebSettings
from bangui.web.visitors import address_of, is_secure, is_trusted

_LONGEST_AGENT = 200
_BEARER = "bearer "


class ClosedDoor:
    """Knows nobody: where there are no accounts, only what is open to all is answered."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._cookies = Cookies(settings)

    async def caller(self, connection: HTTPConnection, kind: RouteKind) -> Caller:
        """Return a stranger."""
        del kind
        visitor = Visitor(address_of(connection, self._settings))
        form = self._cookies.read(connection, CookieKind.FORM)
        return Caller(None, visitor, form, is_secure(connection, self._settings))


class AccountDoor:
    """Knows those who have an account."""

    def __init__(self, access: Access, settings: WebSettings) -> None:
        self._access = access
        self._settings = settings
        self._cookies = Cookies(settings)

    async def caller(self, connection: HTTPConnection, kind: RouteKind) -> Caller:
        """Return who has this session or token, or whom a proxy vouches for."""
        session = self._cookies.read(connection, CookieKind.SESSION)
        visitor = self._visitor(connection, session)
        secure = is_secure(connection, self._settings)
        if kind is RouteKind.API and (token := _bearer(connection)) is not None:
            principal = await self._access.tokens.principal(token, visitor.address)
            return Caller(principal, visitor, None, secure)
        form = self._cookies.read(connection, CookieKind.FORM)
        if session is not None and (found := await self._access.sessions.principal(session)):
            return Caller(found, visitor, session, secure)
        return Caller(await self._vouched(connection), visitor, form, secure)

    async def _vouched(self, connection: HTTPConnection) -> Principal | None:
        header = self._settings.login_header
        names = connection.headers.getlist(header) if header else []
        if len(names) != 1 or not names[0] or not is_trusted(connection, self._settings):
            return None
        return await self._access.sessions.vouched(names[0])

    def _visitor(self, connection: HTTPConnection, session: Secret | None) -> Visitor:
        return Visitor(
            address_of(connection, self._settings),
            connection.headers.get("user-agent", "")[:_LONGEST_AGENT],
            session,
            self._cookies.read(connection, CookieKind.DEVICE),
        )


def _bearer(connection: HTTPConnection) -> Secret | None:
    written = connection.headers.getlist("authorization")
    if not written:
        return None
    # Something else than one token of ours is a wrong token, and not the absence of one.
    is_token = len(written) == 1 and written[0].lower().startswith(_BEARER)
    return Secret(written[0][len(_BEARER) :].strip() if is_token else "")
