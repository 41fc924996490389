"""The link with which the first administrator is made: for whoever can read what the service prints at its start.

It is good once, for a limited time, and only while there is no account at all; a new one makes the old one void.
"""

from __future__ import annotations

from dataclasses import dataclass

from bangui.domain.access_errors import SetupRefused
from bangui.domain.access_ports import AccountStore, NewUser
from bangui.domain.account_rules import check_password, parse_user_name
from bangui.domain.accounts import Actor, Role, User, Via, Visitor
from bangui.domain.audit import AccessAction, entry_of
from bangui.domain.logins import SessionRules
from bangui.domain.secret import Purpose, Secret, is_encoded_secret
from bangui.domain.throttle import setup_charges
from bangui.services.account_store import ask
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.hashing import Hashing
from bangui.services.login_log import Method, login_failed
from bangui.services.new_secrets import new_id, new_secret


@dataclass(frozen=True, slots=True)
class SetupOffer:
    """The secret of a link, and until when it is good (Unix milliseconds)."""

    secret: Secret
    ends: int


class SetupLink:
    """The link of one console."""

    def __init__(
        self,
        store: AccountStore,
        hashing: Hashing,
        *,
        rules: SessionRules | None = None,
        now: Now = unix_milliseconds,
    ) -> None:
        self._store = store
        self._hashing = hashing
        self._rules = rules or SessionRules()
        self._now = now

    async def offer(self) -> SetupOffer | None:
        """Return a new link; None where there is an account already."""
        secret, ends = new_secret(), self._now() + self._rules.setup * 1000
        is_offered = await ask(lambda: self._store.setup.offer(secret.digest(Purpose.SETUP), ends))
        return SetupOffer(secret, ends) if is_offered else None

    async def is_good(self, secret: Secret) -> bool:
        """Whether a link is good now; for the form that it leads to."""
        digest = secret.digest(Purpose.SETUP)
        return is_encoded_secret(secret) and await ask(lambda: self._store.setup.is_good(digest, self._now()))

    async def use(self, secret: Secret, name: str, password: Secret, visitor: Visitor) -> User:
        """Make the first administrator; raise `SetupRefused`, or `InvalidInput`, after which the link is still good."""
        charges, now = setup_charges(visitor.address), self._now()
        if await ask(lambda: self._store.logins.attempt(charges, now)):
            raise SetupRefused
        if not await self.is_good(secret):
            login_failed(visitor, name, Method.SETUP)
            raise SetupRefused
        await ask(lambda: self._store.logins.give_back(charges))
        parsed = parse_user_name(name)
        check_password(password, parsed)
        new = NewUser(new_id(), parsed, Role.ADMIN, await self._hashing.make(password))
        entry = entry_of(Actor(parsed, Via.SETUP, visitor.address), now, AccessAction.SETUP, parsed)
        user = await ask(lambda: self._store.setup.use(secret.digest(Purpose.SETUP), new, entry))
        if user is None:
            raise SetupRefused
        return user
