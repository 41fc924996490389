from __future__ import annotations

from collections.abc import Sequence

import pytest

from aiofail2ban._commands import reload
from aiofail2ban._commands.server import STOP_SECONDS

COMMANDS: list[Sequence[object]] = [
    ["add", "sshd", "auto"],
    ["multi-set", "sshd", "addfailregex", ("a", "b")],
    ("start", "sshd"),
]


def make(jail: str, commands: Sequence[Sequence[object]]) -> tuple[object, ...]:
    return reload.reload(jail, commands, restart=False, unban=False, if_exists=False).request


def test_options_are_words_and_tuples_travel_as_lists() -> None:
    command = reload.reload("sshd", COMMANDS, restart=True, unban=True, if_exists=True)
    stream = [["add", "sshd", "auto"], ["multi-set", "sshd", "addfailregex", ["a", "b"]], ["start", "sshd"]]
    assert command.request == ("reload", "sshd", ["--restart", "--unban", "--if-exists"], stream)
    assert command.extra_seconds == STOP_SECONDS
    assert make(reload.ALL_JAILS, COMMANDS) == ("reload", "--all", [], stream)


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([], "adds no jail"),
        ([["set", "sshd", "maxretry", "5"]], "adds no jail"),
        ([["add", "sshd", "auto"]], "does not start sshd"),
        ([["add", "sshd", "auto"], ["add", "app", "auto"], ["start", "sshd"]], "does not start app"),
        (["add sshd auto"], "is made of commands"),
        ([[]], "is made of commands"),
    ],
)
def test_a_reload_after_which_jails_would_be_missing_is_refused(
    commands: Sequence[Sequence[object]], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        make(reload.ALL_JAILS, commands)


def test_a_reload_of_one_jail_must_contain_that_jail() -> None:
    with pytest.raises(ValueError, match="does not add 'app'"):
        make("app", COMMANDS)
