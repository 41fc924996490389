from __future__ import annotations

import json
from pathlib import Path

import pytest

from packages.bangui.tests.cli.harness import Bangui
from packages.bangui.tests.filled_history import NUMBER_OF_EVENTS, FilledHistory


@pytest.fixture
def backup(bangui: Bangui, tmp_path: Path) -> str:
    other = FilledHistory(tmp_path / "other.sqlite3")
    other.record()
    with other.writing() as writer:
        writer.back_up(tmp_path / "backup")
    return str(tmp_path / "backup")


def test_a_backup_is_added_to_a_history_that_is_made_for_it(bangui: Bangui, backup: str) -> None:
    outcome = bangui("restore", backup)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"{NUMBER_OF_EVENTS} events from {backup} added to the history\n"
    assert len(bangui("history").out.splitlines()) == NUMBER_OF_EVENTS + 1


def test_what_is_there_already_is_not_added_again(bangui: Bangui, backup: str) -> None:
    bangui("restore", backup)
    assert "nothing new" in bangui("restore", backup).out
    assert json.loads(bangui("restore", backup, "--json").out) == {"file": backup, "new_events": 0}


def test_a_file_that_is_missing_is_told_and_no_history_is_made(bangui: Bangui, tmp_path: Path) -> None:
    outcome = bangui("restore", str(tmp_path / "none"))
    assert outcome.code == 2
    assert "there is no file" in outcome.err
    assert not bangui.history.path.exists()


def test_a_file_that_is_no_backup_is_told(bangui: Bangui, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no history at all" * 100)
    outcome = bangui("restore", str(tmp_path / "text"))
    assert outcome.code == 1
    assert outcome.err.count("\n") == 1
