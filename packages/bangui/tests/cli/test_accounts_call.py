from __future__ import annotations

import io
from argparse import Namespace
from datetime import UTC, datetime

import pytest

from bangui.cli.accounts_call import AccountsCall, read_password
from bangui.cli.screen import screen_for
from bangui.domain.accounts import Via
from bangui.domain.errors import InvalidInput
from bangui.domain.secret import Secret


def call(stdin: str = "", typed: tuple[str, ...] = (), **environment: str) -> AccountsCall:
    def run_access(*_: object) -> int:
        raise AssertionError("nothing is asked of the accounts")

    answers = list(typed)
    options = Namespace(password_stdin=not typed)
    return AccountsCall(
        options,
        screen_for(io.StringIO(), {}),
        io.StringIO(stdin),
        environment,
        datetime(2026, 11, 25, tzinfo=UTC),
        run_access,
        lambda prompt: answers.pop(0),
    )


def test_the_audit_trail_names_who_runs_the_command() -> None:
    actor = call(SUDO_USER="ada", USER="root").actor
    assert (actor.name, actor.via, actor.address) == ("ada", Via.COMMAND, None)


def test_a_password_keeps_its_blanks_and_loses_its_line_end() -> None:
    assert read_password(call(" a b \r\n")) == Secret(" a b ")
    assert read_password(call("no line end")) == Secret("no line end")


def test_what_is_typed_twice_must_be_the_same() -> None:
    assert read_password(call(typed=("x", "x"))) == Secret("x")
    with pytest.raises(InvalidInput, match="differ"):
        read_password(call(typed=("x", "y")))
    with pytest.raises(InvalidInput, match="standard input"):
        read_password(call(""))
