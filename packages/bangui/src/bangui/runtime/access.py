"""The accounts of a console, opened for as long as it runs, and how the first person gets in.

Accounts are in the database of the history. One that cannot be opened now may be there later: it is tried again
whenever somebody asks, and until then nobody is let in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.totp import TotpCodes
from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.accounts import Actor, Role, Via
from bangui.runtime.loops import run_loop
from bangui.services.access import Access
from bangui.services.new_secrets import new_secret
from bangui.web.site import Entry

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bangui.domain.access_ports import (
        AccountStore,
        AuditStore,
        CodeStore,
        LoginStore,
        SessionStore,
        SetupStore,
        TokenStore,
        UserStore,
    )

DEMO_NAME = "demo"


class LateAccountStore:
    """A store of accounts that is opened when it is first asked for; see `bangui.domain.access_ports.AccountStore`.

    Its attributes raise `StoreError` while it cannot be opened; they are asked for in threads.
    """

    def __init__(self, location: str) -> None:
        self._location = location
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._opened: AccountStore | None = None

    def open(self) -> AccountStore:
        """Return the store itself; raises `StoreError`."""
        with self._lock:
            if self._opened is None:
                engine = open_engine(self._location)
                try:
                    migrate(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine, self._opened = engine, SqlAccountStore(engine)
            return self._opened

    def close(self) -> None:
        """Close the database; the store may be asked again afterwards."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = self._opened = None

    @property
    def users(self) -> UserStore:
        """The accounts."""
        return self.open().users

    @property
    def codes(self) -> CodeStore:
        """What one-time codes are made of."""
        return self.open().codes

    @property
    def logins(self) -> LoginStore:
        """Attempts to log in."""
        return self.open().logins

    @property
    def sessions(self) -> SessionStore:
        """Who is logged in."""
        return self.open().sessions

    @property
    def tokens(self) -> TokenStore:
        """The API tokens."""
        return self.open().tokens

    @property
    def setup(self) -> SetupStore:
        """The link for the first administrator."""
        return self.open().setup

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        return self.open().audit


@contextmanager
def open_access(location: str) -> Iterator[Access]:
    """Lend the services of accounts until the block ends."""
    store = LateAccountStore(location)
    try:
        yield _access_over(store)
    finally:
        store.close()


def _access_over(store: LateAccountStore) -> Access:
    return Access.over(store, Argon2Hashes(), TotpCodes())


def run_access(location: str, work: Callable[[Access], Coroutine[object, object, int]]) -> int:
    """Do something with the accounts in a database, and return its exit status; raises `StoreError`."""
    with closing(LateAccountStore(location)) as store:
        store.open()  # what is wrong with the database is told in full here, where nobody is a stranger
        return run_loop(work(_access_over(store)))


async def first_link(access: Access, url: str) -> str | None:
    """Return the link that makes the first administrator; None where there is an account, or none can be made now."""
    try:
        offer = await access.setup.offer()
    except AccessUnavailable:
        return None  # the log says why
    return None if offer is None else f"{url}setup?link={offer.secret.reveal()}"


async def demo_entry(access: Access) -> Entry:
    """Make the account of the demonstration, and a ticket that lets in with it."""
    password = new_secret()
    await access.accounts.add(DEMO_NAME, password, Role.ADMIN, Actor(DEMO_NAME, Via.SERVICE))
    return Entry(new_secret(), DEMO_NAME, password)
