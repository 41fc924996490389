"""What the history knows of one id."""

from __future__ import annotations

from bangui.adapters.sql.queries.asker import Asker, one_of, query
from bangui.adapters.sql.queries.keys import COUNTED_KINDS, SUMS
from bangui.adapters.sql.storable import LONGEST_ID, storable_text
from bangui.domain.history_queries import IdSummary, JailCount

_COLUMNS = "number, bans, failures, first, last, country, network"
# The end of a ban is nothing that an id did.
_DONE = one_of("e.kind", COUNTED_KINDS)
_EVENTS = "events e INDEXED BY events_identity"


def read_id_summary(asker: Asker, id: str) -> IdSummary | None:
    """Return what was ever counted for an id; None for one without an event."""
    parameters = {"id": storable_text(id, LONGEST_ID)}
    row = asker.row(query(_COLUMNS, "ids", ("text = :id", "events > 0")), parameters)
    if row is None:
        return None
    number, bans, failures, first, last, country, network = row
    if bans or failures:
        first, last = (
            asker.column(
                query("e.time", _EVENTS, ("e.id = :number", _DONE), f"ORDER BY e.time {way} LIMIT 1"),
                {"number": number},
            )[0]
            for way in ("ASC", "DESC")
        )
    return IdSummary(id, bans, failures, first, last, country, network)


def read_id_jails(asker: Asker, id: str) -> list[JailCount]:
    """Return what each jail ever counted for an id, in the order of their names."""
    sql = query(
        f"j.name, {SUMS}, min(e.time), max(e.time)",
        f"ids i CROSS JOIN {_EVENTS} CROSS JOIN jails j",
        ("i.text = :id", "e.id = i.number", _DONE, "j.number = e.jail"),
        "GROUP BY j.name ORDER BY j.name",
    )
    return [JailCount(*row) for row in asker.rows(sql, {"id": storable_text(id, LONGEST_ID)})]
