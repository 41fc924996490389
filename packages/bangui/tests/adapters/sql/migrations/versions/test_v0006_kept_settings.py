"""The sixth step; that it makes what `kept_settings_schema.py` declares is proven in `test_migrate.py`."""

from __future__ import annotations

from bangui.adapters.sql.migrations.versions import v0005_kept_answers, v0006_kept_settings


def test_it_follows_the_fifth_step() -> None:
    assert v0006_kept_settings.down_revision == v0005_kept_answers.revision
