"""Sessions: one's own, and for administrators those of everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.account_rules import LONGEST_NAME, parse_user_name
from bangui.domain.accounts import Scope, Session
from bangui.web.access import Caller
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.own import person
from bangui.web.api.parts import access_of, moment
from bangui.web.api.problems import ApiError
from bangui.web.api.shapes import About
from bangui.web.api.users import UserPath
from bangui.web.site import Site

_TAG = "Sessions"
_SESSION = About("The `id` of a session.", "0123456789abcdef", longest=64)


@dataclass(frozen=True, slots=True)
class LoginSession:
    """A login that holds."""

    id: Annotated[str, _SESSION]
    created_at: Annotated[datetime | None, About("When somebody logged in.", "2026-11-25T08:00:00Z")]
    seen_at: Annotated[datetime | None, About("When it was used last, to the minute.", "2026-11-25T16:29:00Z")]
    ends_at: Annotated[datetime | None, About("When it ends at the latest.", "2026-12-02T08:00:00Z")]
    address: Annotated[str | None, About("Where it was opened from.", "192.0.2.1")]
    agent: Annotated[str, About("The browser, as it called itself.", "Mozilla/5.0")]
    is_this_one: Annotated[bool, About("Whether this request belongs to it.", example=False)]


@dataclass(frozen=True, slots=True)
class LoginSessions:
    """Sessions, the one that was used last first."""

    items: tuple[LoginSession, ...]
    next: Annotated[str | None, About("Always null: sessions are few.", None)] = None


@dataclass(frozen=True, slots=True)
class SessionPath:
    """Which session of whom."""

    user: Annotated[str, About("The name of an account.", "ada", longest=LONGEST_NAME, reads=parse_user_name)]
    session: Annotated[str, _SESSION]


@dataclass(frozen=True, slots=True)
class OwnSessionPath:
    """Which of one's own sessions."""

    session: Annotated[str, _SESSION]


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """Sessions that were ended."""

    ended: Annotated[int, About("How many.", 2)]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations of sessions."""
    sessions = _Sessions(site)
    return (*_of_oneself(sessions), *_of_others(sessions))


def _of_others(sessions: _Sessions) -> tuple[Operation, ...]:
    all_of, known = "/users/{user}/sessions", ("unknown-user",)
    return (
        Operation(
            "listSessions",
            "GET",
            all_of,
            _TAG,
            "List the sessions of an account",
            Scope.ADMINISTER,
            sessions.all_of,
            problems=known,
        ),
        Operation(
            "endSessions",
            "DELETE",
            all_of,
            _TAG,
            "End all sessions of an account",
            Scope.ADMINISTER,
            sessions.end_all,
            problems=known,
        ),
        Operation(
            "endSession",
            "DELETE",
            f"{all_of}/{{session}}",
            _TAG,
            "End a session of an account",
            Scope.ADMINISTER,
            sessions.end,
            status=204,
            problems=(*known, "not-found"),
        ),
    )


def _of_oneself(sessions: _Sessions) -> tuple[Operation, ...]:
    mine = "/me/sessions"
    return (
        Operation("listOwnSessions", "GET", mine, _TAG, "List one's own sessions", Scope.READ, sessions.own),
        Operation(
            "endOwnSession",
            "DELETE",
            f"{mine}/{{session}}",
            _TAG,
            "End one of one's own sessions",
            Scope.READ,
            sessions.end_own,
            status=204,
            text="A token needs the scope `administer` for this.",
            problems=("not-found",),
        ),
    )


class _Sessions:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def own(self, call: Call[Nothing, Nothing]) -> LoginSessions:
        """List one's own sessions."""
        return await self._listed(person(call.caller).user.id, call.caller)

    async def all_of(self, call: Call[UserPath, Nothing]) -> LoginSessions:
        """List the sessions of an account."""
        user = await access_of(self._site).accounts.user(call.asked.user)
        return await self._listed(user.id, call.caller)

    async def end_own(self, call: Call[OwnSessionPath, Nothing]) -> Nothing:
        """End one of one's own sessions."""
        return await self._end(person(call.caller, changes=True).user.name, call.asked.session, call.caller)

    async def end(self, call: Call[SessionPath, Nothing]) -> Nothing:
        """End a session of an account."""
        return await self._end(call.asked.user, call.asked.session, call.caller)

    async def end_all(self, call: Call[UserPath, Nothing]) -> SessionsEnded:
        """End all sessions of an account."""
        return SessionsEnded(await access_of(self._site).sessions.end_all(call.asked.user, call.caller.actor))

    async def _end(self, name: str, session: str, caller: Caller) -> Nothing:
        if not await access_of(self._site).sessions.end(name, session, caller.actor):
            raise ApiError("not-found", "There is no such session.", "It may have ended.")
        return Nothing()

    async def _listed(self, user_id: str, caller: Caller) -> LoginSessions:
        session = caller.principal.session if caller.principal else None
        this = None if session is None else session.id
        found = await access_of(self._site).sessions.of_user(user_id)
        return LoginSessions(tuple(_told(one, is_this_one=one.id == this) for one in found))


def _told(session: Session, *, is_this_one: bool) -> LoginSession:
    return LoginSession(
        session.id,
        moment(session.created),
        moment(session.seen),
        moment(session.ends),
        session.address,
        session.agent,
        is_this_one,
    )
