"""The link that makes the first administrator, in the database: good once, and only while there is no account."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, insert, select

from bangui.adapters.sql.accounts_schema import setup_links
from bangui.adapters.sql.accounts_users import count_users, insert_user
from bangui.adapters.sql.engine import reading, writing
from bangui.domain.access_ports import NewUser
from bangui.domain.accounts import User
from bangui.domain.audit import AuditEntry


class SqlSetup:
    """The link; see `bangui.domain.access_ports.SetupStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def offer(self, digest: bytes, ends: int) -> bool:
        """Let this link be good, and no earlier one; False where there is an account already."""
        with writing(self._engine) as connection:
            connection.execute(delete(setup_links))
            if count_users(connection):
                return False
            connection.execute(insert(setup_links).values(digest=digest, ends=ends))
            return True

    def is_good(self, digest: bytes, now: int) -> bool:
        """Whether a link is the one that is good now."""
        with reading(self._engine) as connection:
            return _is_good(connection, digest, now)

    def use(self, digest: bytes, new: NewUser, entry: AuditEntry) -> User | None:
        """Make the first account, and no link good any more; None where the link is not good or not needed."""
        with writing(self._engine) as connection:
            if not _is_good(connection, digest, entry.time):
                return None
            connection.execute(delete(setup_links))
            return insert_user(connection, new, entry)


def _is_good(connection: Connection, digest: bytes, now: int) -> bool:
    if count_users(connection):
        return False
    ends = connection.execute(select(setup_links.c.ends).where(setup_links.c.digest == digest)).scalar()
    return ends is not None and now < ends
