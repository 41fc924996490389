"""Logging in: a name and a password, then a one-time code where the account asks for it, then a session.

Rules:

    Nothing that a stranger sees depends on whether there is such an account: not the words, not the waits, and not the
    time, for a password is hashed either way.
    An attempt is charged (`bangui.domain.throttle`) before anything is looked at.
    Every login gets a new session with a new secret, and ends the one that the browser had: a session that somebody
    has planted in a browser is worth nothing afterwards.
    What was proven is proven again in the transaction that opens the session: an account that is disabled, a password
    that is changed or a code that is used meanwhile opens none.
    Where the database cannot be asked nobody gets in (`AccessUnavailable`).
"""

from __future__ import annotations

from dataclasses import dataclass

from bangui.domain.access_ports import AccountStore
from bangui.domain.account_rules import canonical_name
from bangui.domain.accounts import Credentials, Session, User, Via, Visitor
from bangui.domain.audit import AccessAction, AuditEntry, AuditResult
from bangui.domain.logins import (
    CodeWanted,
    LoggedIn,
    LoginOutcome,
    LoginRefused,
    Opening,
    Proof,
    RefusalReason,
    SessionRules,
    Step,
    is_new_code,
)
from bangui.domain.proof_ports import OneTimeCodes
from bangui.domain.secret import Purpose, Secret, is_encoded_secret
from bangui.domain.throttle import Charge, code_charges, password_charges
from bangui.services.account_store import ask
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.door import Door
from bangui.services.hashing import Hashing
from bangui.services.login_log import Method, logged_in, login_failed
from bangui.services.new_secrets import is_recovery_code, new_id, new_secret, plain_code

_WRONG = LoginRefused(RefusalReason.WRONG)
_EXPIRED = LoginRefused(RefusalReason.EXPIRED)
_NOBODY = "(nobody of that name)"


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt: who makes it and when, the browser by which they are known, and what it was charged to."""

    visitor: Visitor
    now: int
    device_id: str | None = None
    charges: tuple[Charge, ...] = ()


class LoginService:
    """Lets people in."""

    def __init__(
        self,
        store: AccountStore,
        hashing: Hashing,
        codes: OneTimeCodes,
        door: Door,
        *,
        rules: SessionRules | None = None,
        now: Now = unix_milliseconds,
    ) -> None:
        self._store = store
        self._hashing = hashing
        self._codes = codes
        self._door = door
        self._rules = rules or SessionRules()
        self._now = now

    async def log_in(self, name: str, password: Secret, visitor: Visitor) -> LoginOutcome:
        """Let somebody in who knows the password of an account, or ask them for a code; or refuse."""
        return await self._door.attempt(
            visitor, name, Method.WORD, lambda: self._check_password(name, password, visitor)
        )

    async def enter_code(self, step: Secret, code: Secret, visitor: Visitor) -> LoginOutcome:
        """Let somebody in whose password was right (`CodeWanted.step`) and who has the code; or refuse."""
        return await self._door.attempt(visitor, "", Method.CODE, lambda: self._check_code(step, code, visitor))

    async def _check_password(self, written: str, password: Secret, visitor: Visitor) -> LoginOutcome:
        name, now = canonical_name(written) or "", self._now()
        device_id = await self._device(visitor, name, now)
        charges = password_charges(visitor.address, name, device_id)
        if refusal := await ask(lambda: self._store.logins.attempt(charges, now)):
            return self._door.refuse(refusal, visitor, written, Method.WORD)
        attempt = _Attempt(visitor, now, device_id, charges)
        found = await ask(lambda: self._store.users.credentials(name))
        check = await self._hashing.check(None if found is None else found.password_hash, password)
        if found is None or found.password_hash is None or not check.is_right or found.user.is_disabled:
            await self._refuse_password(attempt, written, found)
            return _WRONG
        password_hash = found.password_hash
        if check.is_outdated:
            password_hash = await self._rehash(found.user.id, password_hash, password)
        if found.user.has_codes:
            return await self._ask_for_code(attempt, found.user)
        return await self._open(attempt, found.user, Proof(password_hash), "password") or _WRONG

    async def _refuse_password(self, attempt: _Attempt, written: str, found: Credentials | None) -> None:
        login_failed(attempt.visitor, written, Method.WORD)
        # As much is written for a name that nobody has; the name itself is not, for people type passwords there.
        target = _NOBODY if found is None else found.user.name
        await ask(lambda: self._store.audit.record(_refused(attempt, target, "password")))

    async def _rehash(self, user_id: str, old: str, password: Secret) -> str:
        new = await self._hashing.make(password)
        await ask(lambda: self._store.users.rehash(user_id, old, new))
        return new

    async def _ask_for_code(self, attempt: _Attempt, user: User) -> CodeWanted:
        secret = new_secret()
        step = Step(secret.digest(Purpose.LOGIN), user.id, attempt.now + self._rules.step * 1000)
        await ask(lambda: self._store.logins.begin_step(step, attempt.charges, attempt.now))
        return CodeWanted(secret, step.ends)

    async def _check_code(self, secret: Secret, code: Secret, visitor: Visitor) -> LoginOutcome:
        now = self._now()
        digest = secret.digest(Purpose.LOGIN)
        step = await ask(lambda: self._store.logins.step(digest, now)) if is_encoded_secret(secret) else None
        found = None if step is None else await ask(lambda: self._store.users.credentials_of(step.user_id))
        if found is None or found.user.is_disabled or not found.user.has_codes:
            return _EXPIRED
        user = found.user
        device_id = await self._device(visitor, user.name, now)
        charges = code_charges(visitor.address, user.id, device_id)
        if refusal := await ask(lambda: self._store.logins.attempt(charges, now)):
            return self._door.refuse(refusal, visitor, user.name, Method.CODE)
        attempt = _Attempt(visitor, now, device_id, charges)
        proven = self._prove(found, digest, code, now)
        opened = None if proven is None else await self._open(attempt, user, *proven)
        if opened is not None:
            return opened
        login_failed(visitor, user.name, Method.CODE)
        entry = _refused(attempt, user.name, "one-time code")
        await ask(lambda: self._store.logins.count_wrong_code(digest, self._rules.tries, entry))
        return _WRONG

    def _prove(self, found: Credentials, step: bytes, code: Secret, now: int) -> tuple[Proof, str] | None:
        """Return what a code proves and what kind of code it is; None for one that proves nothing."""
        if found.password_hash is None or found.code_secret is None:
            return None
        plain = plain_code(code.reveal())
        if is_recovery_code(plain):
            digest = Secret(plain).digest(Purpose.RECOVERY, found.user.id)
            return Proof(found.password_hash, step, recovery=digest), "password and recovery code"
        time_step = self._codes.time_step(found.code_secret, plain, now)
        if time_step is None or not is_new_code(found.used_code, time_step):
            return None
        return Proof(found.password_hash, step, time_step, found.used_code), "password and one-time code"

    async def _device(self, visitor: Visitor, name: str, now: int) -> str | None:
        """Return the id of the browser where this very account was logged in before."""
        device = visitor.device
        if device is None or not is_encoded_secret(device):
            return None
        digest, since = device.digest(Purpose.DEVICE), now - self._rules.device * 1000
        known = await ask(lambda: self._store.logins.device(digest, since))
        return known.id if known is not None and known.user_name == name else None

    async def _open(self, attempt: _Attempt, user: User, proof: Proof, how: str) -> LoggedIn | None:
        """Open a session; None where what was proven does not hold any more."""
        visitor, now, secret = attempt.visitor, attempt.now, new_secret()
        device = None if attempt.device_id is not None else new_secret()
        ends = now + self._rules.session * 1000
        opening = Opening(
            Session(new_id(), user.id, now, now, ends, visitor.address, visitor.agent),
            secret.digest(Purpose.SESSION),
            proof,
            replaces=None if visitor.session is None else visitor.session.digest(Purpose.SESSION),
            new_device=None if device is None else (new_id(), device.digest(Purpose.DEVICE)),
            known_device=attempt.device_id,
            given_back=attempt.charges,
        )
        entry = AuditEntry(now, user.name, Via.LOGIN, visitor.address, AccessAction.LOGIN.value, user.name, detail=how)
        if not await ask(lambda: self._store.sessions.open(opening, self._rules, entry)):
            return None
        logged_in(visitor, user.name)
        return LoggedIn(user, opening.session, secret, device)


def _refused(attempt: _Attempt, target: str, what: str) -> AuditEntry:
    """Return the entry of a login that was refused because something was wrong."""
    return AuditEntry(
        attempt.now,
        "",
        Via.LOGIN,
        attempt.visitor.address,
        AccessAction.LOGIN.value,
        target,
        AuditResult.REFUSED,
        f"wrong {what}",
    )
