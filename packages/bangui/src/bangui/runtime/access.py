"""The accounts of a console, and how the first person gets in.

Accounts are in the database of the history. While it cannot be opened nobody is let in.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import TYPE_CHECKING

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.totp import TotpCodes
from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.accounts import Actor, Role, Via
from bangui.runtime.late import LateDatabase
from bangui.runtime.loops import run_loop
from bangui.services.access import Access
from bangui.services.new_secrets import new_secret
from bangui.web.site import Entry, Services

if TYPE_CHECKING:
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
    """A store of accounts in a database that is opened late; see `bangui.domain.access_ports.AccountStore`.

    Its attributes raise `StoreError` while the database cannot be opened; they are asked for in threads.
    """

    def __init__(self, database: LateDatabase) -> None:
        self._database = database

    def open(self) -> AccountStore:
        """Return the store itself; raises `StoreError`."""
        return SqlAccountStore(self._database.engine())

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


def access_over(database: LateDatabase) -> Access:
    """Return the services of the accounts in a database."""
    return Access.over(LateAccountStore(database), Argon2Hashes(), TotpCodes())


def run_access(location: str, work: Callable[[Access], Coroutine[object, object, int]]) -> int:
    """Do something with the accounts in a database, and return its exit status; raises `StoreError`."""
    with closing(LateDatabase(location)) as database:
        database.engine()  # what is wrong with it is told in full here, where nobody is a stranger
        return run_loop(work(access_over(database)))


async def way_in(services: Services, url: str) -> str | None:
    """Return a link that lets somebody in: with the ticket of the demonstration, or to make the first administrator.

    None where there is an account already, or none can be made now.
    """
    if services.entry is not None:
        return f"{url}enter?ticket={services.entry.ticket.reveal()}"
    if services.access is None:
        return None
    try:
        offer = await services.access.setup.offer()
    except AccessUnavailable:
        return None  # the log says why
    return None if offer is None else f"{url}setup?link={offer.secret.reveal()}"


async def demo_entry(access: Access) -> Entry:
    """Make the account of the demonstration, and a ticket that lets in with it."""
    password = new_secret()
    await access.accounts.add(DEMO_NAME, password, Role.ADMIN, Actor(DEMO_NAME, Via.SERVICE))
    return Entry(new_secret(), DEMO_NAME, password)
