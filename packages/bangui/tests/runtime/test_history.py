from __future__ import annotations

import json
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanProcess
from bangui.domain.history import Batch
from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.history_queries import Search
from bangui.runtime.history import open_history, open_places, open_writer
from packages.bangui.tests.filled_history import ban
from packages.bangui.tests.runtime.program import bangui, one_line, prepare


def test_a_history_that_is_not_there_is_said_to_be_missing_and_not_made(tmp_path: Path) -> None:
    place = tmp_path / "history.sqlite3"
    with pytest.raises(StoreError) as missing, open_history(str(place)):
        raise AssertionError("opened")
    assert missing.value.trouble is StoreTrouble.MISSING
    with pytest.raises(StoreError) as missing, open_writer(str(place), str(tmp_path), is_made=False):
        raise AssertionError("opened")
    assert missing.value.trouble is StoreTrouble.MISSING
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_can_be_read_and_only_by_its_owner(tmp_path: Path) -> None:
    place = tmp_path / "data" / "history.sqlite3"
    with open_writer(str(place), str(tmp_path), is_made=True) as writer:
        writer.record(Batch("memory", [ban("8.8.8.8", 5)]))
    with open_history(str(place)) as reader:
        (event,) = reader.search(Search()).events
    assert (event.id, event.country, event.network) == ("8.8.8.8", "US", 15169)
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700


def test_places_come_from_the_data_that_is_there(tmp_path: Path) -> None:
    assert {source.what for source in open_places(str(tmp_path)).sources()} == {"country", "network"}


async def test_every_command_works_with_a_history_on_postgresql(
    one_daemon: Fail2BanProcess, postgres_url: str, tmp_path: Path
) -> None:
    await prepare(one_daemon.socket_path, 3)
    copy = tmp_path / "copy.sqlite3"

    def run(*words: str, history: str = postgres_url) -> str:
        told = bangui(*words, BANGUI_HISTORY=history, BANGUI_DATA=str(tmp_path / "data"))
        assert (told.returncode, told.stderr) == (0, ""), words
        return told.stdout

    missing = bangui("history", BANGUI_HISTORY=postgres_url)
    assert missing.returncode == 3
    assert "there is no history" in one_line(missing)

    assert "3 new events recorded" in run("collect", "--once", "--socket", one_daemon.socket_path)
    assert "0 new events recorded" in run("collect", "--once", "--socket", one_daemon.socket_path)
    listed = json.loads(run("history", "10.0.0.0/24", "--kind", "ban", "--json"))["events"]
    assert {event["id"] for event in listed} == {"10.0.0.0", "10.0.0.1", "10.0.0.2"}
    assert json.loads(run("stats", "--json"))["kinds"]["ban"]["number"] == 3
    assert [row["bans"] for row in json.loads(run("top", "jails", "--json"))["rows"]] == [3]
    assert run("export", "--format", "list").split() == ["10.0.0.0", "10.0.0.1", "10.0.0.2"]
    assert "is banned in sshd" in run("why", "10.0.0.1", "--socket", one_daemon.socket_path)
    assert "backed up 3 events" in run("backup", str(copy))
    assert "nothing new" in run("restore", str(copy))
    assert "3 events" in run("restore", str(copy), history=str(tmp_path / "other.sqlite3"))
