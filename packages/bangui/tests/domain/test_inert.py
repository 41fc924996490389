from __future__ import annotations

import unicodedata

import pytest

from bangui.domain.inert import inert

HOSTILE = {
    "\x1b[2J\x1b[31mroot": "\\x1b[2J\\x1b[31mroot",
    "a\nb\rc\td": "a\\x0ab\\x0dc\\x09d",
    "\x07\x00\x7f": "\\x07\\x00\\x7f",
    "\x9b31m": "\\x9b31m",  # CSI as a single C1 control
    "safe\u202egnp.exe": "safe\\u202egnp.exe",
    "a\u2066b\u2069": "a\\u2066b\\u2069",
    "a\u200bb\u200d\ufeff": "a\\u200bb\\u200d\\ufeff",
    "a\u00a0b\u2003c": "a\\xa0b\\u2003c",
    "a\u2028b": "a\\u2028b",
    "\U000e0041": "\\U000e0041",
    "\udc80": "\\udc80",
    "\u3164": "\\u3164",
    "\ufe0f": "\\ufe0f",
}


@pytest.mark.parametrize(("text", "shown"), HOSTILE.items())
def test_what_a_terminal_would_act_on_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert inert(text) == shown


@pytest.mark.parametrize("text", ["192.0.2.1", "sshd", "2001:db8::/32", "Müller", "日本語", "a b", "<b>", "=1+1"])
def test_visible_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


def test_no_character_at_all_gets_through_that_is_a_control_or_a_format_character() -> None:
    for code in range(0x110000):
        shown = inert(chr(code))
        assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown), hex(code)
