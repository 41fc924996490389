from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.kept_settings import SqlKeptSettings
from bangui.domain.audit import AuditFilter
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind
from bangui.domain.retention import RetentionWords
from bangui.services.retention_settings import SETTING, RetentionSettings
from packages.bangui.tests.access import NOW, ROOT, an_entry

START = RetentionWords("forever", "forever", "5G")


@pytest.fixture
def settings(account_engine: Engine) -> RetentionSettings:
    return RetentionSettings(SqlKeptSettings(lambda: account_engine), START, now=lambda: NOW)


async def test_what_the_command_line_says_counts_until_somebody_says_something_else(
    settings: RetentionSettings, account_engine: Engine
) -> None:
    assert (await settings.words(), settings.current().max_bytes) == (START, 5_000_000_000)
    await settings.change(RetentionWords("2y", "90d", "500M"), ROOT)
    kept = settings.current()
    assert kept.max_bytes == 500_000_000
    assert kept.ages[EventKind.FAILURE] == 90 * 86_400 < kept.ages[EventKind.BAN]
    # Also after a restart.
    again = RetentionSettings(SqlKeptSettings(lambda: account_engine), START)
    assert await again.words() == RetentionWords("2y", "90d", "500M")
    await again.change(None, ROOT)
    assert await settings.words() == START


async def test_a_change_is_on_the_audit_trail(settings: RetentionSettings, account_engine: Engine) -> None:
    await settings.change(RetentionWords("2y", "90d", "500M"), ROOT)
    (recorded,) = SqlAccountStore(account_engine).audit.page(AuditFilter(), 10).entries
    assert (recorded.entry.action, recorded.entry.actor) == ("settings.retention", "root")
    assert recorded.entry.detail == "all 2y, failures 90d, size 500M"


@pytest.mark.parametrize(
    "words",
    [
        replace(START, keep="soon"),
        replace(START, keep="1m"),
        replace(START, keep_failures=""),
        replace(START, keep_size="1k"),
        replace(START, keep_size="much"),
    ],
)
async def test_what_makes_no_sense_changes_nothing(settings: RetentionSettings, words: RetentionWords) -> None:
    with pytest.raises(InvalidInput):
        await settings.change(words, ROOT)
    assert await settings.words() == START


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"keep": "2y"}', '{"keep": 1, "keep_failures": 2, "keep_size": 3}'])
async def test_a_setting_that_nobody_understands_counts_as_not_made(
    settings: RetentionSettings, account_engine: Engine, kept: str
) -> None:
    SqlKeptSettings(lambda: account_engine).write(SETTING, kept, an_entry())
    assert await settings.words() == START
