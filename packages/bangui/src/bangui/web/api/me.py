"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.accounts import Role, Scope, Via
from bangui.domain.moments import moment_of
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.problems import ApiError
from bangui.web.api.shapes import About
from bangui.web.site import Site


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks."""

    user: Annotated[str, About("The name of the account.", "ada")]
    role: Role
    via: Annotated[Via, About("How the request showed whose it is.", "api-token")]
    scopes: Annotated[tuple[Scope, ...], About("What the request may do.", ("read", "ban"))]
    address: Annotated[str | None, About("Where the request comes from.", "192.0.2.1")]
    token: Annotated[str | None, About("The name of the token; null for a session.", "firewall of the office")]
    token_ends: Annotated[datetime | None, About("When the token ends.", "2027-11-25T16:30:00Z")]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations about the caller."""
    del site
    return (Operation("getMe", "GET", "/me", "Access", "Tell who asks", Scope.READ, _me),)


async def _me(call: Call[Nothing, Nothing]) -> Me:
    principal = call.caller.principal
    if principal is None:
        raise ApiError("unauthorized", "BanGUI does not know who asks.")
    token = principal.token
    return Me(
        principal.user.name,
        principal.user.role,
        principal.via,
        tuple(scope for scope in Scope if principal.may(scope)),
        call.caller.visitor.address,
        None if token is None else token.name,
        None if token is None else moment_of(token.ends),
    )
