from __future__ import annotations

import pytest

from bangui.domain.jails import JailRule


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (JailRule("h", "sshd", 5, 600, 3600, False), "5 failures within 10m: banned for 1h"),
        (JailRule("h", "sshd", 1, 600, 3600, False), "1 failure within 10m: banned for 1h"),
        (JailRule("h", "sshd", 3, 86400, None, True), "3 failures within 1d: banned for ever"),
        (JailRule("h", "sshd", 3, 86400, 60, True), "3 failures within 1d: banned for 1m, longer each time"),
    ],
)
def test_a_rule_reads_as_one_phrase(rule: JailRule, words: str) -> None:
    assert rule.in_words() == words
