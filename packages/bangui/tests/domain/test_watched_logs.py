from __future__ import annotations

from bangui.domain.watched_logs import log_key


def test_a_key_is_a_plain_word_that_holds_nothing_of_the_path() -> None:
    key = log_key("/var/log/\udcff<b>.log")
    assert key.isalnum()
    assert len(key) == 16
    assert key == log_key("/var/log/\udcff<b>.log")


def test_two_logs_have_two_keys() -> None:
    assert log_key("/var/log/auth.log") != log_key("journal /var/log/auth.log")
