"""The store of accounts, put together over one engine."""

from __future__ import annotations

from sqlalchemy import Engine

from bangui.adapters.sql.accounts_audit import SqlAudit
from bangui.adapters.sql.accounts_codes import SqlCodes
from bangui.adapters.sql.accounts_logins import SqlLogins
from bangui.adapters.sql.accounts_sessions import SqlSessions
from bangui.adapters.sql.accounts_setup import SqlSetup
from bangui.adapters.sql.accounts_tokens import SqlTokens
from bangui.adapters.sql.accounts_transactions import lasting
from bangui.adapters.sql.accounts_users import SqlUsers


class SqlAccountStore:
    """Accounts in the database of the history; see `bangui.domain.access_ports.AccountStore`.

    The engine may be that of the history, or one of its own; the schema must be there.
    """

    def __init__(self, engine: Engine) -> None:
        lasts = lasting(engine)
        self.users = SqlUsers(lasts)
        self.codes = SqlCodes(lasts)
        self.logins = SqlLogins(lasts)
        self.sessions = SqlSessions(lasts)
        self.tokens = SqlTokens(lasts)
        self.setup = SqlSetup(lasts)
        self.audit = SqlAudit(lasts)
