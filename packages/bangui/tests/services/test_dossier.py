from __future__ import annotations

from pathlib import Path

import pytest

from bangui.services.dossier import Dossier, read_dossier
from bangui.services.network_names import NetworkNames
from packages.bangui.tests.filled_history import HOSTILE, NOW, FilledHistory


@pytest.fixture
def history(tmp_path: Path) -> FilledHistory:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    return history


def dossier(history: FilledHistory, text: str) -> Dossier:
    with history.open() as reader:
        return read_dossier(reader, history.places, NetworkNames(history.places), text, 10, NOW)


def test_an_address_has_its_story_its_days_and_the_name_of_its_network(history: FilledHistory) -> None:
    found = dossier(history, "203.0.113.7")
    assert len(found.story.bans) == 2
    assert found.days is not None
    assert sum(found.days.counts) == 2
    assert found.network_name == "EVIL-NET"


def test_the_days_of_a_network_are_those_of_everybody_in_it(history: FilledHistory) -> None:
    found = dossier(history, "203.0.113.0/24")
    assert found.days is not None
    assert sum(found.days.counts) == 4


def test_a_text_is_nowhere(history: FilledHistory) -> None:
    found = dossier(history, HOSTILE)
    assert (len(found.story.bans), found.network_name) == (1, None)


def test_nobody_knows_an_id_that_was_never_seen(history: FilledHistory) -> None:
    found = dossier(history, "192.0.2.77")
    assert (found.story.is_empty, found.days, found.network_name) == (True, None, None)
