from __future__ import annotations

from bangui.web.keys import row_key


def test_a_key_is_the_same_for_the_same_words_and_safe_in_an_attribute() -> None:
    assert row_key("sshd", "192.0.2.1") == row_key("sshd", "192.0.2.1")
    assert row_key('"><script>', "\udc80").isalnum()


def test_words_do_not_run_into_each_other() -> None:
    assert row_key("a", "bc") != row_key("ab", "c")
