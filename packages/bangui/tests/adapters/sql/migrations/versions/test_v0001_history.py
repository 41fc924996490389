"""The first step; that it makes what `schema.py` declares is proven in `test_migrate.py`."""

from __future__ import annotations

from bangui.adapters.sql.migrations.versions import v0001_history


def test_it_is_the_first_step() -> None:
    assert v0001_history.revision == "0001"
    assert v0001_history.down_revision is None
