"""The audit trail in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, insert, or_, select

from bangui.adapters.sql.accounts_schema import audit
from bangui.adapters.sql.engine import reading, writing
from bangui.adapters.sql.storable import LONGEST_ID, LONGEST_NAME, storable_text, storable_time
from bangui.domain.accounts import Via
from bangui.domain.audit import AuditEntry, AuditFilter, AuditPage, AuditResult, RecordedEntry

LONGEST_PAGE = 1_000
# The name of an account (64) and that of its token.
_LONGEST_ACTOR = 160
_LONGEST_ACTION = 64
_LONGEST_ADDRESS = 64
_LONGEST_DETAIL = 2_000


class SqlAudit:
    """The audit trail; see `bangui.domain.access_ports.AuditStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, entry: AuditEntry) -> None:
        """Add an entry."""
        with writing(self._engine) as connection:
            add_entry(connection, entry)

    def page(self, filter: AuditFilter, size: int, before: int | None = None) -> AuditPage:
        """Return entries with lower numbers than `before`, the newest first."""
        size = min(max(size, 1), LONGEST_PAGE)
        query = select(audit).where(*_conditions(filter)).order_by(audit.c.number.desc()).limit(size + 1)
        if before is not None:
            query = query.where(audit.c.number < before)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        entries = tuple(_entry(row) for row in rows[:size])
        return AuditPage(entries, entries[-1].number if len(rows) > size else None)

    def prune(self, until: int, most: int, batch: int) -> int:
        """Forget entries older than `until` and all beyond the newest `most`; return how many of a batch those were."""
        with writing(self._engine) as connection:
            last_too_many = connection.execute(
                select(audit.c.number).order_by(audit.c.number.desc()).offset(most).limit(1)
            ).scalar()
            is_old: list[ColumnElement[bool]] = [audit.c.time < until]
            if last_too_many is not None:
                is_old.append(audit.c.number <= last_too_many)
            oldest = select(audit.c.number).where(or_(*is_old)).order_by(audit.c.number).limit(batch)
            return connection.execute(delete(audit).where(audit.c.number.in_(oldest))).rowcount


def add_entry(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry in a transaction that does what it tells of."""
    connection.execute(
        insert(audit).values(
            time=storable_time(entry.time),
            actor=storable_text(entry.actor, _LONGEST_ACTOR),
            via=entry.via.value,
            address=None if entry.address is None else storable_text(entry.address, _LONGEST_ADDRESS),
            action=storable_text(entry.action, _LONGEST_ACTION),
            target=storable_text(entry.target, LONGEST_ID),
            result=entry.result.value,
            detail=storable_text(entry.detail, _LONGEST_DETAIL),
            host=storable_text(entry.host, LONGEST_NAME),
        )
    )


def _conditions(filter: AuditFilter) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filter.since is not None:
        conditions.append(audit.c.time >= filter.since)
    if filter.until is not None:
        conditions.append(audit.c.time < filter.until)
    if filter.action is not None:
        below = audit.c.action.startswith(f"{filter.action}.", autoescape=True)
        conditions.append(or_(audit.c.action == filter.action, below))
    if filter.result is not None:
        conditions.append(audit.c.result == filter.result.value)
    for column, wanted in ((audit.c.actor, filter.actor), (audit.c.target, filter.target), (audit.c.host, filter.host)):
        if wanted is not None:
            conditions.append(column == storable_text(wanted, LONGEST_ID))
    return conditions


def _entry(row: Row[Any]) -> RecordedEntry:
    entry = AuditEntry(
        row.time,
        row.actor,
        Via(row.via),
        row.address,
        row.action,
        row.target,
        AuditResult(row.result),
        row.detail,
        row.host,
    )
    return RecordedEntry(row.number, entry)
