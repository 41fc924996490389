from __future__ import annotations

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.history import PERMANENT
from bangui.domain.jail_settings import JAIL_SETTINGS
from bangui.domain.setting_values import SettingValue


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("bantime", "1h 30m", 5_400),
        ("bantime", " 600 ", 600),
        ("bantime", "1W2d", 777_600),
        ("bantime", "1mo", 2_629_800),
        ("bantime", "-1", PERMANENT),
        ("bantime", "for ever", PERMANENT),
        ("findtime", "10 minutes", 600),
        ("bantime.maxtime", "", None),
        ("bantime.maxtime", "none", None),
        ("bantime.rndtime", "0", 0),
        ("maxretry", "5", 5),
        ("ignoreself", "On", True),
        ("ignoreself", "false", False),
        ("usedns", "WARN", "warn"),
        ("logencoding", "UTF-8", "UTF-8"),
        ("logtimezone", "UTC+0200", "UTC+0200"),
    ],
)
def test_what_people_write_is_read(name: str, typed: str, value: SettingValue) -> None:
    setting = JAIL_SETTINGS[name]
    read = setting.read(typed)
    assert read == value
    assert type(read) is type(value)
    assert setting.read(setting.written(read)) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("bantime", ""),
        ("bantime", "0"),
        ("bantime", "-2"),
        ("bantime", "1h30"),
        ("bantime", "10x"),
        ("bantime", "60*10"),
        ("bantime", "__import__('os').getpid()"),
        ("bantime", "200y"),
        ("bantime", "٣"),
        ("findtime", "-1"),
        ("findtime", "for ever"),
        ("findtime", "none"),
        ("bantime.maxtime", "0"),
        ("maxretry", "0"),
        ("maxretry", "many"),
        ("maxretry", "1.5"),
        ("maxretry", "1000000"),
        ("ignoreself", ""),
        ("ignoreself", "maybe"),
        ("usedns", "perhaps"),
        ("logencoding", "utf 8"),
        ("logencoding", "<F2B_END_COMMAND>"),
        ("logtimezone", ""),
        ("ignoreip", "192.0.2.1"),
    ],
)
def test_anything_else_is_refused(name: str, typed: str) -> None:
    with pytest.raises(InvalidInput):
        JAIL_SETTINGS[name].read(typed)


def test_what_is_out_of_bounds_says_what_would_be_in_them() -> None:
    with pytest.raises(InvalidInput) as refusal:
        JAIL_SETTINGS["maxretry"].read("0")
    assert (refusal.value.message, refusal.value.hint) == ("0 is too little", "it can be from 1 to 100000")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("bantime", 5_400, "1h 30m"),
        ("bantime", -1, "for ever"),
        ("findtime", 1.5, "1.5s"),
        ("bantime.maxtime", None, "none"),
        ("bantime.increment", True, "on"),
        ("bantime.increment", False, "off"),
        ("maxretry", 5, "5"),
        ("ignoreip", (), "none"),
        ("ignoreip", ("192.0.2.0/24", "::1"), "192.0.2.0/24, ::1"),
        ("ignorecommand", "", "none"),
    ],
)
def test_values_have_words(name: str, value: SettingValue, words: str) -> None:
    assert JAIL_SETTINGS[name].in_words(value) == words
