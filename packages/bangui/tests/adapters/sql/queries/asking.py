"""Asks a store in one transaction, as the reader does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bangui.adapters.sql.engine import open_engine, reading
from bangui.adapters.sql.queries.asker import Asker
from packages.bangui.tests.adapters.sql.conftest import Store


@contextmanager
def asking(store: Store) -> Iterator[Asker]:
    """Lend what asks; what is recorded meanwhile is not seen."""
    engine = open_engine(store.location, read_only=True)
    try:
        with reading(engine) as connection:
            yield Asker(connection)
    finally:
        engine.dispose()
