from __future__ import annotations

import pytest

from bangui.domain.history import JailSettings
from bangui.domain.rule_words import rule_in_words

RULE = {"maxretry": "5", "findtime": "600", "bantime": "3600", "bantime.increment": "false"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (RULE, "5 failures within 10m: banned for 1h"),
        ({**RULE, "bantime.increment": "true"}, "5 failures within 10m: banned for 1h, longer each time"),
        ({**RULE, "maxretry": "1", "bantime": "-1"}, "1 failure within 10m: banned for ever"),
        ({"maxretry": "many", "findtime": "10m"}, "maxretry many, findtime 10m"),
        ({}, ""),
    ],
)
def test_settings_are_told_as_one_phrase_or_as_they_are(values: dict[str, str], words: str) -> None:
    assert rule_in_words(JailSettings("web", "sshd", 0, values)) == words


def test_nothing_is_told_where_nobody_looked() -> None:
    assert rule_in_words(None) == ""
