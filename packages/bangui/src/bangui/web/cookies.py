"""The cookies of the console, all for its own server alone.

Over HTTPS their names promise what browsers then enforce: `__Host-` (only this host can set it, for all of its paths),
or `__Secure-` where the console has a base path. Over plain HTTP, on loopback, browsers allow no such name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

from bangui.domain.secret import Secret
from bangui.web.settings import WebSettings
from bangui.web.visitors import is_secure


class CookieKind(Enum):
    """What a cookie holds."""

    SESSION = "session"
    DEVICE = "device"
    """By which a browser is known in which somebody was logged in before."""
    STEP = "step"
    """Between the password and the one-time code."""
    FORM = "form"
    """By which the forms of somebody who is not logged in are known."""


# A link from elsewhere finds its reader logged in; all others are for our own requests only.
_SAME_SITE: dict[CookieKind, Literal["lax", "strict"]] = {CookieKind.SESSION: "lax"}


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads and writes the cookies of one console."""

    settings: WebSettings

    def read(self, connection: HTTPConnection, kind: CookieKind) -> Secret | None:
        """Return what a browser has brought; None where it has brought nothing."""
        value = connection.cookies.get(self._name(connection, kind), "")
        return Secret(value) if value else None

    def write(
        self, connection: HTTPConnection, response: Response, kind: CookieKind, secret: Secret, seconds: int | None
    ) -> None:
        """Give a browser a secret for so many seconds, or until it is closed."""
        response.set_cookie(
            self._name(connection, kind),
            secret.reveal(),
            max_age=seconds,
            path=self.settings.base_path or "/",
            secure=is_secure(connection, self.settings),
            httponly=True,
            samesite=_SAME_SITE.get(kind, "strict"),
        )

    def forget(self, connection: HTTPConnection, response: Response, kind: CookieKind) -> None:
        """Take a cookie back."""
        response.delete_cookie(
            self._name(connection, kind),
            path=self.settings.base_path or "/",
            secure=is_secure(connection, self.settings),
            httponly=True,
            samesite=_SAME_SITE.get(kind, "strict"),
        )

    def _name(self, connection: HTTPConnection, kind: CookieKind) -> str:
        prefix = ""
        if is_secure(connection, self.settings):
            prefix = "__Secure-" if self.settings.base_path else "__Host-"
        return f"{prefix}bangui_{kind.value}"
