from __future__ import annotations

import pytest

from bangui.domain.jail_settings import JAIL_SETTINGS
from bangui.domain.setting_values import SettingGroup, SettingValue
from bangui.web.jails_words import SECTIONS, bans_path, jail_path, question_path, typed_words, value_words


def test_names_travel_in_the_query() -> None:
    assert jail_path("a b/../&c") == "/jail?name=a+b%2F..%2F%26c"
    assert jail_path("sshd", range="7d") == "/jail?name=sshd&range=7d"
    assert question_path("stop", "a/b") == "/jail/stop?name=a%2Fb"
    assert bans_path("sshd") == "/bans?jail=sshd"
    assert jail_path("\udc80") == "/jail?name=%3F"


@pytest.mark.parametrize(
    ("name", "value", "words", "typed"),
    [
        ("bantime", 5_400, "1h 30m", "1h 30m"),
        ("bantime", -1, "for ever", "for ever"),
        ("bantime.maxtime", None, "not set", ""),
        ("ignoreself", True, "on", "on"),
        ("bantime.increment", False, "off", "off"),
        ("maxretry", 5, "5", "5"),
        ("usedns", "warn", "warn", "warn"),
        ("ignoreip", ("::1", "192.0.2.1"), "::1, 192.0.2.1", "::1\n192.0.2.1"),
        ("ignorecommand", "", "not set", ""),
    ],
)
def test_values_have_words_and_can_be_typed(name: str, value: SettingValue, words: str, typed: str) -> None:
    setting = JAIL_SETTINGS[name]
    assert value_words(setting, value) == words
    assert typed_words(setting, value) == typed
    if setting.is_changeable:
        assert setting.read(typed) == value


def test_every_group_has_a_heading() -> None:
    assert set(SECTIONS) == set(SettingGroup)
