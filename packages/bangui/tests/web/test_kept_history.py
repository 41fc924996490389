from __future__ import annotations

from pathlib import Path

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.kept_settings import SqlKeptSettings
from bangui.adapters.sql.migrate import migrate
from bangui.domain.retention import RetentionWords
from bangui.services.retention_settings import RetentionSettings
from bangui.web import Services, WebSettings
from bangui.web.app import build_site
from bangui.web.kept_history import read_kept
from packages.bangui.tests.filled_history import NOW, NUMBER_OF_EVENTS, FilledHistory
from packages.bangui.tests.web.lent import lent
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans

WORDS = RetentionWords("forever", "90d", "5G")


async def test_tells_what_there_is_and_for_how_long(tmp_path: Path) -> None:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    engine = open_engine(str(tmp_path / "settings.sqlite3"))
    migrate(engine)
    with lent(history) as source:
        services = Services(history=source, retention=RetentionSettings(SqlKeptSettings(lambda: engine), WORDS))
        kept = await read_kept(build_site(ScriptedLive(few_bans()), WebSettings(version="1"), services, lambda: NOW))
    engine.dispose()
    assert kept is not None
    assert (kept.events, kept.rules, kept.is_as_started) == (NUMBER_OF_EVENTS, WORDS, True)
    assert kept.first is not None


async def test_without_a_history_there_is_nothing_to_tell() -> None:
    site = build_site(ScriptedLive(few_bans()), WebSettings(version="1"), Services(), lambda: NOW)
    assert await read_kept(site) is None
