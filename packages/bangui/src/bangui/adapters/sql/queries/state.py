"""What there is: how many events, how much room they take, and the settings of jails."""

from __future__ import annotations

from bangui.adapters.sql.jail_settings_table import unpacked_values
from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.kind_totals import count_kinds
from bangui.adapters.sql.queries.scope import resolve
from bangui.adapters.sql.storable import LONGEST_NAME, storable_text
from bangui.domain.history import JailSettings
from bangui.domain.history_queries import Filter, HistoryState


def read_state(asker: Asker) -> HistoryState:
    """Return what there is."""
    scope = resolve(asker, Filter())
    events = count_kinds(asker, scope).total()
    version = asker.column("SELECT version_num FROM alembic_version")[0]
    first, last = (scope.since, scope.until - 1) if events else (None, None)
    return HistoryState(events, first, last, _disk_bytes(asker), version)


def read_settings(asker: Asker, host: str, jail: str, time: int) -> JailSettings | None:
    """Return the settings that a jail had at a moment; None where nobody looked before it."""
    sql = query(
        "s.since, s.packed",
        "hosts h CROSS JOIN jails j CROSS JOIN settings s",
        ("h.name = :host", "j.name = :jail", "s.host = h.number", "s.jail = j.number", "s.since <= :time"),
        "ORDER BY s.since DESC LIMIT 1",
    )
    names = {"host": storable_text(host, LONGEST_NAME), "jail": storable_text(jail, LONGEST_NAME)}
    row = asker.row(sql, {**names, "time": time})
    return None if row is None else JailSettings(host, jail, row[0], unpacked_values(row[1]))


def _disk_bytes(asker: Asker) -> int:
    if asker.is_sqlite:
        pages = asker.column("SELECT page_count FROM pragma_page_count")[0]
        return int(pages * asker.column("SELECT page_size FROM pragma_page_size")[0])
    return int(asker.column("SELECT pg_database_size(current_database())")[0])
