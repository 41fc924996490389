from __future__ import annotations

import pytest

from aiofail2ban import Fail2BanProtocolError
from aiofail2ban._commands import server


def test_no_database_is_a_word_of_the_daemons_own() -> None:
    assert server.set_dbfile(None).request == ("set", "dbfile", "None")


@pytest.mark.parametrize(("value", "word"), [(True, "yes"), (False, "no"), (None, "auto")])
def test_ipv6_is_allowed_forbidden_or_found_out(value: bool | None, word: str) -> None:
    assert server.set_allowipv6(value).request[-1] == word


def test_sleep_is_granted_its_own_length() -> None:
    assert server.sleep(7).extra_seconds == 7.0


def test_a_stream_with_the_end_marker_is_refused() -> None:
    with pytest.raises(Fail2BanProtocolError, match="end marker"):
        server.server_stream([["set", "sshd", "addfailregex", "x<F2B_END_COMMAND>"]])


def test_a_stream_is_made_of_lists() -> None:
    with pytest.raises(ValueError, match="is made of commands"):
        server.server_stream(["ping"])
