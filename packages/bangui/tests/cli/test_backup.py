from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from packages.bangui.tests.cli.harness import Bangui
from packages.bangui.tests.filled_history import NUMBER_OF_EVENTS, FilledHistory


@pytest.fixture
def filled(bangui: Bangui) -> Bangui:
    bangui.history.record()
    return bangui


def test_the_whole_history_is_in_one_file_that_only_its_owner_can_read(filled: Bangui, tmp_path: Path) -> None:
    place = tmp_path / "backup"
    outcome = filled("backup", str(place))
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith(f"backed up {NUMBER_OF_EVENTS} events to {place} (")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    with FilledHistory(place).open() as reader:
        assert reader.state().events == NUMBER_OF_EVENTS


def test_the_json_has_the_documented_keys(filled: Bangui, tmp_path: Path) -> None:
    place = tmp_path / "backup"
    answer = json.loads(filled("backup", str(place), "--json").out)
    assert answer == {"file": str(place), "events": NUMBER_OF_EVENTS, "bytes": place.stat().st_size}


def test_a_file_that_is_there_already_stays_as_it_is(filled: Bangui, tmp_path: Path) -> None:
    place = tmp_path / "backup"
    place.write_text("precious")
    outcome = filled("backup", str(place))
    assert (outcome.code, outcome.out) == (2, "")
    assert "is there already" in outcome.err
    assert place.read_text() == "precious"


def test_a_folder_that_is_missing_is_told(filled: Bangui, tmp_path: Path) -> None:
    outcome = filled("backup", str(tmp_path / "none" / "backup"))
    assert outcome.code == 2
    assert "there is no folder" in outcome.err


def test_without_a_history_there_is_nothing_to_back_up(bangui: Bangui, tmp_path: Path) -> None:
    outcome = bangui("backup", str(tmp_path / "backup"))
    assert outcome.code == 3
    assert "bangui collect --once" in outcome.err
    assert not (tmp_path / "backup").exists()
    assert not bangui.history.path.exists()
