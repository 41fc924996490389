"""Settings are kept from the moment on that they were others than before."""

from __future__ import annotations

from sqlalchemy import select

from bangui.adapters.sql.engine import reading
from bangui.adapters.sql.jail_settings_table import packed_values, unpacked_values
from bangui.adapters.sql.schema import settings
from bangui.domain.history import Batch, JailSettings
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.seen import HOST, START


def _record(store: Store, *moments: tuple[int, str], jail: str = "sshd") -> list[tuple[int, str]]:
    given = [JailSettings(HOST, jail, START + since, {"maxretry": retries}) for since, retries in moments]
    store.writer.record(Batch(HOST, settings=given))
    with reading(store.engine) as connection:
        rows = connection.execute(select(settings).order_by(settings.c.jail, settings.c.since)).all()
    return [(row.since - START, unpacked_values(row.packed)["maxretry"]) for row in rows]


def test_settings_that_stay_the_same_are_kept_once(store: Store) -> None:
    assert _record(store, (0, "5")) == [(0, "5")]
    assert _record(store, (10, "5"), (20, "5")) == [(0, "5")]
    assert _record(store, (30, "3"), (40, "5")) == [(0, "5"), (30, "3"), (40, "5")]


def test_older_settings_of_a_backup_find_their_place(store: Store) -> None:
    assert _record(store, (40, "5")) == [(40, "5")]
    assert _record(store, (0, "5"), (30, "3"), (35, "3")) == [(0, "5"), (30, "3"), (40, "5")]


def test_each_jail_has_its_own(store: Store) -> None:
    _record(store, (0, "5"))
    assert _record(store, (0, "5"), jail="recidive") == [(0, "5"), (0, "5")]


def test_settings_are_stored_in_the_order_of_their_names_whatever_they_hold() -> None:
    values = {"b": "\x00\ud800", "a": "Ä" * 30_000}
    packed = packed_values(values)
    assert packed == packed_values(dict(reversed(values.items())))
    assert unpacked_values(packed) == {"a": "Ä" * 20_000, "b": "\ufffd?"}
    assert len(unpacked_values(packed_values({str(number): "x" for number in range(1_000)}))) == 200
