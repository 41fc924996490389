from __future__ import annotations

import pytest

from aiofail2ban import Fail2BanClient, Fail2BanProtocolError


@pytest.mark.parametrize("name", ["--all", "dbfile", "loglevel", "thread"])
def test_a_name_that_means_something_else_to_the_daemon_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="fail2ban's own"):
        Fail2BanClient("/nowhere").jail(name)


def test_a_name_with_the_end_marker_is_refused() -> None:
    with pytest.raises(Fail2BanProtocolError, match="end marker"):
        Fail2BanClient("/nowhere").jail("x<F2B_END_COMMAND>")


def test_a_name_is_a_text() -> None:
    with pytest.raises(TypeError, match="must be a text"):
        Fail2BanClient("/nowhere").jail(5)  # type: ignore[arg-type]  # a caller without a type checker
