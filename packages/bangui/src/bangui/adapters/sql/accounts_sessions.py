"""Sessions in the database. What is proven is checked again, and used up, in the transaction that opens one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, delete, insert, or_, select, update

from bangui.adapters.sql.accounts_audit import add_entry
from bangui.adapters.sql.accounts_codes import use_code, use_recovery
from bangui.adapters.sql.accounts_logins import give_charges_back
from bangui.adapters.sql.accounts_schema import devices, login_steps, sessions, users
from bangui.adapters.sql.accounts_users import user_of
from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.storable import storable_text
from bangui.domain.accounts import Session, User
from bangui.domain.audit import AuditEntry
from bangui.domain.logins import Opening, Proof, SessionRules

LONGEST_AGENT = 200
_LONGEST_ADDRESS = 64


class _NotProven(Exception):
    """What was proven does not hold any more."""


class SqlSessions:
    """Sessions; see `bangui.domain.access_ports.SessionStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, opening: Opening, rules: SessionRules, entry: AuditEntry) -> bool:
        """Open a session; False, and nothing is changed, where what was proven does not hold any more."""
        session = opening.session
        try:
            with writing(self._engine) as connection:
                _use_up(connection, session.user_id, opening.proof)
                if opening.replaces is not None:
                    connection.execute(delete(sessions).where(sessions.c.digest == opening.replaces))
                _forget_old(connection, session.created, rules)
                _insert(connection, session, opening.digest)
                _remember_device(connection, opening, rules)
                _keep_newest(connection, sessions, session.user_id, "seen", rules.most_sessions)
                give_charges_back(connection, opening.given_back)
                change = update(users).where(users.c.id == session.user_id)
                connection.execute(change.values(last_login=session.created))
                add_entry(connection, entry)
        except _NotProven:
            return False
        return True

    def find(self, digest: bytes) -> tuple[Session, User] | None:
        """Return a session and whose it is, also one that is over."""
        with reading(self._engine) as connection:
            found = connection.execute(select(sessions).where(sessions.c.digest == digest)).one_or_none()
            if found is None:
                return None
            owner = connection.execute(select(users).where(users.c.id == found.user)).one_or_none()
        return None if owner is None else (_session(found), user_of(owner))

    def touch(self, session_id: str, now: int) -> None:
        """Take note that a session is used."""
        with writing(self._engine) as connection:
            connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen=now))

    def of_user(self, user_id: str) -> Sequence[Session]:
        """Return the sessions of an account, the one used last first, also those that are over."""
        query = select(sessions).where(sessions.c.user == user_id).order_by(sessions.c.seen.desc(), sessions.c.id)
        with reading(self._engine) as connection:
            return [_session(row) for row in connection.execute(query)]

    def end(self, user_id: str, session_id: str, entry: AuditEntry) -> bool:
        """End a session of an account; False where there is none."""
        is_it = (sessions.c.user == user_id, sessions.c.id == session_id)
        with writing(self._engine) as connection:
            if connection.execute(delete(sessions).where(*is_it)).rowcount == 0:
                return False
            add_entry(connection, entry)
            return True

    def end_others(self, user_id: str, keep: str | None, entry: AuditEntry) -> int:
        """End all sessions of an account but one, and return how many those were."""
        are_others = (sessions.c.user == user_id, sessions.c.id != (keep or ""))
        with writing(self._engine) as connection:
            ended = connection.execute(delete(sessions).where(*are_others)).rowcount
            connection.execute(delete(login_steps).where(login_steps.c.user == user_id))
            add_entry(connection, entry)
            return ended


def _use_up(connection: Connection, user_id: str, proof: Proof) -> None:
    """Raise `_NotProven` where an account is not what it was when it was looked at, or a code was used meanwhile."""
    is_as_before = (users.c.id == user_id, users.c.disabled == 0, users.c.password_hash == proof.password_hash)
    row = connection.execute(select(users.c.code_secret).where(*is_as_before)).one_or_none()
    if row is None:
        raise _NotProven
    needs_code = row.code_secret is not None
    if proof.step is not None:
        waits = connection.execute(delete(login_steps).where(login_steps.c.digest == proof.step)).rowcount == 1
        if not waits:
            raise _NotProven
    if proof.code is not None:
        if not needs_code or not use_code(connection, user_id, proof.used_code, proof.code):
            raise _NotProven
    elif proof.recovery is not None:
        if not use_recovery(connection, user_id, proof.recovery):
            raise _NotProven
    elif needs_code:
        # They were turned on after the password was checked.
        raise _NotProven


def _insert(connection: Connection, session: Session, digest: bytes) -> None:
    connection.execute(
        insert(sessions).values(
            id=session.id,
            user=session.user_id,
            digest=digest,
            created=session.created,
            seen=session.seen,
            ends=session.ends,
            address=None if session.address is None else storable_text(session.address, _LONGEST_ADDRESS),
            agent=storable_text(session.agent, LONGEST_AGENT),
        )
    )


def _forget_old(connection: Connection, now: int, rules: SessionRules) -> None:
    is_over = or_(sessions.c.ends <= now, sessions.c.seen < now - rules.idle * 1000)
    connection.execute(delete(sessions).where(is_over))
    connection.execute(delete(devices).where(devices.c.used < now - rules.device * 1000))


def _remember_device(connection: Connection, opening: Opening, rules: SessionRules) -> None:
    session = opening.session
    if opening.known_device is not None:
        change = update(devices).where(devices.c.id == opening.known_device)
        connection.execute(change.values(used=session.created))
    if opening.new_device is not None:
        id, digest = opening.new_device
        connection.execute(insert(devices).values(id=id, user=session.user_id, digest=digest, used=session.created))
        _keep_newest(connection, devices, session.user_id, "used", rules.most_devices)


def _keep_newest(connection: Connection, table: Table, user_id: str, order: str, most: int) -> None:
    newest = select(table.c.id).where(table.c.user == user_id).order_by(table.c[order].desc(), table.c.id).limit(most)
    connection.execute(delete(table).where(table.c.user == user_id, table.c.id.not_in(newest)))


def _session(row: Row[Any]) -> Session:
    return Session(row.id, row.user, row.created, row.seen, row.ends, row.address, row.agent)
