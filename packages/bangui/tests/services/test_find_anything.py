from __future__ import annotations

from pathlib import Path

import pytest

from bangui.services.find_anything import Found, FoundNetwork, find_here, find_networks
from bangui.services.network_names import NetworkNames
from packages.bangui.tests.filled_history import FilledHistory
from packages.bangui.tests.web.scripted import HOSTILE_IDS, few_bans, make_ban, make_snapshot

COUNTRIES = {"CN": "China", "DE": "Germany", "CF": "Central African Republic", "ZA": "South Africa", "US": "USA"}


def found(text: str) -> Found:
    return find_here(text, few_bans(), COUNTRIES)


def test_an_address_is_meant_in_whatever_way_it_is_written() -> None:
    assert found(" ::ffff:203.0.113.45 ").address == "203.0.113.45"
    assert found("203.0.113.0/24").address == "203.0.113.0/24"
    assert found("203.0.113.45").jails == ()


def test_jails_are_found_by_a_part_of_their_name_the_best_match_first() -> None:
    names = [jail.name for jail in few_bans().jails]
    assert found(names[0].upper()).jails[0] == names[0]
    assert set(found("s").jails) <= set(names)


def test_countries_are_found_by_code_and_by_the_beginning_of_a_word() -> None:
    assert found("cn").countries == ("CN",)
    assert found("germ").countries == ("DE",)
    assert set(found("afri").countries) == {"CF", "ZA"}
    assert found("r").countries == ()


def test_bans_in_force_are_found_by_their_beginning() -> None:
    assert "203.0.113.45" in found("203.0.113.4").banned


@pytest.mark.parametrize("text", ["", "  ", "\x00", "zzzzzz"])
def test_what_means_nothing_finds_nothing(text: str) -> None:
    assert found(text).is_nothing


@pytest.mark.parametrize("text", [*HOSTILE_IDS, "x" * 100_000])
def test_hostile_text_is_only_text(text: str) -> None:
    assert len(found(text).text) <= 500


def test_any_id_of_a_ban_can_be_meant() -> None:
    ban = make_ban("<script>", "sshd")
    snapshot = make_snapshot(bans=[ban])
    assert find_here("<script>", snapshot, {}).address == "<script>"


def test_networks_are_found_by_number_and_by_name(tmp_path: Path) -> None:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    with history.open() as reader:
        names = NetworkNames(history.places)
        (by_name,) = find_networks("evil-n", reader, names)
        assert by_name.number == 64500
        assert find_networks("AS64500", reader, names) == (by_name,)
        assert find_networks("64500", reader, names) == (by_name,)
        assert find_networks("as64512", reader, names) == (FoundNetwork(64512, None),)
        assert find_networks("12", reader, names) == ()
        assert find_networks("", reader, names) == ()
