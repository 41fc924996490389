"""Who sends a request, and what it needs to be answered.

A route names what its callers must be allowed (`Needs`); a doorkeeper says who a caller is. Whoever shows nothing, or
nothing that holds, is a stranger, and may do what is open to all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from starlette.requests import HTTPConnection

from bangui.domain.accounts import Actor, Principal, Scope, Visitor
from bangui.domain.secret import Purpose, Secret


class Open(Enum):
    """Stands where nothing is needed: a monitor, the login, style sheets."""

    TO_ALL = "to all"


Needs = Scope | Open


class RouteKind(Enum):
    """What a route is for, which decides who may send its requests and how callers show who they are."""

    PAGE = "page"
    """A document: links from other sites may lead to it."""
    DATA = "data"
    """For our own pages, never for another site's."""
    FORM = "form"
    """What a form of ours sends: it carries the token that only our pages have."""
    API = "api"
    """For programs, which show an API token; our own pages may ask as well."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request.

    `form_secret` is what this browser's forms are known by: that of its session or, before a login, one of its own.
    None where the browser has none yet. `is_secure` says that the browser speaks HTTPS.
    """

    principal: Principal | None
    visitor: Visitor
    form_secret: Secret | None = None
    is_secure: bool = False

    @property
    def actor(self) -> Actor:
        """The caller as the audit trail names them; only of somebody who is known."""
        if self.principal is None:
            raise ValueError("a stranger does nothing that is recorded")
        return self.principal.actor(self.visitor.address)

    @property
    def form_token(self) -> str:
        """What a form of this caller carries; empty where the browser has nothing to know it by."""
        return "" if self.form_secret is None else self.form_secret.digest(Purpose.FORM).hex()

    def may(self, needs: Needs) -> bool:
        """Whether the caller is allowed what a route needs."""
        return needs is Open.TO_ALL or (self.principal is not None and self.principal.may(needs))


class Doorkeeper(Protocol):
    """Tells who sends a request."""

    async def caller(self, connection: HTTPConnection, kind: RouteKind) -> Caller:
        """Return who it is, or raise `AccessUnavailable` where that cannot be found out."""
        ...


def caller_of(connection: HTTPConnection) -> Caller:
    """Return who sends a request that has passed the gate."""
    found = known_caller(connection)
    if found is None:
        raise ValueError("this request has not passed the gate")
    return found


def known_caller(connection: HTTPConnection) -> Caller | None:
    """Return who sends a request; None where it was refused before that was asked."""
    found = getattr(connection.state, "caller", None)
    return found if isinstance(found, Caller) else None
