from __future__ import annotations

import re
from importlib.resources import files
from itertools import pairwise

import pytest

from bangui.web.jail_colours import PLAIN_TONES, TONES, JailColours

JAILS = ("dovecot", "nginx-botsearch", "nginx-http-auth", "postfix-sasl", "recidive", "sshd")
_CSS = files("bangui.web") / "static" / "css"


def test_no_two_of_up_to_sixteen_jails_share_a_tone() -> None:
    for number in range(TONES + 1):
        jails = [f"jail-{one}" for one in range(number)]
        colours = JailColours(jails)
        assert len({colours.tone(jail) for jail in jails}) == number


def test_stripes_are_for_when_the_plain_tones_are_used_up() -> None:
    jails = [f"jail-{one}" for one in range(PLAIN_TONES)]
    assert sorted(map(JailColours(jails).tone, jails)) == list(range(PLAIN_TONES))


def test_a_jail_keeps_its_tone_however_the_jails_are_told() -> None:
    assert all(JailColours(JAILS).tone(jail) == JailColours(reversed(JAILS * 2)).tone(jail) for jail in JAILS)


def test_jails_that_are_gone_take_nothing_from_those_that_there_are() -> None:
    here, both = JailColours(JAILS), JailColours(JAILS, ("apache", "mysql", *JAILS))
    assert [here.tone(jail) for jail in JAILS] == [both.tone(jail) for jail in JAILS]
    assert len({both.tone(jail) for jail in (*JAILS, "apache", "mysql")}) == len(JAILS) + 2


@pytest.mark.parametrize("name", ["", "gone", "<b>bold</b>", "lone \udc80 surrogate", "x" * 5000])
def test_any_name_has_a_tone(name: str) -> None:
    assert 0 <= JailColours(()).tone(name) < TONES
    assert 0 <= JailColours([name]).tone(name) < PLAIN_TONES


def test_jails_without_end_have_tones_too() -> None:
    jails = [f"jail-{one}" for one in range(100)]
    assert {JailColours(jails).tone(jail) for jail in jails} == set(range(TONES))


def _colours(name: str) -> tuple[str, str]:
    text = (_CSS / "tokens.css").read_text() + (_CSS / "jail-colours.css").read_text()
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", text)
    assert found is not None
    return found[1], found[2]


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1])
def test_every_tone_stands_out_from_the_ground_and_from_the_next_one_without_colours(theme: int) -> None:
    ground = _luminance(_colours("ground")[theme])
    tones = [_luminance(_colours(f"tone-{tone}")[theme]) for tone in range(PLAIN_TONES)]
    for tone in tones:
        assert (max(tone, ground) + 0.05) / (min(tone, ground) + 0.05) >= 3
    assert all((lighter + 0.05) / (darker + 0.05) >= 1.2 for darker, lighter in pairwise(tones))
