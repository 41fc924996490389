from __future__ import annotations

from sqlalchemy import Engine

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.totp import TotpCodes
from bangui.domain.accounts import Role, Visitor
from bangui.domain.logins import LoggedIn, SessionRules
from bangui.services.access import Access
from packages.bangui.tests.access import PASSWORD, ROOT


async def test_the_services_share_their_store_and_their_rules(account_engine: Engine) -> None:
    rules = SessionRules(session=60)
    store = SqlAccountStore(account_engine)
    access = Access.over(store, Argon2Hashes(memory_kib=64, passes=1), TotpCodes(), rules)
    assert not await access.has_accounts()
    await access.accounts.add("ada", PASSWORD, Role.ADMIN, ROOT)
    assert await access.has_accounts()
    outcome = await access.login.log_in("ada", PASSWORD, Visitor("192.0.2.1"))
    assert isinstance(outcome, LoggedIn)
    assert outcome.session.ends - outcome.session.created == 60_000
    principal = await access.sessions.principal(outcome.secret)
    assert principal is not None
    assert principal.user.name == "ada"
