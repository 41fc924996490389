from __future__ import annotations

from pathlib import Path

import pytest

from bangui.domain.history import JailSettings
from bangui.domain.story import Story
from bangui.services.story import tell_story
from packages.bangui.tests.filled_history import HOST, HOSTILE, SETTINGS, FilledHistory, FixedPlaces, ago, ban


@pytest.fixture
def history(tmp_path: Path) -> FilledHistory:
    history = FilledHistory(tmp_path / "history.sqlite3")
    strict = {**SETTINGS, "maxretry": "2"}
    history.record(
        settings=[JailSettings(HOST, "sshd", ago(9_000), SETTINGS), JailSettings(HOST, "sshd", ago(100), strict)]
    )
    return history


def told(history: FilledHistory, text: str, bans: int = 5) -> Story:
    with history.open() as reader:
        return tell_story(reader, FixedPlaces(), text, bans)


def test_an_address_is_told_with_all_its_bans_the_newest_first(history: FilledHistory) -> None:
    story = told(history, "203.0.113.7")
    assert [ban.event.time for ban in story.bans] == [ago(60), ago(185)]
    assert [len(ban.lines) for ban in story.bans] == [2, 5]
    assert [ban.unbanned for ban in story.bans] == [None, ago(175)]
    assert not story.has_more_bans
    assert story.summary is not None
    assert (story.summary.bans, story.summary.failures) == (2, 10)
    assert [(jail.jail, jail.bans) for jail in story.jails] == [("sshd", 2)]


def test_each_ban_has_the_settings_of_its_moment(history: FilledHistory) -> None:
    newest, older = told(history, "203.0.113.7").bans
    assert newest.settings is not None
    assert older.settings is not None
    assert (newest.settings.values["maxretry"], older.settings.values["maxretry"]) == ("2", "5")
    assert told(history, HOSTILE).bans[0].settings is None


def test_so_many_bans_as_were_asked_for_are_told(history: FilledHistory) -> None:
    story = told(history, "203.0.113.7", bans=1)
    assert [ban.event.time for ban in story.bans] == [ago(60)]
    assert story.has_more_bans


def test_the_place_and_what_else_came_from_there_is_told_without_the_address_itself(history: FilledHistory) -> None:
    story = told(history, "203.0.113.7")
    assert (story.country, story.network) == ("DE", 64_500)
    assert story.subnet is not None
    assert (story.subnet.name, story.subnet.bans.value) == ("203.0.113.0/24", 4)
    assert sorted(row.key or "" for row in story.subnet.others) == ["203.0.113.0/24", "203.0.113.9"]
    assert story.system is not None
    assert story.system.name == "AS64500"
    assert "203.0.113.7" not in [row.key for row in story.system.others]


def test_networks_around_it_that_were_banned_are_told(history: FilledHistory) -> None:
    assert [around.id for around in told(history, "203.0.113.77").around] == ["203.0.113.0/24"]
    history.record([ban("2001:db8::/48", 5)])
    assert [around.id for around in told(history, "2001:db8::7").around] == ["2001:db8::/48"]


def test_an_address_that_was_never_seen_is_told_with_its_surroundings(history: FilledHistory) -> None:
    story = told(history, "203.0.113.77")
    assert story.is_empty
    assert story.country == "DE"
    assert story.subnet is not None
    assert story.subnet.bans.value == 4


def test_a_network_is_told_by_what_lies_in_it(history: FilledHistory) -> None:
    story = told(history, "203.0.113.0/25")
    assert {ban.event.id for ban in story.bans} == {"203.0.113.7", "203.0.113.9"}
    assert story.inside is not None
    assert story.inside.bans.value == 3
    assert [around.id for around in story.around] == ["203.0.113.0/24"]
    assert story.subnet is None
    assert not story.is_empty
    assert told(history, "192.0.2.0/24").is_empty


def test_a_network_that_was_banned_itself_has_a_summary(history: FilledHistory) -> None:
    story = told(history, "203.0.113.0/24")
    assert story.summary is not None
    assert (story.summary.bans, [jail.jail for jail in story.jails]) == (1, ["recidive"])


def test_a_text_is_told_as_it_stands(history: FilledHistory) -> None:
    story = told(history, HOSTILE)
    assert [ban.event.id for ban in story.bans] == [HOSTILE]
    assert (story.country, story.subnet, story.system) == (None, None, None)
    assert told(history, "nobody").is_empty


def test_a_ban_ends_with_the_first_unban_before_the_next_ban(history: FilledHistory) -> None:
    assert [ban.unbanned for ban in told(history, "203.0.113.0/24").bans] == [None, ago(175), ago(2_870), None]
