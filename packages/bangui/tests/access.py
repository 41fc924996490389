"""What tests of accounts stand on: a clock that is set by hand, and values that need no thought."""

from __future__ import annotations

from itertools import count

from pyotp import TOTP

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.totp import TotpCodes
from bangui.domain.access_ports import AccountStore, NewUser
from bangui.domain.accounts import Actor, Principal, Role, Session, User, Via, Visitor
from bangui.domain.audit import AuditEntry, AuditFilter
from bangui.domain.logins import CodeWanted, LoggedIn
from bangui.domain.secret import Secret
from bangui.services.accounts import AccountService
from bangui.services.api_tokens import ApiTokenService
from bangui.services.audit import AuditTrail
from bangui.services.confirmations import Confirmations
from bangui.services.door import Door
from bangui.services.hashing import Hashing
from bangui.services.login import LoginService
from bangui.services.second_factor import Enrolment, RecoveryCodes, SecondFactor
from bangui.services.sessions import SessionService
from bangui.services.setup_link import SetupLink

NOW = 1_800_000_000_000
"""When these tests begin, in Unix milliseconds."""
PASSWORD = Secret("four words of mine")
WRONG = Secret("four words of yours")
VISITOR = Visitor("192.0.2.1", "a browser")
ROOT = Actor("root", Via.COMMAND)

_numbers = count(1)


class SetClock:
    """A clock that stands still until it is moved; times in Unix milliseconds."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def move(self, seconds: float) -> None:
        """Move the clock, also backwards."""
        self.now += round(seconds * 1000)


def an_id() -> str:
    """Return an id that no other call returns."""
    return f"{next(_numbers):016x}"


def an_entry(target: str = "", time: int = NOW, action: str = "test") -> AuditEntry:
    """Return an entry of the audit trail."""
    return AuditEntry(time, "tests", Via.COMMAND, "192.0.2.1", action, target)


def a_new_user(name: str = "ada", role: Role = Role.ADMIN, password_hash: str | None = "hash") -> NewUser:
    """Return an account to be made."""
    return NewUser(an_id(), name, role, password_hash)


def a_session(user_id: str, now: int = NOW, seconds: int = 3_600) -> Session:
    """Return a session to be opened."""
    return Session(an_id(), user_id, now, now, now + seconds * 1000, "192.0.2.1", "a browser")


class Console:
    """Every service of accounts over one store, with one clock, and with hashes that cost nearly nothing."""

    def __init__(self, store: AccountStore, clock: SetClock | None = None) -> None:
        self.store = store
        self.clock = clock or SetClock()
        self.codes = TotpCodes()
        self.hashing = Hashing(Argon2Hashes(memory_kib=64, passes=1))
        self.door = Door(monotonic=lambda: self.clock.now / 1000)
        self.login = LoginService(store, self.hashing, self.codes, self.door, now=self.clock)
        self.sessions = SessionService(store, now=self.clock)
        self.confirmations = Confirmations(store, self.hashing, now=self.clock)
        self.accounts = AccountService(store, self.hashing, self.confirmations, now=self.clock)
        self.second_factor = SecondFactor(store, self.codes, self.confirmations, now=self.clock)
        self.tokens = ApiTokenService(store, now=self.clock)
        self.setup = SetupLink(store, self.hashing, now=self.clock)
        self.trail = AuditTrail(store, now=self.clock)

    async def add(self, name: str = "ada", role: Role = Role.ADMIN) -> User:
        """Make an account with the password `PASSWORD`."""
        return await self.accounts.add(name, PASSWORD, role, ROOT)

    async def let_in(self, name: str = "ada", visitor: Visitor = VISITOR, password: Secret = PASSWORD) -> LoggedIn:
        """Log somebody in who needs no code."""
        outcome = await self.login.log_in(name, password, visitor)
        assert isinstance(outcome, LoggedIn)
        return outcome

    async def principal(self, name: str = "ada") -> Principal:
        """Log somebody in, and return them as their requests show them."""
        found = await self.sessions.principal((await self.let_in(name)).secret)
        assert found is not None
        return found

    async def turn_codes_on(self, name: str = "ada") -> tuple[TOTP, tuple[Secret, ...]]:
        """Let an account ask for codes; return what makes them, and the recovery codes."""
        principal = await self.principal(name)
        enrolment = await self.second_factor.begin(principal, PASSWORD, VISITOR)
        assert isinstance(enrolment, Enrolment)
        authenticator = TOTP(enrolment.secret.reveal())
        done = await self.second_factor.finish(principal, self.code_of(authenticator), VISITOR)
        assert isinstance(done, RecoveryCodes)
        # The code that was entered is used.
        self.clock.move(30)
        return authenticator, done.codes

    async def begin(self, name: str = "ada", visitor: Visitor = VISITOR) -> Secret:
        """Enter the password of an account that asks for codes, and return the step."""
        outcome = await self.login.log_in(name, PASSWORD, visitor)
        assert isinstance(outcome, CodeWanted)
        return outcome.step

    def code_of(self, authenticator: TOTP) -> Secret:
        """Return the code of this moment."""
        return Secret(authenticator.at(self.clock.now // 1000))

    def entries(self, action: str | None = None) -> list[AuditEntry]:
        """Return the newest entries of the audit trail, the oldest of them first."""
        page = self.store.audit.page(AuditFilter(action=action), 1_000)
        return [recorded.entry for recorded in reversed(page.entries)]
