"""Settings, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.kept_settings import SqlKeptSettings
from bangui.domain.audit import AuditFilter
from bangui.domain.kept_settings import LONGEST_SETTING, KeptSettings
from packages.bangui.tests.access import an_entry


@pytest.fixture
def settings(engine: Engine) -> KeptSettings:
    return SqlKeptSettings(lambda: engine)


def test_a_setting_is_kept_until_it_is_made_anew_or_taken_back(settings: KeptSettings) -> None:
    assert settings.read("a") is None
    settings.write("a", "one", an_entry())
    settings.write("b", "two", an_entry())
    settings.write("a", "three", an_entry())
    assert (settings.read("a"), settings.read("b")) == ("three", "two")
    settings.write("a", None, an_entry())
    assert (settings.read("a"), settings.read("b")) == (None, "two")


def test_each_change_is_recorded_with_it(settings: KeptSettings, engine: Engine) -> None:
    settings.write("a", "one", an_entry("first"))
    settings.write("a", None, an_entry("second"))
    entries = SqlAccountStore(engine).audit.page(AuditFilter(), 10).entries
    assert [recorded.entry.target for recorded in entries] == ["second", "first"]


def test_a_setting_cannot_be_of_any_length(settings: KeptSettings) -> None:
    settings.write("a", "x\x00" * LONGEST_SETTING, an_entry())
    kept = settings.read("a")
    assert kept is not None
    assert len(kept) <= LONGEST_SETTING
