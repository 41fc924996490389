from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from pathlib import Path

from bangui.domain.retention import RetentionWords
from bangui.runtime.kept_settings import retention_settings
from bangui.runtime.late import LateDatabase
from packages.bangui.tests.access import ROOT


async def test_settings_outlive_the_service(tmp_path: Path) -> None:
    options, place = Namespace(retention=RetentionWords("forever", "90d", "1G")), str(tmp_path / "history.sqlite3")
    with closing(LateDatabase(place)) as database:
        settings = retention_settings(options, database)
        assert await settings.words() == RetentionWords("forever", "90d", "1G")
        await settings.change(RetentionWords("2y", "90d", "1G"), ROOT)
    with closing(LateDatabase(place)) as database:
        assert (await retention_settings(options, database).words()).keep == "2y"
