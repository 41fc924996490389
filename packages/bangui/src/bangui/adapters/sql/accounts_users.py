"""Accounts in the database, and what happens to all that belongs to one when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from bangui.adapters.sql.accounts_audit import add_entry
from bangui.adapters.sql.accounts_schema import api_tokens, devices, login_steps, recovery_codes, sessions, users
from bangui.adapters.sql.engine import reading, writing
from bangui.domain.access_errors import LastAdministrator, NameTaken, UnknownUser
from bangui.domain.access_ports import NewUser, UserChange
from bangui.domain.accounts import Credentials, Role, User
from bangui.domain.audit import AuditEntry
from bangui.domain.secret import Secret


class SqlUsers:
    """Accounts; see `bangui.domain.access_ports.UserStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def count(self) -> int:
        """Return how many accounts there are."""
        with reading(self._engine) as connection:
            return count_users(connection)

    def all(self) -> Sequence[User]:
        """Return all accounts, in the order of their names."""
        with reading(self._engine) as connection:
            return [user_of(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def credentials(self, name: str) -> Credentials | None:
        """Return what an account is proven by; None where there is none of that name."""
        with reading(self._engine) as connection:
            row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
        return None if row is None else _credentials(row)

    def credentials_of(self, user_id: str) -> Credentials | None:
        """Return what an account is proven by; None where it is gone."""
        with reading(self._engine) as connection:
            row = connection.execute(select(users).where(users.c.id == user_id)).one_or_none()
        return None if row is None else _credentials(row)

    def add(self, new: NewUser, entry: AuditEntry) -> User:
        """Make an account, or raise `NameTaken`."""
        with writing(self._engine) as connection:
            return insert_user(connection, new, entry)

    def change(self, user_id: str, change: UserChange, entry: AuditEntry, *, keep: str | None = None) -> None:
        """Change an account, or raise `UnknownUser` or `LastAdministrator`; `keep` is a session that goes on."""
        with writing(self._engine) as connection:
            before = find_user(connection, user_id, entry.target)
            values: dict[str, object] = {}
            if change.role is not None:
                values["role"] = int(change.role)
            if change.is_disabled is not None:
                values["disabled"] = int(change.is_disabled)
            if change.password_hash is not None:
                values |= {"password_hash": change.password_hash, "password_changed": entry.time}
            if values:
                connection.execute(update(users).where(users.c.id == user_id).values(**values))
            if change.password_hash is not None or change.is_disabled:
                end_logins(connection, user_id, keep)
            _must_leave_an_administrator(connection, before)
            add_entry(connection, entry)

    def rehash(self, user_id: str, old: str, new: str) -> None:
        """Replace the hash of a password by another of the same one, unless it was changed meanwhile."""
        with writing(self._engine) as connection:
            is_the_same = (users.c.id == user_id, users.c.password_hash == old)
            connection.execute(update(users).where(*is_the_same).values(password_hash=new))

    def remove(self, user_id: str, entry: AuditEntry) -> None:
        """Remove an account with all that belongs to it, or raise `UnknownUser` or `LastAdministrator`."""
        with writing(self._engine) as connection:
            before = find_user(connection, user_id, entry.target)
            end_logins(connection, user_id, None)
            for table in (api_tokens, recovery_codes):
                connection.execute(delete(table).where(table.c.user == user_id))
            connection.execute(delete(users).where(users.c.id == user_id))
            _must_leave_an_administrator(connection, before)
            add_entry(connection, entry)


def count_users(connection: Connection) -> int:
    """Return how many accounts there are."""
    return connection.execute(select(func.count()).select_from(users)).scalar_one()


def find_user(connection: Connection, user_id: str, name: str) -> User:
    """Return an account, or raise `UnknownUser`, which calls it by its name."""
    row = connection.execute(select(users).where(users.c.id == user_id)).one_or_none()
    if row is None:
        raise UnknownUser(name)
    return user_of(row)


def insert_user(connection: Connection, new: NewUser, entry: AuditEntry) -> User:
    """Make an account in a transaction, or raise `NameTaken`."""
    if connection.execute(select(users.c.id).where(users.c.name == new.name)).first() is not None:
        raise NameTaken(new.name)
    changed = None if new.password_hash is None else entry.time
    connection.execute(
        insert(users).values(
            id=new.id,
            name=new.name,
            role=int(new.role),
            disabled=0,
            created=entry.time,
            password_hash=new.password_hash,
            password_changed=changed,
        )
    )
    add_entry(connection, entry)
    return find_user(connection, new.id, new.name)


def end_logins(connection: Connection, user_id: str, keep: str | None) -> None:
    """End the sessions of an account but one, and whatever would lead to a new one without its password."""
    connection.execute(delete(sessions).where(sessions.c.user == user_id, sessions.c.id != (keep or "")))
    for table in (login_steps, devices):
        connection.execute(delete(table).where(table.c.user == user_id))


def user_of(row: Row[Any]) -> User:
    """Return the account of a row of `users`."""
    return User(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        is_disabled=bool(row.disabled),
        created=row.created,
        has_password=row.password_hash is not None,
        has_codes=row.code_secret is not None,
        password_changed=row.password_changed,
        last_login=row.last_login,
    )


def _credentials(row: Row[Any]) -> Credentials:
    return Credentials(
        user_of(row), row.password_hash, _secret(row.code_secret), _secret(row.pending_secret), row.used_code
    )


def _secret(text: str | None) -> Secret | None:
    return None if text is None else Secret(text)


def _must_leave_an_administrator(connection: Connection, before: User) -> None:
    if before.role is not Role.ADMIN or before.is_disabled:
        return
    can_manage = (users.c.role == int(Role.ADMIN), users.c.disabled == 0)
    if connection.execute(select(users.c.id).where(*can_manage).limit(1)).first() is None:
        raise LastAdministrator
