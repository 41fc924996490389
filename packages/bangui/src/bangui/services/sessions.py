"""Sessions: whose request it is, and which logins there are.

A session is looked up in the database for every request, so one that is ended, also by another process, is ended at
once. It holds until its end, and no longer than it is used.
"""

from __future__ import annotations

from collections.abc import Sequence

from bangui.domain.access_errors import UnknownUser
from bangui.domain.access_ports import AccountStore
from bangui.domain.account_rules import canonical_name
from bangui.domain.accounts import Actor, Principal, Session, Via, is_id
from bangui.domain.audit import AccessAction, entry_of
from bangui.domain.logins import SessionRules
from bangui.domain.secret import Purpose, Secret, is_encoded_secret
from bangui.services.account_store import ask, mention
from bangui.services.clock import Now, unix_milliseconds

# Writing for each request would cost more than the request.
_TOUCH_MILLISECONDS = 60_000
# A session that was opened while the clock was wrong would hold for as long as it was ahead.
_CLOCK_MILLISECONDS = 300_000


class SessionService:
    """The sessions of one console."""

    def __init__(self, store: AccountStore, *, rules: SessionRules | None = None, now: Now = unix_milliseconds) -> None:
        self._store = store
        self._rules = rules or SessionRules()
        self._now = now

    async def principal(self, secret: Secret) -> Principal | None:
        """Return who has this session; None where it is none, or over."""
        if not is_encoded_secret(secret):
            return None
        digest = secret.digest(Purpose.SESSION)
        found = await ask(lambda: self._store.sessions.find(digest))
        if found is None:
            return None
        session, user = found
        now = self._now()
        if user.is_disabled or not self._holds(session, now):
            return None
        if abs(now - session.seen) >= _TOUCH_MILLISECONDS:
            await mention(lambda: self._store.sessions.touch(session.id, now))
        return Principal(user, Via.SESSION, session)

    async def vouched(self, name: str) -> Principal | None:
        """Return the account that a trusted proxy vouches for; None where there is none."""
        canonical = canonical_name(name)
        if canonical is None:
            return None
        found = await ask(lambda: self._store.users.credentials(canonical))
        return None if found is None or found.user.is_disabled else Principal(found.user, Via.PROXY)

    async def of_user(self, user_id: str) -> Sequence[Session]:
        """Return the sessions of an account that hold, the one used last first."""
        sessions = await ask(lambda: self._store.sessions.of_user(user_id))
        now = self._now()
        return [session for session in sessions if self._holds(session, now)]

    async def log_out(self, principal: Principal, address: str | None) -> None:
        """End the session that somebody is in."""
        session = principal.session
        if session is not None:
            entry = entry_of(principal.actor(address), self._now(), AccessAction.LOGOUT, principal.user.name)
            await ask(lambda: self._store.sessions.end(session.user_id, session.id, entry))

    async def end(self, name: str, session_id: str, by: Actor) -> bool:
        """End a session of an account; False where there is none."""
        user_id = await self._id_of(name)
        if not is_id(session_id):
            return False
        entry = entry_of(by, self._now(), AccessAction.SESSION_END, name)
        return await ask(lambda: self._store.sessions.end(user_id, session_id, entry))

    async def end_all(self, name: str, by: Actor, keep: Session | None = None) -> int:
        """End all sessions of an account, but for one that is kept; return how many those were."""
        user_id = await self._id_of(name)
        what = "all" if keep is None else "all others"
        entry = entry_of(by, self._now(), AccessAction.SESSION_END, name, what)
        return await ask(lambda: self._store.sessions.end_others(user_id, None if keep is None else keep.id, entry))

    def _holds(self, session: Session, now: int) -> bool:
        is_from_a_wrong_clock = session.created > now + _CLOCK_MILLISECONDS
        is_idle = now - session.seen > self._rules.idle * 1000
        return not is_from_a_wrong_clock and not is_idle and now < session.ends

    async def _id_of(self, name: str) -> str:
        canonical = canonical_name(name)
        found = None if canonical is None else await ask(lambda: self._store.users.credentials(canonical))
        if found is None:
            raise UnknownUser(name)
        return found.user.id
