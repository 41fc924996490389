"""Settings of jails from a moment on: a row for each time that they were others than before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select

from bangui.adapters.sql.schema import settings
from bangui.adapters.sql.statements import Statements
from bangui.adapters.sql.storable import storable_text, storable_time
from bangui.adapters.sql.work import Work
from bangui.domain.history import JailSettings

_LONGEST_VALUE = 20_000
_MOST_VALUES = 200


class JailSettingsTable:
    """The statements about `settings`."""

    def __init__(self, statements: Statements) -> None:
        insert = statements.insert(settings)
        self._store = statements.compile(
            insert.on_conflict_do_update(
                index_elements=list(settings.primary_key), set_={"packed": insert.excluded.packed}
            )
        )
        keys = (settings.c.host == bindparam("host_"), settings.c.jail == bindparam("jail_"))
        before = settings.c.since <= bindparam("at")
        newest_first = settings.c.since.desc()
        self._before = statements.compile(
            select(settings.c.packed).where(*keys, before).order_by(newest_first).limit(1), ("host_", "jail_", "at")
        )

    def record(self, work: Work, given: Sequence[JailSettings]) -> None:
        """Store settings that differ from those before."""
        for one in sorted(given, key=lambda one: one.since):
            key = (work.hosts[one.host].number, work.jails[one.jail].number, storable_time(one.since))
            packed = packed_values(one.values)
            if [row[0] for row in work.transaction.fetch(self._before, key)] != [packed]:
                work.transaction.run(self._store, [(*key, packed)])


def packed_values(values: Mapping[str, str]) -> str:
    """Return settings as they are stored."""
    kept = sorted(values.items())[:_MOST_VALUES]
    plain = {storable_text(name, _LONGEST_VALUE): storable_text(value, _LONGEST_VALUE) for name, value in kept}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def unpacked_values(packed: str) -> dict[str, str]:
    """Return the settings of a stored value."""
    values: dict[str, str] = json.loads(packed)
    return values
