"""Asks somebody who is logged in for their password again, before what a stolen session must not be able to do."""

from __future__ import annotations

from bangui.domain.access_errors import TooBusy
from bangui.domain.access_ports import AccountStore
from bangui.domain.accounts import Principal, Visitor
from bangui.domain.audit import AccessAction, AuditEntry, AuditResult
from bangui.domain.logins import LoginRefused, RefusalReason
from bangui.domain.secret import Secret
from bangui.domain.throttle import confirmation_charges
from bangui.services.account_store import ask
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.hashing import Hashing
from bangui.services.login_log import Method, login_failed


class Confirmations:
    """Checks passwords of people who are logged in, as slowly as those of others."""

    def __init__(self, store: AccountStore, hashing: Hashing, *, now: Now = unix_milliseconds) -> None:
        self._store = store
        self._hashing = hashing
        self._now = now

    async def refusal(self, principal: Principal, password: Secret, visitor: Visitor) -> LoginRefused | None:
        """Return None where the password is right, and otherwise what is wrong."""
        user, now = principal.user, self._now()
        charges = confirmation_charges(user.id)
        if refusal := await ask(lambda: self._store.logins.attempt(charges, now)):
            return LoginRefused(RefusalReason.WAIT, max(1, -(-refusal.wait // 1000)))
        found = await ask(lambda: self._store.users.credentials_of(user.id))
        try:
            check = await self._hashing.check(None if found is None else found.password_hash, password)
        except TooBusy:
            return LoginRefused(RefusalReason.BUSY, 1)
        if check.is_right:
            await ask(lambda: self._store.logins.give_back(charges))
            return None
        login_failed(visitor, user.name, Method.WORD)
        actor = principal.actor(visitor.address)
        entry = AuditEntry(
            now,
            actor.name,
            actor.via,
            actor.address,
            AccessAction.CONFIRM.value,
            user.name,
            AuditResult.REFUSED,
            "wrong password",
        )
        await ask(lambda: self._store.audit.record(entry))
        return LoginRefused(RefusalReason.WRONG)
