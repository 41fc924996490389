"""Attempts to log in, steps between password and code, and known browsers, in the database.

Attempts are bounded by what `bangui.domain.throttle` lets through, by age, and at last by number: then the ones that
are longest ago are forgotten first.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, update

from bangui.adapters.sql.accounts_audit import add_entry
from bangui.adapters.sql.accounts_schema import devices, login_attempts, login_steps, users
from bangui.adapters.sql.engine import reading, writing
from bangui.domain.audit import AuditEntry
from bangui.domain.logins import Device, Step
from bangui.domain.throttle import FORGOTTEN_AFTER, Attempts, Charge, Refusal, ThrottleKind, given_back, refusal

MOST_ATTEMPTS = 20_000
# Somebody who knows the password may begin as often as they like; the owner begins once or twice.
_MOST_STEPS = 5
# Far below one attempt, which nothing reacts to.
_NOTHING = 0.01


class SqlLogins:
    """Attempts and what belongs to them; see `bangui.domain.access_ports.LoginStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def attempt(self, charges: Sequence[Charge], now: int) -> Refusal | None:
        """Charge an attempt; where one of the charges says wait, charge nothing and return that."""
        # Whoever is to wait is told so without taking the writers' turn: there may be very many of them.
        with reading(self._engine) as connection:
            if refused := refusal(_with_attempts(connection, charges), now):
                return refused
        with writing(self._engine) as connection:
            charged = _with_attempts(connection, charges)
            if refused := refusal(charged, now):
                return refused
            for charge, attempts in charged:
                _write(connection, charge, charge.rule.charged(attempts, now), is_new=attempts is None)
            _forget_old(connection, now)
        return None

    def give_back(self, charges: Sequence[Charge]) -> None:
        """Take back charges of an attempt that was no failure."""
        with writing(self._engine) as connection:
            give_charges_back(connection, charges)

    def forget_attempts(self, keys: Sequence[tuple[ThrottleKind, str]], entry: AuditEntry) -> None:
        """Forget the attempts of these keys."""
        with writing(self._engine) as connection:
            for kind, key in keys:
                _forget(connection, kind, key)
            add_entry(connection, entry)

    def device(self, digest: bytes, since: int) -> Device | None:
        """Return a browser that is known, and was used since then."""
        query = (
            select(devices.c.id, devices.c.user, users.c.name)
            .join(users, users.c.id == devices.c.user)
            .where(devices.c.digest == digest, devices.c.used >= since)
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Device(row.id, row.user, row.name)

    def begin_step(self, step: Step, given_back: Sequence[Charge], now: int) -> None:
        """Wait for a code; of an account only its newest few steps are kept."""
        with writing(self._engine) as connection:
            connection.execute(delete(login_steps).where(login_steps.c.ends <= now))
            newest = (
                select(login_steps.c.digest)
                .where(login_steps.c.user == step.user_id)
                .order_by(login_steps.c.ends.desc())
                .limit(_MOST_STEPS - 1)
            )
            too_many = (login_steps.c.user == step.user_id, login_steps.c.digest.not_in(newest))
            connection.execute(delete(login_steps).where(*too_many))
            connection.execute(
                insert(login_steps).values(digest=step.digest, user=step.user_id, ends=step.ends, tries=0)
            )
            give_charges_back(connection, given_back)

    def step(self, digest: bytes, now: int) -> Step | None:
        """Return a step that still waits."""
        with reading(self._engine) as connection:
            row = connection.execute(select(login_steps).where(login_steps.c.digest == digest)).one_or_none()
        return None if row is None or row.ends <= now else Step(row.digest, row.user, row.ends)

    def count_wrong_code(self, digest: bytes, tries: int, entry: AuditEntry) -> None:
        """Count a wrong code, and end the step with the last of its tries."""
        with writing(self._engine) as connection:
            is_it = login_steps.c.digest == digest
            connection.execute(update(login_steps).where(is_it).values(tries=login_steps.c.tries + 1))
            connection.execute(delete(login_steps).where(is_it, login_steps.c.tries >= tries))
            add_entry(connection, entry)


def give_charges_back(connection: Connection, charges: Sequence[Charge]) -> None:
    """Take back charges in a transaction."""
    for charge, attempts in _with_attempts(connection, charges):
        if attempts is None:
            continue
        left = given_back(attempts)
        if left.level < _NOTHING:
            _forget(connection, charge.kind, charge.key)
        else:
            _write(connection, charge, left, is_new=False)


def _with_attempts(connection: Connection, charges: Sequence[Charge]) -> list[tuple[Charge, Attempts | None]]:
    return [(charge, _read(connection, charge)) for charge in charges]


def _read(connection: Connection, charge: Charge) -> Attempts | None:
    columns = (login_attempts.c.level, login_attempts.c.last)
    is_it = (login_attempts.c.kind == int(charge.kind), login_attempts.c.key == charge.key)
    row = connection.execute(select(*columns).where(*is_it)).one_or_none()
    return None if row is None else Attempts(row.level, row.last)


def _write(connection: Connection, charge: Charge, attempts: Attempts, *, is_new: bool) -> None:
    values = {"level": attempts.level, "last": attempts.last}
    if is_new:
        connection.execute(insert(login_attempts).values(kind=int(charge.kind), key=charge.key, **values))
        return
    is_it = (login_attempts.c.kind == int(charge.kind), login_attempts.c.key == charge.key)
    connection.execute(update(login_attempts).where(*is_it).values(**values))


def _forget(connection: Connection, kind: ThrottleKind, key: str) -> None:
    is_it = (login_attempts.c.kind == int(kind), login_attempts.c.key == key)
    connection.execute(delete(login_attempts).where(*is_it))


def _forget_old(connection: Connection, now: int) -> None:
    # What lies far ahead was written while the clock was wrong, and would never get old.
    is_void = or_(login_attempts.c.last < now - FORGOTTEN_AFTER, login_attempts.c.last > now + FORGOTTEN_AFTER)
    connection.execute(delete(login_attempts).where(is_void))
    count = connection.execute(select(func.count()).select_from(login_attempts)).scalar_one()
    if count <= MOST_ATTEMPTS:
        return
    kept = select(login_attempts.c.last).order_by(login_attempts.c.last.desc()).offset(MOST_ATTEMPTS).limit(1)
    oldest = connection.execute(kept).scalar_one()
    connection.execute(delete(login_attempts).where(login_attempts.c.last <= oldest))
