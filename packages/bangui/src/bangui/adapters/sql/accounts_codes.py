"""One-time codes and recovery codes of accounts in the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from bangui.adapters.sql.accounts_audit import add_entry
from bangui.adapters.sql.accounts_schema import recovery_codes, users
from bangui.adapters.sql.accounts_users import find_user
from bangui.adapters.sql.engine import reading, writing
from bangui.domain.audit import AuditEntry
from bangui.domain.secret import Secret


class SqlCodes:
    """Codes; see `bangui.domain.access_ports.CodeStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def propose(self, user_id: str, secret: Secret) -> None:
        """Keep what codes are to be made of once one of them was entered; raise `UnknownUser`."""
        with writing(self._engine) as connection:
            find_user(connection, user_id, "")
            connection.execute(update(users).where(users.c.id == user_id).values(pending_secret=secret.reveal()))

    def turn_on(self, user_id: str, used: int, recovery: Sequence[bytes], entry: AuditEntry) -> bool:
        """Ask for codes from now on, made of what was proposed; False where nothing is proposed any more."""
        with writing(self._engine) as connection:
            is_proposed = (users.c.id == user_id, users.c.pending_secret.is_not(None))
            values = {"code_secret": users.c.pending_secret, "pending_secret": None, "used_code": used}
            if connection.execute(update(users).where(*is_proposed).values(**values)).rowcount != 1:
                return False
            _replace_recovery(connection, user_id, recovery)
            add_entry(connection, entry)
            return True

    def turn_off(self, user_id: str, entry: AuditEntry) -> None:
        """Ask for codes no more; raise `UnknownUser`."""
        with writing(self._engine) as connection:
            find_user(connection, user_id, entry.target)
            nothing = {"code_secret": None, "pending_secret": None, "used_code": None}
            connection.execute(update(users).where(users.c.id == user_id).values(**nothing))
            _replace_recovery(connection, user_id, ())
            add_entry(connection, entry)

    def replace_recovery(self, user_id: str, recovery: Sequence[bytes], entry: AuditEntry) -> None:
        """Replace all recovery codes; raise `UnknownUser`."""
        with writing(self._engine) as connection:
            find_user(connection, user_id, entry.target)
            _replace_recovery(connection, user_id, recovery)
            add_entry(connection, entry)

    def recovery_left(self, user_id: str) -> int:
        """Return how many recovery codes are not used."""
        query = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.user == user_id)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar_one()


def use_code(connection: Connection, user_id: str, used: int | None, step: int) -> bool:
    """Take note that a one-time code was used; False where another one was used since `used` was read."""
    is_as_before = users.c.used_code.is_(None) if used is None else users.c.used_code == used
    change = update(users).where(users.c.id == user_id, is_as_before).values(used_code=step)
    return connection.execute(change).rowcount == 1


def use_recovery(connection: Connection, user_id: str, digest: bytes) -> bool:
    """Use a recovery code up; False where there is none."""
    is_it = (recovery_codes.c.user == user_id, recovery_codes.c.digest == digest)
    return connection.execute(delete(recovery_codes).where(*is_it)).rowcount == 1


def _replace_recovery(connection: Connection, user_id: str, recovery: Sequence[bytes]) -> None:
    connection.execute(delete(recovery_codes).where(recovery_codes.c.user == user_id))
    if recovery:
        connection.execute(insert(recovery_codes), [{"user": user_id, "digest": digest} for digest in recovery])
