"""One-time codes as the second thing that an account asks for, and recovery codes for the day the phone is lost.

They are turned on in two steps: what codes are made of is shown, and counts once a code of it was entered, so that
nobody is locked out by a picture that was never scanned. Each step that weakens an account asks for its password
again. Recovery codes are shown once, kept as digests, and each is good once.
"""

from __future__ import annotations

from dataclasses import dataclass

from bangui.domain.access_ports import AccountStore
from bangui.domain.accounts import Actor, Principal, User, Visitor
from bangui.domain.audit import AccessAction, entry_of
from bangui.domain.logins import LoginRefused, RefusalReason
from bangui.domain.proof_ports import OneTimeCodes
from bangui.domain.secret import Purpose, Secret
from bangui.services.account_store import ask
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.confirmations import Confirmations
from bangui.services.new_secrets import new_recovery_codes, plain_code

_WRONG = LoginRefused(RefusalReason.WRONG)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator takes in: typed, or as the text of a picture."""

    secret: Secret
    uri: Secret


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """Codes to write down; shown once."""

    codes: tuple[Secret, ...]


class SecondFactor:
    """One-time codes of the accounts of one console."""

    def __init__(
        self,
        store: AccountStore,
        codes: OneTimeCodes,
        confirmations: Confirmations,
        *,
        now: Now = unix_milliseconds,
    ) -> None:
        self._store = store
        self._codes = codes
        self._confirmations = confirmations
        self._now = now

    async def begin(self, principal: Principal, password: Secret, visitor: Visitor) -> Enrolment | LoginRefused:
        """Return what an authenticator is to take in; codes are not asked for yet, and old ones still count."""
        if refused := await self._confirmations.refusal(principal, password, visitor):
            return refused
        user, secret = principal.user, self._codes.new_secret()
        await ask(lambda: self._store.codes.propose(user.id, secret))
        return Enrolment(secret, self._codes.uri(secret, user.name))

    async def finish(self, principal: Principal, code: Secret, visitor: Visitor) -> RecoveryCodes | LoginRefused:
        """Ask for codes from now on, if this is one of what was taken in; return the recovery codes."""
        user, now = principal.user, self._now()
        found = await ask(lambda: self._store.users.credentials_of(user.id))
        pending = None if found is None else found.pending_code_secret
        step = None if pending is None else self._codes.time_step(pending, plain_code(code.reveal()), now)
        if step is None:
            return _WRONG
        recovery = new_recovery_codes()
        entry = entry_of(principal.actor(visitor.address), now, AccessAction.CODES_ON, user.name)
        if not await ask(lambda: self._store.codes.turn_on(user.id, step, _digests(recovery, user), entry)):
            return _WRONG
        return RecoveryCodes(recovery)

    async def turn_off(self, principal: Principal, password: Secret, visitor: Visitor) -> LoginRefused | None:
        """Ask for codes no more."""
        if refused := await self._confirmations.refusal(principal, password, visitor):
            return refused
        await self.reset(principal.user, principal.actor(visitor.address))
        return None

    async def reset(self, user: User, by: Actor) -> None:
        """Ask for the codes of an account no more, because somebody else says so: the phone is lost."""
        entry = entry_of(by, self._now(), AccessAction.CODES_OFF, user.name)
        await ask(lambda: self._store.codes.turn_off(user.id, entry))

    async def renew_recovery(
        self, principal: Principal, password: Secret, visitor: Visitor
    ) -> RecoveryCodes | LoginRefused:
        """Replace all recovery codes by new ones."""
        if refused := await self._confirmations.refusal(principal, password, visitor):
            return refused
        user, recovery = principal.user, new_recovery_codes()
        entry = entry_of(principal.actor(visitor.address), self._now(), AccessAction.CODES_RECOVERY, user.name)
        await ask(lambda: self._store.codes.replace_recovery(user.id, _digests(recovery, user), entry))
        return RecoveryCodes(recovery)

    async def recovery_left(self, user: User) -> int:
        """Return how many recovery codes are not used yet."""
        return await ask(lambda: self._store.codes.recovery_left(user.id))


def _digests(codes: tuple[Secret, ...], user: User) -> list[bytes]:
    return [Secret(plain_code(code.reveal())).digest(Purpose.RECOVERY, user.id) for code in codes]
