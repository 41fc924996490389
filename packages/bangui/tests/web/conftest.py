"""What tests of pages stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.totp import TotpCodes
from bangui.services.access import Access


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    """Accounts in a database of their own, with hashes that cost nearly nothing."""
    engine = open_engine(str(tmp_path / "accounts.sqlite3"))
    migrate(engine)
    yield Access.over(SqlAccountStore(engine), Argon2Hashes(memory_kib=64, passes=1), TotpCodes())
    engine.dispose()
