"""Events in the order of their addresses: ids are walked as `ids_key` has them, and each one's events by time.

Ids that are no address come after all addresses, in the order of their texts.
"""

from __future__ import annotations

from collections.abc import Iterator

from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.conditions import About, Conditions, add_hints, add_ids, conditions_of
from bangui.adapters.sql.queries.lanes import lanes_of_ids
from bangui.adapters.sql.queries.positions import Key, Position
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.queries.time_order import TimeOrder

_Id = tuple[int, bytes | None, str]
"""Number, key and text."""


def page_by_id(
    asker: Asker, scope: Scope, after: Position | None, limit: int, *, is_descending: bool
) -> list[Position]:
    """Return the first events of a scope, in the order of ids, that come after a position."""
    order = TimeOrder(asker, lanes_of_ids(asker, scope, "", Conditions()), is_descending=is_descending)
    walk = _Walk(asker, scope, limit, is_descending=is_descending)
    found: list[Position] = []
    for key, number in walk.ids(() if after is None else after.key):
        moment = (after.time, after.number) if after is not None and key == after.key else None
        moments = order.of_lane((number,), (scope.since, scope.until), moment, limit - len(found))
        found += [Position(key, *one) for one in moments]
        if len(found) >= limit:
            break
    return found


class _Walk:
    """Walks along ids that may have events in a scope, some at a time."""

    def __init__(self, asker: Asker, scope: Scope, limit: int, *, is_descending: bool) -> None:
        self._asker = asker
        self._limit = limit
        self._is_descending = is_descending
        self._sign, self._way = ("<", "DESC") if is_descending else (">", "ASC")
        ids = Conditions()
        add_ids(ids, scope, "v")
        add_hints(ids, scope, "v")
        told = conditions_of(asker, scope, (About.HOST, About.JAIL, About.KIND))
        of_id = ("e.id = v.number", "e.time >= :since", "e.time < :until", *told.wanted)
        has_events = query("1", "events e INDEXED BY events_identity", of_id)
        self._wanted = [*ids.wanted, "v.last >= :since", "v.first < :until", f"EXISTS ({has_events})"]
        self._parameters = (
            ids.parameters | told.parameters | {"since": scope.since, "until": scope.until, "limit": limit}
        )

    def ids(self, begin: Key) -> Iterator[tuple[Key, int]]:
        """Yield ids from a key on: the key of an order by address, and the number."""
        for kind in (1, 0) if self._is_descending else (0, 1):
            if not begin or begin[0] == kind:
                yield from self._of_kind(kind, begin)
            elif (kind > int(begin[0])) != self._is_descending:
                yield from self._of_kind(kind, ())

    def _of_kind(self, kind: int, begin: Key) -> Iterator[tuple[Key, int]]:
        """Yield addresses (0), or ids that are none (1)."""
        key, sign = begin, f"{self._sign}="
        while True:
            rows = self._some(kind, key, sign)
            for number, bytes_of_key, text in rows:
                key = (kind, b"" if bytes_of_key is None else bytes(bytes_of_key), text)
                yield key, number
            if len(rows) < self._limit:
                return
            sign = self._sign

    def _some(self, kind: int, begin: Key, sign: str) -> list[_Id]:
        parameters = dict(self._parameters)
        wanted = [*self._wanted, "v.key IS NULL" if kind else "v.key IS NOT NULL"]
        if begin:
            wanted.append(f"v.text {sign} :from_text" if kind else f"(v.key, v.text) {sign} (:from_key, :from_text)")
            parameters |= {"from_text": begin[2]} if kind else {"from_key": begin[1], "from_text": begin[2]}
        order = f"v.text {self._way}" if kind else f"v.key {self._way}, v.text {self._way}"
        sql = query("v.number, v.key, v.text", "ids v INDEXED BY ids_key", wanted, f"ORDER BY {order} LIMIT :limit")
        return [(number, key, text) for number, key, text in self._asker.rows(sql, parameters)]
